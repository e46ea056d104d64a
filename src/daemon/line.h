/* SPDX-License-Identifier: GPL-2.0-or-later */
/* SPDX-FileCopyrightText: The killauditd authors */

/* From audit records to told signals: assembles, decodes, attributes. */
#pragma once

#include <stdbool.h>
#include <stdint.h>

#include "core/audit-record.h"
#include "core/clocks.h"
#include "core/signal-seen.h"

struct line;
struct teller;
struct witness;

/* `witness` and `teller` are borrowed. NULL: out of memory. */
struct line *line_new(struct witness *witness, struct teller *teller);
struct line *line_free(struct line *line);

void line_push(struct line *line, const struct audit_record *record, const struct clocks *now);

/* The trace is used: from now on sends wait for each other. 0 or -ENOMEM. */
int line_trace(struct line *line);
/* What the trace saw, in its order; before the records of that time are pushed. */
void line_see(struct line *line, const struct signal_seen *seen);
/* The trace has lost nothing since then, CLOCK_MONOTONIC. */
void line_set_whole(struct line *line, uint64_t since_nsec);

/* Since when audit tells of sends, CLOCK_BOOTTIME (UINT64_MAX: it does not), and since when
 * processes are born that it sees (0: it saw all, as far as is known). */
void line_set_audit(struct line *line, uint64_t since_usec, uint64_t blind_before_usec);

/* Whether something waits for a record, and that all records of what was sent before that moment
 * were pushed. */
bool line_waits(const struct line *line);
void line_set_barrier(struct line *line, uint64_t monotonic_nsec);

/* After each batch, and once in a while when none comes. `all`: nothing will come any more, so what
 * is not complete is told as it is. */
void line_end_batch(struct line *line, const struct clocks *now, bool all);

/* The event that came first of those that are not complete yet: true, and its serial and stamp. */
bool line_oldest_open(const struct line *line, uint32_t *ret_serial, uint64_t *ret_realtime_usec);

uint64_t line_malformed(const struct line *line); /* events and records, so far */
