/* SPDX-License-Identifier: GPL-2.0-or-later */
/* SPDX-FileCopyrightText: The killauditd authors */

/* A stretch of time of which something may be missing, and the entry that says so. */
#pragma once

#include <stdint.h>

#include "core/clocks.h"
#include "core/entry-head.h"

/* X(reason, name, what the message says, what is counted, whose word it is) */
#define GAP_REASONS(X)                                                                             \
	X(NOT_RUNNING, "not-running", "killauditd was not running", "records", "audit")            \
	X(SOCKET_OVERRUN, "socket-overrun", "records came faster than they were read", "records",  \
		"audit")                                                                           \
	X(RULES_REMOVED, "rules-removed", "audit rules of killauditd were not loaded", "records",  \
		"audit")                                                                           \
	X(AUDIT_DISABLED, "audit-disabled", "auditing was switched off", "records", "audit")       \
	X(TRACE_OVERRUN, "trace-overrun", "signals came faster than they were read",               \
		"trace-events", "trace")                                                           \
	X(CONNECTOR_OVERRUN, "connector-overrun",                                                  \
		"ends of processes came faster than they were read", "exits", "connector")         \
	X(WITNESS_MISMATCH, "witness-mismatch",                                                    \
		"audit did not tell what the trace saw, and nobody knows why", "sends", "trace")

enum gap_reason {
#define X(reason, name, text, unit, evidence) GAP_##reason,
	GAP_REASONS(X)
#undef X
		N_GAP_REASONS,
};

struct gap {
	enum gap_reason reason;
	uint64_t start_usec; /* wall clock */
	uint64_t end_usec; /* wall clock; 0: not known */
	uint64_t n_lost; /* of GAP_UNIT; 0: how many is not known */
};

/* *entry is empty when this is called. 0 or -ENOMEM. */
int gap_entry_format(const struct gap *gap, struct event_id id, const struct clocks *now,
	struct journal_entry *entry);
