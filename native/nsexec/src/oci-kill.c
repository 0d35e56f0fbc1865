/* `kill`: a signal to a container's first process, by a descriptor that no other can be behind. */
#include <ctype.h>
#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>
#include <sys/syscall.h>
#include <time.h>
#include <unistd.h>
#include "kernel.h"
#include "nsexec.h"
#include "oci.h"

#define DEPTH_MAX 64
#define FREEZE_WAITS_MAX 500 /* of 2 ms */

static const struct {
	const char *name;
	int number;
} signals[] = {
	{"HUP", 1},   {"INT", 2},   {"QUIT", 3},  {"ILL", 4},     {"TRAP", 5},    {"ABRT", 6},
	{"IOT", 6},   {"BUS", 7},   {"FPE", 8},   {"KILL", 9},    {"USR1", 10},   {"SEGV", 11},
	{"USR2", 12}, {"PIPE", 13}, {"ALRM", 14}, {"TERM", 15},   {"STKFLT", 16}, {"CHLD", 17},
	{"CLD", 17},  {"CONT", 18}, {"STOP", 19}, {"TSTP", 20},   {"TTIN", 21},   {"TTOU", 22},
	{"URG", 23},  {"XCPU", 24}, {"XFSZ", 25}, {"VTALRM", 26}, {"PROF", 27},   {"WINCH", 28},
	{"IO", 29},   {"POLL", 29}, {"PWR", 30},  {"SYS", 31},    {"RTMIN", 34},  {"RTMAX", 64},
};

/*
 * A name with or without SIG, in either case; RTMIN+n and RTMAX-n; or a number, of which 0 only
 * asks whether there is somebody. -1: none.
 */
static int signal_number(const char *text)
{
	char *end;
	long number = strtol(text, &end, 10);

	if (isdigit((unsigned char)*text))
		return *end || number > 64 ? -1 : (int)number;
	if (!strncasecmp(text, "SIG", 3))
		text += 3;
	for (size_t i = 0; i < sizeof(signals) / sizeof(*signals); i++) {
		size_t length = strlen(signals[i].name);

		if (strncasecmp(text, signals[i].name, length))
			continue;
		if (!text[length])
			return signals[i].number;
		if (strncasecmp(text, "RTM", 3) || !strchr("+-", text[length]))
			continue;
		number = signals[i].number + strtol(text + length, &end, 10);
		return *end || number < 34 || number > 64 ? -1 : (int)number;
	}
	return -1;
}

static bool write_word(const char *directory, const char *file, const char *word)
{
	char path[PATH_MAX];
	int fd;

	snprintf(path, sizeof(path), "%s/%s", directory, file);
	fd = open(path, O_WRONLY | O_CLOEXEC);
	return fd >= 0 && write_whole(fd, word) == 0;
}

static void signal_directory(int parent, const char *name, int number, int depth)
{
	int directory = openat(parent, name, O_RDONLY | O_DIRECTORY | O_NOFOLLOW | O_CLOEXEC);
	DIR *stream = directory < 0 ? NULL : fdopendir(directory);
	struct dirent *entry;

	if (!stream) {
		close(directory);
		return;
	}
	signal_members(directory, number);
	while (depth < DEPTH_MAX && (entry = readdir(stream)))
		if (entry->d_type == DT_DIR && entry->d_name[0] != '.')
			signal_directory(directory, entry->d_name, number, depth + 1);
	closedir(stream);
}

static void write_freezer(const struct container *container, const char *v1, const char *v2)
{
	bool unified = container->template[4][0] == '2';

	if (*container->template[3])
		write_word(container->template[3], unified ? "cgroup.freeze" : "freezer.state",
			   unified ? v2 : v1);
}

/* Who is frozen takes no signal before it is thawed, not even the last one. */
void thaw(const struct container *container)
{
	write_freezer(container, "THAWED", "0");
}

/* v1 gives up halfway where processes keep being born; who waits for a disk is not waited for. */
static void freeze(const struct container *container)
{
	const struct timespec pause = {.tv_nsec = 2000000};

	for (int waits = 0; waits < FREEZE_WAITS_MAX && !is_frozen(container); waits++) {
		if (waits > 0)
			nanosleep(&pause, NULL);
		write_freezer(container, "FROZEN", "1");
	}
}

/*
 * Standing still meanwhile, so that none gets away by forking and no pid becomes another's; the
 * kernel's own kill (v2, since 5.14) needs neither. False where there is no cgroup.
 */
bool kill_members_of(const struct container *container, int number)
{
	const char *cgroup = container->template[3];
	bool unified = container->template[4][0] == '2';

	if (!*cgroup)
		return false;
	if (unified && number == SIGKILL && write_word(cgroup, "cgroup.kill", "1"))
		return true;
	freeze(container);
	signal_directory(AT_FDCWD, cgroup, number, 0);
	if (container->status != PAUSED || number == SIGKILL)
		thaw(container);
	return true;
}

int oci_kill(const struct oci *oci, char **words)
{
	const char *id = NULL, *name = "TERM";
	struct container container;
	bool all = false, flags = true;
	int number;

	for (; *words; words++) {
		if (flags && is_flag(*words, "all"))
			all = true;
		else if (flags && !strcmp(*words, "--"))
			flags = false;
		else if (flags && **words == '-')
			return oci_fail(oci, "kill: unknown flag %s", *words);
		else if (!id)
			id = *words;
		else if (!words[1])
			name = *words;
		else
			return oci_fail(oci, "kill: one signal, not also %s", words[1]);
	}
	if (!id)
		return oci_fail(oci, "usage: kill [--all] ID [SIGNAL]");
	number = signal_number(name);
	if (number < 0)
		return oci_fail(oci, "invalid signal \"%s\": a name as TERM, or a number", name);
	if (oci_open(oci, id, &container))
		return 1;
	if (all && (kill_members_of(&container, number) || container.pid == 0))
		return 0;
	if (container.pid == 0)
		return oci_fail(oci, "container not running: \"%s\" is %s", id,
				status_name(container.status));
	if (syscall(SYS_pidfd_send_signal, container.pidfd, number, NULL, 0) < 0 &&
	    (errno != ESRCH || !all))
		return errno == ESRCH ? oci_fail(oci, "container not running: \"%s\" has ended", id)
				      : oci_fail(oci, "\"%s\" cannot be signalled: %s", id,
						 strerror(errno));
	/* On v1 not even that one is taken while it is frozen. */
	if (number == SIGKILL && container.status == PAUSED)
		thaw(&container);
	return 0;
}
