/*
 * Hooks: programs that a specification has run at points of a container's life, with the
 * container's state on stdin. The supervisor runs the host's, in the host's namespaces with the
 * caller's privileges; the container runs its own: before the pivot with the host's root still
 * there, and at the start with the payload's privileges, where the root file system chooses what is
 * executed.
 */
#include <errno.h>
#include <poll.h>
#include <signal.h>
#include <stdio.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/signalfd.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>
#include "kernel.h"
#include "nsexec.h"

#define TOLD_MAX 160 /* of what a hook printed */

extern char **environ;

struct hook {
	pid_t pid;
	int pidfd;
	int state, output; /* its stdin, its stdout and stderr */
	int failed[2]; /* tells the errno of an execve that failed */
};

/* In the container, where no hook of its own may run before those of the host have. */
int op_await_hooks(struct context *context, const struct args_await_hooks *args)
{
	struct message message = {.type = HOOKS_READY};
	int result = message_send(context->container_socket[1], &message, NULL, 0);

	return result < 0 ? result :
			    message_receive(context->container_socket[1], &message, NULL, NULL,
					    NULL);
}

/* In the supervisor, whose stage `hooks` it is that the container waits for. */
int serve_hooks(struct context *context)
{
	const struct message go_on = {.type = RELEASE};
	size_t at = context->at;
	int result = run_stage(context, STAGE_HOOKS);

	if (result < 0)
		return result;
	context->at = at;
	return message_send(context->container_socket[0], &go_on, NULL, 0);
}

/* A file, not a pipe: who does not read it, or dies, hinders nobody, however long it is. */
static int write_state(const struct context *context, const struct strings *state)
{
	int fd = (int)syscall(SYS_memfd_create, "state", MFD_CLOEXEC), error = 0;
	char pid[16];

	if (fd < 0)
		return -errno;
	snprintf(pid, sizeof(pid), "%d", context->container);
	for (size_t i = 0; i < state->count && !error; i++)
		if ((i > 0 && write(fd, pid, strlen(pid)) < 0) ||
		    write(fd, state->items[i], strlen(state->items[i])) < 0)
			error = errno;
	if (!error && lseek(fd, 0, SEEK_SET) == 0)
		return fd;
	error = error ? error : errno;
	close(fd);
	return -error;
}

/* A session of its own: what it starts is ended with it, and Ctrl-C reaches it by us alone. */
static void become_hook(const struct args_run_hook *args, const struct hook *hook)
	__attribute__((noreturn));
static void become_hook(const struct args_run_hook *args, const struct hook *hook)
{
	mode_t mask = umask(022);
	sigset_t none;
	int error;

	/* While a root file system is built it is 0, which is for our own files. */
	if (mask != 0)
		umask(mask);
	signal(SIGPIPE, SIG_DFL);
	sigemptyset(&none);
	sigprocmask(SIG_SETMASK, &none, NULL);
	prctl(PR_SET_PDEATHSIG, SIGKILL);
	setsid();
	/* Those that the caller left open, or keeps for the command; a filter may forbid it. */
	(void)kernel_close_range(3, CLOSE_RANGE_CLOEXEC);
	if (dup2(hook->state, 0) == 0 && dup2(hook->output, 1) == 1 &&
	    dup2(hook->output, 2) == 2 &&
	    /* Root of a user namespace may not go wherever the caller may. */
	    (!*args->directory || chdir(args->directory) == 0 || errno == EACCES))
		execve(args->path, args->argv.items, args->inherit ? environ : args->env.items);
	error = errno;
	if (write(hook->failed[1], &error, sizeof(error)) < 0)
		_exit(126);
	_exit(127);
}

/*
 * Signals that wait for the supervisor's loop, and end what it does before: a descriptor that has
 * something to read then; -1 in the container.
 */
int open_interruptions(const struct context *context)
{
	static const int ending[] = {SIGHUP, SIGINT, SIGQUIT, SIGTERM};
	sigset_t blocked, set;

	if (context->role != SUPERVISOR)
		return -1;
	sigemptyset(&set);
	sigprocmask(SIG_BLOCK, NULL, &blocked);
	for (size_t i = 0; i < sizeof(ending) / sizeof(*ending); i++)
		if (sigismember(&blocked, ending[i]))
			sigaddset(&set, ending[i]);
	return signalfd(-1, &set, SFD_CLOEXEC);
}

/* 0, ETIMEDOUT or EINTR; with all of its session it has ended then, but for 0. */
static int await_end(const struct context *context, const struct hook *hook, uint32_t timeout_ms)
{
	struct pollfd watched[2] = {
		{.fd = hook->pidfd, .events = POLLIN},
		{.fd = open_interruptions(context), .events = POLLIN},
	};
	int ready, error = 0;

	do
		ready = poll(watched, 2, timeout_ms ? (int)timeout_ms : -1);
	while (ready < 0 && errno == EINTR);
	if (ready < 0)
		error = errno;
	else if (ready == 0)
		error = ETIMEDOUT;
	else if (!watched[0].revents)
		error = EINTR;
	if (error) {
		kill(-hook->pid, SIGKILL);
		kill(hook->pid, SIGKILL);
	}
	if (watched[1].fd >= 0)
		close(watched[1].fd);
	return error;
}

/* With the end of what it printed, in one line. */
static int tell(struct context *context, const struct hook *hook, int error, const char *how)
{
	char said[TOLD_MAX + 1];
	off_t end = lseek(hook->output, 0, SEEK_END);
	ssize_t got = pread(hook->output, said, TOLD_MAX, end > TOLD_MAX ? end - TOLD_MAX : 0);

	while (got > 0 && (unsigned char)said[got - 1] <= ' ')
		got--;
	said[got > 0 ? got : 0] = 0;
	for (char *at = said; *at; at++)
		if ((unsigned char)*at < ' ')
			*at = ' ';
	return detail_error(context, error, *said ? "%s: %s" : "%s", how, said);
}

static int result_of(struct context *context, const struct hook *hook, uint32_t timeout_ms,
		     int error)
{
	char how[64];
	int status;

	while (waitpid(hook->pid, &status, 0) < 0)
		if (errno != EINTR)
			return -errno;
	if (error == EINTR)
		return detail_error(context, error, "was interrupted");
	if (error == ETIMEDOUT) {
		snprintf(how, sizeof(how), "did not end within %g s, and was killed",
			 timeout_ms / 1000.0);
		return tell(context, hook, error, how);
	}
	if (error)
		return -error;
	if (read(hook->failed[0], &error, sizeof(error)) == sizeof(error))
		return detail_error(context, error, "cannot be executed");
	if (WIFEXITED(status) && WEXITSTATUS(status) == 0)
		return 0;
	snprintf(how, sizeof(how),
		 WIFEXITED(status) ? "failed with exit status %d" : "was ended by signal %d",
		 WIFEXITED(status) ? WEXITSTATUS(status) : WTERMSIG(status));
	return tell(context, hook, ECANCELED, how);
}

static int run(struct context *context, const struct args_run_hook *args, struct hook *hook)
{
	int error;

	hook->state = write_state(context, &args->state);
	if (hook->state < 0)
		return hook->state;
	hook->output = (int)syscall(SYS_memfd_create, "hook", MFD_CLOEXEC | MFD_ALLOW_SEALING);
	if (hook->output < 0 || pipe2(hook->failed, O_CLOEXEC) < 0)
		return -errno;
	hook->pid = clone_process(0, &hook->pidfd, -1);
	if (hook->pid < 0)
		return hook->pid;
	if (hook->pid == 0)
		become_hook(args, hook);
	close(hook->failed[1]);
	hook->failed[1] = -1;
	error = await_end(context, hook, args->timeout_ms);
	/* What it has left behind shall not fill a memory that nobody reads. */
	if (fcntl(hook->output, F_ADD_SEALS, F_SEAL_GROW) < 0 && !error)
		error = errno;
	return result_of(context, hook, args->timeout_ms, error);
}

/* When a container has ended nothing can be called off any more: then a failure is a warning. */
int op_run_hook(struct context *context, const struct args_run_hook *args)
{
	struct hook hook = {.pidfd = -1, .state = -1, .output = -1, .failed = {-1, -1}};
	const int *fds[] = {&hook.pidfd, &hook.state, &hook.output, hook.failed, hook.failed + 1};
	int result = run(context, args, &hook);

	for (size_t i = 0; i < sizeof(fds) / sizeof(*fds); i++)
		if (*fds[i] >= 0)
			close(*fds[i]);
	if (result < 0 && context->plan.records[context->at].stage == STAGE_ENDING) {
		warn_failure(context, -result);
		return 0;
	}
	return result;
}
