/* SPDX-License-Identifier: GPL-2.0-or-later */
/* SPDX-FileCopyrightText: The killauditd authors */

#include "unit.h"

#include <linux/audit.h>
#include <string.h>

#include "core/audit-rules.h"
#include "rows.h"
#include "rule-builder.h"

static union audit_rule rule_of_three_fields(void)
{
	union audit_rule rule = {};

	rule_add(&rule.data, AUDIT_ARCH, AUDIT_EQUAL, AUDIT_ARCH_X86_64);
	rule_add(&rule.data, AUDIT_ARG1, AUDIT_NOT_EQUAL, 0);
	rule_add_string(&rule.data, AUDIT_FILTERKEY, AUDIT_RULE_KEY);
	return rule;
}

static const struct equal_row {
	const char *name;
	size_t offset; /* of the byte that differs */
	bool expected;
} equal_rows[] = {
#define AT(member) offsetof(struct audit_rule_data, member)
	{"filter", AT(flags), false},
	{"action", AT(action), false},
	{"first system call", AT(mask[0]), false},
	{"last system call", AT(mask[AUDIT_BITMASK_SIZE]) - 1, false},
	{"first field", AT(fields[0]), false},
	{"last field", AT(fields[2]), false},
	{"beyond the last field", AT(fields[3]), true},
	{"first operator", AT(fieldflags[0]), false},
	{"last operator", AT(fieldflags[2]), false},
	{"beyond the last operator", AT(fieldflags[3]), true},
	{"first value", AT(values[0]), false},
	{"last value", AT(values[2]), false},
	{"beyond the last value", AT(values[3]), true},
	{"number of fields", AT(field_count), false},
	{"length of the strings", AT(buflen), false},
	{"first byte of the strings", AT(buf), false},
	{"last byte of the strings", AT(buf) + sizeof(AUDIT_RULE_KEY) - 2, false},
	{"beyond the strings", AT(buf) + sizeof(AUDIT_RULE_KEY) - 1, true},
};

static void test_equal(void **state)
{
	const struct equal_row *row = *state;
	union audit_rule rule = rule_of_three_fields(), other = rule;

	assert_true(audit_rule_equal(&rule.data, &other.data));
	other.room[row->offset] ^= 1;
	assert_int_equal(audit_rule_equal(&rule.data, &other.data), row->expected);
	assert_int_equal(audit_rule_equal(&other.data, &rule.data), row->expected);
}

static void test_equal_with_too_many_fields(void **state)
{
	union audit_rule rule = rule_of_three_fields();

	(void)state;
	rule.data.field_count = AUDIT_MAX_FIELDS;
	assert_true(audit_rule_equal(&rule.data, &rule.data));
	rule.data.field_count = AUDIT_MAX_FIELDS + 1;
	assert_false(audit_rule_equal(&rule.data, &rule.data));
}

static union audit_rule rule_of_kill(void)
{
	union audit_rule rule = {};

	rule_set_kill(&rule.data);
	return rule;
}

static void test_key_after_other_strings(void **state)
{
	static const uint32_t with_string[] = {AUDIT_SUBJ_USER, AUDIT_SUBJ_ROLE, AUDIT_SUBJ_TYPE,
		AUDIT_SUBJ_SEN, AUDIT_SUBJ_CLR, AUDIT_OBJ_USER, AUDIT_OBJ_ROLE, AUDIT_OBJ_TYPE,
		AUDIT_OBJ_LEV_LOW, AUDIT_OBJ_LEV_HIGH, AUDIT_WATCH, AUDIT_DIR, AUDIT_EXE};

	(void)state;
	for (size_t i = 0; i < ELEMENTS(with_string); i++) {
		union audit_rule rule = rule_of_kill();

		print_message("field %u\n", with_string[i]);
		rule_add(&rule.data, AUDIT_ARG1, AUDIT_EQUAL, 9);
		rule_add_string(&rule.data, with_string[i], AUDIT_RULE_KEY);
		assert_false(audit_rule_is_ours(&rule.data));
		rule_add_string(&rule.data, AUDIT_DIR, "/etc");
		rule_add_string(&rule.data, AUDIT_FILTERKEY, AUDIT_RULE_KEY);
		assert_true(audit_rule_is_ours(&rule.data));
		rule.data.buf[rule.data.buflen - 1]++;
		assert_false(audit_rule_is_ours(&rule.data));
	}
}

static const struct key_row {
	const char *name;
	const char *key;
	bool expected;
} key_rows[] = {
	{"ours", AUDIT_RULE_KEY, true},
	{"another", "somebody's", false},
	{"empty", "", false},
	{"longer", AUDIT_RULE_KEY "2", false},
	{"shorter", "killaudit", false},
	{"another case", "Killauditd", false},
	{"ours and another", AUDIT_RULE_KEY "\x01other", false},
	{"another and ours", "other\x01" AUDIT_RULE_KEY, false},
};

static void test_key(void **state)
{
	const struct key_row *row = *state;
	union audit_rule rule = rule_of_kill();

	assert_false(audit_rule_is_ours(&rule.data));
	rule_add_string(&rule.data, AUDIT_FILTERKEY, row->key);
	assert_int_equal(audit_rule_is_ours(&rule.data), row->expected);
	rule_add_string(&rule.data, AUDIT_EXE, "/bin/kill");
	assert_int_equal(audit_rule_is_ours(&rule.data), row->expected);
}

/* With our key, but of other system calls: somebody else's. */
static void test_calls(void **state)
{
	union audit_rule rule = {};

	(void)state;
	rule_add_string(&rule.data, AUDIT_FILTERKEY, AUDIT_RULE_KEY);
	assert_false(audit_rule_is_ours(&rule.data));
	rule.data.mask[0] = 1U << 5;
	assert_false(audit_rule_is_ours(&rule.data));
	rule_set_kill(&rule.data);
	assert_false(audit_rule_is_ours(&rule.data));
	rule.data.mask[0] &= ~(1U << 5);
	assert_true(audit_rule_is_ours(&rule.data));
}

static void test_key_of_broken_rule(void **state)
{
	union audit_rule rule = rule_of_kill();

	(void)state;
	rule_add_string(&rule.data, AUDIT_FILTERKEY, AUDIT_RULE_KEY);
	rule.data.buflen--;
	assert_false(audit_rule_is_ours(&rule.data)); /* key beyond the strings */

	rule = rule_of_kill();
	rule_add_string(&rule.data, AUDIT_FILTERKEY, AUDIT_RULE_KEY);
	rule.data.field_count = 0;
	assert_false(audit_rule_is_ours(&rule.data)); /* key beyond the fields */

	rule = rule_of_kill();
	for (int i = 0; i < AUDIT_MAX_FIELDS; i++)
		rule_add(&rule.data, AUDIT_DIR, AUDIT_EQUAL, UINT32_MAX);
	rule.data.field_count = UINT32_MAX;
	assert_false(audit_rule_is_ours(&rule.data)); /* more fields than there can be */
	rule.data.fields[AUDIT_MAX_FIELDS - 1] = AUDIT_FILTERKEY;
	rule.data.values[AUDIT_MAX_FIELDS - 1] = strlen(AUDIT_RULE_KEY);
	assert_false(audit_rule_is_ours(&rule.data)); /* strings longer than there is room */
}

int main(void)
{
	static const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_equal_with_too_many_fields),
		cmocka_unit_test(test_key_after_other_strings),
		cmocka_unit_test(test_calls),
		cmocka_unit_test(test_key_of_broken_rule),
	};

	return ROWS_RUN(test_equal, equal_rows) + ROWS_RUN(test_key, key_rows) +
	       cmocka_run_group_tests(tests, NULL, NULL);
}
