/* SPDX-License-Identifier: GPL-2.0-or-later */
/* SPDX-FileCopyrightText: The killauditd authors */

/*
 * What events and readings mean for whom. Who is there, is in process-roster.c; what becomes of one
 * process, in process-entry.c.
 */
#include "core/process-table.h"

#include <errno.h>
#include <linux/sched.h>
#include <stdlib.h>
#include <string.h>

#include "core/cgroup-text.h"
#include "core/process-entry.h"
#include "core/process-event.h"
#include "core/process-roster.h"

/* A thread that is not the first kills the others, takes the pid of the first, and executes. */
#define EXEC_AFTER_EXIT_USEC 1000000U

struct process_table {
	struct process_roster roster;
	bool following;
	bool cgroups_read, v1_seen; /* there is a text of control groups; it names version 1 */
};

struct process_table *process_table_new(const struct process_table_limits *limits)
{
	static const struct process_table_limits defaults = {
		.living_max = 131072,
		.threads_max = 262144,
		.ended_max = 16384,
		.ended_age_usec = 600000000,
	};
	struct process_table *table = calloc(1, sizeof(*table));

	if (!table || process_roster_init(&table->roster, limits ? limits : &defaults) == 0)
		return table;
	free(table);
	return NULL;
}

struct process_table *process_table_free(struct process_table *table)
{
	if (table)
		process_roster_done(&table->roster);
	free(table);
	return NULL;
}

static const struct process *to_process(const struct process_entry *entry)
{
	return entry ? &entry->process : NULL;
}

const struct process *process_table_find(
	const struct process_table *table, pid_t pid, uint64_t boottime_usec)
{
	return to_process(process_roster_until(&table->roster, pid, boottime_usec));
}

static struct process_entry *entry_of_thread(const struct process_table *table, pid_t tid)
{
	const struct process_thread *thread = process_roster_thread(&table->roster, tid);
	struct process_entry *entry =
		thread ? thread->entry : process_roster_living(&table->roster, tid);

	return entry ? entry : process_roster_ended_last(&table->roster, tid);
}

const struct process *process_table_thread(const struct process_table *table, pid_t tid)
{
	return to_process(entry_of_thread(table, tid));
}

bool process_table_thread_told(const struct process_table *table, pid_t tid)
{
	const struct process_thread *thread = process_roster_thread(&table->roster, tid);
	const struct process_entry *entry = entry_of_thread(table, tid);

	return thread ? process_thread_told(thread) : entry && entry->birth_told;
}

int process_table_put_thread(struct process_table *table, pid_t pid, pid_t tid)
{
	struct process_entry *entry = process_roster_living(&table->roster, pid);

	return entry ? process_roster_add_thread(&table->roster, entry, tid, false) : 0;
}

static struct process_entry *maker_find(
	const struct process_table *table, const struct process_event *birth, uint64_t usec)
{
	pid_t tid = birth->flags_told ? birth->maker : birth->parent;
	const struct process_thread *thread = process_roster_thread(&table->roster, tid);

	return thread ? thread->entry : process_roster_at(&table->roster, tid, usec);
}

static int hear_thread_birth(
	struct process_table *table, const struct process_event *event, uint64_t usec)
{
	struct process_entry *entry = event->flags_told
					      ? maker_find(table, event, usec)
					      : process_roster_living(&table->roster, event->pid);

	if (!entry || entry->process.end_usec)
		return 0;
	return process_roster_add_thread(&table->roster, entry, event->tid, true);
}

/* It is that process, or one that came later: the event is old. */
static bool is_known(const struct process_entry *entry, uint64_t birth_usec)
{
	uint64_t slack = entry->birth_told ? 0 : PROCESS_START_SLACK_USEC;

	return entry->process.start_usec + slack >= birth_usec;
}

static bool is_same(const struct process_entry *entry, uint64_t birth_usec)
{
	const struct process born = {.pid = entry->process.pid, .start_usec = birth_usec};

	return process_same(&entry->process, &born);
}

static int hear_process_birth(
	struct process_table *table, const struct process_event *event, uint64_t usec)
{
	struct process_entry *before = process_roster_living(&table->roster, event->tid);
	struct process_entry *maker = maker_find(table, event, usec);
	struct process_entry *child = NULL;

	if (maker == before)
		maker = NULL; /* nobody makes itself: that one has ended */
	if (before && is_known(before, usec)) {
		if (is_same(before, usec))
			process_entry_tell_birth(&table->roster.pool, before, maker, event, usec);
		return 0;
	}
	if (maker || event->flags_told) {
		child = process_entry_born(&table->roster.pool, maker, event, usec);
		if (!child)
			return -ENOMEM;
	}
	process_roster_vacate(&table->roster, event->tid, usec);
	if (child)
		process_roster_add(&table->roster, child);
	return 0;
}

static int hear_birth(struct process_table *table, const struct process_event *event, uint64_t usec)
{
	bool of_thread =
		event->flags_told ? event->clone_flags & CLONE_THREAD : event->tid != event->pid;

	if (table->following && !event->flags_told)
		return 0;
	return of_thread ? hear_thread_birth(table, event, usec)
			 : hear_process_birth(table, event, usec);
}

/* The process whose first thread the event names. */
static struct process_entry *first_thread(
	const struct process_table *table, const struct process_event *event, uint64_t usec)
{
	struct process_entry *entry = process_roster_living(&table->roster, event->tid);

	return entry && process_entry_began_by(entry, usec) ? entry : NULL;
}

/* The first thread's exit looked like the end, for nobody knew of the thread that executes. */
static struct process_entry *bring_back(
	struct process_table *table, const struct process_event *exec, uint64_t usec)
{
	struct process_entry *entry = process_roster_ended_last(&table->roster, exec->tid);

	if (!entry || entry->process.exit_status == PROCESS_STATUS_UNKNOWN ||
		exec->old_tid == exec->tid || entry->process.end_usec > usec ||
		usec - entry->process.end_usec > EXEC_AFTER_EXIT_USEC)
		return NULL;
	process_roster_bring_back(&table->roster, entry);
	return process_roster_living(&table->roster, exec->tid);
}

static int hear_exec(struct process_table *table, const struct process_event *event, uint64_t usec)
{
	struct process_entry *entry = first_thread(table, event, usec);

	if (table->following && !event->path)
		return 0;
	if (!entry && !process_roster_living(&table->roster, event->tid))
		entry = bring_back(table, event, usec);
	if (!entry)
		return 0;
	process_roster_remove_threads(&table->roster, entry);
	return process_entry_exec(&table->roster.pool, entry, event);
}

static void hear_rename(
	struct process_table *table, const struct process_event *event, uint64_t usec)
{
	struct process_entry *entry = first_thread(table, event, usec);

	if (entry)
		memcpy(entry->process.comm, event->comm, sizeof(entry->process.comm));
}

static int hear_move(struct process_table *table, const struct process_event *event, uint64_t usec)
{
	struct process_entry *entry = first_thread(table, event, usec);
	bool only_v2;

	table->v1_seen = table->v1_seen || event->hierarchy != 0;
	only_v2 = table->cgroups_read && !table->v1_seen;
	return entry ? process_entry_move(&table->roster.pool, entry, event, only_v2) : 0;
}

/* A signal, and exit_group(2), end all threads with one status; but a thread that exits by itself
 * has one of its own. */
static int status_of_all(int first, int last)
{
	return first == 0 || (last & 0x7f) != 0 ? last : first;
}

static int hear_thread_exit(struct process_table *table, struct process_thread *thread,
	const struct process_event *event, uint64_t usec)
{
	struct process_entry *entry = thread->entry;

	process_roster_remove_thread(&table->roster, thread);
	if (event->pid != entry->process.pid || !entry->first_exited || entry->threads)
		return 0;
	process_roster_end(&table->roster, entry, usec,
		status_of_all(entry->process.exit_status, event->exit_status));
	return PROCESS_TABLE_ENDED;
}

static int hear_exit(struct process_table *table, const struct process_event *event, uint64_t usec)
{
	struct process_thread *thread = process_roster_thread(&table->roster, event->tid);
	struct process_entry *entry = first_thread(table, event, usec);

	if (thread)
		return hear_thread_exit(table, thread, event, usec);
	/* One that executed has the pid of the first thread, which exits under the other's. */
	if (!entry || event->tid != event->pid)
		return 0;
	if (entry->threads) {
		entry->first_exited = true;
		entry->process.exit_status = event->exit_status;
		return 0;
	}
	process_roster_end(&table->roster, entry, usec, event->exit_status);
	return PROCESS_TABLE_ENDED;
}

int process_table_hear(struct process_table *table, const struct process_event *event,
	uint64_t boottime_offset_nsec)
{
	uint64_t usec = (event->monotonic_nsec + boottime_offset_nsec) / 1000;

	process_roster_set_now(&table->roster, usec);
	switch (event->type) {
	case PROCESS_EVENT_BIRTH:
		return hear_birth(table, event, usec);
	case PROCESS_EVENT_RENAME:
		hear_rename(table, event, usec);
		return 0;
	case PROCESS_EVENT_EXEC:
		return hear_exec(table, event, usec);
	case PROCESS_EVENT_MOVE:
		return hear_move(table, event, usec);
	case PROCESS_EVENT_EXIT:
		return hear_exit(table, event, usec);
	case PROCESS_EVENT_ACK:
		break;
	}
	return 0;
}

void process_table_follow(struct process_table *table, bool following)
{
	table->following = following;
	if (following)
		return;
	for (struct process_entry *entry = table->roster.living; entry; entry = entry->next)
		process_entry_doubt(entry);
}

int process_table_put(struct process_table *table, const struct process *reading)
{
	struct process_entry *entry = process_roster_same(&table->roster, reading);
	const struct process_entry *before = process_roster_living(&table->roster, reading->pid);

	if (reading->cgroup_text) {
		table->cgroups_read = true;
		table->v1_seen = table->v1_seen || cgroup_text_has_v1(reading->cgroup_text);
	}
	if (entry)
		return process_entry_merge(&table->roster.pool, entry, reading, table->following);
	if (before && before->birth_told && before->process.start_usec > reading->start_usec)
		return 0; /* of one that had the pid before, and is not known */
	entry = process_entry_read(&table->roster.pool, reading, table->following);
	if (!entry)
		return -ENOMEM;
	process_roster_vacate(&table->roster, reading->pid, reading->start_usec);
	process_roster_add(&table->roster, entry);
	return 0;
}

void process_table_doubt(struct process_table *table)
{
	for (struct process_entry *entry = table->roster.living; entry; entry = entry->next) {
		process_roster_remove_threads(&table->roster, entry);
		process_entry_forget_names(&table->roster.pool, entry);
		process_entry_doubt(entry);
		entry->doubted = true;
	}
}

void process_table_drop_nameless(struct process_table *table)
{
	for (struct process_entry *entry = table->roster.living, *next; entry; entry = next) {
		next = entry->next;
		if (entry->doubted)
			process_roster_drop(&table->roster, entry);
	}
}

void process_table_each(const struct process_table *table,
	void (*visit)(const struct process *process, void *userdata), void *userdata)
{
	for (const struct process_entry *entry = table->roster.living; entry; entry = entry->next)
		visit(&entry->process, userdata);
}

size_t process_table_count(const struct process_table *table)
{
	return table->roster.n_living + table->roster.n_ended;
}

const struct process *process_table_hold(const struct process *process)
{
	process_entry_hold(process_entry_of(process));
	return process;
}

void process_table_release(struct process_table *table, const struct process *process)
{
	process_entry_release(&table->roster.pool, process_entry_of(process));
}
