/* SPDX-License-Identifier: GPL-2.0-or-later */
/* SPDX-FileCopyrightText: The killauditd authors */

/*
 * The kernel's process connector: births, execs and exits of all processes. Silent until somebody
 * asks for it, which needs CAP_NET_ADMIN in the initial user, pid and network namespaces.
 */
#pragma once

#include <stdbool.h>

#include "core/process-event.h"
#include "io/netlink-socket.h"

int connector_socket_open(size_t receive_buffer, struct netlink_socket **ret);
int connector_socket_adopt(int fd, struct netlink_socket **ret);

/* Asks to be told, or not any more. Kernels before 6.6 count the listeners of the whole host: to
 * ask twice needs to be taken back twice. 0 or a negative errno; whether the kernel agrees comes as
 * PROCESS_EVENT_ACK, or, without privilege, not at all. */
int connector_socket_listen(const struct netlink_socket *socket, bool listen);

/* From now on only events of these kinds come, bits PROC_EVENT_... of linux/cn_proc.h, and ACKs:
 * the kernel drops the others before they take room in the socket. Stays with the socket, also when
 * it is passed on. 0 or a negative errno. */
int connector_socket_filter(const struct netlink_socket *socket, uint32_t kinds);

/* As netlink_socket_receive(). */
int connector_socket_receive(struct netlink_socket *socket,
	struct process_event events[static NETLINK_SOCKET_BATCH], size_t *ret_n);
