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
#include "core/signal-seen.h"

struct journal_entry;

/* Everything an entry is made of, borrowed. */
struct attributed_signal {
	struct event_id id;
	uint64_t realtime_usec, monotonic_usec; /* of the event */
	const struct signal_event *event;
	const struct signal_target *target; /* one of event->targets */
	struct party sender_party, target_party; /* of a send by the kernel: who ran */
	const struct ancestry *ancestry;
	const struct signal_seen *seen; /* by the trace; NULL: not seen */
	enum signal_class class; /* of `seen` */
	enum signal_delivery delivery; /* as far as the trace told */
	bool amends; /* an entry with this id was told before */
	uint64_t repeated; /* sends that do not differ, of which this is the first; 0: one */
	uint64_t repeated_last_usec; /* wall clock of the last of them */
	uint32_t reasons; /* beside those of the parties; bits 1 << enum reason */
};

/* Nobody sent it. */
bool signal_is_by_kernel(const struct attributed_signal *attributed);

/* *entry is empty when this is called. 0 or -ENOMEM. */
int signal_entry_format(const struct attributed_signal *attributed, struct journal_entry *entry);
