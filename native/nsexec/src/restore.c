/*
 * The supervisor of a container that criu(8) has restored: criu was our child and has ended, and
 * has given us its own, whose pid it wrote down. In the host's namespaces, with the caller's
 * privileges.
 */
#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <unistd.h>
#include "kernel.h"
#include "nsexec.h"

int op_adopt_restored(struct context *context, const struct args_adopt_restored *args)
{
	int fd, status;
	char text[16];
	ssize_t got;

	while (waitpid(context->container, &status, 0) < 0)
		if (errno != EINTR)
			return -errno;
	if (!WIFEXITED(status) || WEXITSTATUS(status) != 0)
		return detail_error(context, EIO, "criu ended with %d",
				    WIFEXITED(status) ? WEXITSTATUS(status)
						      : 128 + WTERMSIG(status));
	fd = open(args->pid_file, O_RDONLY | O_NOFOLLOW | O_CLOEXEC);
	if (fd < 0)
		return -errno;
	got = read(fd, text, sizeof(text) - 1);
	close(fd);
	text[got > 0 ? got : 0] = 0;
	context->container = (pid_t)strtol(text, NULL, 10);
	close(context->container_pidfd);
	context->container_pidfd = (int)syscall(SYS_pidfd_open, context->container, 0);
	return context->container_pidfd < 0 ? -errno : 0;
}
