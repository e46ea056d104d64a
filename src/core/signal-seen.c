/* SPDX-License-Identifier: GPL-2.0-or-later */
/* SPDX-FileCopyrightText: The killauditd authors */

#include "core/signal-seen.h"

#include <signal.h>
#include <stddef.h>

/* Of code 0, which kill gives to a process and never to a thread. To threads the kernel sends with
 * it when a control group is killed, and SIGPIPE and SIGXFSZ to who writes. */
static enum signal_class class_of_user(const struct signal_seen *seen)
{
	if (seen->group)
		return SIGNAL_CLASS_KILL;
	return seen->signal == SIGKILL ? SIGNAL_CLASS_CGROUP_KILL : SIGNAL_CLASS_KERNEL;
}

enum signal_class signal_seen_class(const struct signal_seen *seen, bool self)
{
	if (seen->interrupt || seen->code > 0)
		return SIGNAL_CLASS_KERNEL;
	if (seen->code == SI_USER)
		return class_of_user(seen);
	/* Timers of processor time go off in the process whose time it is, in no interrupt. */
	if (seen->code == SI_TIMER && self)
		return SIGNAL_CLASS_KERNEL;
	return seen->code == SI_TKILL && !seen->group ? SIGNAL_CLASS_TKILL : SIGNAL_CLASS_QUEUE;
}

enum signal_delivery signal_result_delivery(enum signal_result result)
{
	static const enum signal_delivery deliveries[N_SIGNAL_RESULTS] = {
		[SIGNAL_RESULT_QUEUED] = DELIVERY_QUEUED,
		[SIGNAL_RESULT_IGNORED] = DELIVERY_IGNORED,
		[SIGNAL_RESULT_ALREADY_PENDING] = DELIVERY_ALREADY_PENDING,
		[SIGNAL_RESULT_OVERFLOW] = DELIVERY_OVERFLOW,
		[SIGNAL_RESULT_INFO_LOST] = DELIVERY_INFO_LOST,
	};

	return (unsigned)result < N_SIGNAL_RESULTS ? deliveries[result] : DELIVERY_UNKNOWN;
}

const char *signal_delivery_name(enum signal_delivery delivery)
{
	static const char *const names[N_SIGNAL_DELIVERIES] = {
		[DELIVERY_QUEUED] = "queued",
		[DELIVERY_IGNORED] = "ignored",
		[DELIVERY_ALREADY_PENDING] = "already-pending",
		[DELIVERY_OVERFLOW] = "overflow",
		[DELIVERY_INFO_LOST] = "info-lost",
		[DELIVERY_REFUSED] = "refused",
	};

	return names[delivery];
}
