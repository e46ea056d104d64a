/* SPDX-License-Identifier: GPL-2.0-or-later */
/* SPDX-FileCopyrightText: The killauditd authors */

/*
 * Lines of "TYPE TEXT", as if each were a datagram, through the whole way in: record, event,
 * fields, signal event. Nothing that comes out may break what the structures promise.
 */

#include <assert.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include "core/audit-record.h"
#include "core/event-assembly.h"
#include "core/event-fields.h"
#include "core/signal-event.h"
#include "io/event-decoder.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static void check_signal_event(const struct signal_event *event)
{
	assert(event->n_targets > 0);
	assert(event->signal != 0);
	assert(strnlen(event->sender.comm, COMM_SIZE) < COMM_SIZE);
	for (size_t i = 0; i < event->n_targets; i++) {
		assert(event->targets[i].pid >= 0);
		assert(strnlen(event->targets[i].comm, COMM_SIZE) < COMM_SIZE);
	}
}

static void handle(
	struct event_decoder *decoder, struct event_fields *fields, struct audit_event *audit_event)
{
	struct signal_event event;

	if (event_fields_decode(decoder, audit_event, fields) == 0 &&
		signal_event_decode(fields, &event) == 0) {
		check_signal_event(&event);
		signal_event_done(&event);
	}
	audit_event_free(audit_event);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct event_assembly *assembly = event_assembly_new();
	struct event_decoder *decoder = event_decoder_new();
	struct event_fields fields = {};
	struct audit_event *event;
	char *text = malloc(size + 1), *rest = text, *line;

	assert(assembly && decoder && text);
	memcpy(text, data, size);
	text[size] = '\0';
	while ((line = strsep(&rest, "\n"))) {
		char *payload;
		uint16_t type = (uint16_t)strtoul(line, &payload, 10);
		struct audit_record record;

		payload += *payload == ' ';
		if (audit_record_parse(type, payload, strlen(payload), &record) != 0)
			continue;
		assert(record.payload + record.payload_len == record.text + record.text_len);
		if (event_assembly_push(
			    assembly, &record, audit_record_accept(&record), 0, &event) == 0 &&
			event)
			handle(decoder, &fields, event);
	}
	while ((event = event_assembly_expire(assembly, UINT64_MAX)))
		handle(decoder, &fields, event);
	free(text);
	event_fields_done(&fields);
	event_decoder_free(decoder);
	event_assembly_free(assembly);
	return 0;
}
