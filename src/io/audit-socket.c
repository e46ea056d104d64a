/* SPDX-License-Identifier: GPL-2.0-or-later */
/* SPDX-FileCopyrightText: The killauditd authors */

#include "io/audit-socket.h"

#include <errno.h>
#include <linux/audit.h>
#include <linux/netlink.h>
#include <linux/sock_diag.h>
#include <stdlib.h>
#include <sys/socket.h>
#include <unistd.h>

struct audit_socket {
	int fd;
	struct mmsghdr messages[AUDIT_SOCKET_BATCH];
	struct iovec vectors[AUDIT_SOCKET_BATCH];
	struct sockaddr_nl addresses[AUDIT_SOCKET_BATCH];
	_Alignas(struct nlmsghdr) char data[AUDIT_SOCKET_BATCH][AUDIT_SOCKET_DATAGRAM_MAX];
};

struct audit_socket *audit_socket_close(struct audit_socket *socket)
{
	if (!socket)
		return NULL;
	if (socket->fd >= 0)
		close(socket->fd);
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

static int socket_bind(int fd, size_t receive_buffer)
{
	struct sockaddr_nl address = {
		.nl_family = AF_NETLINK,
		.nl_groups = 1U << (AUDIT_NLGRP_READLOG - 1),
	};
	int size = (int)receive_buffer;

	/* Beyond net.core.rmem_max for the privileged; the rest take what they get. */
	if (setsockopt(fd, SOL_SOCKET, SO_RCVBUFFORCE, &size, sizeof(size)) < 0 &&
		setsockopt(fd, SOL_SOCKET, SO_RCVBUF, &size, sizeof(size)) < 0)
		return -errno;
	return bind(fd, (struct sockaddr *)&address, sizeof(address)) < 0 ? -errno : 0;
}

static int socket_check(int fd)
{
	int domain, protocol;
	socklen_t len = sizeof(int);

	if (getsockopt(fd, SOL_SOCKET, SO_DOMAIN, &domain, &len) < 0 ||
		getsockopt(fd, SOL_SOCKET, SO_PROTOCOL, &protocol, &len) < 0)
		return -errno;
	return domain == AF_NETLINK && protocol == NETLINK_AUDIT ? 0 : -EBADF;
}

static struct audit_socket *audit_socket_new(int fd)
{
	struct audit_socket *audit = calloc(1, sizeof(*audit));

	if (!audit)
		return NULL;
	audit->fd = fd;
	for (size_t i = 0; i < AUDIT_SOCKET_BATCH; i++) {
		audit->vectors[i] = (struct iovec){audit->data[i], sizeof(audit->data[i])};
		audit->messages[i].msg_hdr = (struct msghdr){
			.msg_name = &audit->addresses[i],
			.msg_iov = &audit->vectors[i],
			.msg_iovlen = 1,
		};
	}
	return audit;
}

static int audit_socket_wrap(int fd, int error, struct audit_socket **ret)
{
	*ret = error < 0 ? NULL : audit_socket_new(fd);
	if (*ret)
		return 0;
	close(fd);
	return error < 0 ? error : -ENOMEM;
}

int audit_socket_open(size_t receive_buffer, struct audit_socket **ret)
{
	int fd = socket(AF_NETLINK, SOCK_RAW | SOCK_CLOEXEC | SOCK_NONBLOCK, NETLINK_AUDIT), r;

	if (fd < 0)
		return -errno;
	r = socket_silence(fd);
	if (r == 0)
		r = socket_bind(fd, receive_buffer);
	return audit_socket_wrap(fd, r, ret);
}

int audit_socket_adopt(int fd, struct audit_socket **ret)
{
	int r = socket_check(fd);

	if (r == 0)
		r = socket_silence(fd);
	return audit_socket_wrap(fd, r, ret);
}

int audit_socket_fd(const struct audit_socket *socket)
{
	return socket->fd;
}

int audit_socket_portid(const struct audit_socket *socket, uint32_t *ret)
{
	struct sockaddr_nl address;
	socklen_t len = sizeof(address);

	if (getsockname(socket->fd, (struct sockaddr *)&address, &len) < 0)
		return -errno;
	*ret = address.nl_pid;
	return 0;
}

int audit_socket_cookie(const struct audit_socket *socket, uint64_t *ret)
{
	socklen_t len = sizeof(*ret);

	return getsockopt(socket->fd, SOL_SOCKET, SO_COOKIE, ret, &len) < 0 ? -errno : 0;
}

int audit_socket_receive(struct audit_socket *socket,
	struct audit_datagram datagrams[static AUDIT_SOCKET_BATCH], size_t *ret_n)
{
	size_t n = 0;
	int received;

	for (size_t i = 0; i < AUDIT_SOCKET_BATCH; i++)
		socket->messages[i].msg_hdr.msg_namelen = sizeof(socket->addresses[i]);
	received = recvmmsg(socket->fd, socket->messages, AUDIT_SOCKET_BATCH, MSG_DONTWAIT, NULL);
	if (received < 0) {
		*ret_n = 0;
		/* ENOBUFS: an overrun from before the socket was silenced. */
		return errno == EAGAIN || errno == EINTR || errno == ENOBUFS ? 0 : -errno;
	}
	for (int i = 0; i < received; i++) {
		const struct nlmsghdr *header = (const struct nlmsghdr *)socket->data[i];
		unsigned len = socket->messages[i].msg_len;

		/* nlmsg_len is not to be trusted: in some cases it is that of the payload. */
		if (len < sizeof(*header) || socket->addresses[i].nl_pid != 0 ||
			(socket->messages[i].msg_hdr.msg_flags & MSG_TRUNC))
			continue;
		datagrams[n++] = (struct audit_datagram){
			.type = header->nlmsg_type,
			.text = socket->data[i] + sizeof(*header),
			.len = len - sizeof(*header),
		};
	}
	*ret_n = n;
	return received;
}

int audit_socket_drops(const struct audit_socket *socket, uint32_t *ret)
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
