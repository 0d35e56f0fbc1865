/*
 * The stream of entries, from TypeScript. Every size, count and string is checked as if it came
 * from an enemy, as those of a plan are.
 */
#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>
#include "unpack.h"

#define BUFFER_BYTES (FRAME_BYTES_MAX + (1u << 20))
#define READ_BYTES (1u << 18)

struct stream {
	int fd;
	size_t at, have; /* in the buffer */
	size_t kept; /* up to there lies the frame whose data come */
	unsigned char buffer[BUFFER_BYTES];
};

static int fill(struct stream *stream)
{
	size_t room = sizeof(stream->buffer) - stream->have;
	ssize_t got;

	do
		got = read(stream->fd, stream->buffer + stream->have,
			   room < READ_BYTES ? room : READ_BYTES);
	while (got < 0 && errno == EINTR);
	/* Whoever writes has ended without saying so. */
	if (got <= 0)
		return got < 0 ? -errno : -EPIPE;
	stream->have += (size_t)got;
	return 0;
}

/* The next bytes, in one piece, with room behind them; they are not taken yet. */
static const unsigned char *peek(struct stream *stream, size_t size, int *error)
{
	if (size + READ_BYTES > sizeof(stream->buffer) - stream->at) {
		memmove(stream->buffer, stream->buffer + stream->at, stream->have - stream->at);
		stream->have -= stream->at;
		stream->at = 0;
	}
	while (stream->have - stream->at < size) {
		*error = fill(stream);
		if (*error < 0)
			return NULL;
	}
	return stream->buffer + stream->at;
}

int stream_open(int fd, struct stream **opened)
{
	struct stream *stream = malloc(sizeof(*stream));
	const unsigned char *bytes;
	int error = -ENOMEM;

	if (!stream)
		return error;
	stream->fd = fd;
	stream->at = stream->have = stream->kept = 0;
	bytes = peek(stream, strlen(STREAM_MAGIC), &error);
	if (bytes)
		error = memcmp(bytes, STREAM_MAGIC, strlen(STREAM_MAGIC)) ? -EPROTO : 0;
	stream->at += strlen(STREAM_MAGIC);
	*opened = stream;
	if (error < 0)
		free(stream);
	return error;
}

/* A string of a known length that ends with a NUL and holds no other. */
static const char *take_name(struct entry *entry, const unsigned char **at, uint32_t length)
{
	const char *name = (const char *)*at;

	if (length >= PATH_MAX || (size_t)(entry->end - *at) <= length ||
	    strnlen(name, length + 1) != length)
		return NULL;
	*at += length + 1;
	return name;
}

/* 1: the next one, name and value as they lie; 0: there is none. */
int take_xattr(struct entry *entry, const char **name, const void **value, uint32_t *size)
{
	uint32_t sizes[2];

	if (entry->head.xattr_count == 0)
		return 0;
	entry->head.xattr_count--;
	if ((size_t)(entry->end - entry->xattrs) < sizeof(sizes))
		return -EPROTO;
	memcpy(sizes, entry->xattrs, sizeof(sizes));
	entry->xattrs += sizeof(sizes);
	*name = take_name(entry, &entry->xattrs, sizes[0]);
	if (!*name || (size_t)(entry->end - entry->xattrs) < sizes[1])
		return -EPROTO;
	*value = entry->xattrs;
	*size = sizes[1];
	entry->xattrs += sizes[1];
	return 1;
}

static int parse(struct entry *entry, const unsigned char *bytes)
{
	const struct frame_header *head = &entry->head;
	const unsigned char *at = bytes + sizeof(*head);
	size_t extents = (size_t)head->extent_count * 2 * sizeof(uint64_t);

	entry->end = bytes + head->size;
	entry->path = take_name(entry, &at, head->path_length);
	entry->link = entry->path ? take_name(entry, &at, head->link_length) : NULL;
	if (!entry->link || extents > (size_t)(entry->end - at))
		return -EPROTO;
	entry->extents = at;
	entry->xattrs = at + extents;
	return 0;
}

/* What an entry points to is there until the stream is read again, data included. */
int stream_entry(struct stream *stream, struct entry *entry)
{
	const unsigned char *bytes;
	int error;

	bytes = peek(stream, sizeof(entry->head), &error);
	if (!bytes)
		return error;
	memcpy(&entry->head, bytes, sizeof(entry->head));
	if (entry->head.size < sizeof(entry->head) || entry->head.size > FRAME_BYTES_MAX)
		return -EPROTO;
	bytes = peek(stream, entry->head.size, &error);
	if (!bytes)
		return error;
	stream->at += entry->head.size;
	stream->kept = stream->at;
	return entry->head.kind == KIND_END ? 0 : parse(entry, bytes);
}

/* Data of a file, to where its descriptor stands. They are read behind their frame, which stays. */
int stream_copy(struct stream *stream, int fd, uint64_t size)
{
	while (size > 0) {
		size_t here = stream->have - stream->at;
		ssize_t written;

		if (here == 0) {
			int error;

			stream->at = stream->have = stream->kept;
			error = fill(stream);
			if (error < 0)
				return error;
			continue;
		}
		written = write(fd, stream->buffer + stream->at, here < size ? here : size);
		if (written < 0 && errno == EINTR)
			continue;
		if (written <= 0)
			return written < 0 ? -errno : -EIO;
		stream->at += (size_t)written;
		size -= (uint64_t)written;
	}
	return 0;
}
