/* SPDX-License-Identifier: GPL-2.0-or-later */
/* SPDX-FileCopyrightText: The killauditd authors */

#include "core/send-store.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <utlist.h>

static enum send_chain chain_of(enum send_list list)
{
	return list == SENDS_TOLD ? CHAIN_TOLD : CHAIN_WAITING;
}

static void process_hold(const struct send_store *store, const struct process *process)
{
	if (process)
		store->holder.hold(process, store->holder.userdata);
}

static void process_release(const struct send_store *store, const struct process *process)
{
	if (process)
		store->holder.release(process, store->holder.userdata);
}

static void run_free(const struct send_store *store, struct send_run *run)
{
	process_release(store, run->send.sender.process);
	process_release(store, run->send.target.process);
	free(run);
}

void send_store_settle(struct send_store *store)
{
	if (store->spent)
		run_free(store, store->spent);
	store->spent = NULL;
}

static void keyed_drop_empty(struct send_store *store, struct send_keyed *keyed)
{
	if (keyed->chains[CHAIN_WAITING] || keyed->chains[CHAIN_TOLD])
		return;
	HASH_DEL(store->keyed, keyed);
	free(keyed);
}

static void run_unlink(struct send_store *store, struct send_run *run)
{
	struct send_keyed *keyed = run->keyed;
	enum send_chain chain = chain_of(run->list);

	DL_DELETE2(store->lists[run->list], run, list_prev, list_next);
	DL_DELETE(keyed->chains[chain], run);
	store->n_runs[run->list]--;
	keyed->n_runs[chain]--;
	keyed_drop_empty(store, keyed);
}

void send_store_drop(struct send_store *store, struct send_run *run)
{
	run_unlink(store, run);
	run_free(store, run);
}

const struct send_run *send_store_take(struct send_store *store, struct send_run *run)
{
	send_store_settle(store);
	run_unlink(store, run);
	store->spent = run;
	return run;
}

void send_store_take_one(struct send_store *store, struct send_run *run, struct send_seen *ret)
{
	uint64_t *first_nsec = &run->send.seen.monotonic_nsec;

	*ret = run->send;
	if (run->count == 1) {
		send_store_take(store, run);
		return;
	}
	/* Those between the first and the last are taken to be evenly apart. */
	run->count--;
	*first_nsec += (run->last_nsec - *first_nsec) / run->count;
}

void send_store_done(struct send_store *store)
{
	for (unsigned list = 0; list < N_SEND_LISTS; list++)
		while (store->lists[list])
			send_store_drop(store, store->lists[list]);
	send_store_settle(store);
}

struct send_key send_key_of(const struct send_seen *send)
{
	return (struct send_key){
		.sender = send->sender.pid,
		.target = send->target.pid ? send->target.pid : send->seen.target,
		.signal = send->seen.signal,
		.class = send->class,
	};
}

static struct send_keyed *keyed_find(const struct send_store *store, const struct send_key *key)
{
	struct send_keyed *keyed;

	HASH_FIND(hh, store->keyed, key, sizeof(*key), keyed);
	return keyed;
}

struct send_run *send_store_find(
	const struct send_store *store, const struct send_key *key, enum send_chain chain)
{
	const struct send_keyed *keyed = keyed_find(store, key);

	return keyed ? keyed->chains[chain] : NULL;
}

static bool seen_same(const struct signal_seen *a, const struct signal_seen *b)
{
	return a->current == b->current && a->target == b->target && a->signal == b->signal &&
	       a->code == b->code && a->group == b->group && a->interrupt == b->interrupt &&
	       a->result == b->result && strcmp(a->target_comm, b->target_comm) == 0;
}

static bool sighting_same(const struct sighting *a, const struct sighting *b)
{
	return a->process == b->process && a->pid == b->pid && strcmp(a->comm, b->comm) == 0 &&
	       a->exe == b->exe && a->exe_passed == b->exe_passed &&
	       a->exe_deleted == b->exe_deleted && a->cgroup == b->cgroup &&
	       a->cgroup_source == b->cgroup_source && a->n_execs == b->n_execs;
}

static bool run_continues(
	const struct send_run *before, enum send_list list, const struct send_run *run)
{
	if (before->list != list || before->send.class != run->send.class ||
		before->send.partner != run->send.partner ||
		!seen_same(&before->send.seen, &run->send.seen) ||
		!sighting_same(&before->send.sender, &run->send.sender) ||
		!sighting_same(&before->send.target, &run->send.target))
		return false;
	if (list == SENDS_TOLD)
		return before->id.instance == run->id.instance && before->id.count == run->id.count;
	return run->last_nsec <= before->send.seen.monotonic_nsec + SEND_RUN_NSEC;
}

/* The run of the same key that this one can be added to, or NULL. */
static struct send_run *run_before(
	const struct send_keyed *keyed, enum send_list list, const struct send_run *run)
{
	enum send_chain chain = chain_of(list);
	struct send_run *first = keyed->chains[chain];
	struct send_run *before = first ? first->prev : NULL; /* the last */
	unsigned back = keyed->n_runs[chain] >= SEND_CHAIN_LONG ? SEND_CHAIN_BACK : 1;

	for (; before && back > 0; back--) {
		if (run_continues(before, list, run))
			return before;
		before = before == first ? NULL : before->prev;
	}
	return NULL;
}

static struct send_keyed *keyed_add(struct send_store *store, const struct send_key *key)
{
	struct send_keyed *keyed = calloc(1, sizeof(*keyed));

	if (!keyed)
		return NULL;
	keyed->key = *key;
	HASH_ADD(hh, store->keyed, key, sizeof(keyed->key), keyed);
	if (keyed->hh.tbl)
		return keyed;
	free(keyed);
	return NULL;
}

static int run_add(struct send_store *store, struct send_keyed *keyed, enum send_list list,
	const struct send_run *run)
{
	struct send_run *copy = malloc(sizeof(*copy));

	if (!copy)
		return -ENOMEM;
	*copy = *run;
	copy->list = list;
	copy->keyed = keyed;
	process_hold(store, copy->send.sender.process);
	process_hold(store, copy->send.target.process);
	DL_APPEND2(store->lists[list], copy, list_prev, list_next);
	DL_APPEND(keyed->chains[chain_of(list)], copy);
	store->n_runs[list]++;
	keyed->n_runs[chain_of(list)]++;
	return 0;
}

int send_store_add(struct send_store *store, enum send_list list, const struct send_run *run)
{
	struct send_key key = send_key_of(&run->send);
	struct send_keyed *keyed = keyed_find(store, &key);
	struct send_run *before = keyed ? run_before(keyed, list, run) : NULL;
	int r;

	if (before) {
		before->count += run->count;
		if (run->last_nsec > before->last_nsec)
			before->last_nsec = run->last_nsec;
		return 0;
	}
	if (list != SENDS_TOLD && store->n_runs[SENDS_WAITING] + store->n_runs[SENDS_SUSPECT] >=
					  SEND_JOIN_WAITING_MAX)
		return SEND_STORE_FULL;
	if (!keyed)
		keyed = keyed_add(store, &key);
	if (!keyed)
		return -ENOMEM;
	r = run_add(store, keyed, list, run);
	if (r < 0)
		keyed_drop_empty(store, keyed);
	return r;
}
