/*
 * One entry of a layer becomes a file, a directory, a link or a mark. Later entries win over
 * earlier ones of the same name. We stand in the directory that holds the entry, so that its name
 * alone is used: no path is walked twice, and none by anybody but the kernel (openat2).
 */
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/sysmacros.h>
#include <sys/xattr.h>
#include <unistd.h>
#include "kernel.h"
#include "nsexec.h"
#include "unpack.h"

#define OPAQUE "user.overlay.opaque"

void leave_parent(struct tree *tree)
{
	if (tree->parent >= 0)
		close(tree->parent);
	tree->parent = -1;
}

/*
 * Most entries lie beside the one before. What replaces a directory makes us look again.
 */
int enter_parent(struct tree *tree, const char *path, const char **name)
{
	const char *slash = strrchr(path, '/');
	size_t length = slash ? (size_t)(slash - path) : 0;
	struct stat status;

	*name = slash ? slash + 1 : path;
	if (tree->parent >= 0 && strlen(tree->parent_path) == length &&
	    !memcmp(tree->parent_path, path, length))
		return 0;
	leave_parent(tree);
	memcpy(tree->parent_path, path, length);
	tree->parent_path[length] = 0;
	tree->parent = open_inside(tree->root, tree->parent_path, O_RDONLY | O_DIRECTORY, 0);
	if (tree->parent < 0)
		return tree->parent;
	if (fchdir(tree->parent) < 0 || fstat(tree->parent, &status) < 0)
		return -errno;
	tree->parent_gives_group = status.st_mode & S_ISGID;
	return 0;
}

/* A name said again costs an archive nothing, and us the removal of a file. */
static int make_room(struct tree *tree, const char *name)
{
	return ++tree->replaced > REPLACED_MAX ? -E2BIG : remove_entry(AT_FDCWD, name);
}

/* The mode a file was made with is its own, unless its owner changes, or its directory's group. */
static int set_owner(const struct tree *tree, const struct frame_header *head, int fd)
{
	bool changes = head->uid != 0 || head->gid != 0 || tree->parent_gives_group;

	if (changes && fchown(fd, head->uid, head->gid) < 0)
		return -errno;
	if ((changes || head->mode & (S_ISUID | S_ISGID | S_ISVTX)) && fchmod(fd, head->mode) < 0)
		return -errno;
	return 0;
}

static int set_xattrs(struct entry *entry, int fd, const char *name)
{
	const char *attribute;
	const void *value;
	uint32_t size;
	int result;

	while ((result = take_xattr(entry, &attribute, &value, &size)) > 0) {
		int failed = fd >= 0 ? fsetxattr(fd, attribute, value, size, 0) :
				       lsetxattr(name, attribute, value, size, 0);

		/* Some kinds of files, and some file systems, have none. */
		if (failed < 0 && errno != EOPNOTSUPP && !(fd < 0 && errno == EPERM))
			return -errno;
	}
	return result;
}

static void times_of(const struct frame_header *head, struct timespec times[2])
{
	times[0].tv_sec = head->seconds;
	times[0].tv_nsec = (long)head->nanoseconds;
	times[1] = times[0];
}

static int write_data(struct stream *stream, const struct entry *entry, int fd)
{
	const struct frame_header *head = &entry->head;

	if (!(head->flags & FLAG_SPARSE))
		return stream_copy(stream, fd, head->file_size);
	if (ftruncate(fd, (off_t)head->file_size) < 0)
		return -errno;
	for (uint32_t i = 0; i < head->extent_count; i++) {
		uint64_t extent[2];
		int result;

		memcpy(extent, entry->extents + i * sizeof(extent), sizeof(extent));
		if (extent[0] > head->file_size || extent[1] > head->file_size - extent[0])
			return -EPROTO;
		if (lseek(fd, (off_t)extent[0], SEEK_SET) < 0)
			return -errno;
		result = stream_copy(stream, fd, extent[1]);
		if (result < 0)
			return result;
	}
	return 0;
}

static int write_file(struct tree *tree, struct stream *stream, struct entry *entry,
		      const char *name)
{
	const int flags = O_WRONLY | O_CREAT | O_EXCL | O_NOFOLLOW | O_CLOEXEC;
	int fd = open(name, flags, entry->head.mode), result;
	struct timespec times[2];

	if (fd < 0 && errno == EEXIST) {
		result = make_room(tree, name);
		fd = result < 0 ? -1 : open(name, flags, entry->head.mode);
		if (result < 0)
			return result;
	}
	if (fd < 0)
		return -errno;
	result = write_data(stream, entry, fd);
	if (result >= 0)
		result = set_owner(tree, &entry->head, fd);
	/* File capabilities are gone when the owner changes. */
	if (result >= 0)
		result = set_xattrs(entry, fd, name);
	times_of(&entry->head, times);
	if (result >= 0 && futimens(fd, times) < 0)
		result = -errno;
	close(fd);
	return result;
}

static bool is_whiteout(const struct stat *status)
{
	return S_ISCHR(status->st_mode) && status->st_rdev == 0;
}

static int mark_opaque(const char *name)
{
	return lsetxattr(name, OPAQUE, "y", 1, 0) < 0 ? -errno : 0;
}

/*
 * A directory that is there stays, with what is in it. One in place of a mark that it is gone hides
 * what lies below.
 */
static int make_directory(struct tree *tree, struct entry *entry, const char *name)
{
	struct stat status;
	int fd, result;

	if (mkdir(name, entry->head.mode) < 0) {
		if (errno != EEXIST || lstat(name, &status) < 0)
			return -errno;
		if (!S_ISDIR(status.st_mode)) {
			result = make_room(tree, name);
			if (result < 0)
				return result;
			if (mkdir(name, entry->head.mode) < 0)
				return -errno;
			result = is_whiteout(&status) ? mark_opaque(name) : 0;
			if (result < 0)
				return result;
		}
	}
	fd = open(name, O_RDONLY | O_DIRECTORY | O_NOFOLLOW | O_CLOEXEC);
	if (fd < 0)
		return -errno;
	result = fchown(fd, entry->head.uid, entry->head.gid) < 0 ||
				 fchmod(fd, entry->head.mode) < 0 ?
			 -errno :
			 set_xattrs(entry, fd, name);
	close(fd);
	/* The one that we stand in may have another owner now. */
	if (!strcmp(name, "."))
		leave_parent(tree);
	return result;
}

/* A link of this layer's may stand there, and leads on. */
static int make_parent(const char *name)
{
	struct stat status;

	if (mkdir(name, 0755) == 0)
		return 0;
	if (errno != EEXIST || lstat(name, &status) < 0)
		return -errno;
	if (!is_whiteout(&status))
		return 0;
	return unlink(name) < 0 || mkdir(name, 0755) < 0 ? -errno : mark_opaque(name);
}

static int try_make(const struct entry *entry, const char *name)
{
	const struct frame_header *head = &entry->head;
	dev_t device = makedev(head->device_major, head->device_minor);
	int made = head->kind == KIND_SYMLINK ? symlink(entry->link, name) :
						mknod(name, head->mode, device);

	return made < 0 ? -errno : 0;
}

static int make_node(struct tree *tree, struct entry *entry, const char *name)
{
	struct timespec times[2];
	int result = try_make(entry, name);

	if (result == -EEXIST) {
		result = make_room(tree, name);
		if (result == 0)
			result = try_make(entry, name);
	}
	if (result < 0)
		return result;
	if (fchownat(AT_FDCWD, name, entry->head.uid, entry->head.gid, AT_SYMLINK_NOFOLLOW) < 0)
		return -errno;
	/* A link has no mode, and the owner's change takes set-id bits. */
	if (entry->head.kind == KIND_DEVICE &&
	    fchmodat(AT_FDCWD, name, entry->head.mode & 07777, 0) < 0)
		return -errno;
	result = set_xattrs(entry, -1, name);
	times_of(&entry->head, times);
	if (result >= 0 && utimensat(AT_FDCWD, name, times, AT_SYMLINK_NOFOLLOW) < 0)
		result = -errno;
	return result;
}

/* ENOENT says that what it is to be another name of is not in this layer. */
static int make_link(struct tree *tree, const struct entry *entry, const char *name)
{
	char target_name[256];
	int target = open_parent_inside(tree->root, entry->link, target_name), result;
	struct stat to, from;

	if (target < 0)
		return target == -ENOTDIR ? -ENOENT : target;
	result = fstatat(target, target_name, &to, AT_SYMLINK_NOFOLLOW) < 0 ? -errno : 0;
	if (result == 0 && is_whiteout(&to))
		result = -ENOENT;
	if (result == 0 && S_ISDIR(to.st_mode))
		result = -EISDIR;
	/* One and the same already: to replace it would lose it. */
	if (result == 0 && lstat(name, &from) == 0) {
		if (from.st_dev == to.st_dev && from.st_ino == to.st_ino) {
			close(target);
			return 0;
		}
		result = make_room(tree, name);
	}
	if (result == 0 && linkat(target, target_name, AT_FDCWD, name, 0) < 0)
		result = -errno;
	close(target);
	return result;
}

/* It says what is gone from below; what this layer itself has stays, and hides what is below. */
static int make_whiteout(const char *name)
{
	struct stat status;

	if (mknod(name, S_IFCHR, 0) == 0)
		return 0;
	if (errno != EEXIST || lstat(name, &status) < 0)
		return -errno;
	return S_ISDIR(status.st_mode) ? mark_opaque(name) : 0;
}

static int settle(const struct entry *entry, const char *name)
{
	struct timespec times[2];
	struct stat status;

	/* Another entry may have taken its place. */
	if (lstat(name, &status) < 0)
		return errno == ENOENT ? 0 : -errno;
	if (!S_ISDIR(status.st_mode))
		return 0;
	times_of(&entry->head, times);
	return utimensat(AT_FDCWD, name, times, AT_SYMLINK_NOFOLLOW) < 0 ? -errno : 0;
}

int write_entry(struct tree *tree, struct stream *stream, struct entry *entry)
{
	const char *name;
	int result;

	if (entry->head.kind == KIND_INHERIT)
		return inherit_directory(tree, entry);
	if (entry->head.kind == KIND_COPY_UP)
		return copy_up(tree, entry);
	result = enter_parent(tree, entry->path, &name);
	if (result < 0)
		return result == -ENOENT && entry->head.kind == KIND_SETTLE ? 0 : result;
	/* The layer's own root. */
	if (!*name)
		name = ".";
	switch (entry->head.kind) {
	case KIND_DIRECTORY:
		return make_directory(tree, entry, name);
	case KIND_PARENT:
		return make_parent(name);
	case KIND_FILE:
		return write_file(tree, stream, entry, name);
	case KIND_SYMLINK:
	case KIND_DEVICE:
		return make_node(tree, entry, name);
	case KIND_LINK:
		return make_link(tree, entry, name);
	case KIND_WHITEOUT:
		return make_whiteout(name);
	case KIND_OPAQUE:
		return mark_opaque(name);
	case KIND_SETTLE:
		return settle(entry, name);
	default:
		return -EPROTO;
	}
}
