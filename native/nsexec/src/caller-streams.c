/*
 * Standard streams under another engine: they are the caller's own, as that engine has made them.
 * In the container's first process, in its new root, still with its user namespace's capabilities.
 */
#include <errno.h>
#include <sys/stat.h>
#include <sys/sysmacros.h>
#include <unistd.h>
#include "nsexec.h"

/*
 * The caller's own, whose owner the process becomes, or /dev/stdout could not be opened again; but
 * not of the host's /dev/null, which many hand on. A stream of ids that are not ours stays theirs.
 */
int op_inherit_streams(struct context *context, const struct args_inherit_streams *args)
{
	if (setsid() < 0 && errno != EPERM)
		return -errno;
	for (int fd = 0; fd < 3; fd++) {
		struct stat status;

		if (fstat(fd, &status) < 0)
			return -errno;
		if (S_ISCHR(status.st_mode) && status.st_rdev == makedev(1, 3))
			continue;
		if (status.st_uid == context->user.uid)
			continue;
		if (fchown(fd, context->user.uid, (gid_t)-1) < 0 && errno != EPERM &&
		    errno != EINVAL && errno != EROFS)
			return detail_error(context, errno, "user %u", context->user.uid);
	}
	return 0;
}
