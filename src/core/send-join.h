/* SPDX-License-Identifier: GPL-2.0-or-later */
/* SPDX-FileCopyrightText: The killauditd authors */

/*
 * Puts together what audit and the trace tell of one and the same send.
 *
 * The trace tells of each target by itself, and first; audit tells of the call, later, with all its
 * targets. Partners have the sender, the target, the signal and the class in common, and of those
 * the first with the first: sends that are equal in all this can change places, and nothing that is
 * told changes. Time only says who is no partner.
 *
 * A send for which audit cannot come is told at once; the others wait for it until the caller has
 * proven that all records of that time were read, or for a while. Who was told alone is remembered,
 * so that a record that comes too late amends that entry and makes no second one.
 *
 * Sends of one thread that do not differ are kept as one with a count. All stamps are
 * CLOCK_MONOTONIC, in nanoseconds.
 */
#pragma once

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "core/entry-head.h"
#include "core/sighting.h"
#include "core/signal-event.h"
#include "core/signal-seen.h"

/* Waiting at once, those that do not differ counted once; beyond it, sends are told alone. */
#define SEND_JOIN_WAITING_MAX 65536
/* Told alone and remembered. Beyond it the one that was told longest ago is forgotten. */
#define SEND_JOIN_TOLD_MAX 16384
/* For so long. */
#define SEND_JOIN_TOLD_NSEC UINT64_C(60000000000)
/* How long a send waits where nobody says that audit is through. */
#define SEND_JOIN_WAIT_NSEC UINT64_C(500000000)
/* How long one that may be due to its sender's end waits for that to be told. */
#define SEND_JOIN_WAIT_END_NSEC UINT64_C(20000000)
/* Who is further apart is no partner. */
#define SEND_JOIN_APART_NSEC UINT64_C(5000000000)

/* Is there an audit event of it? */
enum send_partner {
	SEND_PARTNER_NONE, /* the sender is presumed blind, or no rule of ours covers it */
	SEND_PARTNER_POSSIBLE, /* nothing speaks against it */
	SEND_PARTNER_CERTAIN, /* the sender is proven to be audited, and a rule covers it */
};

struct send_seen {
	struct signal_seen seen;
	enum signal_class class;
	enum send_partner partner;
	struct sighting sender; /* pid 0: nobody knows whose thread `seen.current` is. Of class
				 * KERNEL it is who ran */
	struct sighting target; /* pid 0: taken for `seen.target` */
};

/* Who sent it, where audit does not say. */
enum send_verdict {
	SEND_ALONE = 1, /* its sender, for all we know */
	SEND_MISMATCH, /* the same, but audit must have told it, has been heard, and has not */
	SEND_BY_KERNEL, /* nobody */
	SEND_BY_PARENT_DEATH, /* nobody: the target asked for it, should its parent end
			       * (PR_SET_PDEATHSIG), who is what is seen as the sender */
	SEND_BY_CGROUP_KILL, /* who wrote to cgroup.kill: the target was born into a control group
			      * that was being killed, and its parent is what is seen as the sender
			      */
};

struct send_alone {
	const struct send_seen *send; /* borrowed until the next call, but send_join_told() */
	size_t count; /* how many there were that do not differ: `send` is the first */
	uint64_t last_nsec; /* of the last of them */
	enum send_verdict verdict;
};

/* Where a record's call began, at the earliest and the latest. */
struct send_window {
	uint64_t from_nsec, to_nsec;
	bool trace_whole; /* the trace lost nothing from there on up to now */
};

struct send_now {
	uint64_t nsec;
	uint64_t suspended_nsec; /* by which CLOCK_BOOTTIME is ahead */
};

/* What the trace saw of one target of an audit event. */
struct send_match {
	const struct send_seen *send; /* NULL: nothing; borrowed until the next call */
	enum signal_delivery delivery; /* REFUSED also where the trace would have seen it, had it
					* reached this one of several targets */
	bool guessed; /* nobody knows the thread, but no other comes into question */
	bool missing; /* audit says that the kernel took it, and a trace that is whole did not */
	bool amends; /* it was told alone before, under this id: */
	struct event_id id;
};

/* All are of sends, not of runs of them. */
struct send_join_counts {
	uint64_t seen; /* by the trace = at_once + waited */
	uint64_t at_once; /* of these, told alone at once */
	uint64_t waited; /* = matched + mismatched + late + by_kernel + waiting */
	uint64_t matched; /* with an audit event, before they were told */
	uint64_t late; /* alone in the end: audit may never come, or was not read to there */
	uint64_t mismatched; /* alone in the end, and should not be */
	uint64_t by_kernel; /* no send of its own in the end: the other verdicts */
	uint64_t crowded_out; /* of at_once, for too many were waiting */
	uint64_t failed; /* of at_once, for there was no memory */

	uint64_t targets; /* of audit events = matched + amended + the five below */
	uint64_t amended;
	uint64_t refused; /* the call failed */
	uint64_t not_reached; /* others were */
	uint64_t missing;
	uint64_t unknown; /* not found, and that may be the trace's fault, or ours */
	uint64_t guessed, forged; /* of matched and amended */
};

/* Called when the join begins to keep, and has done keeping, what borrows from a process. */
struct send_join_holder {
	void (*hold)(const struct process *process, void *userdata);
	void (*release)(const struct process *process, void *userdata);
	void *userdata;
};

struct send_join;

/* NULL: no memory. */
struct send_join *send_join_new(const struct send_join_holder *holder);
struct send_join *send_join_free(struct send_join *join);

/* In the order of the trace. 0: it waits, and the join has a copy. An enum send_verdict: it is to
 * be told at once, and the join has kept nothing. */
int send_join_see(struct send_join *join, const struct send_seen *send);

/* The event's `target`, one of event->targets, in the order of serials. All that the trace saw
 * before the event was read must have been told by send_join_see(). */
void send_join_match(struct send_join *join, const struct signal_event *event,
	const struct signal_target *target, const struct send_window *window,
	const struct send_now *now, struct send_match *ret);

/* The next, oldest first, that waits no longer: all audit records of what was before `barrier_nsec`
 * were read and told by send_join_match(), or its time is over, which at `now` UINT64_MAX it is for
 * all. False: there is none. To be called until then. */
bool send_join_expire(struct send_join *join, uint64_t barrier_nsec, const struct send_now *now,
	struct send_alone *ret);

/* `count` sends that do not differ, as send_join_see() or send_join_expire() gave them back, were
 * told by an entry of that id: to be said of every verdict, for the record may show it to be wrong.
 * 0 or -ENOMEM: a late record of it makes a second entry. */
int send_join_told(struct send_join *join, const struct send_seen *send, size_t count,
	uint64_t last_nsec, struct event_id id, const struct send_now *now);

/* Stamp of the oldest that waits; 0: none does. */
uint64_t send_join_waiting(const struct send_join *join);

/* How many are kept, those that do not differ counted once. */
size_t send_join_size(const struct send_join *join);

const struct send_join_counts *send_join_counts(const struct send_join *join);
