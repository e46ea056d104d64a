/* SPDX-License-Identifier: GPL-2.0-or-later */
/* SPDX-FileCopyrightText: The killauditd authors */

/* From audit records to told signals: assembles, decodes, attributes. */
#pragma once

#include <stdbool.h>
#include <stdint.h>

#include "core/audit-record.h"
#include "core/clocks.h"

struct line;
struct teller;
struct witness;

/* `witness` and `teller` are borrowed. NULL: out of memory. */
struct line *line_new(struct witness *witness, struct teller *teller);
struct line *line_free(struct line *line);

void line_push(struct line *line, const struct audit_record *record, const struct clocks *now);

/* After each batch, and once in a while when none comes. `all`: nothing will come any more, so what
 * is not complete is told as it is. */
void line_end_batch(struct line *line, const struct clocks *now, bool all);

/* The event that came first of those that are not complete yet: true, and its serial and stamp. */
bool line_oldest_open(const struct line *line, uint32_t *ret_serial, uint64_t *ret_realtime_usec);

uint64_t line_malformed(const struct line *line); /* events and records, so far */
