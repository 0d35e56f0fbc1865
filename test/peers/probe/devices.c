/*
 * Devices: the nodes in /dev; and of others, whether they can be made, opened once they are, and
 * opened where the root file system brings them, in /planted.
 */
#define _GNU_SOURCE
#include "probe.h"

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/sysmacros.h>
#include <unistd.h>

static const struct {
	mode_t type;
	unsigned int major, minor;
} others[] = {
	{S_IFCHR, 1, 1},     /* mem */
	{S_IFCHR, 1, 3},     /* null */
	{S_IFCHR, 1, 4},     /* port */
	{S_IFCHR, 1, 11},    /* kmsg */
	{S_IFCHR, 4, 0},     /* tty0 */
	{S_IFCHR, 4, 64},    /* ttyS0 */
	{S_IFCHR, 5, 1},     /* console */
	{S_IFCHR, 10, 200},  /* tun */
	{S_IFCHR, 10, 229},  /* fuse */
	{S_IFCHR, 10, 232},  /* kvm */
	{S_IFCHR, 10, 234},  /* btrfs-control */
	{S_IFCHR, 10, 237},  /* loop-control */
	{S_IFBLK, 7, 0},     /* loop0 */
	{S_IFBLK, 8, 0},     /* sda */
	{S_IFBLK, 253, 0},   /* vda, or the first of device mapper */
	{S_IFBLK, 254, 0},   /* vda */
	{S_IFBLK, 259, 0},   /* nvme0n1 */
};

static const char *const places[] = {"/tmp", "/dev", "/dev/shm", "/run", ""};

/* Only to read: closing a disk that was open to write is an event for the host. */
static const char *open_device(const char *path)
{
	int fd = open(path, O_RDONLY | O_NONBLOCK | O_NOCTTY | O_CLOEXEC);

	if (fd >= 0) {
		close(fd);
		return "opened";
	}
	/* No driver behind the number: the kernel did not refuse this process. */
	return errno == ENXIO || errno == ENODEV ? "no driver" : error_name(errno);
}

static void tell_nodes(const char *directory)
{
	DIR *stream = opendir(directory);
	struct dirent *entry;

	while (stream && (entry = readdir(stream))) {
		char path[512], number[32];
		struct stat status;

		if (strcmp(entry->d_name, ".") == 0 || strcmp(entry->d_name, "..") == 0)
			continue;
		snprintf(path, sizeof(path), "%s/%.255s", directory, entry->d_name);
		if (lstat(path, &status) < 0 || S_ISLNK(status.st_mode) || S_ISREG(status.st_mode))
			continue;
		if (S_ISDIR(status.st_mode)) {
			tell_nodes(path);
			continue;
		}
		snprintf(number, sizeof(number), "%c %u:%u", S_ISBLK(status.st_mode) ? 'b' : 'c',
			 major(status.st_rdev), minor(status.st_rdev));
		say("device", path, number, open_device(path), NULL);
	}
	if (stream)
		closedir(stream);
}

/* A device is told as what the kindest place came to: file systems differ in nodev. */
static void try_other(mode_t type, dev_t number)
{
	char path[64], name[32];
	const char *made = NULL, *opened = NULL;

	for (size_t i = 0; i < sizeof(places) / sizeof(*places); i++) {
		snprintf(path, sizeof(path), "%s/minicontainer-probe", places[i]);
		if (mknod(path, type | 0600, number) < 0) {
			if (!made)
				made = error_name(errno);
			continue;
		}
		made = "made";
		if (!opened || opened[0] == 'E')
			opened = open_device(path);
		unlink(path);
	}
	snprintf(name, sizeof(name), "%c %u:%u", type == S_IFBLK ? 'b' : 'c', major(number),
		 minor(number));
	say("mknod", name, made, NULL);
	if (opened)
		say("opened when made", name, opened, NULL);
	snprintf(path, sizeof(path), "/planted/%s", name);
	say("opened when planted", name, open_device(path), NULL);
}

void tell_devices(void)
{
	tell_nodes("/dev");
	for (size_t i = 0; i < sizeof(others) / sizeof(*others); i++)
		try_other(others[i].type, makedev(others[i].major, others[i].minor));
}
