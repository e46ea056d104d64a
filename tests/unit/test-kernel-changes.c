/* SPDX-License-Identifier: GPL-2.0-or-later */
/* SPDX-FileCopyrightText: The killauditd authors */

#include "unit.h"

#include <linux/audit.h>

#include "core/audit-rules.h"
#include "core/kernel-changes.h"
#include "rows.h"
#include "rule-builder.h"

static void assert_changes_equal(const struct kernel_changes *a, const struct kernel_changes *b)
{
	assert_int_equal(a->enabled_changed, b->enabled_changed);
	assert_int_equal(a->switched_on_usec, b->switched_on_usec);
	assert_int_equal(a->backlog_limit_changed, b->backlog_limit_changed);
	assert_int_equal(a->backlog_limit, b->backlog_limit);
	assert_int_equal(a->added_rules, b->added_rules);
	assert_int_equal(a->connector, b->connector);
	assert_int_equal(a->company.daemon_pid, b->company.daemon_pid);
	assert_int_equal(a->company.rules, b->company.rules);
	assert_int_equal(a->company.n_listeners, b->company.n_listeners);
	for (size_t i = 0; i < a->company.n_listeners; i++)
		assert_int_equal(a->company.listeners[i], b->company.listeners[i]);
}

static const struct format_row {
	const char *name;
	struct kernel_changes changes;
	bool any;
	const char *text;
} format_rows[] = {
	{"nothing", {}, false, "daemon_pid 0\nother_rules 0\n"},
	{"company alone is no change",
		{.company = {.daemon_pid = 7, .rules = 8, .listeners = {9}, .n_listeners = 1}},
		false, "daemon_pid 7\nother_rules 8\nlistener 9\n"},
	{"enabled", {.enabled_changed = true, .switched_on_usec = 12345678}, true,
		"enabled 0\nswitched_on_usec 12345678\ndaemon_pid 0\nother_rules 0\n"},
	{"backlog limit", {.backlog_limit_changed = true, .backlog_limit = 64}, true,
		"backlog_limit 64\ndaemon_pid 0\nother_rules 0\n"},
	{"backlog limit of 0", {.backlog_limit_changed = true}, true,
		"backlog_limit 0\ndaemon_pid 0\nother_rules 0\n"},
	{"rules", {.added_rules = 0x81}, true, "added_rules 81\ndaemon_pid 0\nother_rules 0\n"},
	{"connector", {.connector = 4711}, true, "connector 4711\ndaemon_pid 0\nother_rules 0\n"},
	{"everything, as large as it gets",
		{
			.enabled_changed = true,
			.switched_on_usec = UINT64_MAX,
			.backlog_limit_changed = true,
			.backlog_limit = UINT32_MAX,
			.added_rules = UINT32_MAX,
			.connector = UINT64_MAX,
			.company =
				{
					.daemon_pid = UINT32_MAX,
					.rules = UINT64_MAX,
					.listeners = {0, 5, UINT32_MAX},
					.n_listeners = 3,
				},
		},
		true,
		"enabled 0\nswitched_on_usec 18446744073709551615\n"
		"backlog_limit 4294967295\nadded_rules ffffffff\n"
		"connector 18446744073709551615\n"
		"daemon_pid 4294967295\nother_rules ffffffffffffffff\n"
		"listener 0\nlistener 5\nlistener 4294967295\n"},
};

static void test_format(void **state)
{
	const struct format_row *row = *state;
	struct buffer text = {};
	struct kernel_changes changes;

	assert_int_equal(kernel_changes_any(&row->changes), row->any);
	kernel_changes_format(&row->changes, &text);
	assert_string_equal(text.data, row->text);
	kernel_changes_parse(text.data, &changes);
	assert_changes_equal(&changes, &row->changes);
	buffer_done(&text);
}

static void test_round_trip_of_many_listeners(void **state)
{
	struct kernel_changes changes = {.company.n_listeners = AUDIT_LISTENERS_MAX}, again;
	struct buffer text = {};

	(void)state;
	for (uint32_t i = 0; i < AUDIT_LISTENERS_MAX; i++)
		changes.company.listeners[i] = 4000000000 + i;
	kernel_changes_format(&changes, &text);
	kernel_changes_parse(text.data, &again);
	assert_changes_equal(&again, &changes);
	buffer_append_string(&text, "listener 1\nlistener 2\nbacklog_limit 3\n");
	kernel_changes_parse(text.data, &again);
	changes.backlog_limit_changed = true;
	changes.backlog_limit = 3;
	assert_changes_equal(&again, &changes);
	buffer_done(&text);
}

static const struct parse_row {
	const char *name;
	const char *text;
	struct kernel_changes expected;
} parse_rows[] = {
	{"no file", NULL, {}},
	{"empty", "", {}},
	{"empty lines", "\n\n\n", {}},
	{"no line feed at the end", "enabled 0\nbacklog_limit 64",
		{.enabled_changed = true, .backlog_limit_changed = true, .backlog_limit = 64}},
	{"another order", "listener 5\nother_rules a\nenabled 0\n",
		{.enabled_changed = true,
			.company = {.rules = 10, .listeners = {5}, .n_listeners = 1}}},
	{"lines of another version", "colour blue\nenabled 0\nfailure_mode 1\nlistener 5\n",
		{.enabled_changed = true, .company = {.listeners = {5}, .n_listeners = 1}}},
	{"name that begins like ours", "enabled_since 0\nlisteners 5\nbacklog_limits 6\n", {}},
	{"name that ends like ours", "not_enabled 0\nmy_listener 5\n", {}},
	{"enabled was not 0", "enabled 1\n", {}},
	{"names without values", "enabled\nbacklog_limit\nlistener\nadded_rules\n", {}},
	{"cut after a name", "enabled ", {}},
	{"values that are no numbers",
		"enabled no\nbacklog_limit -\nlistener x\nadded_rules g\ndaemon_pid ?\n", {}},
	{"more on the line is passed over", "backlog_limit 64 128\n",
		{.backlog_limit_changed = true, .backlog_limit = 64}},
	{"twice: the last", "backlog_limit 1\nbacklog_limit 2\nadded_rules 1\nadded_rules 2\n",
		{.backlog_limit_changed = true, .backlog_limit = 2, .added_rules = 2}},
	{"value on the next line", "backlog_limit\n5\nenabled\n0\nlistener\n7\n", {}},
	{"numbers that are too large",
		"backlog_limit 4294967296\nlistener 4294967296\nadded_rules 100000000\n"
		"daemon_pid 18446744073709551617\nother_rules 10000000000000000\n",
		{}},
	{"negative numbers",
		"backlog_limit -1\nlistener -1\nadded_rules -1\ndaemon_pid -1\nother_rules -1\n",
		{}},
	{"a connector", "enabled 0\nconnector 4711\nlistener 5\n",
		{.enabled_changed = true,
			.connector = 4711,
			.company = {.listeners = {5}, .n_listeners = 1}}},
	{"no connector", "connector 0\n", {}},
	{"connectors that are none",
		"connector\nconnector \nconnector -1\nconnector +1\nconnector x\n"
		"connector 18446744073709551616\nconnectors 5\nmy_connector 5\n",
		{}},
	{"a connector in hex is cut at what is no digit", "connector 1f\n", {.connector = 1}},
	{"bytes that are not text", "\x01\xff\xfe\nenabled 0\n", {.enabled_changed = true}},
};

static void test_parse(void **state)
{
	const struct parse_row *row = *state;
	struct kernel_changes changes = {.backlog_limit = 4711, .added_rules = 4711};

	kernel_changes_parse(row->text, &changes);
	assert_changes_equal(&changes, &row->expected);
}

static union audit_rule rule_of_somebody(uint32_t action, const char *key)
{
	union audit_rule rule = {.data = {.flags = AUDIT_FILTER_EXIT, .action = action}};

	rule_set_kill(&rule.data);
	rule_add_string(&rule.data, AUDIT_FILTERKEY, key);
	return rule;
}

static const struct digest_row {
	const char *name;
	const char *rules[4]; /* keys; "+" and a key is another rule with that key */
	bool same_as_first;
} digest_rows[] = {
	{"two rules", {"a", "b"}, true},
	{"ours before", {AUDIT_RULE_KEY, "a", "b"}, true},
	{"ours between", {"a", AUDIT_RULE_KEY, "b"}, true},
	{"ours after, another version's too", {"a", "b", AUDIT_RULE_KEY, "+" AUDIT_RULE_KEY}, true},
	{"another order", {"b", "a"}, false},
	{"one gone", {"a"}, false},
	{"the other gone", {"b"}, false},
	{"none left", {}, false},
	{"none but ours", {AUDIT_RULE_KEY}, false},
	{"one more", {"a", "b", "c"}, false},
	{"one twice", {"a", "b", "b"}, false},
	{"another key", {"a", "c"}, false},
	{"a longer key", {"a", "bb"}, false},
	{"the same key, another action", {"a", "+b"}, false},
	{"key that begins like ours", {"a", "b", AUDIT_RULE_KEY "2"}, false},
};

static uint64_t digest_of(const struct digest_row *row)
{
	uint64_t digest = 0;

	for (size_t i = 0; i < ELEMENTS(row->rules) && row->rules[i]; i++) {
		bool other = row->rules[i][0] == '+';
		union audit_rule rule =
			rule_of_somebody(other ? AUDIT_NEVER : AUDIT_ALWAYS, row->rules[i] + other);

		digest = audit_company_add_rule(digest, &rule.data);
	}
	return digest;
}

static void test_digest(void **state)
{
	const struct digest_row *row = *state;

	assert_int_not_equal(digest_of(&digest_rows[0]), 0);
	assert_int_equal(digest_of(row) == digest_of(&digest_rows[0]), row->same_as_first);
}

static void test_digest_of_every_byte(void **state)
{
	union audit_rule rule = rule_of_somebody(AUDIT_ALWAYS, "somebody");
	size_t len = sizeof(rule.data) + rule.data.buflen;
	uint64_t digest = audit_company_add_rule(0, &rule.data);

	(void)state;
	for (size_t i = 0; i <= len; i++) {
		union audit_rule other = rule;

		if (i / sizeof(uint32_t) ==
			offsetof(struct audit_rule_data, buflen) / sizeof(uint32_t))
			continue; /* else the rule would be longer than it is */
		other.room[i] ^= 1;
		assert_int_equal(audit_company_add_rule(0, &other.data) == digest, i == len);
	}
}

static const struct audit_company nobody = {}, somebody = {7, 8, {5, 6}, 2},
				  stale = {.listeners = {5}, .n_listeners = 0};
static const struct company_row {
	const char *name;
	const struct audit_company *then;
	struct audit_company now;
	bool expected;
} company_rows[] = {
	{"nobody, still", &nobody, {}, true},
	{"an audit daemon came", &nobody, {.daemon_pid = 1}, false},
	{"a rule came", &nobody, {.rules = 1}, false},
	{"a listener came", &nobody, {.listeners = {5}, .n_listeners = 1}, false},
	{"the same, still", &somebody, {7, 8, {5, 6}, 2}, true},
	{"listeners in another order", &somebody, {7, 8, {6, 5}, 2}, true},
	{"the audit daemon went", &somebody, {0, 8, {5, 6}, 2}, true},
	{"another audit daemon", &somebody, {8, 8, {5, 6}, 2}, false},
	{"other rules", &somebody, {7, 9, {5, 6}, 2}, false},
	{"the rules went", &somebody, {7, 0, {5, 6}, 2}, true},
	{"a listener went", &somebody, {7, 8, {6}, 1}, true},
	{"all listeners went", &somebody, {7, 8, {}, 0}, true},
	{"one listener more", &somebody, {7, 8, {5, 6, 9}, 3}, false},
	{"one listener for another", &somebody, {7, 8, {5, 9}, 2}, false},
	{"first listener is another", &somebody, {7, 8, {9, 6}, 2}, false},
	{"what stands beyond the count does not count", &somebody, {7, 8, {5, 9}, 1}, true},
	{"what stood beyond the count does not count", &stale, {.listeners = {5}, .n_listeners = 1},
		false},
};

static void test_company_unchanged(void **state)
{
	const struct company_row *row = *state;

	assert_int_equal(audit_company_unchanged(row->then, &row->now), row->expected);
}

int main(void)
{
	static const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_round_trip_of_many_listeners),
		cmocka_unit_test(test_digest_of_every_byte),
	};

	return ROWS_RUN(test_format, format_rows) + ROWS_RUN(test_parse, parse_rows) +
	       ROWS_RUN(test_digest, digest_rows) + ROWS_RUN(test_company_unchanged, company_rows) +
	       cmocka_run_group_tests(tests, NULL, NULL);
}
