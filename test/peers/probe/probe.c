/*
 * Runs as a container's command and tells what it finds: every line a JSON array of strings.
 *
 *   probe             all of it
 *   probe process     only what is its own: no tries, for where they would reach the host
 *
 * Then it waits for SIGUSR1. By then the host has read its system call filter and suspended it,
 * and it tells the one thing that filters hide: whose session keyring it has.
 */
#define _GNU_SOURCE
#include "probe.h"

#include <errno.h>
#include <signal.h>
#include <stdarg.h>
#include <stdio.h>
#include <string.h>
#include <time.h>

static const struct timespec patience = {.tv_sec = 60};

static void print_string(const char *text)
{
	putchar('"');
	for (const unsigned char *c = (const unsigned char *)text; *c; c++) {
		if (*c < 0x20 || *c == '"' || *c == '\\')
			printf("\\u%04x", *c);
		else
			putchar(*c);
	}
	putchar('"');
}

void say(const char *first, ...)
{
	va_list rest;

	putchar('[');
	print_string(first);
	va_start(rest, first);
	for (const char *text; (text = va_arg(rest, const char *));) {
		putchar(',');
		print_string(text);
	}
	va_end(rest);
	puts("]");
}

const char *error_name(int number)
{
	const char *name = strerrorname_np(number);

	return name ? name : "unknown";
}

int main(int argc, char **argv)
{
	sigset_t go;

	/* Blocked first: as pid 1 an unhandled signal would be lost. */
	sigemptyset(&go);
	sigaddset(&go, SIGUSR1);
	sigprocmask(SIG_BLOCK, &go, NULL);

	tell_process();
	if (argc < 2 || strcmp(argv[1], "process") != 0) {
		tell_paths();
		tell_devices();
		tell_attempts();
	}
	say("waiting", NULL);
	fflush(stdout);
	while (sigtimedwait(&go, NULL, &patience) < 0)
		if (errno != EINTR)
			return 1;
	tell_session_keyring();
	return 0;
}
