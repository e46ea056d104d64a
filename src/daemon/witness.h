/* SPDX-License-Identifier: GPL-2.0-or-later */
/* SPDX-FileCopyrightText: The killauditd authors */

/*
 * Gathers what /proc can say of the processes that an event names: now, and when they were read
 * before.
 *
 * Readings are kept for as long as one batch of events is handled: all of its events are older than
 * every reading made after it was received. When the batch ends they go into the process table.
 */
#pragma once

#include <stdbool.h>
#include <stdint.h>
#include <sys/types.h>

#include "core/ancestry.h"
#include "core/attribution.h"
#include "core/clocks.h"
#include "core/coverage.h"
#include "core/process-event.h"
#include "io/proc-reader.h"

struct witness;

/* 0 or a negative errno. */
int witness_new(struct witness **ret);
struct witness *witness_free(struct witness *witness);

/* Reads all processes there are: once, after births began to be told. 0 or a negative errno. */
int witness_seed(struct witness *witness);
/* Execs and ends were missed: reads all anew, and relies on no name of before. The same. */
int witness_read_anew(struct witness *witness);

/* Of what was there at the start: processes that began before that moment, CLOCK_BOOTTIME. The
 * kernel's own threads do not count. */
void witness_find_older(
	const struct witness *witness, uint64_t boottime_usec, struct blind_tasks *ret);

/* What the kernel told. The program of an exec is read at once: it may be gone soon. */
void witness_hear(
	struct witness *witness, const struct process_event *event, const struct clocks *now);

/* The trace tells of all that happens from now on: before the first reading. 0 or a negative errno.
 */
int witness_follow(struct witness *witness);
/* All that happened until then, CLOCK_BOOTTIME, was heard: takes what was read before. */
void witness_settle(struct witness *witness, uint64_t heard_usec);

/* The process of a thread, as it is now; NULL: not known. */
const struct process *witness_thread(const struct witness *witness, pid_t tid);
/* The birth of the thread was told. */
bool witness_thread_told(const struct witness *witness, pid_t tid);
const struct process *witness_hold(const struct process *process);
void witness_release(struct witness *witness, const struct process *process);

/* What was seen by the trace, and what can be read of it now. Valid until witness_end_batch(). */
struct process_readings witness_look(struct witness *witness, const struct sighting *seen);

/* Of what had that pid at that time, CLOCK_BOOTTIME. Valid until witness_end_batch(). */
struct process_readings witness_read(
	struct witness *witness, pid_t pid, enum proc_reader_detail detail, uint64_t boottime_usec);

/* The chain above the sender; valid until witness_end_batch(). */
void witness_read_ancestry(struct witness *witness, const struct signal_sender *sender,
	const struct party *party, uint64_t event_usec, struct ancestry *ret);

void witness_end_batch(struct witness *witness);
