/*
 * Standard streams under another engine: they are the caller's own, as that engine has made them.
 * In the container's first process, in its new root, still with its user namespace's capabilities.
 */
#include <errno.h>
#include <sys/stat.h>
#include <unistd.h>
#include "nsexec.h"

/*
 * Whose owner the process becomes, or /dev/stdout could not be opened again. Not of the host's
 * /dev/null, which many hand on, nor of any device or directory but a terminal.
 */
static bool may_change_owner(int fd, const struct stat *status)
{
	return S_ISFIFO(status->st_mode) || S_ISSOCK(status->st_mode) || S_ISREG(status->st_mode) ||
	       (S_ISCHR(status->st_mode) && isatty(fd));
}

/* What the caller may not give away, and ids that are not ours, stay whose they are. */
static int give(struct context *context, uid_t uid)
{
	for (int fd = 0; fd < 3; fd++) {
		struct stat status;

		if (fstat(fd, &status) < 0)
			return -errno;
		if (!may_change_owner(fd, &status) || status.st_uid == uid)
			continue;
		if (fchown(fd, uid, (gid_t)-1) < 0 && errno != EPERM && errno != EINVAL &&
		    errno != EROFS)
			return detail_error(context, errno, "user %u", uid);
	}
	return 0;
}

/*
 * In the supervisor, where the container's user is another on the host: with its own capabilities
 * it may not take what is none of its ids'.
 */
int op_give_streams(struct context *context, const struct args_give_streams *args)
{
	return give(context, (uid_t)args->uid);
}

int op_inherit_streams(struct context *context, const struct args_inherit_streams *args)
{
	if (setsid() < 0 && errno != EPERM)
		return -errno;
	return give(context, context->user.uid);
}
