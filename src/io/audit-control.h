/* SPDX-License-Identifier: GPL-2.0-or-later */
/* SPDX-FileCopyrightText: The killauditd authors */

/*
 * The settings and the rules of the kernel's audit subsystem, through libaudit. Needs
 * CAP_AUDIT_CONTROL in the initial user and pid namespaces.
 *
 * Each call has a netlink socket of its own: libaudit leaves answers behind in a socket that is
 * used for more than one thing.
 */
#pragma once

#include <linux/audit.h>
#include <stddef.h>
#include <stdint.h>

struct audit_settings {
	uint32_t enabled; /* 0, 1, or 2: locked until the next boot */
	uint32_t failure;
	uint32_t daemon_pid; /* of the registered audit daemon, 0: none */
	uint32_t backlog_limit;
	uint32_t lost;
	uint32_t backlog; /* records that wait for the kernel's own thread */
};

/* All return 0 or a negative errno: -EPERM no privilege, or rules locked; -ECONNREFUSED not in the
 * initial user namespace; -EPROTONOSUPPORT no audit in this kernel. */
int audit_control_get(struct audit_settings *ret);
int audit_control_set_enabled(uint32_t enabled);
int audit_control_set_backlog_limit(uint32_t limit);

/* Rules in the kernel's order, of all filters; each is its own allocation. */
struct audit_rule_list {
	struct audit_rule_data **rules;
	size_t n;
};

int audit_control_list_rules(struct audit_rule_list *ret);
void audit_rule_list_done(struct audit_rule_list *list);

int audit_control_add_rule(const struct audit_rule_data *rule); /* -EEXIST: there already */
int audit_control_delete_rule(const struct audit_rule_data *rule); /* -ENOENT: not there */
