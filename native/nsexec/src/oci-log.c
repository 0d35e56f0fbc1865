/*
 * Errors of minicontainer-oci: a line on stderr, and one in the log that the caller reads. What
 * others wrote may be part of them, and speaks to no terminal.
 */
#include <fcntl.h>
#include <stdarg.h>
#include <stdio.h>
#include <string.h>
#include <time.h>
#include <unistd.h>
#include "nsexec.h"
#include "oci.h"

/* As JSON has it; what is cut off at the end of the room is no more than a log's. */
static void quote(const char *text, char *quoted, size_t size)
{
	size_t length = 0;

	for (; *text && length + 7 < size; text++) {
		unsigned char byte = (unsigned char)*text;

		if (byte < 0x20 || byte == '"' || byte == '\\')
			length += (size_t)snprintf(quoted + length, size - length, "\\u%04x", byte);
		else
			quoted[length++] = *text;
	}
	quoted[length] = 0;
}

/* RFC 3339, without the time zones that a C library would bring along. */
static void write_time(time_t seconds, char *text, size_t size)
{
	static const int before[] = {0, 31, 61, 92, 122, 153, 184, 214, 245, 275, 306, 337};
	/* Of the Gregorian calendar, in years that begin with March: their leap day is the last. */
	int days = (int)(seconds / 86400) + 719468, second = (int)(seconds % 86400), month = 11;
	int era = days / 146097, day = days % 146097;
	int year = (day - day / 1460 + day / 36524 - day / 146096) / 365;

	day -= 365 * year + year / 4 - year / 100;
	while (before[month] > day)
		month--;
	snprintf(text, size, "%04d-%02d-%02dT%02d:%02d:%02dZ", era * 400 + year + (month > 9),
		 (month + 2) % 12 + 1, day - before[month] + 1, second / 3600, second / 60 % 60,
		 second % 60);
}

static void write_log(const struct oci *oci, const char *message)
{
	char quoted[2048], now[80];
	int fd;

	if (!oci->log || !*oci->log)
		return;
	fd = open(oci->log, O_WRONLY | O_CREAT | O_APPEND | O_NONBLOCK | O_NOCTTY | O_CLOEXEC,
		  0644);
	if (fd < 0)
		return;
	write_time(time(NULL), now, sizeof(now));
	quote(message, quoted, sizeof(quoted));
	if (oci->log_format && !strcmp(oci->log_format, "json"))
		dprintf(fd, "{\"level\":\"error\",\"msg\":\"%s\",\"time\":\"%s\"}\n", quoted, now);
	else
		dprintf(fd, "time=\"%s\" level=error msg=\"%s\"\n", now, quoted);
	close(fd);
}

/* For a verb's `return`: the message on stderr and in the log, where there is one. */
int oci_fail(const struct oci *oci, const char *format, ...)
{
	char message[1024];
	va_list arguments;

	va_start(arguments, format);
	vsnprintf(message, sizeof(message), format, arguments);
	va_end(arguments);
	write_log(oci, message);
	/* What the caller was given by others does not speak to a terminal. */
	for (char *at = message; *at; at++)
		if ((unsigned char)*at < 0x20 || *at == 0x7f ||
		    ((unsigned char)*at == 0xc2 && (unsigned char)at[1] < 0xa0))
			*at = '?';
	dprintf(2, "minicontainer-oci: %s\n", message);
	return oci->failure;
}
