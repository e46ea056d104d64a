/* SPDX-License-Identifier: GPL-2.0-or-later */
/* SPDX-FileCopyrightText: The killauditd authors */

/*
 * The entry of type `signal`: one target of one send, as it is told.
 */
#pragma once

#include <stdint.h>

#include "core/ancestry.h"
#include "core/attribution.h"
#include "core/entry-head.h"

struct journal_entry;

/* MESSAGE is for one line of a terminal; the fields have the rest. */
#define SIGNAL_ENTRY_MESSAGE_MAX 512

/* Everything an entry is made of, borrowed. */
struct attributed_signal {
	struct event_id id;
	uint64_t realtime_usec, monotonic_usec; /* of the event */
	const struct signal_event *event;
	const struct signal_target *target; /* one of event->targets */
	struct party sender_party, target_party;
	const struct ancestry *ancestry;
};

/* *entry is empty when this is called. 0 or -ENOMEM. */
int signal_entry_format(const struct attributed_signal *attributed, struct journal_entry *entry);
