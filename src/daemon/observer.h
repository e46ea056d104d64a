/* SPDX-License-Identifier: GPL-2.0-or-later */
/* SPDX-FileCopyrightText: The killauditd authors */

/*
 * The witnesses beside audit: the trace, where it is used, and the process connector. What they
 * tell goes on in the order of its stamps: of processes to the witness, of signals to the line.
 */
#pragma once

#include <stdbool.h>
#include <stdint.h>

struct clocks;
struct config;
struct line;
struct observer;
struct teller;
struct witness;

struct observer_settings {
	const struct config *config;
	int connector_fd; /* of the service manager, or -1: one of our own; taken */
	struct witness *witness; /* borrowed, as all below */
	struct line *line;
	struct teller *teller;
};

/* Opens what can be had; the log says what cannot and why. Waits a second for the connector's
 * agreement. Signals are kept until observer_begin(). 0, -ENOMEM, or, where the trace is required
 * and cannot be had, another negative errno. */
int observer_open(const struct observer_settings *settings, struct observer **ret);
struct observer *observer_close(struct observer *observer);

/* All processes were read: signals are told from now on. */
void observer_begin(struct observer *observer);

bool observer_is_traced(const struct observer *observer);
/* Whether ends of processes are told, and without the trace births and execs. */
bool observer_is_connected(const struct observer *observer);
int observer_fd(const struct observer *observer); /* of the connector; -1: none */

/* What is there now, in bounds. 0: all of it was told; 1: there may be more; or a negative errno.
 */
int observer_drain(struct observer *observer);

/* The trace lost nothing since that moment, CLOCK_MONOTONIC; UINT64_MAX: there is no trace. */
uint64_t observer_whole_since(const struct observer *observer);

/* Once in a while: tells what was lost, and has all processes read anew. */
void observer_check(struct observer *observer);
