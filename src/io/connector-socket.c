/* SPDX-License-Identifier: GPL-2.0-or-later */
/* SPDX-FileCopyrightText: The killauditd authors */

#include "io/connector-socket.h"

#include <errno.h>
#include <linux/cn_proc.h>
#include <linux/connector.h>
#include <linux/netlink.h>
#include <sys/socket.h>

/* A message is 76 bytes, and some more in newer kernels. */
#define DATAGRAM_MAX 256

int connector_socket_open(size_t receive_buffer, struct netlink_socket **ret)
{
	return netlink_socket_open(
		NETLINK_CONNECTOR, CN_IDX_PROC, receive_buffer, DATAGRAM_MAX, ret);
}

int connector_socket_adopt(int fd, struct netlink_socket **ret)
{
	return netlink_socket_adopt(fd, NETLINK_CONNECTOR, DATAGRAM_MAX, ret);
}

int connector_socket_listen(const struct netlink_socket *socket, bool listen)
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

	if (sendto(netlink_socket_fd(socket), &message, sizeof(message), MSG_DONTWAIT,
		    (struct sockaddr *)&kernel, sizeof(kernel)) < 0)
		return -errno;
	return 0;
}

int connector_socket_receive(struct netlink_socket *socket,
	struct process_event events[static NETLINK_SOCKET_BATCH], size_t *ret_n)
{
	struct netlink_datagram datagrams[NETLINK_SOCKET_BATCH];
	size_t n_datagrams;
	int received = netlink_socket_receive(socket, datagrams, &n_datagrams);

	*ret_n = 0;
	for (size_t i = 0; i < n_datagrams; i++)
		if (process_event_parse(datagrams[i].payload, datagrams[i].len, &events[*ret_n]) ==
			0)
			++*ret_n;
	return received;
}
