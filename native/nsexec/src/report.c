/*
 * How a failure leaves: keeper and container tell the supervisor; the supervisor tells TypeScript,
 * which knows why.
 */
#include <errno.h>
#include <fcntl.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>
#include "nsexec.h"


/* For an operation's `return`: keeps a word about the error beside its number. */
int detail_error(struct context *context, int error, const char *format, ...)
{
	va_list arguments;

	va_start(arguments, format);
	vsnprintf(context->detail, sizeof(context->detail), format, arguments);
	va_end(arguments);
	return -error;
}

/* In the keeper and the container. A peer that is gone has nobody left to tell. */
void tell_failure(struct context *context, int error)
{
	struct message message = {.type = FAILED, .index = (int32_t)context->at, .value = error};
	int socket =
		context->role == KEEPER ? context->keeper_socket[1] : context->container_socket[1];

	if (error != PEER_GONE) {
		memcpy(message.detail, context->detail, sizeof(message.detail));
		message_send(socket, &message, NULL, 0);
	}
	_exit(125);
}

/*
 * In the supervisor, after the cleanup: becomes the reporter, with the plan still open for it to
 * read, or writes one line to the report descriptor. Without either a bare line on stderr says what
 * is known here.
 */
void report_failure(struct context *context, const struct failure *failure)
{
	char index[24], error[16], plan[16];

	/* A plan that could not be read has no operation to name, not even its first. */
	snprintf(index, sizeof(index), "%ld", failure->index < 0 ? INT32_MAX : failure->index);
	snprintf(error, sizeof(error), "%d", failure->error);
	snprintf(plan, sizeof(plan), "%d", context->plan_fd);
	if (context->report_fd >= 0) {
		dprintf(context->report_fd, "%s %s %s\n", index, error, failure->detail);
		_exit(125);
	}
	if (context->reporter) {
		char *words[REPORTER_WORDS + 5];
		size_t count = 0;

		while (count < REPORTER_WORDS && context->reporter[count]) {
			words[count] = context->reporter[count];
			count++;
		}
		words[count++] = plan;
		words[count++] = index;
		words[count++] = error;
		words[count++] = (char *)failure->detail;
		words[count] = NULL;
		fcntl(context->plan_fd, F_SETFD, 0);
		execv(words[0], words);
	}
	dprintf(2, "nsexec: operation %s: errno %s %s\n", index, error, failure->detail);
	_exit(125);
}

/* The same of what undoes nothing: a child of ours tells it, and we go on. */
void warn_failure(struct context *context, int error)
{
	struct failure failure = {.index = (long)context->at, .error = error};
	pid_t child = fork();

	memcpy(failure.detail, context->detail, sizeof(failure.detail));
	if (child == 0) {
		/* One line there is the end of the run. */
		context->report_fd = -1;
		report_failure(context, &failure);
	}
	while (child > 0 && waitpid(child, NULL, 0) < 0 && errno == EINTR)
		;
}
