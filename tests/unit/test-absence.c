/* SPDX-License-Identifier: GPL-2.0-or-later */
/* SPDX-FileCopyrightText: The killauditd authors */

#include <string.h>

#include "rows.h"

#include "core/absence.h"
#include "core/buffer.h"

#define BOOT  "0123456789abcdef0123456789ABCDEF"
#define OTHER "0123456789abcdef0123456789abcde0"
#define MAX63 "9223372036854775807"

static const struct format_row {
	const char *name;
	struct heartbeat heartbeat;
	const char *text;
} format_rows[] = {
	{"running", {BOOT, 1795391999042000, false},
		"boot_id " BOOT "\nrealtime_usec 1795391999042000\nstate running\n"},
	{"stopped", {OTHER, 7, true}, "boot_id " OTHER "\nrealtime_usec 7\nstate stopped\n"},
	{"the largest time", {BOOT, INT64_MAX, true},
		"boot_id " BOOT "\nrealtime_usec " MAX63 "\nstate stopped\n"},
	{"no time", {BOOT, 0, false}, "boot_id " BOOT "\nrealtime_usec 0\nstate running\n"},
};

static void test_format(void **state)
{
	const struct format_row *row = *state;
	struct heartbeat again;
	struct buffer text = {};

	heartbeat_format(&row->heartbeat, &text);
	assert_string_equal(text.data, row->text);
	memset(&again, '?', sizeof(again));
	assert_true(heartbeat_parse(text.data, &again));
	assert_string_equal(again.boot_id, row->heartbeat.boot_id);
	assert_int_equal(again.realtime_usec, row->heartbeat.realtime_usec);
	assert_int_equal(again.stopped, row->heartbeat.stopped);
	buffer_done(&text);
}

/* *ret stays as it was. */
static void assert_no_heartbeat(const char *text)
{
	struct heartbeat heartbeat, untouched;

	memset(&heartbeat, '?', sizeof(heartbeat));
	untouched = heartbeat;
	assert_false(heartbeat_parse(text, &heartbeat));
	assert_memory_equal(&heartbeat, &untouched, sizeof(heartbeat));
}

/* A disk that was full, or a machine that lost its power, leaves any part of it. */
static void test_cut_anywhere(void **state)
{
	static const char text[] =
		"boot_id " BOOT "\nrealtime_usec 1795391999042000\nstate stopped\n";

	(void)state;
	for (size_t len = 0; len < sizeof(text) - 1; len++) {
		char *cut = strndup(text, len);

		assert_non_null(cut);
		assert_no_heartbeat(cut);
		free(cut);
	}
}

static const struct no_heartbeat_row {
	const char *name;
	const char *text;
} no_heartbeat_rows[] = {
	{"empty lines", "\n\n\n"},
	{"a boot id that is too short",
		"boot_id 0123456789abcdef\nrealtime_usec 7\nstate running\n"},
	{"a boot id that is too long", "boot_id " BOOT "0\nrealtime_usec 7\nstate running\n"},
	{"a boot id with dashes",
		"boot_id 01234567-89ab-cdef-0123-456789abcdef\nrealtime_usec 7\nstate running\n"},
	{"a boot id that is not hexadecimal",
		"boot_id 0123456789abcdef0123456789abcdeg\nrealtime_usec 7\nstate running\n"},
	{"no boot id", "realtime_usec 7\nstate running\n"},
	{"an empty boot id", "boot_id \nrealtime_usec 7\nstate running\n"},
	{"no time", "boot_id " BOOT "\nstate running\n"},
	{"an empty time", "boot_id " BOOT "\nrealtime_usec \nstate running\n"},
	{"a negative time", "boot_id " BOOT "\nrealtime_usec -7\nstate running\n"},
	{"a time with a sign", "boot_id " BOOT "\nrealtime_usec +7\nstate running\n"},
	{"a time behind spaces", "boot_id " BOOT "\nrealtime_usec  7\nstate running\n"},
	{"a time that is no number", "boot_id " BOOT "\nrealtime_usec x\nstate running\n"},
	{"a time with a unit", "boot_id " BOOT "\nrealtime_usec 7s\nstate running\n"},
	{"a time that no journal holds",
		"boot_id " BOOT "\nrealtime_usec 9223372036854775808\nstate running\n"},
	{"a time of 64 bits",
		"boot_id " BOOT "\nrealtime_usec 18446744073709551615\nstate running\n"},
	{"a time beyond 64 bits",
		"boot_id " BOOT "\nrealtime_usec 18446744073709551616\nstate running\n"},
	{"no state", "boot_id " BOOT "\nrealtime_usec 7\n"},
	{"an empty state", "boot_id " BOOT "\nrealtime_usec 7\nstate \n"},
	{"another state", "boot_id " BOOT "\nrealtime_usec 7\nstate asleep\n"},
	{"a state that begins so", "boot_id " BOOT "\nrealtime_usec 7\nstate stopped?\n"},
	{"more behind it", "boot_id " BOOT "\nrealtime_usec 7\nstate running\nx\n"},
	{"twice", "boot_id " BOOT "\nrealtime_usec 7\nstate running\n"
		  "boot_id " BOOT "\nrealtime_usec 7\nstate running\n"},
	{"something before it", "x\nboot_id " BOOT "\nrealtime_usec 7\nstate running\n"},
	{"another order", "realtime_usec 7\nboot_id " BOOT "\nstate running\n"},
	{"other line ends", "boot_id " BOOT "\r\nrealtime_usec 7\r\nstate running\r\n"},
};

static void test_no_heartbeat(void **state)
{
	const struct no_heartbeat_row *row = *state;

	assert_no_heartbeat(row->text);
}

#define S USEC_PER_SEC

/* The machine came up at 1,000,000 s, and has been up for 5000 s, 1000 of them suspended. */
#define BOOTED (1000000 * S)
#define NOW    (1005000 * S)
static const struct clocks clocks_now = {NOW, 4000 * S, 5000 * S};

static const struct watch_mark mark_running = {7, 4900 * S, 100, 3, false};
static const struct watch_mark mark_stopped = {7, 4900 * S, 100, 3, true};
static const struct watch_mark mark_new = {7, 4900 * S, 0, 0, false};
static const struct watch_mark mark_ahead = {7, 5100 * S, 100, 3, false};
static const struct watch_mark mark_wrapped = {7, 4900 * S, 100, UINT32_MAX - 1, true};

static const struct heartbeat beat_running = {OTHER, 999000 * S, false};
static const struct heartbeat beat_at_reboot = {OTHER, BOOTED - 12 * S, false};
static const struct heartbeat beat_near_reboot = {OTHER, BOOTED - 12 * S + 1, false};
static const struct heartbeat beat_after_reboot = {OTHER, BOOTED + 1, false};
static const struct heartbeat beat_largest = {OTHER, INT64_MAX, false};
static const struct heartbeat beat_ahead_stopped = {OTHER, NOW + 1, true};
static const struct heartbeat beat_this_boot_ahead = {BOOT, NOW + 1, false};
static const struct heartbeat beat_this_boot_now = {BOOT, NOW, true};
static const struct heartbeat beat_stopped = {OTHER, 999000 * S, true};
static const struct heartbeat beat_this_boot = {BOOT, 1004000 * S, false};
static const struct heartbeat beat_this_boot_stopped = {BOOT, 1004000 * S, true};

static const struct gaps_row {
	const char *name;
	const struct watch_mark *mark;
	const struct heartbeat *heartbeat;
	uint64_t socket;
	uint32_t drops;
	bool open;
	size_t n_gaps;
	struct gap gaps[ABSENCE_GAPS_MAX];
	bool rules_missing, auditing_off;
} gaps_rows[] = {
	{"never before: since boot", NULL, NULL, 8, 0, false, 1, {{GAP_NOT_RUNNING, BOOTED, NOW}}},
	{"never before, and drops of this socket", NULL, NULL, 8, 5, false, 1,
		{{GAP_NOT_RUNNING, BOOTED, NOW}}},
	{"the boot before ended by force", NULL, &beat_running, 8, 0, false, 2,
		{{GAP_NOT_RUNNING, 999000 * S, 999012 * S}, {GAP_NOT_RUNNING, BOOTED, NOW}}},
	{"by force, as long before the boot as may be", NULL, &beat_at_reboot, 8, 0, false, 2,
		{{GAP_NOT_RUNNING, BOOTED - 12 * S, BOOTED}, {GAP_NOT_RUNNING, BOOTED, NOW}}},
	{"by force, just before the boot", NULL, &beat_near_reboot, 8, 0, false, 2,
		{{GAP_NOT_RUNNING, BOOTED - 12 * S + 1, BOOTED}, {GAP_NOT_RUNNING, BOOTED, NOW}}},
	{"by force, and the clock went back", NULL, &beat_after_reboot, 8, 0, false, 2,
		{{GAP_NOT_RUNNING, BOOTED, BOOTED}, {GAP_NOT_RUNNING, BOOTED, NOW}}},
	{"by force, at the end of time", NULL, &beat_largest, 8, 0, false, 2,
		{{GAP_NOT_RUNNING, BOOTED, BOOTED}, {GAP_NOT_RUNNING, BOOTED, NOW}}},
	{"stopped in the boot before, and the clock went back: the end is not known", NULL,
		&beat_ahead_stopped, 8, 0, false, 2,
		{{GAP_NOT_RUNNING, NOW + 1, 0}, {GAP_NOT_RUNNING, BOOTED, NOW}}},
	{"stopped in the boot before: until nobody knows when", NULL, &beat_stopped, 8, 0, false, 2,
		{{GAP_NOT_RUNNING, 999000 * S, 0}, {GAP_NOT_RUNNING, BOOTED, NOW}}},
	{"this boot's, but the mark is gone", NULL, &beat_this_boot, 8, 0, false, 1,
		{{GAP_NOT_RUNNING, 1004000 * S, NOW}}},
	{"this boot's, the mark is gone, and the clock went back", NULL, &beat_this_boot_ahead, 8,
		0, false, 1, {{GAP_NOT_RUNNING, NOW, NOW}}},
	{"this boot's, of just now, and the mark is gone", NULL, &beat_this_boot_now, 8, 0, false,
		1, {{GAP_NOT_RUNNING, NOW, NOW}}},
	{"this boot's, stopped, and the mark is gone", NULL, &beat_this_boot_stopped, 8, 0, false,
		1, {{GAP_NOT_RUNNING, 1004000 * S, NOW}}},

	{"stopped, another socket", &mark_stopped, NULL, 8, 3, false, 1,
		{{GAP_NOT_RUNNING, 1004900 * S, NOW}}},
	{"by force, another socket", &mark_running, NULL, 8, 3, false, 1,
		{{GAP_NOT_RUNNING, 1004900 * S, NOW}}},
	{"another socket that dropped some", &mark_running, NULL, 8, 9, false, 1,
		{{GAP_NOT_RUNNING, 1004900 * S, NOW}}},
	{"stopped, and the socket has all since then", &mark_stopped, NULL, 7, 3, false, 0, {}},
	{"by force, and the socket has all since then", &mark_running, NULL, 7, 3, true, 0, {}},
	{"by force before anything was seen", &mark_new, NULL, 7, 0, true, 0, {}},
	{"stopped, and the socket dropped some", &mark_stopped, NULL, 7, 5, false, 1,
		{{GAP_SOCKET_OVERRUN, 1004900 * S, NOW, 2}}},
	{"by force, and the socket dropped some", &mark_running, NULL, 7, 4, false, 1,
		{{GAP_SOCKET_OVERRUN, 1004900 * S, NOW, 1}}},
	{"drops wrap", &mark_wrapped, NULL, 7, 3, false, 1,
		{{GAP_SOCKET_OVERRUN, 1004900 * S, NOW, 5}}},
	{"the mark tells more than the heartbeat of this boot", &mark_stopped, &beat_this_boot, 7,
		3, false, 0, {}},
	{"the mark is of this boot, whatever the heartbeat says", &mark_running, &beat_stopped, 8,
		3, false, 1, {{GAP_NOT_RUNNING, 1004900 * S, NOW}}},
	{"the socket was kept, but the rules were not", &mark_stopped, NULL, 7, 3, false, 1,
		{{GAP_RULES_REMOVED, 1004900 * S, NOW}}, .rules_missing = true},
	{"the socket was kept, but auditing was not", &mark_stopped, NULL, 7, 3, false, 1,
		{{GAP_AUDIT_DISABLED, 1004900 * S, NOW}}, .auditing_off = true},
	{"all at once", &mark_running, NULL, 7, 4, false, 3,
		{{GAP_SOCKET_OVERRUN, 1004900 * S, NOW, 1}, {GAP_RULES_REMOVED, 1004900 * S, NOW},
			{GAP_AUDIT_DISABLED, 1004900 * S, NOW}},
		.rules_missing = true, .auditing_off = true},
	{"another socket, and the rules are gone", &mark_running, NULL, 8, 3, false, 1,
		{{GAP_NOT_RUNNING, 1004900 * S, NOW}}, .rules_missing = true},
	{"never before, and no rules", NULL, NULL, 8, 0, false, 1, {{GAP_NOT_RUNNING, BOOTED, NOW}},
		.rules_missing = true, .auditing_off = true},
	{"a mark that is ahead of the clock", &mark_ahead, NULL, 8, 3, false, 1,
		{{GAP_NOT_RUNNING, NOW, NOW}}},
};

static void assert_gap_equal(const struct gap *gap, const struct gap *expected)
{
	assert_int_equal(gap->reason, expected->reason);
	assert_int_equal(gap->start_usec, expected->start_usec);
	assert_int_equal(gap->end_usec, expected->end_usec);
	assert_int_equal(gap->n_lost, expected->n_lost);
}

static void test_gaps(void **state)
{
	const struct gaps_row *row = *state;
	const struct absence absence = {row->mark, row->heartbeat, BOOT, row->socket, row->drops,
		.rules_missing = row->rules_missing, .auditing_off = row->auditing_off,
		.now = clocks_now};
	struct gap gaps[ABSENCE_GAPS_MAX];

	memset(gaps, '?', sizeof(gaps));
	assert_int_equal(absence_gaps(&absence, gaps), row->n_gaps);
	for (size_t i = 0; i < row->n_gaps; i++)
		assert_gap_equal(&gaps[i], &row->gaps[i]);
	assert_int_equal(absence_is_open(&absence), row->open);
}

/* The wall clock was set since: no gap ends before it starts, and nothing comes out below zero. */
static const struct set_back_row {
	const char *name;
	const struct watch_mark *mark;
	const struct heartbeat *heartbeat;
	uint64_t realtime; /* s; 5000 s after boot */
	size_t n_gaps;
	struct gap gaps[ABSENCE_GAPS_MAX];
} set_back_rows[] = {
	{"before the heartbeat of the boot before", NULL, &beat_running, 6000, 2,
		{{GAP_NOT_RUNNING, 1000 * S, 1000 * S}, {GAP_NOT_RUNNING, 1000 * S, 6000 * S}}},
	{"just before it", NULL, &beat_running, 1003999, 2,
		{{GAP_NOT_RUNNING, 998999 * S, 998999 * S},
			{GAP_NOT_RUNNING, 998999 * S, 1003999 * S}}},
	{"to within what it stands for", NULL, &beat_running, 1004001, 2,
		{{GAP_NOT_RUNNING, 999000 * S, 999001 * S},
			{GAP_NOT_RUNNING, 999001 * S, 1004001 * S}}},
	{"to 1970, so that the boot's time is not known", NULL, &beat_running, 100, 2,
		{{GAP_NOT_RUNNING, 999000 * S, 0}, {GAP_NOT_RUNNING, 0, 100 * S}}},
	{"to 1970, and the boot before stopped in order", NULL, &beat_stopped, 100, 2,
		{{GAP_NOT_RUNNING, 999000 * S, 0}, {GAP_NOT_RUNNING, 0, 100 * S}}},
	{"before the heartbeat of this boot", NULL, &beat_this_boot, 6000, 1,
		{{GAP_NOT_RUNNING, 6000 * S, 6000 * S}}},
	{"the mark's time is not the wall clock's", &mark_stopped, NULL, 6000, 1,
		{{GAP_NOT_RUNNING, 5900 * S, 6000 * S}}},
	{"to 1970, and the mark is from before that", &mark_stopped, NULL, 99, 1,
		{{GAP_NOT_RUNNING, 0, 99 * S}}},
};

static void test_wall_clock_set_back(void **state)
{
	const struct set_back_row *row = *state;
	const struct absence absence = {row->mark, row->heartbeat, BOOT, 8, 3,
		.now = {row->realtime * S, 4000 * S, 5000 * S}};
	struct gap gaps[ABSENCE_GAPS_MAX];

	assert_int_equal(absence_gaps(&absence, gaps), row->n_gaps);
	for (size_t i = 0; i < row->n_gaps; i++)
		assert_gap_equal(&gaps[i], &row->gaps[i]);
}

static const struct close_row {
	const char *name;
	uint32_t before, first; /* serials */
	bool lost;
	bool rest; /* the record is not the first one of its event */
	bool load; /* it was not quiet before */
} close_rows[] = {
	{"the next one", 100, 101, false},
	{"the rest of the next one", 100, 101, true, .rest = true},
	{"the next one, under load", 100, 101, true, .load = true},
	{"one is missing", 100, 102, true},
	{"many are missing", 100, 4000000000, true},
	{"none came", 100, 0, true},
	{"the same once more", 100, 100, true},
	{"none was seen before", 0, 101, true},
	{"none was seen before, and the first there is", 0, 1, true},
	{"none before and none since", 0, 0, true},
	{"the last before the wrap", UINT32_MAX - 1, UINT32_MAX, false},
	{"wrapped, one is missing", UINT32_MAX - 1, 1, true},
	{"wrapped, and none came", UINT32_MAX, 0, true},
	{"beyond half of all", 0x7fffffff, 0x80000000, false},
};

static void test_close(void **state)
{
	static const struct gap untouched = {GAP_AUDIT_DISABLED, 1, 2, 3};
	static const struct gap expected = {GAP_NOT_RUNNING, 1004900 * S, NOW};
	const struct close_row *row = *state;
	const struct watch_mark mark = {7, 4900 * S, row->before, 3, false, .quiet = !row->load};
	const struct absence absence = {&mark, NULL, BOOT, 7, 3, .now = clocks_now};
	struct gap gap = untouched;

	assert_true(absence_is_open(&absence));
	assert_int_equal(absence_close(&absence, row->first, !row->rest, &gap), row->lost);
	assert_gap_equal(&gap, row->lost ? &expected : &untouched);
}

static const struct serial_row {
	const char *name;
	uint32_t serial, other;
	bool after;
} serial_rows[] = {
	{"one more", 101, 100, true},
	{"one less", 100, 101, false},
	{"the same", 100, 100, false},
	{"far ahead", 4711, 1, true},
	{"wrapped by one", 0, UINT32_MAX, true},
	{"not yet wrapped", UINT32_MAX, 0, false},
	{"wrapped by more", 50, UINT32_MAX - 50, true},
	{"as far ahead as can be told", 0x7fffffff + 5U, 5, true},
	{"a step further", 0x80000000 + 5U, 5, false},
	{"as far behind", 5, 0x7fffffff + 5U, false},
	{"beyond half of all", 0x80000001, 0x7fffffff, true},
};

static void test_serial_is_after(void **state)
{
	const struct serial_row *row = *state;

	assert_int_equal(serial_is_after(row->serial, row->other), row->after);
}

int main(void)
{
	static const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_cut_anywhere),
	};

	return ROWS_RUN(test_format, format_rows) + ROWS_RUN(test_no_heartbeat, no_heartbeat_rows) +
	       ROWS_RUN(test_gaps, gaps_rows) + ROWS_RUN(test_wall_clock_set_back, set_back_rows) +
	       ROWS_RUN(test_close, close_rows) + ROWS_RUN(test_serial_is_after, serial_rows) +
	       cmocka_run_group_tests(tests, NULL, NULL);
}
