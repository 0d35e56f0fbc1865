/* Runs the records of one stage, in whichever process that stage belongs to. */
#include <errno.h>
#include "nsexec.h"

static bool is_optional(const struct record *record, int error)
{
	for (unsigned i = 0; i < record->optional_count; i++)
		if (record->optional[i] == error)
			return true;
	return false;
}

/*
 * On an errno that the record lists the run goes on, with the `else` records that follow; on
 * success these are passed over. Any other errno ends the stage; context->at then tells where.
 */
int run_stage(struct context *context, enum stage stage)
{
	const struct plan *plan = &context->plan;

	for (size_t i = 0; i < plan->count; i++) {
		const struct record *record = &plan->records[i];
		int result;

		if (record->stage != stage)
			continue;
		context->at = i;
		context->detail[0] = 0;
		result = record->operation->run(context, record->arguments);
		if (result >= 0)
			i += record->else_count;
		else if (!is_optional(record, -result))
			return result;
	}
	return 0;
}
