/*
 * Writes one layer. In the keeper of a plan that starts no container: root of the user namespace
 * that will own the files, or the host's root, in a mount namespace of its own without a network.
 * What is written TypeScript has judged; where it lands the kernel decides, with the layer as root:
 * an archive's links lead to nothing outside. Nothing is executed.
 */
#include <errno.h>
#include <fcntl.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>
#include "nsexec.h"
#include "unpack.h"

/* Which links lead to what is not there, for TypeScript to look for in the layers below. */
static int tell_missing(uint32_t index)
{
	return write(1, &index, sizeof(index)) == sizeof(index) ? 0 : -EIO;
}

static int write_entries(struct context *context, struct tree *tree, struct stream *stream)
{
	struct entry entry;
	int result;

	for (uint32_t index = 0;; index++) {
		result = stream_entry(stream, &entry);
		if (result < 0)
			return detail_error(context, -result, "the stream of entries");
		if (entry.head.kind == KIND_END)
			return 0;
		result = write_entry(tree, stream, &entry);
		if (result == -ENOENT && entry.head.kind == KIND_LINK && tree->lower < 0)
			result = tell_missing(index);
		if (result < 0)
			return detail_error(context, -result, "%s", entry.path);
	}
}

int op_write_tree(struct context *context, const struct args_write_tree *args)
{
	struct tree tree = {.lower = slot(context, args->lower, -1), .parent = -1};
	struct stream *stream;
	int result = stream_open(0, &stream);

	if (result < 0)
		return detail_error(context, -result, "the stream of entries");
	umask(0);
	tree.root = open(args->target, O_RDONLY | O_DIRECTORY | O_NOFOLLOW | O_CLOEXEC);
	if (tree.root < 0 || fchdir(tree.root) < 0 || chroot(".") < 0)
		return -errno;
	return write_entries(context, &tree, stream);
}
