/*
 * The messages between supervisor, keeper and container: one struct each over SOCK_SEQPACKET,
 * descriptors beside.
 */
#include <errno.h>
#include <string.h>
#include <sys/socket.h>
#include "nsexec.h"

#define FDS_MAX 4

int message_send(int socket, const struct message *message, const int *fds, size_t count)
{
	union {
		struct cmsghdr header;
		char space[CMSG_SPACE(FDS_MAX * sizeof(int))];
	} control = {0};
	struct iovec part = {(void *)message, sizeof(*message)};
	struct msghdr header = {.msg_iov = &part, .msg_iovlen = 1};
	struct cmsghdr *beside = &control.header;

	if (count == 0)
		return send(socket, message, sizeof(*message), MSG_NOSIGNAL) < 0 ? -errno : 0;
	header.msg_control = control.space;
	header.msg_controllen = CMSG_SPACE(count * sizeof(int));
	beside->cmsg_level = SOL_SOCKET;
	beside->cmsg_type = SCM_RIGHTS;
	beside->cmsg_len = CMSG_LEN(count * sizeof(int));
	memcpy(CMSG_DATA(beside), fds, count * sizeof(int));
	return sendmsg(socket, &header, MSG_NOSIGNAL) < 0 ? -errno : 0;
}

/*
 * -PEER_GONE: the other side has closed. ECONNRESET says that it did so without reading all of
 * ours, and says it once: what it had sent before is still to come. The sender's pid comes from the
 * kernel, in the receiver's namespace.
 */
int message_receive(int socket, struct message *message, int *fds, size_t *count, pid_t *sender)
{
	union {
		struct cmsghdr header;
		char space[CMSG_SPACE(FDS_MAX * sizeof(int)) + CMSG_SPACE(sizeof(struct ucred))];
	} control;
	struct iovec part = {message, sizeof(*message)};
	struct msghdr header = {.msg_iov = &part,
				.msg_iovlen = 1,
				.msg_control = control.space,
				.msg_controllen = sizeof(control.space)};
	ssize_t got;

	if (!fds) {
		do
			got = recv(socket, message, sizeof(*message), 0);
		while (got < 0 && (errno == EINTR || errno == ECONNRESET));
	} else {
		*count = 0;
		do
			got = recvmsg(socket, &header, MSG_CMSG_CLOEXEC);
		while (got < 0 && (errno == EINTR || errno == ECONNRESET));
	}
	if (got < 0)
		return -errno;
	if (got != (ssize_t)sizeof(*message))
		return -PEER_GONE;
	message->detail[DETAIL_MAX - 1] = 0;
	if (!fds)
		return 0;
	for (struct cmsghdr *at = CMSG_FIRSTHDR(&header); at; at = CMSG_NXTHDR(&header, at)) {
		if (at->cmsg_level == SOL_SOCKET && at->cmsg_type == SCM_RIGHTS) {
			*count = (at->cmsg_len - CMSG_LEN(0)) / sizeof(int);
			memcpy(fds, CMSG_DATA(at), *count * sizeof(int));
		} else if (at->cmsg_level == SOL_SOCKET && at->cmsg_type == SCM_CREDENTIALS) {
			struct ucred sent;

			memcpy(&sent, CMSG_DATA(at), sizeof(sent));
			*sender = sent.pid;
		}
	}
	return 0;
}
