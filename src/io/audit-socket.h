/* SPDX-License-Identifier: GPL-2.0-or-later */
/* SPDX-FileCopyrightText: The killauditd authors */

/*
 * The kernel's audit multicast group (AUDIT_NLGRP_READLOG): every record, as it is made, without
 * anybody waiting for us. Needs CAP_AUDIT_READ, and the initial network namespace: elsewhere the
 * group is silent. A socket that was passed needs neither.
 */
#pragma once

#include "io/netlink-socket.h"

/* As netlink_socket_open(); -EPERM: no privilege; -EPROTONOSUPPORT: no audit in this kernel. */
int audit_socket_open(size_t receive_buffer, struct netlink_socket **ret);
int audit_socket_adopt(int fd, struct netlink_socket **ret);
