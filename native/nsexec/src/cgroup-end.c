/*
 * The end of a container's cgroup, in the supervisor or in another that cleans up after one that
 * was killed. Each step may be repeated. Without a pid namespace of its own this is also what ends
 * the processes.
 */
#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>
#include <unistd.h>
#include "nsexec.h"

#define DEPTH_MAX 64
#define WAITS_MAX 500 /* of 4 ms */

/* Nothing to tell in a cleanup: nobody waits for how that container ended. */
int op_report_out_of_memory(struct context *context, const struct args_report_out_of_memory *args)
{
	char text[1024] = "";
	const char *line;
	long killed;
	ssize_t got;
	int fd;

	if (context->cleanup)
		return 0;
	fd = open(args->path, O_RDONLY | O_CLOEXEC);
	if (fd < 0)
		return errno == ENOENT ? 0 : -errno;
	got = read(fd, text, sizeof(text) - 1);
	close(fd);
	if (got < 0)
		return -EIO;
	line = strstr(text, "oom_kill ");
	killed = line ? strtol(line + strlen("oom_kill "), NULL, 10) : 0;
	if (killed <= 0)
		return 0;
	return detail_error(context, ENOMEM, "%ld %d", killed, context->exit_code);
}

/* Gone meanwhile, or not of this version: whether its members end is what the caller waits for. */
static void write_word(int directory, const char *file, const char *word)
{
	int fd = openat(directory, file, O_WRONLY | O_CLOEXEC);

	if (fd >= 0)
		write_whole(fd, word);
}

/* A line that is cut off would be another's number: what follows it is read first. */
bool signal_members(int directory, int number)
{
	int fd = openat(directory, "cgroup.procs", O_RDONLY | O_CLOEXEC);
	char text[4096], *at, *end;
	size_t have = 0;
	ssize_t got = -1;
	bool found = false;
	long pid;

	while (fd >= 0 && (got = read(fd, text + have, sizeof(text) - 1 - have)) > 0) {
		have += (size_t)got;
		text[have] = 0;
		for (at = text; (pid = strtol(at, &end, 10)), *end == '\n'; at = end + 1)
			found |= pid > 1 && kill((pid_t)pid, number) == 0;
		have -= (size_t)(at - text);
		memmove(text, at, have);
	}
	if (fd >= 0)
		close(fd);
	return found;
}

static int remove_cgroup(int parent, const char *name, int depth);

static int remove_below(int directory, int depth)
{
	int copy = dup(directory), result = 0;
	DIR *stream = copy < 0 ? NULL : fdopendir(copy);
	struct dirent *entry;

	if (!stream)
		return -errno;
	rewinddir(stream);
	while ((entry = readdir(stream))) {
		int one;

		if (entry->d_type != DT_DIR || entry->d_name[0] == '.')
			continue;
		one = remove_cgroup(directory, entry->d_name, depth + 1);
		if (result == 0)
			result = one;
	}
	closedir(stream);
	return result;
}

/* The kernel's own kill is complete; without it (v1) one that forks is caught in a later round. */
static int remove_cgroup(int parent, const char *name, int depth)
{
	int directory, result;

	if (unlinkat(parent, name, AT_REMOVEDIR) == 0 || errno == ENOENT)
		return 0;
	if (errno != EBUSY)
		return -errno;
	if (depth > DEPTH_MAX)
		return -ELOOP;
	directory = openat(parent, name, O_RDONLY | O_DIRECTORY | O_NOFOLLOW | O_CLOEXEC);
	if (directory < 0)
		return errno == ENOENT ? 0 : -errno;
	write_word(directory, "cgroup.kill", "1");
	signal_members(directory, SIGKILL);
	write_word(directory, "freezer.state", "THAWED");
	result = remove_below(directory, depth);
	close(directory);
	if (result < 0)
		return result;
	return unlinkat(parent, name, AT_REMOVEDIR) < 0 && errno != ENOENT ? -errno : 0;
}

int op_remove_cgroup(struct context *context, const struct args_remove_cgroup *args)
{
	const struct timespec pause = {.tv_nsec = 4000000};
	int result = remove_cgroup(AT_FDCWD, args->path, 0);

	/* What was killed is a member until the kernel has taken it apart. */
	for (int waits = 0; result == -EBUSY && waits < WAITS_MAX; waits++) {
		nanosleep(&pause, NULL);
		result = remove_cgroup(AT_FDCWD, args->path, 0);
	}
	return result;
}
