/*
 * Another process for a container that is there. Whose pid is meant the supervisor makes sure of,
 * in the host's namespaces; the keeper enters what only its child is to live in, and the child all
 * the rest: a payload that sees us there may have every right over its own kind.
 */
#include <errno.h>
#include <fcntl.h>
#include <sched.h>
#include <sys/prctl.h>
#include <unistd.h>
#include "kernel.h"
#include "nsexec.h"

/* The descriptor comes first: from then on it is this process or none. */
int op_open_process(struct context *context, const struct args_open_process *args)
{
	int fd = (int)syscall(SYS_pidfd_open, (pid_t)args->pid, 0);
	unsigned long long start;
	char state;

	if (fd < 0)
		return -errno;
	context->slots[args->to] = fd;
	if (!process_start((pid_t)args->pid, &start, &state) || start != args->start_time ||
	    state == 'Z' || state == 'X')
		return -ESRCH;
	return 0;
}

int op_open_directory(struct context *context, const struct args_open_directory *args)
{
	int fd = open(args->path, O_RDONLY | O_DIRECTORY | O_NOFOLLOW | O_CLOEXEC);

	context->slots[args->to] = fd;
	return fd < 0 ? -errno : 0;
}

/*
 * Before anybody in there can see us: they could trace us, or open what we hold, while we still
 * have the caller's rights (CVE-2016-9962).
 */
int op_enter_process(struct context *context, const struct args_enter_process *args)
{
	if (prctl(PR_SET_DUMPABLE, 0) < 0 ||
	    setns(slot(context, args->process, -1), (int)args->namespaces) < 0)
		return -errno;
	return 0;
}
