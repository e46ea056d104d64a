/* SPDX-License-Identifier: GPL-2.0-or-later */
/* SPDX-FileCopyrightText: The killauditd authors */

#include "unit.h"

#include <linux/audit.h>
#include <stdlib.h>
#include <string.h>

#include "core/event-assembly.h"
#include "rows.h"

#define TIMEOUT ((uint64_t)EVENT_ASSEMBLY_TIMEOUT_USEC)

static struct audit_event *push(struct event_assembly *assembly, enum audit_record_use use,
	uint32_t serial, uint64_t now_usec, const char *payload, size_t len)
{
	static const uint16_t types[] = {
		[AUDIT_RECORD_FOREIGN] = AUDIT_CWD,
		[AUDIT_RECORD_STARTS] = AUDIT_SYSCALL,
		[AUDIT_RECORD_CONTINUES] = AUDIT_OBJ_PID,
		[AUDIT_RECORD_ENDS] = AUDIT_EOE,
	};
	/* Freed at once: the event must have a copy. */
	char *borrowed = malloc(len + 1);
	struct audit_record record = {
		.type = types[use],
		.serial = serial,
		.time_msec = 1000 * (uint64_t)serial + now_usec % 1000,
		.payload = borrowed,
		.payload_len = len,
	};
	struct audit_event untouched = {}, *event = &untouched;

	assert_non_null(borrowed);
	memcpy(borrowed, payload, len);
	borrowed[len] = 'X'; /* none of the payload */
	assert_int_equal(event_assembly_push(assembly, &record, use, now_usec, &event), 0);
	free(borrowed);
	return event;
}

/* "7: a b cut_short": serial, payloads, marks. */
static void event_format(const struct audit_event *event, struct buffer *text)
{
	buffer_printf(text, "%u:", event->serial);
	for (size_t i = 0; i < event->n_records; i++) {
		const struct audit_event_record *record = &event->records[i];
		const char *payload = event->text.data + record->payload;

		assert_int_equal(record->type, i == 0 ? AUDIT_SYSCALL : AUDIT_OBJ_PID);
		assert_int_equal(payload[record->payload_len], '\0');
		buffer_printf(text, " %.*s", (int)record->payload_len, payload);
	}
	buffer_printf(text, "%s%s", event->cut_short ? " cut_short" : "",
		event->too_long ? " too_long" : "");
}

/* Frees it. */
static void assert_event(struct audit_event *event, const char *expected)
{
	struct buffer text = {};

	if (event)
		event_format(event, &text);
	else
		buffer_append_string(&text, "none");
	assert_string_equal(text.data, expected);
	buffer_done(&text);
	assert_null(audit_event_free(event));
}

#define STARTS    AUDIT_RECORD_STARTS
#define CONTINUES AUDIT_RECORD_CONTINUES
#define ENDS      AUDIT_RECORD_ENDS
#define FOREIGN   AUDIT_RECORD_FOREIGN
#define EXPIRE    4 /* event_assembly_expire() instead of a push */

struct step {
	uint64_t now_usec;
	int use;
	uint32_t serial;
	const char *payload;
	const char *expected; /* the finished event, NULL: none */
};

static struct audit_event *step_take(struct event_assembly *assembly, const struct step *step)
{
	if (step->use == EXPIRE)
		return event_assembly_expire(assembly, step->now_usec);
	return push(assembly, (enum audit_record_use)step->use, step->serial, step->now_usec,
		step->payload, strlen(step->payload));
}

static const struct stories_row {
	const char *name;
	struct step steps[10];
	size_t n_open; /* in the end */
} stories_rows[] = {
	{"one event", {{5, STARTS, 7, "a"}, {5, CONTINUES, 7, "b"}, {5, CONTINUES, 7, "c"},
			      {5, ENDS, 7, "", "7: a b c"}}},
	{"no targets", {{5, STARTS, 7, "a"}, {5, ENDS, 7, "", "7: a"}}},
	{"interleaved", {{5, STARTS, 7, "a"}, {5, STARTS, 8, "x"}, {5, CONTINUES, 7, "b"},
				{5, CONTINUES, 8, "y"}, {5, ENDS, 8, "", "8: x y"},
				{5, CONTINUES, 7, "c"}, {5, ENDS, 7, "", "7: a b c"}}},
	{"foreign records", {{5, FOREIGN, 7, "x"}, {5, STARTS, 7, "a"}, {5, FOREIGN, 7, "y"},
				    {5, FOREIGN, 8, "z"}, {5, ENDS, 7, "", "7: a"}}},
	{"continuation of no event of ours",
		{{5, CONTINUES, 7, "x"}, {5, ENDS, 7, ""}, {5, STARTS, 8, "a"},
			{5, CONTINUES, 7, "y"}, {5, ENDS, 7, ""}},
		1},
	{"target before its call is lost",
		{{5, CONTINUES, 7, "b"}, {5, STARTS, 7, "a"}, {5, ENDS, 7, "", "7: a"}}},
	{"duplicate records are kept",
		{{5, STARTS, 7, "a"}, {5, CONTINUES, 7, "b"}, {5, CONTINUES, 7, "b"},
			{5, ENDS, 7, "", "7: a b b"}}},
	{"duplicate end", {{5, STARTS, 7, "a"}, {5, ENDS, 7, "", "7: a"}, {5, ENDS, 7, ""}}},
	{"the same serial again", {{5, STARTS, 7, "a"}, {5, ENDS, 7, "", "7: a"},
					  {5, STARTS, 7, "b"}, {5, ENDS, 7, "", "7: b"}}},
	{"serials around the wrap",
		{{5, STARTS, UINT32_MAX, "a"}, {5, STARTS, 0, "x"}, {5, CONTINUES, 0, "y"},
			{5, ENDS, UINT32_MAX, "", "4294967295: a"}, {5, ENDS, 0, "", "0: x y"}}},
	{"empty payloads", {{5, STARTS, 7, ""}, {5, CONTINUES, 7, ""}, {5, ENDS, 7, "", "7:  "}}},
	{"no end, just before the bound", {{5, STARTS, 7, "a"}, {5 + TIMEOUT - 1, EXPIRE}}, 1},
	{"no end, at the bound",
		{{5, STARTS, 7, "a"}, {5 + TIMEOUT, EXPIRE, 0, NULL, "7: a cut_short"},
			{5 + TIMEOUT, EXPIRE}}},
	{"the first record counts, not the last",
		{{5, STARTS, 7, "a"}, {4 + TIMEOUT, CONTINUES, 7, "b"},
			{5 + TIMEOUT, EXPIRE, 0, NULL, "7: a b cut_short"}}},
	{"end after the bound but before anybody looked",
		{{5, STARTS, 7, "a"}, {9 * TIMEOUT, ENDS, 7, "", "7: a"}, {9 * TIMEOUT, EXPIRE}}},
	{"records after the bound are late",
		{{5, STARTS, 7, "a"}, {5 + TIMEOUT, EXPIRE, 0, NULL, "7: a cut_short"},
			{5 + TIMEOUT, CONTINUES, 7, "b"}, {5 + TIMEOUT, ENDS, 7, ""}}},
	{"oldest first, the others stay",
		{{5, STARTS, 9, "a"}, {6, STARTS, 8, "b"}, {7, STARTS, 7, "c"},
			{6 + TIMEOUT, EXPIRE, 0, NULL, "9: a cut_short"},
			{6 + TIMEOUT, EXPIRE, 0, NULL, "8: b cut_short"}, {6 + TIMEOUT, EXPIRE},
			{6 + TIMEOUT, ENDS, 7, "", "7: c"}}},
	{"clock that went backwards",
		{{5 + TIMEOUT, STARTS, 7, "a"}, {0, EXPIRE}, {0, ENDS, 7, "", "7: a"}}},
	{"nothing open", {{UINT64_MAX, EXPIRE}}},
};

static void test_stories(void **state)
{
	const struct stories_row *row = *state;
	struct event_assembly *assembly = event_assembly_new();

	assert_non_null(assembly);
	for (const struct step *step = row->steps; step->now_usec > 0 || step->use; step++)
		assert_event(step_take(assembly, step), step->expected ? step->expected : "none");
	assert_int_equal(event_assembly_n_open(assembly), row->n_open);
	assert_null(event_assembly_free(assembly));
}

static void test_head_is_of_the_first_record(void **state)
{
	struct event_assembly *assembly = event_assembly_new();
	struct audit_event *event;

	(void)state;
	assert_null(push(assembly, STARTS, 7, 5, "a", 1));
	assert_null(push(assembly, CONTINUES, 7, 6, "b", 1));
	event = push(assembly, ENDS, 7, 8, "", 0);
	assert_non_null(event);
	assert_int_equal(event->serial, 7);
	assert_int_equal(event->time_msec, 7005);
	assert_int_equal(event->started_usec, 5);
	audit_event_free(event);
	event_assembly_free(assembly);
}

static void test_payload_with_nul(void **state)
{
	struct event_assembly *assembly = event_assembly_new();
	struct audit_event *event;

	(void)state;
	assert_null(push(assembly, STARTS, 7, 5, "a\0b", 3));
	assert_null(push(assembly, CONTINUES, 7, 5, "c", 1));
	event = push(assembly, ENDS, 7, 5, "", 0);
	assert_non_null(event);
	assert_int_equal(event->text.len, 6);
	assert_memory_equal(event->text.data, "a\0b\0c", 6);
	assert_int_equal(event->records[1].payload, 4);
	audit_event_free(event);
	event_assembly_free(assembly);
}

static void test_too_many_open(void **state)
{
	struct event_assembly *assembly = event_assembly_new();

	(void)state;
	for (uint32_t i = 0; i < EVENT_ASSEMBLY_MAX_EVENTS; i++)
		assert_null(push(assembly, STARTS, 5000 - i, 5, "a", 1));
	assert_event(event_assembly_expire(assembly, 5), "none");
	assert_int_equal(event_assembly_n_open(assembly), EVENT_ASSEMBLY_MAX_EVENTS);
	assert_null(push(assembly, STARTS, 5001, 5, "a", 1));
	assert_null(push(assembly, STARTS, 5002, 5, "a", 1));
	assert_event(event_assembly_expire(assembly, 5), "5000: a cut_short");
	assert_event(event_assembly_expire(assembly, 5), "4999: a cut_short");
	assert_event(event_assembly_expire(assembly, 5), "none");
	assert_int_equal(event_assembly_n_open(assembly), EVENT_ASSEMBLY_MAX_EVENTS);
	assert_event(push(assembly, ENDS, 5002, 5, "", 0), "5002: a");
	event_assembly_free(assembly); /* the others with it */
}

static void assert_lowest(
	const struct event_assembly *assembly, uint32_t serial, uint64_t started_usec)
{
	const struct audit_event *lowest = event_assembly_lowest(assembly);

	assert_non_null(lowest);
	assert_int_equal(lowest->serial, serial);
	assert_int_equal(lowest->started_usec, started_usec);
}

static void test_lowest(void **state)
{
	struct event_assembly *assembly = event_assembly_new();

	(void)state;
	assert_null(event_assembly_lowest(assembly));
	assert_null(push(assembly, CONTINUES, 6, 4, "x", 1)); /* of no event of ours */
	assert_null(event_assembly_lowest(assembly));
	assert_null(push(assembly, STARTS, 9, 5, "a", 1));
	assert_lowest(assembly, 9, 5);
	assert_null(push(assembly, STARTS, 7, 6, "b", 1));
	assert_null(push(assembly, STARTS, 8, 7, "c", 1));
	assert_lowest(assembly, 7, 6);
	assert_lowest(assembly, 7, 6); /* and it has only been looked at */
	assert_event(push(assembly, ENDS, 7, 9, "", 0), "7: b");
	assert_lowest(assembly, 8, 7);
	assert_event(push(assembly, ENDS, 8, 9, "", 0), "8: c");
	assert_lowest(assembly, 9, 5);
	assert_null(push(assembly, STARTS, 4294967290, 10, "e", 1)); /* they wrap */
	assert_lowest(assembly, 4294967290, 10);
	assert_event(push(assembly, ENDS, 9, 11, "", 0), "9: a");
	assert_event(push(assembly, ENDS, 4294967290, 11, "", 0), "4294967290: e");
	assert_null(event_assembly_lowest(assembly));
	event_assembly_free(assembly);
}

/* A NUL follows each payload and counts. */
static const struct too_long_row {
	const char *name;
	size_t first, second;
	size_t n_records;
	bool too_long;
} too_long_rows[] = {
	{"one record, as long as may be", EVENT_ASSEMBLY_MAX_TEXT - 1, 0, 1, false},
	{"one record, a byte too long", EVENT_ASSEMBLY_MAX_TEXT, 0, 0, true},
	{"two records, as long as may be", EVENT_ASSEMBLY_MAX_TEXT - 12, 10, 2, false},
	{"two records, a byte too long", EVENT_ASSEMBLY_MAX_TEXT - 11, 10, 1, true},
	{"first too long, second fits", 2 * EVENT_ASSEMBLY_MAX_TEXT, 10, 1, true},
};

static void test_too_long(void **state)
{
	const struct too_long_row *row = *state;
	char *payload = calloc(1, 2 * EVENT_ASSEMBLY_MAX_TEXT);
	struct event_assembly *assembly = event_assembly_new();
	struct audit_event *event;

	assert_non_null(payload);
	assert_null(push(assembly, STARTS, 7, 5, payload, row->first));
	if (row->second > 0)
		assert_null(push(assembly, CONTINUES, 7, 5, payload, row->second));
	event = push(assembly, ENDS, 7, 5, "", 0);
	assert_non_null(event);
	assert_int_equal(event->n_records, row->n_records);
	assert_int_equal(event->too_long, row->too_long);
	assert_false(event->cut_short);
	audit_event_free(event);
	event_assembly_free(assembly);
	free(payload);
}

/* More targets than fit: 4 MiB hold 40,000 of them. */
static void test_too_many_records(void **state)
{
	struct event_assembly *assembly = event_assembly_new();
	char payload[99] = "opid=1";
	struct audit_event *event;

	(void)state;
	assert_null(push(assembly, STARTS, 7, 5, payload, sizeof(payload)));
	for (int i = 0; i < 50000; i++)
		assert_null(push(assembly, CONTINUES, 7, 5, payload, sizeof(payload)));
	event = push(assembly, ENDS, 7, 5, "", 0);
	assert_non_null(event);
	assert_int_equal(event->n_records, EVENT_ASSEMBLY_MAX_TEXT / 100);
	assert_int_equal(event->text.len, event->n_records * 100);
	assert_true(event->too_long);
	audit_event_free(event);
	event_assembly_free(assembly);
}

static void test_free_nothing(void **state)
{
	(void)state;
	assert_null(event_assembly_free(NULL));
	assert_null(audit_event_free(NULL));
}

int main(void)
{
	static const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_head_is_of_the_first_record),
		cmocka_unit_test(test_payload_with_nul),
		cmocka_unit_test(test_lowest),
		cmocka_unit_test(test_too_many_open),
		cmocka_unit_test(test_too_many_records),
		cmocka_unit_test(test_free_nothing),
	};

	return ROWS_RUN(test_stories, stories_rows) + ROWS_RUN(test_too_long, too_long_rows) +
	       cmocka_run_group_tests(tests, NULL, NULL);
}
