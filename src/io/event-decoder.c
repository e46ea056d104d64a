/* SPDX-License-Identifier: GPL-2.0-or-later */
/* SPDX-FileCopyrightText: The killauditd authors */

#include <config.h>

#include "io/event-decoder.h"

#include <auparse.h>
#include <errno.h>
#include <inttypes.h>
#include <libaudit.h>
#include <stdlib.h>
#include <string.h>

#include "core/buffer.h"
#include "core/event-assembly.h"
#include "core/event-fields.h"

struct event_decoder {
	auparse_state_t *auparse; /* made anew costs 39 us, given a new buffer 2.5 us */
	struct buffer text;
};

struct event_decoder *event_decoder_new(void)
{
	return calloc(1, sizeof(struct event_decoder));
}

struct event_decoder *event_decoder_free(struct event_decoder *decoder)
{
	if (!decoder)
		return NULL;
	if (decoder->auparse)
		auparse_destroy(decoder->auparse);
	buffer_done(&decoder->text);
	free(decoder);
	return NULL;
}

/* type=SYSCALL msg=audit(1795392304.338:7): arch=c000003e syscall=62 ... - as auditd writes it. */
static void record_format(const struct audit_event *event, const struct audit_event_record *record,
	struct buffer *text)
{
	size_t start;

	buffer_printf(text, "type=%s msg=audit(%" PRIu64 ".%03u:%" PRIu32 "): ",
		audit_msg_type_to_name(record->type), event->time_msec / 1000,
		(unsigned)(event->time_msec % 1000), event->serial);
	start = text->len;
	buffer_append(text, event->text.data + record->payload, record->payload_len);
	/* A label of a security module is not encoded: it must not begin a line of its own. */
	for (size_t i = start; i < text->len && !text->failed; i++)
		if (text->data[i] == '\n' || text->data[i] == '\0')
			text->data[i] = ' ';
	buffer_append(text, "\n", 1);
}

static int decoder_feed(struct event_decoder *decoder)
{
#ifdef HAVE_AUPARSE_NEW_BUFFER
	if (decoder->auparse)
		return auparse_new_buffer(
			       decoder->auparse, decoder->text.data, decoder->text.len) == 0
			       ? 0
			       : -ENOMEM;
#else /* before audit 3.0.5: Debian 11 */
	if (decoder->auparse)
		auparse_destroy(decoder->auparse);
#endif
	decoder->auparse = auparse_init(AUSOURCE_BUFFER, decoder->text.data);
	return decoder->auparse ? 0 : -ENOMEM;
}

static int record_decode(auparse_state_t *auparse, struct event_fields *fields)
{
	int r = event_fields_add_record(fields, (uint16_t)auparse_get_type(auparse));

	if (r < 0 || auparse_first_field(auparse) <= 0)
		return r;
	do {
		const char *name = auparse_get_field_name(auparse);
		const char *value = auparse_get_field_str(auparse);

		if (name && value)
			r = event_fields_add_field(fields, name, value);
	} while (r == 0 && auparse_next_field(auparse) > 0);
	return r;
}

int event_fields_decode(
	struct event_decoder *decoder, const struct audit_event *event, struct event_fields *fields)
{
	int r;

	event_fields_clear(fields);
	fields->serial = event->serial;
	fields->time_msec = event->time_msec;
	fields->incomplete = event->cut_short || event->too_long;

	buffer_clear(&decoder->text);
	for (size_t i = 0; i < event->n_records; i++)
		record_format(event, &event->records[i], &decoder->text);
	if (decoder->text.failed)
		return -ENOMEM;
	r = decoder_feed(decoder);
	if (r < 0)
		return r;
	if (auparse_next_event(decoder->auparse) <= 0 ||
		auparse_first_record(decoder->auparse) <= 0)
		return EVENT_DECODER_MALFORMED;
	do {
		r = record_decode(decoder->auparse, fields);
	} while (r == 0 && auparse_next_record(decoder->auparse) > 0);
	return r;
}
