/*
 * The last steps of the container's first process: the gate, and the command. It has the payload's
 * privileges only.
 */
#include <elf.h>
#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>
#include "nsexec.h"

#define ENV_MAX_EXTRA 2

/*
 * Nothing of the payload runs before the supervisor has said so: it knows by then that the keeper
 * dies with it.
 */
int op_await_start(struct context *context, const struct args_await_start *args)
{
	struct message message = {.type = CONTAINER_READY};
	int result = message_send(context->container_socket[1], &message, NULL, 0);

	if (result < 0)
		return result;
	return message_receive(context->container_socket[1], &message, NULL, NULL, NULL);
}

/* What a script's first line or an ELF file's PT_INTERP asks for; empty where neither does. */
static void read_interpreter(const char *path, char *interpreter, size_t size)
{
	int fd = open(path, O_RDONLY | O_CLOEXEC | O_NONBLOCK);
	char start[256] = {0};
	Elf64_Ehdr elf;

	*interpreter = 0;
	if (fd < 0)
		return;
	if (pread(fd, start, sizeof(start) - 1, 0) > 2 && start[0] == '#' && start[1] == '!') {
		char *at = start + 2 + strspn(start + 2, " \t");

		snprintf(interpreter, size, "%.*s", (int)strcspn(at, " \t\n"), at);
	} else if (pread(fd, &elf, sizeof(elf), 0) == sizeof(elf) &&
		   !memcmp(elf.e_ident, ELFMAG, SELFMAG) && elf.e_ident[EI_CLASS] == ELFCLASS64) {
		for (unsigned i = 0; i < elf.e_phnum && i < 64; i++) {
			Elf64_Phdr header;
			ssize_t got;

			if (pread(fd, &header, sizeof(header),
				  (off_t)(elf.e_phoff + (uint64_t)i * sizeof(header))) !=
			    sizeof(header))
				break;
			if (header.p_type != PT_INTERP)
				continue;
			got = pread(fd, interpreter, size - 1, (off_t)header.p_offset);
			interpreter[got > 0 ? got : 0] = 0;
			break;
		}
	}
	close(fd);
}

/* ENOENT for a file that is there means that its interpreter is not: say which. */
static int explain(struct context *context, const char *path, int error)
{
	char interpreter[128];

	if (error == ENOENT && access(path, F_OK) == 0) {
		read_interpreter(path, interpreter, sizeof(interpreter));
		return detail_error(context, ENOENT, "interpreter %s", interpreter);
	}
	return detail_error(context, error, "%s", path);
}

static int search_and_execute(struct context *context, const char *path, char **argv, char **env)
{
	char candidate[PATH_MAX], found[PATH_MAX] = "";
	int error = ENOENT;

	for (const char *at = path; *at;) {
		size_t length = strcspn(at, ":");

		if (snprintf(candidate, sizeof(candidate), "%.*s/%s", (int)length,
			     length ? at : ".", argv[0]) < (int)sizeof(candidate)) {
			execve(candidate, argv, env);
			if (errno != ENOENT && errno != ENOTDIR) {
				if (error == ENOENT) {
					error = errno;
					strcpy(found, candidate);
				}
			} else if (access(candidate, F_OK) == 0) {
				return explain(context, candidate, ENOENT);
			}
		}
		at += length + (at[length] == ':');
	}
	return explain(context, *found ? found : argv[0], error);
}

int op_execute(struct context *context, const struct args_execute *args)
{
	char **env = calloc(args->env.count + ENV_MAX_EXTRA, sizeof(char *));
	char home[sizeof(context->user.home) + 8];
	bool has_home = false;
	size_t count = 0;
	int result;

	if (!env)
		return -ENOMEM;
	for (; count < args->env.count; count++) {
		env[count] = args->env.items[count];
		has_home |= !strncmp(env[count], "HOME=", 5);
	}
	if (!has_home && *context->user.home) {
		snprintf(home, sizeof(home), "HOME=%s", context->user.home);
		env[count] = home;
	}
	if (args->argv.count == 0) {
		result = -EINVAL;
	} else if (!strchr(args->argv.items[0], '/')) {
		result = search_and_execute(context, args->search, args->argv.items, env);
	} else {
		execve(args->argv.items[0], args->argv.items, env);
		result = explain(context, args->argv.items[0], errno);
	}
	free(env);
	return result;
}
