/* SPDX-License-Identifier: GPL-2.0-or-later */
/* SPDX-FileCopyrightText: The killauditd authors */

/*
 * Who was who, when: every process that was ever read, or born of one that was. It hears what the
 * kernel tells in the order of its stamps, and takes readings of /proc beside. When a process is
 * gone, this is what is left of it.
 *
 * All times are CLOCK_BOOTTIME in microseconds. A process that was found is valid until the next
 * change of the table; who needs it longer holds it.
 */
#pragma once

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <sys/types.h>

struct process;
struct process_event;
struct process_table;

struct process_table_limits {
	/* Processes that have not ended, as far as is known, at about 400 bytes each. Beyond it the
	 * one that was first seen longest ago goes. */
	size_t living_max;
	size_t threads_max; /* threads that are not the first; no more of them are known then */
	/* Processes that have ended. Beyond either the one that ended longest ago goes. */
	size_t ended_max;
	uint64_t ended_age_usec;
};

/* Besides, whoever goes stays in memory for as long as somebody holds it or one that it made is
 * there, for the ancestry. A chain of makers is cut behind this many: a process that makes its
 * successor and ends, again and again, would never let go of the first one. */
#define PROCESS_TABLE_GENERATIONS_MAX 64

/* NULL: 131,072 that live, 262,144 threads, 16,384 that ended, of the last 10 minutes. Copied. */
struct process_table *process_table_new(const struct process_table_limits *limits);
struct process_table *process_table_free(struct process_table *table);

/* From now on, or no longer, the trace tells all births, names, execs and moves. While it does, the
 * births and execs of the connector are not heard. Begin before all processes are read: what is
 * read then is followed from there. */
void process_table_follow(struct process_table *table, bool following);

enum {
	/* All threads of a process have exited. It is found by event->pid and the time of the
	 * event, with end_usec and exit_status. */
	PROCESS_TABLE_ENDED = 1,
};

/* `boottime_offset_nsec` is CLOCK_BOOTTIME less CLOCK_MONOTONIC, the event's own clock. 0,
 * PROCESS_TABLE_ENDED, or -ENOMEM: what the event tells is not known then, nor what it replaces.
 *
 * Birth: a child is all that its maker was, under a pid and from a time of its own; its control
 * group is not known where it was born into another. Of an unknown parent the connector tells
 * nothing; the trace tells a name, from then on all else.
 * Rename: only the first thread's name is that of the process.
 * Exec: the trace tells which file; the new name was told before. After the connector no name is
 * known, until it is read. All other threads are gone, and a first thread that had exited is back.
 * Move: of a process; a thread that is moved alone changes nothing.
 * Exit: see PROCESS_TABLE_ENDED. The status is that of the first thread. Where it exited before the
 * last one, it is the last one's if that is a signal, or if the first thread's is 0: signals and
 * exit_group(2) end all threads with one status.
 *
 * Whose pid is given to another without that its end was told, has ended by then, with
 * PROCESS_STATUS_UNKNOWN. */
int process_table_hear(struct process_table *table, const struct process_event *event,
	uint64_t boottime_offset_nsec);

/* Takes a copy of a reading of /proc; 0 or -ENOMEM, and then nothing has changed.
 *
 * Of a process that is known already (process_same()) the reading says what is not known yet, its
 * ids, and its control group, unless it has ended since and its last move was told. Its parent and
 * its start, where they were told, stay. Of a zombie the reading only adds to what is known.
 * Names: those of the table stay while it is followed, for the reading may be older or newer than
 * what was heard so far; what is not known, or only passed to exec, is filled in if the reading has
 * the same comm. Those of the reading count when it is not followed.
 *
 * A process that is not known is added, and who had its pid until then has ended; but what began
 * before one whose birth was told is past, and nothing is done. */
int process_table_put(struct process_table *table, const struct process *reading);

/* A thread of `pid` that is not the first, found in /proc. 0, also where the process is not known,
 * or -ENOMEM. */
int process_table_put_thread(struct process_table *table, pid_t pid, pid_t tid);

/* Events were missed. First the names and threads of all that have not ended are forgotten, and
 * nobody is followed any more; then the caller puts what there is; then who was not put is dropped.
 */
void process_table_doubt(struct process_table *table);
void process_table_drop_nameless(struct process_table *table);

/* Who had that pid at that time, else who had it last before; NULL when nothing is known. A start
 * that was read, not told, may be PROCESS_START_SLACK_USEC later than it says; if nobody had the
 * pid then, so may one that was told, for stamps of audit records are early. */
const struct process *process_table_find(
	const struct process_table *table, pid_t pid, uint64_t boottime_usec);

/* The process of a thread, also of its first: one that has not ended, else the one that had this
 * pid and ended last, else NULL. */
const struct process *process_table_thread(const struct process_table *table, pid_t tid);
/* The birth of the thread, or of the process whose first one it is, was told: it was not there
 * already when we began. */
bool process_table_thread_told(const struct process_table *table, pid_t tid);

/* All that have not ended. */
void process_table_each(const struct process_table *table,
	void (*visit)(const struct process *process, void *userdata), void *userdata);

size_t process_table_count(const struct process_table *table); /* ended ones, too */

/* Of a process of the table, never of a reading: it stays valid, with all its makers in bounds,
 * until it was released as often as it was held. It changes as events tell. Release all before
 * process_table_free(). */
const struct process *process_table_hold(const struct process *process);
void process_table_release(struct process_table *table, const struct process *process);
