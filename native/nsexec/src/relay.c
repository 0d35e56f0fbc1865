/*
 * Moves bytes between the caller's streams and the container's, without ever waiting in a read or
 * write: signals must be heard meanwhile. The caller's descriptors are shared with other processes,
 * so their flags are left alone: a pipe or terminal is opened anew for ourselves, a socket is asked
 * not to wait call by call, a file never makes us wait.
 */
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <unistd.h>
#include "relay.h"

#define CHUNK 65536
#define PATIENCE_MS 100
#define END_OF_INPUT 4 /* Ctrl-D */

static int open_own(int fd, int flags)
{
	char path[32];
	struct stat status;
	int own;

	if (fstat(fd, &status) < 0 || !(S_ISFIFO(status.st_mode) || S_ISCHR(status.st_mode)))
		return fd;
	snprintf(path, sizeof(path), "/proc/self/fd/%d", fd);
	own = open(path, flags | O_NONBLOCK | O_NOCTTY | O_CLOEXEC);
	return own < 0 ? fd : own;
}

static void set_nonblocking(int fd)
{
	fcntl(fd, F_SETFL, fcntl(fd, F_GETFL) | O_NONBLOCK);
}

static bool is_kind(int fd, mode_t kind)
{
	struct stat status;

	return fstat(fd, &status) == 0 && (status.st_mode & S_IFMT) == kind;
}

/* Splice may wait in a socket or terminal whatever flags it is given; those go by the buffer. */
static bool can_splice(int in, int out)
{
	return (is_kind(in, S_IFIFO) || is_kind(in, S_IFREG)) &&
	       (is_kind(out, S_IFIFO) || is_kind(out, S_IFREG)) &&
	       (is_kind(in, S_IFIFO) || is_kind(out, S_IFIFO));
}

/* The side towards the container is ours alone. */
void relay_open(struct relay *relay, int in, int out, bool to_container, bool terminal)
{
	set_nonblocking(to_container ? out : in);
	relay->in = to_container ? open_own(in, O_RDONLY) : in;
	relay->out = to_container ? out : open_own(out, O_WRONLY);
	relay->to_container = to_container;
	relay->terminal = terminal;
	relay->splices = can_splice(relay->in, relay->out);
	relay->writing = false;
}

bool relay_poll(const struct relay *relay, struct pollfd *watched)
{
	watched->fd = relay->in < 0 ? -1 : relay->writing ? relay->out : relay->in;
	watched->events = relay->writing ? POLLOUT : POLLIN;
	watched->revents = 0;
	return relay->in >= 0;
}

/*
 * Closing our end is how each side learns that the other has gone: the container reads an end of
 * file, or its next write fails with EPIPE, as it would on the caller's own pipe. The caller's
 * descriptors stay open: others have them.
 */
void relay_close(struct relay *relay)
{
	if (relay->in < 0)
		return;
	if (!relay->terminal)
		close(relay->to_container ? relay->out : relay->in);
	else if (relay->to_container && !isatty(0))
		(void)!write(relay->out, &(char){END_OF_INPUT}, 1);
	free(relay->buffer);
	relay->buffer = NULL;
	relay->in = relay->out = -1;
}

/* Once every writer is gone: what nobody can add to any more is complete when it reads empty. */
void relay_drop_unread(struct relay *relay)
{
	struct pollfd watched = {.fd = relay->in, .events = POLLIN};

	if (relay->in >= 0 && !relay->writing && poll(&watched, 1, 0) == 0)
		relay_close(relay);
}

/* A reader that has stopped reading may never go on. */
void relay_drop_stuck(struct relay *relay)
{
	struct pollfd watched = {.fd = relay->out, .events = POLLOUT};

	if (relay->in >= 0 && relay->writing && poll(&watched, 1, PATIENCE_MS) == 0)
		relay_close(relay);
}

static void fail(struct relay *relay, int error)
{
	relay->error = error == EPIPE || error == ECONNRESET ? 0 : error;
	relay_close(relay);
}

static void run_splice(struct relay *relay)
{
	ssize_t moved;

	if (!relay->writing) {
		relay->writing = true;
		return;
	}
	moved = splice(relay->in, NULL, relay->out, NULL, CHUNK, SPLICE_F_NONBLOCK | SPLICE_F_MOVE);
	relay->writing = false;
	if (moved > 0 || (moved < 0 && (errno == EAGAIN || errno == EINTR)))
		return;
	/* A file open for appending, a file system that has no splice. */
	if (moved < 0 && errno == EINVAL)
		relay->splices = false;
	else
		fail(relay, moved < 0 ? errno : 0);
}

static void fill(struct relay *relay)
{
	ssize_t got;

	if (!relay->buffer && !(relay->buffer = malloc(CHUNK))) {
		relay_close(relay);
		return;
	}
	got = recv(relay->in, relay->buffer, CHUNK, MSG_DONTWAIT);
	if (got < 0 && errno == ENOTSOCK)
		got = read(relay->in, relay->buffer, CHUNK);
	if (got < 0 && (errno == EAGAIN || errno == EINTR))
		return;
	/* EIO: the last holder of the container's terminal has closed it. */
	if (got <= 0) {
		relay_close(relay);
		return;
	}
	relay->start = 0;
	relay->end = (size_t)got;
	relay->writing = true;
}

static void drain(struct relay *relay)
{
	const char *from = relay->buffer + relay->start;
	size_t left = relay->end - relay->start;
	ssize_t sent = send(relay->out, from, left, MSG_DONTWAIT | MSG_NOSIGNAL);

	if (sent < 0 && errno == ENOTSOCK)
		sent = write(relay->out, from, left);
	if (sent < 0 && (errno == EAGAIN || errno == EINTR))
		return;
	if (sent < 0) {
		fail(relay, errno);
		return;
	}
	relay->start += (size_t)sent;
	relay->writing = relay->start < relay->end;
}

void relay_run(struct relay *relay)
{
	if (relay->splices)
		run_splice(relay);
	else if (relay->writing)
		drain(relay);
	else
		fill(relay);
}
