/* SPDX-License-Identifier: GPL-2.0-or-later */
/* SPDX-FileCopyrightText: The killauditd authors */

/*
 * The file in which a program writes down what it really did, for check-pairs to hold against what
 * killauditd tells: a line for each send, its columns divided by tabs, "-" where there is nothing
 * to hold. Lines that begin with # are for eyes.
 *
 *     kind               how the two came to where they are: into, moved, inherited, ...
 *     form               how they got their names: exec, rename, keep, ...
 *     signal             its number
 *     monotonic          of the send, in us
 *     pid comm exe cgroup container  start_min start_max       of the sender
 *     the same seven                                           of the target
 *     ancestors          oldest first, PID,COMM,EXE,START_MIN,START_MAX each, divided by ">"; where
 *                        one of these is not known, "-"
 *
 * Starts are in us since boot, and include what the clock of /proc cuts off.
 */
#pragma once

#include <inttypes.h>
#include <stdio.h>
#include <sys/types.h>

/* /proc tells starts in ticks of 10 ms. */
#define TRUTH_TICK_USEC 10000

struct truth_process {
	pid_t pid;
	const char *comm, *exe; /* NULL: not held */
	const char *cgroup, *container;
	uint64_t start_usec[2]; /* no earlier, no later */
};

static inline const char *truth_text(const char *text)
{
	return text ? text : "-";
}

static inline uint64_t truth_earliest(const struct truth_process *process)
{
	return process->start_usec[0] > TRUTH_TICK_USEC ? process->start_usec[0] - TRUTH_TICK_USEC
							: 0;
}

static inline void truth_write_process(FILE *file, const struct truth_process *process)
{
	fprintf(file, "\t%d\t%s\t%s\t%s\t%s\t%" PRIu64 "\t%" PRIu64, process->pid,
		truth_text(process->comm), truth_text(process->exe), truth_text(process->cgroup),
		truth_text(process->container), truth_earliest(process),
		process->start_usec[1] + TRUTH_TICK_USEC);
}

static inline void truth_write(FILE *file, const char *kind, const char *form, int signal,
	uint64_t monotonic_usec, const struct truth_process *sender,
	const struct truth_process *target, const struct truth_process ancestors[],
	size_t n_ancestors)
{
	fprintf(file, "%s\t%s\t%d\t%" PRIu64, kind, form, signal, monotonic_usec);
	truth_write_process(file, sender);
	truth_write_process(file, target);
	fputc('\t', file);
	for (size_t i = 0; i < n_ancestors; i++)
		fprintf(file, "%s%d,%s,%s,%" PRIu64 ",%" PRIu64, i ? ">" : "", ancestors[i].pid,
			truth_text(ancestors[i].comm), truth_text(ancestors[i].exe),
			truth_earliest(&ancestors[i]),
			ancestors[i].start_usec[1] + TRUTH_TICK_USEC);
	fputs(n_ancestors ? "\n" : "-\n", file);
}
