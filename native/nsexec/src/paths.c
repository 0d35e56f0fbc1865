/*
 * Paths under a root that somebody else may have written. Each is resolved by the kernel as if the
 * root were "/" (openat2, RESOLVE_IN_ROOT): whatever symbolic links it holds, and whoever swaps
 * them meanwhile, nothing outside is reached. Magic links (/proc/PID/fd) are never followed.
 */
#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>
#include "kernel.h"
#include "nsexec.h"

/* As many links as a path may lead through that lead nowhere. */
#define LINKS_MAX 8

int open_inside(int root, const char *path, int flags, uint64_t resolve)
{
	struct kernel_open_how how = {
		.flags = (uint64_t)(unsigned)flags | O_CLOEXEC,
		.resolve = RESOLVE_IN_ROOT | RESOLVE_NO_MAGICLINKS | resolve,
	};
	int fd;

	/* EAGAIN: something was renamed while ".." was resolved. */
	do
		fd = kernel_openat2(root, *path ? path : ".", &how);
	while (fd < 0 && (errno == EINTR || errno == EAGAIN));
	return fd < 0 ? -errno : fd;
}

/* The directory that holds the last part of a path, and that part. */
int open_parent_inside(int root, const char *path, char name[256])
{
	char parent[PATH_MAX];
	const char *slash = strrchr(path, '/');
	const char *last = slash ? slash + 1 : path;
	size_t length = slash ? (size_t)(slash - path) : 0;

	if (length >= sizeof(parent) || strlen(last) > NAME_MAX)
		return -ENAMETOOLONG;
	if (!*last || !strcmp(last, ".") || !strcmp(last, ".."))
		return -EINVAL;
	memcpy(parent, path, length);
	parent[length] = 0;
	strcpy(name, last);
	return open_inside(root, parent, O_PATH | O_DIRECTORY, 0);
}

static int make_last(int root, const char *path, mode_t mode, bool file)
{
	const int flags = O_WRONLY | O_CREAT | O_EXCL | O_NOFOLLOW | O_CLOEXEC;
	char name[NAME_MAX + 1];
	int parent = open_parent_inside(root, path, name), made, error;

	if (parent < 0)
		return parent;
	made = file ? openat(parent, name, flags, mode) : mkdirat(parent, name, mode);
	error = made < 0 ? errno : 0;
	if (file && made >= 0)
		close(made);
	close(parent);
	return -error;
}

/* A link that leads nowhere: puts what it holds in its place, the first `end` bytes of a path. */
static int replace_link(int root, const char *part, char whole[PATH_MAX], size_t end)
{
	int link = open_inside(root, part, O_PATH | O_NOFOLLOW, 0), before;
	char target[PATH_MAX], joined[PATH_MAX];
	ssize_t length;

	if (link < 0)
		return link;
	length = readlinkat(link, "", target, sizeof(target));
	close(link);
	/* No link: somebody else has made a file there meanwhile. */
	if (length < 0)
		return errno == ENOENT ? 0 : -errno;
	before = *target == '/' || !strrchr(part, '/') ? 0 : (int)(strrchr(part, '/') + 1 - part);
	if (snprintf(joined, sizeof(joined), "%.*s%.*s%s", before, part, (int)length, target,
		     whole + end) >= (int)sizeof(joined))
		return -ENAMETOOLONG;
	strcpy(whole, joined);
	return 0;
}

/*
 * Opens a path (O_PATH), making what is missing: directories on the way with mode 0755, the last
 * part as asked, each where links of the root lead. Returns a descriptor.
 */
int make_inside(int root, const char *path, mode_t mode, bool file, bool follow)
{
	uint64_t resolve = follow ? 0 : RESOLVE_NO_SYMLINKS;
	int fd = open_inside(root, path, O_PATH, resolve), again = 0;
	char whole[PATH_MAX], part[PATH_MAX];

	if (fd != -ENOENT)
		return fd;
	if (snprintf(whole, sizeof(whole), "%s", path) >= (int)sizeof(whole))
		return -ENAMETOOLONG;
	for (size_t i = 1; i <= strlen(whole); i++) {
		bool last = !whole[i];

		if (!last && whole[i] != '/')
			continue;
		snprintf(part, sizeof(part), "%.*s", (int)i, whole);
		fd = open_inside(root, part, O_PATH, resolve);
		if (fd >= 0)
			close(fd);
		else if (fd == -ENOENT)
			fd = make_last(root, part, last ? mode : 0755, last && file);
		if (fd == -EEXIST && again++ < LINKS_MAX) {
			fd = follow ? replace_link(root, part, whole, i) : 0;
			i = 0;
		}
		if (fd < 0)
			return fd;
	}
	return open_inside(root, whole, O_PATH, resolve);
}

/* Reads up to size - 1 bytes of a regular file; never waits on a fifo or a device. */
int read_inside(int root, const char *path, char *buffer, size_t size)
{
	int fd = open_inside(root, path, O_RDONLY | O_NONBLOCK | O_NOCTTY, 0);
	struct stat status;
	size_t have = 0;
	ssize_t got = 1;

	if (fd < 0)
		return fd;
	if (fstat(fd, &status) < 0 || !S_ISREG(status.st_mode)) {
		close(fd);
		return -EINVAL;
	}
	while (have < size - 1 && got > 0) {
		got = read(fd, buffer + have, size - 1 - have);
		if (got > 0)
			have += (size_t)got;
	}
	close(fd);
	buffer[have] = 0;
	return got < 0 ? -EIO : (int)have;
}
