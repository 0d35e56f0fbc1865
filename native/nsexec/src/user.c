/*
 * The process's user. Names are looked up in the container's own passwd(5) and group(5), by us and
 * not by a C library's modules, which a hostile image could bring along (CVE-2019-14271); a number
 * is never taken for a name (CVE-2016-3697). After pivotRoot, as root of the container.
 */
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>
#include "nsexec.h"

#define FILE_MAX (1u << 20)

bool parse_id(const char *text, uint32_t *id)
{
	unsigned long long value = 0;

	if (!*text)
		return false;
	for (const char *at = text; *at; at++) {
		if (*at < '0' || *at > '9')
			return false;
		value = value * 10 + (unsigned)(*at - '0');
		if (value >= UINT32_MAX)
			return false;
	}
	*id = (uint32_t)value;
	return true;
}

/* Cuts a line at its colons; returns how many fields there were, at most max. */
size_t split_line(char *line, char **fields, size_t max)
{
	size_t count = 0;

	while (line && count < max)
		fields[count++] = strsep(&line, ":");
	return count;
}

/*
 * A file of the container's, or an empty text where there is none. One that is there and cannot be
 * read is an error: without it the process would run in other groups than it says.
 */
int load_accounts(int root, const char *path, char **text)
{
	int result;

	*text = malloc(FILE_MAX);
	result = *text ? read_inside(root, path, *text, FILE_MAX) : -ENOMEM;
	if (result == -ENOENT || result == -ENOTDIR || result == -EINVAL) {
		**text = 0;
		return 0;
	}
	if (result < 0) {
		free(*text);
		*text = NULL;
	}
	return result < 0 ? result : 0;
}

static int load(const char *path, char **text)
{
	int root = open("/", O_PATH | O_DIRECTORY | O_CLOEXEC);
	int result;

	*text = NULL;
	if (root < 0)
		return -errno;
	result = load_accounts(root, path, text);
	close(root);
	return result;
}

struct account {
	bool found;
	char name[64];
	uint32_t uid, gid;
};

static int find_account(const char *name, const uint32_t *uid, struct account *account,
			struct user *user)
{
	char *text, *rest, *line;
	int result = load("etc/passwd", &text);

	rest = text;
	while ((line = strsep(&rest, "\n"))) {
		char *fields[7] = {0};
		uint32_t id, group;

		if (split_line(line, fields, 7) < 7 || !parse_id(fields[2], &id) ||
		    !parse_id(fields[3], &group) || (uid ? id != *uid : strcmp(fields[0], name)))
			continue;
		*account = (struct account){.found = true, .uid = id, .gid = group};
		snprintf(account->name, sizeof(account->name), "%s", fields[0]);
		if (fields[5][0] == '/')
			snprintf(user->home, sizeof(user->home), "%s", fields[5]);
		break;
	}
	free(text);
	return result;
}

static bool is_member(char *members, const char *name)
{
	char *member;

	while ((member = strsep(&members, ",")))
		if (!strcmp(member, name))
			return true;
	return false;
}

/* By its number, which need not be there, or by its name. */
static int find_group(struct context *context, const char *name, uint32_t *gid)
{
	char *text, *rest, *line;
	bool found = false;
	int result;

	if (parse_id(name, gid))
		return 0;
	result = load("etc/group", &text);
	rest = text;
	while (!found && (line = strsep(&rest, "\n"))) {
		char *fields[4] = {0};

		found = split_line(line, fields, 4) >= 3 && !strcmp(fields[0], name) &&
			parse_id(fields[2], gid);
	}
	free(text);
	if (result < 0)
		return detail_error(context, -result, "/etc/group");
	return found ? 0 : detail_error(context, ENOENT, "group %s", name);
}

static int add_group(struct user *user, gid_t gid)
{
	for (size_t i = 0; i < user->group_count; i++)
		if (user->groups[i] == gid)
			return 0;
	if (user->group_count == GROUPS_MAX)
		return -E2BIG;
	user->groups[user->group_count++] = gid;
	return 0;
}

/* The groups that name the account as a member; without an account, none: never the caller's. */
static int find_memberships(const struct account *account, struct user *user)
{
	char *text, *rest, *line;
	int result = load("etc/group", &text);

	rest = text;
	while ((line = strsep(&rest, "\n")) && user->group_count < GROUPS_MAX) {
		char *fields[4] = {0};
		uint32_t gid;

		if (split_line(line, fields, 4) == 4 && parse_id(fields[2], &gid) &&
		    is_member(fields[3], account->name))
			add_group(user, gid);
	}
	free(text);
	return result;
}

/*
 * The user's own group is one of its supplementary ones, too: else it could give up what a file
 * denies to that group (CVE-2022-36109), with a set-group-ID program.
 */
int op_resolve_user(struct context *context, const struct args_resolve_user *args)
{
	struct user *user = &context->user;
	struct account account = {0};
	uint32_t id;
	bool numeric = parse_id(args->user, &id);
	int result;

	*user = (struct user){.home = "/"};
	result = find_account(args->user, numeric ? &id : NULL, &account, user);
	if (result < 0)
		return detail_error(context, -result, "/etc/passwd");
	if (!numeric && !account.found)
		return detail_error(context, ENOENT, "user %s", args->user);
	user->uid = numeric ? id : account.uid;
	user->gid = account.found ? account.gid : 0;
	if (*args->group)
		result = find_group(context, args->group, &user->gid);
	if (result < 0)
		return result;
	add_group(user, user->gid);
	if (*args->group || !account.found)
		return 0;
	result = find_memberships(&account, user);
	return result < 0 ? detail_error(context, -result, "/etc/group") : 0;
}

/* Besides those of the user; names are the container's own. */
int op_add_groups(struct context *context, const struct args_add_groups *args)
{
	struct user *user = &context->user;

	for (size_t i = 0; i < args->groups.count; i++) {
		uint32_t gid;
		int result = find_group(context, args->groups.items[i], &gid);

		if (result == 0)
			result = add_group(user, gid);
		if (result < 0)
			return result;
	}
	return 0;
}

int op_use_ids(struct context *context, const struct args_use_ids *args)
{
	struct user *user = &context->user;
	struct account account = {0};
	uint32_t uid = (uint32_t)args->uid;
	int result;

	if (args->groups.count > GROUPS_MAX)
		return -E2BIG;
	*user = (struct user){.home = "/"};
	result = find_account(NULL, &uid, &account, user);
	if (result < 0)
		return detail_error(context, -result, "/etc/passwd");
	user->uid = uid;
	user->gid = (gid_t)args->gid;
	user->group_count = args->groups.count;
	for (size_t i = 0; i < args->groups.count; i++)
		user->groups[i] = args->groups.items[i];
	return 0;
}

/* For a root file system that we make from nothing: its home directories are empty, but there. */
int op_make_home(struct context *context, const struct args_make_home *args)
{
	const struct user *user = &context->user;
	int root = open("/", O_PATH | O_DIRECTORY | O_CLOEXEC);
	char name[256];
	int parent, error = 0;

	if (root < 0)
		return -errno;
	if (!strcmp(user->home, "/")) {
		close(root);
		return 0;
	}
	parent = open_parent_inside(root, user->home, name);
	close(root);
	if (parent < 0)
		return parent;
	if (mkdirat(parent, name, 0700) == 0) {
		if (fchownat(parent, name, user->uid, user->gid, AT_SYMLINK_NOFOLLOW) < 0)
			error = -detail_error(context, errno, "user %u:%u", user->uid, user->gid);
	} else if (errno != EEXIST) {
		error = errno;
	}
	close(parent);
	return -error;
}
