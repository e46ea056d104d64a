/* SPDX-License-Identifier: GPL-2.0-or-later */
/* SPDX-FileCopyrightText: The killauditd authors */

#include <stdio.h>

#include "rows.h"
#include "told.h"

#include "core/audit-rules.h"
#include "core/coverage.h"

#define B(name)  COVERAGE_BIT(name)
#define NO_RULES UINT32_MAX
#define MODE     "audit+connector"
#define FULL     "audit+trace"

#define WATCHING "watching who sends which signal to whom"
#define BLIND    "older than auditing, and not seen as senders:"

/* Rules 0 to 3 are of kill, rt_sigqueueinfo and pidfd_send_signal, 4 and 5 of tkill, the last two
 * of the rest. */
#define OK      "ok"
#define PARTIAL "partial"
#define GONE    "blind"

static const struct coverage_row {
	const char *name;
	uint32_t reasons, missing_rules;
	size_t n_blind;
	const char *comms[12];
	const char *message, *priority, *mode;
	const char *routes[3]; /* of kill, of tkill, of tgkill */
	struct told told[16]; /* what comes behind the routes */
} coverage_rows[] = {
	{"nothing escapes", 0, 0, 0, {}, WATCHING, "5", FULL, {OK, OK, OK},
		{{FIELD_COVERAGE_COMPLETE, "1"}}},
	{"as good as it gets", B(NO_TRACE), 0, 0, {},
		WATCHING ", but the kernel's own signals and cgroup.kill are not watched", "5",
		MODE, {OK, OK, OK},
		{{FIELD_COVERAGE_COMPLETE, "0"}, {FIELD_COVERAGE_REASON, "no-trace"}}},
	{"as good as it gets with the trace", B(KERNEL_PARTIAL), 0, 0, {},
		WATCHING ", but faults, timers and broken pipes are not told", "5", FULL,
		{OK, OK, OK},
		{{FIELD_COVERAGE_COMPLETE, "0"}, {FIELD_COVERAGE_REASON, "kernel-partial"}}},
	{"without audit", B(NO_AUDIT), NO_RULES, 0, {},
		WATCHING ", but audit cannot be had, so sends that are refused are not seen", "4",
		"trace", {PARTIAL, PARTIAL, PARTIAL},
		{{FIELD_COVERAGE_COMPLETE, "0"}, {FIELD_COVERAGE_REASON, "no-audit"}}},
	{"switched off, and no trace", B(AUDIT_DISABLED) | B(NO_TRACE), 0, 0, {},
		WATCHING ", but auditing is switched off; "
			 "the kernel's own signals and cgroup.kill are not watched",
		"4", MODE, {GONE, GONE, GONE},
		{{FIELD_COVERAGE_COMPLETE, "0"}, {FIELD_COVERAGE_REASON, "audit-disabled"},
			{FIELD_COVERAGE_REASON, "no-trace"}}},
	{"no rules of tkill and tgkill, and no trace", B(RULES_MISSING) | B(NO_TRACE), 0xf1, 0, {},
		WATCHING ", but audit rules are not loaded; "
			 "the kernel's own signals and cgroup.kill are not watched",
		"4", MODE, {PARTIAL, GONE, GONE},
		{{FIELD_COVERAGE_COMPLETE, "0"}, {FIELD_COVERAGE_REASON, "rules-missing"},
			{FIELD_COVERAGE_REASON, "no-trace"}}},
	{"stopped", B(STOPPED), 0, 0, {}, "killauditd has stopped", "5", NULL, {GONE, GONE, GONE},
		{{FIELD_COVERAGE_COMPLETE, "0"}, {FIELD_COVERAGE_REASON, "stopped"}}},
	{"stopped, which it was told before", B(STOPPED) | B(NO_TRACE), 0, 0, {},
		"killauditd has stopped; the kernel's own signals and cgroup.kill are not watched",
		"5", NULL, {GONE, GONE, GONE},
		{{FIELD_COVERAGE_COMPLETE, "0"}, {FIELD_COVERAGE_REASON, "stopped"},
			{FIELD_COVERAGE_REASON, "no-trace"}}},
	{"stopped while something was lost", B(STOPPED) | B(AUDIT_DISABLED), 0, 0, {},
		"killauditd has stopped; auditing is switched off", "4", NULL, {GONE, GONE, GONE},
		{{FIELD_COVERAGE_COMPLETE, "0"}, {FIELD_COVERAGE_REASON, "stopped"},
			{FIELD_COVERAGE_REASON, "audit-disabled"}}},
	{"births are not told", B(NO_CONNECTOR), 0, 0, {},
		WATCHING ", but births and ends of processes are not told", "4", FULL, {OK, OK, OK},
		{{FIELD_COVERAGE_COMPLETE, "0"}, {FIELD_COVERAGE_REASON, "no-connector"}}},
	{"births are not told, and what is never watched", B(NO_CONNECTOR) | B(NO_TRACE), 0, 0, {},
		WATCHING ", but births and ends of processes are not told; "
			 "the kernel's own signals and cgroup.kill are not watched",
		"4", "audit", {OK, OK, OK},
		{{FIELD_COVERAGE_COMPLETE, "0"}, {FIELD_COVERAGE_REASON, "no-connector"},
			{FIELD_COVERAGE_REASON, "no-trace"}}},
	{"stopped, and births were not told", B(STOPPED) | B(NO_CONNECTOR), 0, 0, {},
		"killauditd has stopped; births and ends of processes are not told", "4", NULL,
		{GONE, GONE, GONE},
		{{FIELD_COVERAGE_COMPLETE, "0"}, {FIELD_COVERAGE_REASON, "stopped"},
			{FIELD_COVERAGE_REASON, "no-connector"}}},
	{"switched off", B(AUDIT_DISABLED), 0, 0, {}, WATCHING ", but auditing is switched off",
		"4", "trace", {PARTIAL, PARTIAL, PARTIAL},
		{{FIELD_COVERAGE_COMPLETE, "0"}, {FIELD_COVERAGE_REASON, "audit-disabled"}}},
	{"locked, and all are there", B(RULES_LOCKED), 0, 0, {},
		WATCHING ", but audit rules are locked until the next boot", "4", FULL,
		{OK, OK, OK},
		{{FIELD_COVERAGE_COMPLETE, "0"}, {FIELD_COVERAGE_REASON, "rules-locked"}}},
	{"locked, and some are missing", B(RULES_LOCKED) | B(RULES_MISSING), 0x10, 0, {},
		WATCHING ", but audit rules are not loaded; "
			 "audit rules are locked until the next boot",
		"4", FULL, {OK, PARTIAL, OK},
		{{FIELD_COVERAGE_COMPLETE, "0"}, {FIELD_COVERAGE_REASON, "rules-missing"},
			{FIELD_COVERAGE_REASON, "rules-locked"}}},
	{"the first rule is missing", B(RULES_MISSING), 0x01, 0, {},
		WATCHING ", but audit rules are not loaded", "4", FULL, {PARTIAL, OK, OK},
		{{FIELD_COVERAGE_COMPLETE, "0"}, {FIELD_COVERAGE_REASON, "rules-missing"}}},
	{"the last rule is missing", B(RULES_MISSING), 0x80, 0, {},
		WATCHING ", but audit rules are not loaded", "4", FULL, {OK, OK, PARTIAL},
		{{FIELD_COVERAGE_COMPLETE, "0"}, {FIELD_COVERAGE_REASON, "rules-missing"}}},
	{"all but one of kill's", B(RULES_MISSING), 0x0e, 0, {},
		WATCHING ", but audit rules are not loaded", "4", FULL, {PARTIAL, OK, OK},
		{{FIELD_COVERAGE_COMPLETE, "0"}, {FIELD_COVERAGE_REASON, "rules-missing"}}},
	{"all of kill's", B(RULES_MISSING), 0x0f, 0, {},
		WATCHING ", but audit rules are not loaded", "4", FULL, {PARTIAL, OK, OK},
		{{FIELD_COVERAGE_COMPLETE, "0"}, {FIELD_COVERAGE_REASON, "rules-missing"}}},
	{"both of tkill's, one of tgkill's", B(RULES_MISSING), 0x70, 0, {},
		WATCHING ", but audit rules are not loaded", "4", FULL, {OK, PARTIAL, PARTIAL},
		{{FIELD_COVERAGE_COMPLETE, "0"}, {FIELD_COVERAGE_REASON, "rules-missing"}}},
	{"all rules", B(RULES_MISSING), NO_RULES, 0, {},
		WATCHING ", but audit rules are not loaded", "4", FULL, {PARTIAL, PARTIAL, PARTIAL},
		{{FIELD_COVERAGE_COMPLETE, "0"}, {FIELD_COVERAGE_REASON, "rules-missing"}}},
	{"blind tasks", B(BLIND_TASKS), 0, 3, {"sshd", "cron"},
		WATCHING ", but " BLIND " 3 processes: sshd, cron", "4", FULL, {OK, OK, OK},
		{{FIELD_COVERAGE_COMPLETE, "0"}, {FIELD_COVERAGE_REASON, "blind-tasks"},
			{FIELD_EVIDENCE, "procfs"}, {FIELD_COVERAGE_BLIND_TASKS, "3"},
			{FIELD_COVERAGE_BLIND_COMM, "sshd"}, {FIELD_COVERAGE_BLIND_COMM, "cron"}}},
	{"blind tasks, nobody knows how many", B(BLIND_TASKS), 0, COVERAGE_BLIND_UNKNOWN,
		{"systemd"}, WATCHING ", but " BLIND " systemd, ...", "4", FULL, {OK, OK, OK},
		{{FIELD_COVERAGE_COMPLETE, "0"}, {FIELD_COVERAGE_REASON, "blind-tasks"},
			{FIELD_EVIDENCE, "procfs"}, {FIELD_COVERAGE_BLIND_COMM, "systemd"}}},
	{"as many names as the message holds", B(BLIND_TASKS) | B(NO_TRACE), 0, 8,
		{"a", "b", "c", "d", "e", "f", "g", "h"},
		WATCHING ", but " BLIND " 8 processes: a, b, c, d, e, f, g, h; "
			 "the kernel's own signals and cgroup.kill are not watched",
		"4", MODE, {OK, OK, OK},
		{{FIELD_COVERAGE_COMPLETE, "0"}, {FIELD_COVERAGE_REASON, "blind-tasks"},
			{FIELD_COVERAGE_REASON, "no-trace"}, {FIELD_EVIDENCE, "procfs"},
			{FIELD_COVERAGE_BLIND_TASKS, "8"}, {FIELD_COVERAGE_BLIND_COMM, "a"},
			{FIELD_COVERAGE_BLIND_COMM, "b"}, {FIELD_COVERAGE_BLIND_COMM, "c"},
			{FIELD_COVERAGE_BLIND_COMM, "d"}, {FIELD_COVERAGE_BLIND_COMM, "e"},
			{FIELD_COVERAGE_BLIND_COMM, "f"}, {FIELD_COVERAGE_BLIND_COMM, "g"},
			{FIELD_COVERAGE_BLIND_COMM, "h"}}},
	{"one name more", B(BLIND_TASKS), 0, 9, {"a", "b", "c", "d", "e", "f", "g", "h", "i"},
		WATCHING ", but " BLIND " 9 processes: a, b, c, d, e, f, g, h, ...", "4", FULL,
		{OK, OK, OK},
		{{FIELD_COVERAGE_COMPLETE, "0"}, {FIELD_COVERAGE_REASON, "blind-tasks"},
			{FIELD_EVIDENCE, "procfs"}, {FIELD_COVERAGE_BLIND_TASKS, "9"},
			{FIELD_COVERAGE_BLIND_COMM, "a"}, {FIELD_COVERAGE_BLIND_COMM, "b"},
			{FIELD_COVERAGE_BLIND_COMM, "c"}, {FIELD_COVERAGE_BLIND_COMM, "d"},
			{FIELD_COVERAGE_BLIND_COMM, "e"}, {FIELD_COVERAGE_BLIND_COMM, "f"},
			{FIELD_COVERAGE_BLIND_COMM, "g"}, {FIELD_COVERAGE_BLIND_COMM, "h"},
			{FIELD_COVERAGE_BLIND_COMM, "i"}}},
	{"names that speak like us", B(BLIND_TASKS), 0, 1, {"a, b; c\n"},
		WATCHING ", but " BLIND " 1 processes: a\\x2c\\x20b\\x3b\\x20c\\x0a", "4", FULL,
		{OK, OK, OK},
		{{FIELD_COVERAGE_COMPLETE, "0"}, {FIELD_COVERAGE_REASON, "blind-tasks"},
			{FIELD_EVIDENCE, "procfs"}, {FIELD_COVERAGE_BLIND_TASKS, "1"},
			{FIELD_COVERAGE_BLIND_COMM, "a, b; c\n"}}},
	{"blind tasks that are no reason are not told", B(NO_TRACE), 0, 3, {"sshd"},
		WATCHING ", but the kernel's own signals and cgroup.kill are not watched", "5",
		MODE, {OK, OK, OK},
		{{FIELD_COVERAGE_COMPLETE, "0"}, {FIELD_COVERAGE_REASON, "no-trace"}}},
};

struct expectation {
	struct told told[48];
	size_t n;
	char routes[N_SIGNAL_ROUTES][48];
};

static void expect(struct expectation *expectation, enum journal_field field, const char *value)
{
	assert_true(expectation->n < ELEMENTS(expectation->told));
	expectation->told[expectation->n++] = (struct told){field, value};
}

static void expect_routes(struct expectation *expectation, const struct coverage_row *row)
{
	static const struct {
		const char *name;
		unsigned group;
	} routes[N_SIGNAL_ROUTES] = {{"kill", 0}, {"tkill", 1}, {"tgkill", 2},
		{"rt_sigqueueinfo", 0}, {"rt_tgsigqueueinfo", 2}, {"pidfd_send_signal", 0}};

	for (size_t i = 0; i < ELEMENTS(routes); i++) {
		snprintf(expectation->routes[i], sizeof(expectation->routes[i]), "%s=%s",
			routes[i].name, row->routes[routes[i].group]);
		expect(expectation, FIELD_COVERAGE_ROUTE, expectation->routes[i]);
	}
	if (row->reasons & (B(NO_TRACE) | B(STOPPED))) {
		expect(expectation, FIELD_COVERAGE_ROUTE, "cgroup.kill=blind");
		expect(expectation, FIELD_COVERAGE_ROUTE, "kernel=blind");
	} else {
		expect(expectation, FIELD_COVERAGE_ROUTE, "cgroup.kill=ok");
		expect(expectation, FIELD_COVERAGE_ROUTE, "kernel=partial");
	}
}

static void expect_row(struct expectation *expectation, const struct coverage_row *row)
{
	expect(expectation, FIELD_MESSAGE, row->message);
	expect(expectation, FIELD_MESSAGE_ID, "d443ea533f2c4be58a00c4a116bdd977");
	expect(expectation, FIELD_PRIORITY, row->priority);
	expect(expectation, FIELD_SYSLOG_IDENTIFIER, "killauditd");
	expect(expectation, FIELD_KILLAUDIT_TYPE, "coverage");
	expect(expectation, FIELD_EVENT_ID, "0123456789abcdef0000000000000010");
	expect(expectation, FIELD_EVENT_REALTIME_USEC, "1795391999042007");
	expect(expectation, FIELD_EVENT_MONOTONIC_USEC, "81000008");
	expect(expectation, FIELD_CERTAINTY, "certain");
	expect(expectation, FIELD_EVIDENCE, row->reasons & B(NO_AUDIT) ? "trace" : "audit");
	if (row->mode)
		expect(expectation, FIELD_COVERAGE_MODE, row->mode);
	expect_routes(expectation, row);
	for (size_t i = 0; i < ELEMENTS(row->told) && row->told[i].value; i++)
		expect(expectation, row->told[i].field, row->told[i].value);
}

static const struct event_id id = {0x0123456789abcdef, 16};
static const struct clocks told_at = {1795391999042007, 81000008, 91000009};

static void test_coverage(void **state)
{
	const struct coverage_row *row = *state;
	struct blind_tasks blind = {.n = row->n_blind};
	const struct coverage coverage = {row->reasons, row->missing_rules, &blind};
	struct expectation expectation = {};
	struct journal_entry entry = {};

	assert_int_equal(audit_rules_count(), 8);
	for (size_t i = 0; i < ELEMENTS(row->comms) && row->comms[i]; i++)
		blind_tasks_add_comm(&blind, row->comms[i]);
	expect_row(&expectation, row);
	assert_int_equal(coverage_entry_format(&coverage, id, &told_at, &entry), 0);
	assert_told(&entry, expectation.told, expectation.n);
	journal_entry_done(&entry);
}

/* Nobody looks at tasks that are no reason. */
static void test_no_blind_tasks(void **state)
{
	const struct coverage coverage = {.reasons = B(NO_TRACE)};
	struct journal_entry entry = {};

	(void)state;
	assert_int_equal(coverage_entry_format(&coverage, id, &told_at, &entry), 0);
	journal_entry_done(&entry);
}

static void test_comms_once_and_bounded(void **state)
{
	struct blind_tasks blind = {};
	char comm[COMM_SIZE];

	(void)state;
	for (unsigned i = 0; i < COVERAGE_BLIND_COMMS_MAX; i++) {
		snprintf(comm, sizeof(comm), "worker-%08u", i);
		blind_tasks_add_comm(&blind, comm);
		blind_tasks_add_comm(&blind, comm);
		blind_tasks_add_comm(&blind, "worker-00000000");
		assert_int_equal(blind.n_comms, i + 1);
		assert_string_equal(blind.comms[i], comm);
	}
	blind_tasks_add_comm(&blind, "one more");
	blind_tasks_add_comm(&blind, "worker-00000063");
	assert_int_equal(blind.n_comms, COVERAGE_BLIND_COMMS_MAX);
	assert_string_equal(blind.comms[0], "worker-00000000");
	assert_string_equal(blind.comms[COVERAGE_BLIND_COMMS_MAX - 1], "worker-00000063");
	assert_int_equal(blind.n, 0);
}

static void test_names_that_begin_alike_are_two(void **state)
{
	struct blind_tasks blind = {};

	(void)state;
	blind_tasks_add_comm(&blind, "sshd");
	blind_tasks_add_comm(&blind, "ssh");
	blind_tasks_add_comm(&blind, "sshd-session");
	assert_int_equal(blind.n_comms, 3);
	/* ... but for what is kept of none. */
	blind_tasks_add_comm(&blind, "GC Thread#000000");
	blind_tasks_add_comm(&blind, "GC Thread#000001");
	assert_int_equal(blind.n_comms, 4);
	assert_string_equal(blind.comms[3], "GC Thread#00000");
}

static void test_every_name_is_a_field(void **state)
{
	struct blind_tasks blind = {.n = 100};
	const struct coverage coverage = {B(BLIND_TASKS), 0, &blind};
	struct journal_entry entry = {};
	size_t n = 0;

	(void)state;
	for (unsigned i = 0; i < COVERAGE_BLIND_COMMS_MAX; i++) {
		char comm[COMM_SIZE];

		snprintf(comm, sizeof(comm), "%u", i);
		blind_tasks_add_comm(&blind, comm);
	}
	assert_int_equal(coverage_entry_format(&coverage, id, &told_at, &entry), 0);
	for (size_t i = 0; i < entry.n_items; i++)
		n += entry.items[i].field == FIELD_COVERAGE_BLIND_COMM;
	assert_int_equal(n, COVERAGE_BLIND_COMMS_MAX);
	journal_entry_done(&entry);
}

#define MESSAGE_MAX 512

/* All reasons that go together, and so many names of one byte over and over; how long the message
 * is. */
static size_t message_len(size_t n_comms, char byte)
{
	struct blind_tasks blind = {.n = 4194304};
	const struct coverage coverage = {((UINT32_C(1) << N_COVERAGE_REASONS) - 1) &
						  ~(B(STOPPED) | B(NO_AUDIT) | B(KERNEL_PARTIAL)),
		NO_RULES, &blind};
	struct journal_entry entry = {};
	const char *message;
	size_t len;

	for (size_t i = 0; i < n_comms; i++) {
		char comm[COMM_SIZE];

		memset(comm, byte, sizeof(comm));
		comm[0] = (char)('a' + i);
		comm[COMM_SIZE - 1] = '\0';
		blind_tasks_add_comm(&blind, comm);
	}
	assert_int_equal(coverage_entry_format(&coverage, id, &told_at, &entry), 0);
	assert_int_equal(entry.items[0].field, FIELD_MESSAGE);
	message = journal_entry_value(&entry, 0, &len);
	assert_memory_equal(message, WATCHING, strlen(WATCHING));
	if (len == MESSAGE_MAX)
		assert_memory_equal(message + len - 3, "...", 3);
	journal_entry_done(&entry);
	return len;
}

static const struct message_row {
	const char *name;
	char byte;
	bool cut; /* as soon as there are enough of them */
} message_rows[] = {
	{"names of letters", 'x', false},
	{"names of spaces", ' ', true},
	{"names of line feeds", '\n', true},
	{"names of backslashes", '\\', true},
	{"names of bytes that are not text", '\xff', true},
};

static void test_message_is_bounded(void **state)
{
	const struct message_row *row = *state;
	size_t longest = 0;

	for (size_t n = 0; n <= 12; n++) {
		size_t len = message_len(n, row->byte);

		longest = len > longest ? len : longest;
	}
	if (row->cut)
		assert_int_equal(longest, MESSAGE_MAX);
	else
		assert_true(longest < MESSAGE_MAX);
}

int main(void)
{
	static const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_no_blind_tasks),
		cmocka_unit_test(test_comms_once_and_bounded),
		cmocka_unit_test(test_names_that_begin_alike_are_two),
		cmocka_unit_test(test_every_name_is_a_field),
	};

	return ROWS_RUN(test_coverage, coverage_rows) +
	       ROWS_RUN(test_message_is_bounded, message_rows) +
	       cmocka_run_group_tests(tests, NULL, NULL);
}
