/* SPDX-License-Identifier: GPL-2.0-or-later */
/* SPDX-FileCopyrightText: The killauditd authors */

#include "core/send-verdict.h"

#include <signal.h>

#define NSEC_PER_USEC UINT64_C(1000)
/* From a parent's last signals to its children to its end as it is told, and how far apart the
 * clocks of the two may be. */
#define PARENT_END_NSEC   UINT64_C(5000000)
#define CLOCKS_APART_NSEC UINT64_C(1000000)
/* From the birth of a process to the signal that it gets for the control group it is born into. */
#define NEWBORN_USEC UINT64_C(50000)
/* How far apart signals of one write to cgroup.kill may be. */
#define CGROUP_KILL_NSEC UINT64_C(1000000000)

uint64_t send_monotonic_nsec(uint64_t boottime_usec, const struct send_now *now)
{
	uint64_t nsec = boottime_usec * NSEC_PER_USEC;

	return nsec > now->suspended_nsec ? nsec - now->suspended_nsec : 0;
}

static bool is_to_self(const struct send_seen *send)
{
	pid_t target = send->target.pid ? send->target.pid : send->seen.target;

	return send->sender.pid != 0 && send->sender.pid == target;
}

bool send_is_by_parent(const struct send_seen *send)
{
	const struct process *target = send->target.process;

	return send->class == SIGNAL_CLASS_KILL && target && send->sender.pid != 0 &&
	       (target->ppid == send->sender.pid ||
		       (target->maker && target->maker == send->sender.process));
}

static uint64_t path_hash(const char *path)
{
	uint64_t hash = UINT64_C(14695981039346656037); /* FNV-1a */

	for (; *path; path++)
		hash = (hash ^ (unsigned char)*path) * UINT64_C(1099511628211);
	return hash;
}

static size_t cgroup_kills_find(const struct cgroup_kills *kills, uint64_t hash)
{
	size_t i = 0;

	while (i < kills->n && kills->kills[i].path_hash != hash)
		i++;
	return i;
}

void cgroup_kills_note(struct cgroup_kills *kills, const struct send_seen *send)
{
	uint64_t hash;
	size_t i;

	if (send->class != SIGNAL_CLASS_CGROUP_KILL || !send->target.cgroup)
		return;
	hash = path_hash(send->target.cgroup);
	i = cgroup_kills_find(kills, hash);
	if (i == kills->n && kills->n < CGROUP_KILLS_MAX)
		kills->n++;
	else if (i == kills->n)
		i = kills->next++ % CGROUP_KILLS_MAX;
	kills->kills[i] = (struct cgroup_kill){hash, send->seen.monotonic_nsec};
}

int send_verdict_at_once(const struct send_seen *send)
{
	if (send->seen.interrupt)
		return SEND_BY_KERNEL;
	switch (send->class) {
	case SIGNAL_CLASS_CGROUP_KILL:
		return SEND_ALONE;
	case SIGNAL_CLASS_KERNEL:
		/* A process may give itself any code. */
		return is_to_self(send) && send->partner != SEND_PARTNER_NONE ? 0 : SEND_BY_KERNEL;
	case SIGNAL_CLASS_KILL:
	case SIGNAL_CLASS_TKILL:
	case SIGNAL_CLASS_QUEUE:
	case N_SIGNAL_CLASSES:
		break;
	}
	if (send->partner != SEND_PARTNER_NONE || send_is_by_parent(send))
		return 0;
	return SEND_ALONE;
}

/* All in one go: they do not differ, and are told of together. */
static bool ended_then(
	const struct process *process, const struct send_alone *alone, const struct send_now *now)
{
	uint64_t end_nsec;

	if (!process || process->end_usec == 0)
		return false;
	end_nsec = send_monotonic_nsec(process->end_usec, now);
	return end_nsec + CLOCKS_APART_NSEC >= alone->last_nsec &&
	       end_nsec <= alone->send->seen.monotonic_nsec + PARENT_END_NSEC;
}

/* Where it was when it was seen is not kept. */
static const char *cgroup_now(const struct sighting *sighting)
{
	return sighting->process ? sighting->process->cgroup : NULL;
}

/* Then the kernel lets the parent kill it. */
static bool is_born_to_be_killed(
	const struct cgroup_kills *kills, const struct send_seen *send, const struct send_now *now)
{
	const struct process *target = send->target.process;
	const char *cgroup = cgroup_now(&send->target);
	uint64_t nsec = send->seen.monotonic_nsec, killed_nsec;
	uint64_t usec = (nsec + now->suspended_nsec) / NSEC_PER_USEC;
	size_t i;

	if (!cgroup)
		cgroup = cgroup_now(&send->sender);
	i = cgroup ? cgroup_kills_find(kills, path_hash(cgroup)) : kills->n;
	if (i == kills->n || send->seen.signal != SIGKILL ||
		target->start_usec == PROCESS_START_UNKNOWN ||
		usec > target->start_usec + NEWBORN_USEC + PROCESS_START_RESOLUTION_USEC)
		return false;
	killed_nsec = kills->kills[i].nsec;
	return nsec <= killed_nsec + CGROUP_KILL_NSEC && killed_nsec <= nsec + CGROUP_KILL_NSEC;
}

enum send_verdict send_verdict_in_the_end(const struct cgroup_kills *kills,
	const struct send_alone *alone, bool audit_is_through, const struct send_now *now)
{
	const struct send_seen *send = alone->send;
	bool expected = audit_is_through && send->partner == SEND_PARTNER_CERTAIN;

	if (send->class == SIGNAL_CLASS_KERNEL)
		return SEND_BY_KERNEL;
	/* mq_notify(3): who put a message into the queue is seen as the sender. */
	if (expected && send->class == SIGNAL_CLASS_QUEUE && send->seen.code == SI_MESGQ)
		return SEND_BY_KERNEL;
	if (send_is_by_parent(send)) {
		if (is_born_to_be_killed(kills, send, now))
			return SEND_BY_CGROUP_KILL;
		if (ended_then(send->sender.process, alone, now))
			return SEND_BY_PARENT_DEATH;
		/* For the kernel the parent is a thread, and of its end we know nothing. */
		if (send->seen.current != send->sender.pid)
			return SEND_ALONE;
	}
	return expected ? SEND_MISMATCH : SEND_ALONE;
}
