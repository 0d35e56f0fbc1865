/* How a record's fields are laid out in memory once plan.c has read them. */
#ifndef FIELDS_H
#define FIELDS_H
#include <stddef.h>
#include <stdint.h>

struct strings {
	size_t count;
	char **items; /* ends with NULL */
};

struct numbers {
	size_t count;
	const uint32_t *items;
};

enum field_kind {
	FIELD_STRING,
	FIELD_STRINGS,
	FIELD_NUMBER,
	FIELD_NUMBERS,
	FIELD_SLOT,
	FIELD_SLOT_OR_NONE,
	FIELD_OUT,
};

struct field {
	enum field_kind kind;
	size_t offset;
};

struct context;

struct operation {
	int (*run)(struct context *context, const void *arguments);
	size_t size;
	const struct field *fields;
	unsigned field_count;
	unsigned stages;
	uint32_t signature; /* another one: another operation, of another version */
};
#endif
