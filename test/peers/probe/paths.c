/*
 * Every path below /proc and /sys: which can be opened to read, which to write, which are covered.
 * Files are opened and nothing is read or written. Processes' own directories are left out: they
 * are the container's.
 */
#define _GNU_SOURCE
#include "probe.h"

#include <ctype.h>
#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <linux/magic.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/sysmacros.h>
#include <sys/vfs.h>
#include <unistd.h>

enum { most_deep = 32 };

static int opens(const char *path, int flags)
{
	int fd = open(path, flags | O_NONBLOCK | O_NOCTTY | O_CLOEXEC | O_NOFOLLOW);

	if (fd < 0)
		return 0;
	close(fd);
	return 1;
}

/* What engines cover with: the null device, or an empty file system in memory. */
static int is_cover(const char *path, const struct stat *status)
{
	struct statfs where;

	if (S_ISCHR(status->st_mode))
		return status->st_rdev == makedev(1, 3);
	return S_ISDIR(status->st_mode) && statfs(path, &where) == 0 && where.f_type == TMPFS_MAGIC;
}

static void tell_file(const char *path)
{
	int reads = opens(path, O_RDONLY);
	int writes = opens(path, O_WRONLY);

	if (reads || writes)
		say("path", reads ? (writes ? "rw" : "r") : "w", path, NULL);
}

static void walk(const char *directory, int depth)
{
	DIR *stream = depth < most_deep ? opendir(directory) : NULL;
	struct dirent *entry;

	while (stream && (entry = readdir(stream))) {
		char path[4096];
		struct stat status;

		if (strcmp(entry->d_name, ".") == 0 || strcmp(entry->d_name, "..") == 0)
			continue;
		if (depth == 0 && strcmp(directory, "/proc") == 0 && isdigit(entry->d_name[0]))
			continue;
		if (snprintf(path, sizeof(path), "%s/%s", directory, entry->d_name) >= (int)sizeof(path))
			continue;
		if (lstat(path, &status) < 0 || S_ISLNK(status.st_mode))
			continue;
		/* The cgroups are a file system of their own, below one in memory. */
		if (strcmp(path, "/sys/fs/cgroup") != 0 && is_cover(path, &status))
			say("path", "covered", path, NULL);
		else if (S_ISDIR(status.st_mode))
			walk(path, depth + 1);
		else
			tell_file(path);
	}
	if (stream)
		closedir(stream);
}

void tell_paths(void)
{
	walk("/proc", 0);
	walk("/sys", 0);
}
