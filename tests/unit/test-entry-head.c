/* SPDX-License-Identifier: GPL-2.0-or-later */
/* SPDX-FileCopyrightText: The killauditd authors */

#include "rows.h"
#include "told.h"

#include "core/entry-head.h"

static const struct type_row {
	const char *name;
	enum entry_type type;
	const char *word, *message_id;
} type_rows[] = {
	{"signal", ENTRY_SIGNAL, "signal", "7e84152dd91b4857b9ffa27b72f5137b"},
	{"gap", ENTRY_GAP, "gap", "941f81d5b18248448d361815e31d9552"},
	{"coverage", ENTRY_COVERAGE, "coverage", "d443ea533f2c4be58a00c4a116bdd977"},
};

static void test_type(void **state)
{
	const struct type_row *row = *state;

	assert_int_equal(ELEMENTS(type_rows), N_ENTRY_TYPES);
	assert_string_equal(entry_type_name(row->type), row->word);
	assert_string_equal(entry_type_message_id(row->type), row->message_id);
}

#define SIGNAL_HEAD                                                                                \
	{FIELD_MESSAGE_ID, "7e84152dd91b4857b9ffa27b72f5137b"}, {FIELD_PRIORITY, "6"},             \
		{FIELD_SYSLOG_IDENTIFIER, "killauditd"}, {FIELD_KILLAUDIT_TYPE, "signal"},         \
		{FIELD_EVENT_ID, "0123456789abcdef00000000000000ff"},                              \
		{FIELD_EVENT_REALTIME_USEC, "1795391999042000"},                                   \
	{                                                                                          \
		FIELD_EVENT_MONOTONIC_USEC, "81000000"                                             \
	}

#define SIGNAL(reasons)                                                                            \
	{                                                                                          \
		ENTRY_SIGNAL, {0x0123456789abcdef, 0xff}, 1795391999042000, 81000000, 6, reasons   \
	}

static const struct head_row {
	const char *name;
	struct entry_head head;
	struct told told[16];
} head_rows[] = {
	{"certain", SIGNAL(0), {SIGNAL_HEAD, {FIELD_CERTAINTY, "certain"}}},
	{"one reason", SIGNAL(REASON_BIT(SENDER_SEED)),
		{SIGNAL_HEAD, {FIELD_CERTAINTY, "likely"},
			{FIELD_CERTAINTY_REASON, "sender-seed"}}},
	{"a reason that only explains", SIGNAL(REASON_BIT(SENDER_EXE_UNKNOWN)),
		{SIGNAL_HEAD, {FIELD_CERTAINTY, "certain"},
			{FIELD_CERTAINTY_REASON, "sender-exe-unknown"}}},
	{"reasons, the last one too",
		SIGNAL(REASON_BIT(SENDER_SEED) | REASON_BIT(TARGET_GONE) |
			REASON_BIT(CAUSE_RESULT_UNKNOWN)),
		{SIGNAL_HEAD, {FIELD_CERTAINTY, "unknown"}, {FIELD_CERTAINTY_REASON, "sender-seed"},
			{FIELD_CERTAINTY_REASON, "target-gone"},
			{FIELD_CERTAINTY_REASON, "cause-result-unknown"}}},
	{"numbers as small as they get", {.type = ENTRY_GAP},
		{{FIELD_MESSAGE_ID, "941f81d5b18248448d361815e31d9552"}, {FIELD_PRIORITY, "0"},
			{FIELD_SYSLOG_IDENTIFIER, "killauditd"}, {FIELD_KILLAUDIT_TYPE, "gap"},
			{FIELD_EVENT_ID, "00000000000000000000000000000000"},
			{FIELD_EVENT_REALTIME_USEC, "0"}, {FIELD_EVENT_MONOTONIC_USEC, "0"},
			{FIELD_CERTAINTY, "certain"}}},
	{"numbers as large as they get",
		{ENTRY_COVERAGE, {UINT64_MAX, UINT64_MAX - 1}, INT64_MAX, INT64_MAX - 1, 7, 0},
		{{FIELD_MESSAGE_ID, "d443ea533f2c4be58a00c4a116bdd977"}, {FIELD_PRIORITY, "7"},
			{FIELD_SYSLOG_IDENTIFIER, "killauditd"}, {FIELD_KILLAUDIT_TYPE, "coverage"},
			{FIELD_EVENT_ID, "fffffffffffffffffffffffffffffffe"},
			{FIELD_EVENT_REALTIME_USEC, "9223372036854775807"},
			{FIELD_EVENT_MONOTONIC_USEC, "9223372036854775806"},
			{FIELD_CERTAINTY, "certain"}}},
};

static void test_head(void **state)
{
	const struct head_row *row = *state;
	struct journal_entry entry = {};

	entry_head_format(&row->head, &entry);
	assert_int_equal(journal_entry_finish(&entry), 0);
	assert_told(&entry, row->told, ELEMENTS(row->told));
	journal_entry_done(&entry);
}

int main(void)
{
	return ROWS_RUN(test_type, type_rows) + ROWS_RUN(test_head, head_rows);
}
