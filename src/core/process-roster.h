/* SPDX-License-Identifier: GPL-2.0-or-later */
/* SPDX-FileCopyrightText: The killauditd authors */

/*
 * Who is in the process table, and under which pid: processes that live, processes that ended, and
 * threads, in the bounds of the table. What becomes of one process is in process-entry.h, what is
 * told and read in process-table.h.
 */
#pragma once

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <sys/types.h>

#include "core/pid-index.h"
#include "core/process-table.h"
#include "core/string-pool.h"

struct process_entry;

struct process_thread {
	struct pid_link link; /* first */
	struct process_entry *entry;
	struct process_thread *prev, *next; /* of the same process */
};

/* Its birth was told. */
bool process_thread_told(const struct process_thread *thread);

struct process_roster {
	struct process_table_limits limits;
	struct string_pool pool;
	struct pid_index index;
	struct process_entry *living,
		*ended; /* lists, by prev and next; who goes first, is first */
	size_t n_living, n_ended, n_threads;
	uint64_t now_usec; /* the latest time that was told */
};

/* 0 or -ENOMEM. */
int process_roster_init(struct process_roster *roster, const struct process_table_limits *limits);
void process_roster_done(struct process_roster *roster);

/* Who ended too long ago, goes. */
void process_roster_set_now(struct process_roster *roster, uint64_t usec);

/* Adds one that lives, which is the roster's from then on, and may go at once. */
void process_roster_add(struct process_roster *roster, struct process_entry *entry);
/* Of those that live; it may go at once. */
void process_roster_end(
	struct process_roster *roster, struct process_entry *entry, uint64_t end_usec, int status);
/* The end was none. */
void process_roster_bring_back(struct process_roster *roster, struct process_entry *entry);
/* Nobody knows when it ended. */
void process_roster_drop(struct process_roster *roster, struct process_entry *entry);
/* Another process or thread has the pid from now on: the end of whoever had it was not told. */
void process_roster_vacate(struct process_roster *roster, pid_t pid, uint64_t usec);

/* A thread that is not the first; `told`: its birth was. 0 or -ENOMEM. */
int process_roster_add_thread(
	struct process_roster *roster, struct process_entry *entry, pid_t tid, bool told);
void process_roster_remove_thread(struct process_roster *roster, struct process_thread *thread);
void process_roster_remove_threads(struct process_roster *roster, struct process_entry *entry);

/* Each NULL when there is none. */
struct process_entry *process_roster_living(const struct process_roster *roster, pid_t pid);
struct process_entry *process_roster_ended_last(const struct process_roster *roster, pid_t pid);
struct process_thread *process_roster_thread(const struct process_roster *roster, pid_t tid);
/* The one that process_same() is true of. */
struct process_entry *process_roster_same(
	const struct process_roster *roster, const struct process *reading);
/* The one that had the pid at that time. */
struct process_entry *process_roster_at(
	const struct process_roster *roster, pid_t pid, uint64_t usec);
/* Else the one that had it last before: see process_table_find(). */
struct process_entry *process_roster_until(
	const struct process_roster *roster, pid_t pid, uint64_t usec);
