/*
 * `delete`: performs what the container's plan says about its end. Of two at once the second one
 * waits, and finds nothing.
 */
#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <time.h>
#include <unistd.h>
#include "kernel.h"
#include "nsexec.h"
#include "oci.h"

#define END_MS 10000
#define TRIES_MAX 100
#define PAUSE_MS 5

/*
 * Who makes it holds the lock, and who deletes it, who removes it last. Where there is none there
 * is no plan either, and nothing but files.
 */
static int lock(const struct oci *oci, const struct container *container)
{
	const struct timespec pause = {.tv_nsec = PAUSE_MS * 1000000};
	struct flock whole = {.l_type = F_WRLCK, .l_whence = SEEK_SET}, other = whole;
	int fd = openat(container->directory, "lock", O_RDWR | O_NOFOLLOW | O_CLOEXEC);

	if (fd < 0 && errno == ENOENT)
		return 0;
	for (int waits = 0; fd >= 0 && waits < END_MS / PAUSE_MS; waits++) {
		if (fcntl(fd, F_SETLK, &whole) == 0)
			return 0;
		if (errno != EAGAIN && errno != EACCES && errno != EINTR)
			break;
		nanosleep(&pause, NULL);
	}
	if (fd < 0 || (errno != EAGAIN && errno != EACCES))
		return oci_fail(oci, "the lock of \"%s\" cannot be had: %s", container->id,
				strerror(errno));
	fcntl(fd, F_GETLK, &other);
	return oci_fail(oci, "container \"%s\" is being made or deleted: end process %d first",
			container->id, other.l_pid);
}

static bool is_gone(int directory)
{
	struct stat status;

	return fstat(directory, &status) < 0 || status.st_nlink == 0;
}

static int end_init(const struct oci *oci, const struct container *container)
{
	struct pollfd ended = {.fd = container->pidfd, .events = POLLIN};

	kill_members_of(container, SIGKILL);
	syscall(SYS_pidfd_send_signal, container->pidfd, SIGKILL, NULL, 0);
	thaw(container);
	if (poll(&ended, 1, END_MS) == 1)
		return 0;
	return oci_fail(oci, "process %d of \"%s\" does not end: it waits for a disk or a network",
			container->pid, container->id);
}

/*
 * Without a plan, or with one of a version that is not ours any more: what stands beside it is
 * enough for the processes, the cgroups and the files.
 */
static int end_unplanned(const struct oci *oci, const struct container *container)
{
	const struct args_remove_tree files = {.path = container->path};
	int result = 0, tries = 0;

	for (const char *at = container->cgroups; result == 0 && at < container->end;
	     at += strlen(at) + 1)
		if (*at == '/')
			result = op_remove_cgroup(NULL, &(struct args_remove_cgroup){.path = at});
	/* A planner that is at work may add files meanwhile; it ends when it finds no directory. */
	if (result == 0)
		do
			result = op_remove_tree(NULL, &files);
		while (result == -ENOTEMPTY && ++tries < TRIES_MAX);
	return result == 0 ? 0
			   : oci_fail(oci, "what \"%s\" has left cannot be removed: %s",
				      container->id, strerror(-result));
}

static int perform_ending(const struct oci *oci, const struct container *container)
{
	struct plan plan;
	int fd = openat(container->directory, "plan",
			O_RDONLY | O_NONBLOCK | O_NOFOLLOW | O_CLOEXEC);

	if (fd < 0 || plan_read(&plan, fd, CLEANUP_STAGES) < 0)
		return end_unplanned(oci, container);
	return oci_perform(oci, fd, 0);
}

/* Of one whose start has failed. */
int oci_destroy(const struct oci *oci, const struct container *container)
{
	if (lock(oci, container))
		return 1;
	if (is_gone(container->directory))
		return 0;
	return end_init(oci, container) || perform_ending(oci, container);
}

int oci_delete(const struct oci *oci, char **words)
{
	struct container container;
	const char *id = NULL;
	bool force = false, flags = true;

	for (; *words; words++) {
		if (flags && is_flag(*words, "force"))
			force = true;
		else if (flags && !strcmp(*words, "--"))
			flags = false;
		else if (flags && **words == '-')
			return oci_fail(oci, "delete: unknown flag %s", *words);
		else if (!id)
			id = *words;
		else
			return oci_fail(oci, "delete: one container id, not also %s", *words);
	}
	if (!id)
		return oci_fail(oci, "usage: delete [--force] ID");
	if (force && !oci_exists(oci, id))
		return 0;
	if (oci_open(oci, id, &container))
		return 1;
	if (lock(oci, &container))
		return 1;
	if (is_gone(container.directory))
		return force ? 0 : oci_fail(oci, "container \"%s\" does not exist", id);
	/* What was being made a moment ago may be there now. */
	oci_refresh(&container);
	if (!*container.template[0] && !force)
		return oci_fail(oci,
				"container \"%s\" does not exist: it was never created whole; "
				"delete --force removes what is left",
				id);
	if (container.pid > 0 && !force && container.status != CREATED)
		return oci_fail(oci, "cannot delete container \"%s\" that is not stopped: %s", id,
				status_name(container.status));
	if (container.pid > 0 && end_init(oci, &container))
		return 1;
	return perform_ending(oci, &container);
}
