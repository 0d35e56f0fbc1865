/*
 * A network device is moved into the container's network namespace, by the supervisor with the
 * caller's rights over both namespaces, while the container waits: nothing of the payload is there
 * yet. The kernel keeps what belongs to the device, such as its MTU, and drops its addresses.
 */
#include <errno.h>
#include <fcntl.h>
#include <net/if.h>
#include <sched.h>
#include <stdio.h>
#include <string.h>
#include <sys/ioctl.h>
#include <sys/socket.h>
#include <unistd.h>
#include "netlink.h"
#include "nsexec.h"

#define ADDRESSES_MAX 64
#define NUMBERS_MAX 1000 /* that a name is tried with */

struct request {
	struct netlink_header header;
	union {
		struct link_message link;
		struct address_message address;
	} message;
	char attributes[160];
};

/* Appends to a request, whose length says how far it goes. */
static void add(struct request *request, uint16_t type, const void *data, size_t size)
{
	struct netlink_attribute head = {.length = (uint16_t)(sizeof(head) + size), .type = type};
	char *at = (char *)request + request->header.length;

	memcpy(at, &head, sizeof(head));
	memcpy(at + sizeof(head), data, size);
	request->header.length += netlink_align(head.length);
}

static int open_netlink(void)
{
	int fd = socket(AF_NETLINK, SOCK_RAW | SOCK_CLOEXEC, NETLINK_FAMILY_ROUTE);

	return fd < 0 ? -errno : fd;
}

/* The kernel answers within the call: there is nothing to wait for, and nobody else to answer. */
static int perform_request(int netlink, struct request *request)
{
	struct {
		struct netlink_header header;
		struct netlink_error result;
		struct request echo;
	} answer;

	request->header.flags |= FLAG_REQUEST | FLAG_ACKNOWLEDGE;
	if (send(netlink, request, request->header.length, 0) < 0 ||
	    recv(netlink, &answer, sizeof(answer), 0) < 0)
		return -errno;
	return answer.header.type == MESSAGE_ERROR ? answer.result.error : -EPROTO;
}

static int find_link(int netlink, const char *name)
{
	struct ifreq request = {0};

	snprintf(request.ifr_name, IFNAMSIZ, "%s", name);
	return ioctl(netlink, SIOCGIFINDEX, &request) < 0 ? -errno : request.ifr_ifindex;
}

/* As a request to add it again; false: not given for good, or not for all the world. */
static bool keep_address(const char *data, const char *end, int link, struct request *kept)
{
	static const uint32_t chosen = ADDRESS_NO_DUPLICATE_CHECK | ADDRESS_HOME |
				       ADDRESS_MANAGE_TEMPORARY | ADDRESS_NO_PREFIX_ROUTE;
	struct netlink_attribute head;
	uint32_t flags;

	*kept = (struct request){
		.header = {.type = NEW_ADDRESS,
			   .flags = FLAG_CREATE | FLAG_REPLACE,
			   .length = sizeof(kept->header) + sizeof(kept->message.address)},
	};
	memcpy(&kept->message.address, data, sizeof(kept->message.address));
	flags = kept->message.address.flags;
	kept->message.address.flags = 0;
	data += sizeof(kept->message.address);
	for (; data + sizeof(head) <= end; data += netlink_align(head.length)) {
		const char *value = data + sizeof(head);

		memcpy(&head, data, sizeof(head));
		if (head.length < sizeof(head) || data + head.length > end)
			break;
		if (head.type == ADDRESS_FLAGS)
			memcpy(&flags, value, sizeof(flags));
		else if ((head.type == ADDRESS_PEER || head.type == ADDRESS_LOCAL ||
			  head.type == ADDRESS_BROADCAST) &&
			 head.length <= sizeof(head) + 16)
			add(kept, head.type, value, head.length - sizeof(head));
	}
	add(kept, ADDRESS_FLAGS, &(uint32_t){flags & chosen}, sizeof(flags));
	return (int)kept->message.address.index == link &&
	       kept->message.address.scope == SCOPE_UNIVERSE && (flags & ADDRESS_PERMANENT);
}

/* One answer of several messages: 1 when it is the last one, 0, or an error. */
static int take_addresses(const char *data, const char *end, int link, struct request *kept,
			  size_t *count)
{
	struct netlink_header header;
	int error;

	for (; data + sizeof(header) <= end; data += netlink_align(header.length)) {
		memcpy(&header, data, sizeof(header));
		if (header.length < sizeof(header) || data + header.length > end)
			return -EPROTO;
		if (header.type == MESSAGE_DONE)
			return 1;
		if (header.type == MESSAGE_ERROR) {
			memcpy(&error, data + sizeof(header), sizeof(error));
			return error;
		}
		if (*count == ADDRESSES_MAX)
			return -E2BIG;
		if (header.type == NEW_ADDRESS &&
		    keep_address(data + sizeof(header), data + header.length, link, &kept[*count]))
			(*count)++;
	}
	return 0;
}

static int list_addresses(int netlink, int link, struct request *kept, size_t *count)
{
	struct request request = {
		.header = {.type = GET_ADDRESS,
			   .flags = FLAG_REQUEST | FLAG_DUMP,
			   .length = sizeof(request.header) + sizeof(request.message.address)},
	};
	static char answer[32768];
	int result = 0;

	*count = 0;
	if (send(netlink, &request, request.header.length, 0) < 0)
		return -errno;
	while (result == 0) {
		ssize_t got = recv(netlink, answer, sizeof(answer), 0);

		if (got < 0)
			return -errno;
		result = take_addresses(answer, answer + got, link, kept, count);
	}
	return result < 0 ? result : 0;
}

/* A socket stays in the namespace that it was made in. */
static int open_netlink_in(int space)
{
	int own = open("/proc/self/ns/net", O_RDONLY | O_CLOEXEC);
	int netlink = -1, error = 0;

	if (own < 0)
		return -errno;
	if (setns(space, CLONE_NEWNET) < 0) {
		error = errno;
	} else {
		netlink = open_netlink();
		if (setns(own, CLONE_NEWNET) < 0)
			error = errno;
	}
	close(own);
	return error ? -error : netlink;
}

/* "%d" stands for the first number that is free; the kernel would choose it too, and not tell. */
static int choose_name(int theirs, const char *pattern, char name[IFNAMSIZ])
{
	const char *mark = strstr(pattern, "%d");
	int found;

	for (int number = 0; number < NUMBERS_MAX; number++) {
		int length = mark ? snprintf(name, IFNAMSIZ, "%.*s%d%s", (int)(mark - pattern),
					     pattern, number, mark + 2) :
				    snprintf(name, IFNAMSIZ, "%s", pattern);

		if (length >= IFNAMSIZ)
			return -ENAMETOOLONG;
		found = find_link(theirs, name);
		if (found < 0)
			return found == -ENODEV ? 0 : found;
		if (!mark)
			break;
	}
	return -EEXIST;
}

static int change_link(int netlink, struct link_message link, const char *name, const int *space)
{
	struct request request = {
		.header = {.type = NEW_LINK, .length = sizeof(request.header) + sizeof(link)},
		.message.link = link,
	};

	/* In one step, so that it never has a name there that something else has. */
	if (space) {
		add(&request, LINK_NAMESPACE_FD, space, sizeof(*space));
		add(&request, LINK_NAME, name, strlen(name) + 1);
	}
	return perform_request(netlink, &request);
}

/* Addresses first: those of IPv6 are lost when it goes down, and it does so to be moved. */
static int move(struct context *context, int ours, int theirs, int space,
		const struct args_move_link *args)
{
	static struct request addresses[ADDRESSES_MAX];
	int link = find_link(ours, args->name), result;
	char name[IFNAMSIZ];
	size_t count;

	if (link < 0)
		return detail_error(context, -link, "%s", args->name);
	result = choose_name(theirs, args->new_name, name);
	if (result < 0)
		return detail_error(context, -result, "%s", args->new_name);
	result = list_addresses(ours, link, addresses, &count);
	if (result == 0)
		result = change_link(ours, (struct link_message){.index = link}, name, &space);
	if (result < 0)
		return detail_error(context, -result, "%s", args->name);
	link = find_link(theirs, name);
	if (link < 0)
		return link;
	for (size_t i = 0; i < count; i++) {
		addresses[i].message.address.index = (uint32_t)link;
		result = perform_request(theirs, &addresses[i]);
		if (result < 0)
			return result;
	}
	return change_link(theirs,
			   (struct link_message){.index = link, .flags = IFF_UP, .change = IFF_UP},
			   name, NULL);
}

int op_move_link(struct context *context, const struct args_move_link *args)
{
	int space = open_process_file(context->container, "ns/net", O_RDONLY);
	int ours, theirs, result;

	if (space < 0)
		return -errno;
	ours = open_netlink();
	theirs = ours < 0 ? ours : open_netlink_in(space);
	result = theirs < 0 ? theirs : move(context, ours, theirs, space, args);
	if (theirs >= 0)
		close(theirs);
	if (ours >= 0)
		close(ours);
	close(space);
	return result;
}
