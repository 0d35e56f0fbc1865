/*
 * Layers on each other. In the container, or in the keeper that looks for what a layer lies on; the
 * mount namespace is its own. The names are ours; what is in the directories an image has written,
 * and only the kernel's overlay reads it.
 */
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <string.h>
#include <sys/mount.h>
#include <sys/stat.h>
#include <unistd.h>
#include "kernel.h"
#include "nsexec.h"

#define OPTION_BYTES_MAX 4096

static bool append(char options[OPTION_BYTES_MAX], const char *separator, const char *text)
{
	size_t length = strlen(options);
	int added = snprintf(options + length, OPTION_BYTES_MAX - length, "%s%s", separator, text);

	return added < (int)(OPTION_BYTES_MAX - length);
}

/*
 * mount(2) takes a page of options, which 128 paths would not fit, and fsconfig(2) before Linux 6.5
 * a quarter of a kilobyte: each directory gets a link whose name is its number.
 */
static int mount_by_numbers(const struct args_mount_layers *args)
{
	char options[OPTION_BYTES_MAX] = "lowerdir";
	char number[24];

	for (size_t i = 0; i < args->lowers.count; i++) {
		snprintf(number, sizeof(number), "%zu", i);
		if (symlink(args->lowers.items[i], number) < 0)
			return -errno;
		if (!append(options, i ? ":" : "=", number))
			return -ENAMETOOLONG;
	}
	for (size_t i = 0; i < args->options.count; i++)
		if (!append(options, ",", args->options.items[i]))
			return -ENAMETOOLONG;
	if (mkdir("merged", 0755) < 0 ||
	    mount("overlay", "merged", "overlay", args->flags, options) < 0)
		return -errno;
	return 0;
}

int op_mount_layers(struct context *context, const struct args_mount_layers *args)
{
	int fd, error, result;

	if (fchdir(slot(context, args->directory, -1)) < 0)
		return -errno;
	result = mount_by_numbers(args);
	if (result < 0)
		return result;
	fd = kernel_open_tree(AT_FDCWD, "merged", OPEN_TREE_CLONE | OPEN_TREE_CLOEXEC);
	error = errno;
	if (umount2("merged", MNT_DETACH) < 0 || fd < 0)
		return fd < 0 ? -error : -errno;
	context->slots[args->to] = fd;
	return chdir("/") < 0 ? -errno : 0;
}
