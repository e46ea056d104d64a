/* SPDX-License-Identifier: GPL-2.0-or-later */
/* SPDX-FileCopyrightText: The killauditd authors */

/* The end of the line: numbers the entries and writes them, and counts those that could not be. */
#pragma once

#include <signal.h>
#include <stdbool.h>
#include <stdint.h>

#include "core/attribution.h"
#include "core/clocks.h"
#include "core/coverage.h"
#include "core/gap.h"
#include "core/journal-entry.h"
#include "core/signal-entry.h"
#include "daemon/output.h"

struct teller {
	enum output_mode output;
	sigset_t
		give_up_on; /* a reader that is too slow is given up when one of these is pending */
	bool stopping; /* what is queued is told, if it can be now */
	int given_up; /* nobody takes it any more: a negative errno */
	struct event_id next_id;
	struct journal_entry entry;
	struct buffer scratch;
	uint64_t entries, unwritten;
	uint64_t complained_usec;
};

/* 0 or a negative errno. */
int teller_init(struct teller *teller, enum output_mode output);
void teller_done(struct teller *teller);

/* *attributed gets its id, unless it amends an entry and has that one's. */
void teller_tell_signal(
	struct teller *teller, struct attributed_signal *attributed, const struct clocks *now);
void teller_tell_gap(struct teller *teller, const struct gap *gap, const struct clocks *now);
void teller_tell_coverage(
	struct teller *teller, const struct coverage *coverage, const struct clocks *now);
