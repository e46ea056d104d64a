/* SPDX-License-Identifier: GPL-2.0-or-later */
/* SPDX-FileCopyrightText: The killauditd authors */

#include "io/netlink-socket.h"

#include <errno.h>
#include <linux/netlink.h>
#include <linux/sock_diag.h>
#include <poll.h>
#include <stdlib.h>
#include <sys/socket.h>
#include <unistd.h>

struct netlink_socket {
	int fd;
	struct mmsghdr messages[NETLINK_SOCKET_BATCH];
	struct iovec vectors[NETLINK_SOCKET_BATCH];
	struct sockaddr_nl addresses[NETLINK_SOCKET_BATCH];
	char *data; /* the buffers of one batch */
};

struct netlink_socket *netlink_socket_close(struct netlink_socket *socket)
{
	if (!socket)
		return NULL;
	close(socket->fd);
	free(socket->data);
	free(socket);
	return NULL;
}

/* Otherwise one overrun makes the socket drop everything until it is empty again, and raises an
 * error for which the service manager would close it. */
static int socket_silence(int fd)
{
	int one = 1;

	return setsockopt(fd, SOL_NETLINK, NETLINK_NO_ENOBUFS, &one, sizeof(one)) < 0 ? -errno : 0;
}

static int socket_bind(int fd, unsigned group, size_t receive_buffer)
{
	struct sockaddr_nl address = {.nl_family = AF_NETLINK, .nl_groups = 1U << (group - 1)};
	int size = (int)receive_buffer;

	/* Beyond net.core.rmem_max for the privileged; the rest take what they get. */
	if (setsockopt(fd, SOL_SOCKET, SO_RCVBUFFORCE, &size, sizeof(size)) < 0 &&
		setsockopt(fd, SOL_SOCKET, SO_RCVBUF, &size, sizeof(size)) < 0)
		return -errno;
	return bind(fd, (struct sockaddr *)&address, sizeof(address)) < 0 ? -errno : 0;
}

static int socket_check(int fd, int wanted)
{
	int domain, protocol;
	socklen_t len = sizeof(int);

	if (getsockopt(fd, SOL_SOCKET, SO_DOMAIN, &domain, &len) < 0 ||
		getsockopt(fd, SOL_SOCKET, SO_PROTOCOL, &protocol, &len) < 0)
		return -errno;
	return domain == AF_NETLINK && protocol == wanted ? 0 : -EBADF;
}

static struct netlink_socket *netlink_socket_new(int fd, size_t datagram_max)
{
	struct netlink_socket *socket = calloc(1, sizeof(*socket));

	datagram_max = NLMSG_ALIGN(datagram_max); /* so that each begins as a header must */
	if (socket)
		socket->data = calloc(NETLINK_SOCKET_BATCH, datagram_max);
	if (!socket || !socket->data) {
		free(socket);
		return NULL;
	}
	socket->fd = fd;
	for (size_t i = 0; i < NETLINK_SOCKET_BATCH; i++) {
		socket->vectors[i] = (struct iovec){socket->data + i * datagram_max, datagram_max};
		socket->messages[i].msg_hdr = (struct msghdr){
			.msg_name = &socket->addresses[i],
			.msg_iov = &socket->vectors[i],
			.msg_iovlen = 1,
		};
	}
	return socket;
}

static int netlink_socket_wrap(int fd, int error, size_t datagram_max, struct netlink_socket **ret)
{
	struct netlink_socket *socket = error < 0 ? NULL : netlink_socket_new(fd, datagram_max);

	if (!socket) {
		close(fd);
		return error < 0 ? error : -ENOMEM;
	}
	*ret = socket;
	return 0;
}

int netlink_socket_open(int protocol, unsigned group, size_t receive_buffer, size_t datagram_max,
	struct netlink_socket **ret)
{
	int fd = socket(AF_NETLINK, SOCK_RAW | SOCK_CLOEXEC | SOCK_NONBLOCK, protocol), r;

	if (fd < 0)
		return -errno;
	r = socket_silence(fd);
	if (r == 0)
		r = socket_bind(fd, group, receive_buffer);
	return netlink_socket_wrap(fd, r, datagram_max, ret);
}

int netlink_socket_adopt(int fd, int protocol, size_t datagram_max, struct netlink_socket **ret)
{
	int r = socket_check(fd, protocol);

	if (r == 0)
		r = socket_silence(fd);
	return netlink_socket_wrap(fd, r, datagram_max, ret);
}

int netlink_socket_fd(const struct netlink_socket *socket)
{
	return socket->fd;
}

int netlink_socket_portid(const struct netlink_socket *socket, uint32_t *ret)
{
	struct sockaddr_nl address;
	socklen_t len = sizeof(address);

	if (getsockname(socket->fd, (struct sockaddr *)&address, &len) < 0)
		return -errno;
	*ret = address.nl_pid;
	return 0;
}

int netlink_socket_cookie(const struct netlink_socket *socket, uint64_t *ret)
{
	socklen_t len = sizeof(*ret);

	return getsockopt(socket->fd, SOL_SOCKET, SO_COOKIE, ret, &len) < 0 ? -errno : 0;
}

int netlink_socket_drops(const struct netlink_socket *socket, uint32_t *ret)
{
	uint32_t info[SK_MEMINFO_VARS];
	socklen_t len = sizeof(info);

	if (getsockopt(socket->fd, SOL_SOCKET, SO_MEMINFO, info, &len) < 0)
		return -errno;
	if (len < sizeof(info))
		return -ENODATA;
	*ret = info[SK_MEMINFO_DROPS];
	return 0;
}

int netlink_socket_receive(struct netlink_socket *socket,
	struct netlink_datagram datagrams[static NETLINK_SOCKET_BATCH], size_t *ret_n)
{
	size_t n = 0;
	int received;

	*ret_n = 0;
	for (size_t i = 0; i < NETLINK_SOCKET_BATCH; i++)
		socket->messages[i].msg_hdr.msg_namelen = sizeof(socket->addresses[i]);
	received = recvmmsg(socket->fd, socket->messages, NETLINK_SOCKET_BATCH, MSG_DONTWAIT, NULL);
	if (received < 0) /* ENOBUFS: an overrun from before the socket was silenced */
		return errno == EAGAIN || errno == EINTR || errno == ENOBUFS ? 0 : -errno;
	for (int i = 0; i < received; i++) {
		const struct nlmsghdr *header = socket->vectors[i].iov_base;
		unsigned len = socket->messages[i].msg_len;

		/* nlmsg_len is not to be trusted: in some of audit's it is that of the payload. */
		if (len < sizeof(*header) || socket->addresses[i].nl_pid != 0 ||
			(socket->messages[i].msg_hdr.msg_flags & MSG_TRUNC))
			continue;
		datagrams[n++] = (struct netlink_datagram){
			.type = header->nlmsg_type,
			.payload = (const char *)header + sizeof(*header),
			.len = len - sizeof(*header),
		};
	}
	*ret_n = n;
	return received;
}

void netlink_socket_wait(const struct netlink_socket *socket, int msec)
{
	struct pollfd poll_fd = {.fd = socket->fd, .events = POLLIN};

	poll(&poll_fd, 1, msec);
}
