/*
 * Copies what a mount is about to cover into it, in the container, as root of its user namespace.
 * Who wrote the tree may have put anything there: links are copied, never followed, and what is
 * neither file, directory nor link is left out.
 */
#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <string.h>
#include <sys/sendfile.h>
#include <sys/stat.h>
#include <unistd.h>
#include "nsexec.h"

#define DEPTH_MAX 100
#define PIECE (1 << 20)

static int copy_entries(int from, int to, int depth);

/* An owner that the container has not stays behind, as does the set-id bit with it. */
static int give(int fd, const struct stat *status)
{
	if (fchown(fd, status->st_uid, status->st_gid) < 0 && errno != EPERM && errno != EINVAL)
		return -errno;
	return fchmod(fd, status->st_mode & 07777) < 0 ? -errno : 0;
}

static int copy_file(int in, int to, const char *name, const struct stat *status)
{
	int out = openat(to, name, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0600), result;
	ssize_t got;

	if (out < 0)
		return -errno;
	do
		got = sendfile(out, in, NULL, PIECE);
	while (got > 0);
	result = got < 0 ? -errno : give(out, status);
	close(out);
	return result;
}

static int copy_directory(int in, int to, const char *name, const struct stat *status, int depth)
{
	int out, result;

	if (depth >= DEPTH_MAX)
		return -ELOOP;
	if (mkdirat(to, name, 0700) < 0)
		return -errno;
	out = openat(to, name, O_RDONLY | O_DIRECTORY | O_NOFOLLOW | O_CLOEXEC);
	if (out < 0)
		return -errno;
	result = copy_entries(in, out, depth + 1);
	if (result == 0)
		result = give(out, status);
	close(out);
	return result;
}

static int copy_link(int from, int to, const char *name, const struct stat *status)
{
	char target[PATH_MAX];
	ssize_t got = readlinkat(from, name, target, sizeof(target) - 1);

	if (got < 0)
		return -errno;
	target[got] = 0;
	if (symlinkat(target, to, name) < 0)
		return -errno;
	if (fchownat(to, name, status->st_uid, status->st_gid, AT_SYMLINK_NOFOLLOW) < 0 &&
	    errno != EPERM && errno != EINVAL)
		return -errno;
	return 0;
}

static int copy_entry(int from, int to, const char *name, int depth)
{
	struct stat status;
	int in, result = 0;

	if (fstatat(from, name, &status, AT_SYMLINK_NOFOLLOW) < 0)
		return -errno;
	if (S_ISLNK(status.st_mode))
		return copy_link(from, to, name, &status);
	if (!S_ISREG(status.st_mode) && !S_ISDIR(status.st_mode))
		return 0;
	in = openat(from, name, O_RDONLY | O_NOFOLLOW | O_NONBLOCK | O_CLOEXEC);
	if (in < 0 || fstat(in, &status) < 0)
		result = -errno;
	else if (S_ISDIR(status.st_mode))
		result = copy_directory(in, to, name, &status, depth);
	else if (S_ISREG(status.st_mode))
		result = copy_file(in, to, name, &status);
	if (in >= 0)
		close(in);
	return result;
}

static int copy_entries(int from, int to, int depth)
{
	int copy = dup(from), result = 0;
	DIR *stream = copy < 0 ? NULL : fdopendir(copy);
	struct dirent *entry;

	if (!stream)
		return -errno;
	while (result == 0 && (entry = readdir(stream)))
		if (strcmp(entry->d_name, ".") != 0 && strcmp(entry->d_name, "..") != 0)
			result = copy_entry(from, to, entry->d_name, depth);
	closedir(stream);
	return result;
}

int op_copy_tree(struct context *context, const struct args_copy_tree *args)
{
	int from = open_inside(slot(context, args->root, -1), args->path, O_RDONLY | O_DIRECTORY,
			       0);
	int to = open_inside(slot(context, args->to, -1), ".", O_RDONLY | O_DIRECTORY, 0);
	struct stat status;
	int result = from < 0 ? from : to < 0 ? to : copy_entries(from, to, 0);

	if (result == 0)
		result = fstat(from, &status) < 0 ? -errno : give(to, &status);
	if (from >= 0)
		close(from);
	if (to >= 0)
		close(to);
	return result == -ENOENT && from == -ENOENT ? 0 : result;
}

int op_copy_mode(struct context *context, const struct args_copy_mode *args)
{
	int from = open_inside(slot(context, args->root, -1), args->path, O_PATH | O_DIRECTORY, 0);
	int to = open_inside(slot(context, args->to, -1), ".", O_RDONLY | O_DIRECTORY, 0);
	struct stat status;
	int error = from < 0 ? -from : to < 0 ? -to : 0;

	if (!error && (fstat(from, &status) < 0 || fchmod(to, status.st_mode & 07777) < 0))
		error = errno;
	if (from >= 0)
		close(from);
	if (to >= 0)
		close(to);
	return -error;
}
