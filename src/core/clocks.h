/* SPDX-License-Identifier: GPL-2.0-or-later */
/* SPDX-FileCopyrightText: The killauditd authors */

/* One moment on the three clocks of Linux, in microseconds. The core is told it, and never asks. */
#pragma once

#include <stdint.h>

#define USEC_PER_SEC UINT64_C(1000000)

struct clocks {
	uint64_t realtime_usec; /* wall clock, since 1970: may be set, also back */
	uint64_t monotonic_usec; /* since boot, without suspend */
	uint64_t boottime_usec; /* since boot, with suspend */
};

/* The other way round; 0 for what was before this boot. */
static inline uint64_t clocks_boottime_of(const struct clocks *now, uint64_t realtime_usec)
{
	uint64_t age = now->realtime_usec > realtime_usec ? now->realtime_usec - realtime_usec : 0;

	return now->boottime_usec > age ? now->boottime_usec - age : 0;
}

/* The wall clock's time of a moment of this boot: by how long ago it was. */
static inline uint64_t clocks_realtime_of(const struct clocks *now, uint64_t boottime_usec)
{
	uint64_t age = now->boottime_usec > boottime_usec ? now->boottime_usec - boottime_usec : 0;

	return now->realtime_usec > age ? now->realtime_usec - age : 0;
}
