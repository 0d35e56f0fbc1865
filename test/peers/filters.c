/*
 * Reads the system call filters of a process that waits for SIGUSR1, and lets it go on without them.
 *
 *   filters PID
 *
 * Runs as the host's root, outside. Prints each filter as hexadecimal bytes of struct sock_filter,
 * the one loaded last first; ends when the process has ended, with its exit code.
 */
#include <errno.h>
#include <linux/filter.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ptrace.h>
#include <sys/wait.h>

static int fail(const char *what)
{
	fprintf(stderr, "filters: %s: %s\n", what, strerror(errno));
	return 1;
}

int main(int argc, char **argv)
{
	static struct sock_filter program[BPF_MAXINSNS];
	pid_t pid = argc == 2 ? atoi(argv[1]) : 0;
	int status;
	long length;

	if (pid <= 0)
		return 2;
	if (ptrace(PTRACE_SEIZE, pid, NULL, PTRACE_O_EXITKILL | PTRACE_O_SUSPEND_SECCOMP) < 0)
		return fail("PTRACE_SEIZE");
	if (ptrace(PTRACE_INTERRUPT, pid, NULL, NULL) < 0 || waitpid(pid, &status, 0) < 0)
		return fail("PTRACE_INTERRUPT");
	for (long i = 0; (length = ptrace(PTRACE_SECCOMP_GET_FILTER, pid, i, program)) > 0; i++) {
		const unsigned char *bytes = (const unsigned char *)program;

		for (size_t j = 0; j < length * sizeof(*program); j++)
			printf("%02x", bytes[j]);
		puts("");
	}
	/* EINVAL: it has none at all. */
	if (length < 0 && errno != ENOENT && errno != EINVAL)
		return fail("PTRACE_SECCOMP_GET_FILTER");
	fflush(stdout);
	if (kill(pid, SIGUSR1) < 0)
		return fail("kill");
	for (int signal = 0;; signal = WSTOPSIG(status)) {
		/* A stop of ptrace's own is none of the process's signals. */
		if (ptrace(PTRACE_CONT, pid, NULL, signal == SIGTRAP || signal == SIGSTOP ? 0 : signal) < 0)
			return fail("PTRACE_CONT");
		if (waitpid(pid, &status, 0) < 0)
			return fail("waitpid");
		if (!WIFSTOPPED(status))
			break;
	}
	return WIFEXITED(status) ? WEXITSTATUS(status) : 1;
}
