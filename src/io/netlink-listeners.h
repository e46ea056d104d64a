/* SPDX-License-Identifier: GPL-2.0-or-later */
/* SPDX-FileCopyrightText: The killauditd authors */

/* Who else listens to the audit multicast group: read from /proc/net/netlink. */
#pragma once

#include <stddef.h>
#include <stdint.h>

/* The port ids of all sockets in the group, in no order: 0 and owned by the caller, or a negative
 * errno. */
int netlink_listeners_read(uint32_t **ret_portids, size_t *ret_n);
