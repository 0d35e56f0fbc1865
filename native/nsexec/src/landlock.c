/*
 * What the container may open, by places: a layer that holds for descriptors and mounts too which
 * should not have come inside. In the container's first process, after the pivot, while it is root
 * of its user namespace; the command and all that it starts can never take it off again.
 */
#include <errno.h>
#include <fcntl.h>
#include <unistd.h>
#include "kernel.h"
#include "nsexec.h"

#define LANDLOCK_RULE_PATH_BENEATH 1

int op_create_ruleset(struct context *context, const struct args_create_ruleset *args)
{
	const struct {
		uint64_t files, network, scoped;
	} attributes = {args->files, 0, args->scoped};
	int fd = (int)syscall(SYS_landlock_create_ruleset, &attributes, sizeof(attributes), 0);

	if (fd < 0)
		return -errno;
	context->slots[args->to] = fd;
	return 0;
}

int op_allow_beneath(struct context *context, const struct args_allow_beneath *args)
{
	struct __attribute__((packed)) {
		uint64_t allowed;
		int32_t parent;
	} rule = {.allowed = args->files};
	int root = open("/", O_PATH | O_DIRECTORY | O_CLOEXEC), error = 0;

	if (root < 0)
		return -errno;
	rule.parent = open_inside(root, args->path, O_PATH, 0);
	close(root);
	if (rule.parent < 0)
		return rule.parent;
	if (syscall(SYS_landlock_add_rule, slot(context, args->ruleset, -1),
		    LANDLOCK_RULE_PATH_BENEATH, &rule, 0) < 0)
		error = errno;
	close(rule.parent);
	return -error;
}

int op_restrict_self(struct context *context, const struct args_restrict_self *args)
{
	int ruleset = slot(context, args->ruleset, -1);

	return syscall(SYS_landlock_restrict_self, ruleset, 0) < 0 ? -errno : 0;
}
