/*
 * Namespaces that are joined, and what it takes when the pid namespace is shared. The supervisor
 * enters those of others before it clones the keeper, while it has all of the caller's rights, and
 * returns; the keeper enters a user namespace last, since it has no rights over the others then.
 */
#include <errno.h>
#include <fcntl.h>
#include <sched.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ioctl.h>
#include <sys/prctl.h>
#include <sys/wait.h>
#include <unistd.h>
#include "kernel.h"
#include "nsexec.h"

#define NS_GET_NSTYPE _IO(0xb7, 3)

/* Of the type that is meant: what lies at a path may have been exchanged. */
int op_open_namespace(struct context *context, const struct args_open_namespace *args)
{
	int fd = open(args->path, O_RDONLY | O_NONBLOCK | O_NOCTTY | O_CLOEXEC), type;

	if (fd < 0)
		return -errno;
	type = ioctl(fd, NS_GET_NSTYPE);
	if (type < 0 || (uint64_t)type != args->type) {
		close(fd);
		return detail_error(context, EINVAL, "%s is no namespace of this type", args->path);
	}
	context->slots[args->to] = fd;
	return 0;
}

int op_enter_namespace(struct context *context, const struct args_enter_namespace *args)
{
	return setns(slot(context, args->space, -1), (int)args->type) < 0 ? -errno : 0;
}

/* For a container that no pid namespace ends; a set-user-ID program clears it. */
int op_die_with_parent(struct context *context, const struct args_die_with_parent *args)
{
	return prctl(PR_SET_PDEATHSIG, SIGKILL) < 0 ? -errno : 0;
}

/* By a descriptor of its directory, which names it whichever pid namespace we are in. */
static bool kill_child(const char *pid)
{
	char path[32];
	int fd, result;

	snprintf(path, sizeof(path), "/proc/%s", pid);
	fd = open(path, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
	if (fd < 0)
		return false;
	result = (int)syscall(SYS_pidfd_send_signal, fd, SIGKILL, NULL, 0);
	close(fd);
	return result == 0;
}

/*
 * Kills all that descend from us: whose parent has died is our child (PR_SET_CHILD_SUBREAPER), so
 * that nobody gets away, by however many forks. For a keeper that is no pid 1.
 */
void end_family(struct context *context)
{
	do {
		char text[4096], *rest = text, *pid;
		int fd = open("/proc/thread-self/children", O_RDONLY | O_CLOEXEC);
		ssize_t got = fd < 0 ? -1 : read(fd, text, sizeof(text) - 1);
		bool killed = false;

		close(fd);
		text[got > 0 ? got : 0] = 0;
		while ((pid = strsep(&rest, " ")))
			killed |= *pid && kill_child(pid);
		if (!killed && (context->container <= 0 || kill(context->container, SIGKILL) < 0))
			return;
	} while (waitpid(-1, NULL, __WALL) > 0 || errno == EINTR);
}
