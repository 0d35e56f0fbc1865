/*
 * The container's first process, still with the host's mounts in sight and all capabilities in its
 * own namespaces. It makes the new root beside them. An attacker who owns the root file system can
 * plant links and odd files there; paths.c is what keeps us inside.
 */
#include <errno.h>
#include <fcntl.h>
#include <net/if.h>
#include <sched.h>
#include <signal.h>
#include <string.h>
#include <sys/ioctl.h>
#include <sys/prctl.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/xattr.h>
#include <unistd.h>
#include "kernel.h"
#include "nsexec.h"

int op_unshare(struct context *context, const struct args_unshare *args)
{
	return unshare((int)args->flags) < 0 ? -errno : 0;
}

int op_make_directory(struct context *context, const struct args_make_directory *args)
{
	int fd = make_inside(slot(context, args->root, -1), args->path, (mode_t)args->mode, false,
			     true);
	struct stat status;
	int error = 0;

	if (fd < 0)
		return fd;
	if (fstat(fd, &status) < 0)
		error = errno;
	else if (!S_ISDIR(status.st_mode))
		error = ENOTDIR;
	close(fd);
	return -error;
}

int op_make_symlink(struct context *context, const struct args_make_symlink *args)
{
	char name[256];
	int parent = open_parent_inside(slot(context, args->root, -1), args->path, name);
	int error = 0;

	if (parent < 0)
		return parent;
	if (symlinkat(args->target, parent, name) < 0 && errno != EEXIST)
		error = errno;
	close(parent);
	return -error;
}

int op_write_file(struct context *context, const struct args_write_file *args)
{
	int root = slot(context, args->root, -1), parent, fd;
	size_t length = strlen(args->data);
	char name[256];
	ssize_t written;
	int error;

	if (args->create) {
		parent = open_parent_inside(root, args->path, name);
		if (parent < 0)
			return parent;
		fd = openat(parent, name, O_WRONLY | O_CREAT | O_EXCL | O_NOFOLLOW | O_CLOEXEC,
			    (mode_t)args->mode);
		error = errno;
		close(parent);
		if (fd < 0)
			return -error;
	} else {
		fd = open_inside(root, args->path, O_WRONLY | O_NONBLOCK | O_NOCTTY, 0);
		if (fd < 0)
			return fd;
	}
	written = write(fd, args->data, length);
	error = written < 0 ? errno : (size_t)written < length ? ENOSPC : 0;
	close(fd);
	return -error;
}

int op_open_path(struct context *context, const struct args_open_path *args)
{
	struct kernel_open_how host = {.flags = O_PATH | O_DIRECTORY | O_CLOEXEC};
	int fd = args->root < 0 ? kernel_openat2(AT_FDCWD, args->path, &host) :
				  open_inside(slot(context, args->root, -1), args->path,
					      O_PATH | O_DIRECTORY, 0);

	if (fd < 0)
		return args->root < 0 ? -errno : fd;
	context->slots[args->to] = fd;
	return 0;
}

int op_set_xattr(struct context *context, const struct args_set_xattr *args)
{
	int fd = open_inside(slot(context, args->at, -1), ".", O_RDONLY | O_DIRECTORY, 0);
	int error = 0;

	if (fd < 0)
		return fd;
	if (fsetxattr(fd, args->name, args->value, strlen(args->value), 0) < 0)
		error = errno;
	close(fd);
	return -error;
}

int op_link_up(struct context *context, const struct args_link_up *args)
{
	struct ifreq request = {.ifr_flags = IFF_UP};
	int socket_fd = socket(AF_INET, SOCK_DGRAM | SOCK_CLOEXEC, 0);
	int error = 0;

	if (socket_fd < 0)
		return -errno;
	strncpy(request.ifr_name, args->name, IFNAMSIZ - 1);
	if (ioctl(socket_fd, SIOCSIFFLAGS, &request) < 0)
		error = errno;
	close(socket_fd);
	return -error;
}

/* The supervisor ignores SIGPIPE and blocks all it forwards; a command starts with neither. */
static void reset_signals(void)
{
	sigset_t none;

	for (int number = 1; number < NSIG; number++)
		signal(number, SIG_DFL);
	sigemptyset(&none);
	sigprocmask(SIG_SETMASK, &none, NULL);
}

void container_main(struct context *context)
{
	static const enum stage own[] = {STAGE_BUILD, STAGE_ENTER, STAGE_CONFINE, STAGE_GATE,
					 STAGE_EXEC};

	context->role = CONTAINER;
	context->container = getpid();
	/* It has the caller's memory and environment, and may stay as the init (CVE-2016-8867). */
	prctl(PR_SET_DUMPABLE, 0);
	close(context->keeper_socket[1]);
	close(context->keeper_pidfd);
	reset_signals();
	umask(0);
	for (size_t i = 0; i < sizeof(own) / sizeof(*own); i++) {
		int result = run_stage(context, own[i]);

		if (result < 0)
			tell_failure(context, -result);
	}
	_exit(125);
}
