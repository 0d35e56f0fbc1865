/*
 * How much a directory takes: in the keeper, as the root of those who own what is in it. What is
 * counted comes from images.
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

#define DEPTH_MAX 1000

/* Of a file with several names, each of which lies here, its share. */
static void add_entry(const struct stat *status, double *bytes)
{
	double own = (double)status->st_blocks * 512;

	*bytes += S_ISDIR(status->st_mode) ? own : own / (double)status->st_nlink;
}

/* What is removed meanwhile counts for nothing. */
static int measure_entries(int directory, int depth, double *bytes)
{
	DIR *stream = depth > DEPTH_MAX ? NULL : fdopendir(directory);
	struct dirent *entry;
	struct stat status;
	int result = 0;

	if (!stream) {
		result = depth > DEPTH_MAX ? -ELOOP : -errno;
		close(directory);
		return result;
	}
	if (fstat(dirfd(stream), &status) == 0)
		add_entry(&status, bytes);
	while (result == 0 && (entry = readdir(stream))) {
		int inner;

		if (!strcmp(entry->d_name, ".") || !strcmp(entry->d_name, ".."))
			continue;
		if (fstatat(dirfd(stream), entry->d_name, &status, AT_SYMLINK_NOFOLLOW) < 0)
			continue;
		if (!S_ISDIR(status.st_mode)) {
			add_entry(&status, bytes);
			continue;
		}
		inner = open_entry(dirfd(stream), entry->d_name);
		if (inner >= 0)
			result = measure_entries(inner, depth + 1, bytes);
		else if (errno != ENOENT)
			result = -errno;
	}
	closedir(stream);
	return result;
}

int op_measure_tree(struct context *context, const struct args_measure_tree *args)
{
	int directory = open(args->path, O_RDONLY | O_DIRECTORY | O_NOFOLLOW | O_CLOEXEC), result;
	double bytes = 0;

	if (directory < 0 && errno != ENOENT)
		return -errno;
	result = directory < 0 ? 0 : measure_entries(directory, 0, &bytes);
	if (result == 0 && dprintf(1, "%.0f\n", bytes) < 0)
		result = -errno;
	return result;
}
