/*
 * The container's standard streams. It never gets the caller's own: those belong to other ids, so
 * that opening /dev/stdout would fail, and a terminal passed in can be typed into by its guest
 * (TIOCSTI, CVE-2017-5226). After pivotRoot, as root of the container; the paths are on the devpts
 * and /dev that we mounted, not the image's.
 */
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <sys/ioctl.h>
#include <sys/stat.h>
#include <sys/sysmacros.h>
#include <sys/vfs.h>
#include <termios.h>
#include <unistd.h>
#include "kernel.h"
#include "nsexec.h"

#define DEVPTS_MAGIC 0x1cd1

#ifndef TIOCGPTPEER
#define TIOCGPTPEER 0x5441
#endif

static int replace_streams(const int streams[3])
{
	for (int i = 0; i < 3; i++)
		if (dup2(streams[i], i) < 0)
			return -errno;
	return 0;
}

/*
 * A session of its own: the caller's Ctrl-C must come by the supervisor, and no terminal is
 * controlled but ours.
 */
static int hand_over(struct context *context, const int *fds, size_t count)
{
	const struct message message = {.type = STREAMS};
	int result = message_send(context->container_socket[1], &message, fds, count);

	for (size_t i = 0; i < count; i++)
		close(fds[i]);
	return result;
}

int op_open_pipes(struct context *context, const struct args_open_pipes *args)
{
	const struct user *user = &context->user;
	int ours[3], theirs[3];

	for (int i = 0; i < 3; i++) {
		int ends[2];

		if (pipe2(ends, O_CLOEXEC) < 0)
			return -errno;
		ours[i] = i == 0 ? ends[0] : ends[1];
		theirs[i] = i == 0 ? ends[1] : ends[0];
		if (fchown(ends[0], user->uid, user->gid) < 0)
			return detail_error(context, errno, "user %u:%u", user->uid, user->gid);
	}
	if (setsid() < 0 && errno != EPERM)
		return -errno;
	if (replace_streams(ours) < 0)
		return -errno;
	for (int i = 0; i < 3; i++)
		close(ours[i]);
	return hand_over(context, theirs, 3);
}

/* Binds the terminal over a file of our own /dev, by descriptors all the way (CVE-2025-52565). */
static int bind_console(int root, int terminal)
{
	char name[256];
	int parent = open_parent_inside(root, "dev/console", name);
	int target, mount, error = 0;

	if (parent < 0)
		return parent;
	target = openat(parent, name, O_RDONLY | O_CREAT | O_EXCL | O_NOFOLLOW | O_CLOEXEC, 0600);
	close(parent);
	if (target < 0)
		return errno == EEXIST ? 0 : -errno;
	mount = kernel_open_tree(terminal, "", AT_EMPTY_PATH | OPEN_TREE_CLONE | OPEN_TREE_CLOEXEC);
	if (mount < 0 || kernel_move_mount(mount, target) < 0)
		error = errno;
	if (mount >= 0)
		close(mount);
	close(target);
	return -error;
}

static int open_master(int root)
{
	struct stat status;
	struct statfs system;
	int master = open_inside(root, "dev/pts/ptmx", O_RDWR | O_NOCTTY, RESOLVE_NO_SYMLINKS);

	if (master < 0)
		return master;
	if (fstat(master, &status) == 0 && fstatfs(master, &system) == 0 &&
	    system.f_type == DEVPTS_MAGIC && S_ISCHR(status.st_mode) &&
	    status.st_rdev == makedev(5, 2))
		return master;
	close(master);
	return -ENODEV;
}

int op_open_terminal(struct context *context, const struct args_open_terminal *args)
{
	const struct user *user = &context->user;
	int root = open("/", O_PATH | O_DIRECTORY | O_CLOEXEC);
	int master, terminal, unlocked = 0, result;

	if (root < 0)
		return -errno;
	master = open_master(root);
	if (master < 0)
		return master;
	if (ioctl(master, TIOCSPTLCK, &unlocked) < 0)
		return -errno;
	terminal = ioctl(master, TIOCGPTPEER, O_RDWR | O_NOCTTY | O_CLOEXEC);
	if (terminal < 0)
		return -errno;
	if (fchown(terminal, user->uid, (gid_t)-1) < 0)
		return detail_error(context, errno, "user %u", user->uid);
	result = args->console ? bind_console(root, terminal) : 0;
	close(root);
	if (result < 0)
		return result;
	if ((setsid() < 0 && errno != EPERM) || ioctl(terminal, TIOCSCTTY, 0) < 0)
		return -errno;
	result = replace_streams((int[3]){terminal, terminal, terminal});
	close(terminal);
	return result < 0 ? result : hand_over(context, &master, 1);
}
