/* SPDX-License-Identifier: GPL-2.0-or-later */
/* SPDX-FileCopyrightText: The killauditd authors */

/* A send that no audit event tells of, in the form of one, so that it is told in the same way. */
#pragma once

#include <stdbool.h>
#include <stdint.h>

#include "core/send-join.h"
#include "core/signal-event.h"

/* Whether a signal that nobody sent has an entry: those that people send, too, and not what a
 * process brings upon itself by its own faults. */
bool traced_send_kernel_is_told(int signal);

/* Fills both in; there are no strings in them. The executable is for sender_attribute() to find.
 * Bits of enum reason that hold beside those of the parties. */
uint32_t traced_send_fill(const struct send_seen *send, enum send_verdict verdict,
	struct signal_event *ret_event, struct signal_target *ret_target);
