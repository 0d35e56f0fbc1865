/*
 * The gate of a container that another engine starts: its first process, with the payload's
 * privileges, listens on a socket whose file lies in the host's state directory. A connection to it
 * can only succeed while that process lives, and tells how the start goes: nobody waits for the
 * dead.
 */
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <sys/file.h>
#include <sys/socket.h>
#include <sys/un.h>
#include <unistd.h>
#include "gate.h"
#include "kernel.h"
#include "nsexec.h"

/* By a descriptor of the directory: its path may be longer than an address can be. */
struct sockaddr_un gate_address(int directory)
{
	struct sockaddr_un address = {.sun_family = AF_UNIX};

	snprintf(address.sun_path, sizeof(address.sun_path), "/proc/self/fd/%d/start", directory);
	return address;
}

/*
 * In the supervisor. The lock is the container's from its birth until it executes its command,
 * which closes the descriptor: who cannot have it sees a container that is not started yet.
 */
int op_make_gate(struct context *context, const struct args_make_gate *args)
{
	int directory = open(args->directory, O_PATH | O_DIRECTORY | O_CLOEXEC);
	struct sockaddr_un address = gate_address(directory);
	int socket_fd, held, error = 0;

	if (directory < 0)
		return -errno;
	socket_fd = socket(AF_UNIX, SOCK_SEQPACKET | SOCK_CLOEXEC, 0);
	held = openat(directory, "gate", O_RDWR | O_CREAT | O_EXCL | O_CLOEXEC, 0600);
	if (socket_fd < 0 || held < 0 || flock(held, LOCK_EX | LOCK_NB) < 0 ||
	    bind(socket_fd, (struct sockaddr *)&address, sizeof(address)) < 0 ||
	    listen(socket_fd, 4) < 0)
		error = errno;
	close(directory);
	context->slots[args->socket] = socket_fd;
	context->slots[args->held] = held;
	return -error;
}

/*
 * It may wait for days, and others enter the container meanwhile: no mount, directory or cgroup of
 * the host's is left open for them to find (CVE-2024-21626).
 */
static void close_all_but(int from, int gate, int held, int listener)
{
	int last = gate > held ? gate : held;

	last = listener > last ? listener : last;
	for (; from <= last; from++)
		if (from != gate && from != held && from != listener)
			close(from);
	kernel_close_range((unsigned)from, 0);
}

/*
 * Who connects and goes away again has opened nothing. From here on failures are told to who
 * opened; a second one finds the gate gone.
 */
int op_await_gate(struct context *context, const struct args_await_gate *args)
{
	int gate = slot(context, args->socket, -1), held = slot(context, args->held, -1);
	struct message message;

	take_name(context);
	/* Its supervisor has said its last word. */
	close(context->container_socket[1]);
	context->container_socket[1] = -1;
	close_all_but((int)args->from, gate, held, context->listener);
	for (;;) {
		int opener = accept4(gate, NULL, NULL, SOCK_CLOEXEC);

		if (opener < 0) {
			if (errno == EINTR || errno == ECONNABORTED)
				continue;
			return -errno;
		}
		if (message_receive(opener, &message, NULL, NULL, NULL) == 0 &&
		    message.type == START &&
		    message_send(opener, &(struct message){.type = OPENED}, NULL, 0) == 0) {
			close(gate);
			context->container_socket[1] = opener;
			return 0;
		}
		close(opener);
	}
}
