/*
 * Reads a plan. Runs in the supervisor, before anything else is done. The bytes come from our own
 * TypeScript, but are checked as if they came from an enemy: every size, count, string and slot, so
 * that no operation ever sees a field that is not what the table says.
 */
#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>
#include "nsexec.h"
#define OPERATIONS_TABLE
#include "operations.h"

#define MAGIC 0x3150434du
#define PLAN_BYTES_MAX (16u << 20)

struct header {
	uint32_t magic, version, count, records_bytes, slot_count, flags, notes_bytes, unused;
};

struct record_header {
	uint32_t size;
	uint16_t code;
	uint8_t stage, optional_count;
	uint16_t else_count, unused[3];
};

struct cursor {
	const unsigned char *at, *end;
};

static const void *take(struct cursor *cursor, size_t size)
{
	const void *taken = cursor->at;
	size_t aligned = (size + 7) & ~(size_t)7;

	if (aligned < size || aligned > (size_t)(cursor->end - cursor->at))
		return NULL;
	cursor->at += aligned;
	return taken;
}

static int take_number(struct cursor *cursor, uint64_t *number)
{
	const void *bytes = take(cursor, sizeof(*number));

	if (!bytes)
		return -EPROTO;
	memcpy(number, bytes, sizeof(*number));
	return 0;
}

/* A count, the length of all in bytes, then each string with its NUL. */
static int take_strings(struct cursor *cursor, struct strings *strings)
{
	uint32_t sizes[2];
	const unsigned char *bytes;
	char *text;

	if ((size_t)(cursor->end - cursor->at) < sizeof(sizes))
		return -EPROTO;
	memcpy(sizes, cursor->at, sizeof(sizes));
	bytes = take(cursor, sizeof(sizes) + (size_t)sizes[1]);
	if (!bytes || sizes[0] > sizes[1])
		return -EPROTO;
	text = (char *)bytes + sizeof(sizes);
	strings->count = sizes[0];
	strings->items = calloc((size_t)sizes[0] + 1, sizeof(char *));
	if (!strings->items)
		return -ENOMEM;
	for (size_t i = 0, left = sizes[1]; i < strings->count; i++) {
		char *nul = memchr(text, 0, left);

		if (!nul)
			return -EPROTO;
		strings->items[i] = text;
		left -= (size_t)(nul + 1 - text);
		text = nul + 1;
	}
	return 0;
}

static int take_numbers(struct cursor *cursor, struct numbers *numbers)
{
	uint32_t count;
	const unsigned char *bytes;

	if ((size_t)(cursor->end - cursor->at) < 8)
		return -EPROTO;
	memcpy(&count, cursor->at, sizeof(count));
	bytes = take(cursor, 8 + (size_t)count * sizeof(uint32_t));
	if (!bytes)
		return -EPROTO;
	numbers->count = count;
	numbers->items = (const uint32_t *)(const void *)(bytes + 8);
	return 0;
}

static int take_slot(struct cursor *cursor, int64_t *slot, unsigned slot_count, bool none)
{
	uint64_t number;

	if (take_number(cursor, &number) < 0)
		return -EPROTO;
	*slot = (int64_t)number;
	if (*slot == -1 && none)
		return 0;
	return number < slot_count ? 0 : -EPROTO;
}

static int take_field(struct cursor *cursor, const struct field *field, void *to,
		      unsigned slot_count)
{
	struct strings one;
	int result;

	switch (field->kind) {
	case FIELD_STRING:
		result = take_strings(cursor, &one);
		if (result < 0)
			return result;
		if (one.count != 1) {
			free(one.items);
			return -EPROTO;
		}
		*(const char **)to = one.items[0];
		free(one.items);
		return 0;
	case FIELD_STRINGS:
		return take_strings(cursor, to);
	case FIELD_NUMBER:
		return take_number(cursor, to);
	case FIELD_NUMBERS:
		return take_numbers(cursor, to);
	case FIELD_SLOT:
	case FIELD_OUT:
		return take_slot(cursor, to, slot_count, false);
	case FIELD_SLOT_OR_NONE:
		return take_slot(cursor, to, slot_count, true);
	}
	return -EPROTO;
}

static int take_record(struct cursor *cursor, struct record *record, unsigned slot_count)
{
	struct record_header header;
	struct cursor body;
	const unsigned char *bytes;
	const struct operation *operation;

	if ((size_t)(cursor->end - cursor->at) < sizeof(header))
		return -EPROTO;
	memcpy(&header, cursor->at, sizeof(header));
	if (header.size < sizeof(header) || header.size % 8)
		return -EPROTO;
	bytes = take(cursor, header.size);
	if (!bytes || header.code >= sizeof(operation_table) / sizeof(operation_table[0]))
		return -EPROTO;
	operation = &operation_table[header.code];
	if (!operation->run || header.stage >= STAGES || !(operation->stages & 1u << header.stage))
		return -EPROTO;
	body = (struct cursor){bytes + sizeof(header), bytes + header.size};
	*record = (struct record){operation, header.stage,      header.optional_count,
				  NULL,      header.else_count, calloc(1, operation->size)};
	record->optional = take(&body, header.optional_count * sizeof(uint16_t));
	if (!record->arguments)
		return -ENOMEM;
	if (!record->optional)
		return -EPROTO;
	for (unsigned i = 0; i < operation->field_count; i++) {
		const struct field *field = &operation->fields[i];
		int result = take_field(&body, field, (char *)record->arguments + field->offset,
					slot_count);

		if (result < 0)
			return result;
	}
	return body.at == body.end ? 0 : -EPROTO;
}

static int plan_decode(struct plan *plan, const unsigned char *bytes, size_t size)
{
	struct header header;
	struct cursor cursor;

	if (size < sizeof(header))
		return -EPROTO;
	memcpy(&header, bytes, sizeof(header));
	if (header.magic != MAGIC || header.version != TABLE_VERSION)
		return -EPROTO;
	if (header.records_bytes > size - sizeof(header) || header.slot_count > SLOTS_MAX)
		return -EPROTO;
	if (header.count > header.records_bytes / sizeof(struct record_header))
		return -EPROTO;
	plan->records = calloc((size_t)header.count + 1, sizeof(*plan->records));
	if (!plan->records)
		return -ENOMEM;
	plan->slot_count = header.slot_count;
	plan->seal = header.flags & 1;
	cursor = (struct cursor){bytes + sizeof(header),
				 bytes + sizeof(header) + header.records_bytes};
	for (plan->count = 0; plan->count < header.count; plan->count++) {
		struct record *record = &plan->records[plan->count];
		int result = take_record(&cursor, record, header.slot_count);

		if (result < 0)
			return result;
		if (record->else_count > header.count - plan->count - 1)
			return -EPROTO;
		if (plan->count > 0 && record->stage < record[-1].stage)
			return -EPROTO;
	}
	return cursor.at == cursor.end ? 0 : -EPROTO;
}

/* The file's bytes stay in memory for the life of the process: fields point into them. */
int plan_read(struct plan *plan, int fd)
{
	struct stat status;
	unsigned char *bytes;
	size_t have = 0;

	if (fstat(fd, &status) < 0)
		return -errno;
	if (status.st_size < 0 || status.st_size > PLAN_BYTES_MAX)
		return -EFBIG;
	bytes = malloc((size_t)status.st_size + 1);
	if (!bytes)
		return -ENOMEM;
	while (have < (size_t)status.st_size) {
		ssize_t got = pread(fd, bytes + have, (size_t)status.st_size - have, (off_t)have);

		if (got < 0)
			return -errno;
		if (got == 0)
			return -EPROTO;
		have += (size_t)got;
	}
	return plan_decode(plan, bytes, have);
}
