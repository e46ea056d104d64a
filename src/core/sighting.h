/* SPDX-License-Identifier: GPL-2.0-or-later */
/* SPDX-FileCopyrightText: The killauditd authors */

/* A process as it was at the moment when the trace saw it send, or be sent, a signal. */
#pragma once

#include <stdbool.h>

#include "core/process.h"

/* `process` is borrowed for as long as it is held. The strings are the process table's, which lets
 * go of them when the process executes, moves or is read: they are for comparison at once only. */
struct sighting {
	const struct process *process; /* NULL: not known */
	pid_t pid; /* thread group; 0: not known */
	char comm[COMM_SIZE];
	const char *exe; /* NULL: not known */
	bool exe_passed, exe_deleted;
	const char *cgroup; /* NULL: not known */
	enum cgroup_source cgroup_source;
	unsigned n_execs;
};

/* Of what it is now. */
void sighting_take(const struct process *process, struct sighting *ret);
