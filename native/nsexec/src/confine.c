/*
 * Giving privileges up, in the order that each step still allows the next: the bounding set while
 * CAP_SETPCAP is there, groups before user, capabilities kept over the change of user and then set
 * to exactly what was asked for.
 */
#include <errno.h>
#include <fcntl.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/stat.h>
#include <unistd.h>
#include "kernel.h"
#include "nsexec.h"

#define KEYCTL_JOIN_SESSION_KEYRING 1
#define CAPABILITY_VERSION_3 0x20080522u

int op_join_keyring(struct context *context, const struct args_join_keyring *args)
{
	return syscall(SYS_keyctl, KEYCTL_JOIN_SESSION_KEYRING, args->name) < 0 ? -errno : 0;
}

int op_drop_bounding(struct context *context, const struct args_drop_bounding *args)
{
	for (unsigned capability = 0; capability < 64; capability++) {
		if (args->keep >> capability & 1)
			continue;
		/* EINVAL: past the last capability that this kernel has. */
		if (prctl(PR_CAPBSET_DROP, capability, 0, 0, 0) < 0)
			return errno == EINVAL ? 0 : -errno;
	}
	return 0;
}

/* Not by the C library, whose functions would stop a thread of ours that is just ending. */
int op_set_user(struct context *context, const struct args_set_user *args)
{
	const struct user *user = &context->user;

	if (prctl(PR_SET_KEEPCAPS, 1, 0, 0, 0) < 0)
		return -errno;
	if (args->setgroups && syscall(SYS_setgroups, user->group_count, user->groups) < 0)
		return -errno;
	if (syscall(SYS_setresgid, user->gid, user->gid, user->gid) < 0)
		return detail_error(context, errno, "gid %u", user->gid);
	if (syscall(SYS_setresuid, user->uid, user->uid, user->uid) < 0)
		return detail_error(context, errno, "uid %u", user->uid);
	return 0;
}

int op_set_capabilities(struct context *context, const struct args_set_capabilities *args)
{
	struct {
		uint32_t version;
		int pid;
	} header = {CAPABILITY_VERSION_3, 0};
	struct {
		uint32_t effective, permitted, inheritable;
	} sets[2];

	for (int half = 0; half < 2; half++) {
		sets[half].effective = (uint32_t)(args->effective >> 32 * half);
		sets[half].permitted = (uint32_t)(args->permitted >> 32 * half);
		sets[half].inheritable = (uint32_t)(args->inheritable >> 32 * half);
	}
	if (syscall(SYS_capset, &header, sets) < 0)
		return -errno;
	if (prctl(PR_CAP_AMBIENT, PR_CAP_AMBIENT_CLEAR_ALL, 0, 0, 0) < 0)
		return -errno;
	for (unsigned capability = 0; capability < 64; capability++)
		if (args->ambient >> capability & 1 &&
		    prctl(PR_CAP_AMBIENT, PR_CAP_AMBIENT_RAISE, capability, 0, 0) < 0)
			return -errno;
	return 0;
}

int op_no_new_privileges(struct context *context, const struct args_no_new_privileges *args)
{
	return prctl(PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0) < 0 ? -errno : 0;
}

int op_set_umask(struct context *context, const struct args_set_umask *args)
{
	umask((mode_t)args->mask);
	return 0;
}

static bool is_out_of_reach(int error)
{
	return error == ENOENT || error == ENOTDIR || error == EACCES;
}

/* Never by a magic link: a descriptor of ours must not be a way to anywhere (CVE-2024-21626). */
static int enter(const char *path)
{
	int root = open("/", O_PATH | O_DIRECTORY | O_CLOEXEC);
	int directory, error = 0;

	if (root < 0)
		return -errno;
	directory = open_inside(root, path, O_PATH | O_DIRECTORY, 0);
	close(root);
	if (directory < 0)
		return directory;
	if (fchdir(directory) < 0)
		error = errno;
	close(directory);
	return -error;
}

/*
 * As the user. An empty path is the user's home; as with login(1), who has no home to enter starts
 * at the root. getcwd answers "(unreachable)…" for a directory outside the root.
 */
int op_change_directory(struct context *context, const struct args_change_directory *args)
{
	const char *path = *args->path ? args->path : context->user.home;
	char where[4096];
	int result = enter(path);

	if (result < 0 && !*args->path && is_out_of_reach(-result))
		result = enter("/");
	if (result < 0)
		return detail_error(context, -result, "%s", path);
	if (syscall(SYS_getcwd, where, sizeof(where)) < 0 || where[0] != '/')
		return detail_error(context, ENOENT, "%s is outside the container", path);
	return 0;
}

/* Those below are handed on: our own, which have all been closed on execution, lie above. */
int op_close_descriptors(struct context *context, const struct args_close_descriptors *args)
{
	for (int fd = 3; fd < (int)args->from; fd++)
		if (fcntl(fd, F_SETFD, 0) < 0)
			return detail_error(context, errno, "descriptor %d", fd);
	return kernel_close_range((unsigned)args->from, CLOSE_RANGE_CLOEXEC) < 0 ? -errno : 0;
}
