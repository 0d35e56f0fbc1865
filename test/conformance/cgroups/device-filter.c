/*
 * Loads a device filter into this kernel and tries devices under it.
 *
 *   device-filter < PROGRAM
 *   device-filter CGROUP TRY... < PROGRAM
 *
 * With a directory of cgroup v2, the program is attached there and this process moves in. A try is
 * `PATH:r`, `PATH:w` or `PATH:rw`, an open, or `c:MAJOR:MINOR` or `b:…`, a node made in the working
 * directory and removed again. Prints each errno, 0 for none, on a line of its own.
 */
#include <errno.h>
#include <fcntl.h>
#include <linux/bpf.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <sys/sysmacros.h>
#include <unistd.h>

static struct bpf_insn program[65536];
static char complaints[65536];

static int bpf(enum bpf_cmd command, union bpf_attr *attr)
{
	return (int)syscall(SYS_bpf, command, attr, sizeof(*attr));
}

static void fail(const char *what)
{
	fprintf(stderr, "%s: %s\n%s", what, strerror(errno), complaints);
	exit(1);
}

static int load(size_t instructions)
{
	union bpf_attr attr;
	int fd;

	memset(&attr, 0, sizeof(attr));
	attr.prog_type = BPF_PROG_TYPE_CGROUP_DEVICE;
	attr.insns = (unsigned long)program;
	attr.insn_cnt = (unsigned)instructions;
	attr.license = (unsigned long)"MIT";
	fd = bpf(BPF_PROG_LOAD, &attr);
	if (fd >= 0)
		return fd;
	attr.log_buf = (unsigned long)complaints;
	attr.log_size = sizeof(complaints);
	attr.log_level = 1;
	if (bpf(BPF_PROG_LOAD, &attr) < 0)
		fail("load");
	return fd;
}

static void enter(const char *cgroup, int filter)
{
	union bpf_attr attr;
	int directory = open(cgroup, O_DIRECTORY | O_RDONLY | O_CLOEXEC), tasks;

	if (directory < 0)
		fail(cgroup);
	memset(&attr, 0, sizeof(attr));
	attr.target_fd = (unsigned)directory;
	attr.attach_bpf_fd = (unsigned)filter;
	attr.attach_type = BPF_CGROUP_DEVICE;
	if (bpf(BPF_PROG_ATTACH, &attr) < 0)
		fail("attach");
	tasks = openat(directory, "cgroup.procs", O_WRONLY | O_CLOEXEC);
	if (tasks < 0 || write(tasks, "0", 1) != 1)
		fail("cgroup.procs");
}

static int make_node(const char *text)
{
	unsigned major_number, minor_number;
	char type;

	if (sscanf(text, "%c:%u:%u", &type, &major_number, &minor_number) != 3)
		return EINVAL;
	if (mknod("node", type == 'b' ? S_IFBLK : S_IFCHR, makedev(major_number, minor_number)))
		return errno;
	return unlink("node") ? errno : 0;
}

static int open_device(char *text)
{
	char *mode = strrchr(text, ':');
	int flags, fd;

	if (!mode)
		return EINVAL;
	*mode++ = 0;
	flags = !strcmp(mode, "rw") ? O_RDWR : *mode == 'w' ? O_WRONLY : O_RDONLY;
	fd = open(text, flags | O_NONBLOCK | O_NOCTTY | O_CLOEXEC);
	if (fd < 0)
		return errno;
	close(fd);
	return 0;
}

int main(int argc, char **argv)
{
	size_t bytes = fread(program, 1, sizeof(program), stdin);
	int filter = load(bytes / sizeof(*program));

	if (argc > 1)
		enter(argv[1], filter);
	for (int i = 2; i < argc; i++)
		printf("%d\n", argv[i][0] == '/' ? open_device(argv[i]) : make_node(argv[i]));
	return 0;
}
