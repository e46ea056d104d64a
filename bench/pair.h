/* SPDX-License-Identifier: GPL-2.0-or-later */
/* SPDX-FileCopyrightText: The killauditd authors */

/*
 * What a sender and its target do once each is where it shall be, and the memory in which they say
 * that they did it. Shared by pairs, which makes them, and by pair-member, which is what they are
 * when they were exec'd.
 */
#pragma once

#include <errno.h>
#include <linux/futex.h>
#include <signal.h>
#include <stdatomic.h>
#include <stdint.h>
#include <stdlib.h>
#include <sys/syscall.h>
#include <time.h>
#include <unistd.h>

/* The descriptor of the memory, in every member. */
#define PAIR_MEMORY_FD 199

enum pair_side { PAIR_SENDER, PAIR_TARGET, PAIR_SIDES };

struct pair {
	_Atomic uint32_t placed[PAIR_SIDES]; /* futex: its parent has moved it */
	_Atomic uint32_t ready[PAIR_SIDES]; /* futex: it has its name and its place */
	_Atomic uint32_t reaped[PAIR_SIDES];
	pid_t pid[PAIR_SIDES];
	uint64_t born_usec[PAIR_SIDES][2]; /* since boot, no earlier and no later than */
	uint64_t ready_nsec[PAIR_SIDES];
	uint64_t kill_nsec;
	uint64_t gone_nsec; /* both are reaped */
	int kill_errno;
};

struct pair_memory {
	uint64_t life_nsec;
	uint32_t n_pairs;
	struct pair pairs[];
};

static inline uint64_t pair_clock_nsec(clockid_t clock)
{
	struct timespec now;

	clock_gettime(clock, &now);
	return (uint64_t)now.tv_sec * 1000000000 + (uint64_t)now.tv_nsec;
}

static inline void pair_set(_Atomic uint32_t *flag)
{
	atomic_store(flag, 1);
	syscall(SYS_futex, flag, FUTEX_WAKE, 1, NULL, NULL, 0);
}

static inline void pair_wait(_Atomic uint32_t *flag)
{
	while (!atomic_load(flag))
		syscall(SYS_futex, flag, FUTEX_WAIT, 0, NULL, NULL, 0);
}

/* The sender kills when both have lived for the life of the run as who they are, and ends. */
static inline _Noreturn void pair_act(
	const struct pair_memory *memory, struct pair *pair, enum pair_side side)
{
	uint64_t until;
	struct timespec time;

	pair->pid[side] = getpid();
	pair->ready_nsec[side] = pair_clock_nsec(CLOCK_MONOTONIC);
	pair_set(&pair->ready[side]);
	if (side == PAIR_TARGET)
		for (;;)
			pause();
	pair_wait(&pair->ready[PAIR_TARGET]);
	until = pair->ready_nsec[PAIR_SENDER] > pair->ready_nsec[PAIR_TARGET]
			? pair->ready_nsec[PAIR_SENDER]
			: pair->ready_nsec[PAIR_TARGET];
	until += memory->life_nsec;
	time = (struct timespec){
		.tv_sec = (time_t)(until / 1000000000), .tv_nsec = (long)(until % 1000000000)};
	while (clock_nanosleep(CLOCK_MONOTONIC, TIMER_ABSTIME, &time, NULL) == EINTR)
		;
	pair->kill_nsec = pair_clock_nsec(CLOCK_MONOTONIC);
	pair->kill_errno = kill(pair->pid[PAIR_TARGET], SIGKILL) < 0 ? errno : 0;
	_exit(0);
}
