/*
 * nsexec [--report FD] [--cleanup] [--planner PID] PLAN-FD [REPORTER [ARGUMENT]...]
 * nsexec --oci BUNDLE [WORD]...
 *
 * Performs the plan that descriptor PLAN-FD holds and exits as the container's command does. A
 * failure goes as one line to --report, or to REPORTER, which is executed with the plan's
 * descriptor, the operation's number, errno and a word about it. --cleanup performs the plan's last
 * stages alone, for a run that was killed. --planner names a child to be reaped. --oci is the
 * command line of an OCI runtime (oci.c).
 */
#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/auxv.h>
#include <sys/socket.h>
#include <unistd.h>
#include "kernel.h"
#include "nsexec.h"
#include "oci.h"
#include "supervise.h"

struct command_line {
	int plan_fd, report_fd;
	pid_t planner;
	bool cleanup;
	char **reporter;
};

static int usage(const char *problem)
{
	dprintf(2, "nsexec: %s\n", problem);
	dprintf(2, "usage: nsexec [--report FD] [--cleanup] [--planner PID] PLAN-FD "
		   "[REPORTER [ARGUMENT]...]\n");
	return 125;
}

static long parse_number(const char *text)
{
	char *end;
	long number = text ? strtol(text, &end, 10) : -1;

	return !text || !*text || *end || number < 0 || number > INT32_MAX ? -1 : number;
}

static int parse_fd(const char *text)
{
	int fd = (int)parse_number(text);

	return fd < 0 || fcntl(fd, F_GETFD) < 0 ? -1 : fd;
}

static bool parse_command_line(char **argv, struct command_line *line)
{
	char **at = argv + 1;

	*line = (struct command_line){.plan_fd = -1, .report_fd = -1};
	for (; *at && !strncmp(*at, "--", 2); at++) {
		if (!strcmp(*at, "--cleanup"))
			line->cleanup = true;
		else if (!strcmp(*at, "--report") && (line->report_fd = parse_fd(at[1])) >= 0)
			at++;
		else if (!strcmp(*at, "--planner") &&
			 (line->planner = (pid_t)parse_number(at[1])) > 0)
			at++;
		else
			return false;
	}
	line->plan_fd = parse_fd(*at);
	if (line->plan_fd < 0)
		return false;
	line->reporter = at[1] ? at + 1 : NULL;
	return true;
}

/* A closed standard stream would be taken by the next descriptor that is opened. */
static void fill_standard_streams(void)
{
	int fd;

	do
		fd = open("/dev/null", O_RDWR);
	while (fd >= 0 && fd < 3);
	if (fd >= 0)
		close(fd);
}

static int open_sockets(struct context *context)
{
	int *ends = context->container_socket, yes = 1;

	if (socketpair(AF_UNIX, SOCK_SEQPACKET | SOCK_CLOEXEC, 0, context->keeper_socket) < 0 ||
	    socketpair(AF_UNIX, SOCK_SEQPACKET | SOCK_CLOEXEC, 0, ends) < 0)
		return -errno;
	if (setsockopt(ends[0], SOL_SOCKET, SO_PASSCRED, &yes, sizeof(yes)) < 0)
		return -errno;
	return 0;
}

static void keep_failure(const struct context *context, struct failure *failure, int error)
{
	if (failure->error)
		return;
	*failure = (struct failure){.index = (long)context->at, .error = error};
	memcpy(failure->detail, context->detail, sizeof(failure->detail));
}

/* What the last stage does about a container that is there; all else undoes. */
static bool attends(enum operation_code code)
{
	return code == OPERATION_SUPERVISE || code == OPERATION_ADOPT_RESTORED ||
	       (code >= OPERATION_AWAIT_CONTAINER && code <= OPERATION_DETACH);
}

/* The last stage runs whatever came before, each record of it, so that nothing is left behind. */
static void run_ending(struct context *context, struct failure *failure, bool supervise)
{
	const struct plan *plan = &context->plan;

	for (size_t i = 0; i < plan->count; i++) {
		const struct record *record = &plan->records[i];
		int result;

		if (record->stage != STAGE_ENDING || (attends(record->code) && !supervise))
			continue;
		if (!attends(record->code) && !is_ours_to_undo(context))
			return;
		context->at = i;
		context->detail[0] = 0;
		result = record->operation->run(context, record->arguments);
		if (context->detached)
			return;
		if (result < 0) {
			end_keeper(context);
			keep_failure(context, failure, -result);
			context->left_behind |= !attends(record->code) &&
						record->code != OPERATION_REPORT_OUT_OF_MEMORY;
			supervise = false;
		}
	}
}

static bool has_operation(const struct plan *plan, enum operation_code code)
{
	for (size_t i = 0; i < plan->count; i++)
		if (plan->records[i].code == code)
			return true;
	return false;
}

static bool has_stage(const struct plan *plan, enum stage stage)
{
	for (size_t i = 0; i < plan->count; i++)
		if (plan->records[i].stage == stage)
			return true;
	return false;
}

/*
 * Who could not go on with a keeper that failed by itself tells the keeper's failure: the other
 * comes of it.
 */
static void give_up(struct context *context, struct failure *failure)
{
	bool started = context->keeper > 0;
	struct message message;

	end_keeper(context);
	if (!started ||
	    message_receive(context->keeper_socket[0], &message, NULL, NULL, NULL) < 0 ||
	    message.type != FAILED)
		return;
	*failure = (struct failure){.index = message.index, .error = message.value};
	memcpy(failure->detail, message.detail, sizeof(failure->detail));
}

/*
 * A cleanup prepares nothing; its keeper, where there is one to do part of it, starts no container.
 */
static void run_supervisor(struct context *context, struct failure *failure)
{
	static const enum stage before[] = {STAGE_PREPARE, STAGE_CLONE, STAGE_ATTACH};
	int result = 0;

	for (size_t i = context->cleanup ? 1 : 0; i < 3 && result >= 0; i++) {
		result = run_stage(context, before[i]);
		if (result < 0)
			keep_failure(context, failure, -result);
	}
	if (result < 0)
		give_up(context, failure);
	run_ending(context, failure, result >= 0);
}

/*
 * Returns the exit code; a failure leaves by the report instead. `own` are the words that we were
 * executed with, `argv` those that stand for them.
 */
int perform(char **argv, char **own)
{
	static struct context context = {
		.plan_fd = -1, .report_fd = -1, .listener = -1, .lock = -1};
	struct failure failure = {.index = -1};
	struct command_line line;
	int result;

	memset(context.slots, -1, sizeof(context.slots));
	context.keeper_socket[0] = context.container_socket[0] = -1;
	context.keeper_pidfd = context.container_pidfd = -1;
	if (!argv[0] || !parse_command_line(argv, &line))
		return usage("bad command line");
	context.argv = own;
	context.plan_fd = line.plan_fd;
	context.report_fd = line.report_fd;
	context.reporter = line.reporter;
	context.cleanup = line.cleanup;
	context.planner = line.planner;
	result = plan_read(&context.plan, line.plan_fd,
			   line.cleanup ? CLEANUP_STAGES : ALL_STAGES);
	if (result == 0 && context.plan.seal && !context.cleanup)
		result = seal_self(argv);
	if (result < 0) {
		failure.error = -result;
		report_failure(&context, &failure);
	}
	/* Who supervises forwards them; who only makes a container ends by them, as anybody. */
	if (has_operation(&context.plan, OPERATION_SUPERVISE))
		block_signals();
	signal(SIGPIPE, SIG_IGN);
	kernel_close_range(3, CLOSE_RANGE_CLOEXEC);
	result = open_sockets(&context);
	if (result < 0) {
		failure.error = -result;
		report_failure(&context, &failure);
	}
	if (context.cleanup && !has_stage(&context.plan, STAGE_VACATE))
		run_ending(&context, &failure, false);
	else
		run_supervisor(&context, &failure);
	if (failure.error)
		report_failure(&context, &failure);
	return context.exit_code;
}

int main(int argc, char **argv)
{
	fill_standard_streams();
	if (getauxval(AT_SECURE))
		return usage("refuses to run with the privileges of a set-user-ID file");
	if (argc > 2 && !strcmp(argv[1], "--oci"))
		return oci_main(argv);
	return perform(argv, argv);
}
