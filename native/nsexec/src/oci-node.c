/*
 * The Node that decides what this program only performs, and explains what failed. As the caller,
 * who chooses it; but by no setting that is meant for another program.
 */
#include <errno.h>
#include <limits.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>
#include "nsexec.h"
#include "oci.h"

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

/* With an option of Node's own, if it is to have one; returns for an error, which it has told. */
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

/* They are the caller's, for programs of its own: what runs here as root nobody changes by them. */
void oci_forget_node_settings(void)
{
	char **kept = environ;

	for (char **at = environ; *at; at++)
		if (strncmp(*at, "NODE_", strlen("NODE_")))
			*kept++ = *at;
	*kept = NULL;
}
