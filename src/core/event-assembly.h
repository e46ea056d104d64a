/* SPDX-License-Identifier: GPL-2.0-or-later */
/* SPDX-FileCopyrightText: The killauditd authors */

/*
 * Collects records into events by serial.
 *
 * Records of several events may arrive interleaved, and the kernel may lose any one of them, so an
 * event ends with its EOE record or, where that is lost or excluded by a filter, after a while. The
 * caller says what time it is. Memory is bounded: too many open events end the oldest one early,
 * an event that grows too long keeps what fits; either is marked in the event.
 */
#pragma once

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "core/audit-record.h"
#include "core/buffer.h"

/* Open at once. The kernel writes the records of one event in one go, so a handful is usual. */
#define EVENT_ASSEMBLY_MAX_EVENTS 1024
/* Bytes of text of one event: a kill(-1) of 20,000 targets at about 100 bytes each fits. */
#define EVENT_ASSEMBLY_MAX_TEXT (4U << 20)
/* From the first record to giving up on the EOE. The kernel queues all records of an event
 * together, so what is not there after a second was lost. */
#define EVENT_ASSEMBLY_TIMEOUT_USEC 1000000U

struct audit_event_record {
	uint16_t type;
	size_t payload, payload_len; /* where in audit_event.text */
};

struct audit_event {
	uint32_t serial;
	uint64_t time_msec;
	struct audit_event_record *records;
	size_t n_records;
	struct buffer text; /* the payloads, each NUL-terminated */
	bool cut_short; /* ended without its EOE: records may be missing */
	bool too_long; /* records beyond EVENT_ASSEMBLY_MAX_TEXT were dropped */
	uint64_t started_usec; /* when the first record was pushed, in the caller's time */
	size_t records_size;
};

struct event_assembly;

struct event_assembly *event_assembly_new(void);
struct event_assembly *event_assembly_free(struct event_assembly *assembly);

/* Takes a copy of what it needs. On 0 *ret_event is a finished event, owned by the caller, or NULL.
 * A record that belongs to no event of ours is passed over. Negative errno: -ENOMEM, and the record
 * is lost. */
int event_assembly_push(struct event_assembly *assembly, const struct audit_record *record,
	enum audit_record_use use, uint64_t now_usec, struct audit_event **ret_event);

/* The next event that ends without its EOE: timed out, or one too many. NULL when there is none.
 * To be called until NULL after each batch of pushes, and once a while when none come. */
struct audit_event *event_assembly_expire(struct event_assembly *assembly, uint64_t now_usec);

/* The open event with the lowest serial, or NULL. */
const struct audit_event *event_assembly_lowest(const struct event_assembly *assembly);

size_t event_assembly_n_open(const struct event_assembly *assembly);

struct audit_event *audit_event_free(struct audit_event *event);
