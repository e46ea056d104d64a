/* SPDX-License-Identifier: GPL-2.0-or-later */
/* SPDX-FileCopyrightText: The killauditd authors */

#include "core/audit-rules.h"

#include <assert.h>
#include <signal.h>
#include <stdint.h>
#include <string.h>

#include "core/buffer.h"
#include "core/signal-name.h"
#include "core/signal-syscall.h"

/* Signals up to here are the classic ones; real-time signals follow, and 32 and 33 are the C
 * library's own (musl takes 34 as well). */
#define SIGNAL_CLASSIC_MAX 31

enum rule_signals {
	RULE_FATAL, /* signal_is_fatal() */
	RULE_ANY, /* all but 0, which only asks */
	RULE_NO_NOISE, /* all but 0, Go's preemption (SIGURG) and the C libraries' own */
};

/* First match wins, so the fatal signals stand before the rest: that rest can be dropped alone when
 * it comes to be a burden. The kernel collects targets only while a rule names kill, tkill or
 * tgkill, so each rule has one of them (kernel/auditfilter.c, audit_match_signal). */
static const struct rule {
	const char *about;
	int bits;
	unsigned routes; /* bits 1 << enum signal_route */
	enum rule_signals signals;
} rules[] = {
#define TO_PROCESS (1U << ROUTE_KILL | 1U << ROUTE_RT_SIGQUEUEINFO | 1U << ROUTE_PIDFD_SEND_SIGNAL)
#define TO_TASK    (1U << ROUTE_TKILL)
#define TO_THREAD  (1U << ROUTE_TGKILL | 1U << ROUTE_RT_TGSIGQUEUEINFO)
	{"fatal signals to a process", 64, TO_PROCESS, RULE_FATAL},
	{NULL, 32, TO_PROCESS, RULE_FATAL},
	{"other signals to a process, but not 0, which only asks", 64, TO_PROCESS, RULE_ANY},
	{NULL, 32, TO_PROCESS, RULE_ANY},
	{"signals to a thread, but not 0, SIGURG (Go's preemption) and the C libraries' own 32 to 34",
		64, TO_TASK, RULE_NO_NOISE},
	{NULL, 32, TO_TASK, RULE_NO_NOISE},
	{NULL, 64, TO_THREAD, RULE_NO_NOISE},
	{NULL, 32, TO_THREAD, RULE_NO_NOISE},
};

#define N_RULES (sizeof(rules) / sizeof(rules[0]))

struct condition {
	uint32_t field, operator, value;
};

struct conditions {
	struct condition list[AUDIT_MAX_FIELDS];
	size_t n;
};

static void conditions_add(
	struct conditions *conditions, uint32_t field, uint32_t operator, uint32_t value)
{
	assert(conditions->n < AUDIT_MAX_FIELDS);
	conditions->list[conditions->n++] = (struct condition){field, operator, value };
}

static uint32_t rule_signal_field(const struct rule *rule)
{
	unsigned route = 0;

	while (!(rule->routes & 1U << route))
		route++;
	return AUDIT_ARG0 + signal_route_signal_arg((enum signal_route)route);
}

static void rule_signal_conditions(const struct rule *rule, struct conditions *conditions)
{
	static const uint32_t noise[] = {0, SIGURG, 32, 33, 34};
	uint32_t field = rule_signal_field(rule);

	switch (rule->signals) {
	case RULE_FATAL:
		conditions_add(conditions, field, AUDIT_GREATER_THAN_OR_EQUAL, 1);
		conditions_add(conditions, field, AUDIT_LESS_THAN_OR_EQUAL, SIGNAL_CLASSIC_MAX);
		for (uint32_t signal = 1; signal <= SIGNAL_CLASSIC_MAX; signal++)
			if (!signal_is_fatal((int)signal))
				conditions_add(conditions, field, AUDIT_NOT_EQUAL, signal);
		return;
	case RULE_ANY:
		conditions_add(conditions, field, AUDIT_NOT_EQUAL, 0);
		return;
	case RULE_NO_NOISE:
		for (size_t i = 0; i < sizeof(noise) / sizeof(noise[0]); i++)
			conditions_add(conditions, field, AUDIT_NOT_EQUAL, noise[i]);
		return;
	}
}

size_t audit_rules_count(void)
{
	return N_RULES;
}

unsigned audit_rule_routes(size_t index)
{
	assert(index < N_RULES);
	return rules[index].routes;
}

void audit_rule_fill(size_t index, union audit_rule *ret)
{
	const struct rule *rule = &rules[index];
	struct audit_rule_data *data = &ret->data;
	struct conditions conditions = {};

	assert(index < N_RULES);
	memset(ret, 0, sizeof(*ret));
	data->flags = AUDIT_FILTER_EXIT;
	data->action = AUDIT_ALWAYS;
	for (unsigned route = 0; route < N_SIGNAL_ROUTES; route++) {
		if (rule->routes & 1U << route) {
			unsigned number =
				signal_syscall_native_number((enum signal_route)route, rule->bits);

			data->mask[AUDIT_WORD(number)] |= AUDIT_BIT(number);
		}
	}
	conditions_add(
		&conditions, AUDIT_ARCH, AUDIT_EQUAL, signal_syscall_native_arch(rule->bits));
	rule_signal_conditions(rule, &conditions);
	conditions_add(&conditions, AUDIT_FILTERKEY, AUDIT_EQUAL, strlen(AUDIT_RULE_KEY));
	for (size_t i = 0; i < conditions.n; i++) {
		data->fields[i] = conditions.list[i].field;
		data->fieldflags[i] = conditions.list[i].operator;
		data->values[i] = conditions.list[i].value;
	}
	data->field_count = (uint32_t)conditions.n;
	data->buflen = strlen(AUDIT_RULE_KEY);
	memcpy(data->buf, AUDIT_RULE_KEY, strlen(AUDIT_RULE_KEY));
}

static const char *operator_text(uint32_t operator)
{
	switch (operator) {
	case AUDIT_GREATER_THAN_OR_EQUAL:
		return ">=";
	case AUDIT_LESS_THAN_OR_EQUAL:
		return "<=";
	default:
		return "!=";
	}
}

void audit_rule_print(size_t index, struct buffer *buffer)
{
	const struct rule *rule = &rules[index];
	struct conditions conditions = {};
	const char *separator = " -S ";

	assert(index < N_RULES);
	buffer_printf(buffer, "-a always,exit -F arch=b%d", rule->bits);
	for (unsigned route = 0; route < N_SIGNAL_ROUTES; route++) {
		if (rule->routes & 1U << route) {
			buffer_printf(buffer, "%s%s", separator,
				signal_route_name((enum signal_route)route));
			separator = ",";
		}
	}
	rule_signal_conditions(rule, &conditions);
	for (size_t i = 0; i < conditions.n; i++)
		buffer_printf(buffer, " -F a%u%s%u", conditions.list[i].field - AUDIT_ARG0,
			operator_text(conditions.list[i].operator), conditions.list[i].value);
	buffer_printf(buffer, " -F key=%s", AUDIT_RULE_KEY);
}

void audit_rules_print(struct buffer *buffer)
{
	buffer_append_string(buffer,
		"# Audit rules of killauditd, as killauditd --print-rules prints them: do not edit.\n"
		"# killauditd loads them by itself. On a host that locks its rules (-e 2) copy this\n"
		"# file to /etc/audit/rules.d, so that it is loaded before the lock.\n");
	for (size_t i = 0; i < N_RULES; i++) {
		if (rules[i].about)
			buffer_printf(buffer, "\n# %s\n", rules[i].about);
		audit_rule_print(i, buffer);
		buffer_append_string(buffer, "\n");
	}
}

bool audit_rule_equal(const struct audit_rule_data *a, const struct audit_rule_data *b)
{
	return a->flags == b->flags && a->action == b->action && a->field_count == b->field_count &&
	       a->field_count <= AUDIT_MAX_FIELDS && a->buflen == b->buflen &&
	       memcmp(a->mask, b->mask, sizeof(a->mask)) == 0 &&
	       memcmp(a->fields, b->fields, a->field_count * sizeof(a->fields[0])) == 0 &&
	       memcmp(a->fieldflags, b->fieldflags, a->field_count * sizeof(a->fieldflags[0])) ==
		       0 &&
	       memcmp(a->values, b->values, a->field_count * sizeof(a->values[0])) == 0 &&
	       memcmp(a->buf, b->buf, a->buflen) == 0;
}

/* Some of the six, of either width, and no other. */
static bool rule_names_signal_calls(const struct audit_rule_data *rule)
{
	uint32_t others[AUDIT_BITMASK_SIZE];
	bool any = false;

	memcpy(others, rule->mask, sizeof(others));
	for (unsigned route = 0; route < N_SIGNAL_ROUTES; route++) {
		for (int bits = 32; bits <= 64; bits += 32) {
			unsigned number =
				signal_syscall_native_number((enum signal_route)route, bits);

			any = any || (rule->mask[AUDIT_WORD(number)] & AUDIT_BIT(number));
			others[AUDIT_WORD(number)] &= ~AUDIT_BIT(number);
		}
	}
	for (size_t word = 0; word < AUDIT_BITMASK_SIZE; word++)
		if (others[word])
			return false;
	return any;
}

static bool rule_has_our_key(const struct audit_rule_data *rule)
{
	size_t offset = 0;

	for (uint32_t i = 0; i < rule->field_count && i < AUDIT_MAX_FIELDS; i++) {
		switch (rule->fields[i]) {
		case AUDIT_FILTERKEY:
			return rule->values[i] == strlen(AUDIT_RULE_KEY) &&
			       offset + rule->values[i] <= rule->buflen &&
			       memcmp(rule->buf + offset, AUDIT_RULE_KEY, rule->values[i]) == 0;
		case AUDIT_SUBJ_USER:
		case AUDIT_SUBJ_ROLE:
		case AUDIT_SUBJ_TYPE:
		case AUDIT_SUBJ_SEN:
		case AUDIT_SUBJ_CLR:
		case AUDIT_OBJ_USER:
		case AUDIT_OBJ_ROLE:
		case AUDIT_OBJ_TYPE:
		case AUDIT_OBJ_LEV_LOW:
		case AUDIT_OBJ_LEV_HIGH:
		case AUDIT_WATCH:
		case AUDIT_DIR:
		case AUDIT_EXE:
			/* The strings of these stand before the key in the same buffer. */
			offset += rule->values[i];
			break;
		default:
			break;
		}
	}
	return false;
}

bool audit_rule_is_ours(const struct audit_rule_data *rule)
{
	return rule_has_our_key(rule) && rule_names_signal_calls(rule);
}
