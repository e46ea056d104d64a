/* SPDX-License-Identifier: GPL-2.0-or-later */
/* SPDX-FileCopyrightText: The killauditd authors */

/* Makes an audit rule, field by field. */
#pragma once

#include <linux/audit.h>
#include <stdint.h>
#include <string.h>

#include "core/signal-syscall.h"

static inline void rule_add(
	struct audit_rule_data *rule, uint32_t field, uint32_t operator, uint32_t value)
{
	rule->fields[rule->field_count] = field;
	rule->fieldflags[rule->field_count] = operator;
	rule->values[rule->field_count++] = value;
}

static inline void rule_set_kill(struct audit_rule_data *rule)
{
	unsigned number = signal_syscall_native_number(ROUTE_KILL, 64);

	rule->mask[AUDIT_WORD(number)] |= AUDIT_BIT(number);
}

/* The strings of all fields stand in one buffer, in the order of the fields. */
static inline void rule_add_string(struct audit_rule_data *rule, uint32_t field, const char *string)
{
	rule_add(rule, field, AUDIT_EQUAL, (uint32_t)strlen(string));
	memcpy(rule->buf + rule->buflen, string, strlen(string));
	rule->buflen += (uint32_t)strlen(string);
}
