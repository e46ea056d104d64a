/* SPDX-License-Identifier: GPL-2.0-or-later */
/* SPDX-FileCopyrightText: The killauditd authors */

/*
 * The kernel's process connector: births, execs and exits of all processes. Silent until somebody
 * asks for it, which needs CAP_NET_ADMIN in the initial user, pid and network namespaces.
 */
#pragma once

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "core/process-event.h"

struct connector_socket;

/* Events of one receive. */
#define CONNECTOR_SOCKET_BATCH 64

/* `receive_buffer` in bytes. 0 or a negative errno. */
int connector_socket_open(size_t receive_buffer, struct connector_socket **ret);
/* Takes `fd`, which was opened and bound by somebody with privilege; ours also when this fails. 0;
 * -EBADF: not a socket of the connector; or another negative errno. */
int connector_socket_adopt(int fd, struct connector_socket **ret);
struct connector_socket *connector_socket_close(struct connector_socket *socket);
int connector_socket_fd(const struct connector_socket *socket);
int connector_socket_cookie(const struct connector_socket *socket, uint64_t *ret);

/* Asks to be told, or not any more. Kernels before 6.6 count the listeners of the whole host: to
 * ask twice needs to be taken back twice. 0 or a negative errno; whether the kernel agrees comes as
 * PROCESS_EVENT_ACK, or, without privilege, not at all. */
int connector_socket_listen(const struct connector_socket *socket, bool listen);

/* What is there now, without waiting: at most CONNECTOR_SOCKET_BATCH messages, and *ret_n of them
 * are events to us. How many messages were taken (0: none was there), or a negative errno. */
int connector_socket_receive(struct connector_socket *socket,
	struct process_event events[static CONNECTOR_SOCKET_BATCH], size_t *ret_n);
