/* SPDX-License-Identifier: GPL-2.0-or-later */
/* SPDX-FileCopyrightText: The killauditd authors */

#include "io/connector-socket.h"

#include <arpa/inet.h>
#include <errno.h>
#include <linux/cn_proc.h>
#include <linux/connector.h>
#include <linux/filter.h>
#include <linux/netlink.h>
#include <stddef.h>
#include <sys/socket.h>

/* A message is 76 bytes, and some more in newer kernels. */
#define DATAGRAM_MAX 256
/* Of what kind it is, in a message. */
#define KIND_OFFSET (NLMSG_HDRLEN + sizeof(struct cn_msg) + offsetof(struct proc_event, what))

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

/* The filter runs when the kernel is about to queue a message, on all of it. It loads big-endian
 * numbers, and these are in the order of the host. */
int connector_socket_filter(const struct netlink_socket *socket, uint32_t kinds)
{
	struct sock_filter code[] = {
		BPF_STMT(BPF_LD | BPF_W | BPF_ABS, KIND_OFFSET),
		BPF_JUMP(BPF_JMP | BPF_JEQ | BPF_K, htonl(PROC_EVENT_NONE), 2, 0),
		BPF_JUMP(BPF_JMP | BPF_JSET | BPF_K, htonl(kinds), 1, 0),
		BPF_STMT(BPF_RET | BPF_K, 0), /* nothing of it */
		BPF_STMT(BPF_RET | BPF_K, UINT32_MAX), /* all of it */
	};
	const struct sock_fprog program = {sizeof(code) / sizeof(code[0]), code};

	return setsockopt(netlink_socket_fd(socket), SOL_SOCKET, SO_ATTACH_FILTER, &program,
		       sizeof(program)) < 0
		       ? -errno
		       : 0;
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
