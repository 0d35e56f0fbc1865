/*
 * The filter of system calls, and the listener that answers for one that notifies. The supervisor
 * connects to it while the keeper waits, with the caller's own privileges. The container's first
 * process loads the filter, from then on under it: so its descriptor is handed over by a thread
 * that was there before, whose calls nothing judges. A filter may notify of sendmsg itself.
 */
#include <errno.h>
#include <pthread.h>
#include <sched.h>
#include <stdatomic.h>
#include <stdio.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/time.h>
#include <sys/un.h>
#include "kernel.h"
#include "nsexec.h"

#define SECCOMP_SET_MODE_FILTER 1
#define SECCOMP_FILTER_FLAG_NEW_LISTENER (1u << 3)
#define PATIENCE_S 10
#define PARTS_MAX 8

/*
 * A listener that takes no connections must not hold the caller for ever; a cleanup has nothing to
 * say to it.
 */
int op_connect_listener(struct context *context, const struct args_connect_listener *args)
{
	const struct timeval patience = {.tv_sec = PATIENCE_S};
	struct sockaddr_un address = {.sun_family = AF_UNIX};
	int fd;

	if (context->cleanup)
		return 0;
	if (strlen(args->path) >= sizeof(address.sun_path))
		return -ENAMETOOLONG;
	strcpy(address.sun_path, args->path);
	fd = socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0);
	if (fd < 0)
		return -errno;
	context->listener = fd;
	context->listener_at = context->at;
	if (setsockopt(fd, SOL_SOCKET, SO_SNDTIMEO, &patience, sizeof(patience)) < 0 ||
	    connect(fd, (const struct sockaddr *)&address, sizeof(address)) < 0)
		return -errno;
	return 0;
}

/*
 * One state for each connection, which is then closed; the descriptor goes with its first byte.
 * Between the parts of the state stands the pid.
 */
static int send_state(int listener, const struct strings *state, pid_t pid, int filter)
{
	union {
		struct cmsghdr header;
		char space[CMSG_SPACE(sizeof(int))];
	} beside = {0};
	struct iovec parts[2 * PARTS_MAX];
	struct msghdr message = {.msg_iov = parts,
				 .msg_control = beside.space,
				 .msg_controllen = sizeof(beside.space)};
	size_t length = 0;
	char digits[16];
	ssize_t sent;

	if (state->count == 0 || state->count > PARTS_MAX)
		return -EINVAL;
	snprintf(digits, sizeof(digits), "%d", pid);
	for (size_t i = 0; i < 2 * state->count - 1; i++) {
		char *part = i % 2 ? digits : state->items[i / 2];

		parts[message.msg_iovlen++] = (struct iovec){part, strlen(part)};
		length += strlen(part);
	}
	beside.header.cmsg_level = SOL_SOCKET;
	beside.header.cmsg_type = SCM_RIGHTS;
	beside.header.cmsg_len = CMSG_LEN(sizeof(int));
	memcpy(CMSG_DATA(&beside.header), &filter, sizeof(int));
	sent = sendmsg(listener, &message, MSG_NOSIGNAL);
	return sent < 0 ? -errno : (size_t)sent < length ? -EAGAIN : 0;
}

/* In the supervisor, which the container waits for. */
int announce_filter(struct context *context, pid_t pid, int filter)
{
	const struct message done = {.type = ANNOUNCED};
	const struct record *record = &context->plan.records[context->listener_at];
	const struct args_connect_listener *args = (const void *)record->arguments;
	int result = -ENOTCONN;

	if (context->listener >= 0) {
		result = send_state(context->listener, &args->state, pid, filter);
		close(context->listener);
		context->listener = -1;
	}
	close(filter);
	return result < 0 ? result :
			    message_send(context->container_socket[0], &done, NULL, 0);
}

struct handover {
	struct context *context;
	atomic_int filter;
	atomic_bool done;
};

static void *hand_over(void *argument)
{
	const struct message loaded = {.type = FILTER_LOADED};
	struct handover *handover = argument;
	int socket = handover->context->container_socket[1], filter, result;
	struct message answer;

	while ((filter = atomic_load(&handover->filter)) < 0)
		sched_yield();
	result = message_send(socket, &loaded, &filter, 1);
	if (result == 0)
		result = message_receive(socket, &answer, NULL, NULL, NULL);
	if (result < 0)
		tell_failure(handover->context, -result);
	close(filter);
	atomic_store(&handover->done, true);
	return NULL;
}

/* Instructions of 8 bytes each, as struct sock_filter has them. */
int op_load_seccomp(struct context *context, const struct args_load_seccomp *args)
{
	static struct handover handover = {.filter = -1};
	const struct {
		unsigned short length;
		const void *filter;
	} program = {(unsigned short)(args->program.count / 2), args->program.items};
	bool notifies = args->flags & SECCOMP_FILTER_FLAG_NEW_LISTENER;
	pthread_t thread;
	int result;

	if (args->program.count / 2 > UINT16_MAX)
		return -E2BIG;
	handover.context = context;
	result = notifies ? pthread_create(&thread, NULL, hand_over, &handover) : 0;
	if (result > 0)
		return -result;
	result = (int)syscall(SYS_seccomp, SECCOMP_SET_MODE_FILTER, (unsigned)args->flags,
			      &program);
	if (result < 0)
		return -errno;
	if (!notifies)
		return 0;
	atomic_store(&handover.filter, result);
	/* Any call that waits could be one that nobody answers yet. It takes microseconds. */
	while (!atomic_load(&handover.done))
		;
	return 0;
}
