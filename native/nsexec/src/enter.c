/*
 * The turn from the host's root to the container's: after pivotRoot nothing of the host's has a
 * name any more.
 */
#include <errno.h>
#include <fcntl.h>
#include <string.h>
#include <sys/mount.h>
#include <unistd.h>
#include "kernel.h"
#include "nsexec.h"

/*
 * The old root lies on the new one, and on it what we hung there to work with: from the top down,
 * to the last.
 */
static int detach_stack(void)
{
	if (umount2(".", MNT_DETACH) < 0)
		return -errno;
	while (umount2(".", MNT_DETACH) == 0)
		;
	return errno == EINVAL ? 0 : -errno;
}

/*
 * pivot_root(".", ".") stacks the old root on the new one, so that no directory for it is needed
 * inside; then it is let go of. Slave first: an unmount must not travel to the host.
 */
int op_pivot_root(struct context *context, const struct args_pivot_root *args)
{
	int old = open("/", O_PATH | O_DIRECTORY | O_CLOEXEC);
	int error = 0;

	if (old < 0)
		return -errno;
	if (fchdir(slot(context, args->root, -1)) < 0 || syscall(SYS_pivot_root, ".", ".") < 0 ||
	    fchdir(old) < 0 || mount(NULL, ".", NULL, MS_SLAVE | MS_REC, NULL) < 0)
		error = errno;
	else
		error = -detach_stack();
	if (!error && chdir("/") < 0)
		error = errno;
	close(old);
	return -error;
}

/* The root lies on the old one: who may chroot again can get below it. */
int op_change_root(struct context *context, const struct args_change_root *args)
{
	if (fchdir(slot(context, args->root, -1)) < 0 || chroot(".") < 0 || chdir("/") < 0)
		return -errno;
	return 0;
}

int op_set_hostname(struct context *context, const struct args_set_hostname *args)
{
	return sethostname(args->name, strlen(args->name)) < 0 ? -errno : 0;
}

int op_set_domainname(struct context *context, const struct args_set_domainname *args)
{
	return setdomainname(args->name, strlen(args->name)) < 0 ? -errno : 0;
}
