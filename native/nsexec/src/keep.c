/*
 * The keeper: pid 1 of an outer pid namespace, root of the container's user namespace where there
 * is one, and in the host's other namespaces. It exists so that the container cannot outlive us: it
 * dies with the supervisor by a signal that no payload can clear, since no payload shares its pid
 * namespace, and when a pid 1 dies the kernel kills all inside, the nested namespaces too. It
 * executes nothing, opens nothing of the container's, and is not dumpable.
 */
#include <errno.h>
#include <grp.h>
#include <poll.h>
#include <signal.h>
#include <sys/prctl.h>
#include <sys/socket.h>
#include <sys/wait.h>
#include <unistd.h>
#include "nsexec.h"

/* How soon orphans that a shared pid namespace makes ours are reaped. */
#define REAP_MS 1000

/*
 * The keeper is let go when its ids are mapped and mounts shifted, the container when the keeper
 * has told that it dies with the supervisor.
 */
int op_await_release(struct context *context, const struct args_await_release *args)
{
	int socket =
		context->role == KEEPER ? context->keeper_socket[1] : context->container_socket[1];
	struct message message;

	return message_receive(socket, &message, NULL, NULL, NULL);
}

/*
 * Where setgroups is denied (a map written without privileges) the caller's groups stay, unmapped.
 * From an id that is not mapped to one that is, or from root to root, capabilities stay.
 */
int op_become_root(struct context *context, const struct args_become_root *args)
{
	if (args->setgroups && setgroups(0, NULL) < 0)
		return -errno;
	if (setresgid((gid_t)args->gid, (gid_t)args->gid, (gid_t)args->gid) < 0 ||
	    setresuid((uid_t)args->uid, (uid_t)args->uid, (uid_t)args->uid) < 0)
		return -errno;
	return 0;
}

/*
 * After the last change of credentials, which would clear the signal again. A supervisor that died
 * before this line is not noticed here, but it never hears KEEPER_READY, so it never lets the
 * container start. Where the container shares its pid namespace the kernel would end nobody with
 * us: we live until we hear that the supervisor is gone, and end them.
 */
int op_die_with_supervisor(struct context *context, const struct args_die_with_supervisor *args)
{
	const struct message message = {.type = KEEPER_READY};

	int result = context->shared ? prctl(PR_SET_CHILD_SUBREAPER, 1) :
				       prctl(PR_SET_PDEATHSIG, SIGKILL);

	if (result < 0 || prctl(PR_SET_DUMPABLE, 0) < 0)
		return -errno;
	return message_send(context->keeper_socket[1], &message, NULL, 0);
}

/*
 * Signals come by message: the supervisor of a plain user may not signal a process that runs as a
 * subordinate id.
 */
static int wait_container(struct context *context)
{
	int socket = context->keeper_socket[1];
	struct pollfd watched[2] = {
		{.fd = context->container_pidfd, .events = POLLIN},
		{.fd = socket, .events = POLLIN},
	};
	int status;
	pid_t ended;

	for (;;) {
		struct message message;

		if (poll(watched, 2, context->shared ? REAP_MS : -1) < 0 && errno != EINTR)
			return 125 << 8;
		if (watched[1].revents) {
			if (message_receive(socket, &message, NULL, NULL, NULL) < 0) {
				if (context->shared)
					end_family(context);
				_exit(125);
			}
			if (message.type == SIGNAL)
				kill(context->container, message.value);
		}
		while ((ended = waitpid(context->shared ? -1 : context->container, &status,
					WNOHANG | __WALL)) > 0)
			if (ended == context->container)
				return status;
	}
}

void keeper_main(struct context *context)
{
	struct message ended = {.type = STATUS};
	int result;

	context->role = KEEPER;
	close(context->keeper_socket[0]);
	close(context->container_socket[0]);
	result = run_stage(context, STAGE_KEEP);
	if (result >= 0 && context->container > 0) {
		ended.value = wait_container(context);
		context->container = 0;
	}
	if (context->shared)
		end_family(context);
	if (result < 0)
		tell_failure(context, -result);
	result = run_stage(context, STAGE_VACATE);
	if (result < 0)
		tell_failure(context, -result);
	message_send(context->keeper_socket[1], &ended, NULL, 0);
	_exit(0);
}
