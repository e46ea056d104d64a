/* SPDX-License-Identifier: GPL-2.0-or-later */
/* SPDX-FileCopyrightText: The killauditd authors */

#include "daemon/line.h"

#include <errno.h>
#include <stdlib.h>

#include "core/ancestry.h"
#include "core/attribution.h"
#include "core/certainty.h"
#include "core/event-assembly.h"
#include "core/event-fields.h"
#include "core/gap.h"
#include "core/send-join.h"
#include "core/signal-entry.h"
#include "core/signal-event.h"
#include "core/traced-send.h"
#include "daemon/teller.h"
#include "daemon/witness.h"
#include "io/clock-reader.h"
#include "io/event-decoder.h"

/* Where the call of a record began, about its stamp: that is up to two ticks early, and cut. */
#define STAMP_SLACK_NSEC UINT64_C(2000000)
#define STAMP_LATE_NSEC  UINT64_C(21000000)
/* After auditing was switched on or rules were loaded. */
#define AUDIT_SETTLES_USEC USEC_PER_SEC

struct line {
	struct witness *witness;
	struct teller *teller;
	struct event_assembly *assembly;
	struct event_decoder *decoder;
	struct event_fields fields;
	uint64_t malformed;

	struct send_join *join; /* NULL: there is no trace */
	uint64_t whole_since_nsec, barrier_nsec;
	uint64_t audit_since_usec, blind_before_usec;
	uint64_t n_mismatches, mismatch_nsec; /* not told yet, and the first of them */
};

struct line *line_new(struct witness *witness, struct teller *teller)
{
	struct line *line = calloc(1, sizeof(*line));

	if (!line)
		return NULL;
	line->witness = witness;
	line->teller = teller;
	line->assembly = event_assembly_new();
	line->decoder = event_decoder_new();
	return line->assembly && line->decoder ? line : line_free(line);
}

struct line *line_free(struct line *line)
{
	if (!line)
		return NULL;
	event_assembly_free(line->assembly);
	event_decoder_free(line->decoder);
	event_fields_done(&line->fields);
	send_join_free(line->join);
	free(line);
	return NULL;
}

/* The moment of an event on another clock; 0 for one before that clock began. */
static uint64_t event_usec(
	uint64_t realtime_usec, const struct clocks *now, uint64_t clock_usec_now)
{
	uint64_t age = now->realtime_usec > realtime_usec ? now->realtime_usec - realtime_usec : 0;

	return clock_usec_now > age ? clock_usec_now - age : 0;
}

static void hold(const struct process *process, void *userdata)
{
	(void)userdata;
	if (process)
		witness_hold(process);
}

static void release(const struct process *process, void *userdata)
{
	const struct line *line = userdata;

	if (process)
		witness_release(line->witness, process);
}

int line_trace(struct line *line)
{
	const struct send_join_holder holder = {hold, release, line};

	line->join = send_join_new(&holder);
	return line->join ? 0 : -ENOMEM;
}

void line_set_whole(struct line *line, uint64_t since_nsec)
{
	line->whole_since_nsec = since_nsec;
}

void line_set_audit(struct line *line, uint64_t since_usec, uint64_t blind_before_usec)
{
	line->audit_since_usec = since_usec;
	line->blind_before_usec = blind_before_usec;
}

bool line_waits(const struct line *line)
{
	return line->join && send_join_waiting(line->join);
}

void line_set_barrier(struct line *line, uint64_t monotonic_nsec)
{
	if (monotonic_nsec > line->barrier_nsec)
		line->barrier_nsec = monotonic_nsec;
}

static struct send_now send_now(const struct clocks *now)
{
	return (struct send_now){
		.nsec = now->monotonic_usec * 1000,
		.suspended_nsec = (now->boottime_usec - now->monotonic_usec) * 1000,
	};
}

/* A moment of the trace on the other clocks. */
static void set_times(
	struct attributed_signal *attributed, uint64_t monotonic_nsec, const struct clocks *now)
{
	uint64_t age_usec;

	attributed->monotonic_usec = monotonic_nsec / 1000;
	age_usec = now->monotonic_usec > attributed->monotonic_usec
			   ? now->monotonic_usec - attributed->monotonic_usec
			   : 0;
	attributed->realtime_usec = now->realtime_usec - age_usec;
}

static struct process_readings look(
	struct line *line, const struct sighting *seen, pid_t pid, uint64_t boottime_usec)
{
	if (seen && seen->process)
		return witness_look(line->witness, seen);
	return witness_read(line->witness, pid, PROC_READER_FULL, boottime_usec);
}

/* Who both were, and then tells it. */
static void tell(struct line *line, struct attributed_signal *attributed,
	const struct send_seen *send, uint64_t boottime_usec, const struct clocks *now)
{
	const struct signal_sender *sender = &attributed->event->sender;
	struct process_readings readings;
	struct ancestry ancestry;

	readings = look(line, send ? &send->sender : NULL, sender->pid, boottime_usec);
	sender_attribute(sender, &readings, boottime_usec, &attributed->sender_party);
	witness_read_ancestry(
		line->witness, sender, &attributed->sender_party, boottime_usec, &ancestry);
	attributed->ancestry = &ancestry;
	readings = look(line, send ? &send->target : NULL, attributed->target->pid, boottime_usec);
	target_attribute(attributed->target, &readings, boottime_usec, &attributed->target_party);
	teller_tell_signal(line->teller, attributed, now);
	attributed->ancestry = NULL;
}

/* What the trace saw of one target of an event. */
static void match(struct line *line, const struct signal_event *event,
	struct attributed_signal *attributed, const struct clocks *now, struct send_match *ret)
{
	uint64_t stamp_nsec = attributed->monotonic_usec * 1000;
	const struct send_window window = {
		.from_nsec = stamp_nsec > STAMP_SLACK_NSEC ? stamp_nsec - STAMP_SLACK_NSEC : 0,
		.to_nsec = stamp_nsec + STAMP_LATE_NSEC,
		.trace_whole = line->whole_since_nsec < stamp_nsec,
	};
	const struct send_now join_now = send_now(now);

	send_join_match(line->join, event, attributed->target, &window, &join_now, ret);
	attributed->delivery = ret->delivery;
	attributed->amends = ret->amends;
	attributed->id = ret->id;
	attributed->reasons = ret->guessed ? REASON_BIT(SENDER_THREAD_UNKNOWN) : 0;
	if (!ret->send)
		return;
	attributed->seen = &ret->send->seen;
	attributed->class = ret->send->class;
	set_times(attributed, ret->send->seen.monotonic_nsec, now);
}

static void tell_event(
	struct line *line, const struct signal_event *event, const struct clocks *now)
{
	uint64_t realtime = event->time_msec * 1000;
	uint64_t boottime = event_usec(realtime, now, now->boottime_usec);

	for (size_t i = 0; i < event->n_targets; i++) {
		struct attributed_signal attributed = {
			.realtime_usec = realtime,
			.monotonic_usec = event_usec(realtime, now, now->monotonic_usec),
			.event = event,
			.target = &event->targets[i],
		};
		struct send_match matched = {};

		if (line->join)
			match(line, event, &attributed, now, &matched);
		tell(line, &attributed, matched.send, boottime, now);
	}
}

/* Nobody's, for all that can be said of who sent it. */
static bool is_by_kernel(enum send_verdict verdict)
{
	return verdict == SEND_BY_KERNEL || verdict == SEND_BY_PARENT_DEATH ||
	       verdict == SEND_BY_CGROUP_KILL;
}

static void note_mismatch(struct line *line, const struct send_alone *alone)
{
	if (line->n_mismatches == 0)
		line->mismatch_nsec = alone->send->seen.monotonic_nsec;
	line->n_mismatches += alone->count;
}

static void tell_alone(struct line *line, const struct send_alone *alone, const struct clocks *now)
{
	const struct send_seen *send = alone->send;
	const struct send_now join_now = send_now(now);
	struct signal_target target;
	struct signal_event event;
	struct attributed_signal attributed = {
		.event = &event,
		.target = &target,
		.seen = &send->seen,
		.class = is_by_kernel(alone->verdict) ? SIGNAL_CLASS_KERNEL : send->class,
		.delivery = signal_result_delivery(send->seen.result),
	};

	if (is_by_kernel(alone->verdict) && !traced_send_kernel_is_told(send->seen.signal))
		return;
	if (alone->verdict == SEND_MISMATCH)
		note_mismatch(line, alone);
	set_times(&attributed, send->seen.monotonic_nsec, now);
	attributed.reasons = traced_send_fill(send, alone->verdict, &event, &target);
	if (alone->count > 1) {
		attributed.repeated = alone->count;
		attributed.repeated_last_usec =
			attributed.realtime_usec +
			(alone->last_nsec - send->seen.monotonic_nsec) / 1000;
	}
	tell(line, &attributed, send,
		attributed.monotonic_usec + now->boottime_usec - now->monotonic_usec, now);
	send_join_told(line->join, send, alone->count, alone->last_nsec, attributed.id, &join_now);
}

/* Of a thread that audit sees, a send without a record is a fault of somebody. */
static enum send_partner partner_of(const struct line *line, const struct signal_seen *seen,
	const struct process *sender, uint64_t suspended_usec)
{
	uint64_t seen_usec = seen->monotonic_nsec / 1000 + suspended_usec;

	if (line->audit_since_usec == UINT64_MAX || seen_usec < line->audit_since_usec)
		return SEND_PARTNER_NONE;
	if (!sender)
		return SEND_PARTNER_POSSIBLE;
	if (witness_thread_told(line->witness, seen->current))
		return sender->start_usec > line->audit_since_usec + AUDIT_SETTLES_USEC
			       ? SEND_PARTNER_CERTAIN
			       : SEND_PARTNER_POSSIBLE;
	return sender->start_usec < line->blind_before_usec ? SEND_PARTNER_NONE
							    : SEND_PARTNER_POSSIBLE;
}

/* The rules leave them out: Go's preemption, and what C libraries send to their own threads. */
static bool is_noise(const struct signal_seen *seen)
{
	return !seen->group && (seen->signal == 23 || (seen->signal >= 32 && seen->signal <= 34));
}

void line_see(struct line *line, const struct signal_seen *seen)
{
	const struct process *current = witness_thread(line->witness, seen->current);
	const struct process *target = witness_thread(line->witness, seen->target);
	struct clocks now = clocks_now();
	struct send_seen send = {.seen = *seen};
	bool self = seen->current == seen->target || (current && current == target);
	int verdict;

	send.class = signal_seen_class(seen, self);
	if (is_noise(seen) || (send.class == SIGNAL_CLASS_KERNEL && !self &&
				      !traced_send_kernel_is_told(seen->signal)))
		return;
	if (current)
		sighting_take(current, &send.sender);
	if (target)
		sighting_take(target, &send.target);
	send.partner = partner_of(line, seen, current, now.boottime_usec - now.monotonic_usec);
	verdict = send_join_see(line->join, &send);
	if (verdict) {
		const struct send_alone alone = {
			&send, 1, seen->monotonic_nsec, (enum send_verdict)verdict};

		/* The table may let go of either while more is read. */
		hold(current, line);
		hold(target, line);
		tell_alone(line, &alone, &now);
		release(current, line);
		release(target, line);
	}
}

static void tell_mismatches(struct line *line, const struct clocks *now)
{
	struct gap gap = {.reason = GAP_WITNESS_MISMATCH,
		.end_usec = now->realtime_usec,
		.n_lost = line->n_mismatches};
	uint64_t age_usec = now->monotonic_usec - line->mismatch_nsec / 1000;

	if (line->n_mismatches == 0)
		return;
	gap.start_usec = now->realtime_usec - age_usec;
	teller_tell_gap(line->teller, &gap, now);
	line->n_mismatches = 0;
}

static void expire(struct line *line, bool all, const struct clocks *now)
{
	struct send_now join_now = send_now(now);
	struct send_alone alone;

	if (all)
		join_now.nsec = UINT64_MAX;
	while (send_join_expire(line->join, line->barrier_nsec, &join_now, &alone))
		tell_alone(line, &alone, now);
	tell_mismatches(line, now);
}

static void handle_event(
	struct line *line, struct audit_event *audit_event, const struct clocks *now)
{
	struct signal_event event;
	int r = event_fields_decode(line->decoder, audit_event, &line->fields);

	if (r == 0)
		r = signal_event_decode(&line->fields, &event);
	if (r == 0) {
		tell_event(line, &event, now);
		signal_event_done(&event);
	} else if (r != SIGNAL_EVENT_NO_SIGNAL && r != SIGNAL_EVENT_NO_TARGET) {
		line->malformed++;
	}
	audit_event_free(audit_event);
}

void line_push(struct line *line, const struct audit_record *record, const struct clocks *now)
{
	struct audit_event *event;

	if (event_assembly_push(line->assembly, record, audit_record_accept(record),
		    now->monotonic_usec, &event) < 0)
		line->malformed++;
	if (event)
		handle_event(line, event, now);
}

void line_end_batch(struct line *line, const struct clocks *now, bool all)
{
	uint64_t until_usec = all ? UINT64_MAX : now->monotonic_usec;
	struct audit_event *event;

	while ((event = event_assembly_expire(line->assembly, until_usec)))
		handle_event(line, event, now);
	if (line->join)
		expire(line, all, now);
	witness_end_batch(line->witness);
}

bool line_oldest_open(const struct line *line, uint32_t *ret_serial, uint64_t *ret_realtime_usec)
{
	const struct audit_event *oldest = event_assembly_lowest(line->assembly);

	if (!oldest)
		return false;
	*ret_serial = oldest->serial;
	*ret_realtime_usec = oldest->time_msec * 1000;
	return true;
}

uint64_t line_malformed(const struct line *line)
{
	return line->malformed;
}
