/*
 * A container as its directory and the kernel tell of it: nothing of its status is stored, so
 * nothing can disagree.
 */
#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <unistd.h>
#include "kernel.h"
#include "nsexec.h"
#include "oci.h"

#define STATE_MAX (1u << 20)

const char *status_name(enum status status)
{
	static const char *const names[] = {"creating", "created", "running", "paused", "stopped"};

	return names[status];
}

/* As runc takes them; so an id is one name below a directory, and never an option. */
static bool is_id(const char *id)
{
	static const char letters[] =
		"abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789_+-.";

	return *id && *id != '-' && strlen(id) <= NAME_MAX && id[strspn(id, letters)] == 0 &&
	       strcmp(id, ".") && strcmp(id, "..");
}

/* The pidfd comes before the comparison: from then on it is this process or none. */
static bool open_init(struct container *container)
{
	unsigned long long recorded, start;
	char text[128], *at, boot[40], state;
	pid_t pid;

	if (read_text(container->directory, "init", text, sizeof(text)) <= 0)
		return false;
	pid = (pid_t)strtol(text, &at, 10);
	recorded = strtoull(at, &at, 10);
	container->pidfd = (int)syscall(SYS_pidfd_open, pid, 0);
	if (container->pidfd >= 0 && *at == ' ' && read_boot_id(boot) &&
	    !strncmp(at + 1, boot, strlen(boot)) && process_start(pid, &start, &state) &&
	    start == recorded && state != 'Z' && state != 'X')
		container->pid = pid;
	return true;
}

/* Who has it: for a record lock that is a process, for a flock a descriptor and its copies. */
static bool is_locked(int directory, const char *name, bool record)
{
	struct flock lock = {.l_type = F_WRLCK, .l_whence = SEEK_SET};
	int fd = openat(directory, name, O_RDWR | O_NOFOLLOW | O_CLOEXEC);
	bool locked;

	if (fd < 0)
		return false;
	if (record)
		locked = fcntl(fd, F_GETLK, &lock) == 0 && lock.l_type != F_UNLCK;
	else
		locked = flock(fd, LOCK_SH | LOCK_NB) < 0 && errno == EWOULDBLOCK;
	close(fd);
	return locked;
}

bool is_frozen(const struct container *container)
{
	const char *cgroup = container->template[3];
	char path[PATH_MAX], text[256];
	bool unified = container->template[4][0] == '2';

	if (!*cgroup)
		return false;
	snprintf(path, sizeof(path), "%s/%s", cgroup, unified ? "cgroup.events" : "freezer.state");
	if (read_text(AT_FDCWD, path, text, sizeof(text)) <= 0)
		return false;
	return unified ? strstr(text, "frozen 1") != NULL : !strncmp(text, "FROZEN", 6);
}

/* Frozen before it is started, it has to be resumed first. */
static enum status status_of_init(const struct container *container)
{
	if (container->pid == 0)
		return STOPPED;
	if (is_frozen(container))
		return PAUSED;
	return is_locked(container->directory, "gate", false) ? CREATED : RUNNING;
}

/* Written before there is a process; absent, the container has never got that far. */
static bool read_template(struct container *container)
{
	struct stat status;
	size_t left;
	char *at;
	int fd = openat(container->directory, "state",
			O_RDONLY | O_NONBLOCK | O_NOFOLLOW | O_CLOEXEC);

	for (int i = 0; i < 5; i++)
		container->template[i] = "";
	container->cgroups = container->end = NULL;
	if (fd < 0)
		return false;
	if (fstat(fd, &status) < 0 || status.st_size > STATE_MAX ||
	    !(container->text = calloc(1, (size_t)status.st_size + 1)) ||
	    read(fd, container->text, (size_t)status.st_size) != status.st_size) {
		close(fd);
		return false;
	}
	close(fd);
	left = (size_t)status.st_size;
	at = container->text;
	for (int i = 0; i < 5 && left > 0; i++) {
		size_t length = strlen(at) + 1;

		container->template[i] = at;
		if (length > left)
			return false;
		at += length;
		left -= length;
	}
	container->cgroups = at;
	container->end = at + left;
	return true;
}

/* Never looks at its lock, which who has it would lose by that. */
void oci_refresh(struct container *container)
{
	container->pid = 0;
	if (container->pidfd >= 0)
		close(container->pidfd);
	container->pidfd = -1;
	free(container->text);
	container->text = NULL;
	read_template(container);
	container->recorded = open_init(container);
	container->status = status_of_init(container);
}

/* What is written in there is done, with our privileges: it must be nobody else's to write. */
static int require_trust(const struct oci *oci)
{
	struct stat status;

	if (stat(oci->root, &status) < 0)
		return errno == ENOENT ? 0
				       : oci_fail(oci, "%s cannot be entered: %s", oci->root,
						  strerror(errno));
	if (!S_ISDIR(status.st_mode))
		return oci_fail(oci, "%s is not a directory", oci->root);
	if (status.st_uid != geteuid() || status.st_mode & (S_IWGRP | S_IWOTH))
		return oci_fail(oci,
				"%s is not obeyed: others than user %u may write there, "
				"chmod 700 it or choose another --root",
				oci->root, geteuid());
	return 0;
}

bool oci_exists(const struct oci *oci, const char *id)
{
	char path[PATH_MAX];

	snprintf(path, sizeof(path), "%s/%s", oci->root, id);
	return !is_id(id) || faccessat(AT_FDCWD, path, F_OK, AT_SYMLINK_NOFOLLOW) == 0 ||
	       errno != ENOENT;
}

/* 0, or 1 when it has told why not. */
int oci_open(const struct oci *oci, const char *id, struct container *container)
{
	*container = (struct container){.id = id, .pidfd = -1};
	if (!is_id(id))
		return oci_fail(oci,
				"invalid container id \"%s\": letters, digits and _+-. only, "
				"255 of them, no dash first",
				id);
	if (require_trust(oci))
		return 1;
	if (snprintf(container->path, sizeof(container->path), "%s/%s", oci->root, id) >=
	    (int)sizeof(container->path))
		return oci_fail(oci, "the path of %s is too long", id);
	container->directory =
		open(container->path, O_RDONLY | O_DIRECTORY | O_NOFOLLOW | O_CLOEXEC);
	if (container->directory < 0 && (errno == ENOENT || errno == ENAMETOOLONG))
		return oci_fail(oci, "container \"%s\" does not exist", id);
	if (container->directory < 0)
		return oci_fail(oci, "%s cannot be opened: %s", container->path, strerror(errno));
	oci_refresh(container);
	if (!container->recorded && is_locked(container->directory, "lock", true))
		container->status = CREATING;
	return 0;
}

int oci_state(const struct oci *oci, char **words)
{
	struct container container;

	if (!words[0] || words[1])
		return oci_fail(oci, "usage: state ID");
	if (oci_open(oci, words[0], &container))
		return 1;
	if (!*container.template[0])
		return oci_fail(oci,
				"container \"%s\" does not exist: it was never created whole; "
				"delete --force removes what is left",
				words[0]);
	if (dprintf(1, "%s%s%s%d%s", container.template[0], status_name(container.status),
		    container.template[1], container.pid, container.template[2]) < 0)
		return oci_fail(oci, "stdout cannot be written: %s", strerror(errno));
	return 0;
}
