/* SPDX-License-Identifier: GPL-2.0-or-later */
/* SPDX-FileCopyrightText: The killauditd authors */

#include "unit.h"

#include <linux/audit.h>
#include <stdio.h>

#include "core/event-fields.h"
#include "rows.h"

static void add_record(struct event_fields *fields, uint16_t type)
{
	assert_int_equal(event_fields_add_record(fields, type), 0);
}

static void add_field(struct event_fields *fields, const char *name, const char *value)
{
	assert_int_equal(event_fields_add_field(fields, name, value), 0);
}

static const struct find_row {
	const char *about;
	size_t record;
	const char *name;
	const char *expected; /* NULL: not there */
} find_rows[] = {
	{"first field", 0, "pid", "1"},
	{"last field", 0, "exe", "\"/bin/kill\""},
	{"name that is in two records, first", 0, "comm", "\"first\""},
	{"name that is in two records, second", 1, "comm", "\"second\""},
	{"twice in one record: the first", 1, "twice", "a"},
	{"empty value", 1, "empty", ""},
	{"empty name", 1, "", "nameless"},
	{"value with an equals sign", 1, "equals", "a=b"},
	{"of the record before", 1, "pid", NULL},
	{"of the record after", 0, "twice", NULL},
	{"absent", 0, "absent", NULL},
	{"begins like one", 0, "pi", NULL},
	{"one begins like it", 0, "pidfd", NULL},
	{"ends like one", 0, "id", NULL},
	{"another case", 0, "PID", NULL},
	{"a value is no name", 0, "1", NULL},
	{"record without fields", 2, "pid", NULL},
};

static void test_find(void **state)
{
	const struct find_row *row = *state;
	struct event_fields fields = {};

	add_record(&fields, AUDIT_SYSCALL);
	add_field(&fields, "pid", "1");
	add_field(&fields, "comm", "\"first\"");
	add_field(&fields, "exe", "\"/bin/kill\"");
	add_record(&fields, AUDIT_OBJ_PID);
	add_field(&fields, "comm", "\"second\"");
	add_field(&fields, "twice", "a");
	add_field(&fields, "twice", "b");
	add_field(&fields, "empty", "");
	add_field(&fields, "", "nameless");
	add_field(&fields, "equals", "a=b");
	add_record(&fields, AUDIT_EOE);
	assert_int_equal(fields.n_records, 3);
	assert_int_equal(fields.records[0].type, AUDIT_SYSCALL);
	assert_int_equal(fields.records[1].type, AUDIT_OBJ_PID);
	assert_int_equal(fields.records[2].type, AUDIT_EOE);
	assert_text(
		event_fields_find(&fields, &fields.records[row->record], row->name), row->expected);
	event_fields_done(&fields);
}

/* Records, each with more fields than the one before, past every size at which memory grows. */
static void fill(struct event_fields *fields, size_t n_records)
{
	char name[32], value[32];

	for (size_t i = 0; i < n_records; i++) {
		add_record(fields, (uint16_t)(1000 + i));
		for (size_t k = 0; k < i; k++) {
			snprintf(name, sizeof(name), "name%zu", k);
			snprintf(value, sizeof(value), "value%zu.%zu", i, k);
			add_field(fields, name, value);
		}
	}
}

static void assert_filled(const struct event_fields *fields, size_t n_records)
{
	char name[32], value[32];

	assert_int_equal(fields->n_records, n_records);
	assert_int_equal(fields->n_fields, n_records * (n_records - 1) / 2);
	for (size_t i = 0; i < n_records; i++) {
		assert_int_equal(fields->records[i].type, 1000 + i);
		assert_int_equal(fields->records[i].n_fields, i);
		for (size_t k = 0; k < i; k++) {
			snprintf(name, sizeof(name), "name%zu", k);
			snprintf(value, sizeof(value), "value%zu.%zu", i, k);
			assert_string_equal(
				event_fields_find(fields, &fields->records[i], name), value);
		}
	}
}

static void test_growth(void **state)
{
	struct event_fields fields = {};

	(void)state;
	fill(&fields, 100);
	assert_filled(&fields, 100);
	event_fields_done(&fields);
}

static void test_clear_keeps_the_memory(void **state)
{
	struct event_fields fields = {};
	const struct event_fields_record *records;
	const struct event_field *list;
	const char *strings;

	(void)state;
	event_fields_clear(&fields);
	fill(&fields, 20);
	records = fields.records;
	list = fields.fields;
	strings = fields.strings.data;
	for (size_t n = 0; n <= 20; n += 10) {
		event_fields_clear(&fields);
		assert_int_equal(fields.n_records, 0);
		assert_int_equal(fields.n_fields, 0);
		fill(&fields, n);
		if (n > 0)
			assert_filled(&fields, n);
	}
	assert_ptr_equal(fields.records, records);
	assert_ptr_equal(fields.fields, list);
	assert_ptr_equal(fields.strings.data, strings);
	event_fields_done(&fields);
}

static void test_done(void **state)
{
	struct event_fields fields = {.serial = 1, .time_msec = 2, .incomplete = true};

	(void)state;
	fill(&fields, 3);
	event_fields_done(&fields);
	assert_null(fields.records);
	assert_null(fields.fields);
	assert_null(fields.strings.data);
	assert_int_equal(fields.n_records + fields.n_fields + fields.strings.len, 0);
	assert_int_equal(fields.records_size + fields.fields_size + fields.strings.size, 0);
	assert_false(fields.incomplete);
	event_fields_done(&fields);
}

int main(void)
{
	static const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_growth),
		cmocka_unit_test(test_clear_keeps_the_memory),
		cmocka_unit_test(test_done),
	};

	return ROWS_RUN(test_find, find_rows) + cmocka_run_group_tests(tests, NULL, NULL);
}
