/* SPDX-License-Identifier: GPL-2.0-or-later */
/* SPDX-FileCopyrightText: The killauditd authors */

/*
 * The kernel's audit multicast group (AUDIT_NLGRP_READLOG): every record, as it is made, without
 * anybody waiting for us. Needs CAP_AUDIT_READ, and the initial network namespace: elsewhere the
 * group is silent.
 */
#pragma once

#include <stddef.h>
#include <stdint.h>

/* Datagrams of one receive. */
#define AUDIT_SOCKET_BATCH 64
/* The kernel's records are at most 8970 bytes (MAX_AUDIT_MESSAGE_LENGTH) and a header of 16. */
#define AUDIT_SOCKET_DATAGRAM_MAX 12288

struct audit_datagram {
	uint16_t type;
	const char *text; /* borrowed until the next receive; not NUL-terminated */
	size_t len;
};

struct audit_socket;

/* `receive_buffer` in bytes. 0; -EPERM: no privilege; -EPROTONOSUPPORT: no audit in this kernel. */
int audit_socket_open(size_t receive_buffer, struct audit_socket **ret);
/* Takes `fd`, which somebody with privilege has opened and bound; ours also when this fails. 0;
 * -EBADF: not a netlink socket of audit; or another negative errno. */
int audit_socket_adopt(int fd, struct audit_socket **ret);
struct audit_socket *audit_socket_close(struct audit_socket *socket);
int audit_socket_fd(const struct audit_socket *socket);
/* By which the kernel tells our socket from others in /proc/net/netlink. */
int audit_socket_portid(const struct audit_socket *socket, uint32_t *ret);

/* Which socket it is, for good: no other of this boot has the same number. */
int audit_socket_cookie(const struct audit_socket *socket, uint64_t *ret);

/* What is there now, at most AUDIT_SOCKET_BATCH, without waiting. What does not come from the
 * kernel or is cut short is not among them. The number of datagrams that were taken from the
 * socket (0: nothing was there), or a negative errno. */
int audit_socket_receive(struct audit_socket *socket,
	struct audit_datagram datagrams[static AUDIT_SOCKET_BATCH], size_t *ret_n);

/* Datagrams that the kernel could not queue since the socket was opened. 0 or a negative errno. */
int audit_socket_drops(const struct audit_socket *socket, uint32_t *ret);
