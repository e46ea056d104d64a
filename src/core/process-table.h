/* SPDX-License-Identifier: GPL-2.0-or-later */
/* SPDX-FileCopyrightText: The killauditd authors */

/*
 * The last that is known of every process that was ever read, or was born of one that was. When a
 * process is gone, this is what is left of it.
 */
#pragma once

#include <stddef.h>
#include <stdint.h>
#include <sys/types.h>

struct process;
struct process_table;

/* Processes that have not ended, as far as is known; at about 700 bytes each, 46 MB. Beyond it the
 * one that was first seen longest ago goes. */
#define PROCESS_TABLE_MAX 65536
/* Processes that have ended. Beyond it the one that ended longest ago goes. */
#define PROCESS_TABLE_ENDED_MAX 16384

struct process_table *process_table_new(void);
struct process_table *process_table_free(struct process_table *table);

/* Takes a copy. A reading of a process that is known already (process_same()) replaces what it says
 * and keeps what it does not say, and the parent; one of another process with that pid makes the
 * one that was there ended. 0 or -ENOMEM, and then nothing has changed. */
int process_table_put(struct process_table *table, const struct process *process);

/* A child is all that its parent was, under a pid and from a time of its own. 0, also where nothing
 * is known of the parent, or the child is known already; or -ENOMEM. */
int process_table_inherit(
	struct process_table *table, pid_t parent, pid_t child, uint64_t start_usec);

/* Another program runs in the process: its names are not known, until they are read anew. */
void process_table_forget_names(struct process_table *table, pid_t pid, uint64_t boottime_usec);

/* Execs and ends were missed. First all names of those that have not ended are forgotten; then the
 * caller puts what there is; then who has no name still is no more. */
void process_table_doubt(struct process_table *table);
void process_table_drop_nameless(struct process_table *table);

/* What had that pid at that time, CLOCK_BOOTTIME, has ended then. */
void process_table_end(struct process_table *table, pid_t pid, uint64_t boottime_usec);

/* What had that pid at that time, CLOCK_BOOTTIME: NULL when nothing is known. The pointer is valid
 * until the next change. */
const struct process *process_table_find(
	const struct process_table *table, pid_t pid, uint64_t boottime_usec);

/* All that have not ended. */
void process_table_each(const struct process_table *table,
	void (*visit)(const struct process *process, void *userdata), void *userdata);

size_t process_table_count(const struct process_table *table); /* ended ones, too */
