/*
 * Which process is meant: a pid is given away again, but not with the same start time in the same
 * boot. Files of ours that others read are complete or not there.
 */
#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>
#include "nsexec.h"

/* Never through a link in its last place; always ends with a NUL. */
ssize_t read_text(int directory, const char *path, char *text, size_t size)
{
	int fd = openat(directory, path, O_RDONLY | O_NOFOLLOW | O_NONBLOCK | O_CLOEXEC);
	ssize_t got = fd < 0 ? -1 : read(fd, text, size - 1);

	if (fd >= 0)
		close(fd);
	text[got > 0 ? got : 0] = 0;
	return got;
}

/* Fields 3 and 22 of proc_pid_stat(5); the second one is a name, and may hold anything. */
bool process_start(pid_t pid, unsigned long long *start, char *state)
{
	char path[32], text[1024], *at;

	snprintf(path, sizeof(path), "/proc/%d/stat", pid);
	if (read_text(AT_FDCWD, path, text, sizeof(text)) <= 0 || !(at = strrchr(text, ')')))
		return false;
	*state = at[1] ? at[2] : 0;
	for (int field = 2; field < 22; field++)
		if (!(at = strchr(at + 1, ' ')))
			return false;
	*start = strtoull(at, NULL, 10);
	return true;
}

bool read_boot_id(char boot[40])
{
	return read_text(AT_FDCWD, "/proc/sys/kernel/random/boot_id", boot, 37) == 36;
}

int write_renamed(const char *path, const char *data)
{
	char temporary[PATH_MAX];
	int fd, result;

	if (snprintf(temporary, sizeof(temporary), "%s.%d", path, getpid()) >=
	    (int)sizeof(temporary))
		return -ENAMETOOLONG;
	fd = open(temporary, O_WRONLY | O_CREAT | O_EXCL | O_NOFOLLOW | O_CLOEXEC, 0644);
	if (fd < 0)
		return -errno;
	result = write_whole(fd, data);
	if (result == 0 && rename(temporary, path) < 0)
		result = -errno;
	if (result < 0)
		unlink(temporary);
	return result;
}
