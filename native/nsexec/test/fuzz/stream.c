/*
 * What the reader of layers makes of arbitrary bytes, in pieces of arbitrary sizes: it refuses them,
 * or gives entries of which every part lies in what was read. Parts are read here as the writer
 * would read them; what files would hold goes nowhere.
 */
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

static ssize_t next_bytes(void *buffer, size_t size);
static ssize_t no_bytes(size_t size);
#define read(fd, buffer, size) next_bytes(buffer, size)
#define write(fd, buffer, size) no_bytes(size)
#include "../../src/unpack-stream.c"
#undef read
#undef write

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static const uint8_t *input;
static size_t left, piece;
/* So that no read is left out for having no effect. */
static volatile size_t touched;

static ssize_t next_bytes(void *buffer, size_t size)
{
	size_t given = size < piece ? size : piece;

	given = given < left ? given : left;
	memcpy(buffer, input, given);
	input += given;
	left -= given;
	return (ssize_t)given;
}

static ssize_t no_bytes(size_t size)
{
	return (ssize_t)(size > 7 ? size / 2 : size);
}

static void demand(bool holds, const char *what)
{
	if (holds)
		return;
	fprintf(stderr, "%s\n", what);
	abort();
}

static bool is_refusal(int result)
{
	return result == -EPROTO || result == -EPIPE;
}

static int read_entry(struct stream *stream, struct entry *entry)
{
	const char *name, *path = entry->path;
	const void *value;
	uint64_t extent[2];
	uint32_t size;
	size_t length = strlen(path);
	int result;

	demand(length == entry->head.path_length, "a path ends where it is said");
	touched += strlen(entry->link);
	for (uint32_t i = 0; i < entry->head.extent_count; i++) {
		memcpy(extent, entry->extents + i * sizeof(extent), sizeof(extent));
		result = stream_copy(stream, -1, extent[1]);
		if (result < 0)
			return result;
	}
	result = entry->head.extent_count ? 0 : stream_copy(stream, -1, entry->head.file_size);
	/* As the writer does it: after the data. */
	while (result >= 0 && (result = take_xattr(entry, &name, &value, &size)) > 0) {
		touched += strlen(name);
		for (uint32_t i = 0; i < size; i++)
			touched += ((const unsigned char *)value)[i];
	}
	demand(strlen(path) == length, "a path stays where it is");
	return result;
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct stream *stream;
	struct entry entry;
	int result;

	if (size == 0)
		return 0;
	/* The first byte says how much a read gives at most. */
	piece = (size_t)data[0] * data[0] + 1;
	input = data + 1;
	left = size - 1;
	result = stream_open(0, &stream);
	demand(result == 0 || is_refusal(result), "a refusal has its errno");
	if (result < 0) {
		demand(!getenv("STREAM_EXPECTED"), "a stream is taken for one");
		return 0;
	}
	while (result >= 0) {
		result = stream_entry(stream, &entry);
		if (result < 0 || entry.head.kind == KIND_END)
			break;
		result = read_entry(stream, &entry);
	}
	demand(result == 0 || is_refusal(result), "a refusal has its errno");
	demand(result == 0 || !getenv("STREAM_EXPECTED"), "a stream is taken for one");
	free(stream);
	return 0;
}
