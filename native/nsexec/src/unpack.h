/* A layer as a stream: one frame for each entry, with its data behind it. */
#ifndef UNPACK_H
#define UNPACK_H
#include <limits.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#define STREAM_MAGIC "MCU1"
#define FRAME_BYTES_MAX (5u << 20)

enum kind {
	KIND_END = 0,
	KIND_DIRECTORY = 'd',
	KIND_PARENT = 'p', /* a directory that the archive has not, or not yet */
	KIND_FILE = 'f',
	KIND_SYMLINK = 'l',
	KIND_LINK = 'h',
	KIND_DEVICE = 'n', /* or a pipe */
	KIND_WHITEOUT = 'w',
	KIND_OPAQUE = 'o',
	KIND_SETTLE = 't', /* a directory's times, when all in it is there */
	KIND_INHERIT = 'i', /* a directory becomes as the one below it is */
	KIND_COPY_UP = 'c', /* from below */
};

#define FLAG_SPARSE 1

/* As packages/rootfs/src/unpack/frame.ts writes it, little-endian. */
struct frame_header {
	uint32_t size; /* of the frame, without its data */
	uint8_t kind, flags;
	uint16_t xattr_count;
	uint32_t mode, uid, gid, nanoseconds;
	int64_t seconds;
	uint32_t device_major, device_minor;
	uint64_t file_size;
	uint32_t path_length, link_length, extent_count, unused;
};

struct entry {
	struct frame_header head;
	const char *path, *link;
	const unsigned char *xattrs, *extents, *end;
};

/* More entries of a layer than this do not replace others. */
#define REPLACED_MAX 20000

/* Where a tree is written. */
struct tree {
	int root, lower; /* -1: none */
	char parent_path[PATH_MAX]; /* the directory that we stand in */
	int parent; /* -1: none */
	bool parent_gives_group;
	uint32_t replaced; /* entries, by later ones of their name */
};

/* unpack-stream.c */
struct stream;
int stream_open(int fd, struct stream **opened);
int stream_entry(struct stream *stream, struct entry *entry);
int stream_copy(struct stream *stream, int fd, uint64_t size);
int take_xattr(struct entry *entry, const char **name, const void **value, uint32_t *size);

/* unpack-entry.c */
int write_entry(struct tree *tree, struct stream *stream, struct entry *entry);
int enter_parent(struct tree *tree, const char *path, const char **name);
void leave_parent(struct tree *tree);

/* unpack-lower.c */
int inherit_directory(struct tree *tree, const struct entry *entry);
int copy_up(struct tree *tree, const struct entry *entry);

/* ending.c */
int open_entry(int directory, const char *name);
int remove_entry(int directory, const char *name);
#endif
