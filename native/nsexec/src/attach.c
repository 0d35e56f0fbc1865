/*
 * What the supervisor does to the waiting keeper from outside, with the caller's own privileges: id
 * maps, limits that only the host may raise, and the shift of mounts that the keeper may not clone
 * itself. The keeper has not yet run a single instruction that depends on anything a payload wrote.
 */
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <unistd.h>
#include "kernel.h"
#include "nsexec.h"

int open_process_file(pid_t pid, const char *file, int flags)
{
	char path[64];

	snprintf(path, sizeof(path), "/proc/%d/%s", pid, file);
	return open(path, flags | O_CLOEXEC);
}

int write_process_file(pid_t pid, const char *file, const char *data)
{
	int fd = open_process_file(pid, file, O_WRONLY);

	return fd < 0 ? -errno : write_whole(fd, data);
}

int op_write_process(struct context *context, const struct args_write_process *args)
{
	return write_process_file(context->keeper, args->file, args->data);
}

/*
 * newuidmap and newgidmap, whose set-user-ID bit lets a plain user map the ids that /etc/subuid
 * gives him.
 */
int op_run_mapper(struct context *context, const struct args_run_mapper *args)
{
	return run_program(context, &args->argv, "$keeper", context->keeper);
}

/* Hard limits alone; the soft one, and what is lower, the container sets itself. */
int op_raise_rlimit(struct context *context, const struct args_raise_rlimit *args)
{
	struct {
		uint64_t soft, hard;
	} limit;
	int resource = (int)args->resource;

	if (syscall(SYS_prlimit64, context->keeper, resource, NULL, &limit) < 0)
		return -errno;
	if (limit.hard >= args->hard)
		return 0;
	limit.hard = args->hard;
	return syscall(SYS_prlimit64, context->keeper, resource, &limit, NULL) < 0 ? -errno : 0;
}

int op_idmap_mount(struct context *context, const struct args_idmap_mount *args)
{
	int namespace = slot(context, args->namespace, -1);
	int own = namespace < 0 ? open_process_file(context->keeper, "ns/user", O_RDONLY) : -1;
	struct kernel_mount_attr attr = {
		.set = MOUNT_ATTR_IDMAP,
		.userns_fd = (uint64_t)(namespace < 0 ? own : namespace),
	};
	int error = 0;

	if (namespace < 0 && own < 0)
		return -errno;
	if (kernel_mount_setattr(slot(context, args->mount, -1),
				 args->recursive ? AT_RECURSIVE : 0, &attr) < 0)
		error = errno;
	if (own >= 0)
		close(own);
	return -error;
}

int op_release_keeper(struct context *context, const struct args_release_keeper *args)
{
	const struct message message = {.type = RELEASE};

	return message_send(context->keeper_socket[0], &message, NULL, 0);
}
