/* SPDX-License-Identifier: GPL-2.0-or-later */
/* SPDX-FileCopyrightText: The killauditd authors */

#include "io/audit-socket.h"

#include <linux/audit.h>
#include <linux/netlink.h>

/* The kernel's records are at most 8970 bytes (MAX_AUDIT_MESSAGE_LENGTH) and a header of 16. */
#define DATAGRAM_MAX 12288

int audit_socket_open(size_t receive_buffer, struct netlink_socket **ret)
{
	return netlink_socket_open(
		NETLINK_AUDIT, AUDIT_NLGRP_READLOG, receive_buffer, DATAGRAM_MAX, ret);
}

int audit_socket_adopt(int fd, struct netlink_socket **ret)
{
	return netlink_socket_adopt(fd, NETLINK_AUDIT, DATAGRAM_MAX, ret);
}
