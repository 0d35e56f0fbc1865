/*
 * minicontainer-oci: its global flags and verbs. Runs with the caller's privileges, in the host's
 * namespaces; what containers wrote is never read here.
 */
#include <limits.h>
#include <stdlib.h>
#include <string.h>
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

/* As Go's flags are written: with two dashes or one, or its first letter with one. */
bool is_flag(const char *word, const char *name)
{
	if (*word != '-')
		return false;
	return (word[1] == *name && !word[2]) || !strcmp(word + (word[1] == '-' ? 2 : 1), name);
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

	oci_forget_node_settings();
	unsetenv("MINICONTAINER_PLAN_FD");
	parse_global(&oci);
	if (!oci.root || !*oci.root)
		oci.root = oci_default_root();
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
	oci_name_cache();
	setenv("MINICONTAINER_OCI_VERB", verb ? verb : "", 1);
	if (verb && (!strcmp(verb, "create") || !strcmp(verb, "run") || !strcmp(verb, "exec") ||
		     !strcmp(verb, "restore")))
		return oci_create(&oci);
	return oci_execute_node(&oci, NULL);
}
