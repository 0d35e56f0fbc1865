/*
 * Mounts by descriptors: a mount is made or cloned detached, its flags are set while nobody can see
 * it, then it is attached to a target that was resolved inside the container's root. The supervisor
 * runs the cloning operations for sources that only the host may reach, the container all others,
 * as root of its own user namespace at most.
 */
#include <errno.h>
#include <fcntl.h>
#include <sys/mount.h>
#include <sys/stat.h>
#include <sys/sysmacros.h>
#include <unistd.h>
#include "kernel.h"
#include "nsexec.h"

static int clone_of(int fd, unsigned flags)
{
	int mount = kernel_open_tree(fd, "",
				     AT_EMPTY_PATH | OPEN_TREE_CLONE | OPEN_TREE_CLOEXEC | flags);

	return mount < 0 ? -errno : mount;
}

static int clone_inside(int root, const char *path, unsigned flags)
{
	int fd = open_inside(root, path, O_PATH, 0);
	int mount;

	if (fd < 0)
		return fd;
	mount = clone_of(fd, flags);
	close(fd);
	return mount;
}

static int clone_path(const char *path, unsigned flags)
{
	int mount = kernel_open_tree(AT_FDCWD, path, OPEN_TREE_CLONE | OPEN_TREE_CLOEXEC | flags);

	return mount < 0 ? -errno : mount;
}

int op_open_tree(struct context *context, const struct args_open_tree *args)
{
	unsigned flags = args->recursive ? AT_RECURSIVE : 0;
	int mount;

	if (args->device)
		mount = clone_device(args->path, args->device);
	else if (args->root >= 0)
		mount = clone_inside(slot(context, args->root, -1), args->path, flags);
	else
		mount = clone_path(args->path, flags);
	if (mount < 0)
		return mount;
	context->slots[args->to] = mount;
	return 0;
}

/*
 * A device is taken for what it is, not for its name (CVE-2025-31133): checked on the very mount
 * that is attached.
 */
int clone_device(const char *path, uint64_t device)
{
	struct stat status;
	int fd = clone_path(path, 0), error = ENODEV;

	if (fd < 0)
		return fd;
	if (fstat(fd, &status) < 0)
		error = errno;
	else if (S_ISCHR(status.st_mode) && status.st_rdev == (dev_t)device)
		return fd;
	close(fd);
	return -error;
}

int op_mount_attributes(struct context *context, const struct args_mount_attributes *args)
{
	struct kernel_mount_attr attr = {args->set, args->clear, args->propagation, 0};

	if (kernel_mount_setattr(slot(context, args->mount, -1), args->recursive ? AT_RECURSIVE : 0,
				 &attr) < 0)
		return -errno;
	return 0;
}

/*
 * The kernel keeps its own words about a refused option in the descriptor: "e overlay: unknown
 * option".
 */
static int mount_error(struct context *context, int fs)
{
	int error = errno;
	char text[DETAIL_MAX] = {0};
	ssize_t got = read(fs, text, sizeof(text) - 1);

	close(fs);
	if (got > 2)
		return detail_error(context, error, "%.*s", (int)got - 2 - (text[got - 1] == '\n'),
				    text + 2);
	return -error;
}

static int set_string(int fs, const char *key, const char *value)
{
	return (int)syscall(SYS_fsconfig, fs, FSCONFIG_SET_STRING, key, value, 0);
}

static int configure(int fs, const char *option)
{
	char key[64];
	size_t length = 0;

	while (option[length] && option[length] != '=' && length < sizeof(key) - 1) {
		key[length] = option[length];
		length++;
	}
	key[length] = 0;
	if (option[length] == '=')
		return set_string(fs, key, option + length + 1);
	return (int)syscall(SYS_fsconfig, fs, FSCONFIG_SET_FLAG, key, NULL, 0);
}

int op_create_mount(struct context *context, const struct args_create_mount *args)
{
	int fs, fd;

	if (args->directory >= 0 && fchdir(slot(context, args->directory, -1)) < 0)
		return -errno;
	fs = (int)syscall(SYS_fsopen, args->type, FSOPEN_CLOEXEC);
	if (fs < 0)
		return -errno;
	if (*args->source && set_string(fs, "source", args->source) < 0)
		return mount_error(context, fs);
	for (size_t i = 0; i < args->options.count; i++)
		if (configure(fs, args->options.items[i]) < 0)
			return mount_error(context, fs);
	if (syscall(SYS_fsconfig, fs, FSCONFIG_CMD_CREATE, NULL, NULL, 0) < 0)
		return mount_error(context, fs);
	fd = (int)syscall(SYS_fsmount, fs, FSMOUNT_CLOEXEC, (unsigned)args->attributes);
	if (fd < 0)
		return mount_error(context, fs);
	close(fs);
	context->slots[args->to] = fd;
	return 0;
}

/* A directory can be hung on a directory alone; the kernel says EINVAL. */
static int differ(int mount, int target)
{
	struct stat a, b;

	return fstat(mount, &a) == 0 && fstat(target, &b) == 0 &&
	       S_ISDIR(a.st_mode) != S_ISDIR(b.st_mode);
}

/*
 * Without a root slot the target is the host's, as this mount namespace sees it: there the new root
 * is hung.
 */
int op_attach_mount(struct context *context, const struct args_attach_mount *args)
{
	int target, error = 0;

	if (args->root < 0)
		target = open(args->target, O_PATH | O_CLOEXEC);
	else if (args->create)
		target = make_inside(slot(context, args->root, -1), args->target,
				     args->file ? 0644 : 0755, args->file, args->follow);
	else
		target = open_inside(slot(context, args->root, -1), args->target, O_PATH,
				     args->follow ? 0 : RESOLVE_NO_SYMLINKS);
	if (target < 0)
		return args->root < 0 ? -errno : target;
	if (kernel_move_mount(slot(context, args->mount, -1), target) < 0)
		error = errno == EINVAL && differ(slot(context, args->mount, -1), target) ? ENOTDIR
											  : errno;
	close(target);
	return -error;
}

/*
 * Events from the host still come in until the root is pivoted, none go out: whatever is mounted
 * here stays here.
 */
int op_set_propagation(struct context *context, const struct args_set_propagation *args)
{
	return mount(NULL, "/", NULL, args->flags, NULL) < 0 ? -errno : 0;
}

static int attach_over(struct context *context, int mount, int target,
		       struct kernel_mount_attr *attr)
{
	int error = 0;

	if (mount < 0)
		return mount;
	if (kernel_mount_setattr(mount, AT_RECURSIVE, attr) < 0 ||
	    kernel_move_mount(mount, target) < 0)
		error = errno;
	close(mount);
	return -error;
}

int op_mask_path(struct context *context, const struct args_mask_path *args)
{
	struct kernel_mount_attr attr = {.set = MOUNT_ATTR_RDONLY | MOUNT_ATTR_NOSUID |
						MOUNT_ATTR_NOEXEC};
	int target = open_inside(slot(context, args->root, -1), args->path, O_PATH, 0);
	struct stat status;
	int result;

	if (target < 0)
		return target;
	if (fstat(target, &status) < 0)
		result = -errno;
	else if (S_ISDIR(status.st_mode))
		result = attach_over(context, clone_of(slot(context, args->empty, -1), 0), target,
				     &attr);
	else
		result = attach_over(context, clone_device("/dev/null", makedev(1, 3)), target,
				     &attr);
	close(target);
	return result;
}

int op_read_only_path(struct context *context, const struct args_read_only_path *args)
{
	struct kernel_mount_attr attr = {.set = MOUNT_ATTR_RDONLY};
	int target = open_inside(slot(context, args->root, -1), args->path, O_PATH, 0);
	int result;

	if (target < 0)
		return target;
	result = attach_over(context, clone_of(target, AT_RECURSIVE), target, &attr);
	close(target);
	return result;
}
