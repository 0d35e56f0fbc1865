/* One direction of a stream between the caller and the container. */
#ifndef RELAY_H
#define RELAY_H
#include <poll.h>
#include <stdbool.h>
#include <stddef.h>

struct relay {
	int in, out; /* -1, -1: finished */
	bool to_container;
	bool terminal; /* an end of input is typed, not closed */
	bool splices; /* the kernel moves the bytes; else they go by the buffer */
	bool writing; /* waits for `out`, else for `in` */
	int error; /* why it ended, if not by an end of input or a reader that went away */
	char *buffer;
	size_t start, end;
};

void relay_open(struct relay *relay, int in, int out, bool to_container, bool terminal);
bool relay_poll(const struct relay *relay, struct pollfd *watched);
void relay_run(struct relay *relay);
void relay_close(struct relay *relay);
void relay_drop_unread(struct relay *relay);
void relay_drop_stuck(struct relay *relay);
#endif
