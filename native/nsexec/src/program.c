/*
 * Another program of the host's, run by the supervisor with the caller's privileges and an empty
 * environment: newuidmap and newgidmap, and systemd's busctl. Nothing that a container wrote is
 * among its words.
 */
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>
#include "nsexec.h"

#define ARGV_MAX 1100 /* 340 map lines of three words, and some */

/* Its first line on stderr is told as an error of ours is; `placeholder` stands for the pid. */
int run_program(struct context *context, const struct strings *words, const char *placeholder,
		pid_t pid)
{
	char number[16], complaint[200] = "", *argv[ARGV_MAX], *env[] = {NULL};
	int status, ends[2], error;
	pid_t child;

	if (words->count + 1 > ARGV_MAX || words->count < 2)
		return -E2BIG;
	snprintf(number, sizeof(number), "%d", pid);
	for (size_t i = 0; i < words->count; i++)
		argv[i] = strcmp(words->items[i], placeholder) ? words->items[i] : number;
	argv[words->count] = NULL;
	if (pipe2(ends, O_CLOEXEC) < 0)
		return -errno;
	child = fork();
	error = errno;
	if (child == 0) {
		int nothing = open("/dev/null", O_RDWR | O_CLOEXEC);

		dup2(nothing, 0);
		dup2(nothing, 1);
		dup2(ends[1], 2);
		execve(argv[0], argv, env);
		_exit(127);
	}
	close(ends[1]);
	if (child > 0 && read(ends[0], complaint, sizeof(complaint) - 1) < 0)
		complaint[0] = 0;
	complaint[strcspn(complaint, "\n")] = 0;
	close(ends[0]);
	if (child < 0)
		return -error;
	while (waitpid(child, &status, 0) < 0)
		if (errno != EINTR)
			return -errno;
	if (WIFEXITED(status) && WEXITSTATUS(status) == 0)
		return 0;
	if (WIFEXITED(status) && WEXITSTATUS(status) == 127)
		return -ENOENT;
	return detail_error(context, EPERM, "%s", complaint);
}
