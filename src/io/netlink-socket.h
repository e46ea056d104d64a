/* SPDX-License-Identifier: GPL-2.0-or-later */
/* SPDX-FileCopyrightText: The killauditd authors */

/*
 * A netlink socket that listens to one multicast group of the kernel: opened by us, or passed by
 * the service manager, which opened and bound it.
 */
#pragma once

#include <stddef.h>
#include <stdint.h>

/* Datagrams of one receive. */
#define NETLINK_SOCKET_BATCH 64

struct netlink_socket;

struct netlink_datagram {
	uint16_t type;
	const char *payload; /* what follows the netlink header; borrowed until the next receive */
	size_t len;
};

/* `group` is its number; sizes in bytes. 0 or a negative errno. */
int netlink_socket_open(int protocol, unsigned group, size_t receive_buffer, size_t datagram_max,
	struct netlink_socket **ret);
/* Takes `fd`, also when it fails. 0; -EBADF: not a netlink socket of that protocol; or another
 * negative errno. */
int netlink_socket_adopt(int fd, int protocol, size_t datagram_max, struct netlink_socket **ret);
struct netlink_socket *netlink_socket_close(struct netlink_socket *socket);

int netlink_socket_fd(const struct netlink_socket *socket);
/* By which the kernel tells our socket from others in /proc/net/netlink. */
int netlink_socket_portid(const struct netlink_socket *socket, uint32_t *ret);
/* Which socket it is, for good: no other of this boot has the same number. */
int netlink_socket_cookie(const struct netlink_socket *socket, uint64_t *ret);
/* Datagrams that the kernel could not queue since the socket was opened. 0 or a negative errno. */
int netlink_socket_drops(const struct netlink_socket *socket, uint32_t *ret);

/* What is there now, at most NETLINK_SOCKET_BATCH, without waiting. What does not come from the
 * kernel or is cut short is not among the *ret_n. The number of datagrams that were taken from the
 * socket (0: nothing was there), or a negative errno. */
int netlink_socket_receive(struct netlink_socket *socket,
	struct netlink_datagram datagrams[static NETLINK_SOCKET_BATCH], size_t *ret_n);

/* Until something is there, but not longer. */
void netlink_socket_wait(const struct netlink_socket *socket, int msec);
