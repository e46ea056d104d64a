/* SPDX-License-Identifier: GPL-2.0-or-later */
/* SPDX-FileCopyrightText: The killauditd authors */

/* A stretch of time of which something may be missing, and the entry that says so. */
#pragma once

#include <stdint.h>

#include "core/clocks.h"
#include "core/entry-head.h"

/* X(reason, name, what the message says) */
#define GAP_REASONS(X)                                                                             \
	X(NOT_RUNNING, "not-running", "killauditd was not running")                                \
	X(SOCKET_OVERRUN, "socket-overrun", "records came faster than they were read")             \
	X(RULES_REMOVED, "rules-removed", "audit rules of killauditd were not loaded")             \
	X(AUDIT_DISABLED, "audit-disabled", "auditing was switched off")

enum gap_reason {
#define X(reason, name, text) GAP_##reason,
	GAP_REASONS(X)
#undef X
		N_GAP_REASONS,
};

struct gap {
	enum gap_reason reason;
	uint64_t start_usec; /* wall clock */
	uint64_t end_usec; /* wall clock; 0: not known */
	uint64_t n_records; /* that are known to be lost; 0: how many is not known */
};

/* *entry is empty when this is called. 0 or -ENOMEM. */
int gap_entry_format(const struct gap *gap, struct event_id id, const struct clocks *now,
	struct journal_entry *entry);
