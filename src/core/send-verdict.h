/* SPDX-License-Identifier: GPL-2.0-or-later */
/* SPDX-FileCopyrightText: The killauditd authors */

/* Who sent what the trace saw, where audit does not say. */
#pragma once

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "core/send-join.h"

#define CGROUP_KILLS_MAX 16

/* Control groups in which cgroup.kill killed lately. */
struct cgroup_kills {
	struct cgroup_kill {
		uint64_t path_hash, nsec;
	} kills[CGROUP_KILLS_MAX];
	size_t n, next;
};

/* Of any class. */
void cgroup_kills_note(struct cgroup_kills *kills, const struct send_seen *send);

/* The sender may be seen as such only because it ended, or just made the target. */
bool send_is_by_parent(const struct send_seen *send);

/* An enum send_verdict, or 0: it depends on what comes yet. */
int send_verdict_at_once(const struct send_seen *send);

/* Nothing came. `audit_is_through`: and nothing will. alone->verdict is not read. */
enum send_verdict send_verdict_in_the_end(const struct cgroup_kills *kills,
	const struct send_alone *alone, bool audit_is_through, const struct send_now *now);

uint64_t send_monotonic_nsec(uint64_t boottime_usec, const struct send_now *now);
