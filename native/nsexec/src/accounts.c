/*
 * A name for a user whom the root file system does not know. In the container, as root of its user
 * namespace, before the pivot. The files are those of somebody who may own the root file system:
 * read bounded, as regular files, inside that root, and never written, only covered by a copy.
 */
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>
#include "nsexec.h"

/* Of passwd(5) or group(5): both have the id third. A file that is not there lacks nobody. */
int op_find_account(struct context *context, const struct args_find_account *args)
{
	char *text, *rest, *line, *fields[4];
	int result = load_accounts(slot(context, args->root, -1), args->path, &text);
	bool found = result == 0 && !*text;
	uint32_t id;

	rest = text;
	while (!found && (line = strsep(&rest, "\n")))
		found = split_line(line, fields, 4) >= 3 && parse_id(fields[2], &id) &&
			id == args->id;
	free(text);
	return result < 0 ? result : found ? 0 : -ENOENT;
}

int op_copy_accounts(struct context *context, const struct args_copy_accounts *args)
{
	int room = slot(context, args->room, -1), fd, error = 0;
	char *text;
	int result = load_accounts(slot(context, args->root, -1), args->path, &text);
	size_t length = result < 0 ? 0 : strlen(text);
	const char *end = length > 0 && text[length - 1] != '\n' ? "\n" : "";

	if (result < 0)
		return result;
	fd = openat(room, args->name, O_WRONLY | O_CREAT | O_EXCL | O_NOFOLLOW | O_CLOEXEC, 0644);
	if (fd < 0)
		error = errno;
	else if (write(fd, text, length) < (ssize_t)length ||
		 dprintf(fd, "%s%s\n", end, args->line) < 0)
		error = ENOSPC;
	free(text);
	if (fd >= 0)
		close(fd);
	return -error;
}
