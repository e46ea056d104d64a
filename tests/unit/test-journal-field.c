/* SPDX-License-Identifier: GPL-2.0-or-later */
/* SPDX-FileCopyrightText: The killauditd authors */

#include <string.h>

#include "rows.h"

#include "core/journal-field.h"

#define JOURNAL_NAME_MAX 64 /* journal_field_valid() of systemd */

#define LETTERS "ABCDEFGHIJKLMNOPQRSTUVWXYZ"

static bool in_list(const char *const *list, size_t n, const char *name)
{
	for (size_t i = 0; i < n; i++)
		if (strcmp(list[i], name) == 0)
			return true;
	return false;
}

/* Calls check() with every field. */
static void each_field(void (*check)(enum journal_field field, const char *name))
{
	for (unsigned field = 0; field < N_JOURNAL_FIELDS; field++)
		check((enum journal_field)field, journal_field_name((enum journal_field)field));
}

static void check_name(enum journal_field field, const char *name)
{
	assert_true(strlen(name) > 0 && strlen(name) <= JOURNAL_NAME_MAX);
	assert_non_null(strchr(LETTERS, name[0])); /* the journal drops a leading underscore */
	assert_int_equal(strspn(name, LETTERS "0123456789_"), strlen(name));
	for (unsigned other = 0; other < field; other++)
		assert_string_not_equal(name, journal_field_name((enum journal_field)other));
}

static void test_names_are_the_journals(void **state)
{
	(void)state;
	each_field(check_name);
}

static const struct name_row {
	const char *name;
	enum journal_field field;
} name_rows[] = {
	{"MESSAGE", FIELD_MESSAGE},
	{"EVENT_ID", FIELD_EVENT_ID},
	{"SENDER_ANCESTRY_JSON", FIELD_SENDER_ANCESTRY_JSON},
	{"TARGET_CONTAINER_ID_12", FIELD_TARGET_CONTAINER_ID_12},
	{"TARGET_SECURITY_CONTEXT", FIELD_TARGET_SECURITY_CONTEXT},
};

static void test_name(void **state)
{
	const struct name_row *row = *state;

	assert_string_equal(journal_field_name(row->field), row->name);
}

/* podman logs stops at the first two, docker logs prints their entries as the application's own,
 * and the third would put the entry among the target's. */
static void check_not_reserved(enum journal_field field, const char *name)
{
	static const char *const reserved[] = {"CONTAINER_ID", "CONTAINER_ID_FULL", "OBJECT_PID"};

	(void)field;
	assert_false(in_list(reserved, ELEMENTS(reserved), name));
}

static void test_names_of_others_are_not_taken(void **state)
{
	(void)state;
	each_field(check_not_reserved);
}

static void check_many(enum journal_field field, const char *name)
{
	static const char *const many[] = {"EVIDENCE", "CERTAINTY_REASON", "SENDER_ANCESTOR_COMM",
		"SENDER_ANCESTOR_EXE", "COVERAGE_ROUTE", "COVERAGE_REASON", "COVERAGE_BLIND_COMM"};

	assert_int_equal(journal_field_many(field), in_list(many, ELEMENTS(many), name));
}

static void test_many(void **state)
{
	(void)state;
	each_field(check_many);
}

static void check_well_known(enum journal_field field, const char *name)
{
	static const char *const known[] = {"MESSAGE", "MESSAGE_ID", "PRIORITY",
		"SYSLOG_IDENTIFIER", "OBJECT_SYSTEMD_UNIT", "OBJECT_SYSTEMD_USER_UNIT"};

	assert_int_equal(journal_field_well_known(field), in_list(known, ELEMENTS(known), name));
}

static void test_well_known(void **state)
{
	(void)state;
	each_field(check_well_known);
}

/* What people search for is there however much else an entry says. */
static const char *const never_left_out[] = {
	"MESSAGE",
	"MESSAGE_ID",
	"PRIORITY",
	"SYSLOG_IDENTIFIER",
	"KILLAUDIT_TYPE",
	"EVENT_ID",
	"EVENT_REALTIME_USEC",
	"EVENT_MONOTONIC_USEC",
	"EVIDENCE",
	"CERTAINTY",
	"CERTAINTY_REASON",
	"SIGNAL",
	"ROUTE",
	"RESULT",
	"DELIVERY",
	"AMENDS",
	"SENDER_PID",
	"SENDER_COMM",
	"SENDER_EXE",
	"SENDER_UID",
	"SENDER_LOGINUID",
	"SENDER_CONTAINER_ID",
	"SENDER_ANCESTRY",
	"SENDER_ANCESTRY_JSON",
	"SENDER_ANCESTOR_COMM",
	"SENDER_ANCESTOR_EXE",
	"TARGET_PID",
	"TARGET_COMM",
	"TARGET_EXE",
	"TARGET_UID",
	"TARGET_LOGINUID",
	"TARGET_CONTAINER_ID",
};

static void check_rank(enum journal_field field, const char *name)
{
	bool never = in_list(never_left_out, ELEMENTS(never_left_out), name) ||
		     strncmp(name, "GAP_", 4) == 0 || strncmp(name, "COVERAGE_", 9) == 0 ||
		     strncmp(name, "OBJECT_", 7) == 0;

	assert_int_equal(journal_field_rank(field) == 0, never);
}

static void test_ranks(void **state)
{
	(void)state;
	each_field(check_rank);
}

static void test_what_never_goes_fits(void **state)
{
	size_t n = 0;

	(void)state;
	for (unsigned field = 0; field < N_JOURNAL_FIELDS; field++)
		n += journal_field_rank((enum journal_field)field) == 0 &&
		     !journal_field_well_known((enum journal_field)field);
	assert_true(n <= JOURNAL_ENTRY_MAX_FIELDS);
}

int main(void)
{
	static const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_names_are_the_journals),
		cmocka_unit_test(test_names_of_others_are_not_taken),
		cmocka_unit_test(test_many),
		cmocka_unit_test(test_well_known),
		cmocka_unit_test(test_ranks),
		cmocka_unit_test(test_what_never_goes_fits),
	};

	return ROWS_RUN(test_name, name_rows) + cmocka_run_group_tests(tests, NULL, NULL);
}
