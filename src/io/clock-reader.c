/* SPDX-License-Identifier: GPL-2.0-or-later */
/* SPDX-FileCopyrightText: The killauditd authors */

#include "io/clock-reader.h"

#include <time.h>

static uint64_t clock_usec(clockid_t clock)
{
	struct timespec now;

	clock_gettime(clock, &now);
	return (uint64_t)now.tv_sec * USEC_PER_SEC + (uint64_t)now.tv_nsec / 1000;
}

struct clocks clocks_now(void)
{
	return (struct clocks){
		.realtime_usec = clock_usec(CLOCK_REALTIME),
		.monotonic_usec = clock_usec(CLOCK_MONOTONIC),
		.boottime_usec = clock_usec(CLOCK_BOOTTIME),
	};
}
