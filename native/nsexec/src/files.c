/*
 * Files of the kernel's own that steer it: sysctls, the label of the next program, clock offsets. A
 * root file system may hold links, and a bundle mounts, where such a file should be, so that the
 * write would land in another (CVE-2019-16884, CVE-2019-19921, CVE-2025-52881). The container's are
 * therefore reached through a procfs that never had a name.
 */
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/vfs.h>
#include <unistd.h>
#include "kernel.h"
#include "nsexec.h"

/* Closes it too. One write: the kernel takes a value, or an id map, whole or not at all. */
int write_whole(int fd, const char *data)
{
	size_t length = strlen(data);
	ssize_t written = write(fd, data, length);
	int error = written < 0 ? errno : (size_t)written < length ? EIO : 0;

	close(fd);
	return -error;
}

/* "$pid" is the process that writes, as the procfs calls it: links are not followed. */
int op_write_control(struct context *context, const struct args_write_control *args)
{
	struct kernel_open_how how = {
		.flags = O_WRONLY | O_NOCTTY | O_CLOEXEC,
		.resolve = RESOLVE_BENEATH | RESOLVE_NO_XDEV | RESOLVE_NO_SYMLINKS,
	};
	bool own = !strncmp(args->path, "$pid/", 5);
	int procfs = slot(context, args->procfs, -1), fd;
	char path[512], pid[16] = "";
	struct statfs status;

	if (own && readlinkat(procfs, "self", pid, sizeof(pid) - 1) < 0)
		return -errno;
	if (snprintf(path, sizeof(path), "%s%s", pid, args->path + (own ? 4 : 0)) >=
	    (int)sizeof(path))
		return -ENAMETOOLONG;
	fd = kernel_openat2(procfs, path, &how);
	if (fd < 0)
		return -errno;
	if (fstatfs(fd, &status) < 0 || status.f_type != PROC_SUPER_MAGIC) {
		close(fd);
		return -EXDEV;
	}
	return write_whole(fd, args->data);
}

/*
 * In the host's /proc, before anything of the container's is there. Whoever has changed ids owns
 * its files no more, until it says that it may be looked into; dieWithSupervisor takes that back.
 */
int op_write_own(struct context *context, const struct args_write_own *args)
{
	char path[64];
	int fd;

	snprintf(path, sizeof(path), "/proc/self/%s", args->file);
	if (prctl(PR_SET_DUMPABLE, 1) < 0)
		return -errno;
	fd = open(path, O_WRONLY | O_CLOEXEC);
	return fd < 0 ? -errno : write_whole(fd, args->data);
}
