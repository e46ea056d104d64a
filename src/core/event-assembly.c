/* SPDX-License-Identifier: GPL-2.0-or-later */
/* SPDX-FileCopyrightText: The killauditd authors */

#include "core/event-assembly.h"

#include <errno.h>
#include <stdlib.h>

#include "core/absence.h"
#include "core/hash.h"

struct open_event {
	uint32_t serial; /* the key; unique among the open, as it takes 2^32 events to wrap */
	struct audit_event *event;
	UT_hash_handle hh; /* in the order of insertion: the oldest comes first */
};

struct event_assembly {
	struct open_event *open;
};

struct event_assembly *event_assembly_new(void)
{
	return calloc(1, sizeof(struct event_assembly));
}

struct audit_event *audit_event_free(struct audit_event *event)
{
	if (!event)
		return NULL;
	free(event->records);
	buffer_done(&event->text);
	free(event);
	return NULL;
}

static struct audit_event *open_event_close(
	struct event_assembly *assembly, struct open_event *open)
{
	struct audit_event *event = open->event;

	HASH_DEL(assembly->open, open);
	free(open);
	return event;
}

struct event_assembly *event_assembly_free(struct event_assembly *assembly)
{
	if (!assembly)
		return NULL;
	while (assembly->open)
		audit_event_free(open_event_close(assembly, assembly->open));
	free(assembly);
	return NULL;
}

static int audit_event_append(struct audit_event *event, const struct audit_record *record)
{
	struct audit_event_record *records;
	size_t before = event->text.len;

	if (before + record->payload_len + 1 > EVENT_ASSEMBLY_MAX_TEXT) {
		event->too_long = true;
		return 0;
	}
	if (event->n_records == event->records_size) {
		size_t size = event->records_size ? event->records_size * 2 : 8;

		records = reallocarray(event->records, size, sizeof(*records));
		if (!records)
			return -ENOMEM;
		event->records = records;
		event->records_size = size;
	}
	buffer_append(&event->text, record->payload, record->payload_len);
	buffer_append(&event->text, "", 1);
	if (event->text.failed)
		return -ENOMEM;
	event->records[event->n_records++] = (struct audit_event_record){
		.type = record->type,
		.payload = before,
		.payload_len = record->payload_len,
	};
	return 0;
}

static int event_assembly_start(struct event_assembly *assembly, const struct audit_record *record,
	uint64_t now_usec, struct open_event **ret)
{
	struct open_event *open = calloc(1, sizeof(*open));
	struct audit_event *event = calloc(1, sizeof(*event));

	if (!open || !event) {
		free(open);
		free(event);
		return -ENOMEM;
	}
	event->serial = record->serial;
	event->time_msec = record->time_msec;
	event->started_usec = now_usec;
	open->serial = record->serial;
	open->event = event;
	HASH_ADD(hh, assembly->open, serial, sizeof(open->serial), open);
	if (!open->hh.tbl) {
		free(open);
		free(event);
		return -ENOMEM;
	}
	*ret = open;
	return 0;
}

int event_assembly_push(struct event_assembly *assembly, const struct audit_record *record,
	enum audit_record_use use, uint64_t now_usec, struct audit_event **ret_event)
{
	struct open_event *open;
	int r;

	*ret_event = NULL;
	if (use == AUDIT_RECORD_FOREIGN)
		return 0;
	HASH_FIND(hh, assembly->open, &record->serial, sizeof(record->serial), open);
	if (use == AUDIT_RECORD_ENDS) {
		if (open)
			*ret_event = open_event_close(assembly, open);
		return 0;
	}
	if (!open) {
		if (use != AUDIT_RECORD_STARTS)
			return 0;
		r = event_assembly_start(assembly, record, now_usec, &open);
		if (r < 0)
			return r;
	}
	r = audit_event_append(open->event, record);
	if (r < 0)
		open->event->cut_short = true;
	return r;
}

struct audit_event *event_assembly_expire(struct event_assembly *assembly, uint64_t now_usec)
{
	struct open_event *oldest = assembly->open;
	struct audit_event *event;

	if (!oldest)
		return NULL;
	if (HASH_COUNT(assembly->open) <= EVENT_ASSEMBLY_MAX_EVENTS &&
		now_usec < oldest->event->started_usec + EVENT_ASSEMBLY_TIMEOUT_USEC)
		return NULL;
	event = open_event_close(assembly, oldest);
	event->cut_short = true;
	return event;
}

const struct audit_event *event_assembly_lowest(const struct event_assembly *assembly)
{
	const struct audit_event *lowest = NULL;

	for (const struct open_event *open = assembly->open; open; open = open->hh.next)
		if (!lowest || serial_is_after(lowest->serial, open->serial))
			lowest = open->event;
	return lowest;
}

size_t event_assembly_n_open(const struct event_assembly *assembly)
{
	return HASH_COUNT(assembly->open);
}
