/* SPDX-License-Identifier: GPL-2.0-or-later */
/* SPDX-FileCopyrightText: The killauditd authors */

#include "core/audit-guard.h"

#include "core/coverage.h"

/* The kernel's stamps are up to two ticks early, and cut to milliseconds. */
#define STAMP_SLACK_USEC 20000U

void audit_guard_start(struct audit_guard *guard, const struct audit_state *state,
	const struct clocks *now, bool hands_off)
{
	struct audit_outage outage = {.since_usec = now->boottime_usec,
		.there_usec = now->boottime_usec,
		.found_usec = now->boottime_usec};

	*guard = (struct audit_guard){.hands_off = hands_off, .rules = outage, .enabled = outage};
	guard->rules.away = state->missing_rules != 0;
	guard->enabled.away = state->enabled == 0;
}

/* News from before it was last seen to be there are of a time that is told already. */
static void outage_told(struct audit_outage *outage, uint64_t boottime_usec)
{
	if (!outage->told_usec && boottime_usec + STAMP_SLACK_USEC > outage->there_usec)
		outage->told_usec = boottime_usec;
}

static void rules_changed(struct audit_guard *guard, uint64_t boottime_usec)
{
	if (boottime_usec > guard->rules_changed_usec)
		guard->rules_changed_usec = boottime_usec;
}

void audit_guard_told(struct audit_guard *guard, enum config_change change, uint64_t boottime_usec)
{
	switch (change) {
	case CONFIG_CHANGE_SWITCHED_OFF:
		outage_told(&guard->enabled, boottime_usec);
		break;
	case CONFIG_CHANGE_OUR_RULE_REMOVED:
		outage_told(&guard->rules, boottime_usec);
		rules_changed(guard, boottime_usec);
		break;
	case CONFIG_CHANGE_OUR_RULE_ADDED:
	case CONFIG_CHANGE_OTHER_RULE:
		rules_changed(guard, boottime_usec);
		break;
	case CONFIG_CHANGE_SWITCHED_ON:
	case CONFIG_CHANGE_NONE:
		break;
	}
}

static struct gap outage_gap(
	const struct audit_outage *outage, enum gap_reason reason, const struct clocks *now)
{
	return (struct gap){
		.reason = reason,
		.start_usec = clocks_realtime_of(now, outage->since_usec),
		.end_usec = now->realtime_usec,
	};
}

/* True when it is away. */
static bool outage_look(struct audit_outage *outage, bool away, enum gap_reason reason,
	const struct clocks *now, struct audit_verdict *verdict)
{
	/* It went and came back between two looks: only what was told shows it. */
	bool blinked = !away && !outage->away && outage->told_usec;

	if (away && !outage->away)
		outage->found_usec = now->boottime_usec;
	if ((away && !outage->away) || blinked)
		outage->since_usec = outage->told_usec ? outage->told_usec : outage->there_usec;
	if (!away && (outage->away || blinked))
		verdict->gaps[verdict->n_gaps++] = outage_gap(outage, reason, now);
	outage->away = away;
	if (!away) {
		outage->there_usec = now->boottime_usec;
		outage->told_usec = 0;
	}
	return away;
}

/* Notes one more repair; false when there were too many of late. */
static bool repair_allowed(struct audit_guard *guard, uint64_t now_usec)
{
	uint64_t *oldest = &guard->repairs_usec[guard->n_repairs % AUDIT_GUARD_REPAIRS_MAX];

	if (guard->n_repairs >= AUDIT_GUARD_REPAIRS_MAX &&
		now_usec < *oldest + AUDIT_GUARD_PERIOD_USEC)
		return false;
	*oldest = now_usec;
	guard->n_repairs++;
	return true;
}

static void rules_repair(
	struct audit_guard *guard, const struct clocks *now, struct audit_verdict *verdict)
{
	uint64_t calm_usec = guard->rules_changed_usec + AUDIT_GUARD_CALM_USEC;

	if (guard->rules_changed_usec && now->boottime_usec < calm_usec) {
		verdict->look_again_usec = calm_usec;
		return;
	}
	verdict->add_rules = repair_allowed(guard, now->boottime_usec);
	guard->rules_given_up = !verdict->add_rules;
}

void audit_guard_failed(struct audit_guard *guard, const struct audit_verdict *verdict)
{
	if (verdict->add_rules)
		guard->n_repairs--;
}

static bool stays_away(const struct audit_outage *outage, bool hopeless, const struct clocks *now)
{
	return outage->away &&
	       (hopeless || now->boottime_usec > outage->found_usec + AUDIT_GUARD_PATIENCE_USEC);
}

void audit_guard_look(struct audit_guard *guard, const struct audit_state *state,
	const struct clocks *now, struct audit_verdict *ret)
{
	bool locked = state->enabled == 2;

	*ret = (struct audit_verdict){};
	if (!outage_look(&guard->rules, state->missing_rules != 0, GAP_RULES_REMOVED, now, ret))
		guard->rules_given_up = false; /* somebody else has put them back */
	else if (!guard->hands_off && !locked && !guard->rules_given_up)
		rules_repair(guard, now, ret);
	if (outage_look(&guard->enabled, state->enabled == 0, GAP_AUDIT_DISABLED, now, ret))
		ret->enable = !guard->hands_off;
	if (locked)
		ret->coverage_reasons |= COVERAGE_BIT(RULES_LOCKED);
	if (stays_away(&guard->rules, guard->hands_off || locked || guard->rules_given_up, now))
		ret->coverage_reasons |= COVERAGE_BIT(RULES_MISSING);
	if (stays_away(&guard->enabled, guard->hands_off, now))
		ret->coverage_reasons |= COVERAGE_BIT(AUDIT_DISABLED);
}

/* What was told and not looked at yet counts as well. */
static bool outage_is_open(const struct audit_outage *outage, uint64_t *ret_since_usec)
{
	*ret_since_usec = outage->away ? outage->since_usec : outage->told_usec;
	return outage->away || outage->told_usec;
}

uint64_t audit_guard_away_since(const struct audit_guard *guard)
{
	uint64_t rules_usec, enabled_usec;
	bool rules = outage_is_open(&guard->rules, &rules_usec);
	bool enabled = outage_is_open(&guard->enabled, &enabled_usec);

	if (rules && enabled)
		return rules_usec < enabled_usec ? rules_usec : enabled_usec;
	return rules ? rules_usec : enabled ? enabled_usec : 0;
}

static void outage_stop(const struct audit_outage *outage, enum gap_reason reason,
	const struct clocks *now, struct audit_verdict *verdict)
{
	struct audit_outage last = *outage;

	if (outage_is_open(outage, &last.since_usec))
		verdict->gaps[verdict->n_gaps++] = outage_gap(&last, reason, now);
}

void audit_guard_stop(
	const struct audit_guard *guard, const struct clocks *now, struct audit_verdict *ret)
{
	*ret = (struct audit_verdict){};
	outage_stop(&guard->rules, GAP_RULES_REMOVED, now, ret);
	outage_stop(&guard->enabled, GAP_AUDIT_DISABLED, now, ret);
}
