/* SPDX-License-Identifier: GPL-2.0-or-later */
/* SPDX-FileCopyrightText: The killauditd authors */

#include <string.h>

#include "rows.h"

#include "core/audit-guard.h"
#include "core/coverage.h"

#define S    USEC_PER_SEC
#define PAST (1000000 * S) /* the wall clock's time of boot */

/* Times of a story are seconds since boot; 0 ends it. */
enum step_kind { LOOK, TOLD, STOP };

#define NO_GAP 0

struct step {
	unsigned at;
	enum step_kind kind;
	/* LOOK: the state that is found. */
	uint32_t missing_rules, enabled;
	/* TOLD */
	enum config_change change;
	unsigned told; /* when it happened; 0: now */
	/* What is expected of LOOK and STOP. */
	bool add_rules, enable;
	unsigned look_again;
	uint32_t coverage;
	unsigned rules_since, enabled_since; /* where a gap began that ends now; NO_GAP */
};

#define AWAY          .kind = LOOK, .missing_rules = 0x81, .enabled = 1
#define THERE         .kind = LOOK, .enabled = 1
#define OFF           .kind = LOOK, .enabled = 0
#define BOTH          .kind = LOOK, .missing_rules = 1, .enabled = 0
#define LOCKED        .kind = LOOK, .enabled = 2
#define LOCKED_AWAY   .kind = LOOK, .missing_rules = 1, .enabled = 2
#define REMOVED       .kind = TOLD, .change = CONFIG_CHANGE_OUR_RULE_REMOVED
#define SWITCHED_OFF  .kind = TOLD, .change = CONFIG_CHANGE_SWITCHED_OFF
#define ADDED         .kind = TOLD, .change = CONFIG_CHANGE_OUR_RULE_ADDED
#define OTHER_RULE    .kind = TOLD, .change = CONFIG_CHANGE_OTHER_RULE
#define MISSING       COVERAGE_BIT(RULES_MISSING)
#define DISABLED      COVERAGE_BIT(AUDIT_DISABLED)
#define LOCKED_REASON COVERAGE_BIT(RULES_LOCKED)

/* All begin at 10 s, with rules loaded and auditing on unless `start` says else. */
static const struct stories_row {
	const char *name;
	struct step steps[40];
	bool hands_off;
	uint32_t missing_rules; /* at the beginning */
	bool off; /* at the beginning */
} stories_rows[] = {
	{"nothing happens", {{15, THERE}, {20, THERE}, {25, .kind = STOP}}},
	{"rules found gone: since they were last seen",
		{{15, THERE}, {20, AWAY, .add_rules = true}, {21, THERE, .rules_since = 15},
			{22, THERE}, {23, .kind = STOP}}},
	{"rules found gone at the first look: since the beginning",
		{{15, AWAY, .add_rules = true}, {16, THERE, .rules_since = 10}}},
	{"rules told to be gone: since then, and put back 2 s later",
		{{15, THERE}, {18, REMOVED}, {18, AWAY, .look_again = 20},
			{20, AWAY, .add_rules = true}, {21, THERE, .rules_since = 18},
			{26, THERE}}},
	{"the first that was told counts, the last one for the calm",
		{{15, THERE}, {17, REMOVED}, {18, REMOVED}, {18, AWAY, .look_again = 20},
			{19, REMOVED}, {20, AWAY, .look_again = 21}, {21, AWAY, .add_rules = true},
			{22, THERE, .rules_since = 17}}},
	{"told after it was found gone",
		{{15, THERE}, {20, AWAY, .add_rules = true}, {21, REMOVED, .told = 17},
			{22, THERE, .rules_since = 15}, {23, THERE}}},
	{"put back by somebody else before the calm",
		{{18, REMOVED}, {18, AWAY, .look_again = 20}, {19, THERE, .rules_since = 18},
			{20, THERE}}},
	{"somebody loads other rules meanwhile",
		{{18, REMOVED}, {19, OTHER_RULE}, {19, AWAY, .look_again = 21}, {20, OTHER_RULE},
			{21, AWAY, .look_again = 22}, {22, AWAY, .add_rules = true},
			{23, THERE, .rules_since = 18}}},
	{"other rules alone are no outage", {{18, OTHER_RULE}, {18, THERE}, {20, THERE}}},
	{"calm counts from other rules that were loaded before",
		{{15, OTHER_RULE}, {16, AWAY, .look_again = 17}, {17, AWAY, .add_rules = true}}},
	{"ours are being loaded by somebody: nothing is put back meanwhile",
		{{18, REMOVED}, {19, ADDED}, {19, AWAY, .look_again = 21}, {20, ADDED},
			{21, AWAY, .look_again = 22}, {22, AWAY, .add_rules = true},
			{23, THERE, .rules_since = 18}}},
	{"calm counts from ours that were loaded before",
		{{15, ADDED}, {16, AWAY, .look_again = 17}, {17, AWAY, .add_rules = true}}},
	{"ours that were put back are a change, too",
		{{18, REMOVED}, {20, AWAY, .add_rules = true}, {20, ADDED},
			{21, AWAY, .look_again = 22}, {22, THERE, .rules_since = 18}}},
	{"late news do not move the calm back: another's rule",
		{{18, REMOVED}, {19, OTHER_RULE, .told = 12}, {19, AWAY, .look_again = 20},
			{20, AWAY, .add_rules = true}}},
	{"late news do not move the calm back: ours added",
		{{18, OTHER_RULE}, {19, ADDED, .told = 12}, {19, AWAY, .look_again = 20}}},
	{"late news do not move the calm back: ours removed",
		{{18, ADDED}, {19, REMOVED, .told = 12}, {19, AWAY, .look_again = 20},
			{20, AWAY, .add_rules = true}, {21, THERE, .rules_since = 12}}},
	{"gone and back between two looks",
		{{15, THERE}, {17, REMOVED}, {20, THERE, .rules_since = 17}, {25, THERE}}},
	{"twice between two looks: one gap", {{15, THERE}, {16, REMOVED}, {17, REMOVED},
						     {20, THERE, .rules_since = 16}, {25, THERE}}},
	{"twice, with looks between",
		{{15, THERE}, {16, REMOVED}, {17, THERE, .rules_since = 16}, {18, REMOVED},
			{19, THERE, .rules_since = 18}, {20, THERE}}},
	{"late news of what was told already",
		{{15, THERE}, {20, AWAY, .add_rules = true}, {22, THERE, .rules_since = 15},
			{23, REMOVED, .told = 18}, {23, THERE}, {28, THERE}}},
	{"news of before the last look", {{15, THERE}, {16, REMOVED, .told = 14}, {16, THERE}}},
	{"news of the moment of the last look may be of just after it: stamps are early",
		{{15, THERE}, {16, REMOVED, .told = 15}, {16, THERE, .rules_since = 15}}},
	{"news of just after it is not",
		{{15, THERE}, {17, REMOVED, .told = 16}, {17, THERE, .rules_since = 16}}},
	{"late news do not count for the next outage",
		{{15, THERE}, {16, REMOVED, .told = 12}, {20, AWAY, .add_rules = true},
			{21, THERE, .rules_since = 15}}},
	{"old news of an outage do not count for the next",
		{{16, REMOVED}, {18, AWAY, .add_rules = true}, {19, THERE, .rules_since = 16},
			{25, AWAY, .add_rules = true}, {26, THERE, .rules_since = 19}}},
	{"what is of no rule needs no calm",
		{{15, AWAY, .add_rules = true}, {16, .kind = TOLD, .change = CONFIG_CHANGE_NONE},
			{16, .kind = TOLD, .change = CONFIG_CHANGE_SWITCHED_ON}, {16, SWITCHED_OFF},
			{16, AWAY, .add_rules = true, .enabled_since = 16},
			{17, THERE, .rules_since = 10}}},
	{"switching on and adding are no outage",
		{{15, .kind = TOLD, .change = CONFIG_CHANGE_SWITCHED_ON},
			{15, .kind = TOLD, .change = CONFIG_CHANGE_OUR_RULE_ADDED},
			{15, .kind = TOLD, .change = CONFIG_CHANGE_NONE}, {20, THERE}}},

	{"found switched off: since it was last seen on",
		{{15, THERE}, {20, OFF, .enable = true}, {20, THERE, .enabled_since = 15},
			{25, THERE}}},
	{"told to be switched off: since then, and on again at once",
		{{15, THERE}, {18, SWITCHED_OFF}, {18, OFF, .enable = true},
			{19, THERE, .enabled_since = 18}, {24, THERE}}},
	{"off and on between two looks",
		{{15, THERE}, {17, SWITCHED_OFF}, {20, THERE, .enabled_since = 17}, {25, THERE}}},
	{"late news of an outage that was told",
		{{15, THERE}, {20, OFF, .enable = true}, {21, THERE, .enabled_since = 15},
			{22, SWITCHED_OFF, .told = 17}, {22, THERE}}},
	{"no calm for auditing", {{18, OTHER_RULE}, {18, OFF, .enable = true}}},
	{"locking is no outage of auditing", {{20, LOCKED, .coverage = LOCKED_REASON}}},
	{"off, then on and locked",
		{{18, SWITCHED_OFF}, {18, OFF, .enable = true},
			{20, LOCKED, .coverage = LOCKED_REASON, .enabled_since = 18}}},

	{"both at once", {{15, THERE}, {20, BOTH, .add_rules = true, .enable = true},
				 {21, THERE, .rules_since = 15, .enabled_since = 15}, {22, THERE}}},
	{"both told, and one after the other back",
		{{17, SWITCHED_OFF}, {18, REMOVED}, {18, BOTH, .enable = true, .look_again = 20},
			{19, AWAY, .look_again = 20, .enabled_since = 17},
			{20, AWAY, .add_rules = true}, {21, THERE, .rules_since = 18}}},
	{"both blink", {{16, SWITCHED_OFF}, {17, REMOVED},
			       {20, THERE, .rules_since = 17, .enabled_since = 16}, {21, THERE}}},
	{"news of one are not of the other",
		{{15, THERE}, {17, SWITCHED_OFF}, {20, BOTH, .add_rules = true, .enable = true},
			{21, THERE, .rules_since = 15, .enabled_since = 17}}},

	{"locked: nothing can be put back",
		{{20, LOCKED_AWAY, .coverage = LOCKED_REASON | MISSING},
			{25, LOCKED_AWAY, .coverage = LOCKED_REASON | MISSING},
			{30, LOCKED, .coverage = LOCKED_REASON, .rules_since = 10}}},
	{"locked while away", {{18, REMOVED}, {18, AWAY, .look_again = 20},
				      {19, LOCKED_AWAY, .coverage = LOCKED_REASON | MISSING},
				      {30, LOCKED_AWAY, .coverage = LOCKED_REASON | MISSING}}},

	{"hands off: rules",
		{{18, REMOVED}, {18, AWAY, .coverage = MISSING}, {30, AWAY, .coverage = MISSING},
			{40, THERE, .rules_since = 18}},
		.hands_off = true},
	{"hands off: auditing",
		{{20, OFF, .coverage = DISABLED}, {30, OFF, .coverage = DISABLED},
			{40, THERE, .enabled_since = 10}},
		.hands_off = true},
	{"hands off: both, and stopped",
		{{20, BOTH, .coverage = MISSING | DISABLED},
			{40, .kind = STOP, .rules_since = 10, .enabled_since = 10}},
		.hands_off = true},
	{"hands off: locked", {{20, LOCKED_AWAY, .coverage = LOCKED_REASON | MISSING}},
		.hands_off = true},
	{"hands off: blink", {{17, REMOVED}, {20, THERE, .rules_since = 17}}, .hands_off = true},

	{"missing from the beginning",
		{{11, AWAY, .add_rules = true}, {12, THERE, .rules_since = 10}},
		.missing_rules = 0x81},
	{"off from the beginning", {{11, OFF, .enable = true}, {12, THERE, .enabled_since = 10}},
		.off = true},
	{"missing at the beginning, and back before the first look",
		{{11, THERE, .rules_since = 10}, {12, THERE}}, .missing_rules = 1},
	{"off at the beginning, and on before the first look",
		{{11, THERE, .enabled_since = 10}, {12, THERE}}, .off = true},
	{"both from the beginning, and stopped before the first look",
		{{11, .kind = STOP, .rules_since = 10, .enabled_since = 10}}, .missing_rules = 1,
		.off = true},
	{"both from the beginning, and never there",
		{{10, BOTH, .add_rules = true, .enable = true},
			{12, .kind = STOP, .rules_since = 10, .enabled_since = 10}},
		.missing_rules = 0x80, .off = true},
	{"stopped while rules are away", {{18, REMOVED}, {18, AWAY, .look_again = 20},
						 {19, .kind = STOP, .rules_since = 18}}},
	{"stopped while auditing is off",
		{{15, THERE}, {18, OFF, .enable = true}, {19, .kind = STOP, .enabled_since = 15}}},
	{"stopped after all is back",
		{{18, BOTH, .add_rules = true, .enable = true},
			{19, THERE, .rules_since = 10, .enabled_since = 10}, {20, .kind = STOP}}},

	{"told, and stopped before it was looked at: rules",
		{{15, THERE}, {18, REMOVED}, {19, REMOVED}, {20, .kind = STOP, .rules_since = 18}}},
	{"told, and stopped before it was looked at: auditing",
		{{15, THERE}, {18, SWITCHED_OFF}, {20, .kind = STOP, .enabled_since = 18}}},
	{"told, and stopped before it was looked at: both",
		{{15, THERE}, {17, REMOVED}, {18, SWITCHED_OFF},
			{20, .kind = STOP, .rules_since = 17, .enabled_since = 18}}},
	{"told, and stopped before the first look",
		{{11, REMOVED}, {12, .kind = STOP, .rules_since = 11}}},
	{"told late, and stopped: it is told already",
		{{15, THERE}, {18, REMOVED, .told = 14}, {18, SWITCHED_OFF, .told = 14},
			{20, .kind = STOP}}},
	{"told of what was seen to be away: since it was last there",
		{{15, THERE}, {18, AWAY, .add_rules = true}, {19, REMOVED, .told = 17},
			{20, .kind = STOP, .rules_since = 15}}},
	{"told, but it was away from the beginning",
		{{11, REMOVED}, {11, SWITCHED_OFF},
			{12, .kind = STOP, .rules_since = 10, .enabled_since = 10}},
		.missing_rules = 1, .off = true},
	{"hands off: told, and stopped before it was looked at",
		{{18, REMOVED}, {20, .kind = STOP, .rules_since = 18}}, .hands_off = true},
	{"told, seen to be back, and stopped",
		{{18, REMOVED}, {18, SWITCHED_OFF},
			{19, THERE, .rules_since = 18, .enabled_since = 18}, {20, .kind = STOP}}},
	{"others' rules are nothing to tell at the end",
		{{18, OTHER_RULE}, {18, ADDED}, {20, .kind = STOP}}},

	{"five times, and no sixth: away until somebody else puts them back",
		{{20, AWAY, .add_rules = true}, {21, THERE, .rules_since = 10},
			{120, AWAY, .add_rules = true}, {121, THERE, .rules_since = 21},
			{220, AWAY, .add_rules = true}, {221, THERE, .rules_since = 121},
			{320, AWAY, .add_rules = true}, {321, THERE, .rules_since = 221},
			{420, AWAY, .add_rules = true}, {421, THERE, .rules_since = 321},
			{619, AWAY, .coverage = MISSING}, {620, AWAY, .coverage = MISSING},
			{5000, AWAY, .coverage = MISSING}, {5001, THERE, .rules_since = 421},
			{5010, AWAY, .add_rules = true}, {5011, THERE, .rules_since = 5001}}},
	{"given up, put back, and removed again at once: it is still meant",
		{{20, AWAY, .add_rules = true}, {21, AWAY, .add_rules = true},
			{22, AWAY, .add_rules = true}, {23, AWAY, .add_rules = true},
			{24, AWAY, .add_rules = true}, {25, AWAY, .coverage = MISSING},
			{30, THERE, .rules_since = 10}, {40, AWAY, .coverage = MISSING},
			{50, THERE, .rules_since = 30}, {620, AWAY, .add_rules = true},
			{621, AWAY, .add_rules = true}, {622, AWAY, .add_rules = true},
			{623, AWAY, .add_rules = true}, {624, AWAY, .add_rules = true},
			{625, AWAY, .coverage = MISSING}}},
	{"a sixth as soon as the first is ten minutes ago",
		{{20, AWAY, .add_rules = true}, {21, THERE, .rules_since = 10},
			{30, AWAY, .add_rules = true}, {40, AWAY, .add_rules = true},
			{50, AWAY, .add_rules = true, .coverage = MISSING},
			{60, AWAY, .add_rules = true, .coverage = MISSING},
			{620, AWAY, .add_rules = true, .coverage = MISSING},
			{629, AWAY, .coverage = MISSING}}},
	{"somebody who changes rules all the time: what is away for long is told",
		{{18, REMOVED}, {18, AWAY, .look_again = 20}, {19, OTHER_RULE},
			{20, AWAY, .look_again = 21}, {28, OTHER_RULE},
			{28, AWAY, .look_again = 30}, {29, OTHER_RULE},
			{29, AWAY, .look_again = 31, .coverage = MISSING}}},
	{"waiting for calm is no repair",
		{{18, REMOVED}, {18, AWAY, .look_again = 20}, {18, AWAY, .look_again = 20},
			{19, AWAY, .look_again = 20}, {19, AWAY, .look_again = 20},
			{19, AWAY, .look_again = 20}, {19, AWAY, .look_again = 20},
			{20, AWAY, .add_rules = true}}},
	{"switched on however often",
		{{20, OFF, .enable = true}, {21, THERE, .enabled_since = 10},
			{22, OFF, .enable = true}, {23, THERE, .enabled_since = 21},
			{24, OFF, .enable = true}, {25, THERE, .enabled_since = 23},
			{26, OFF, .enable = true}, {27, THERE, .enabled_since = 25},
			{28, OFF, .enable = true}, {29, THERE, .enabled_since = 27},
			{30, OFF, .enable = true}, {31, THERE, .enabled_since = 29}}},
	{"switched on as long as it is off, and told when that does not help",
		{{20, OFF, .enable = true}, {25, OFF, .enable = true}, {30, OFF, .enable = true},
			{31, OFF, .enable = true, .coverage = DISABLED},
			{36, OFF, .enable = true, .coverage = DISABLED},
			{41, THERE, .enabled_since = 10}}},
	{"both often: rules are given up, auditing is switched on",
		{{20, BOTH, .add_rules = true, .enable = true},
			{21, BOTH, .add_rules = true, .enable = true},
			{22, BOTH, .add_rules = true, .enable = true},
			{23, BOTH, .add_rules = true, .enable = true},
			{24, BOTH, .add_rules = true, .enable = true},
			{25, BOTH, .enable = true, .coverage = MISSING},
			{26, AWAY, .coverage = MISSING, .enabled_since = 10},
			{5000, THERE, .rules_since = 10}}},
	{"rules given up, auditing not",
		{{20, AWAY, .add_rules = true}, {21, AWAY, .add_rules = true},
			{22, AWAY, .add_rules = true}, {23, AWAY, .add_rules = true},
			{24, AWAY, .add_rules = true},
			{25, BOTH, .enable = true, .coverage = MISSING},
			{26, THERE, .rules_since = 10, .enabled_since = 24}}},
	{"stopped after it was given up",
		{{20, AWAY, .add_rules = true}, {21, AWAY, .add_rules = true},
			{22, AWAY, .add_rules = true}, {23, AWAY, .add_rules = true},
			{24, AWAY, .add_rules = true}, {25, AWAY, .coverage = MISSING},
			{30, .kind = STOP, .rules_since = 10}}},
};

static struct clocks clocks_at(unsigned seconds)
{
	/* What does not count while the machine is suspended tells nothing here. */
	return (struct clocks){PAST + seconds * S, 7, seconds * S};
}

static void assert_gap(const struct audit_verdict *verdict, size_t *n, enum gap_reason reason,
	unsigned since, unsigned until)
{
	const struct gap *gap = &verdict->gaps[*n];

	if (since == NO_GAP)
		return;
	assert_true(*n < verdict->n_gaps);
	assert_int_equal(gap->reason, reason);
	assert_int_equal(gap->start_usec, PAST + since * S);
	assert_int_equal(gap->end_usec, PAST + until * S);
	assert_int_equal(gap->n_lost, 0);
	++*n;
}

static void assert_verdict(const struct audit_verdict *verdict, const struct step *step)
{
	size_t n = 0;

	assert_int_equal(verdict->add_rules, step->add_rules);
	assert_int_equal(verdict->enable, step->enable);
	assert_int_equal(verdict->look_again_usec, step->look_again * S);
	assert_int_equal(verdict->coverage_reasons, step->coverage);
	assert_gap(verdict, &n, GAP_RULES_REMOVED, step->rules_since, step->at);
	assert_gap(verdict, &n, GAP_AUDIT_DISABLED, step->enabled_since, step->at);
	assert_int_equal(verdict->n_gaps, n);
}

static void step_take(struct audit_guard *guard, const struct step *step)
{
	const struct audit_state state = {step->enabled, step->missing_rules};
	const struct clocks now = clocks_at(step->at);
	struct audit_verdict verdict;

	memset(&verdict, '?', sizeof(verdict));
	switch (step->kind) {
	case LOOK:
		audit_guard_look(guard, &state, &now, &verdict);
		assert_verdict(&verdict, step);
		break;
	case TOLD:
		audit_guard_told(guard, step->change, (step->told ? step->told : step->at) * S);
		break;
	case STOP:
		audit_guard_stop(guard, &now, &verdict);
		assert_verdict(&verdict, step);
		break;
	}
}

static void test_stories(void **state)
{
	const struct stories_row *row = *state;
	const struct audit_state first = {!row->off, row->missing_rules};
	const struct clocks now = clocks_at(10);
	struct audit_guard guard;

	memset(&guard, '?', sizeof(guard));
	audit_guard_start(&guard, &first, &now, row->hands_off);
	for (const struct step *step = row->steps; step->at; step++) {
		print_message("at %u\n", step->at);
		step_take(&guard, step);
	}
}

/* To the microsecond. */
static void test_bounds(void **state)
{
	const struct audit_state there = {1, 0}, away = {1, 1};
	struct clocks now = clocks_at(10);
	struct audit_verdict verdict;
	struct audit_guard guard;

	(void)state;
	audit_guard_start(&guard, &there, &now, false);
	audit_guard_told(&guard, CONFIG_CHANGE_OUR_RULE_REMOVED, 10 * S + 1);
	now.boottime_usec = 12 * S;
	audit_guard_look(&guard, &away, &now, &verdict);
	assert_false(verdict.add_rules);
	assert_int_equal(verdict.look_again_usec, 12 * S + 1);
	now.boottime_usec = 12 * S + 1;
	for (size_t i = 0; i < AUDIT_GUARD_REPAIRS_MAX; i++) {
		audit_guard_look(&guard, &away, &now, &verdict);
		assert_true(verdict.add_rules);
	}
	now.boottime_usec += AUDIT_GUARD_PERIOD_USEC - 1;
	audit_guard_look(&guard, &there, &now, &verdict);
	audit_guard_look(&guard, &away, &now, &verdict);
	assert_false(verdict.add_rules);
	audit_guard_look(&guard, &there, &now, &verdict);
	now.boottime_usec++;
	audit_guard_look(&guard, &away, &now, &verdict);
	assert_true(verdict.add_rules);
}

int main(void)
{
	static const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_bounds),
	};

	return ROWS_RUN(test_stories, stories_rows) + cmocka_run_group_tests(tests, NULL, NULL);
}
