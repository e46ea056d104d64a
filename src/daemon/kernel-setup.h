/* SPDX-License-Identifier: GPL-2.0-or-later */
/* SPDX-FileCopyrightText: The killauditd authors */

/*
 * Puts our rules into the kernel and takes them out again, with the settings that they need, and
 * touches nothing of anybody else's. What was changed stands in the state file before it is
 * changed, so that a run that dies leaves no debt that the next one does not know of.
 */
#pragma once

#include <stdbool.h>
#include <stdint.h>

#include "daemon/status.h"

struct audit_state;
struct netlink_socket;

/* Loads what is missing of our rules, and switches auditing on. `owned`: they are to go when this
 * run ends (kernel_setup_leave()); else they stay until kernel_setup_unload(). `portid` is our own
 * in the multicast group, 0: we are not in it. Logs why it failed. That the rules are locked is no
 * failure: kernel_setup_read() tells what is missing then. */
enum status kernel_setup_load(bool owned, uint32_t portid);

/* What there is of it now. 0 or a negative errno. */
int kernel_setup_read(struct audit_state *ret);

/* Whether no record waits in the kernel, now. */
bool kernel_setup_is_idle(void);

/* Puts back what somebody took away while we run. */
enum status kernel_setup_repair(bool owned, bool add_rules, bool enable);

/* Asks for the ends and births of processes on this socket, unless that was asked already: it holds
 * for the socket's whole life. *ret_asked: the kernel will answer. 0 or a negative errno. */
int kernel_setup_listen(const struct netlink_socket *socket, bool *ret_asked);

/* When killauditd switched auditing on in this boot, CLOCK_BOOTTIME: what is older cannot be seen
 * as a sender. 0: it was on already, or that is not known. */
uint64_t kernel_setup_switched_on_usec(void);

/* Removes the rules that owned runs added, and when none of ours is left, puts the settings back.
 * `keep`: leaves the rules, for good. */
enum status kernel_setup_leave(bool keep, uint32_t portid);

/* Removes every rule of ours, whoever loaded it, and puts the settings back. Refuses while a daemon
 * runs, which would go on and see nothing. */
enum status kernel_setup_unload(void);
