/*
 * What a process can do: each try in a child of its own, told as `possible` or the errno. None of
 * them changes anything where it succeeds, but for the child.
 */
#define _GNU_SOURCE
#include "probe.h"

#include <errno.h>
#include <fcntl.h>
#include <linux/bpf.h>
#include <linux/io_uring.h>
#include <linux/keyctl.h>
#include <linux/perf_event.h>
#include <linux/userfaultfd.h>
#include <netinet/in.h>
#include <sched.h>
#include <signal.h>
#include <stdio.h>
#include <string.h>
#include <sys/fanotify.h>
#include <sys/klog.h>
#include <sys/mman.h>
#include <sys/mount.h>
#include <sys/personality.h>
#include <sys/ptrace.h>
#include <sys/resource.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <sys/timex.h>
#include <sys/uio.h>
#include <sys/wait.h>
#include <unistd.h>

/* What the kernel says when all that was wrong is what was asked of it. */
static long unless(long result, int harmless)
{
	return result < 0 && errno == harmless ? 0 : result;
}

static long ptrace_a_child(void)
{
	pid_t child = fork();
	int status;
	long result;

	if (child == 0) {
		raise(SIGSTOP);
		_exit(0);
	}
	waitpid(child, &status, WUNTRACED);
	result = ptrace(PTRACE_ATTACH, child, NULL, NULL);
	kill(child, SIGKILL);
	return result;
}

static long read_memory_of_a_process(void)
{
	char from = 1, to = 0;
	struct iovec local = {&to, 1}, remote = {&from, 1};

	return process_vm_readv(getpid(), &local, 1, &remote, 1, 0);
}

static long make_bpf_map(void)
{
	union bpf_attr attributes = {
		.map_type = BPF_MAP_TYPE_ARRAY, .key_size = 4, .value_size = 4, .max_entries = 1};

	return syscall(SYS_bpf, BPF_MAP_CREATE, &attributes, sizeof(attributes));
}

static long count_events(void)
{
	struct perf_event_attr attributes = {
		.type = PERF_TYPE_SOFTWARE, .size = sizeof(attributes),
		.config = PERF_COUNT_SW_TASK_CLOCK, .exclude_kernel = 1, .exclude_hv = 1};

	return syscall(SYS_perf_event_open, &attributes, 0, -1, -1, 0);
}

static long make_io_uring(void)
{
	struct io_uring_params parameters = {0};

	return syscall(SYS_io_uring_setup, 1, &parameters);
}

static long bind_port(void)
{
	struct sockaddr_in address = {.sin_family = AF_INET, .sin_port = htons(80)};

	return bind(socket(AF_INET, SOCK_STREAM, 0), (struct sockaddr *)&address, sizeof(address));
}

static long raise_hard_limit(void)
{
	struct rlimit limit;

	getrlimit(RLIMIT_MEMLOCK, &limit);
	if (limit.rlim_max == RLIM_INFINITY)
		return 0;
	limit.rlim_max++;
	return setrlimit(RLIMIT_MEMLOCK, &limit);
}

static long make_realtime(void)
{
	struct sched_param parameter = {.sched_priority = 1};

	return sched_setscheduler(0, SCHED_FIFO, &parameter);
}

static long make_cgroup(void)
{
	static const char *const hierarchies[] = {"", "/pids", "/memory", "/devices", "/systemd"};
	char path[64];

	for (int i = 0; i < 5; i++) {
		snprintf(path, sizeof(path), "/sys/fs/cgroup%s/minicontainer-probe", hierarchies[i]);
		if (mkdir(path, 0700) == 0)
			return rmdir(path);
	}
	return -1;
}

static long write_root(void)
{
	int fd = open("/minicontainer-probe", O_WRONLY | O_CREAT | O_EXCL, 0600);

	return fd < 0 ? fd : unlink("/minicontainer-probe");
}

/* The way out of a root that is only chroot(2)'s: the working directory stays outside of a new one. */
static long leave_root(void)
{
	struct stat before, after;

	if (stat("/", &before) < 0 || chdir("/") < 0 || chroot("/dev") < 0)
		return -1;
	for (int i = 0; i < 64; i++)
		if (chdir("..") < 0)
			return -1;
	if (stat(".", &after) < 0)
		return -1;
	errno = EXDEV;
	return before.st_dev == after.st_dev && before.st_ino == after.st_ino ? -1 : 0;
}

static long give_file_away(void)
{
	int fd = open("/dev/shm", O_TMPFILE | O_RDWR, 0600);

	return fd < 0 ? fd : fchown(fd, 1, 1);
}

static long set_host_name(void)
{
	char name[65];

	return gethostname(name, sizeof(name)) < 0 ? -1 : sethostname(name, strlen(name));
}

static long set_clock(void)
{
	struct timex change = {.modes = ADJ_SETOFFSET};

	return adjtimex(&change);
}

static long mount_tmpfs(void)
{
	return mount("tmpfs", "/tmp", "tmpfs", 0, NULL) < 0 ? -1 : umount("/tmp");
}

static long clone_user_namespace(void)
{
	long pid = syscall(SYS_clone, CLONE_NEWUSER | SIGCHLD, 0, 0, 0, 0);

	if (pid == 0)
		_exit(0);
	return pid;
}

static long open_by_handle(void)
{
	int handle[4] = {8, 1};

	return unless(syscall(SYS_open_by_handle_at, AT_FDCWD, handle, O_RDONLY), ESTALE);
}

static long mount_cgroup(void)
{
	/* CVE-2022-0492: a release_agent is the host's root. */
	if (unshare(CLONE_NEWUSER | CLONE_NEWNS | CLONE_NEWCGROUP) < 0)
		return -1;
	return mount("cgroup", "/tmp", "cgroup", 0, "pids");
}

/* Each is a function of its own, by its first word, told by its second. */
#define ATTEMPTS(X)                                                                                \
	X(ptrace_child, "attach to a child by ptrace", ptrace_a_child())                           \
	X(process_vm, "read a process's memory", read_memory_of_a_process())                       \
	X(bpf, "make a BPF map", make_bpf_map())                                                   \
	X(perf, "count events by perf_event_open", count_events())                                 \
	X(io_uring, "make an io_uring", make_io_uring())                                           \
	X(faults, "watch the kernel's page faults", syscall(SYS_userfaultfd, O_CLOEXEC))           \
	X(own_faults, "watch its own page faults",                                                 \
	  syscall(SYS_userfaultfd, O_CLOEXEC | UFFD_USER_MODE_ONLY))                               \
	X(keyring, "ask for a keyring",                                                            \
	  syscall(SYS_keyctl, KEYCTL_GET_KEYRING_ID, KEY_SPEC_PROCESS_KEYRING, 1))                 \
	X(key, "add a key",                                                                        \
	  syscall(SYS_add_key, "user", "probe", "x", 1, KEY_SPEC_PROCESS_KEYRING))                 \
	X(user_namespace, "make a user namespace", unshare(CLONE_NEWUSER))                         \
	X(user_namespace_2, "make a user namespace by clone", clone_user_namespace())              \
	X(mount_namespace, "make a mount namespace", unshare(CLONE_NEWNS))                         \
	X(network_namespace, "make a network namespace", unshare(CLONE_NEWNET))                    \
	X(enter, "enter its own mount namespace", setns(open("/proc/self/ns/mnt", O_RDONLY), 0))   \
	X(mount, "mount a tmpfs", mount_tmpfs())                                                   \
	X(fsopen, "mount by fsopen", syscall(SYS_fsopen, "tmpfs", 0))                              \
	X(cgroup_mount, "mount a cgroup hierarchy in new namespaces", mount_cgroup())              \
	X(cgroup, "make a cgroup", make_cgroup())                                                  \
	X(sysctls, "make /proc/sys writable",                                                      \
	  mount(NULL, "/proc/sys", NULL, MS_REMOUNT | MS_BIND, NULL))                              \
	X(sysfs, "make /sys writable", mount(NULL, "/sys", NULL, MS_REMOUNT | MS_BIND, NULL))      \
	X(kcore, "uncover /proc/kcore", umount2("/proc/kcore", MNT_DETACH))                        \
	X(root, "write to the root file system", write_root())                                     \
	X(chroot, "change the root", chroot("/"))                                                  \
	X(leave, "leave the root by chroot", leave_root())                                         \
	X(handle, "open a file by handle", open_by_handle())                                       \
	X(fanotify, "watch a file system by fanotify", fanotify_init(FAN_CLASS_NOTIF, O_RDONLY))   \
	X(module, "load a kernel module",                                                          \
	  unless(syscall(SYS_init_module, NULL, 0, ""), ENOEXEC))                                  \
	X(log, "read the kernel's log", klogctl(3, (char[16]){0}, 16))                             \
	X(clock, "set the clock", set_clock())                                                     \
	X(ports, "reach the input and output ports", syscall(SYS_iopl, 3))                         \
	X(host_name, "set the host name", set_host_name())                                         \
	X(limit, "raise a hard limit", raise_hard_limit())                                         \
	X(priority, "raise its priority", setpriority(PRIO_PROCESS, 0, -20))                       \
	X(realtime, "become a realtime process", make_realtime())                                  \
	X(randomisation, "turn off address randomisation", personality(ADDR_NO_RANDOMIZE))         \
	X(port, "bind port 80", bind_port())                                                       \
	X(raw, "send raw packets", socket(AF_INET, SOCK_RAW, IPPROTO_ICMP))                        \
	X(packets, "see every packet", socket(AF_PACKET, SOCK_RAW, 0))                             \
	X(vsock, "reach the hypervisor by vsock", socket(AF_VSOCK, SOCK_STREAM, 0))                \
	X(crypto, "use the kernel's cryptography", socket(AF_ALG, SOCK_SEQPACKET, 0))              \
	X(user, "become another user", setuid(1))                                                  \
	X(groups, "change its groups", syscall(SYS_setgroups, 0, NULL))                            \
	X(owner, "give a file away", give_file_away())

#define FUNCTION(word, name, expression)                                                           \
	static long try_##word(void)                                                               \
	{                                                                                          \
		return expression;                                                                 \
	}
ATTEMPTS(FUNCTION)

static const struct {
	const char *name;
	long (*try)(void);
} attempts[] = {
#define ENTRY(word, name, expression) {name, try_##word},
	ATTEMPTS(ENTRY)
};

void tell_attempts(void)
{
	for (size_t i = 0; i < sizeof(attempts) / sizeof(*attempts); i++) {
		const char *told;
		int status = 0;
		pid_t child;

		fflush(stdout);
		child = fork();
		if (child == 0) {
			alarm(5);
			_exit(attempts[i].try() >= 0 ? 0 : errno);
		}
		waitpid(child, &status, 0);
		told = WIFSIGNALED(status) ? strsignal(WTERMSIG(status)) :
		       WEXITSTATUS(status) ? error_name(WEXITSTATUS(status)) : "possible";
		say("attempt", attempts[i].name, told, NULL);
	}
}
