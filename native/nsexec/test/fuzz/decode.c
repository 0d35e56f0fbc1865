/*
 * What the reader of plans makes of arbitrary bytes: it refuses them, or gives a plan of which
 * every field is what the table says. The fields are read here as the operations would read them.
 */
#include <stdio.h>
#include <stdlib.h>
#include "../../src/plan.c"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

/* So that no read is left out for having no effect. */
static volatile size_t touched;

static void demand(bool holds, const char *what)
{
	if (holds)
		return;
	fprintf(stderr, "%s\n", what);
	abort();
}

static size_t read_string(const char *string)
{
	return strlen(string);
}

static size_t read_field(const struct field *field, const char *arguments, unsigned slot_count)
{
	const void *at = arguments + field->offset;
	const struct strings *strings = at;
	const struct numbers *numbers = at;
	size_t sum = 0;
	int64_t slot;

	switch (field->kind) {
	case FIELD_STRING:
		return read_string(*(char *const *)at);
	case FIELD_STRINGS:
		for (size_t i = 0; i < strings->count; i++)
			sum += read_string(strings->items[i]);
		demand(!strings->items[strings->count], "a list of strings ends with NULL");
		return sum;
	case FIELD_NUMBERS:
		for (size_t i = 0; i < numbers->count; i++)
			sum += numbers->items[i];
		return sum;
	case FIELD_NUMBER:
		return *(const uint64_t *)at;
	case FIELD_SLOT:
	case FIELD_SLOT_OR_NONE:
	case FIELD_OUT:
		slot = *(const int64_t *)at;
		demand(slot < (int64_t)slot_count, "a slot is one of the plan's");
		demand(slot >= 0 || (slot == -1 && field->kind == FIELD_SLOT_OR_NONE),
		       "only a slot that may be absent is none");
		return (size_t)slot;
	}
	return sum;
}

static void read_record(const struct plan *plan, size_t index)
{
	const struct record *record = &plan->records[index];
	demand(record->operation->run, "an operation can be run");
	demand(record->operation->stages & 1u << record->stage,
	       "an operation is in a stage of its");
	demand(index + record->else_count < plan->count, "what runs instead is in the plan");
	demand(!index || record[-1].stage <= record->stage, "stages come in their order");
	for (unsigned i = 0; i < record->optional_count; i++)
		touched += record->optional[i];
	for (unsigned i = 0; i < record->operation->field_count; i++)
		touched += read_field(&record->operation->fields[i],
				      (const char *)record->arguments, plan->slot_count);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct plan plan = {0};
	unsigned char *bytes = malloc(size + 1);
	int result;

	/* A copy of the exact size, aligned as the program's own. */
	memcpy(bytes, data, size);
	bytes = realloc(bytes, size ? size : 1);
	result = plan_decode(&plan, bytes, size, ALL_STAGES);
	demand(result == 0 || !getenv("PLAN_EXPECTED"), "a plan is taken for one");
	demand(result == 0 || result == -EPROTO || result == -ENOMEM, "a refusal has its errno");
	for (size_t i = 0; result == 0 && i < plan.count; i++)
		read_record(&plan, i);
	free(plan.records);
	free(plan.strings);
	free(bytes);
	return 0;
}
