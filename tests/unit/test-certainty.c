/* SPDX-License-Identifier: GPL-2.0-or-later */
/* SPDX-FileCopyrightText: The killauditd authors */

#include <string.h>

#include "rows.h"

#include "core/certainty.h"

/* The closed list, as people search for it. */
static const struct reason_row {
	const char *name;
	enum reason reason;
	enum certainty left;
} reason_rows[] = {
	{"sender-seed", REASON_SENDER_SEED, CERTAINTY_LIKELY},
	{"sender-gone", REASON_SENDER_GONE, CERTAINTY_UNKNOWN},
	{"sender-start-close", REASON_SENDER_START_CLOSE, CERTAINTY_LIKELY},
	{"sender-cgroup-unknown", REASON_SENDER_CGROUP_UNKNOWN, CERTAINTY_UNKNOWN},
	{"sender-comm-unknown", REASON_SENDER_COMM_UNKNOWN, CERTAINTY_LIKELY},
	{"sender-exe-unknown", REASON_SENDER_EXE_UNKNOWN, CERTAINTY_CERTAIN},
	{"sender-ancestry-reparented", REASON_SENDER_ANCESTRY_REPARENTED, CERTAINTY_CERTAIN},
	{"target-delivery-unknown", REASON_TARGET_DELIVERY_UNKNOWN, CERTAINTY_LIKELY},
	{"sender-cmdline-title", REASON_SENDER_CMDLINE_TITLE, CERTAINTY_CERTAIN},
	{"sender-cmdline-cut", REASON_SENDER_CMDLINE_CUT, CERTAINTY_CERTAIN},
	{"sender-ancestry-incomplete", REASON_SENDER_ANCESTRY_INCOMPLETE, CERTAINTY_CERTAIN},
	{"sender-ancestry-seed", REASON_SENDER_ANCESTRY_SEED, CERTAINTY_CERTAIN},
	{"sender-names-seed", REASON_SENDER_NAMES_SEED, CERTAINTY_CERTAIN},
	{"sender-exe-passed", REASON_SENDER_EXE_PASSED, CERTAINTY_CERTAIN},
	{"sender-ids-earlier", REASON_SENDER_IDS_EARLIER, CERTAINTY_LIKELY},
	{"sender-thread-unknown", REASON_SENDER_THREAD_UNKNOWN, CERTAINTY_LIKELY},
	{"sender-chosen-code", REASON_SENDER_CODE_CHOSEN, CERTAINTY_LIKELY},
	{"target-exe-passed", REASON_TARGET_EXE_PASSED, CERTAINTY_CERTAIN},
	{"target-ids-earlier", REASON_TARGET_IDS_EARLIER, CERTAINTY_LIKELY},
	{"target-seed", REASON_TARGET_SEED, CERTAINTY_LIKELY},
	{"target-gone", REASON_TARGET_GONE, CERTAINTY_UNKNOWN},
	{"target-start-close", REASON_TARGET_START_CLOSE, CERTAINTY_LIKELY},
	{"target-cgroup-unknown", REASON_TARGET_CGROUP_UNKNOWN, CERTAINTY_UNKNOWN},
	{"target-comm-changed", REASON_TARGET_COMM_CHANGED, CERTAINTY_CERTAIN},
	{"target-names-seed", REASON_TARGET_NAMES_SEED, CERTAINTY_CERTAIN},
	{"target-list-incomplete", REASON_TARGET_LIST_INCOMPLETE, CERTAINTY_LIKELY},
	{"cause-result-unknown", REASON_CAUSE_RESULT_UNKNOWN, CERTAINTY_LIKELY},
};

static void test_reason(void **state)
{
	const struct reason_row *row = *state;

	assert_string_equal(reason_name(row->reason), row->name);
	assert_int_equal(reasons_certainty(UINT32_C(1) << row->reason), row->left);
}

static const struct certainty_row {
	const char *name;
	uint32_t reasons;
	enum certainty left;
} certainty_rows[] = {
	{"no reason leaves certain", 0, CERTAINTY_CERTAIN},
	{"reasons that only explain leave certain",
		REASON_BIT(SENDER_CMDLINE_TITLE) | REASON_BIT(SENDER_CMDLINE_CUT) |
			REASON_BIT(SENDER_ANCESTRY_INCOMPLETE) | REASON_BIT(TARGET_COMM_CHANGED),
		CERTAINTY_CERTAIN},
	{"the first of all counts", REASON_BIT(SENDER_SEED), CERTAINTY_LIKELY},
	{"the last of all counts", REASON_BIT(CAUSE_RESULT_UNKNOWN), CERTAINTY_LIKELY},
	{"several likely ones stay likely",
		REASON_BIT(SENDER_SEED) | REASON_BIT(TARGET_SEED) |
			REASON_BIT(CAUSE_RESULT_UNKNOWN),
		CERTAINTY_LIKELY},
	{"unknown before likely", REASON_BIT(SENDER_GONE) | REASON_BIT(TARGET_SEED),
		CERTAINTY_UNKNOWN},
	{"unknown after likely", REASON_BIT(SENDER_SEED) | REASON_BIT(TARGET_GONE),
		CERTAINTY_UNKNOWN},
	{"all", (UINT32_C(1) << N_REASONS) - 1, CERTAINTY_UNKNOWN},
};

static void test_certainty(void **state)
{
	const struct certainty_row *row = *state;

	assert_int_equal(reasons_certainty(row->reasons), row->left);
}

static void test_list_is_closed(void **state)
{
	(void)state;
	assert_int_equal(ELEMENTS(reason_rows), N_REASONS);
}

static void test_names(void **state)
{
	(void)state;
	assert_string_equal(certainty_name(CERTAINTY_CERTAIN), "certain");
	assert_string_equal(certainty_name(CERTAINTY_LIKELY), "likely");
	assert_string_equal(certainty_name(CERTAINTY_UNKNOWN), "unknown");
}

/* A reader tells by the part what is weak, and by both words what it is. */
static void test_parts(void **state)
{
	(void)state;
	for (unsigned reason = 0; reason < N_REASONS; reason++) {
		const char *name = reason_name((enum reason)reason);

		assert_true(strncmp(name, "sender-", 7) == 0 || strncmp(name, "target-", 7) == 0 ||
			    strncmp(name, "cause-", 6) == 0);
		for (unsigned other = 0; other < reason; other++)
			assert_string_not_equal(name, reason_name((enum reason)other));
	}
}

int main(void)
{
	static const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_list_is_closed),
		cmocka_unit_test(test_names),
		cmocka_unit_test(test_parts),
	};

	return ROWS_RUN(test_reason, reason_rows) + ROWS_RUN(test_certainty, certainty_rows) +
	       cmocka_run_group_tests(tests, NULL, NULL);
}
