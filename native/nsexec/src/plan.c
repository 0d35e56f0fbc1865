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
	uint16_t else_count, unused;
	uint32_t signature;
};

/* What is left to read, and room for what does not stay where it is read. */
struct reader {
	const unsigned char *at, *end;
	char **strings;
	unsigned slot_count;
	unsigned stages; /* that will be performed */
};

static const void *take(struct reader *reader, size_t size)
{
	const void *taken = reader->at;
	size_t aligned = (size + 7) & ~(size_t)7;

	if (aligned < size || aligned > (size_t)(reader->end - reader->at))
		return NULL;
	reader->at += aligned;
	return taken;
}

static int take_number(struct reader *reader, uint64_t *number)
{
	const void *bytes = take(reader, sizeof(*number));

	if (!bytes)
		return -EPROTO;
	memcpy(number, bytes, sizeof(*number));
	return 0;
}

/* A count, the length of all in bytes, then each string with its NUL. */
struct text {
	uint32_t count, length;
	char *bytes;
};

static int take_text(struct reader *reader, struct text *text)
{
	uint32_t sizes[2];
	const unsigned char *bytes;

	if ((size_t)(reader->end - reader->at) < sizeof(sizes))
		return -EPROTO;
	memcpy(sizes, reader->at, sizeof(sizes));
	bytes = take(reader, sizeof(sizes) + (size_t)sizes[1]);
	if (!bytes || sizes[0] > sizes[1])
		return -EPROTO;
	*text = (struct text){sizes[0], sizes[1], (char *)bytes + sizeof(sizes)};
	/* Whatever is in it, the last string ends within. */
	return text->length > 0 && text->bytes[text->length - 1] ? -EPROTO : 0;
}

static int take_string(struct reader *reader, const char **string)
{
	struct text text;

	if (take_text(reader, &text) < 0 || text.count != 1)
		return -EPROTO;
	*string = text.bytes;
	return strlen(text.bytes) == text.length - 1 ? 0 : -EPROTO;
}

static int take_strings(struct reader *reader, struct strings *strings)
{
	struct text text;
	char *at;

	if (take_text(reader, &text) < 0)
		return -EPROTO;
	*strings = (struct strings){text.count, reader->strings};
	at = text.bytes;
	for (size_t i = 0; i < text.count; i++) {
		if (at == text.bytes + text.length)
			return -EPROTO;
		*reader->strings++ = at;
		at += strlen(at) + 1;
	}
	*reader->strings++ = NULL;
	return at == text.bytes + text.length ? 0 : -EPROTO;
}

static int take_numbers(struct reader *reader, struct numbers *numbers)
{
	uint32_t count;
	const unsigned char *bytes;

	if ((size_t)(reader->end - reader->at) < 8)
		return -EPROTO;
	memcpy(&count, reader->at, sizeof(count));
	bytes = take(reader, 8 + (size_t)count * sizeof(uint32_t));
	if (!bytes)
		return -EPROTO;
	numbers->count = count;
	numbers->items = (const uint32_t *)(const void *)(bytes + 8);
	return 0;
}

static int take_slot(struct reader *reader, int64_t *slot, bool none)
{
	uint64_t number;

	if (take_number(reader, &number) < 0)
		return -EPROTO;
	*slot = (int64_t)number;
	if (*slot == -1 && none)
		return 0;
	return number < reader->slot_count ? 0 : -EPROTO;
}

static int take_field(struct reader *reader, enum field_kind kind, void *to)
{
	switch (kind) {
	case FIELD_STRING:
		return take_string(reader, to);
	case FIELD_STRINGS:
		return take_strings(reader, to);
	case FIELD_NUMBER:
		return take_number(reader, to);
	case FIELD_NUMBERS:
		return take_numbers(reader, to);
	case FIELD_SLOT:
	case FIELD_OUT:
		return take_slot(reader, to, false);
	case FIELD_SLOT_OR_NONE:
		return take_slot(reader, to, true);
	}
	return -EPROTO;
}

static int take_fields(struct reader *reader, const struct operation *operation, void *arguments)
{
	for (unsigned i = 0; i < operation->field_count; i++) {
		const struct field *field = &operation->fields[i];
		int result = take_field(reader, field->kind, (char *)arguments + field->offset);

		if (result < 0)
			return result;
	}
	return reader->at == reader->end ? 0 : -EPROTO;
}

static int take_record(struct reader *reader, struct record *record)
{
	struct record_header header;
	struct reader body = *reader;
	const struct operation *operation;
	int result;

	if ((size_t)(reader->end - reader->at) < sizeof(header))
		return -EPROTO;
	memcpy(&header, reader->at, sizeof(header));
	if (header.size < sizeof(header) || header.size % 8 || !take(reader, header.size))
		return -EPROTO;
	record->code = (enum operation_code)header.code;
	record->stage = header.stage;
	record->else_count = header.else_count;
	/* Perhaps of another version: whoever performs other stages has no need of it. */
	if (header.stage < STAGES && !(reader->stages & 1u << header.stage))
		return 0;
	if (header.code >= sizeof(operation_table) / sizeof(operation_table[0]))
		return -EPROTO;
	operation = &operation_table[header.code];
	if (!operation->run || header.signature != operation->signature ||
	    header.stage >= STAGES || !(operation->stages & 1u << header.stage))
		return -EPROTO;
	if (operation->size > sizeof(record->arguments))
		return -EPROTO;
	body.at += sizeof(header);
	body.end = reader->at;
	record->operation = operation;
	record->optional_count = header.optional_count;
	record->optional = take(&body, header.optional_count * sizeof(uint16_t));
	if (!record->optional)
		return -EPROTO;
	result = take_fields(&body, operation, record->arguments);
	reader->strings = body.strings;
	return result;
}

static int take_records(struct reader *reader, struct plan *plan, size_t count)
{
	for (plan->count = 0; plan->count < count; plan->count++) {
		struct record *record = &plan->records[plan->count];
		int result = take_record(reader, record);

		if (result < 0)
			return result;
		if (record->else_count > count - plan->count - 1)
			return -EPROTO;
		if (plan->count > 0 && record->stage < record[-1].stage)
			return -EPROTO;
	}
	return reader->at == reader->end ? 0 : -EPROTO;
}

static int plan_decode(struct plan *plan, const unsigned char *bytes, size_t size,
		       unsigned stages)
{
	struct header header;
	struct reader reader;

	if (size < sizeof(header))
		return -EPROTO;
	memcpy(&header, bytes, sizeof(header));
	if (header.magic != MAGIC || header.version != FORMAT_VERSION)
		return -EPROTO;
	if (header.records_bytes > size - sizeof(header) || header.slot_count > SLOTS_MAX)
		return -EPROTO;
	if (header.count > header.records_bytes / sizeof(struct record_header))
		return -EPROTO;
	bytes += sizeof(header);
	/* A string takes a byte at least, and the NULL behind a list less than its two sizes. */
	plan->strings = calloc(header.records_bytes + 1, sizeof(char *));
	plan->records = calloc((size_t)header.count + 1, sizeof(*plan->records));
	if (!plan->records || !plan->strings)
		return -ENOMEM;
	reader = (struct reader){bytes, bytes + header.records_bytes, plan->strings,
				 header.slot_count, stages};
	plan->slot_count = header.slot_count;
	plan->seal = header.flags & 1;
	return take_records(&reader, plan, header.count);
}

/*
 * The file's bytes stay in memory for the life of the process: fields point into them. `stages` are
 * those that will be performed, as bits.
 */
int plan_read(struct plan *plan, int fd, unsigned stages)
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
	return plan_decode(plan, bytes, have, stages);
}
