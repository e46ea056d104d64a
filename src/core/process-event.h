/* SPDX-License-Identifier: GPL-2.0-or-later */
/* SPDX-FileCopyrightText: The killauditd authors */

/*
 * What the kernel tells of processes as they come and go: births, names, execs, moves between
 * control groups, ends. The process connector (linux/cn_proc.h) and the trace each tell some of it,
 * with stamps of one clock.
 */
#pragma once

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <sys/types.h>

#include "core/signal-event.h"

enum process_event_type {
	PROCESS_EVENT_BIRTH, /* of a process, or of one more thread of it */
	PROCESS_EVENT_RENAME, /* of a thread */
	PROCESS_EVENT_EXEC, /* all other threads of the process have ended */
	PROCESS_EVENT_MOVE, /* of a process or a thread, to a control group of one hierarchy */
	PROCESS_EVENT_EXIT, /* of a thread; the others may go on */
	PROCESS_EVENT_ACK, /* of our request to be told */
};

/* All ids are those of the host's namespaces. What is not told is 0, or NULL. */
struct process_event {
	enum process_event_type type;
	uint64_t monotonic_nsec;
	pid_t tid; /* of whom it tells; of an exec the one that it has from then on */
	pid_t pid; /* its thread group: only the connector tells it */

	/* Birth. The trace tells who made it (`maker`), the connector to whom it is born
	 * (`parent`): with CLONE_PARENT, and for threads, these differ. */
	pid_t maker; /* thread */
	pid_t parent; /* thread group */
	uint64_t clone_flags; /* only the trace tells them; see `flags_told` */
	bool flags_told;

	pid_t old_tid; /* exec: by which it went before; only the trace tells it */
	char comm[COMM_SIZE]; /* birth, rename */

	/* Exec: as the caller named the file. Move: the path in its hierarchy. Borrowed, until the
	 * next event is read; NUL-terminated. */
	const char *path;
	int hierarchy; /* move: as /proc/PID/cgroup numbers them; 0 is version 2 */

	int exit_status; /* exit: as wait(2) has it */
	int error; /* ack: 0 or a negative errno */
};

enum {
	PROCESS_EVENT_OTHER = 1, /* well-formed, and nothing to us */
	PROCESS_EVENT_MALFORMED,
};

/* A message of the process connector: `payload` is what follows the netlink header. 0,
 * PROCESS_EVENT_OTHER or PROCESS_EVENT_MALFORMED. */
int process_event_parse(const void *payload, size_t len, struct process_event *ret);
