/*
 * The supervisor of a container that another engine watches: it waits until the container is made,
 * writes down which process it is, and leaves. In the host's namespaces, with the caller's
 * privileges; whatever it is told comes from our own code in the container, before the payload
 * runs.
 */
#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <signal.h>
#include <stdio.h>
#include <string.h>
#include <sys/ioctl.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/un.h>
#include <sys/wait.h>
#include <termios.h>
#include <unistd.h>
#include "kernel.h"
#include "nsexec.h"

enum { WATCH_KEEPER, WATCH_CONTAINER, WATCH_SIGNALS, WATCHED };

static int take_failure(struct context *context, const struct message *message)
{
	context->at = (size_t)message->index;
	memcpy(context->detail, message->detail, sizeof(context->detail));
	return -message->value;
}

static int killed(struct context *context, const char *who)
{
	return detail_error(context, ECHILD, "the container's %s was killed", who);
}

/* The keeper's last words: the container is ours now. */
static int take_keeper(struct context *context)
{
	const struct message go_on = {.type = RELEASE};
	struct message message;
	size_t count = 0;
	int fds[4];

	if (message_receive(context->keeper_socket[0], &message, fds, &count, NULL) < 0)
		return killed(context, "keeper");
	if (message.type == FAILED)
		return take_failure(context, &message);
	if (message.type != KEEPER_READY || count != 1)
		return -EPROTO;
	context->container_pidfd = fds[0];
	waitpid(context->keeper, NULL, 0);
	context->keeper = 0;
	close(context->keeper_socket[0]);
	context->keeper_socket[0] = -1;
	return message_send(context->container_socket[0], &go_on, NULL, 0);
}

/* One that the keeper has left to us. */
void end_container(struct context *context)
{
	if (context->keeper > 0 || context->container_pidfd < 0)
		return;
	syscall(SYS_pidfd_send_signal, context->container_pidfd, SIGKILL, NULL, 0);
	while (waitid(P_PIDFD, (id_t)context->container_pidfd, NULL, WEXITED) < 0 && errno == EINTR)
		;
	close(context->container_pidfd);
	context->container_pidfd = -1;
}

static void keep_streams(struct context *context, const int *fds, size_t count)
{
	if (count > 3)
		return;
	memcpy(context->streams, fds, count * sizeof(*fds));
	context->stream_count = count;
}

/* 1: it is where we want it; 0: go on; PEER_GONE: it has executed its command, or has ended. */
static int take_container(struct context *context, uint32_t until)
{
	struct message message;
	size_t count = 0;
	pid_t sender = 0;
	int fds[4], result;

	result = message_receive(context->container_socket[0], &message, fds, &count, &sender);
	if (result < 0)
		return result;
	if (sender > 0)
		context->container = sender;
	switch (message.type) {
	case FAILED:
		return take_failure(context, &message);
	case STREAMS:
		keep_streams(context, fds, count);
		return 0;
	case HOOKS_READY:
		return serve_hooks(context);
	case FILTER_LOADED:
		if (count != 1)
			return -EPROTO;
		result = announce_filter(context, context->container, fds[0]);
		if (result < 0)
			context->at = context->listener_at;
		return result;
	default:
		return message.type == until;
	}
}

/* Serves the container until it sends `until`: 0, or a failure of its own, or -PEER_GONE. */
int follow_container(struct context *context, uint32_t until)
{
	int signals = open_interruptions(context), result = 0;

	while (result == 0) {
		struct pollfd watched[WATCHED] = {
			{.fd = context->keeper_socket[0], .events = POLLIN},
			{.fd = context->container_socket[0], .events = POLLIN},
			{.fd = signals, .events = POLLIN},
		};

		if (poll(watched, WATCHED, -1) < 0)
			result = errno == EINTR ? 0 : -errno;
		else if (watched[WATCH_KEEPER].revents)
			result = take_keeper(context);
		else if (watched[WATCH_CONTAINER].revents)
			result = take_container(context, until);
		else
			result = -EINTR;
	}
	close(signals);
	return result < 0 ? result : 0;
}

/* In the keeper: its child has our supervisor for a parent (CLONE_PARENT). */
int op_leave_container(struct context *context, const struct args_leave_container *args)
{
	const struct message ready = {.type = KEEPER_READY};
	int result = message_send(context->keeper_socket[1], &ready, &context->container_pidfd, 1);

	if (result < 0)
		return result;
	_exit(0);
}

int op_await_container(struct context *context, const struct args_await_container *args)
{
	int result = follow_container(context, CONTAINER_READY);

	if (context->planner > 0)
		waitpid(context->planner, NULL, 0);
	context->planner = 0;
	return result == -PEER_GONE ? killed(context, "first process") : result;
}

/* A record lock: a flock would go on with our children. Who had it before may have removed it. */
static int take_lock(int fd)
{
	struct flock whole = {.l_type = F_WRLCK, .l_whence = SEEK_SET};
	struct stat status;

	while (fcntl(fd, F_SETLKW, &whole) < 0)
		if (errno != EINTR)
			return -errno;
	return fstat(fd, &status) < 0 ? -errno : status.st_nlink > 0 ? 0 : -ENOENT;
}

/* While it is being made nobody may delete it. Not made here: without it there is no container. */
int op_lock_container(struct context *context, const struct args_lock_container *args)
{
	int fd = open(args->path, O_RDWR | O_NOFOLLOW | O_CLOEXEC), result;

	if (fd < 0) {
		context->foreign = true;
		return -errno;
	}
	context->lock = fd;
	result = take_lock(fd);
	context->foreign = result < 0;
	return result;
}

/* Before anything is undone: another may have done so meanwhile, and a third made a new one. */
bool is_ours_to_undo(struct context *context)
{
	return !context->foreign && (context->lock < 0 || take_lock(context->lock) == 0);
}

int op_record_container(struct context *context, const struct args_record_container *args)
{
	char text[128], boot[40], state;
	unsigned long long start;

	if (!process_start(context->container, &start, &state) || !read_boot_id(boot))
		return killed(context, "first process");
	snprintf(text, sizeof(text), "%d %llu %s\n", context->container, start, boot);
	return write_renamed(args->path, text);
}

int op_write_pid_file(struct context *context, const struct args_write_pid_file *args)
{
	char text[16];

	snprintf(text, sizeof(text), "%d", context->container);
	return write_renamed(args->path, text);
}

/* Of the size that the specification asks for, if it does. */
int op_send_terminal(struct context *context, const struct args_send_terminal *args)
{
	struct sockaddr_un address = {.sun_family = AF_UNIX};
	struct winsize size = {.ws_row = (unsigned short)args->rows,
			       .ws_col = (unsigned short)args->columns};
	char name[] = "/dev/ptmx", control[CMSG_SPACE(sizeof(int))] = {0};
	struct iovec part = {name, sizeof(name) - 1};
	struct msghdr message = {.msg_iov = &part,
				 .msg_iovlen = 1,
				 .msg_control = control,
				 .msg_controllen = sizeof(control)};
	struct cmsghdr *beside = CMSG_FIRSTHDR(&message);
	int receiver, error = 0;

	if (context->stream_count != 1)
		return -ENOTTY;
	if (strlen(args->socket) >= sizeof(address.sun_path))
		return -ENAMETOOLONG;
	strcpy(address.sun_path, args->socket);
	if (size.ws_row && ioctl(context->streams[0], TIOCSWINSZ, &size) < 0)
		return -errno;
	receiver = socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0);
	if (receiver < 0)
		return -errno;
	beside->cmsg_level = SOL_SOCKET;
	beside->cmsg_type = SCM_RIGHTS;
	beside->cmsg_len = CMSG_LEN(sizeof(int));
	memcpy(CMSG_DATA(beside), context->streams, sizeof(int));
	if (connect(receiver, (struct sockaddr *)&address, sizeof(address)) < 0 ||
	    sendmsg(receiver, &message, MSG_NOSIGNAL) < 0)
		error = errno;
	close(receiver);
	close(context->streams[0]);
	context->stream_count = 0;
	return -error;
}

/*
 * Until then the container ends when we do, so that nothing stays of which nothing is written down.
 * A payload that is executed closes the socket, and so does one that dies: its end is told by who
 * waits for it.
 */
int op_release_container(struct context *context, const struct args_release_container *args)
{
	int result = message_send(context->container_socket[0], &(struct message){.type = START},
				  NULL, 0);

	context->start_given = result == 0;
	if (result == 0 && args->executed) {
		result = follow_container(context, UINT32_MAX);
		close(context->container_socket[0]);
		context->container_socket[0] = -1;
		if (result == -PEER_GONE)
			result = run_stage(context, STAGE_STARTED);
	}
	/* It is whole: others may delete it. */
	if (result == 0 && context->lock >= 0)
		fcntl(context->lock, F_SETLK, &(struct flock){.l_type = F_UNLCK});
	return result;
}

int op_detach(struct context *context, const struct args_detach *args)
{
	context->detached = true;
	return 0;
}
