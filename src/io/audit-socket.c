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

static int socket_prepare(int fd, size_t receive_buffer)
{
	struct sockaddr_nl address = {
		.nl_family = AF_NETLINK,
		.nl_groups = 1U << (AUDIT_NLGRP_READLOG - 1),
	};
	int one = 1, size = (int)receive_buffer;

	/* Otherwise one overrun makes the socket drop everything until it is empty again. */
	if (setsockopt(fd, SOL_NETLINK, NETLINK_NO_ENOBUFS, &one, sizeof(one)) < 0)
		return -errno;
	/* Beyond net.core.rmem_max for the privileged; the rest take what they get. */
	if (setsockopt(fd, SOL_SOCKET, SO_RCVBUFFORCE, &size, sizeof(size)) < 0 &&
		setsockopt(fd, SOL_SOCKET, SO_RCVBUF, &size, sizeof(size)) < 0)
		return -errno;
	if (bind(fd, (struct sockaddr *)&address, sizeof(address)) < 0)
		return -errno;
	return 0;
}

int audit_socket_open(size_t receive_buffer, struct audit_socket **ret)
{
	struct audit_socket *audit = calloc(1, sizeof(*audit));
	int r;

	if (!audit)
		return -ENOMEM;
	audit->fd = socket(AF_NETLINK, SOCK_RAW | SOCK_CLOEXEC | SOCK_NONBLOCK, NETLINK_AUDIT);
	r = audit->fd < 0 ? -errno : socket_prepare(audit->fd, receive_buffer);
	if (r < 0) {
		audit_socket_close(audit);
		return r;
	}
	for (size_t i = 0; i < AUDIT_SOCKET_BATCH; i++) {
		audit->vectors[i] = (struct iovec){audit->data[i], sizeof(audit->data[i])};
		audit->messages[i].msg_hdr = (struct msghdr){
			.msg_name = &audit->addresses[i],
			.msg_iov = &audit->vectors[i],
			.msg_iovlen = 1,
		};
	}
	*ret = audit;
	return 0;
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
		return errno == EAGAIN || errno == EINTR ? 0 : -errno;
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
