/* SPDX-License-Identifier: GPL-2.0-or-later */
/* SPDX-FileCopyrightText: The killauditd authors */

/*
 * For how long nobody was watching before this run began: from what the run before noted of how far
 * it had come. Times are CLOCK_BOOTTIME, unless they say otherwise.
 *
 * The mark is kept in memory and is as new as the last batch; it is gone after a reboot. The
 * heartbeat is on the disk and up to HEARTBEAT_INTERVAL_USEC old.
 */
#pragma once

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "core/clocks.h"
#include "core/gap.h"

struct buffer;

#define HEARTBEAT_INTERVAL_USEC (10 * USEC_PER_SEC)
/* A disk that is busy may take this much longer. */
#define HEARTBEAT_SLACK_USEC (2 * USEC_PER_SEC)

#define BOOT_ID_LEN 32

struct watch_mark {
	uint64_t socket; /* which one, for good: SO_COOKIE */
	uint64_t handled_usec; /* all that was sent before is told */
	uint32_t serial; /* of the last event of which this holds; 0: none was seen yet */
	uint32_t drops; /* of the socket, then */
	bool stopped; /* in order, with nothing taken from the socket and not told */
	bool quiet; /* nothing had come for a while */
};

struct heartbeat {
	char boot_id[BOOT_ID_LEN + 1];
	uint64_t realtime_usec; /* wall clock */
	bool stopped; /* in order */
};

void heartbeat_format(const struct heartbeat *heartbeat, struct buffer *buffer);
/* False when the text is no heartbeat, or not a whole one. */
bool heartbeat_parse(const char *text, struct heartbeat *ret);

/* What is known at the start of a run. */
struct absence {
	const struct watch_mark *mark; /* NULL: this boot's first run */
	const struct heartbeat *heartbeat; /* NULL: there is none */
	char boot_id[BOOT_ID_LEN + 1];
	uint64_t socket; /* ours */
	uint32_t drops; /* of it */
	bool rules_missing, auditing_off; /* found so, before anything was put back */
	struct clocks now;
};

#define ABSENCE_GAPS_MAX 3

/* The gaps, at most ABSENCE_GAPS_MAX; how many. */
size_t absence_gaps(const struct absence *absence, struct gap gaps[static ABSENCE_GAPS_MAX]);

/* The run before was ended by force, and its socket is ours now. It may have taken records from the
 * socket that it did not tell any more: the first serial will show it. */
bool absence_is_open(const struct absence *absence);

/* Only where it was quiet before is the next serial proof that nothing was taken and not told:
 * under load, an event may be read after a later one. `serial` is the first one after that of the
 * mark, or 0 if none came; `begins`: the record that has it is the first of its event. True, and
 * *ret is the gap, when something may have been lost.
 */
bool absence_close(const struct absence *absence, uint32_t serial, bool begins, struct gap *ret);

/* Whether a serial comes after another one; they wrap. */
bool serial_is_after(uint32_t serial, uint32_t other);
