/* SPDX-License-Identifier: GPL-2.0-or-later */
/* SPDX-FileCopyrightText: The killauditd authors */

/*
 * One process of the process table, and what becomes of it by what is told or read. Its strings are
 * those of a pool. It is there for as long as somebody holds it: the table, the processes that it
 * made, and whoever else asked the table to.
 */
#pragma once

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "core/pid-index.h"
#include "core/process.h"

struct process_event;
struct string_pool;
struct process_thread;

struct process_entry {
	struct pid_link link; /* first; of the table */
	struct process process;
	struct process_entry *prev, *next; /* in a list of the table */
	struct process_thread *threads; /* the table's, too */
	uint32_t n_holders;
	unsigned char n_makers; /* in the chain above it there are no more than that */
	bool birth_told; /* start_usec is exact */
	bool first_exited; /* the first thread has, with exit_status; others have not */
	bool doubted; /* of before a loss, and not read since */
};

struct process_entry *process_entry_of(const struct process *process);

/* A start that was read may be later than it says. */
bool process_entry_began_by(const struct process_entry *entry, uint64_t usec);

/* Both are held once, by the caller. NULL: no memory. `maker` may be NULL. */
struct process_entry *process_entry_born(struct string_pool *pool, struct process_entry *maker,
	const struct process_event *birth, uint64_t start_usec);
struct process_entry *process_entry_read(
	struct string_pool *pool, const struct process *reading, bool following);

void process_entry_hold(struct process_entry *entry);
/* Who is held by nobody any more is freed. */
void process_entry_release(struct string_pool *pool, struct process_entry *entry);

/* The birth of what was read already. */
void process_entry_tell_birth(struct string_pool *pool, struct process_entry *entry,
	struct process_entry *maker, const struct process_event *birth, uint64_t start_usec);

/* A reading of the same process. 0 or -ENOMEM, and then nothing has changed. */
int process_entry_merge(struct string_pool *pool, struct process_entry *entry,
	const struct process *reading, bool following);

void process_entry_forget_names(struct string_pool *pool, struct process_entry *entry);
/* The last that is known may be outdated. */
void process_entry_doubt(struct process_entry *entry);

/* 0 or -ENOMEM: then it is not known what was told. `only_v2`: there are no hierarchies of version
 * 1. */
int process_entry_exec(
	struct string_pool *pool, struct process_entry *entry, const struct process_event *exec);
int process_entry_move(struct string_pool *pool, struct process_entry *entry,
	const struct process_event *move, bool only_v2);
