/*
 * Starts the keeper and the container's first process. The keeper is cloned with the user namespace
 * and an outer pid namespace; the container, by the keeper, with everything else: a user namespace
 * made in the same call owns the others, so container root has its capabilities over them and over
 * nothing of the host's.
 */
#include <errno.h>
#include <sched.h>
#include <signal.h>
#include <sys/socket.h>
#include <sys/wait.h>
#include <unistd.h>
#include "kernel.h"
#include "nsexec.h"

/* Like fork(2), in new namespaces, with a pidfd, and in a cgroup unless that is -1. */
pid_t clone_process(uint64_t flags, int *pidfd, int cgroup)
{
	struct kernel_clone_args args = {
		.flags = flags | CLONE_PIDFD | (cgroup >= 0 ? CLONE_INTO_CGROUP : 0),
		.pidfd = (uint64_t)(uintptr_t)pidfd,
		/* With CLONE_PARENT it is that of the caller, and must not be given. */
		.exit_signal = flags & CLONE_PARENT ? 0 : SIGCHLD,
		.cgroup = cgroup >= 0 ? (uint64_t)cgroup : 0,
	};
	pid_t pid = (pid_t)syscall(SYS_clone3, &args, sizeof(args));

	/* Old kernels and the seccomp filters of other engines answer so; both know clone(2). */
	if (pid < 0 && cgroup < 0 && (errno == ENOSYS || errno == EPERM))
		pid = (pid_t)syscall(SYS_clone, args.flags | SIGCHLD, NULL, pidfd, NULL, NULL);
	return pid < 0 ? -errno : pid;
}

int op_clone_keeper(struct context *context, const struct args_clone_keeper *args)
{
	pid_t pid;

	context->shared = !(args->flags & CLONE_NEWPID);
	pid = clone_process(args->flags, &context->keeper_pidfd, -1);
	if (pid < 0)
		return pid;
	if (pid == 0)
		keeper_main(context);
	context->keeper = pid;
	close(context->keeper_socket[1]);
	close(context->container_socket[1]);
	return 0;
}

int op_clone_container(struct context *context, const struct args_clone_container *args)
{
	pid_t pid;

	if (context->cleanup)
		return 0;
	pid = clone_process(args->flags, &context->container_pidfd,
			    slot(context, args->cgroup, -1));
	if (pid < 0)
		return pid;
	if (pid == 0)
		container_main(context);
	context->container = pid;
	close(context->container_socket[1]);
	close_slots(context);
	return 0;
}

/*
 * What only the container needs must not stay pinned, for the host to be busy with, by those who
 * outlast it.
 */
void close_slots(struct context *context)
{
	for (unsigned i = 0; i < context->plan.slot_count; i++) {
		if (context->slots[i] >= 0)
			close(context->slots[i]);
		context->slots[i] = -1;
	}
}

/*
 * For the supervisor that gives up: what the keeper contains ends with it; or is ended by it, when
 * it hears that we are gone.
 */
void end_keeper(struct context *context)
{
	if (context->keeper <= 0) {
		end_container(context);
		return;
	}
	if (context->shared)
		shutdown(context->keeper_socket[0], SHUT_WR);
	else
		kill(context->keeper, SIGKILL);
	while (waitpid(context->keeper, NULL, 0) < 0 && errno == EINTR)
		;
	context->keeper = 0;
	end_container(context);
}
