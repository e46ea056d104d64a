/* SPDX-License-Identifier: GPL-2.0-or-later */
/* SPDX-FileCopyrightText: The killauditd authors */

#include "core/process-table.h"

#include <errno.h>
#include <stdbool.h>
#include <stdlib.h>
#include <string.h>

#include "core/hash.h"
#include "core/process.h"

struct entry {
	pid_t pid; /* the key */
	struct process process;
	UT_hash_handle hh; /* iterates in the order of insertion */
};

struct process_table {
	struct entry *living, *ended; /* of each pid at most one in either */
};

struct process_table *process_table_new(void)
{
	return calloc(1, sizeof(struct process_table));
}

static void entry_remove(struct entry **head, struct entry *entry)
{
	HASH_DEL(*head, entry);
	process_done(&entry->process);
	free(entry);
}

static struct entry *entry_find(struct entry *head, pid_t pid)
{
	struct entry *entry;

	HASH_FIND(hh, head, &pid, sizeof(pid), entry);
	return entry;
}

/* False when there is no memory for it; then the entry is the caller's still. */
static bool entry_add(struct entry **head, struct entry *entry, size_t max)
{
	HASH_ADD(hh, *head, pid, sizeof(entry->pid), entry);
	if (!entry->hh.tbl)
		return false;
	if (HASH_COUNT(*head) > max)
		entry_remove(head, *head);
	return true;
}

struct process_table *process_table_free(struct process_table *table)
{
	if (!table)
		return NULL;
	while (table->living)
		entry_remove(&table->living, table->living);
	while (table->ended)
		entry_remove(&table->ended, table->ended);
	free(table);
	return NULL;
}

static void entry_end(struct process_table *table, struct entry *entry)
{
	struct entry *before = entry_find(table->ended, entry->pid);

	if (before)
		entry_remove(&table->ended, before);
	HASH_DEL(table->living, entry);
	if (entry_add(&table->ended, entry, PROCESS_TABLE_ENDED_MAX))
		return;
	process_done(&entry->process);
	free(entry);
}

static void string_keep(char **string, char **old)
{
	if (*string)
		return;
	*string = *old;
	*old = NULL;
}

/* The parent that was read first is nearest to the one that it was born to. A program that was
 * replaced takes its names with it; the cgroup and the ids stay. */
static void process_keep(struct process *process, struct process *old)
{
	process->ppid = old->ppid;
	string_keep(&process->cgroup, &old->cgroup);
	if (!process->ids_known && old->ids_known) {
		process->ids_known = true;
		process->uid = old->uid;
		process->euid = old->euid;
		process->namespaced = old->namespaced;
		process->namespace_pid = old->namespace_pid;
	}
	if (!process->login_known && old->login_known) {
		process->login_known = true;
		process->loginuid = old->loginuid;
		process->session = old->session;
	}
	if (strcmp(process->comm, old->comm) != 0 ||
		(process->exe && old->exe && strcmp(process->exe, old->exe) != 0))
		return;
	if (!process->exe)
		process->exe_deleted = old->exe_deleted;
	string_keep(&process->exe, &old->exe);
	if (!process->cmdline)
		process->cmdline_cut = old->cmdline_cut;
	string_keep(&process->cmdline, &old->cmdline);
}

/* Takes what *process owns, also when it fails. */
static int living_add(struct process_table *table, struct process *process)
{
	struct entry *entry = calloc(1, sizeof(*entry));

	if (entry) {
		entry->pid = process->pid;
		entry->process = *process;
		if (entry_add(&table->living, entry, PROCESS_TABLE_MAX))
			return 0;
		free(entry);
	}
	process_done(process);
	return -ENOMEM;
}

int process_table_put(struct process_table *table, const struct process *process)
{
	struct entry *entry = entry_find(table->living, process->pid);
	struct entry *ended = entry_find(table->ended, process->pid);
	struct process copy;
	int r = process_copy(process, &copy);

	if (r < 0)
		return r;
	/* A reading from before its end may come after that was told. */
	if (!entry && ended && process_same(&ended->process, &copy))
		entry = ended;
	if (entry && process_same(&entry->process, &copy)) {
		process_keep(&copy, &entry->process);
		process_done(&entry->process);
		entry->process = copy;
		return 0;
	}
	if (entry)
		entry_end(table, entry);
	return living_add(table, &copy);
}

static bool began_by(const struct entry *entry, uint64_t boottime_usec)
{
	return entry && entry->process.start_usec <= boottime_usec + PROCESS_START_SLACK_USEC;
}

const struct process *process_table_find(
	const struct process_table *table, pid_t pid, uint64_t boottime_usec)
{
	const struct entry *entry = entry_find(table->living, pid);

	if (!began_by(entry, boottime_usec))
		entry = entry_find(table->ended, pid);
	return began_by(entry, boottime_usec) ? &entry->process : NULL;
}

int process_table_inherit(
	struct process_table *table, pid_t parent, pid_t child, uint64_t start_usec)
{
	const struct process *origin = process_table_find(table, parent, start_usec);
	struct entry *before = entry_find(table->living, child);
	const struct process born = {.pid = child, .start_usec = start_usec};
	struct process copy = {};
	bool known = origin && parent != child;
	int r = 0;

	if (before &&
		(process_same(&before->process, &born) || before->process.start_usec > start_usec))
		return 0;
	if (known)
		r = process_copy(origin, &copy);
	if (r < 0)
		return r;
	if (before)
		entry_end(table, before); /* its end was not told */
	if (!known)
		return 0;
	copy.pid = child;
	copy.ppid = parent;
	copy.start_usec = start_usec;
	copy.zombie = false;
	copy.namespace_pid = 0;
	copy.inherited = true;
	return living_add(table, &copy);
}

static void forget_names(struct process *process)
{
	process->comm[0] = '\0';
	free(process->exe);
	free(process->cmdline);
	process->exe = process->cmdline = NULL;
	process->exe_deleted = process->cmdline_cut = false;
}

void process_table_forget_names(struct process_table *table, pid_t pid, uint64_t boottime_usec)
{
	struct entry *entry = entry_find(table->living, pid);

	if (began_by(entry, boottime_usec))
		forget_names(&entry->process);
}

void process_table_doubt(struct process_table *table)
{
	for (struct entry *entry = table->living; entry; entry = entry->hh.next)
		forget_names(&entry->process);
}

void process_table_drop_nameless(struct process_table *table)
{
	struct entry *entry, *next;

	HASH_ITER(hh, table->living, entry, next)
		if (!entry->process.comm[0])
			entry_remove(&table->living, entry);
}

void process_table_end(struct process_table *table, pid_t pid, uint64_t boottime_usec)
{
	struct entry *entry = entry_find(table->living, pid);

	if (began_by(entry, boottime_usec))
		entry_end(table, entry);
}

void process_table_each(const struct process_table *table,
	void (*visit)(const struct process *process, void *userdata), void *userdata)
{
	for (const struct entry *entry = table->living; entry; entry = entry->hh.next)
		visit(&entry->process, userdata);
}

size_t process_table_count(const struct process_table *table)
{
	return HASH_COUNT(table->living) + HASH_COUNT(table->ended);
}
