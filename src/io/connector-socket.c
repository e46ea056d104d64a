/* SPDX-License-Identifier: GPL-2.0-or-later */
/* SPDX-FileCopyrightText: The killauditd authors */

#include "io/connector-socket.h"

#include <errno.h>
#include <linux/cn_proc.h>
#include <linux/connector.h>
#include <linux/netlink.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

#include "core/process-event.h"

/* A message is 76 bytes, and some more in newer kernels. */
#define MESSAGE_MAX 256

struct connector_socket {
	int fd;
	struct mmsghdr messages[CONNECTOR_SOCKET_BATCH];
	struct iovec vectors[CONNECTOR_SOCKET_BATCH];
	struct sockaddr_nl addresses[CONNECTOR_SOCKET_BATCH];
	_Alignas(struct nlmsghdr) char data[CONNECTOR_SOCKET_BATCH][MESSAGE_MAX];
};

/* As for audit's: an overrun must neither make it deaf nor make the service manager close it. */
static int socket_silence(int fd)
{
	int one = 1;

	return setsockopt(fd, SOL_NETLINK, NETLINK_NO_ENOBUFS, &one, sizeof(one)) < 0 ? -errno : 0;
}

static int socket_bind(int fd, size_t receive_buffer)
{
	struct sockaddr_nl address = {.nl_family = AF_NETLINK, .nl_groups = CN_IDX_PROC};
	int size = (int)receive_buffer;

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
	return domain == AF_NETLINK && protocol == NETLINK_CONNECTOR ? 0 : -EBADF;
}

static int connector_socket_wrap(int fd, int error, struct connector_socket **ret)
{
	struct connector_socket *connector = error < 0 ? NULL : calloc(1, sizeof(*connector));

	if (!connector) {
		close(fd);
		return error < 0 ? error : -ENOMEM;
	}
	connector->fd = fd;
	for (size_t i = 0; i < CONNECTOR_SOCKET_BATCH; i++) {
		connector->vectors[i] = (struct iovec){connector->data[i], MESSAGE_MAX};
		connector->messages[i].msg_hdr = (struct msghdr){
			.msg_name = &connector->addresses[i],
			.msg_iov = &connector->vectors[i],
			.msg_iovlen = 1,
		};
	}
	*ret = connector;
	return 0;
}

int connector_socket_open(size_t receive_buffer, struct connector_socket **ret)
{
	int fd = socket(AF_NETLINK, SOCK_DGRAM | SOCK_CLOEXEC | SOCK_NONBLOCK, NETLINK_CONNECTOR);
	int r;

	if (fd < 0)
		return -errno;
	r = socket_silence(fd);
	if (r == 0)
		r = socket_bind(fd, receive_buffer);
	return connector_socket_wrap(fd, r, ret);
}

int connector_socket_adopt(int fd, struct connector_socket **ret)
{
	int r = socket_check(fd);

	if (r == 0)
		r = socket_silence(fd);
	return connector_socket_wrap(fd, r, ret);
}

struct connector_socket *connector_socket_close(struct connector_socket *socket)
{
	if (!socket)
		return NULL;
	close(socket->fd);
	free(socket);
	return NULL;
}

int connector_socket_fd(const struct connector_socket *socket)
{
	return socket->fd;
}

int connector_socket_cookie(const struct connector_socket *socket, uint64_t *ret)
{
	socklen_t len = sizeof(*ret);

	return getsockopt(socket->fd, SOL_SOCKET, SO_COOKIE, ret, &len) < 0 ? -errno : 0;
}

int connector_socket_listen(const struct connector_socket *socket, bool listen)
{
	struct __attribute__((packed)) {
		struct nlmsghdr netlink;
		struct cn_msg connector;
		uint32_t operation;
	} message = {
		.netlink = {.nlmsg_len = sizeof(message), .nlmsg_type = NLMSG_DONE},
		.connector =
			{
				.id = {.idx = CN_IDX_PROC, .val = CN_VAL_PROC},
				.len = sizeof(message.operation),
			},
		.operation = listen ? PROC_CN_MCAST_LISTEN : PROC_CN_MCAST_IGNORE,
	};
	struct sockaddr_nl kernel = {.nl_family = AF_NETLINK, .nl_groups = CN_IDX_PROC};

	if (sendto(socket->fd, &message, sizeof(message), MSG_DONTWAIT, (struct sockaddr *)&kernel,
		    sizeof(kernel)) < 0)
		return -errno;
	return 0;
}

int connector_socket_receive(struct connector_socket *socket,
	struct process_event events[static CONNECTOR_SOCKET_BATCH], size_t *ret_n)
{
	size_t n = 0;
	int received;

	*ret_n = 0;
	for (size_t i = 0; i < CONNECTOR_SOCKET_BATCH; i++)
		socket->messages[i].msg_hdr.msg_namelen = sizeof(socket->addresses[i]);
	received =
		recvmmsg(socket->fd, socket->messages, CONNECTOR_SOCKET_BATCH, MSG_DONTWAIT, NULL);
	if (received < 0)
		return errno == EAGAIN || errno == EINTR || errno == ENOBUFS ? 0 : -errno;
	for (int i = 0; i < received; i++) {
		unsigned len = socket->messages[i].msg_len;

		if (len < sizeof(struct nlmsghdr) || socket->addresses[i].nl_pid != 0)
			continue;
		if (process_event_parse(socket->data[i] + sizeof(struct nlmsghdr),
			    len - sizeof(struct nlmsghdr), &events[n]) == 0)
			n++;
	}
	*ret_n = n;
	return received;
}
