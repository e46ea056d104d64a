/* SPDX-License-Identifier: GPL-2.0-or-later */
/* SPDX-FileCopyrightText: The killauditd authors */

#include "unit.h"

#include <linux/audit.h>
#include <signal.h>
#include <stdio.h>
#include <string.h>

#include "core/audit-rules.h"
#include "core/buffer.h"
#include "core/signal-syscall.h"
#include "rows.h"
#include "rule-builder.h"

#define NONE SIZE_MAX

/* One condition on a number of 32 bits, as the kernel has it (kernel/auditfilter.c,
 * audit_comparator). */
static bool condition_holds(uint32_t left, uint32_t operator, uint32_t right)
{
	switch (operator) {
	case AUDIT_EQUAL:
		return left == right;
	case AUDIT_NOT_EQUAL:
		return left != right;
	case AUDIT_LESS_THAN_OR_EQUAL:
		return left <= right;
	case AUDIT_GREATER_THAN_OR_EQUAL:
		return left >= right;
	default:
		fail_msg("operator %x is not one that the rules need", operator);
		return false;
	}
}

/* As kernel/auditsc.c does: audit_in_mask() and audit_filter_rules(). */
static bool rule_matches(
	const struct audit_rule_data *rule, uint32_t arch, unsigned number, const uint32_t args[4])
{
	if (number / 32 >= AUDIT_BITMASK_SIZE || !(rule->mask[number / 32] & 1U << number % 32))
		return false;
	for (uint32_t i = 0; i < rule->field_count; i++) {
		uint32_t field = rule->fields[i], left;

		if (field == AUDIT_FILTERKEY)
			continue; /* never asked: it is only written into the record */
		assert_true(field == AUDIT_ARCH || (field >= AUDIT_ARG0 && field <= AUDIT_ARG3));
		left = field == AUDIT_ARCH ? arch : args[field - AUDIT_ARG0];
		if (!condition_holds(left, rule->fieldflags[i], rule->values[i]))
			return false;
	}
	return true;
}

/* The first rule that matches decides; NONE when the call goes untold. */
static size_t first_match(uint32_t arch, unsigned number, const uint32_t args[4])
{
	for (size_t i = 0; i < audit_rules_count(); i++) {
		union audit_rule rule;

		audit_rule_fill(i, &rule);
		if (rule_matches(&rule.data, arch, number, args))
			return i;
	}
	return NONE;
}

static size_t first_match_of_signal(enum signal_route route, int bits, uint32_t signal)
{
	/* The other arguments would be told if the signal is not to be, and the reverse. */
	uint32_t other = signal == 0 ? SIGKILL : 0, args[4] = {other, other, other, other};

	args[signal_route_signal_arg(route)] = signal;
	return first_match(
		signal_syscall_native_arch(bits), signal_syscall_native_number(route, bits), args);
}

static bool listed(uint32_t signal, const uint32_t *list, size_t n)
{
	for (size_t i = 0; i < n; i++)
		if (list[i] == signal)
			return true;
	return false;
}

static const uint32_t fatal[] = {SIGHUP, SIGINT, SIGQUIT, SIGILL, SIGTRAP, SIGABRT, SIGBUS, SIGFPE,
	SIGKILL, SIGSEGV, SIGTERM, SIGSTOP, SIGSYS};

/* Signals that the rules pass over: besides 0, Go's preemption and the C libraries' own. */
static const uint32_t only_0[] = {0}, noise[] = {0, SIGURG, 32, 33, 34};

static const struct told_row {
	const char *name;
	enum signal_route route;
	bool fatal_apart; /* by a rule of their own, before the rest */
	const uint32_t *untold;
	size_t n_untold;
} told_rows[] = {
	{"kill", ROUTE_KILL, true, only_0, ELEMENTS(only_0)},
	{"rt_sigqueueinfo", ROUTE_RT_SIGQUEUEINFO, true, only_0, ELEMENTS(only_0)},
	{"pidfd_send_signal", ROUTE_PIDFD_SEND_SIGNAL, true, only_0, ELEMENTS(only_0)},
	{"tkill", ROUTE_TKILL, false, noise, ELEMENTS(noise)},
	{"tgkill", ROUTE_TGKILL, false, noise, ELEMENTS(noise)},
	{"rt_tgsigqueueinfo", ROUTE_RT_TGSIGQUEUEINFO, false, noise, ELEMENTS(noise)},
};

static void test_told(void **state)
{
	const struct told_row *row = *state;

	for (int bits = 32; bits <= 64; bits += 32) {
		size_t fatal_rule = first_match_of_signal(row->route, bits, SIGKILL);
		size_t other_rule = first_match_of_signal(row->route, bits, SIGUSR1);

		assert_int_not_equal(other_rule, NONE);
		assert_true(row->fatal_apart ? fatal_rule < other_rule : fatal_rule == other_rule);
		for (uint32_t signal = 0; signal <= 64; signal++) {
			size_t expected = other_rule;

			if (listed(signal, row->untold, row->n_untold))
				expected = NONE;
			else if (listed(signal, fatal, ELEMENTS(fatal)))
				expected = fatal_rule;
			assert_int_equal(first_match_of_signal(row->route, bits, signal), expected);
		}
	}
}

static void test_other_calls_are_not_told(void **state)
{
	static const uint32_t args[4] = {SIGKILL, SIGKILL, SIGKILL, SIGKILL};
	const uint32_t archs[] = {signal_syscall_native_arch(32), signal_syscall_native_arch(64),
		AUDIT_ARCH_RISCV64, AUDIT_ARCH_S390X};

	(void)state;
	for (size_t i = 0; i < ELEMENTS(archs); i++) {
		for (unsigned number = 0; number < 32 * AUDIT_BITMASK_SIZE; number++) {
			struct signal_syscall syscall;

			assert_int_equal(first_match(archs[i], number, args) != NONE,
				signal_syscall_find(archs[i], number, &syscall) == 0);
		}
	}
}

static bool in_mask(const struct audit_rule_data *rule, enum signal_route route, int bits)
{
	unsigned number = signal_syscall_native_number(route, bits);

	return rule->mask[number / 32] & 1U << number % 32;
}

/* The kernel tells of targets only while a rule names one of its own class of signal calls. */
static void test_every_rule_collects_targets(void **state)
{
	(void)state;
	for (size_t i = 0; i < audit_rules_count(); i++) {
		union audit_rule rule;
		int bits;

		print_message("rule %zu\n", i);
		audit_rule_fill(i, &rule);
		assert_int_equal(rule.data.fields[0], AUDIT_ARCH);
		bits = rule.data.values[0] == signal_syscall_native_arch(64) ? 64 : 32;
		assert_true(in_mask(&rule.data, ROUTE_KILL, bits) ||
			    in_mask(&rule.data, ROUTE_TKILL, bits) ||
			    in_mask(&rule.data, ROUTE_TGKILL, bits));
	}
}

static void test_frame_of_every_rule(void **state)
{
	(void)state;
	for (size_t i = 0; i < audit_rules_count(); i++) {
		union audit_rule rule;

		memset(&rule, 0xff, sizeof(rule));
		audit_rule_fill(i, &rule);
		print_message("rule %zu\n", i);
		assert_int_equal(rule.data.flags, AUDIT_FILTER_EXIT);
		assert_int_equal(rule.data.action, AUDIT_ALWAYS);
		assert_in_range(rule.data.field_count, 3, AUDIT_MAX_FIELDS);
		assert_int_equal(rule.data.fields[rule.data.field_count - 1], AUDIT_FILTERKEY);
		assert_int_equal(rule.data.fieldflags[rule.data.field_count - 1], AUDIT_EQUAL);
		assert_int_equal(rule.data.buflen, strlen(AUDIT_RULE_KEY));
		assert_true(audit_rule_is_ours(&rule.data));
		for (uint32_t k = rule.data.field_count; k < AUDIT_MAX_FIELDS; k++)
			assert_int_equal(
				rule.data.fields[k] | rule.data.fieldflags[k] | rule.data.values[k],
				0);
		for (size_t k = 0; k < audit_rules_count(); k++) {
			union audit_rule other;

			audit_rule_fill(k, &other);
			assert_int_equal(audit_rule_equal(&rule.data, &other.data), i == k);
		}
	}
}

/* Names of system calls, separated by commas. */
static void rule_parse_calls(struct audit_rule_data *rule, char *names, int bits)
{
	char *rest;

	for (char *name = strtok_r(names, ",", &rest); name; name = strtok_r(NULL, ",", &rest)) {
		unsigned route = 0, number;

		while (strcmp(name, signal_route_name((enum signal_route)route)) != 0)
			assert_true(++route < N_SIGNAL_ROUTES);
		number = signal_syscall_native_number((enum signal_route)route, bits);
		rule->mask[number / 32] |= 1U << number % 32;
	}
}

static void rule_parse_condition(struct audit_rule_data *rule, const char *text, int *bits)
{
	static const uint32_t operators[] = {
		['!'] = AUDIT_NOT_EQUAL,
		['<'] = AUDIT_LESS_THAN_OR_EQUAL,
		['>'] = AUDIT_GREATER_THAN_OR_EQUAL,
	};
	unsigned arg, value;
	char sign;

	if (sscanf(text, "arch=b%d", bits) == 1) {
		rule_add(rule, AUDIT_ARCH, AUDIT_EQUAL, signal_syscall_native_arch(*bits));
	} else if (strncmp(text, "key=", 4) == 0) {
		rule_add_string(rule, AUDIT_FILTERKEY, text + 4);
	} else {
		assert_int_equal(sscanf(text, "a%u%c=%u", &arg, &sign, &value), 3);
		assert_non_null(strchr("!<>", sign));
		rule_add(rule, AUDIT_ARG0 + arg, operators[(unsigned char)sign], value);
	}
}

/* As auditctl(8) reads it. */
static void rule_parse(char *line, union audit_rule *ret)
{
	char *rest, *word = strtok_r(line, " ", &rest);
	int bits = 0;

	*ret = (union audit_rule){};
	assert_string_equal(word, "-a");
	assert_string_equal(strtok_r(NULL, " ", &rest), "always,exit");
	ret->data.flags = AUDIT_FILTER_EXIT;
	ret->data.action = AUDIT_ALWAYS;
	while ((word = strtok_r(NULL, " ", &rest))) {
		char *value = strtok_r(NULL, " ", &rest);

		assert_non_null(value);
		if (strcmp(word, "-S") == 0) {
			assert_true(bits == 32 || bits == 64);
			rule_parse_calls(&ret->data, value, bits);
		} else {
			assert_string_equal(word, "-F");
			rule_parse_condition(&ret->data, value, &bits);
		}
	}
}

/* The calls that a rule says it is for are those of its mask, and between them they are all. */
static void test_routes_are_those_of_the_mask(void **state)
{
	unsigned all_32 = 0, all_64 = 0;

	(void)state;
	for (size_t i = 0; i < audit_rules_count(); i++) {
		unsigned routes = audit_rule_routes(i);
		uint32_t mask[AUDIT_BITMASK_SIZE] = {};
		union audit_rule rule;
		int bits;

		audit_rule_fill(i, &rule);
		assert_int_equal(rule.data.fields[0], AUDIT_ARCH);
		bits = rule.data.values[0] == signal_syscall_native_arch(64) ? 64 : 32;
		for (unsigned route = 0; route < N_SIGNAL_ROUTES; route++) {
			unsigned number =
				signal_syscall_native_number((enum signal_route)route, bits);

			if (routes & 1U << route)
				mask[number / 32] |= 1U << number % 32;
		}
		assert_memory_equal(rule.data.mask, mask, sizeof(mask));
		assert_int_equal(routes >> N_SIGNAL_ROUTES, 0);
		*(bits == 64 ? &all_64 : &all_32) |= routes;
	}
	assert_int_equal(all_32, (1U << N_SIGNAL_ROUTES) - 1);
	assert_int_equal(all_64, (1U << N_SIGNAL_ROUTES) - 1);
}

static void test_print_parses_back(void **state)
{
	(void)state;
	for (size_t i = 0; i < audit_rules_count(); i++) {
		struct buffer line = {};
		union audit_rule filled, parsed;

		audit_rule_print(i, &line);
		print_message("%s\n", line.data);
		audit_rule_fill(i, &filled);
		rule_parse(line.data, &parsed);
		assert_true(audit_rule_equal(&filled.data, &parsed.data));
		buffer_done(&line);
	}
}

static void test_print_file(void **state)
{
	struct buffer text = {}, line = {};
	size_t n = 0;
	char *rest;

	(void)state;
	audit_rules_print(&text);
	assert_false(text.failed);
	assert_int_equal(text.data[text.len - 1], '\n');
	for (char *at = strtok_r(text.data, "\n", &rest); at; at = strtok_r(NULL, "\n", &rest)) {
		if (at[0] == '#')
			continue;
		buffer_clear(&line);
		audit_rule_print(n++, &line);
		assert_string_equal(at, line.data);
	}
	assert_int_equal(n, audit_rules_count());
	buffer_done(&text);
	buffer_done(&line);
}

int main(void)
{
	static const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_other_calls_are_not_told),
		cmocka_unit_test(test_every_rule_collects_targets),
		cmocka_unit_test(test_frame_of_every_rule),
		cmocka_unit_test(test_routes_are_those_of_the_mask),
		cmocka_unit_test(test_print_parses_back),
		cmocka_unit_test(test_print_file),
	};

	return ROWS_RUN(test_told, told_rows) + cmocka_run_group_tests(tests, NULL, NULL);
}
