/* SPDX-License-Identifier: GPL-2.0-or-later */
/* SPDX-FileCopyrightText: The killauditd authors */

/*
 * The audit rules of killauditd, from one table: filled in as the kernel wants them, and printed as
 * auditctl(8) reads them. Filled by hand, since libaudit's text helpers keep state between rules.
 *
 * Why they are as they are: ARCHITECTURE.md, and the table in audit-rules.c.
 */
#pragma once

#include <linux/audit.h>
#include <stdbool.h>
#include <stddef.h>

struct buffer;

#define AUDIT_RULE_KEY "killauditd"

/* The fields of one rule and room for its key. */
union audit_rule {
	struct audit_rule_data data;
	unsigned char room[sizeof(struct audit_rule_data) + 64];
};

size_t audit_rules_count(void);

/* Rule number `index`, below audit_rules_count(), in the order in which they must be added. */
void audit_rule_fill(size_t index, union audit_rule *ret);

/* The system calls that it is for: bits 1 << enum signal_route. */
unsigned audit_rule_routes(size_t index);

/* One line as auditctl(8) takes it, without the line feed. */
void audit_rule_print(size_t index, struct buffer *buffer);
/* The whole rules file. */
void audit_rules_print(struct buffer *buffer);

/* The same filter, action, system calls, fields and key. */
bool audit_rule_equal(const struct audit_rule_data *a, const struct audit_rule_data *b);
/* Its key is exactly ours, and its system calls are among the six: a rule of this version of
 * killauditd or of another one. */
bool audit_rule_is_ours(const struct audit_rule_data *rule);
