/* SPDX-License-Identifier: GPL-2.0-or-later */
/* SPDX-FileCopyrightText: The killauditd authors */

#include "core/process-roster.h"

#include <errno.h>
#include <stdlib.h>
#include <utlist.h>

#include "core/process-entry.h"

enum kind {
	KIND_LIVING, /* of each pid no more than one */
	KIND_ENDED,
	KIND_THREAD, /* of each pid no more than one */
};

#define FLAG_TOLD 1U /* the birth of a thread was */

static struct process_entry *to_entry(struct pid_link *link)
{
	return (struct process_entry *)link;
}

int process_roster_init(struct process_roster *roster, const struct process_table_limits *limits)
{
	*roster = (struct process_roster){.limits = *limits};
	return pid_index_init(&roster->index);
}

void process_roster_done(struct process_roster *roster)
{
	while (roster->living)
		process_roster_drop(roster, roster->living);
	while (roster->ended)
		process_roster_drop(roster, roster->ended);
	pid_index_done(&roster->index);
	string_pool_done(&roster->pool);
}

static void list_add(struct process_roster *roster, struct process_entry *entry, enum kind kind)
{
	entry->link.kind = kind;
	pid_index_add(&roster->index, &entry->link);
	if (kind == KIND_LIVING) {
		DL_APPEND(roster->living, entry);
		roster->n_living++;
	} else {
		DL_APPEND(roster->ended, entry);
		roster->n_ended++;
	}
}

static void list_remove(struct process_roster *roster, struct process_entry *entry)
{
	pid_index_remove(&roster->index, &entry->link);
	if (entry->link.kind == KIND_LIVING) {
		DL_DELETE(roster->living, entry);
		roster->n_living--;
	} else {
		DL_DELETE(roster->ended, entry);
		roster->n_ended--;
	}
}

/* Out of the roster; it stays in memory while somebody else holds it. */
static void evict(struct process_roster *roster, struct process_entry *entry)
{
	process_roster_remove_threads(roster, entry);
	list_remove(roster, entry);
	process_entry_release(&roster->pool, entry);
}

static bool ended_too_long_ago(
	const struct process_roster *roster, const struct process_entry *entry)
{
	return roster->now_usec > entry->process.end_usec &&
	       roster->now_usec - entry->process.end_usec > roster->limits.ended_age_usec;
}

static void bound_ended(struct process_roster *roster)
{
	while (roster->ended && (roster->n_ended > roster->limits.ended_max ||
					ended_too_long_ago(roster, roster->ended)))
		evict(roster, roster->ended);
}

void process_roster_set_now(struct process_roster *roster, uint64_t usec)
{
	if (usec <= roster->now_usec)
		return;
	roster->now_usec = usec;
	bound_ended(roster);
}

void process_roster_add(struct process_roster *roster, struct process_entry *entry)
{
	list_add(roster, entry, KIND_LIVING);
	if (roster->n_living > roster->limits.living_max)
		evict(roster, roster->living);
}

static void set_end(struct process_entry *entry, uint64_t end_usec, int status)
{
	uint64_t start_usec = entry->process.start_usec;

	entry->process.end_usec = end_usec > start_usec ? end_usec : start_usec + 1;
	entry->process.exit_status = status;
}

void process_roster_end(
	struct process_roster *roster, struct process_entry *entry, uint64_t end_usec, int status)
{
	process_roster_remove_threads(roster, entry);
	list_remove(roster, entry);
	set_end(entry, end_usec, status);
	list_add(roster, entry, KIND_ENDED);
	bound_ended(roster);
}

void process_roster_bring_back(struct process_roster *roster, struct process_entry *entry)
{
	list_remove(roster, entry);
	entry->process.end_usec = 0;
	entry->process.exit_status = 0;
	process_roster_add(roster, entry);
}

void process_roster_drop(struct process_roster *roster, struct process_entry *entry)
{
	if (entry->process.end_usec == 0)
		set_end(entry, roster->now_usec, PROCESS_STATUS_UNKNOWN);
	evict(roster, entry);
}

void process_roster_vacate(struct process_roster *roster, pid_t pid, uint64_t usec)
{
	struct process_entry *entry = process_roster_living(roster, pid);
	struct process_thread *thread = process_roster_thread(roster, pid);

	if (entry)
		process_roster_end(roster, entry, usec, PROCESS_STATUS_UNKNOWN);
	if (thread)
		process_roster_remove_thread(roster, thread);
}

static int thread_new(
	struct process_roster *roster, struct process_entry *entry, pid_t tid, bool told)
{
	struct process_thread *thread = calloc(1, sizeof(*thread));

	if (!thread)
		return -ENOMEM;
	thread->link.pid = tid;
	thread->link.kind = KIND_THREAD;
	thread->link.flags = told ? FLAG_TOLD : 0;
	thread->entry = entry;
	pid_index_add(&roster->index, &thread->link);
	DL_PREPEND(entry->threads, thread);
	entry->process.n_threads++;
	roster->n_threads++;
	return 0;
}

int process_roster_add_thread(
	struct process_roster *roster, struct process_entry *entry, pid_t tid, bool told)
{
	struct process_thread *known = process_roster_thread(roster, tid);

	if (tid == entry->process.pid)
		return 0;
	if (known && known->entry == entry) {
		known->link.flags |= told ? FLAG_TOLD : 0;
		return 0;
	}
	process_roster_vacate(roster, tid, roster->now_usec);
	if (roster->n_threads >= roster->limits.threads_max)
		return 0;
	return thread_new(roster, entry, tid, told);
}

void process_roster_remove_thread(struct process_roster *roster, struct process_thread *thread)
{
	struct process_entry *entry = thread->entry;

	pid_index_remove(&roster->index, &thread->link);
	DL_DELETE(entry->threads, thread);
	entry->process.n_threads--;
	roster->n_threads--;
	free(thread);
}

void process_roster_remove_threads(struct process_roster *roster, struct process_entry *entry)
{
	while (entry->threads)
		process_roster_remove_thread(roster, entry->threads);
}

bool process_thread_told(const struct process_thread *thread)
{
	return thread->link.flags & FLAG_TOLD;
}

struct process_entry *process_roster_living(const struct process_roster *roster, pid_t pid)
{
	return to_entry(pid_index_first(&roster->index, pid, KIND_LIVING));
}

struct process_entry *process_roster_ended_last(const struct process_roster *roster, pid_t pid)
{
	return to_entry(pid_index_first(&roster->index, pid, KIND_ENDED));
}

struct process_thread *process_roster_thread(const struct process_roster *roster, pid_t tid)
{
	return (struct process_thread *)pid_index_first(&roster->index, tid, KIND_THREAD);
}

/* Of those with that pid for whom it is true, the one that began last. */
static struct process_entry *youngest(const struct process_roster *roster, pid_t pid,
	bool (*fits)(const struct process_entry *entry, uint64_t usec), uint64_t usec)
{
	struct process_entry *best = NULL;

	for (enum kind kind = KIND_LIVING; kind <= KIND_ENDED; kind++)
		for (struct pid_link *link = pid_index_first(&roster->index, pid, kind); link;
			link = pid_link_next(link)) {
			struct process_entry *entry = to_entry(link);

			if (fits(entry, usec) &&
				(!best || entry->process.start_usec > best->process.start_usec))
				best = entry;
		}
	return best;
}

static bool is_of_start(const struct process_entry *entry, uint64_t start_usec)
{
	const struct process process = {.pid = entry->process.pid, .start_usec = start_usec};

	return process_same(&entry->process, &process);
}

struct process_entry *process_roster_same(
	const struct process_roster *roster, const struct process *reading)
{
	return youngest(roster, reading->pid, is_of_start, reading->start_usec);
}

static bool was_there(const struct process_entry *entry, uint64_t usec)
{
	return process_entry_began_by(entry, usec) &&
	       (entry->process.end_usec == 0 || usec <= entry->process.end_usec);
}

struct process_entry *process_roster_at(
	const struct process_roster *roster, pid_t pid, uint64_t usec)
{
	return youngest(roster, pid, was_there, usec);
}

static bool may_have_begun_by(const struct process_entry *entry, uint64_t usec)
{
	return entry->process.start_usec <= usec + PROCESS_START_SLACK_USEC;
}

struct process_entry *process_roster_until(
	const struct process_roster *roster, pid_t pid, uint64_t usec)
{
	struct process_entry *entry = process_roster_at(roster, pid, usec);

	return entry ? entry : youngest(roster, pid, may_have_begun_by, usec);
}
