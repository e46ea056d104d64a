/* SPDX-License-Identifier: GPL-2.0-or-later */
/* SPDX-FileCopyrightText: The killauditd authors */

#include "core/signal-seen.h"

#include <signal.h>
#include <stddef.h>

enum signal_delivery signal_result_delivery(enum signal_result result)
{
	static const enum signal_delivery deliveries[N_SIGNAL_RESULTS] = {
		[SIGNAL_RESULT_QUEUED] = DELIVERY_QUEUED,
		[SIGNAL_RESULT_IGNORED] = DELIVERY_IGNORED,
		[SIGNAL_RESULT_ALREADY_PENDING] = DELIVERY_ALREADY_PENDING,
		[SIGNAL_RESULT_OVERFLOW] = DELIVERY_OVERFLOW,
		[SIGNAL_RESULT_INFO_LOST] = DELIVERY_INFO_LOST,
	};

	return result < N_SIGNAL_RESULTS ? deliveries[result] : DELIVERY_UNKNOWN;
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
