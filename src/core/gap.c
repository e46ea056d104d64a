/* SPDX-License-Identifier: GPL-2.0-or-later */
/* SPDX-FileCopyrightText: The killauditd authors */

#include "core/gap.h"

#include <inttypes.h>
#include <time.h>

#include "core/buffer.h"
#include "core/journal-entry.h"

static const struct {
	const char *name, *text, *unit, *evidence;
} reasons[N_GAP_REASONS] = {
#define X(reason, name, text, unit, evidence) {name, text, unit, evidence},
	GAP_REASONS(X)
#undef X
};

static void time_append(struct buffer *buffer, uint64_t realtime_usec)
{
	time_t seconds = (time_t)(realtime_usec / USEC_PER_SEC);
	struct tm utc;
	char text[32];

	gmtime_r(&seconds, &utc);
	strftime(text, sizeof(text), "%Y-%m-%d %H:%M:%S", &utc);
	buffer_printf(buffer, "%s.%03u UTC", text, (unsigned)(realtime_usec % USEC_PER_SEC / 1000));
}

static void message_format(const struct gap *gap, struct journal_entry *entry)
{
	struct buffer message = {};

	buffer_append_string(&message, "signals may be missing here: ");
	buffer_append_string(&message, reasons[gap->reason].text);
	buffer_append_string(&message, " from ");
	time_append(&message, gap->start_usec);
	if (gap->end_usec) {
		buffer_append_string(&message, " to ");
		time_append(&message, gap->end_usec);
	} else {
		buffer_append_string(&message, " on");
	}
	if (gap->n_lost)
		buffer_printf(
			&message, ", %" PRIu64 " %s lost", gap->n_lost, reasons[gap->reason].unit);
	journal_entry_add(entry, FIELD_MESSAGE, message.data, message.len);
	entry->failed = entry->failed || message.failed;
	buffer_done(&message);
}

int gap_entry_format(const struct gap *gap, struct event_id id, const struct clocks *now,
	struct journal_entry *entry)
{
	struct entry_head head = {
		.type = ENTRY_GAP,
		.id = id,
		.realtime_usec = now->realtime_usec,
		.monotonic_usec = now->monotonic_usec,
		.priority = 4,
	};

	message_format(gap, entry);
	entry_head_format(&head, entry);
	journal_entry_add_string(entry, FIELD_EVIDENCE, reasons[gap->reason].evidence);
	journal_entry_add_string(entry, FIELD_GAP_REASON, reasons[gap->reason].name);
	if (gap->n_lost) {
		journal_entry_add_number(entry, FIELD_GAP_COUNT, (int64_t)gap->n_lost);
		journal_entry_add_string(entry, FIELD_GAP_UNIT, reasons[gap->reason].unit);
	}
	journal_entry_add_number(entry, FIELD_GAP_START_USEC, (int64_t)gap->start_usec);
	if (gap->end_usec)
		journal_entry_add_number(entry, FIELD_GAP_END_USEC, (int64_t)gap->end_usec);
	return journal_entry_finish(entry);
}
