/*
 * minicontainer-oci: its global flags and verbs, errors and log. Runs with the caller's privileges,
 * in the host's namespaces; what containers wrote is never read here.
 */
#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>
#include <unistd.h>
#include "nsexec.h"
#include "oci.h"

/* Each with a value, in a word of its own or behind "="; all others have none. */
static const char *const with_value[] = {"root",           "log",      "log-format",
					 "cgroup-manager", "rootless", "criu"};

static const struct {
	const char *name;
	int (*run)(const struct oci *oci, char **words);
} verbs[] = {
	{"state", oci_state},
	{"start", oci_start},
	{"kill", oci_kill},
	{"delete", oci_delete},
};

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

/* As Go's flags are written: with two dashes or one, or its first letter with one. */
bool is_flag(const char *word, const char *name)
{
	if (*word != '-')
		return false;
	return (word[1] == *name && !word[2]) || !strcmp(word + (word[1] == '-' ? 2 : 1), name);
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

static const char *find_node(char path[PATH_MAX])
{
	const char *named = getenv("MINICONTAINER_NODE"), *search = getenv("PATH");

	if (named && *named)
		return named;
	for (const char *at = search ? search : "/usr/local/bin:/usr/bin:/bin"; *at;) {
		size_t length = strcspn(at, ":");

		if (snprintf(path, PATH_MAX, "%.*s/node", (int)length, at) < PATH_MAX &&
		    access(path, X_OK) == 0)
			return path;
		at += length + (at[length] == ':');
	}
	return NULL;
}

/* Where the first `count` of our own words end there; NULL where there is no Node. */
static char **node_words(const struct oci *oci, char **words, const char *option, size_t count)
{
	static char path[PATH_MAX];
	const char *node = find_node(path);

	if (!node)
		return NULL;
	*words++ = (char *)node;
	if (option)
		*words++ = (char *)option;
	*words++ = (char *)oci->bundle;
	for (size_t i = 0; i < count; i++)
		*words++ = oci->words[i];
	*words = NULL;
	return words;
}

/* With an option of Node's own, if it is to have one. Returns only for an error, which it has told.
 */
int oci_execute_node(const struct oci *oci, const char *option)
{
	size_t count = 0;
	char **words;

	while (oci->words[count])
		count++;
	words = calloc(count + 4, sizeof(*words));
	if (!words)
		return oci_fail(oci, "out of memory");
	if (node_words(oci, words, option, count)) {
		setenv("MINICONTAINER_NSEXEC", oci->program, 1);
		execv(words[0], words);
		oci_fail(oci, "%s cannot be executed: %s", words[0], strerror(errno));
	} else {
		oci_fail(oci, "Node.js was not found: install it, put it into PATH, or name "
			      "it with MINICONTAINER_NODE");
	}
	free(words);
	return oci->failure;
}

/* Who explains an operation that failed; NULL where there is no Node. */
char **oci_reporter(const struct oci *oci, char *words[REPORTER_WORDS])
{
	size_t count = oci->global_count;
	char **end = count + 4 > REPORTER_WORDS ? NULL : node_words(oci, words, NULL, count);

	if (!end)
		return NULL;
	end[0] = "report";
	end[1] = NULL;
	return words;
}

/* The value of a flag, at `at` or behind it; NULL when it is not this one. */
static const char *value_of(char ***at, const char *name)
{
	const char *word = **at + (!strncmp(**at, "--", 2) ? 2 : 1);
	size_t length = strlen(name);

	if (strncmp(word, name, length))
		return NULL;
	if (word[length] == '=')
		return word + length + 1;
	if (word[length] || !(*at)[1])
		return NULL;
	(*at)++;
	return **at;
}

/* What that is, Node tells. */
static bool asks_help(const char *word)
{
	static const char *const words[] = {"--help", "-help", "-h", "--version", "-version", "-v"};

	for (size_t i = 0; word && i < sizeof(words) / sizeof(*words); i++)
		if (!strcmp(word, words[i]))
			return true;
	return false;
}

static void parse_global(struct oci *oci)
{
	const char **values[] = {&oci->root, &oci->log, &oci->log_format};
	char **at = oci->words;

	for (; *at && **at == '-'; at++) {
		oci->asks_help |= asks_help(*at);
		for (size_t i = 0; i < sizeof(with_value) / sizeof(*with_value); i++) {
			const char *value = value_of(&at, with_value[i]);

			if (!value)
				continue;
			if (i < sizeof(values) / sizeof(*values))
				*values[i] = value;
			break;
		}
	}
	oci->global_count = (size_t)(at - oci->words);
}

/* Root of a user namespace has no right to the host's /run. */
static bool is_host_root(void)
{
	char map[128], *at;

	if (geteuid() != 0 || read_text(AT_FDCWD, "/proc/self/uid_map", map, sizeof(map)) <= 0)
		return false;
	/* All ids on themselves. */
	return strtoul(map, &at, 10) == 0 && strtoul(at, &at, 10) == 0 &&
	       strtoul(at, NULL, 10) == UINT32_MAX;
}

static const char *default_root(void)
{
	static char path[PATH_MAX];
	const char *runtime = getenv("XDG_RUNTIME_DIR");

	if (is_host_root())
		return "/run/minicontainer-oci";
	if (runtime && *runtime == '/')
		snprintf(path, sizeof(path), "%s/minicontainer-oci", runtime);
	else
		snprintf(path, sizeof(path), "/run/user/%u/minicontainer-oci", geteuid());
	return path;
}

/* They are the caller's, for programs of its own: what runs here as root nobody changes by them. */
static void forget_node_settings(void)
{
	char **kept = environ;

	for (char **at = environ; *at; at++)
		if (strncmp(*at, "NODE_", strlen("NODE_")))
			*kept++ = *at;
	*kept = NULL;
}

/* Where code and filters are kept that were compiled, and that decide: nobody else may write there.
 */
static void name_cache(void)
{
	const char *caches = getenv("XDG_CACHE_HOME"), *home = getenv("HOME");
	char path[PATH_MAX] = "";

	if (getenv("MINICONTAINER_CACHE"))
		return;
	if (is_host_root())
		snprintf(path, sizeof(path), "/var/cache/minicontainer");
	else if (caches && *caches == '/')
		snprintf(path, sizeof(path), "%s/minicontainer", caches);
	else if (home && *home == '/')
		snprintf(path, sizeof(path), "%s/.cache/minicontainer", home);
	setenv("MINICONTAINER_CACHE", path, 1);
}

int oci_main(char **argv)
{
	static char self[PATH_MAX];
	ssize_t length = readlink("/proc/self/exe", self, sizeof(self) - 1);
	char **words = argv + 3;
	struct oci oci = {.program = length > 0 ? self : argv[0],
			  .bundle = argv[2],
			  .own = argv,
			  .words = words,
			  .failure = 1};
	const char *verb;

	forget_node_settings();
	unsetenv("MINICONTAINER_PLAN_FD");
	parse_global(&oci);
	if (!oci.root || !*oci.root)
		oci.root = default_root();
	verb = words[oci.global_count];
	if (verb && (oci.asks_help || asks_help(words[oci.global_count + 1])))
		return oci_execute_node(&oci, NULL);
	for (size_t i = 0; verb && i < sizeof(verbs) / sizeof(*verbs); i++)
		if (!strcmp(verb, verbs[i].name))
			return verbs[i].run(&oci, words + oci.global_count + 1);
	/* Not to be taken for the exit code of the command. */
	if (verb && !strcmp(verb, "exec"))
		oci.failure = 255;
	setenv("MINICONTAINER_OCI_ROOT", oci.root, 1);
	name_cache();
	setenv("MINICONTAINER_OCI_VERB", verb ? verb : "", 1);
	if (verb && (!strcmp(verb, "create") || !strcmp(verb, "run") || !strcmp(verb, "exec") ||
		     !strcmp(verb, "restore")))
		return oci_create(&oci);
	return oci_execute_node(&oci, NULL);
}
