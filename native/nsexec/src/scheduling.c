/*
 * How the kernel treats the container's process: who runs first, whose reads and writes go first,
 * where its memory lies, what machine it believes to be on. In the container while it still has all
 * capabilities of its own user namespace, which are none over the host's.
 */
#include <errno.h>
#include <sys/personality.h>
#include <sys/syscall.h>
#include <unistd.h>
#include "nsexec.h"

#define IOPRIO_WHO_PROCESS 1
#define NUMBER_BITS 32

/* sched_setattr(2); the first version of its struct, which every kernel takes. */
int op_set_scheduler(struct context *context, const struct args_set_scheduler *args)
{
	struct {
		uint32_t size, policy;
		uint64_t flags;
		int32_t nice;
		uint32_t priority;
		uint64_t runtime, deadline, period;
	} attr = {sizeof(attr),
		  (uint32_t)args->policy,
		  args->flags,
		  (int32_t)args->nice,
		  (uint32_t)args->priority,
		  args->runtime,
		  args->deadline,
		  args->period};

	return syscall(SYS_sched_setattr, 0, &attr, 0) < 0 ? -errno : 0;
}

int op_set_io_priority(struct context *context, const struct args_set_io_priority *args)
{
	return syscall(SYS_ioprio_set, IOPRIO_WHO_PROCESS, 0, (int)args->priority) < 0 ? -errno : 0;
}

int op_set_personality(struct context *context, const struct args_set_personality *args)
{
	return personality(args->persona) < 0 ? -errno : 0;
}

/* Nodes are bits, lowest first; the kernel counts one bit less than it is told. */
int op_set_memory_policy(struct context *context, const struct args_set_memory_policy *args)
{
	size_t bits = args->nodes.count ? args->nodes.count * NUMBER_BITS + 1 : 0;

	return syscall(SYS_set_mempolicy, (int)args->mode, bits ? args->nodes.items : NULL, bits) <
			       0 ?
		       -errno :
		       0;
}

int op_set_affinity(struct context *context, const struct args_set_affinity *args)
{
	return syscall(SYS_sched_setaffinity, 0, args->cpus.count * sizeof(*args->cpus.items),
		       args->cpus.items) < 0 ?
		       -errno :
		       0;
}

int op_set_rlimit(struct context *context, const struct args_set_rlimit *args)
{
	const struct {
		uint64_t soft, hard;
	} limit = {args->soft, args->hard};

	return syscall(SYS_prlimit64, 0, (int)args->resource, &limit, NULL) < 0 ? -errno : 0;
}
