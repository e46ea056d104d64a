/* SPDX-License-Identifier: GPL-2.0-or-later */
/* SPDX-FileCopyrightText: The killauditd authors */

#include "core/entry-head.h"

#include <inttypes.h>
#include <stdio.h>

#include "core/journal-entry.h"

static const struct {
	const char *name, *message_id;
} types[N_ENTRY_TYPES] = {
#define X(type, name, id) {name, id},
	ENTRY_TYPES(X)
#undef X
};

const char *entry_type_name(enum entry_type type)
{
	return types[type].name;
}

const char *entry_type_message_id(enum entry_type type)
{
	return types[type].message_id;
}

void entry_head_format(const struct entry_head *head, struct journal_entry *entry)
{
	char id[33];

	snprintf(id, sizeof(id), "%016" PRIx64 "%016" PRIx64, head->id.instance, head->id.count);
	journal_entry_add_string(entry, FIELD_MESSAGE_ID, entry_type_message_id(head->type));
	journal_entry_add_number(entry, FIELD_PRIORITY, head->priority);
	journal_entry_add_string(entry, FIELD_SYSLOG_IDENTIFIER, "killauditd");
	journal_entry_add_string(entry, FIELD_KILLAUDIT_TYPE, entry_type_name(head->type));
	journal_entry_add_string(entry, FIELD_EVENT_ID, id);
	journal_entry_add_number(entry, FIELD_EVENT_REALTIME_USEC, (int64_t)head->realtime_usec);
	journal_entry_add_number(entry, FIELD_EVENT_MONOTONIC_USEC, (int64_t)head->monotonic_usec);
	journal_entry_add_string(
		entry, FIELD_CERTAINTY, certainty_name(reasons_certainty(head->reasons)));
	for (unsigned reason = 0; reason < N_REASONS; reason++)
		if (head->reasons & UINT32_C(1) << reason)
			journal_entry_add_string(
				entry, FIELD_CERTAINTY_REASON, reason_name((enum reason)reason));
}
