/* SPDX-License-Identifier: GPL-2.0-or-later */
/* SPDX-FileCopyrightText: The killauditd authors */

/*
 * What the kernel tells of processes as they come and go, and how it stands in a message of the
 * process connector (linux/cn_proc.h).
 */
#pragma once

#include <stddef.h>
#include <stdint.h>
#include <sys/types.h>

enum process_event_type {
	PROCESS_EVENT_BIRTH, /* of a process; threads are not told */
	PROCESS_EVENT_EXEC,
	PROCESS_EVENT_EXIT, /* of the process's first thread; others may go on */
	PROCESS_EVENT_ACK, /* of our request to be told */
};

struct process_event {
	enum process_event_type type;
	pid_t pid; /* thread group */
	pid_t parent; /* thread group, of a birth */
	uint64_t monotonic_usec;
	int error; /* of an ack: 0 or a negative errno */
};

enum {
	PROCESS_EVENT_OTHER = 1, /* well-formed, and nothing to us */
	PROCESS_EVENT_MALFORMED,
};

/* `payload` is what follows the netlink header. 0, PROCESS_EVENT_OTHER or PROCESS_EVENT_MALFORMED.
 */
int process_event_parse(const void *payload, size_t len, struct process_event *ret);
