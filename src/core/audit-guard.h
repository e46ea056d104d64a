/* SPDX-License-Identifier: GPL-2.0-or-later */
/* SPDX-FileCopyrightText: The killauditd authors */

/*
 * Watches over what we need of the kernel's audit state: our rules loaded, and auditing on. Says
 * when to put something back, and for how long it was away. All times are CLOCK_BOOTTIME.
 */
#pragma once

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "core/clocks.h"
#include "core/config-change.h"
#include "core/gap.h"

/* Rules are put back no sooner than this after the last change of any rule: a rule that is there
 * already ends the loading of a rules file, and its later rules would be lost. */
#define AUDIT_GUARD_CALM_USEC (2 * USEC_PER_SEC)
/* What is away for longer than this is told, also while it is to be put back. */
#define AUDIT_GUARD_PATIENCE_USEC (10 * USEC_PER_SEC)
/* Who removes rules this often within the period means it: they are given up. Auditing is switched
 * on however often: journald switches it off at each start and means nothing by it. */
#define AUDIT_GUARD_REPAIRS_MAX 5
#define AUDIT_GUARD_PERIOD_USEC (600 * USEC_PER_SEC)

/* The kernel's audit state as it was read. */
struct audit_state {
	uint32_t enabled; /* 0, 1, or 2: locked */
	uint32_t missing_rules; /* of ours: bits 1 << index of audit-rules.h */
	bool tasks_excluded; /* by a rule of somebody: who is born is not audited */
};

/* Something that is away, or there. */
struct audit_outage {
	bool away;
	uint64_t since_usec; /* when it went, at the earliest */
	uint64_t there_usec; /* when it was last seen to be there */
	uint64_t found_usec; /* when it was first seen to be away */
	uint64_t told_usec; /* when the kernel told that it went, 0: it did not since then */
};

struct audit_guard {
	bool hands_off; /* only look */
	struct audit_outage rules, enabled;
	uint64_t repairs_usec[AUDIT_GUARD_REPAIRS_MAX]; /* of rules */
	size_t n_repairs;
	bool rules_given_up; /* until somebody puts them back */
	uint64_t rules_changed_usec;
};

struct audit_verdict {
	bool add_rules, enable; /* to be done, and then looked at again */
	uint64_t look_again_usec; /* sooner than usual, at this time; 0: as usual */
	uint32_t coverage_reasons; /* what stays away, COVERAGE_BIT() of coverage.h */
	struct gap gaps[2]; /* what has come back */
	size_t n_gaps;
};

/* `state` is that of the beginning: what is missing then is nobody's removal. */
void audit_guard_start(struct audit_guard *guard, const struct audit_state *state,
	const struct clocks *now, bool hands_off);

/* What the verdict asked for could not be done: nobody has undone it. */
void audit_guard_failed(struct audit_guard *guard, const struct audit_verdict *verdict);

void audit_guard_told(struct audit_guard *guard, enum config_change change, uint64_t boottime_usec);

/* After every change that was told, and every few seconds. */
void audit_guard_look(struct audit_guard *guard, const struct audit_state *state,
	const struct clocks *now, struct audit_verdict *ret);

/* Since when something is missing of which no gap tells yet; 0: nothing is. */
uint64_t audit_guard_away_since(const struct audit_guard *guard);

/* At the end: what is away still, has been so until now. */
void audit_guard_stop(
	const struct audit_guard *guard, const struct clocks *now, struct audit_verdict *ret);
