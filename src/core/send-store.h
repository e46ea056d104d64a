/* SPDX-License-Identifier: GPL-2.0-or-later */
/* SPDX-FileCopyrightText: The killauditd authors */

/*
 * Sends that the trace saw, kept in runs of those that do not differ, in lists by age and in chains
 * by what an audit event would say of them. What they borrow from processes is held meanwhile.
 */
#pragma once

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "core/hash.h"
#include "core/send-join.h"

/* A run is no longer than this, so that the stamps of those within it are known as closely. */
#define SEND_RUN_NSEC UINT64_C(20000000)
/* From so many runs of one key on, one that differs from the last is looked for further back, and
 * they change places: in a storm from several threads, or to a target that keeps up now and then,
 * no two in a row are alike. */
#define SEND_CHAIN_LONG 64
#define SEND_CHAIN_BACK 8

/* Where a run is, and in which of the two chains of its key. */
enum send_list {
	SENDS_WAITING, /* for audit, and perhaps for the end of the sender */
	SENDS_SUSPECT, /* for the end of the sender alone */
	SENDS_TOLD,
	N_SEND_LISTS,
};

enum send_chain {
	CHAIN_WAITING, /* or suspect */
	CHAIN_TOLD,
	N_SEND_CHAINS,
};

struct send_key {
	pid_t sender, target; /* sender 0: not known */
	int signal;
	enum signal_class class;
};

struct send_keyed;

struct send_run {
	struct send_seen send; /* the first */
	size_t count;
	uint64_t last_nsec;
	struct event_id id; /* of SENDS_TOLD */
	uint64_t told_nsec;

	enum send_list list;
	struct send_keyed *keyed;
	struct send_run *list_prev, *list_next, *prev, *next; /* of the list; of the chain */
};

struct send_keyed {
	struct send_key key;
	struct send_run *chains[N_SEND_CHAINS]; /* oldest first */
	size_t n_runs[N_SEND_CHAINS];
	UT_hash_handle hh;
};

struct send_store {
	struct send_join_holder holder;
	struct send_keyed *keyed;
	struct send_run *lists[N_SEND_LISTS]; /* oldest first */
	size_t n_runs[N_SEND_LISTS];
	struct send_run *spent; /* handed out last */
};

enum {
	SEND_STORE_FULL = 1, /* SEND_JOIN_WAITING_MAX */
};

void send_store_done(struct send_store *store);

struct send_key send_key_of(const struct send_seen *send);
/* The oldest of that key, or NULL. */
struct send_run *send_store_find(
	const struct send_store *store, const struct send_key *key, enum send_chain chain);

/* `run` gives all but its place, and is copied. 0, SEND_STORE_FULL, -ENOMEM. */
int send_store_add(struct send_store *store, enum send_list list, const struct send_run *run);

/* The first one of a run, or the whole run, as long as send_store_settle() is not called. */
void send_store_take_one(struct send_store *store, struct send_run *run, struct send_seen *ret);
const struct send_run *send_store_take(struct send_store *store, struct send_run *run);
/* Nobody wants it. */
void send_store_drop(struct send_store *store, struct send_run *run);
/* What was handed out is done with. */
void send_store_settle(struct send_store *store);
