/* SPDX-License-Identifier: GPL-2.0-or-later */
/* SPDX-FileCopyrightText: The killauditd authors */

#include "daemon/line.h"

#include <stdlib.h>

#include "core/ancestry.h"
#include "core/attribution.h"
#include "core/event-assembly.h"
#include "core/event-fields.h"
#include "core/signal-event.h"
#include "daemon/teller.h"
#include "daemon/witness.h"
#include "io/event-decoder.h"

struct line {
	struct witness *witness;
	struct teller *teller;
	struct event_assembly *assembly;
	struct event_decoder *decoder;
	struct event_fields fields;
	uint64_t malformed;
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

static void tell_event(
	struct line *line, const struct signal_event *event, const struct clocks *now)
{
	uint64_t realtime = event->time_msec * 1000;
	uint64_t boottime = event_usec(realtime, now, now->boottime_usec);
	struct process_readings readings =
		witness_read(line->witness, event->sender.pid, PROC_READER_FULL, boottime);
	struct ancestry ancestry;
	struct attributed_signal attributed = {
		.realtime_usec = realtime,
		.monotonic_usec = event_usec(realtime, now, now->monotonic_usec),
		.event = event,
		.ancestry = &ancestry,
	};

	sender_attribute(&event->sender, &readings, boottime, &attributed.sender_party);
	witness_read_ancestry(
		line->witness, &event->sender, &attributed.sender_party, boottime, &ancestry);
	for (size_t i = 0; i < event->n_targets; i++) {
		attributed.target = &event->targets[i];
		readings = witness_read(
			line->witness, attributed.target->pid, PROC_READER_FULL, boottime);
		target_attribute(attributed.target, &readings, boottime, &attributed.target_party);
		teller_tell_signal(line->teller, &attributed, now);
	}
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
