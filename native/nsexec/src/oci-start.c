/*
 * `start`: opens the gate of a created container and hears how its command is executed. The
 * container listens itself: where it has died, the connection is refused at once.
 */
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/wait.h>
#include <unistd.h>
#include "gate.h"
#include "nsexec.h"
#include "oci.h"

static int refuse(const struct oci *oci, const struct container *container)
{
	return oci_fail(oci, "cannot start container \"%s\": it is %s, not created", container->id,
			status_name(container->status));
}

/* A connection to the gate, which the container has taken; or why not. */
static int open_gate(const struct container *container)
{
	struct sockaddr_un address = gate_address(container->directory);
	const struct message start = {.type = START};
	struct message answer;
	int gate = socket(AF_UNIX, SOCK_SEQPACKET | SOCK_CLOEXEC, 0), yes = 1, result;

	if (gate < 0)
		return -errno;
	if (setsockopt(gate, SOL_SOCKET, SO_PASSCRED, &yes, sizeof(yes)) < 0 ||
	    connect(gate, (struct sockaddr *)&address, sizeof(address)) < 0)
		result = -errno;
	else
		result = message_send(gate, &start, NULL, 0);
	if (result == 0)
		result = message_receive(gate, &answer, NULL, NULL, NULL);
	if (result == 0 && answer.type == OPENED)
		return gate;
	close(gate);
	return result < 0 ? result : -EPROTO;
}

/* The gate is closed as soon as it has been opened; the status changes a little later. */
static int tell_closed(const struct oci *oci, struct container *container, int error)
{
	oci_refresh(container);
	if (container->status != CREATED)
		return refuse(oci, container);
	if (error == ECONNREFUSED || error == PEER_GONE || error == EPIPE)
		return oci_fail(oci, "cannot start container \"%s\": another start is at work",
				container->id);
	return oci_fail(oci, "the gate of \"%s\" cannot be opened: %s", container->id,
			strerror(error));
}

/*
 * Whose hook fails, that container is deleted (runtime.md, "Lifecycle"): in a child, since what the
 * deletion reports may not come in place of the failure.
 */
static void destroy(const struct oci *oci, const struct container *container)
{
	pid_t child = fork();

	if (child == 0)
		_exit(oci_destroy(oci, container));
	while (child > 0 && waitpid(child, NULL, 0) < 0 && errno == EINTR)
		;
}

static int fail(const struct oci *oci, const struct container *container, struct context *context,
		int error)
{
	struct failure failure = {.index = (long)context->at, .error = error};

	memcpy(failure.detail, context->detail, sizeof(failure.detail));
	if (context->at < context->plan.count &&
	    context->plan.records[context->at].code == OPERATION_RUN_HOOK)
		destroy(oci, container);
	report_failure(context, &failure);
}

int oci_start(const struct oci *oci, char **words)
{
	static struct context context = {
		.plan_fd = -1, .report_fd = -1, .listener = -1, .lock = -1};
	char *reporter[REPORTER_WORDS];
	struct container container;
	int result;

	if (!words[0] || words[1])
		return oci_fail(oci, "usage: start ID");
	if (oci_open(oci, words[0], &container))
		return 1;
	if (container.status != CREATED)
		return refuse(oci, &container);
	context.keeper_socket[0] = -1;
	context.keeper_pidfd = context.container_pidfd = -1;
	context.container = container.pid;
	context.reporter = oci_reporter(oci, reporter);
	context.plan_fd =
		openat(container.directory, "plan", O_RDONLY | O_NONBLOCK | O_NOFOLLOW | O_CLOEXEC);
	result = context.plan_fd < 0 ? -errno : plan_read(&context.plan, context.plan_fd,
						   1u << STAGE_START | 1u << STAGE_STARTED);
	if (result < 0)
		return oci_fail(oci, "the plan of \"%s\" cannot be read: %s", container.id,
				strerror(-result));
	result = run_stage(&context, STAGE_START);
	if (result < 0)
		fail(oci, &container, &context, -result);
	context.container_socket[0] = open_gate(&container);
	if (context.container_socket[0] < 0)
		return tell_closed(oci, &container, -context.container_socket[0]);
	result = follow_container(&context, UINT32_MAX);
	if (result == -PEER_GONE)
		result = run_stage(&context, STAGE_STARTED);
	if (result < 0)
		fail(oci, &container, &context, -result);
	return 0;
}
