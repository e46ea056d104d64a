/* SPDX-License-Identifier: GPL-2.0-or-later */
/* SPDX-FileCopyrightText: The killauditd authors */

#include "unit.h"

#include <limits.h>
#include <linux/audit.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "event-sample.h"
#include "rows.h"

static const struct comm_row {
	const char *name;
	const char *value; /* NULL: not in the record */
	const char *expected;
} comm_rows[] = {
	{"quoted", "\"sleep\"", "sleep"},
	{"empty", "\"\"", ""},
	{"hex", "6D7920636F6D6D", "my comm"},
	{"hex with a line feed", "610A62", "a\nb"},
	{"as long as may be", "\"fifteen-letters\"", "fifteen-letters"},
	{"one too long", "\"sixteen-letters!\"", ""},
	{"hex, as long as may be", "202020202020202020202020202020", "               "},
	{"hex, one too long", "20202020202020202020202020202020", ""},
	{"hex, half a byte", "202", ""},
	{"quote not closed", "\"sleep", ""},
	{"neither quoted nor hex", "sleep!", ""},
	{"null", "(null)", ""},
	{"no value", "", ""},
	{"absent", NULL, ""},
};

static void test_comm(void **state)
{
	const struct comm_row *row = *state;
	const struct sample_record records[] = {
		{AUDIT_SYSCALL, NULL, "comm", row->value},
		{AUDIT_OBJ_PID, NULL, "ocomm", row->value},
		{},
	};
	struct signal_event event;

	assert_int_equal(sample_decode(records, &event), 0);
	assert_string_equal(event.sender.comm, row->expected);
	assert_string_equal(event.targets[0].comm, row->expected);
	signal_event_done(&event);
}

static const struct string_row {
	const char *name;
	const char *field;
	const char *value; /* NULL: not in the record */
	const char *expected;
} string_rows[] = {
	{"exe, quoted", "exe", "\"/bin/kill\"", "/bin/kill"},
	{"exe, hex", "exe",
		"2F62696E2F6120622028"
		"64656C6574656429",
		"/bin/a b (deleted)"},
	{"exe, empty", "exe", "\"\"", NULL},
	{"exe, no room for it in the kernel", "exe", "\"<too_long>\"", NULL},
	{"exe, null", "exe", "(null)", NULL},
	{"exe, not closed", "exe", "\"/bin/kill", NULL},
	{"exe, neither quoted nor hex", "exe", "/bin/kill", NULL},
	{"exe, absent", "exe", NULL, NULL},
	{"tty", "tty", "pts3", "pts3"},
	{"tty, none", "tty", "(none)", NULL},
	{"tty, absent", "tty", NULL, NULL},
	{"label of a sender", "subj", "u:r:t:s0-s0:c0.c1023", "u:r:t:s0-s0:c0.c1023"},
	{"label with a space", "subj", "docker-default (enforce)", "docker-default (enforce)"},
	{"label that looks quoted", "subj", "\"x\"", "\"x\""},
	{"label that looks like hex", "subj", "6162", "6162"},
	{"label that is a question mark", "subj", "?", NULL},
	{"label, null", "subj", "(null)", NULL},
	{"label, none", "subj", "(none)", NULL},
	{"label, absent", "subj", NULL, NULL},
	{"label of a target", "obj", "docker-default (enforce)", "docker-default (enforce)"},
	{"label of a target, question mark", "obj", "?", NULL},
	{"label of a target, absent", "obj", NULL, NULL},
};

static const char *field_of(const struct signal_event *event, const char *name)
{
	const struct {
		const char *name, *value;
	} fields[] = {
		{"exe", event->sender.exe},
		{"tty", event->sender.tty},
		{"subj", event->sender.context},
		{"obj", event->targets[0].context},
	};
	size_t i = 0;

	while (strcmp(fields[i].name, name) != 0)
		i++;
	return fields[i].value;
}

static void test_string(void **state)
{
	const struct string_row *row = *state;
	const struct sample_record records[] = {
		{AUDIT_SYSCALL, NULL, row->field, row->value},
		{AUDIT_OBJ_PID, NULL, row->field, row->value},
		{},
	};
	struct signal_event event;

	assert_int_equal(sample_decode(records, &event), 0);
	assert_text(field_of(&event, row->field), row->expected);
	signal_event_done(&event);
}

/* The kernel writes a path of at most PATH_MAX, and " (deleted)" behind it. */
static void test_long_exe(void **state)
{
	static const size_t longest = PATH_MAX + sizeof(" (deleted)") - 1;

	(void)state;
	for (size_t len = longest - 1; len <= longest + 1; len++) {
		char *value = calloc(1, len + 3);
		struct signal_event event;

		assert_non_null(value);
		memset(value, 'x', len + 2);
		value[0] = value[len + 1] = '"';
		value[1] = '/';
		assert_int_equal(sample_decode_call(NULL, "exe", value, &event), 0);
		assert_int_equal(
			event.sender.exe ? strlen(event.sender.exe) : 0, len <= longest ? len : 0);
		signal_event_done(&event);
		free(value);
	}
}

static const struct title_row {
	const char *name;
	const char *value; /* NULL: not in the record */
	const char *expected;
} title_rows[] = {
	{"of NULs alone", "0000", NULL},
	{"none, as the kernel quotes it", "\"(null)\"", NULL},
	{"one word, quoted", "\"sleep\"", "sleep"},
	{"words", "6C73002D6C", "ls -l"},
	{"words, the last one ended too", "6C73002D6C00", "ls -l"},
	{"spaces of its own", "6C7320202D6C", "ls  -l"},
	{"line feed", "6C730A2D6C", "ls\n-l"},
	{"not UTF-8", "FFFE", "\xff\xfe"},
	{"broken", "6C7", NULL},
	{"null", "(null)", NULL},
	{"field absent", NULL, NULL},
};

static void test_title(void **state)
{
	const struct title_row *row = *state;
	const struct sample_record records[] = {
		{AUDIT_SYSCALL},
		{AUDIT_OBJ_PID},
		{AUDIT_PROCTITLE, NULL, "proctitle", row->value},
		{},
	};
	struct signal_event event;

	assert_int_equal(sample_decode(records, &event), 0);
	assert_text(event.sender.title, row->expected);
	assert_int_equal(event.sender.title_len, row->expected ? strlen(row->expected) : 0);
	signal_event_done(&event);
}

static void test_title_of_another_record(void **state)
{
	const struct sample_record records[] = {
		{AUDIT_SYSCALL, "proctitle=\"not_mine\""},
		{AUDIT_OBJ_PID, "proctitle=\"not_mine\" comm=\"not_mine\" exe=\"not_mine\""},
		{},
	};
	struct signal_event event;

	(void)state;
	assert_int_equal(sample_decode(records, &event), 0);
	assert_null(event.sender.title);
	assert_string_equal(event.sender.comm, "kill");
	signal_event_done(&event);
}

static const struct target_row {
	const char *name;
	const char *words, *without;
	bool good;
} target_rows[] = {
	{"opid absent", NULL, "opid", false},
	{"opid no number", "opid=x", NULL, false},
	{"opid negative", "opid=-1", NULL, false},
	{"opid largest", "opid=2147483647", NULL, true},
	{"opid too large", "opid=2147483648", NULL, false},
	{"ouid absent", NULL, "ouid", false},
	{"ouid largest", "ouid=4294967295", NULL, true},
	{"ouid too large", "ouid=4294967296", NULL, false},
	{"oauid absent", NULL, "oauid", false},
	{"oauid too small", "oauid=-2", NULL, false},
	{"oauid unset, unsigned", "oauid=4294967295", NULL, true},
	{"oses absent", NULL, "oses", false},
	{"oses unset", "oses=-1", NULL, true},
	{"oses no number", "oses=", NULL, false},
	{"ocomm absent", NULL, "ocomm", true},
	{"of a process that has ended", "ocomm=(null) obj=(null)", NULL, true},
};

/* Among good ones, in which it must leave nothing of itself. */
static void test_target(void **state)
{
	const struct target_row *row = *state;
	const struct sample_record records[] = {
		{AUDIT_SYSCALL},
		{AUDIT_OBJ_PID, "opid=300"},
		{AUDIT_OBJ_PID, row->words, row->without},
		{AUDIT_OBJ_PID, "opid=301", "ocomm"},
		{},
	};
	struct signal_event event;

	assert_int_equal(sample_decode(records, &event), 0);
	assert_int_equal(event.incomplete, !row->good);
	assert_int_equal(event.n_targets, row->good ? 3 : 2);
	assert_int_equal(event.targets[0].pid, 300);
	assert_int_equal(event.targets[event.n_targets - 1].pid, 301);
	assert_string_equal(event.targets[event.n_targets - 1].comm, "");
	signal_event_done(&event);
}

static void test_many_targets(void **state)
{
	struct event_fields fields = {};
	struct signal_event event;

	(void)state;
	sample_add(&fields, &(struct sample_record){AUDIT_SYSCALL, "a0=ffffffff"});
	for (int i = 1; i <= 20000; i++) {
		char words[64], comm[COMM_SIZE];

		snprintf(words, sizeof(words), "opid=%d ouid=%d", i, i + 1);
		snprintf(comm, sizeof(comm), "\"c%d\"", i);
		sample_add(&fields, &(struct sample_record){AUDIT_OBJ_PID, words, "ocomm", comm});
	}
	assert_int_equal(signal_event_decode(&fields, &event), 0);
	assert_false(event.incomplete);
	assert_int_equal(event.n_targets, 20000);
	for (int i = 1; i <= 20000; i++) {
		char comm[COMM_SIZE];

		snprintf(comm, sizeof(comm), "c%d", i);
		assert_int_equal(event.targets[i - 1].pid, i);
		assert_int_equal(event.targets[i - 1].uid, i + 1);
		assert_string_equal(event.targets[i - 1].comm, comm);
	}
	signal_event_done(&event);
	event_fields_done(&fields);
}

int main(void)
{
	static const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_long_exe),
		cmocka_unit_test(test_title_of_another_record),
		cmocka_unit_test(test_many_targets),
	};

	return ROWS_RUN(test_comm, comm_rows) + ROWS_RUN(test_string, string_rows) +
	       ROWS_RUN(test_title, title_rows) + ROWS_RUN(test_target, target_rows) +
	       cmocka_run_group_tests(tests, NULL, NULL);
}
