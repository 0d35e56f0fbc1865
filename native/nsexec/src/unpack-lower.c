/*
 * What a layer takes from those below it: what its archive does not say of a directory, and a file
 * that it has another name for. Below lies what was unpacked before, as an overlay that is
 * read only.
 */
#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <string.h>
#include <sys/sendfile.h>
#include <sys/stat.h>
#include <sys/xattr.h>
#include <unistd.h>
#include "kernel.h"
#include "nsexec.h"
#include "unpack.h"

/* The kernel's limits: XATTR_LIST_MAX, XATTR_SIZE_MAX. */
#define XATTR_BYTES_MAX 65536

/* Those that archives may give: not what an overlay goes by, and no labels of this host. */
static bool is_own(const char *attribute)
{
	return !strcmp(attribute, "security.capability") ||
	       (!strncmp(attribute, "user.", 5) && strncmp(attribute, "user.overlay.", 13));
}

static int copy_xattrs(int from, int to)
{
	static char names[XATTR_BYTES_MAX], value[XATTR_BYTES_MAX];
	ssize_t length = flistxattr(from, names, sizeof(names));

	for (char *name = names; length > 0 && name < names + length; name += strlen(name) + 1) {
		ssize_t size = is_own(name) ? fgetxattr(from, name, value, sizeof(value)) : -1;

		if (size >= 0 && fsetxattr(to, name, value, (size_t)size, 0) < 0)
			return -errno;
	}
	return length < 0 && errno != EOPNOTSUPP ? -errno : 0;
}

static int copy_metadata(int from, int to)
{
	struct timespec times[2];
	struct stat status;
	int result;

	if (fstat(from, &status) < 0 || fchown(to, status.st_uid, status.st_gid) < 0 ||
	    fchmod(to, status.st_mode & 07777) < 0)
		return -errno;
	result = copy_xattrs(from, to);
	times[0] = times[1] = status.st_mtim;
	if (result == 0 && futimens(to, times) < 0)
		result = -errno;
	return result;
}

static int open_directory(int root, const char *path)
{
	return open_inside(root, path, O_RDONLY | O_DIRECTORY | O_NOFOLLOW, RESOLVE_NO_SYMLINKS);
}

static bool is_no_directory(int error)
{
	return error == -ENOENT || error == -ENOTDIR || error == -ELOOP;
}

/* Where below is no such directory, ours stays as it is. */
int inherit_directory(struct tree *tree, const struct entry *entry)
{
	int own = open_directory(tree->root, entry->path), from, result;

	if (own < 0)
		return is_no_directory(own) ? 0 : own;
	from = open_directory(tree->lower, entry->path);
	result = from < 0 ? from : copy_metadata(from, own);
	if (from >= 0)
		close(from);
	close(own);
	return is_no_directory(from) ? 0 : result;
}

int op_inherit_directory(struct context *context, const struct args_inherit_directory *args)
{
	int from = open_directory(slot(context, args->from, -1), args->path);
	int to = from < 0 ? from : open_directory(slot(context, args->to, -1), args->place);
	int result = to < 0 ? to : copy_metadata(from, to);

	if (from >= 0)
		close(from);
	if (to >= 0)
		close(to);
	return result;
}

static int copy_data(int from, int to)
{
	ssize_t sent;

	do
		sent = sendfile(to, from, NULL, 1u << 30);
	while (sent > 0 || (sent < 0 && errno == EINTR));
	return sent < 0 ? -errno : 0;
}

static int copy_link(int directory, const char *name, const struct stat *status, const char *to)
{
	const struct timespec times[2] = {status->st_mtim, status->st_mtim};
	char target[PATH_MAX];
	ssize_t length = readlinkat(directory, name, target, sizeof(target) - 1);

	if (length < 0)
		return -errno;
	target[length] = 0;
	if (symlink(target, to) < 0 ||
	    fchownat(AT_FDCWD, to, status->st_uid, status->st_gid, AT_SYMLINK_NOFOLLOW) < 0 ||
	    utimensat(AT_FDCWD, to, times, AT_SYMLINK_NOFOLLOW) < 0)
		return -errno;
	return 0;
}

static int copy_file(int directory, const char *name, const char *to)
{
	int from = openat(directory, name, O_RDONLY | O_NOFOLLOW | O_NONBLOCK | O_CLOEXEC);
	int own = from < 0 ? -1 : open(to, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0600);
	int result = own < 0 ? -errno : copy_data(from, own);

	if (result == 0)
		result = copy_metadata(from, own);
	if (own >= 0)
		close(own);
	if (from >= 0)
		close(from);
	return result;
}

static int copy_from_below(int lower, const char *path, const char *to)
{
	char name[256];
	int directory = open_parent_inside(lower, path, name), result;
	struct stat status;

	if (directory < 0)
		return directory;
	/* What else a name may be given to no layer needs twice. */
	if (fstatat(directory, name, &status, AT_SYMLINK_NOFOLLOW) < 0)
		result = -errno;
	else
		result = S_ISLNK(status.st_mode) ? copy_link(directory, name, &status, to) :
			 S_ISREG(status.st_mode) ? copy_file(directory, name, to) :
						   -EINVAL;
	close(directory);
	return result;
}

/* Where this layer says that it is gone, no other name brings it back. */
int copy_up(struct tree *tree, const struct entry *entry)
{
	const char *name;
	int result = enter_parent(tree, entry->path, &name);
	struct stat status;

	if (result < 0)
		return result;
	if (lstat(name, &status) == 0)
		return S_ISCHR(status.st_mode) ? -ENOENT : 0;
	return copy_from_below(tree->lower, entry->path, name);
}
