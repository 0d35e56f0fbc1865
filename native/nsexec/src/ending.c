/*
 * Cleanup, in the supervisor or, for files of subordinate ids, in the keeper. Each step may be
 * repeated.
 */
#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>
#include "kernel.h"
#include "nsexec.h"
#include "unpack.h"

/* As deep as there are descriptors for at least. */
#define DEPTH_MAX 500

/* Never through a symbolic link, and never into what is mounted there: that is not ours (EXDEV). */
int open_entry(int directory, const char *name)
{
	struct kernel_open_how how = {
		.flags = O_RDONLY | O_DIRECTORY | O_NOFOLLOW | O_CLOEXEC,
		.resolve = RESOLVE_NO_XDEV,
	};

	return kernel_openat2(directory, name, &how);
}

/* The lock of a container is removed last: until then another waits, or finds what it waits for
 * gone. */
static bool is_lock(const struct dirent *entry, int depth)
{
	return depth == 0 && entry->d_type == DT_REG && !strcmp(entry->d_name, "lock");
}

static int remove_entries(int top, int directory, int depth);

/* What lies too deep is not so from the top, which is looked through until nothing is in it. */
static int move_up(int top, int directory, const char *name)
{
	char place[12];

	for (unsigned i = 0; top >= 0; i++) {
		snprintf(place, sizeof(place), "%u", i);
		if (renameat(directory, name, top, place) == 0)
			return 0;
		if (errno != EEXIST && errno != ENOTEMPTY && errno != ENOTDIR)
			return -errno;
	}
	return -ELOOP;
}

/*
 * By descriptors; what a payload named or nested cannot lead us elsewhere. What is not there any
 * more another has removed.
 */
static int remove_at(int top, int directory, const char *name, int depth)
{
	int inner, result;

	if (unlinkat(directory, name, 0) == 0 || errno == ENOENT)
		return 0;
	if (errno != EISDIR && errno != EPERM)
		return -errno;
	if (depth >= DEPTH_MAX)
		return move_up(top, directory, name);
	inner = open_entry(directory, name);
	/* The work directory of an overlay has mode 0. */
	if (inner < 0 && errno == EACCES && fchmodat(directory, name, 0700, 0) == 0)
		inner = open_entry(directory, name);
	if (inner < 0)
		return errno == ENOENT ? 0 : -errno;
	result = remove_entries(top, inner, depth + 1);
	if (result < 0)
		return result;
	return unlinkat(directory, name, AT_REMOVEDIR) < 0 && errno != ENOENT ? -errno : 0;
}

/* A file, or a directory with all in it, whether it is there or not. */
int remove_entry(int directory, const char *name)
{
	return remove_at(-1, directory, name, 0);
}

static int remove_entries(int top, int directory, int depth)
{
	DIR *stream = fdopendir(directory);
	struct dirent *entry;
	int error = 0, found;

	if (!stream) {
		error = errno;
		close(directory);
		return -error;
	}
	do {
		found = 0;
		rewinddir(stream);
		while (!error && (entry = readdir(stream))) {
			if (!strcmp(entry->d_name, ".") || !strcmp(entry->d_name, "..") ||
			    is_lock(entry, depth))
				continue;
			found = 1;
			error = -remove_at(depth ? top : directory, directory, entry->d_name,
					   depth);
		}
	} while (!error && found && depth == 0);
	if (!error && depth == 0 && unlinkat(dirfd(stream), "lock", 0) < 0 && errno != ENOENT)
		error = errno;
	closedir(stream);
	return -error;
}

/* What could not be undone the next run must find, and the plan beside it. */
int op_remove_tree(struct context *context, const struct args_remove_tree *args)
{
	int directory, result;

	if (args->journal && context->left_behind)
		return 0;
	directory = open(args->path, O_RDONLY | O_DIRECTORY | O_NOFOLLOW | O_CLOEXEC);
	if (directory < 0)
		return errno == ENOENT ? 0 : -errno;
	result = remove_entries(-1, directory, 0);
	if (result < 0)
		return result;
	return rmdir(args->path) < 0 && errno != ENOENT ? -errno : 0;
}

int op_remove_file(struct context *context, const struct args_remove_file *args)
{
	return unlink(args->path) < 0 && errno != ENOENT ? -errno : 0;
}
