/* SPDX-License-Identifier: GPL-2.0-or-later */
/* SPDX-FileCopyrightText: The killauditd authors */

#include "daemon/keeper.h"

#include <string.h>

#include "daemon/kernel-setup.h"
#include "daemon/teller.h"
#include "io/clock-reader.h"

#define LOOK_INTERVAL_USEC (5 * USEC_PER_SEC)
/* A rules file that is loaded makes a change with every line. */
#define TOLD_DELAY_USEC 500000U
static void tell_coverage(struct keeper *keeper, uint32_t reasons, const struct clocks *now)
{
	struct coverage coverage = {
		.reasons = reasons |
			   (keeper->traced ? COVERAGE_BIT(KERNEL_PARTIAL) : COVERAGE_BIT(NO_TRACE)),
		.missing_rules = keeper->missing_rules,
		.blind = &keeper->blind,
	};

	if (!keeper->noted)
		coverage.reasons |= COVERAGE_BIT(NO_MARK);
	if (!keeper->connected)
		coverage.reasons |= COVERAGE_BIT(NO_CONNECTOR);
	/* The trace sees what they send. */
	if (keeper->blind.n_comms > 0 && !keeper->traced)
		coverage.reasons |= COVERAGE_BIT(BLIND_TASKS);
	teller_tell_coverage(keeper->teller, &coverage, now);
}

static void tell_gaps(
	struct keeper *keeper, const struct audit_verdict *verdict, const struct clocks *now)
{
	for (size_t i = 0; i < verdict->n_gaps; i++)
		teller_tell_gap(keeper->teller, &verdict->gaps[i], now);
}

static void note_audit(
	struct keeper *keeper, const struct audit_state *state, const struct clocks *now)
{
	bool tells = state->enabled != 0 && state->missing_rules == 0 && !state->tasks_excluded;

	if (!tells)
		keeper->audit_since_usec = UINT64_MAX;
	else if (keeper->audit_since_usec == UINT64_MAX)
		keeper->audit_since_usec = now->boottime_usec;
}

/* Looks once. A change of what stays away is told; a thing that is being put back is not, for that
 * will be a gap. */
static bool look(struct keeper *keeper, const struct clocks *now, struct audit_verdict *ret)
{
	struct audit_state state;

	if (kernel_setup_read(&state) < 0)
		return false;
	note_audit(keeper, &state, now);
	audit_guard_look(&keeper->guard, &state, now, ret);
	tell_gaps(keeper, ret, now);
	if (ret->coverage_reasons != keeper->reasons ||
		(ret->coverage_reasons && state.missing_rules != keeper->missing_rules)) {
		keeper->reasons = ret->coverage_reasons;
		keeper->missing_rules = ret->coverage_reasons & COVERAGE_BIT(RULES_MISSING)
						? state.missing_rules
						: 0;
		tell_coverage(keeper, keeper->reasons, now);
	}
	keeper->look_usec = now->boottime_usec + LOOK_INTERVAL_USEC;
	if (ret->look_again_usec && ret->look_again_usec < keeper->look_usec)
		keeper->look_usec = ret->look_again_usec;
	return true;
}

int keeper_begin(struct keeper *keeper, bool hands_off, const struct clocks *now)
{
	struct audit_verdict verdict;
	struct audit_state state;
	int r = kernel_setup_read(&state);

	if (r < 0)
		return r;
	keeper->audit_since_usec = UINT64_MAX;
	note_audit(keeper, &state, now);
	audit_guard_start(&keeper->guard, &state, now, hands_off);
	audit_guard_look(&keeper->guard, &state, now, &verdict);
	keeper->reasons = verdict.coverage_reasons;
	keeper->missing_rules = state.missing_rules;
	keeper->look_usec = now->boottime_usec + LOOK_INTERVAL_USEC;
	tell_coverage(keeper, keeper->reasons, now);
	return 0;
}

void keeper_told(struct keeper *keeper, enum config_change change, uint64_t boottime_usec)
{
	uint64_t soon_usec = boottime_usec + TOLD_DELAY_USEC;

	if (change == CONFIG_CHANGE_NONE || keeper->stopped)
		return;
	audit_guard_told(&keeper->guard, change, boottime_usec);
	if (change == CONFIG_CHANGE_SWITCHED_OFF)
		keeper->look_usec = 0;
	else if (soon_usec < keeper->look_usec)
		keeper->look_usec = soon_usec;
}

void keeper_check(struct keeper *keeper, const struct clocks *now)
{
	struct audit_verdict verdict;
	struct clocks after;

	if (now->boottime_usec < keeper->look_usec || !look(keeper, now, &verdict))
		return;
	if (!verdict.add_rules && !verdict.enable)
		return;
	if (kernel_setup_repair(keeper->owned, verdict.add_rules, verdict.enable) != STATUS_OK) {
		audit_guard_failed(&keeper->guard, &verdict);
		return;
	}
	after = clocks_now(); /* the gap ends only here */
	look(keeper, &after, &verdict);
}

uint64_t keeper_away_since(const struct keeper *keeper)
{
	return audit_guard_away_since(&keeper->guard);
}

void keeper_stop(struct keeper *keeper, const struct clocks *now)
{
	struct audit_verdict verdict;

	look(keeper, now, &verdict);
	keeper->stopped = true;
}

void keeper_end(struct keeper *keeper, const struct clocks *now)
{
	struct audit_verdict verdict;

	audit_guard_stop(&keeper->guard, now, &verdict);
	tell_gaps(keeper, &verdict, now);
	tell_coverage(keeper, keeper->reasons | COVERAGE_BIT(STOPPED), now);
}
