/*
 * Whose the files of a mount are, where the caller says so: id maps of a mount's own, and trees
 * whose owners are changed. By the supervisor with the caller's own privileges, or, for the ids
 * that a plain user has only inside, by the container as root of its user namespace. What is in a
 * tree somebody else may have written, and may be changing meanwhile.
 */
#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>
#include "kernel.h"
#include "nsexec.h"

#define DEPTH_MAX 1000

/* A user namespace lives as long as a process is in it, or a descriptor of it is open. */
int op_make_user_namespace(struct context *context, const struct args_make_user_namespace *args)
{
	int ends[2], pidfd = -1, fd = -1, error;
	char byte;
	pid_t pid;

	if (pipe2(ends, O_CLOEXEC) < 0)
		return -errno;
	pid = clone_process(CLONE_NEWUSER, &pidfd, -1);
	if (pid == 0) {
		/* Until the other end is closed, by its owner or by its owner's death. */
		close(ends[1]);
		_exit(read(ends[0], &byte, 1) < 0);
	}
	error = pid < 0 ? -pid : -write_process_file(pid, "gid_map", args->gid_map);
	if (!error)
		error = -write_process_file(pid, "uid_map", args->uid_map);
	if (!error && (fd = open_process_file(pid, "ns/user", O_RDONLY)) < 0)
		error = errno;
	close(ends[0]);
	close(ends[1]);
	if (pid > 0) {
		close(pidfd);
		while (waitpid(pid, NULL, 0) < 0 && errno == EINTR)
			;
	}
	context->slots[args->to] = fd;
	return -error;
}

/*
 * Each entry is held by a descriptor before it is looked at: a link is changed itself, what is
 * mounted below is left alone, and whoever swaps names meanwhile leads us nowhere.
 */
static int own_tree(struct context *context, int fd, const struct args_change_owners *args,
		    int depth)
{
	struct stat status;
	struct dirent *entry;
	DIR *stream;
	int inner, error = depth > DEPTH_MAX ? ELOOP : 0;

	if (!error && fstat(fd, &status) < 0)
		error = errno;
	if (!error && (status.st_uid != args->uid || status.st_gid != args->gid) &&
	    fchownat(fd, "", (uid_t)args->uid, (gid_t)args->gid, AT_EMPTY_PATH) < 0)
		error = errno;
	inner = error || !S_ISDIR(status.st_mode) ?
			-1 :
			open_inside(fd, ".", O_RDONLY | O_DIRECTORY, 0);
	close(fd);
	if (error || !S_ISDIR(status.st_mode))
		return -error;
	if (inner < 0)
		return inner;
	stream = fdopendir(inner);
	if (!stream) {
		close(inner);
		return -ENOMEM;
	}
	while (!error && (entry = readdir(stream))) {
		if (!strcmp(entry->d_name, ".") || !strcmp(entry->d_name, ".."))
			continue;
		inner = open_inside(dirfd(stream), entry->d_name, O_PATH | O_NOFOLLOW,
				    RESOLVE_NO_XDEV);
		if (inner == -EXDEV || inner == -ENOENT)
			continue;
		error = inner < 0 ? -inner : -own_tree(context, inner, args, depth + 1);
		if (error && !context->detail[0])
			detail_error(context, error, "%s", entry->d_name);
	}
	closedir(stream);
	return -error;
}

/* The path has been judged by its name: if a link is in it by now, it is another one. */
int op_change_owners(struct context *context, const struct args_change_owners *args)
{
	int root = open("/", O_PATH | O_DIRECTORY | O_CLOEXEC), fd;

	if (root < 0)
		return -errno;
	fd = open_inside(root, args->path, O_PATH, RESOLVE_NO_SYMLINKS);
	close(root);
	return fd < 0 ? fd : own_tree(context, fd, args, 0);
}
