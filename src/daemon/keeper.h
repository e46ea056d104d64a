/* SPDX-License-Identifier: GPL-2.0-or-later */
/* SPDX-FileCopyrightText: The killauditd authors */

/* Keeps our rules loaded and auditing on, and tells what of it was away, and what stays away. */
#pragma once

#include <stdbool.h>
#include <stdint.h>

#include "core/audit-guard.h"
#include "core/coverage.h"

struct teller;

struct keeper {
	struct audit_guard guard;
	struct teller *teller; /* borrowed */
	bool owned; /* rules that we add are to go when we end */
	bool connected; /* births, or with the trace ends, of processes are told */
	bool traced;
	bool noted; /* how far we come is, for the next run */
	bool stopped;
	uint32_t reasons; /* COVERAGE_BIT(): as they were told */
	uint32_t missing_rules; /* as they were told */
	struct blind_tasks blind;
	/* Since when audit tells of all that is born, CLOCK_BOOTTIME; UINT64_MAX: it does not. */
	uint64_t audit_since_usec;
	uint64_t look_usec; /* when to look next, CLOCK_BOOTTIME */
};

/* After the rules were loaded; the caller has filled in what is known of the start in `teller`,
 * `owned`, `connected`, `traced`, `noted` and `blind`. Tells the coverage. 0 or a negative errno.
 */
int keeper_begin(struct keeper *keeper, bool hands_off, const struct clocks *now);

/* A change that the kernel told. */
void keeper_told(struct keeper *keeper, enum config_change change, uint64_t boottime_usec);

/* To be called often; looks when it is time to, and puts back what is missing. */
void keeper_check(struct keeper *keeper, const struct clocks *now);

/* Since when something is missing of which no gap tells yet, CLOCK_BOOTTIME; 0: nothing is. */
uint64_t keeper_away_since(const struct keeper *keeper);

/* Looks for the last time: what changes from here on, is ours to change. */
void keeper_stop(struct keeper *keeper, const struct clocks *now);
/* We end in order: tells what is away, and that nothing is watched from now on. */
void keeper_end(struct keeper *keeper, const struct clocks *now);
