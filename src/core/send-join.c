/* SPDX-License-Identifier: GPL-2.0-or-later */
/* SPDX-FileCopyrightText: The killauditd authors */

#include "core/send-join.h"

#include <errno.h>
#include <stdlib.h>

#include "core/send-store.h"
#include "core/send-verdict.h"

/* From linux/pidfd.h, which is not everywhere. */
#define PIDFD_SIGNAL_THREAD UINT32_C(1)

struct send_join {
	struct send_store store;
	struct send_join_counts counts;
	struct cgroup_kills cgroup_kills;
	uint64_t lost_nsec; /* the latest send that was told alone and is not remembered */
	struct send_seen handed;
};

struct send_join *send_join_new(const struct send_join_holder *holder)
{
	struct send_join *join = calloc(1, sizeof(*join));

	if (join)
		join->store.holder = *holder;
	return join;
}

struct send_join *send_join_free(struct send_join *join)
{
	if (!join)
		return NULL;
	send_store_done(&join->store);
	free(join);
	return NULL;
}

/* --- what the trace saw ------------------------------------------------------------------------
 */

static void lose(struct send_join *join, uint64_t nsec)
{
	if (nsec > join->lost_nsec)
		join->lost_nsec = nsec;
}

int send_join_see(struct send_join *join, const struct send_seen *send)
{
	struct send_run run = {
		.send = *send,
		.count = 1,
		.last_nsec = send->seen.monotonic_nsec,
	};
	enum send_list list = send->partner == SEND_PARTNER_NONE ? SENDS_SUSPECT : SENDS_WAITING;
	int r = send_verdict_at_once(send);

	send_store_settle(&join->store);
	cgroup_kills_note(&join->cgroup_kills, send);
	join->counts.seen++;
	if (r == 0) {
		r = send_store_add(&join->store, list, &run);
		if (r == 0) {
			join->counts.waited++;
			return 0;
		}
		if (r < 0)
			join->counts.failed++;
		else
			join->counts.crowded_out++;
		r = send->class == SIGNAL_CLASS_KERNEL ? SEND_BY_KERNEL : SEND_ALONE;
	}
	join->counts.at_once++;
	return r;
}

/* --- who waits no longer -----------------------------------------------------------------------
 */

static void forget_old(struct send_join *join, const struct send_now *now)
{
	struct send_store *store = &join->store;
	struct send_run *oldest;

	while ((oldest = store->lists[SENDS_TOLD]) &&
		(store->n_runs[SENDS_TOLD] > SEND_JOIN_TOLD_MAX ||
			oldest->told_nsec + SEND_JOIN_TOLD_NSEC <= now->nsec)) {
		lose(join, oldest->last_nsec);
		send_store_drop(store, oldest);
	}
}

static bool is_due(const struct send_run *run, bool audit_is_through, const struct send_now *now)
{
	if (send_is_by_parent(&run->send) && now->nsec < run->last_nsec + SEND_JOIN_WAIT_END_NSEC)
		return false;
	return run->list == SENDS_SUSPECT || audit_is_through ||
	       now->nsec >= run->last_nsec + SEND_JOIN_WAIT_NSEC;
}

static void count_verdict(
	struct send_join_counts *counts, enum send_verdict verdict, uint64_t n_sends)
{
	switch (verdict) {
	case SEND_ALONE:
		counts->late += n_sends;
		break;
	case SEND_MISMATCH:
		counts->mismatched += n_sends;
		break;
	case SEND_BY_KERNEL:
	case SEND_BY_PARENT_DEATH:
	case SEND_BY_CGROUP_KILL:
		counts->by_kernel += n_sends;
		break;
	}
}

bool send_join_expire(struct send_join *join, uint64_t barrier_nsec, const struct send_now *now,
	struct send_alone *ret)
{
	struct send_store *store = &join->store;
	struct send_run *due = NULL;
	const struct send_run *run;

	send_store_settle(store);
	forget_old(join, now);
	for (unsigned list = SENDS_WAITING; list <= SENDS_SUSPECT; list++) {
		struct send_run *oldest = store->lists[list];

		if (oldest && is_due(oldest, oldest->last_nsec <= barrier_nsec, now) &&
			(!due || oldest->send.seen.monotonic_nsec < due->send.seen.monotonic_nsec))
			due = oldest;
	}
	if (!due)
		return false;
	run = send_store_take(store, due);
	*ret = (struct send_alone){
		.send = &run->send,
		.count = run->count,
		.last_nsec = run->last_nsec,
	};
	ret->verdict = send_verdict_in_the_end(
		&join->cgroup_kills, ret, run->last_nsec <= barrier_nsec, now);
	count_verdict(&join->counts, ret->verdict, run->count);
	return true;
}

int send_join_told(struct send_join *join, const struct send_seen *send, size_t count,
	uint64_t last_nsec, struct event_id id, const struct send_now *now)
{
	uint64_t first_nsec = send->seen.monotonic_nsec;
	struct send_run run = {
		.send = *send,
		.count = count,
		.last_nsec = last_nsec > first_nsec ? last_nsec : first_nsec,
		.id = id,
		.told_nsec = now->nsec,
	};
	int r = send_store_add(&join->store, SENDS_TOLD, &run);

	if (r < 0)
		lose(join, run.last_nsec);
	forget_old(join, now);
	return r;
}

/* --- what audit tells --------------------------------------------------------------------------
 */

/* What is looked for. */
struct quest {
	const struct signal_event *event;
	const struct signal_target *target;
	const struct send_window *window;
	const struct send_now *now;
	enum signal_class classes[2]; /* in which to look, in this order */
	size_t n_classes;
	bool any_class; /* the sender chose the code, and may have chosen any */
	bool overflowed, not_overflowed; /* the call's result says so */
	bool ambiguous; /* there are some that nobody knows the senders of */
};

/* The sender's choice is told by the route; the trace has it as a code that others make, too. */
static void quest_take_classes(struct quest *quest)
{
	const struct signal_event *event = quest->event;
	enum signal_class class = SIGNAL_CLASS_QUEUE;

	switch (event->syscall.route) {
	case ROUTE_KILL:
		class = SIGNAL_CLASS_KILL;
		break;
	case ROUTE_TKILL:
	case ROUTE_TGKILL:
		class = SIGNAL_CLASS_TKILL;
		break;
	case ROUTE_PIDFD_SEND_SIGNAL:
		if (!event->with_info)
			class = event->flags & PIDFD_SIGNAL_THREAD ? SIGNAL_CLASS_TKILL
								   : SIGNAL_CLASS_KILL;
		break;
	case ROUTE_RT_SIGQUEUEINFO:
	case ROUTE_RT_TGSIGQUEUEINFO:
	case N_SIGNAL_ROUTES:
		break;
	}
	quest->classes[quest->n_classes++] = class;
	/* The descriptor may be one of a thread. */
	if (event->syscall.route == ROUTE_PIDFD_SEND_SIGNAL && !event->with_info &&
		event->flags == 0)
		quest->classes[quest->n_classes++] = SIGNAL_CLASS_TKILL;
	quest->any_class = class == SIGNAL_CLASS_QUEUE && quest->target->pid == event->sender.pid;
}

/* False: the call was refused, and the trace has nothing of it. */
static bool quest_take_result(struct quest *quest)
{
	const struct signal_event *event = quest->event;
	bool single = event->n_targets == 1 && !event->incomplete;

	if (!event->result_known)
		return true;
	switch (event->error) {
	case 0:
		quest->not_overflowed = single;
		return true;
	case EAGAIN:
		quest->overflowed = single;
		return true;
	case ESRCH: /* kill(-1): of the last one */
		return !single;
	default:
		return false;
	}
}

/* A process that had the same pid before or after was not there. */
static bool process_was_there(const struct process *process, const struct quest *quest)
{
	const uint64_t slack = PROCESS_START_SLACK_USEC * UINT64_C(1000);

	if (!process)
		return true;
	if (process->end_usec != 0 && send_monotonic_nsec(process->end_usec, quest->now) + slack <
					      quest->window->from_nsec)
		return false;
	return process->start_usec == PROCESS_START_UNKNOWN ||
	       send_monotonic_nsec(process->start_usec, quest->now) <=
		       quest->window->to_nsec + slack;
}

static bool quest_fits(const struct quest *quest, const struct send_run *run)
{
	const struct send_seen *send = &run->send;
	bool overflowed = send->seen.result == SIGNAL_RESULT_OVERFLOW;

	if ((quest->overflowed && !overflowed) || (quest->not_overflowed && overflowed))
		return false;
	return run->last_nsec + SEND_JOIN_APART_NSEC >= quest->window->from_nsec &&
	       send->seen.monotonic_nsec <= quest->window->to_nsec + SEND_JOIN_APART_NSEC &&
	       process_was_there(send->sender.process, quest) &&
	       process_was_there(send->target.process, quest);
}

static struct send_run *find_next(struct send_run *run, const struct quest *quest)
{
	while (run && !quest_fits(quest, run))
		run = run->next;
	return run;
}

static struct send_run *find_first(const struct send_join *join, const struct quest *quest,
	pid_t sender, enum signal_class class, enum send_chain chain)
{
	struct send_key key = {
		.sender = sender,
		.target = quest->target->pid,
		.signal = quest->event->signal,
		.class = class,
	};

	return find_next(send_store_find(&join->store, &key, chain), quest);
}

static struct send_run *find_known(
	const struct send_join *join, const struct quest *quest, enum send_chain chain)
{
	pid_t sender = quest->event->sender.pid;
	struct send_run *run = NULL;

	for (size_t i = 0; i < quest->n_classes && !run; i++)
		run = find_first(join, quest, sender, quest->classes[i], chain);
	for (unsigned i = N_SIGNAL_CLASSES; quest->any_class && i-- > 0 && !run;)
		run = find_first(join, quest, sender, (enum signal_class)i, chain);
	return run;
}

/* Of a thread that nobody knows. If there are several of them, it can be any. */
static struct send_run *find_unknown(
	const struct send_join *join, struct quest *quest, enum send_chain chain)
{
	struct send_run *run = NULL;

	for (size_t i = 0; i < quest->n_classes && !run; i++)
		run = find_first(join, quest, 0, quest->classes[i], chain);
	for (struct send_run *other = run; other; other = find_next(other->next, quest)) {
		if (other->send.seen.current == run->send.seen.current)
			continue;
		quest->ambiguous = true;
		return NULL;
	}
	return run;
}

/* First who waits, then who was told already; nobody is guessed where somebody is known. */
static struct send_run *find(const struct send_join *join, struct quest *quest)
{
	struct send_run *run = NULL;

	for (unsigned chain = 0; chain < N_SEND_CHAINS && !run; chain++)
		run = find_known(join, quest, (enum send_chain)chain);
	for (unsigned chain = 0; chain < N_SEND_CHAINS && !run; chain++)
		run = find_unknown(join, quest, (enum send_chain)chain);
	return run;
}

static void take(struct send_join *join, const struct quest *quest, struct send_run *run,
	struct send_match *ret)
{
	struct send_join_counts *counts = &join->counts;
	enum signal_class class = quest->classes[0];

	ret->guessed = run->send.sender.pid == 0;
	ret->delivery = signal_result_delivery(run->send.seen.result);
	ret->amends = run->list == SENDS_TOLD;
	ret->id = run->id;
	if (ret->amends)
		counts->amended++;
	else
		counts->matched++;
	if (ret->guessed)
		counts->guessed++;
	if (class == SIGNAL_CLASS_QUEUE && run->send.class != class)
		counts->forged++;
	send_store_take_one(&join->store, run, &join->handed);
	ret->send = &join->handed;
}

static void miss(struct send_join *join, const struct quest *quest, struct send_match *ret)
{
	const struct signal_event *event = quest->event;
	bool whole = quest->window->trace_whole && quest->window->from_nsec > join->lost_nsec &&
		     !quest->ambiguous && event->result_known;

	if (!whole) {
		join->counts.unknown++;
	} else if (event->n_targets > 1) {
		ret->delivery = DELIVERY_REFUSED;
		join->counts.not_reached++;
	} else {
		ret->missing = true;
		join->counts.missing++;
	}
}

void send_join_match(struct send_join *join, const struct signal_event *event,
	const struct signal_target *target, const struct send_window *window,
	const struct send_now *now, struct send_match *ret)
{
	struct quest quest = {.event = event, .target = target, .window = window, .now = now};
	struct send_run *run;

	send_store_settle(&join->store);
	forget_old(join, now);
	*ret = (struct send_match){};
	join->counts.targets++;
	if (!quest_take_result(&quest)) {
		if (event->error == EPERM)
			ret->delivery = DELIVERY_REFUSED;
		join->counts.refused++;
		return;
	}
	quest_take_classes(&quest);
	run = find(join, &quest);
	if (run)
		take(join, &quest, run, ret);
	else
		miss(join, &quest, ret);
}

uint64_t send_join_waiting(const struct send_join *join)
{
	uint64_t oldest = 0;

	for (unsigned list = SENDS_WAITING; list <= SENDS_SUSPECT; list++) {
		const struct send_run *run = join->store.lists[list];

		if (run && (oldest == 0 || run->send.seen.monotonic_nsec < oldest))
			oldest = run->send.seen.monotonic_nsec;
	}
	return oldest;
}

size_t send_join_size(const struct send_join *join)
{
	size_t n_runs = 0;

	for (unsigned list = 0; list < N_SEND_LISTS; list++)
		n_runs += join->store.n_runs[list];
	return n_runs;
}

const struct send_join_counts *send_join_counts(const struct send_join *join)
{
	return &join->counts;
}
