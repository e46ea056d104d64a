/* SPDX-License-Identifier: GPL-2.0-or-later */
/* SPDX-FileCopyrightText: The killauditd authors */

/* Notes how far we have come, and tells what is missing: before us, and where the socket lost
 * records. */
#pragma once

#include <stdbool.h>
#include <stdint.h>

#include "core/audit-record.h"
#include "core/clocks.h"

struct attendance;
struct audit_state;
struct netlink_socket;
struct line;
struct teller;

/* `socket` and `teller` are borrowed. `kept`: the entries are kept for later, so what nobody wrote
 * is missing there; reads what the run before us noted. 0 or a negative errno. */
int attendance_new(const struct netlink_socket *socket, struct teller *teller, bool kept,
	struct attendance **ret);
struct attendance *attendance_free(struct attendance *attendance);

/* Once all is set up: tells the gaps before us, and begins to note. `found` is what there was of
 * the rules and of auditing before anything was put back, or NULL: nobody has left them to us.
 * False when what is to be noted cannot be, for which the log has the reason. */
bool attendance_begin(
	struct attendance *attendance, const struct audit_state *found, const struct clocks *now);

/* What is sent from this moment on, CLOCK_BOOTTIME, is not told, and no gap says so yet; 0: no such
 * thing. What we note does not go beyond it. */
void attendance_hold(struct attendance *attendance, uint64_t boottime_usec);

/* For every record that is received, before it is told. */
void attendance_see(
	struct attendance *attendance, const struct audit_record *record, const struct clocks *now);
/* All that was seen is told, but what is still open in the line. */
void attendance_end_batch(
	struct attendance *attendance, const struct line *line, const struct clocks *now);

/* Once in a while; `idle`: nothing is queued. */
void attendance_check(struct attendance *attendance, bool idle, const struct clocks *now);

/* We end in order. `idle`: nothing is queued. */
void attendance_end(struct attendance *attendance, bool idle, const struct clocks *now);
