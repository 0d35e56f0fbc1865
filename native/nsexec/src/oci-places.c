/* Where minicontainer-oci keeps its containers, and what was compiled for them. */
#include <fcntl.h>
#include <limits.h>
#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>
#include "nsexec.h"
#include "oci.h"

/* Root of a user namespace has no right to the host's /run. */
static bool is_host_root(void)
{
	char map[128], *at;

	if (geteuid() != 0 || read_text(AT_FDCWD, "/proc/self/uid_map", map, sizeof(map)) <= 0)
		return false;
	/* All ids on themselves. */
	return strtoul(map, &at, 10) == 0 && strtoul(at, &at, 10) == 0 &&
	       strtoul(at, NULL, 10) == UINT32_MAX;
}

const char *oci_default_root(void)
{
	static char path[PATH_MAX];
	const char *runtime = getenv("XDG_RUNTIME_DIR");

	if (is_host_root())
		return "/run/minicontainer-oci";
	if (runtime && *runtime == '/')
		snprintf(path, sizeof(path), "%s/minicontainer-oci", runtime);
	else
		snprintf(path, sizeof(path), "/run/user/%u/minicontainer-oci", geteuid());
	return path;
}

/* For code and filters that were compiled, and that decide: nobody else may write there. */
void oci_name_cache(void)
{
	const char *caches = getenv("XDG_CACHE_HOME"), *home = getenv("HOME");
	char path[PATH_MAX] = "";

	if (getenv("MINICONTAINER_CACHE"))
		return;
	if (is_host_root())
		snprintf(path, sizeof(path), "/var/cache/minicontainer");
	else if (caches && *caches == '/')
		snprintf(path, sizeof(path), "%s/minicontainer", caches);
	else if (home && *home == '/')
		snprintf(path, sizeof(path), "%s/.cache/minicontainer", home);
	setenv("MINICONTAINER_CACHE", path, 1);
}
