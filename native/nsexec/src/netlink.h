/* What rtnetlink(7) is spoken with; a C library need not have the kernel's headers beside it. */
#ifndef NETLINK_H
#define NETLINK_H
#include <stdint.h>

enum { NETLINK_FAMILY_ROUTE = 0 };
enum { MESSAGE_ERROR = 2, MESSAGE_DONE = 3 };
enum { NEW_LINK = 16, NEW_ADDRESS = 20, GET_ADDRESS = 22 };
enum {
	FLAG_REQUEST = 1,
	FLAG_ACKNOWLEDGE = 4,
	FLAG_REPLACE = 0x100,
	FLAG_DUMP = 0x300,
	FLAG_CREATE = 0x400,
};
enum { LINK_NAME = 3, LINK_NAMESPACE_FD = 28 };
enum { ADDRESS_PEER = 1, ADDRESS_LOCAL = 2, ADDRESS_BROADCAST = 4, ADDRESS_FLAGS = 8 };
enum {
	ADDRESS_NO_DUPLICATE_CHECK = 0x02,
	ADDRESS_HOME = 0x10,
	ADDRESS_PERMANENT = 0x80,
	ADDRESS_MANAGE_TEMPORARY = 0x100,
	ADDRESS_NO_PREFIX_ROUTE = 0x200,
};
enum { SCOPE_UNIVERSE = 0 };

struct netlink_header {
	uint32_t length;
	uint16_t type, flags;
	uint32_t sequence, port;
};

struct netlink_error {
	int32_t error;
	struct netlink_header request;
};

struct link_message {
	uint8_t family, pad;
	uint16_t type;
	int32_t index;
	uint32_t flags, change;
};

struct address_message {
	uint8_t family, prefix, flags, scope;
	uint32_t index;
};

/* Its length is with this header, and the next one begins at a multiple of four. */
struct netlink_attribute {
	uint16_t length, type;
};

static inline uint32_t netlink_align(uint32_t length)
{
	return (length + 3) & ~3u;
}
#endif
