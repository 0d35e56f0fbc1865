/*
 * What a process does with a signal, as the kernel tells: in the supervisor, of the container's
 * pid 1. That may change it at any time; what is told is what held a moment ago.
 */
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include "disposition.h"

static uint64_t read_mask(const char *status, const char *name)
{
	const char *line = strstr(status, name);

	return line ? strtoull(line + strlen(name), NULL, 16) : 0;
}

enum disposition disposition_of(pid_t pid, int number)
{
	char path[32], status[4096];
	uint64_t bit = 1ull << (number - 1);
	size_t got;
	FILE *file;

	snprintf(path, sizeof(path), "/proc/%d/status", pid);
	file = fopen(path, "re");
	if (!file)
		return TAKEN;
	got = fread(status, 1, sizeof(status) - 1, file);
	status[got] = 0;
	fclose(file);
	if ((read_mask(status, "\nSigCgt:\t") | read_mask(status, "\nSigBlk:\t")) & bit)
		return TAKEN;
	return read_mask(status, "\nSigIgn:\t") & bit ? IGNORED : DEFAULT;
}
