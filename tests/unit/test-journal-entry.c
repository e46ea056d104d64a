/* SPDX-License-Identifier: GPL-2.0-or-later */
/* SPDX-FileCopyrightText: The killauditd authors */

#include <errno.h>
#include <stdio.h>
#include <string.h>

#include "rows.h"

#include "core/journal-entry.h"

static int setup(void **state)
{
	static struct journal_entry entry;

	entry = (struct journal_entry){};
	*state = &entry;
	return 0;
}

static int teardown(void **state)
{
	journal_entry_done(*state);
	return 0;
}

static bool entry_has(const struct journal_entry *entry, enum journal_field field)
{
	size_t len;

	return journal_entry_get(entry, field, &len);
}

static void assert_value(const struct journal_entry *entry, size_t index, const char *value)
{
	size_t len;
	const char *got = journal_entry_value(entry, index, &len);

	assert_int_equal(len, strlen(value));
	assert_memory_equal(got, value, len);
}

#define BYTES(literal) literal, sizeof(literal) - 1

static const struct value_row {
	const char *name;
	const char *value;
	size_t len;
	size_t n_items;
} value_rows[] = {
	{"plain", BYTES("server"), 1},
	{"one byte", BYTES("x"), 1},
	{"empty adds nothing", BYTES(""), 0},
	{"an equals sign belongs to the value", BYTES("a=b"), 1},
	{"a line feed does not end it", BYTES("a\nSIGNAL=9"), 1},
	{"nor does a NUL", BYTES("a\0b"), 1},
	{"no UTF-8", BYTES("\xff\xfe"), 1},
};

static void test_value(void **state)
{
	const struct value_row *row = *state;
	static const char name[] = "TARGET_COMM=";
	struct journal_entry entry = {};
	const char *value;
	size_t len;

	journal_entry_add(&entry, FIELD_TARGET_COMM, row->value, row->len);
	assert_int_equal(entry.n_items, row->n_items);
	value = journal_entry_get(&entry, FIELD_TARGET_COMM, &len);
	if (row->n_items == 0) {
		assert_null(value);
	} else {
		assert_int_equal(len, row->len);
		assert_memory_equal(value, row->value, len);
		/* What the journal gets: the name, an equals sign and the value. */
		assert_int_equal(entry.items[0].field, FIELD_TARGET_COMM);
		assert_int_equal(entry.items[0].len, strlen(name) + row->len);
		assert_memory_equal(entry.data.data + entry.items[0].offset, name, strlen(name));
	}
	assert_int_equal(journal_entry_finish(&entry), 0);
	journal_entry_done(&entry);
}

static const struct number_row {
	const char *name;
	int64_t value;
} number_rows[] = {
	{"0", 0},
	{"-1", -1},
	{"4294967295", UINT32_MAX},
	{"9223372036854775807", INT64_MAX},
	{"-9223372036854775808", INT64_MIN},
};

static void test_number(void **state)
{
	const struct number_row *row = *state;
	struct journal_entry entry = {};

	journal_entry_add_number(&entry, FIELD_SENDER_UID, row->value);
	assert_value(&entry, 0, row->name);
	journal_entry_done(&entry);
}

static void test_no_string_adds_nothing(void **state)
{
	journal_entry_add_string(*state, FIELD_SENDER_EXE, NULL);
	journal_entry_add_string(*state, FIELD_SENDER_EXE, "");
	assert_int_equal(((struct journal_entry *)*state)->n_items, 0);
}

static const struct repeat_row {
	const char *name;
	enum journal_field field;
	const char *values[4];
	size_t n_items;
} repeat_rows[] = {
	{"a single field keeps its first value", FIELD_TARGET_COMM, {"first", "second"}, 1},
	{"a many field takes several", FIELD_SENDER_ANCESTOR_COMM, {"sh", "bash", "sshd"}, 3},
	{"but none twice", FIELD_SENDER_ANCESTOR_COMM, {"sh", "bash", "sh", "bash"}, 2},
	{"a beginning is another value", FIELD_SENDER_ANCESTOR_COMM, {"bash", "ba", "bashs"}, 3},
	{"so is one of the same length", FIELD_SENDER_ANCESTOR_COMM, {"bash", "dash"}, 2},
};

static void test_repeat(void **state)
{
	const struct repeat_row *row = *state;
	struct journal_entry entry = {};

	/* Alone, and behind a value of another field that is the same. */
	for (size_t before = 0; before < 2; before++) {
		journal_entry_clear(&entry);
		if (before > 0)
			journal_entry_add_string(&entry, FIELD_EVIDENCE, row->values[0]);
		for (size_t i = 0; i < ELEMENTS(row->values); i++)
			journal_entry_add_string(&entry, row->field, row->values[i]);
		assert_int_equal(entry.n_items, before + row->n_items);
		for (size_t i = 0; i < row->n_items; i++)
			assert_value(&entry, before + i, row->values[i]);
	}
	journal_entry_done(&entry);
}

static void test_more_values_than_room_at_first(void **state)
{
	struct journal_entry *entry = *state;
	char value[16];

	for (int i = 0; i < 1000; i++) {
		snprintf(value, sizeof(value), "n%d", i);
		journal_entry_add_string(entry, FIELD_SENDER_ANCESTOR_COMM, value);
	}
	assert_int_equal(journal_entry_finish(entry), 0);
	assert_int_equal(entry->n_items, 1000);
	assert_value(entry, 0, "n0");
	assert_value(entry, 999, "n999");
}

static void test_get_is_the_first_and_null_for_none(void **state)
{
	struct journal_entry *entry = *state;
	size_t len = 7;

	assert_null(journal_entry_get(entry, FIELD_EVIDENCE, &len));
	journal_entry_add_string(entry, FIELD_SIGNAL, "9");
	journal_entry_add_string(entry, FIELD_EVIDENCE, "audit");
	journal_entry_add_string(entry, FIELD_EVIDENCE, "procfs");
	assert_memory_equal(journal_entry_get(entry, FIELD_EVIDENCE, &len), "audit", 5);
	assert_int_equal(len, 5);
	assert_null(journal_entry_get(entry, FIELD_SENDER_PID, &len));
}

static void test_clear_forgets_all(void **state)
{
	struct journal_entry *entry = *state;

	journal_entry_add_string(entry, FIELD_SIGNAL, "9");
	entry->failed = true;
	journal_entry_clear(entry);
	assert_int_equal(entry->data.len, 0);
	assert_int_equal(journal_entry_finish(entry), 0);
	assert_false(entry_has(entry, FIELD_SIGNAL));
	journal_entry_add_string(entry, FIELD_SIGNAL, "15");
	assert_int_equal(entry->n_items, 1);
	assert_value(entry, 0, "15");
}

static void test_failures_are_remembered(void **state)
{
	struct journal_entry *entry = *state;

	journal_entry_add_string(entry, FIELD_SIGNAL, "9");
	entry->failed = true;
	assert_int_equal(journal_entry_finish(entry), -ENOMEM);
	entry->failed = false;
	entry->data.failed = true;
	assert_int_equal(journal_entry_finish(entry), -ENOMEM);
}

/* How many fields of our own the entry has. */
static size_t own_fields(const struct journal_entry *entry)
{
	size_t n = 0;

	for (unsigned field = 0; field < N_JOURNAL_FIELDS; field++)
		n += !journal_field_well_known((enum journal_field)field) &&
		     entry_has(entry, (enum journal_field)field);
	return n;
}

/* Adds fields of our own in the order of the table, from the first or from the last on. */
static void add_fields(struct journal_entry *entry, size_t n, bool backwards)
{
	for (unsigned i = 0; i < N_JOURNAL_FIELDS; i++) {
		unsigned field = backwards ? N_JOURNAL_FIELDS - 1 - i : i;

		if (own_fields(entry) < n || journal_field_well_known((enum journal_field)field))
			journal_entry_add_string(
				entry, (enum journal_field)field, i % 2 ? "1" : "value");
	}
}

#define MAX_FIELDS 40 /* what users are told */

static const struct bound_row {
	const char *name;
	size_t n_fields;
	bool backwards;
	size_t n_kept;
} bound_rows[] = {
	{"as many as may be", MAX_FIELDS, false, MAX_FIELDS},
	{"one too many", MAX_FIELDS + 1, false, MAX_FIELDS},
	{"all", N_JOURNAL_FIELDS, false, MAX_FIELDS},
	{"all, added the other way round", N_JOURNAL_FIELDS, true, MAX_FIELDS},
};

static void test_bound(void **state)
{
	const struct bound_row *row = *state;
	struct journal_entry entry = {};
	unsigned highest_kept = 0, lowest_gone = UINT32_MAX;
	size_t n_fields = 0;
	bool had[N_JOURNAL_FIELDS];

	add_fields(&entry, row->n_fields, row->backwards);
	journal_entry_add_string(&entry, FIELD_EVIDENCE, "counts once");
	for (unsigned field = 0; field < N_JOURNAL_FIELDS; field++)
		had[field] = entry_has(&entry, (enum journal_field)field);
	assert_int_equal(journal_entry_finish(&entry), 0);
	assert_int_equal(own_fields(&entry), row->n_kept);
	for (unsigned field = 0; field < N_JOURNAL_FIELDS; field++) {
		unsigned rank = journal_field_rank((enum journal_field)field);

		n_fields += entry_has(&entry, (enum journal_field)field);
		if (entry_has(&entry, (enum journal_field)field))
			highest_kept = rank > highest_kept ? rank : highest_kept;
		else if (had[field])
			lowest_gone = rank < lowest_gone ? rank : lowest_gone;
	}
	assert_int_equal(entry.n_items, n_fields + 1); /* EVIDENCE has two values */
	assert_true(lowest_gone > 0 && highest_kept <= lowest_gone);
	journal_entry_done(&entry);
}

int main(void)
{
	static const struct CMUnitTest tests[] = {
		cmocka_unit_test_setup_teardown(test_no_string_adds_nothing, setup, teardown),
		cmocka_unit_test_setup_teardown(
			test_more_values_than_room_at_first, setup, teardown),
		cmocka_unit_test_setup_teardown(
			test_get_is_the_first_and_null_for_none, setup, teardown),
		cmocka_unit_test_setup_teardown(test_clear_forgets_all, setup, teardown),
		cmocka_unit_test_setup_teardown(test_failures_are_remembered, setup, teardown),
	};

	return ROWS_RUN(test_value, value_rows) + ROWS_RUN(test_number, number_rows) +
	       ROWS_RUN(test_repeat, repeat_rows) + ROWS_RUN(test_bound, bound_rows) +
	       cmocka_run_group_tests(tests, NULL, NULL);
}
