/* What belongs to the process itself: most of it as the kernel writes it, read by whoever compares. */
#define _GNU_SOURCE
#include "probe.h"

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <linux/keyctl.h>
#include <net/if.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ioctl.h>
#include <sys/prctl.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <unistd.h>

extern char **environ;

static const char *const files[] = {
	"status", "uid_map", "gid_map", "setgroups", "limits", "mountinfo", "cgroup", "oom_score_adj",
};

static const char *const namespaces[] = {
	"cgroup", "ipc", "mnt", "net", "pid", "time", "user", "uts",
};

static void tell_file(const char *name)
{
	char path[64], line[8192];
	FILE *file;

	snprintf(path, sizeof(path), "/proc/self/%s", name);
	file = fopen(path, "re");
	if (!file) {
		say("unread", name, error_name(errno), NULL);
		return;
	}
	while (fgets(line, sizeof(line), file)) {
		line[strcspn(line, "\n")] = '\0';
		say(name, line, NULL);
	}
	fclose(file);
}

static void tell_links(const char *kind, const char *directory, const char *name)
{
	char path[64], target[4096];
	ssize_t length;

	snprintf(path, sizeof(path), "%s/%.16s", directory, name);
	length = readlink(path, target, sizeof(target) - 1);
	if (length < 0)
		return;
	target[length] = '\0';
	say(kind, name, target, NULL);
}

static void tell_descriptors(void)
{
	DIR *directory = opendir("/proc/self/fd");
	struct dirent *entry;

	while (directory && (entry = readdir(directory)))
		if (atoi(entry->d_name) != dirfd(directory))
			tell_links("descriptor", "/proc/self/fd", entry->d_name);
	if (directory)
		closedir(directory);
}

/* /proc/self/attr/current reads EINVAL where no security module has labels. */
static void tell_label(void)
{
	char label[256];
	int fd = open("/proc/self/attr/current", O_RDONLY | O_CLOEXEC);
	ssize_t length = fd < 0 ? -1 : read(fd, label, sizeof(label) - 1);

	if (length < 0) {
		say("label", "none", NULL);
	} else {
		label[length] = '\0';
		label[strcspn(label, "\n")] = '\0';
		say("label", label, NULL);
	}
	if (fd >= 0)
		close(fd);
}

static void tell_interfaces(void)
{
	struct if_nameindex *all = if_nameindex();
	int fd = socket(AF_INET, SOCK_DGRAM | SOCK_CLOEXEC, 0);

	for (struct if_nameindex *one = all; one && one->if_name; one++) {
		struct ifreq request = {0};

		memcpy(request.ifr_name, one->if_name, strnlen(one->if_name, IFNAMSIZ - 1));
		if (ioctl(fd, SIOCGIFFLAGS, &request) == 0)
			say("interface", one->if_name, request.ifr_flags & IFF_UP ? "up" : "down", NULL);
	}
	if (all)
		if_freenameindex(all);
	close(fd);
}

void tell_process(void)
{
	char text[16];

	for (size_t i = 0; i < sizeof(files) / sizeof(*files); i++)
		tell_file(files[i]);
	for (size_t i = 0; i < sizeof(namespaces) / sizeof(*namespaces); i++)
		tell_links("namespace", "/proc/self/ns", namespaces[i]);
	tell_descriptors();
	for (char **variable = environ; *variable; variable++)
		say("environment", *variable, NULL);
	tell_label();
	tell_interfaces();
	snprintf(text, sizeof(text), "%#x", prctl(PR_GET_SECUREBITS));
	say("securebits", text, NULL);
}

void tell_session_keyring(void)
{
	char text[16];
	long serial = syscall(SYS_keyctl, KEYCTL_GET_KEYRING_ID, KEY_SPEC_SESSION_KEYRING, 0);

	snprintf(text, sizeof(text), "%lx", serial);
	say("session keyring", serial < 0 ? error_name(errno) : text, NULL);
}
