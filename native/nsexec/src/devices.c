/*
 * Devices besides the default ones. A device is taken for what it is, never for its name, and its
 * place is reached through no link: an image's /dev may be one (CVE-2026-41579).
 */
#include <errno.h>
#include <fcntl.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>
#include "kernel.h"
#include "nsexec.h"

#define TYPE_MASK 0170000

static bool is_device(const struct stat *status, uint64_t mode, uint64_t device)
{
	return (status->st_mode & TYPE_MASK) == (mode & TYPE_MASK) &&
	       (S_ISFIFO(status->st_mode) || status->st_rdev == (dev_t)device);
}

/* One of the host's, for a user namespace, which can make none. */
int op_open_device(struct context *context, const struct args_open_device *args)
{
	int fd = kernel_open_tree(AT_FDCWD, args->path, OPEN_TREE_CLONE | OPEN_TREE_CLOEXEC);
	struct stat status;

	if (fd < 0)
		return -errno;
	if (fstat(fd, &status) < 0 || !is_device(&status, args->mode, args->device)) {
		close(fd);
		return -ENODEV;
	}
	context->slots[args->to] = fd;
	return 0;
}

/* One that is there already, and the same, will do: as many names have images that bring some. */
static int take_existing(int parent, const char *name, const struct args_make_device *args)
{
	struct stat status;

	if (fstatat(parent, name, &status, AT_SYMLINK_NOFOLLOW) < 0)
		return -errno;
	return is_device(&status, args->mode, args->device) ? 0 : -EEXIST;
}

int op_make_device(struct context *context, const struct args_make_device *args)
{
	int root = slot(context, args->root, -1), parent, error = 0;
	const char *slash = strrchr(args->path, '/');
	const char *name = slash ? slash + 1 : args->path;
	char directory[512] = "";
	mode_t mask;

	if (slash && (size_t)(slash - args->path) >= sizeof(directory))
		return -ENAMETOOLONG;
	if (slash)
		memcpy(directory, args->path, (size_t)(slash - args->path));
	parent = slash ? make_inside(root, directory, 0755, false, false) : dup(root);
	if (parent < 0)
		return slash ? parent : -errno;
	mask = umask(0);
	if (mknodat(parent, name, (mode_t)args->mode, (dev_t)args->device) < 0)
		error = errno == EEXIST ? -take_existing(parent, name, args) : errno;
	else if (fchownat(parent, name, (uid_t)args->uid, (gid_t)args->gid, AT_SYMLINK_NOFOLLOW) <
		 0)
		error = errno;
	umask(mask);
	close(parent);
	return -error;
}
