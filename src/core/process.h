/* SPDX-License-Identifier: GPL-2.0-or-later */
/* SPDX-FileCopyrightText: The killauditd authors */

/*
 * What is known of one process. A process is its pid and its start together, never a bare pid; the
 * numbers are those of the host's namespaces.
 */
#pragma once

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <sys/types.h>

#include "core/signal-event.h"

#define PROCESS_START_UNKNOWN UINT64_MAX
/* /proc cuts starts down to this (USER_HZ is 100 on all architectures that we know). */
#define PROCESS_START_RESOLUTION_USEC 10000U

/* Where the control group is known from. */
enum cgroup_source {
	CGROUP_UNKNOWN, /* it was born into one that was not told (CLONE_INTO_CGROUP), or never read
			 */
	CGROUP_READ, /* in /proc */
	CGROUP_TOLD, /* every change since a reading, of it or of an ancestor, was told by the trace
		      */
};

struct process {
	pid_t pid, ppid; /* thread group, and the parent living when this was read or born */
	/* Since boot, suspend included. Read, it is cut down to 10 ms; told by the kernel, exact,
	 * and a moment late. */
	uint64_t start_usec;
	bool zombie; /* has ended and waits for its parent: exe, cmdline and v1 cgroups gone */
	bool kernel_thread;
	bool inherited; /* all of it is its maker's, at its birth: it was not read itself */
	char comm[COMM_SIZE]; /* "": not known, or empty */
	uint32_t uid, euid, loginuid, session;
	bool ids_known; /* uid and euid */
	bool login_known; /* loginuid and session */
	bool exe_deleted;
	bool exe_passed; /* exe is what exec was given: perhaps a script, or relative */
	pid_t namespace_pid; /* in its innermost pid namespace; 0: not known */
	bool namespaced; /* that namespace is not the host's */
	bool cmdline_cut;
	uint32_t tty_number; /* device number of the controlling terminal; 0: none */
	enum cgroup_source cgroup_source; /* of `cgroup`; only the process table knows */
	char *exe; /* NULL: not known */
	char *cmdline; /* words joined by spaces; NULL: not known or empty */
	char *cgroup; /* the chosen path of cgroup_text_choose(); NULL: not known */
	char *cgroup_text; /* all of /proc/PID/cgroup, as it would be read now; NULL: not known */

	/* What only the process table knows; empty in a reading. There are many of these: the order
	 * leaves no holes. */
	const struct process *maker; /* who made it, at its birth; NULL: not known any more */
	uint64_t end_usec; /* since boot; 0: it has not ended, as far as is known */
	int exit_status; /* as wait(2) has it, or PROCESS_STATUS_UNKNOWN, where end_usec is set */
	unsigned n_execs; /* that were told: names of another count are not of this program */
	unsigned n_threads; /* that live and are not the first; as far as was told */
	bool followed; /* by the trace, without a loss, since its birth or its first reading */
	bool read; /* in /proc, since its last exec */
};

/* Its end was not told: it came at end_usec or before. */
#define PROCESS_STATUS_UNKNOWN (-1)

void process_done(struct process *process);

/* The same pid, and starts that differ by no more than the two clocks that told them do: a pid is
 * not given away again that soon. */
#define PROCESS_START_SLACK_USEC 20000U
bool process_same(const struct process *a, const struct process *b);
/* As /proc would tell the start: one process is to be told with one start, however we know it. */
uint64_t process_start_told(const struct process *process);
/* All but the maker, which is the table's. 0 or -ENOMEM. */
int process_copy(const struct process *process, struct process *ret);

/* Text of the files of /proc/PID, as the kernel writes them; see proc(5). False when it is not what
 * the kernel writes; then the process must count as not read. */
bool process_parse_stat(
	const char *text, size_t len, unsigned ticks_per_second, struct process *process);
bool process_parse_status(const char *text, size_t len, struct process *process);
/* Words of a command line, each ended by NUL, joined by spaces; "" for none. In place. */
size_t process_join_words(char *words, size_t len);

/* The name of a terminal by its device number, "pts/3" or "tty1", as ps(1) prints it. False for
 * others. */
bool process_tty_name(uint32_t tty_number, char *buf, size_t size);
