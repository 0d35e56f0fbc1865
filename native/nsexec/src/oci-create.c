/*
 * What Node decides and we do: it plans in a child of ours, names the file that holds the plan, and
 * is killed then, since nobody waits for it to clean its memory up.
 */
#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>
#include "nsexec.h"
#include "oci.h"

/* Descriptors that the caller hands on keep their numbers: ours must be above them. */
#define OURS 100

/*
 * Hashes keys with the seed that V8 was built with: a seed of its own takes a seventh of Node's
 * start. Who writes a configuration could have keys collide, and would wait for that container of
 * theirs.
 */
#define SAME_SEED "--no-rehash-snapshot"

/* What Node exits with when it does not know an option. */
#define BAD_OPTION 9

static void become_planner(const struct oci *oci, const char *option, int channel, pid_t parent)
	__attribute__((noreturn));
static void become_planner(const struct oci *oci, const char *option, int channel, pid_t parent)
{
	char number[16];

	if (prctl(PR_SET_PDEATHSIG, SIGKILL) < 0 || getppid() != parent)
		_exit(1);
	snprintf(number, sizeof(number), "%d", channel);
	setenv("MINICONTAINER_PLAN_FD", number, 1);
	fcntl(channel, F_SETFD, 0);
	_exit(oci_execute_node(oci, option));
}

/* A path that ends with a NUL; less than that is from a planner that failed. */
static bool read_path(int channel, char path[PATH_MAX])
{
	size_t have = 0;
	ssize_t got;

	do {
		got = read(channel, path + have, PATH_MAX - have);
		if (got > 0)
			have += (size_t)got;
	} while ((got < 0 && errno == EINTR) || (got > 0 && path[have - 1] && have < PATH_MAX));
	return have > 0 && !path[have - 1];
}

/* That of a process which joins a container is of no use once it is read. */
static int open_plan(const char *path)
{
	const char *name = strrchr(path, '/');
	int fd = open(path, O_RDONLY);

	if (fd >= 0 && name && strcmp(name, "/plan"))
		unlink(path);
	return fd;
}

/* As nsexec's own command line has it: with a planner to reap, or else the plan's end alone. */
int oci_perform(const struct oci *oci, int plan, pid_t planner)
{
	char number[16], pid[16], *reporter[REPORTER_WORDS + 1] = {NULL};
	char *words[REPORTER_WORDS + 6] = {"nsexec", "--cleanup"};
	size_t count = 2;

	snprintf(number, sizeof(number), "%d", plan);
	snprintf(pid, sizeof(pid), "%d", planner);
	if (planner > 0) {
		words[1] = "--planner";
		words[count++] = pid;
	}
	words[count++] = number;
	oci_reporter(oci, reporter);
	for (size_t i = 0; reporter[i]; i++)
		words[count++] = reporter[i];
	words[count] = NULL;
	return perform(words, oci->own);
}

static int perform_plan(const struct oci *oci, const char *path, pid_t planner)
{
	int fd = open_plan(path);

	if (fd < 0)
		return oci_fail(oci, "the plan %s cannot be opened: %s", path, strerror(errno));
	return oci_perform(oci, fd, planner);
}

static int create(const struct oci *oci, const char *option)
{
	char path[PATH_MAX];
	int ends[2], status;
	pid_t planner, parent = getpid();

	if (pipe2(ends, O_CLOEXEC) < 0)
		return oci_fail(oci, "pipe2: %s", strerror(errno));
	for (int i = 0; i < 2; i++) {
		int low = ends[i];

		ends[i] = fcntl(low, F_DUPFD_CLOEXEC, OURS);
		close(low);
	}
	planner = fork();
	if (planner < 0 || ends[0] < 0 || ends[1] < 0)
		return oci_fail(oci, "Node.js cannot be started: %s", strerror(errno));
	if (planner == 0)
		become_planner(oci, option, ends[1], parent);
	close(ends[1]);
	if (read_path(ends[0], path)) {
		close(ends[0]);
		kill(planner, SIGKILL);
		return perform_plan(oci, path, planner);
	}
	close(ends[0]);
	while (waitpid(planner, &status, 0) < 0 && errno == EINTR)
		;
	if (WIFSIGNALED(status))
		return oci_fail(oci, "Node.js was killed by signal %d", WTERMSIG(status));
	if (option && WEXITSTATUS(status) == BAD_OPTION)
		return create(oci, NULL);
	return WEXITSTATUS(status);
}

int oci_create(const struct oci *oci)
{
	return create(oci, SAME_SEED);
}
