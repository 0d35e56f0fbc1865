// Runs programs in turn, A B A B …, and measures each run: wall time from before the spawn to
// the end of the wait (CLOCK_MONOTONIC), cpu time of the program and all it waited for, and the
// most that any one of them had resident (wait4).
//
//   pair ROUNDS IDLE_MS FEED_BYTES STDERR_FILE { COUNT FILE ARG… }…
//
// COUNT is of FILE and what follows it. FILE is open as descriptor 3 in the program, unless it is empty.
// One line a run on stdout: ROUND PROGRAM WALL_NS CPU_US PEAK_KB, where PROGRAM counts from 0.
// With FEED_BYTES the program's stdin is a pipe that brings that many zeros, its stdout a pipe
// that must bring them back. Exit: 0, 1 for a usage or system error, 2 when a program failed.

#define _GNU_SOURCE
#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <spawn.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/resource.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

#define PROGRAMS_MAX 32
#define CHUNK_BYTES (1 << 16)
#define TIMEOUT_SECONDS 120

extern char **environ;

static volatile pid_t running;
static char chunk[CHUNK_BYTES];

static void die(const char *what) {
	fprintf(stderr, "pair: %s: %s\n", what, strerror(errno));
	exit(1);
}

static long long count(const char *text) {
	char *end;
	errno = 0;
	long long value = strtoll(text, &end, 10);
	if (errno || *text == '\0' || *end != '\0' || value < 0) {
		fprintf(stderr, "pair: not a count: %s\n", text);
		exit(1);
	}
	return value;
}

static long long now_ns(void) {
	struct timespec t;
	if (clock_gettime(CLOCK_MONOTONIC, &t) < 0)
		die("clock_gettime");
	return t.tv_sec * 1000000000LL + t.tv_nsec;
}

static void end_running(int signal) {
	(void)signal;
	if (running > 0)
		kill(running, SIGKILL);
}

// The writer is a process of its own: one that writes and reads in turn would wait for itself.
static pid_t feed(int out, int other, long long bytes) {
	pid_t pid = fork();
	if (pid < 0)
		die("fork");
	if (pid > 0)
		return pid;
	close(other);
	while (bytes > 0) {
		ssize_t n = write(out, chunk, bytes < CHUNK_BYTES ? (size_t)bytes : CHUNK_BYTES);
		if (n < 0 && errno != EINTR)
			_exit(1);
		bytes -= n > 0 ? n : 0;
	}
	_exit(0);
}

static long long drain(int in) {
	long long total = 0;
	for (;;) {
		ssize_t n = read(in, chunk, CHUNK_BYTES);
		if (n < 0 && errno == EINTR)
			continue;
		if (n < 0)
			die("read");
		if (n == 0)
			return total;
		total += n;
	}
}

static pid_t spawn(char **argv, const char *file, int in, int out, int err) {
	posix_spawn_file_actions_t files;
	posix_spawnattr_t attributes;
	sigset_t all, none;
	pid_t pid;

	posix_spawn_file_actions_init(&files);
	posix_spawn_file_actions_adddup2(&files, in, 0);
	posix_spawn_file_actions_adddup2(&files, out, 1);
	posix_spawn_file_actions_adddup2(&files, err, 2);
	if (*file)
		posix_spawn_file_actions_addopen(&files, 3, file, O_RDONLY, 0);

	// Node ignores SIGPIPE, and a program inherits that.
	sigfillset(&all);
	sigemptyset(&none);
	posix_spawnattr_init(&attributes);
	posix_spawnattr_setsigdefault(&attributes, &all);
	posix_spawnattr_setsigmask(&attributes, &none);
	posix_spawnattr_setflags(&attributes, POSIX_SPAWN_SETSIGDEF | POSIX_SPAWN_SETSIGMASK);

	int error = posix_spawnp(&pid, argv[0], &files, &attributes, argv, environ);
	posix_spawn_file_actions_destroy(&files);
	posix_spawnattr_destroy(&attributes);
	if (error) {
		errno = error;
		die(argv[0]);
	}
	return pid;
}

// The first word is the file, the others are the program's argv.
static void run(char **words, long long feed_bytes, int null, int err, long long *wall_ns,
		long long *cpu_us, long *peak_kb) {
	char **argv = words + 1;
	int in[2] = {null, -1}, out[2] = {-1, null};
	pid_t feeder = -1;
	int status;
	struct rusage usage;

	if (feed_bytes > 0) {
		if (pipe2(in, O_CLOEXEC) < 0 || pipe2(out, O_CLOEXEC) < 0)
			die("pipe2");
	}
	long long start = now_ns();
	running = spawn(argv, words[0], in[0], out[1], err);
	alarm(TIMEOUT_SECONDS);
	if (feed_bytes > 0) {
		close(in[0]);
		close(out[1]);
		feeder = feed(in[1], out[0], feed_bytes);
		close(in[1]);
		long long back = drain(out[0]);
		close(out[0]);
		if (back != feed_bytes) {
			fprintf(stderr, "pair: %s gave back %lld of %lld bytes\n", argv[0], back, feed_bytes);
			exit(2);
		}
	}
	while (wait4(running, &status, 0, &usage) < 0)
		if (errno != EINTR)
			die("wait4");
	*wall_ns = now_ns() - start;
	running = 0;
	alarm(0);
	if (feeder > 0)
		waitpid(feeder, NULL, 0);
	if (WIFSIGNALED(status)) {
		fprintf(stderr, "pair: %s ended by signal %d\n", argv[0], WTERMSIG(status));
		exit(2);
	}
	if (WEXITSTATUS(status) != 0) {
		fprintf(stderr, "pair: %s ended with exit code %d\n", argv[0], WEXITSTATUS(status));
		exit(2);
	}
	*cpu_us = (usage.ru_utime.tv_sec + usage.ru_stime.tv_sec) * 1000000LL +
		usage.ru_utime.tv_usec + usage.ru_stime.tv_usec;
	*peak_kb = usage.ru_maxrss;
}

int main(int argc, char **argv) {
	if (argc < 7) {
		fprintf(stderr, "usage: pair ROUNDS IDLE_MS FEED_BYTES STDERR_FILE { COUNT FILE ARG... }...\n");
		return 1;
	}
	long long rounds = count(argv[1]), idle_ms = count(argv[2]), feed_bytes = count(argv[3]);
	struct timespec idle = {idle_ms / 1000, idle_ms % 1000 * 1000000};

	// Each program's arguments end where the next one's count stood: that place becomes its NULL.
	char **programs[PROGRAMS_MAX];
	int found = 0;
	for (int i = 5; i < argc;) {
		long long words = count(argv[i]);
		if (words < 2 || words > argc - i - 1 || found == PROGRAMS_MAX) {
			fprintf(stderr, "pair: program %d has no place for %lld words\n", found, words);
			return 1;
		}
		argv[i] = NULL;
		programs[found++] = argv + i + 1;
		i += 1 + (int)words;
	}

	int null = open("/dev/null", O_RDWR | O_CLOEXEC);
	int err = open(argv[4], O_WRONLY | O_CREAT | O_APPEND | O_CLOEXEC, 0600);
	if (null < 0 || err < 0)
		die("open");
	struct sigaction on_alarm = {.sa_handler = end_running};
	if (sigaction(SIGALRM, &on_alarm, NULL) < 0)
		die("sigaction");

	for (long long round = 0; round < rounds; round++) {
		for (int p = 0; p < found; p++) {
			long long wall_ns, cpu_us;
			long peak_kb;
			nanosleep(&idle, NULL);
			run(programs[p], feed_bytes, null, err, &wall_ns, &cpu_us, &peak_kb);
			printf("%lld %d %lld %lld %ld\n", round, p, wall_ns, cpu_us, peak_kb);
		}
	}
	return 0;
}
