/* SPDX-License-Identifier: GPL-2.0-or-later */
/* SPDX-FileCopyrightText: The killauditd authors */

#include "rows.h"
#include "told.h"

#include "core/gap.h"

static const struct event_id id = {0x0123456789abcdef, 16};
static const struct clocks told_at = {1795391999042007, 81000008, 91000009};

#define SINCE  "from 2026-11-23 03:44:59.123 UTC"
#define START  UINT64_C(1795405499123999)
#define MINUTE (60 * USEC_PER_SEC)

static const struct gap_row {
	const char *name;
	struct gap gap;
	const char *message;
	const char *evidence; /* NULL: audit */
	struct told told[6]; /* what comes behind the head */
} gap_rows[] = {
	{"not running", {GAP_NOT_RUNNING, START, START + MINUTE},
		"signals may be missing here: killauditd was not running " SINCE
		" to 2026-11-23 03:45:59.123 UTC",
		NULL,
		{{FIELD_GAP_REASON, "not-running"}, {FIELD_GAP_START_USEC, "1795405499123999"},
			{FIELD_GAP_END_USEC, "1795405559123999"}}},
	{"overrun, and how many", {GAP_SOCKET_OVERRUN, START, START + 1, 4711},
		"signals may be missing here: records came faster than they were read " SINCE
		" to 2026-11-23 03:44:59.124 UTC, 4711 records lost",
		NULL,
		{{FIELD_GAP_REASON, "socket-overrun"}, {FIELD_GAP_COUNT, "4711"},
			{FIELD_GAP_UNIT, "records"}, {FIELD_GAP_START_USEC, "1795405499123999"},
			{FIELD_GAP_END_USEC, "1795405499124000"}}},
	{"overrun, nobody knows how many", {GAP_SOCKET_OVERRUN, START, START},
		"signals may be missing here: records came faster than they were read " SINCE
		" to 2026-11-23 03:44:59.123 UTC",
		NULL,
		{{FIELD_GAP_REASON, "socket-overrun"}, {FIELD_GAP_START_USEC, "1795405499123999"},
			{FIELD_GAP_END_USEC, "1795405499123999"}}},
	{"trace overrun", {GAP_TRACE_OVERRUN, START, START, 12},
		"signals may be missing here: signals came faster than they were read " SINCE
		" to 2026-11-23 03:44:59.123 UTC, 12 trace-events lost",
		"trace",
		{{FIELD_GAP_REASON, "trace-overrun"}, {FIELD_GAP_COUNT, "12"},
			{FIELD_GAP_UNIT, "trace-events"},
			{FIELD_GAP_START_USEC, "1795405499123999"},
			{FIELD_GAP_END_USEC, "1795405499123999"}}},
	{"connector overrun", {GAP_CONNECTOR_OVERRUN, START, START, 7},
		"signals may be missing here: ends of processes came faster than they were read " SINCE
		" to 2026-11-23 03:44:59.123 UTC, 7 exits lost",
		"connector",
		{{FIELD_GAP_REASON, "connector-overrun"}, {FIELD_GAP_COUNT, "7"},
			{FIELD_GAP_UNIT, "exits"}, {FIELD_GAP_START_USEC, "1795405499123999"},
			{FIELD_GAP_END_USEC, "1795405499123999"}}},
	{"the witnesses differ", {GAP_WITNESS_MISMATCH, START, START, 1},
		"signals may be missing here: audit did not tell what the trace saw, and nobody "
		"knows why " SINCE " to 2026-11-23 03:44:59.123 UTC, 1 sends lost",
		"trace",
		{{FIELD_GAP_REASON, "witness-mismatch"}, {FIELD_GAP_COUNT, "1"},
			{FIELD_GAP_UNIT, "sends"}, {FIELD_GAP_START_USEC, "1795405499123999"},
			{FIELD_GAP_END_USEC, "1795405499123999"}}},
	{"rules removed, and no end is known", {GAP_RULES_REMOVED, START},
		"signals may be missing here: audit rules of killauditd were not loaded " SINCE
		" on",
		NULL,
		{{FIELD_GAP_REASON, "rules-removed"}, {FIELD_GAP_START_USEC, "1795405499123999"}}},
	{"no end is known, but how many", {GAP_NOT_RUNNING, START, 0, 1},
		"signals may be missing here: killauditd was not running " SINCE
		" on, 1 records lost",
		NULL,
		{{FIELD_GAP_REASON, "not-running"}, {FIELD_GAP_COUNT, "1"},
			{FIELD_GAP_UNIT, "records"}, {FIELD_GAP_START_USEC, "1795405499123999"}}},
	{"switched off at the beginning of time", {GAP_AUDIT_DISABLED, 0, 999},
		"signals may be missing here: auditing was switched off"
		" from 1970-01-01 00:00:00.000 UTC to 1970-01-01 00:00:00.000 UTC",
		NULL,
		{{FIELD_GAP_REASON, "audit-disabled"}, {FIELD_GAP_START_USEC, "0"},
			{FIELD_GAP_END_USEC, "999"}}},
	{"the day that some years have", {GAP_NOT_RUNNING, 1835481599999999, 1835481600000000},
		"signals may be missing here: killauditd was not running"
		" from 2028-02-29 23:59:59.999 UTC to 2028-03-01 00:00:00.000 UTC",
		NULL,
		{{FIELD_GAP_REASON, "not-running"}, {FIELD_GAP_START_USEC, "1835481599999999"},
			{FIELD_GAP_END_USEC, "1835481600000000"}}},
	{"as late and as many as there are", {GAP_NOT_RUNNING, 0, INT64_MAX, INT64_MAX},
		"signals may be missing here: killauditd was not running"
		" from 1970-01-01 00:00:00.000 UTC to 294247-01-10 04:00:54.775 UTC,"
		" 9223372036854775807 records lost",
		NULL,
		{{FIELD_GAP_REASON, "not-running"}, {FIELD_GAP_COUNT, "9223372036854775807"},
			{FIELD_GAP_UNIT, "records"}, {FIELD_GAP_START_USEC, "0"},
			{FIELD_GAP_END_USEC, "9223372036854775807"}}},
};

static void test_gap(void **state)
{
	const struct gap_row *row = *state;
	struct told told[16] = {
		{FIELD_MESSAGE, row->message},
		{FIELD_MESSAGE_ID, "941f81d5b18248448d361815e31d9552"},
		{FIELD_PRIORITY, "4"},
		{FIELD_SYSLOG_IDENTIFIER, "killauditd"},
		{FIELD_KILLAUDIT_TYPE, "gap"},
		{FIELD_EVENT_ID, "0123456789abcdef0000000000000010"},
		{FIELD_EVENT_REALTIME_USEC, "1795391999042007"},
		{FIELD_EVENT_MONOTONIC_USEC, "81000008"},
		{FIELD_CERTAINTY, "certain"},
		{FIELD_EVIDENCE, row->evidence ? row->evidence : "audit"},
	};
	struct journal_entry entry = {};

	memcpy(told + 10, row->told, sizeof(row->told));
	assert_int_equal(gap_entry_format(&row->gap, id, &told_at, &entry), 0);
	assert_told(&entry, told, ELEMENTS(told));
	journal_entry_done(&entry);
}

int main(void)
{
	/* Where the machine stands does not matter. */
	if (setenv("TZ", "XYZ-7:30", 1) != 0)
		return 1;
	return ROWS_RUN(test_gap, gap_rows);
}
