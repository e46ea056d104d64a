/* SPDX-License-Identifier: GPL-2.0-or-later */
/* SPDX-FileCopyrightText: The killauditd authors */

/* What is watched and what is not, and the entry that says so: at start and stop, and when it
 * changes. */
#pragma once

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "core/clocks.h"
#include "core/entry-head.h"
#include "core/signal-event.h"

/* X(reason, name, what the message says) */
#define COVERAGE_REASONS(X)                                                                        \
	X(STOPPED, "stopped", "killauditd has stopped")                                            \
	X(AUDIT_DISABLED, "audit-disabled", "auditing is switched off")                            \
	X(RULES_MISSING, "rules-missing", "audit rules are not loaded")                            \
	X(RULES_LOCKED, "rules-locked", "audit rules are locked until the next boot")              \
	X(BLIND_TASKS, "blind-tasks", "older than auditing, and not seen as senders:")             \
	X(NO_CONNECTOR, "no-connector", "births and ends of processes are not told")               \
	X(NO_MARK, "no-mark", "after a crash nobody will know how far it came")                    \
	X(NO_AUDIT, "no-audit", "audit cannot be had, so sends that are refused are not seen")     \
	X(NO_TRACE, "no-trace", "the kernel's own signals and cgroup.kill are not watched")        \
	X(KERNEL_PARTIAL, "kernel-partial", "faults, timers and broken pipes are not told")

enum coverage_reason {
#define X(reason, name, text) COVERAGE_##reason,
	COVERAGE_REASONS(X)
#undef X
		N_COVERAGE_REASONS,
};

#define COVERAGE_BIT(name) (UINT32_C(1) << COVERAGE_##name)

/* Names of blind tasks that are told; there may be more tasks than names. */
#define COVERAGE_BLIND_COMMS_MAX 64

/* Processes that the kernel's audit does not see as senders. */
struct blind_tasks {
	size_t n; /* 0: none; COVERAGE_BLIND_UNKNOWN: those named at least */
	char comms[COVERAGE_BLIND_COMMS_MAX][COMM_SIZE]; /* each once */
	size_t n_comms;
};

#define COVERAGE_BLIND_UNKNOWN SIZE_MAX

/* Adds a name that is not there yet, while there is room. */
void blind_tasks_add_comm(struct blind_tasks *blind, const char *comm);

struct coverage {
	uint32_t reasons; /* bits 1 << enum coverage_reason: of all that is not watched */
	uint32_t missing_rules; /* bits 1 << index of audit-rules.h */
	const struct blind_tasks *blind;
};

/* *entry is empty when this is called. 0 or -ENOMEM. */
int coverage_entry_format(const struct coverage *coverage, struct event_id id,
	const struct clocks *now, struct journal_entry *entry);
