/*
 * The supervisor while the container runs: one loop over messages, signals and streams. In the
 * host's namespaces, with the caller's privileges; it opens nothing that the container names.
 */
#include <errno.h>
#include <poll.h>
#include <signal.h>
#include <string.h>
#include <sys/signalfd.h>
#include <sys/wait.h>
#include <unistd.h>
#include "disposition.h"
#include "kernel.h"
#include "nsexec.h"
#include "relay.h"
#include "supervise.h"
#include "terminal.h"

/* How soon we see that we have been brought to the front, which nothing tells. */
#define BACKGROUND_MS 200

enum { STDIN, STDOUT, STDERR, RELAYS };
enum {
	WATCH_KEEPER,
	WATCH_CONTAINER,
	WATCH_SIGNALS,
	WATCH_PIDFD,
	WATCH_RELAYS,
	WATCHED = WATCH_RELAYS + RELAYS
};

struct supervision {
	struct context *context;
	struct relay relays[RELAYS];
	int master; /* of the container's terminal; -1: pipes */
	bool keeper_ready, container_ready;
	bool ended; /* the container's status is known, or never will be */
	int ended_by; /* the signal that we made end it */
	bool in_background;
	bool hung_up;
	struct failure failure;
};

static const int forwarded[] = {SIGHUP,  SIGINT,  SIGQUIT, SIGUSR1, SIGUSR2,
				SIGTERM, SIGALRM, SIGCONT, SIGWINCH};

/*
 * Blocked from the start, so that none is lost before the loop reads them; the children unblock
 * them.
 */
void block_signals(void)
{
	sigset_t set;

	sigemptyset(&set);
	for (size_t i = 0; i < sizeof(forwarded) / sizeof(*forwarded); i++)
		sigaddset(&set, forwarded[i]);
	sigprocmask(SIG_SETMASK, &set, NULL);
	signal(SIGPIPE, SIG_IGN);
}

static int open_signals(void)
{
	sigset_t set;

	sigprocmask(SIG_BLOCK, NULL, &set);
	return signalfd(-1, &set, SFD_CLOEXEC | SFD_NONBLOCK);
}

static void send_signal(struct supervision *supervision, int number)
{
	const struct message message = {.type = SIGNAL, .value = number};
	const struct context *context = supervision->context;

	if (context->keeper > 0)
		message_send(context->keeper_socket[0], &message, NULL, 0);
	else
		syscall(SYS_pidfd_send_signal, context->container_pidfd, number, NULL, 0);
}

static void take_terminal(const struct supervision *supervision)
{
	if (supervision->master < 0)
		return;
	terminal_copy_size(supervision->master);
	terminal_make_raw();
}

/*
 * The kernel drops a signal that a pid 1 has no handler for; any other process would have ended by
 * it. So what would have ended `sleep` outside ends it inside. In a terminal an interactive shell
 * ignores SIGTERM; whoever ends us by it wants the session closed, and a hang-up is what a shell
 * understands by that.
 */
static void forward_signal(struct supervision *supervision, int number)
{
	bool ends = number != SIGCONT && number != SIGWINCH;
	enum disposition disposition;

	if (number == SIGWINCH && supervision->master >= 0) {
		terminal_copy_size(supervision->master);
		return;
	}
	/* Whoever stopped us took the terminal back, and set it as it pleased. */
	if (number == SIGCONT)
		take_terminal(supervision);
	if (!supervision->context->container || !supervision->context->start_given) {
		if (ends)
			supervision->ended_by = number;
		if (ends)
			end_keeper(supervision->context);
		supervision->ended |= ends;
		return;
	}
	disposition = ends ? disposition_of(supervision->context->container, number) : TAKEN;
	if (disposition == DEFAULT && !supervision->context->shared) {
		supervision->ended_by = number;
		number = SIGKILL;
	} else if (disposition == IGNORED && number == SIGTERM && supervision->master >= 0) {
		number = SIGHUP;
	}
	send_signal(supervision, number);
}

static void take_signals(struct supervision *supervision, int signals)
{
	struct signalfd_siginfo info;

	while (read(signals, &info, sizeof(info)) == sizeof(info)) {
		if (supervision->ended) {
			/*
			 * Only output is left to relay; whoever sends a signal now does not want
			 * it.
			 */
			if ((int)info.ssi_signo != SIGWINCH && (int)info.ssi_signo != SIGCONT)
				supervision->hung_up = true;
			continue;
		}
		forward_signal(supervision, (int)info.ssi_signo);
	}
}

static void open_streams(struct supervision *supervision, const int *fds, size_t count)
{
	if (count == 1) {
		supervision->master = fds[0];
		take_terminal(supervision);
		relay_open(&supervision->relays[STDIN], 0, fds[0], true, true);
		relay_open(&supervision->relays[STDOUT], fds[0], 1, false, true);
	} else if (count == 3) {
		relay_open(&supervision->relays[STDIN], 0, fds[0], true, false);
		relay_open(&supervision->relays[STDOUT], fds[1], 1, false, false);
		relay_open(&supervision->relays[STDERR], fds[2], 2, false, false);
	}
}

static void give_start(struct supervision *supervision)
{
	const struct message message = {.type = START};

	if (!supervision->keeper_ready || !supervision->container_ready ||
	    supervision->context->start_given)
		return;
	message_send(supervision->context->container_socket[0], &message, NULL, 0);
	supervision->context->start_given = true;
	close_slots(supervision->context);
}

/* What failed later is a consequence: the first failure is told. */
static void keep_failure(struct supervision *supervision, size_t at, int error, const char *detail)
{
	if (supervision->failure.index >= 0)
		return;
	supervision->failure = (struct failure){.index = (long)at, .error = error};
	memcpy(supervision->failure.detail, detail, sizeof(supervision->failure.detail));
}

static int exit_code_of(int status)
{
	return WIFEXITED(status) ? WEXITSTATUS(status) : 128 + WTERMSIG(status);
}

/* A keeper that ends so was killed from outside, before it could say how the container ended. */
static int status_of_ended(const struct context *context)
{
	int status = SIGKILL;

	if (context->keeper <= 0)
		waitpid(context->container, &status, 0);
	return status;
}

/* What we were to do beside the container has failed, so it is ended. */
static void call_off(struct supervision *supervision, int error)
{
	struct context *context = supervision->context;

	keep_failure(supervision, context->at, error, context->detail);
	end_keeper(context);
	supervision->ended = true;
}

static void announce(struct supervision *supervision, pid_t pid, int filter)
{
	struct context *context = supervision->context;
	int result = announce_filter(context, pid, filter);

	if (result >= 0)
		return;
	context->at = context->listener_at;
	context->detail[0] = 0;
	call_off(supervision, -result);
}

/* Its command is executed by now, or never will be. */
static void see_started(struct supervision *supervision)
{
	struct context *context = supervision->context;
	size_t at = context->at;
	int result;

	if (!context->start_given || supervision->failure.index >= 0)
		return;
	result = run_stage(context, STAGE_STARTED);
	if (result < 0)
		call_off(supervision, -result);
	context->at = at;
}

/* False: the other side has closed. */
static bool take_message(struct supervision *supervision, int socket)
{
	struct context *context = supervision->context;
	struct message message;
	int fds[4], result;
	size_t count;
	pid_t sender = 0;

	if (message_receive(socket, &message, fds, &count, &sender) < 0)
		return false;
	switch (message.type) {
	case KEEPER_READY:
		supervision->keeper_ready = true;
		message_send(context->container_socket[0], &(struct message){.type = RELEASE}, NULL,
			     0);
		break;
	case CONTAINER_READY:
		supervision->container_ready = true;
		context->container = sender;
		break;
	case HOOKS_READY:
		context->container = sender;
		result = serve_hooks(context);
		if (result < 0)
			call_off(supervision, -result);
		break;
	case STREAMS:
		open_streams(supervision, fds, count);
		break;
	case FAILED:
		keep_failure(supervision, (size_t)message.index, message.value, message.detail);
		break;
	case FILTER_LOADED:
		if (count == 1)
			announce(supervision, sender, fds[0]);
		break;
	case STATUS:
		context->exit_code = exit_code_of(message.value);
		supervision->ended = true;
		break;
	default:
		break;
	}
	give_start(supervision);
	return true;
}

/*
 * `run server > log &` must run on while its user types at the shell; brought to the front it has
 * the terminal as if it had been there from the start.
 */
static void see_background(struct supervision *supervision)
{
	bool before = supervision->in_background;

	if (supervision->relays[STDIN].in < 0)
		return;
	supervision->in_background = isatty(0) && !terminal_is_ours();
	if (before && !supervision->in_background)
		take_terminal(supervision);
}

static bool may_relay(const struct supervision *supervision, int relay)
{
	return relay != STDIN || !supervision->in_background || supervision->relays[STDIN].writing;
}

static void watch(const struct supervision *supervision, struct pollfd *watched, int signals)
{
	const struct context *context = supervision->context;

	watched[WATCH_SIGNALS] = (struct pollfd){.fd = signals, .events = POLLIN};
	watched[WATCH_PIDFD] = (struct pollfd){
		.fd = supervision->ended     ? -1 :
		      context->keeper > 0 ? context->keeper_pidfd :
					    context->container_pidfd,
		.events = POLLIN};
	watched[WATCH_KEEPER] = (struct pollfd){.fd = context->keeper_socket[0], .events = POLLIN};
	watched[WATCH_CONTAINER] =
		(struct pollfd){.fd = context->container_socket[0], .events = POLLIN};
	for (int i = 0; i < RELAYS; i++) {
		relay_poll(&supervision->relays[i], &watched[WATCH_RELAYS + i]);
		if (!may_relay(supervision, i))
			watched[WATCH_RELAYS + i].fd = -1;
	}
}

static void close_socket(int *socket)
{
	close(*socket);
	*socket = -1;
}

/* Whatever is queued counts before a death does: the last message tells how the container ended. */
static void take_events(struct supervision *supervision, struct pollfd *watched)
{
	struct context *context = supervision->context;

	if (watched[WATCH_CONTAINER].revents &&
	    !take_message(supervision, context->container_socket[0])) {
		close_socket(&context->container_socket[0]);
		see_started(supervision);
	}
	if (watched[WATCH_KEEPER].revents && !take_message(supervision, context->keeper_socket[0]))
		close_socket(&context->keeper_socket[0]);
	if (watched[WATCH_SIGNALS].revents)
		take_signals(supervision, watched[WATCH_SIGNALS].fd);
	see_background(supervision);
	for (int i = 0; i < RELAYS; i++)
		if (watched[WATCH_RELAYS + i].revents && may_relay(supervision, i))
			relay_run(&supervision->relays[i]);
	if (watched[WATCH_PIDFD].revents && !watched[WATCH_KEEPER].revents &&
	    !watched[WATCH_CONTAINER].revents) {
		context->exit_code = exit_code_of(status_of_ended(context));
		supervision->ended = true;
	}
}

static bool is_finished(struct supervision *supervision)
{
	if (!supervision->ended)
		return false;
	relay_close(&supervision->relays[STDIN]);
	relay_drop_unread(&supervision->relays[STDOUT]);
	relay_drop_unread(&supervision->relays[STDERR]);
	/*
	 * Outside, a signal ends a program that waits for its reader; so it must end us, who wait
	 * in its place.
	 */
	if (supervision->ended_by) {
		relay_drop_stuck(&supervision->relays[STDOUT]);
		relay_drop_stuck(&supervision->relays[STDERR]);
	}
	return supervision->hung_up ||
	       (supervision->relays[STDOUT].in < 0 && supervision->relays[STDERR].in < 0);
}

int op_supervise(struct context *context, const struct args_supervise *args)
{
	static struct supervision supervision;
	struct pollfd watched[WATCHED];
	int signals = open_signals(), error = 0;

	supervision.context = context;
	supervision.master = -1;
	supervision.failure.index = -1;
	for (int i = 0; i < RELAYS; i++)
		supervision.relays[i].in = supervision.relays[i].out = -1;
	open_streams(&supervision, context->streams, context->stream_count);
	if (signals < 0)
		return -errno;
	while (!is_finished(&supervision)) {
		watch(&supervision, watched, signals);
		if (poll(watched, WATCHED, supervision.in_background ? BACKGROUND_MS : -1) >= 0)
			take_events(&supervision, watched);
		else if (errno != EINTR) {
			error = errno;
			break;
		}
	}
	terminal_restore();
	end_keeper(context);
	if (error)
		return -error;
	if (supervision.ended_by)
		context->exit_code = 128 + supervision.ended_by;
	if (supervision.failure.index >= 0) {
		context->at = (size_t)supervision.failure.index;
		memcpy(context->detail, supervision.failure.detail, sizeof(context->detail));
		return -supervision.failure.error;
	}
	for (int i = STDOUT; i < RELAYS; i++)
		if (supervision.relays[i].error)
			return detail_error(context, supervision.relays[i].error,
					    i == STDOUT ? "stdout" : "stderr");
	return 0;
}
