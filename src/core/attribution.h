/* SPDX-License-Identifier: GPL-2.0-or-later */
/* SPDX-FileCopyrightText: The killauditd authors */

/*
 * Who the sender, a target and the sender's ancestors were: joins what the audit event says with
 * what was read of these processes in /proc, now or earlier. The kernel's own words in the event
 * win over every reading; a reading counts only where it is of the same process.
 */
#pragma once

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "core/certainty.h"
#include "core/cgroup-path.h"
#include "core/process.h"
#include "core/sighting.h"
#include "core/signal-event.h"

/* How late after the stamp of its event a process may have started according to /proc and still be
 * the one that the event names: the stamp is up to two ticks and a phase early, and /proc cuts the
 * start down to 10 ms. */
#define ATTRIBUTION_START_SLACK_USEC 20000U

/* A chain of parents longer than this is cut, and marked. */
#define ANCESTRY_MAX 64

/* What was found of one process: a reading made after the event, what is known from before, and
 * how the trace saw it in the event; each may be NULL. Borrowed. */
struct process_readings {
	const struct process *live, *earlier;
	const struct sighting *seen;
};

enum process_source {
	PROCESS_SOURCE_NONE, /* nothing but its pid */
	PROCESS_SOURCE_AUDIT, /* named in the event, and nothing else is known */
	PROCESS_SOURCE_PROCFS, /* read after the event */
	PROCESS_SOURCE_SEED, /* read before the event, gone since */
	PROCESS_SOURCE_TRACE, /* all that happened to it was told */
};

/* One side of a send. Borrows from the readings. */
struct party {
	enum process_source source;
	const struct process *process; /* NULL: nothing but what the event says */
	const char *exe; /* NULL: not known */
	bool exe_deleted;
	const char *cmdline;
	const char *cgroup;
	struct container_match container; /* of cgroup */
	bool container_init;
	uint32_t reasons; /* bits 1 << enum reason */
};

struct ancestor {
	pid_t pid;
	const char *comm, *exe; /* NULL: not known */
	uint64_t start_usec; /* or PROCESS_START_UNKNOWN */
	enum process_source source;
	bool alive; /* when this was written */
	/* Its own parent is the first process, and may be so only since the true one ended. */
	bool reparented;
};

/* `event_usec` is the stamp of the event since boot, as process.start_usec counts. */
void sender_attribute(const struct signal_sender *sender, const struct process_readings *readings,
	uint64_t event_usec, struct party *ret);
void target_attribute(const struct signal_target *target, const struct process_readings *readings,
	uint64_t event_usec, struct party *ret);

/* The sender itself as the first link of its ancestry. */
struct ancestor sender_ancestor(const struct signal_sender *sender, const struct party *party);
/* The parent `pid` of a process that started at child_start_usec, or at an unknown time. Returns
 * the pid of its own parent in *ret_ppid, 0 when that is not known or it has none. */
struct ancestor parent_attribute(pid_t pid, const struct process_readings *readings,
	uint64_t child_start_usec, uint64_t event_usec, pid_t *ret_ppid);
