/*
 * `--init`: a pid 1 that forwards signals to the command and reaps what the command leaves behind.
 * Runs with the payload's own privileges, and executes nothing.
 */
#include <errno.h>
#include <signal.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/wait.h>
#include <unistd.h>
#include "kernel.h"
#include "nsexec.h"

static void forward_and_reap(pid_t command) __attribute__((noreturn));

static void never_called(int number)
{
	(void)number;
}

static void forward_and_reap(pid_t command)
{
	sigset_t all;

	sigfillset(&all);
	/*
	 * While a signal is waited for it looks unblocked; the supervisor must see that it is not
	 * left to its default.
	 */
	for (int number = 1; number < NSIG; number++)
		signal(number, never_called);
	for (;;) {
		int number = sigwaitinfo(&all, NULL), status;
		pid_t ended;

		if (number < 0)
			continue;
		if (number != SIGCHLD) {
			kill(command, number);
			continue;
		}
		while ((ended = waitpid(-1, &status, WNOHANG)) > 0) {
			if (ended != command)
				continue;
			/* The kernel ends what is left of the container with its pid 1. */
			_exit(WIFEXITED(status) ? WEXITSTATUS(status) : 128 + WTERMSIG(status));
		}
	}
}

/* The memory that ps(1) reads: our own command line names paths of the host. */
void take_name(struct context *context)
{
	static const char name[] = "init";
	size_t room = 0;

	for (char **word = context->argv; *word; word++)
		room += strlen(*word) + 1;
	memset(context->argv[0], 0, room);
	memcpy(context->argv[0], name, sizeof(name) < room ? sizeof(name) : room);
	prctl(PR_SET_NAME, name);
}

/*
 * The command gets a process group, and the terminal if there is one, so that Ctrl-C reaches it
 * once, not twice.
 */
int op_start_init(struct context *context, const struct args_start_init *args)
{
	sigset_t all, before;
	pid_t command;

	sigfillset(&all);
	sigprocmask(SIG_BLOCK, &all, &before);
	command = fork();
	if (command < 0)
		return -errno;
	if (command > 0) {
		kernel_close_range(3, 0);
		close(0);
		close(1);
		close(2);
		take_name(context);
		forward_and_reap(command);
	}
	setpgid(0, 0);
	/* In the background until then: SIGTTOU is still blocked. */
	tcsetpgrp(0, getpid());
	sigprocmask(SIG_SETMASK, &before, NULL);
	return 0;
}
