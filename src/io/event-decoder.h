/* SPDX-License-Identifier: GPL-2.0-or-later */
/* SPDX-FileCopyrightText: The killauditd authors */

/*
 * From an audit event to its fields, by libauparse: the one place that knows that library. Raw
 * values only, since interpreting a user id asks a name service.
 */
#pragma once

struct audit_event;
struct event_decoder;
struct event_fields;

struct event_decoder *event_decoder_new(void);
struct event_decoder *event_decoder_free(struct event_decoder *decoder);

enum {
	EVENT_DECODER_MALFORMED = 1, /* libauparse finds no event in it */
};

/* 0, EVENT_DECODER_MALFORMED or -ENOMEM. *fields is cleared first. */
int event_fields_decode(struct event_decoder *decoder, const struct audit_event *event,
	struct event_fields *fields);
