/*
 * Looks for the command of a container that is started later, with the payload's privileges and in
 * its root. What it says of the root file system is no more than that: execve(2) decides.
 */
#include <errno.h>
#include <limits.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>
#include "nsexec.h"

static int check_file(const char *path)
{
	struct stat status;

	if (stat(path, &status) < 0)
		return errno;
	if (S_ISDIR(status.st_mode) || access(path, X_OK) < 0)
		return EACCES;
	return 0;
}

/*
 * Before somebody else is told that the container is made: what is executed may lie a long time
 * off. As the user, but a script's interpreter is looked for in the end only.
 */
int op_find_command(struct context *context, const struct args_find_command *args)
{
	const char *name = args->argv.count ? args->argv.items[0] : "";
	char candidate[PATH_MAX];
	int found = ENOENT;

	if (strchr(name, '/')) {
		found = check_file(name);
		return found ? detail_error(context, found, "%s", name) : 0;
	}
	for (const char *at = args->search; *name && *at;) {
		size_t length = strcspn(at, ":");
		int error = ENOENT;

		if (snprintf(candidate, sizeof(candidate), "%.*s/%s", (int)length,
			     length ? at : ".", name) < (int)sizeof(candidate))
			error = check_file(candidate);
		if (error == 0)
			return 0;
		if (error == EACCES)
			found = EACCES;
		at += length + (at[length] == ':');
	}
	return detail_error(context, found, "%s", name);
}
