/* SPDX-License-Identifier: GPL-2.0-or-later */
/* SPDX-FileCopyrightText: The killauditd authors */

/*
 * Steps of eight bytes: a signal is seen, a target of a call is told, time is over, a process ends.
 * Each send is accounted for once, and what is held is let go.
 */

#include <assert.h>
#include <errno.h>
#include <stdint.h>
#include <stdlib.h>

#include "core/process.h"
#include "core/send-join.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

#define N_PIDS    4
#define N_TIMES   8
#define TICK      UINT64_C(3000000)
#define BEGINNING UINT64_C(1000000000000)

struct play {
	struct send_join *join;
	struct process processes[N_PIDS]; /* of the pids from 1 on */
	int n_held[N_PIDS];
	struct send_now now;
	uint64_t n_told, n_alone, n_amended;
};

static int *held(struct play *play, const struct process *process)
{
	assert(process->pid > 0 && process->pid <= N_PIDS);
	return &play->n_held[process->pid - 1];
}

static void hold(const struct process *process, void *userdata)
{
	++*held(userdata, process);
}

static void release(const struct process *process, void *userdata)
{
	assert(--*held(userdata, process) >= 0);
}

/* One of them is known by nothing. */
static struct sighting sighting_of(const struct play *play, unsigned choice)
{
	struct sighting sighting = {};

	if (choice % (N_PIDS + 1) > 0)
		sighting_take(&play->processes[choice % (N_PIDS + 1) - 1], &sighting);
	return sighting;
}

static void told(struct play *play, const struct send_seen *send, size_t count, uint64_t last_nsec)
{
	const struct event_id id = {1, play->n_told++};

	play->n_alone += count;
	assert(send_join_told(play->join, send, count, last_nsec, id, &play->now) == 0);
}

static void see(struct play *play, const uint8_t *bytes)
{
	static const int codes[] = {0, -6, -1, -2, -3, 0, 1, 128};
	struct send_seen send = {
		.seen =
			{
				.monotonic_nsec = play->now.nsec,
				.current = 1 + bytes[1] % 7,
				.target = 1 + bytes[2] % N_PIDS,
				.signal = bytes[3] & 1 ? 9 : 15,
				.code = codes[bytes[3] >> 1 & 7],
				.group = bytes[3] & 16,
				.interrupt = bytes[3] >= 250,
				.result = bytes[4] % N_SIGNAL_RESULTS,
			},
		.class = bytes[5] % N_SIGNAL_CLASSES,
		.partner = bytes[6] % (SEND_PARTNER_CERTAIN + 1),
		.sender = sighting_of(play, bytes[1]),
		.target = sighting_of(play, bytes[2]),
	};
	int r = send_join_see(play->join, &send);

	assert(r >= 0 && r <= SEND_BY_CGROUP_KILL);
	if (r > 0)
		told(play, &send, 1, send.seen.monotonic_nsec);
}

static void match(struct play *play, const uint8_t *bytes)
{
	struct signal_target target = {.pid = 1 + bytes[2] % N_PIDS};
	const int errors[] = {0, 0, 0, EAGAIN, EPERM, ESRCH, 0, 0};
	const struct signal_event event = {
		.sender.pid = 1 + bytes[1] % N_PIDS,
		.signal = bytes[3] & 1 ? 9 : 15,
		.with_info = bytes[3] & 2,
		.flags = bytes[3] >> 2 & 3,
		.result_known = bytes[4] < 200,
		.error = errors[bytes[4] & 7],
		.syscall.route = bytes[5] % N_SIGNAL_ROUTES,
		.targets = &target,
		.n_targets = 1 + (bytes[6] & 1),
		.incomplete = bytes[6] & 2,
	};
	uint64_t nsec = play->now.nsec - (bytes[7] % 64) * TICK;
	const struct send_window window = {nsec, nsec + TICK, bytes[6] & 4};
	struct send_match got;

	send_join_match(play->join, &event, &target, &window, &play->now, &got);
	assert(!got.missing || !got.send);
	assert(!got.amends || got.send);
	if (!got.send)
		return;
	assert(got.send->seen.signal == event.signal);
	assert(got.send->sender.pid == (got.guessed ? 0 : event.sender.pid));
	assert((got.send->target.pid ? got.send->target.pid : got.send->seen.target) == target.pid);
	assert(!got.amends || got.id.count < play->n_told);
	play->n_amended += got.amends;
}

static void expire(struct play *play, uint64_t barrier_nsec)
{
	struct send_alone alone;

	while (send_join_expire(play->join, barrier_nsec, &play->now, &alone)) {
		assert(alone.count > 0);
		assert(alone.send->seen.monotonic_nsec <= alone.last_nsec);
		assert(alone.last_nsec <= play->now.nsec);
		assert(alone.verdict != SEND_MISMATCH || alone.last_nsec <= barrier_nsec);
		told(play, alone.send, alone.count, alone.last_nsec);
	}
}

static void step(struct play *play, const uint8_t *bytes)
{
	static const uint64_t ticks[N_TIMES] = {0, 0, 0, 1, 1, 7, 200, 25000};

	play->now.nsec += ticks[bytes[0] >> 2 & (N_TIMES - 1)] * TICK;
	switch (bytes[0] & 3) {
	case 0:
		see(play, bytes);
		break;
	case 1:
		match(play, bytes);
		break;
	case 2:
		expire(play, play->now.nsec - bytes[1] * TICK);
		break;
	default:
		play->processes[bytes[1] % N_PIDS].end_usec =
			bytes[2] & 1 ? play->now.nsec / 1000 : 0;
		break;
	}
}

static void check_counts(const struct play *play)
{
	const struct send_join_counts *counts = send_join_counts(play->join);

	assert(counts->failed == 0 && counts->crowded_out == 0);
	assert(counts->seen == counts->at_once + counts->waited);
	assert(counts->waited ==
		counts->matched + counts->late + counts->mismatched + counts->by_kernel);
	assert(counts->at_once + counts->late + counts->mismatched + counts->by_kernel ==
		play->n_alone);
	assert(counts->targets == counts->matched + counts->amended + counts->refused +
					  counts->not_reached + counts->missing + counts->unknown);
	assert(counts->amended == play->n_amended && play->n_amended <= play->n_alone);
	assert(send_join_waiting(play->join) == 0);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	char cgroup[] = "/web";
	struct play play = {.now = {.nsec = BEGINNING}};
	const struct send_join_holder holder = {hold, release, &play};

	for (pid_t pid = 1; pid <= N_PIDS; pid++)
		play.processes[pid - 1] = (struct process){
			.pid = pid,
			.ppid = pid / 2,
			.start_usec = BEGINNING / 1000,
			.cgroup = pid % 2 ? cgroup : NULL,
		};
	play.join = send_join_new(&holder);
	assert(play.join);
	for (; size >= 8; data += 8, size -= 8)
		step(&play, data);
	play.now.nsec += 1000 * TICK;
	expire(&play, 0);
	check_counts(&play);
	assert(!send_join_free(play.join));
	for (unsigned i = 0; i < N_PIDS; i++)
		assert(play.n_held[i] == 0);
	return 0;
}
