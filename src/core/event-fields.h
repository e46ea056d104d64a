/* SPDX-License-Identifier: GPL-2.0-or-later */
/* SPDX-FileCopyrightText: The killauditd authors */

/*
 * An audit event taken apart: its records in the order of arrival, each a list of names and raw
 * values. Produced by the decoder in src/io, read by signal_event_decode().
 */
#pragma once

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "core/buffer.h"

struct event_field {
	size_t name, value; /* offsets into event_fields.strings, each NUL-terminated */
};

struct event_fields_record {
	uint16_t type;
	size_t first_field, n_fields;
};

struct event_fields {
	uint32_t serial;
	uint64_t time_msec;
	bool incomplete; /* records of the event may be missing */
	struct event_fields_record *records;
	size_t n_records, records_size;
	struct event_field *fields;
	size_t n_fields, fields_size;
	struct buffer strings;
};

void event_fields_done(struct event_fields *fields);
void event_fields_clear(struct event_fields *fields); /* keeps the memory */

/* 0 or -ENOMEM. Fields go to the record that was added last. */
int event_fields_add_record(struct event_fields *fields, uint16_t type);
int event_fields_add_field(struct event_fields *fields, const char *name, const char *value);

/* The raw value of the first field of that name in the record, or NULL. */
const char *event_fields_find(const struct event_fields *fields,
	const struct event_fields_record *record, const char *name);
/* The same of the last field of that name. */
const char *event_fields_find_last(const struct event_fields *fields,
	const struct event_fields_record *record, const char *name);
