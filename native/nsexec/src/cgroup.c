/*
 * The container's cgroup: made and limited by the supervisor with the caller's own privileges, in
 * the host's hierarchies; entered by the container before anything of its root file system is
 * touched. Nobody inside can reach these files: the container gets a view of its own, read-only.
 */
#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>
#include <time.h>
#include <unistd.h>
#include "kernel.h"
#include "nsexec.h"

#define TRIES_MAX 100
#define SCOPE_WAITS_MAX 2500 /* of 2 ms */
#define BPF_PROG_LOAD 5
#define BPF_PROG_ATTACH 8
#define BPF_PROG_TYPE_CGROUP_DEVICE 15u
#define BPF_CGROUP_DEVICE 6u
#define BPF_F_ALLOW_MULTI 2u

static int write_at(int directory, const char *file, const char *data)
{
	int fd = openat(directory, file, O_WRONLY | O_NOFOLLOW | O_CLOEXEC);

	return fd < 0 ? -errno : write_whole(fd, data);
}

/* From the top of the hierarchy down; on v2 each level has to hand its controllers on. */
static int descend(struct context *context, const struct args_make_cgroup *args)
{
	int at = open(args->hierarchy, O_RDONLY | O_DIRECTORY | O_CLOEXEC), below, result = 0;
	char name[NAME_MAX + 1];
	const char *path = args->path;

	if (at < 0)
		return detail_error(context, errno, "%s", args->hierarchy);
	while (result == 0 && *(path += strspn(path, "/"))) {
		size_t length = strcspn(path, "/");

		if (length > NAME_MAX)
			result = -ENAMETOOLONG;
		else if (*args->controllers)
			result = write_at(at, "cgroup.subtree_control", args->controllers);
		if (result < 0)
			break;
		snprintf(name, sizeof(name), "%.*s", (int)length, path);
		if (mkdirat(at, name, 0755) < 0 && errno != EEXIST) {
			result = -errno;
			break;
		}
		below = openat(at, name, O_RDONLY | O_DIRECTORY | O_NOFOLLOW | O_CLOEXEC);
		if (below < 0) {
			result = -errno;
			break;
		}
		close(at);
		at = below;
		path += length;
	}
	if (result == 0)
		return at;
	close(at);
	return detail_error(context, -result, "%s/%.*s", args->hierarchy, (int)(path - args->path),
			    args->path);
}

/* ENOENT, ENODEV: somebody removed a level that was empty, between our making it and our use. */
int op_make_cgroup(struct context *context, const struct args_make_cgroup *args)
{
	mode_t before = umask(022);
	int fd, tries = 0;

	do
		fd = descend(context, args);
	while ((fd == -ENOENT || fd == -ENODEV) && ++tries < TRIES_MAX);
	umask(before);
	if (fd < 0)
		return fd;
	context->slots[args->to] = fd;
	return 0;
}

int op_write_cgroup(struct context *context, const struct args_write_cgroup *args)
{
	return write_at(slot(context, args->cgroup, -1), args->file, args->data);
}

/* Instructions of 8 bytes each, as struct bpf_insn has them. */
int op_load_device_filter(struct context *context, const struct args_load_device_filter *args)
{
	const struct {
		uint32_t type, count;
		uint64_t instructions, license;
		uint8_t rest[96];
	} load = {BPF_PROG_TYPE_CGROUP_DEVICE, (uint32_t)args->program.count / 2,
		  (uint64_t)(uintptr_t)args->program.items, (uint64_t)(uintptr_t)"GPL"};
	struct {
		uint32_t target, program, type, flags;
		uint8_t rest[96];
	} attach = {.target = (uint32_t)slot(context, args->cgroup, -1),
		    .type = BPF_CGROUP_DEVICE,
		    .flags = BPF_F_ALLOW_MULTI};
	int program = (int)syscall(SYS_bpf, BPF_PROG_LOAD, &load, sizeof(load)), error = 0;

	if (program < 0)
		return -errno;
	attach.program = (uint32_t)program;
	if (syscall(SYS_bpf, BPF_PROG_ATTACH, &attach, sizeof(attach)) < 0)
		error = errno;
	close(program);
	return -error;
}

/* The kernel asks for the rights of who opened the list, not of who writes to it. */
int op_open_members(struct context *context, const struct args_open_members *args)
{
	int fd = openat(slot(context, args->cgroup, -1), args->file, O_WRONLY | O_CLOEXEC);

	if (fd < 0)
		return -errno;
	context->slots[args->to] = fd;
	return 0;
}

/*
 * By a process that moves itself, and alone: to move another the kernel waits for a grace period
 * first, some 10 ms.
 */
int op_enter_cgroup(struct context *context, const struct args_enter_cgroup *args)
{
	return write(slot(context, args->members, -1), "0", 1) < 0 ? -errno : 0;
}

static bool is_in(pid_t pid, const char *cgroup)
{
	char text[4096], line[512];
	int fd = open_process_file(pid, "cgroup", O_RDONLY);
	ssize_t got = fd < 0 ? -1 : read(fd, text, sizeof(text) - 1);

	if (fd >= 0)
		close(fd);
	if (got < 0)
		return false;
	text[got] = 0;
	snprintf(line, sizeof(line), "0::%s\n", cgroup);
	return strstr(text, line) != NULL;
}

/*
 * systemd answers when the job is queued: it is done when we are there. A keeper that is there
 * already goes instead of us, and leaves the scope to its container.
 */
int op_start_scope(struct context *context, const struct args_start_scope *args)
{
	const struct timespec pause = {.tv_nsec = 2000000};
	pid_t member = context->keeper > 0 ? context->keeper : getpid();
	int result = run_program(context, &args->argv, "$self", member);

	for (int waits = 0; result == 0 && !is_in(member, args->cgroup); waits++) {
		if (waits == SCOPE_WAITS_MAX)
			return detail_error(context, ETIMEDOUT, "%s", args->cgroup);
		nanosleep(&pause, NULL);
	}
	return result;
}
