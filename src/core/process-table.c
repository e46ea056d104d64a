/* SPDX-License-Identifier: GPL-2.0-or-later */
/* SPDX-FileCopyrightText: The killauditd authors */

#include "core/process-table.h"

#include <errno.h>
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
	struct entry *entries;
};

struct process_table *process_table_new(void)
{
	return calloc(1, sizeof(struct process_table));
}

static void entry_remove(struct process_table *table, struct entry *entry)
{
	HASH_DEL(table->entries, entry);
	process_done(&entry->process);
	free(entry);
}

struct process_table *process_table_free(struct process_table *table)
{
	if (!table)
		return NULL;
	while (table->entries)
		entry_remove(table, table->entries);
	free(table);
	return NULL;
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

int process_table_put(struct process_table *table, const struct process *process)
{
	struct process copy;
	struct entry *entry;
	int r;

	r = process_copy(process, &copy);
	if (r < 0)
		return r;
	HASH_FIND(hh, table->entries, &copy.pid, sizeof(copy.pid), entry);
	if (entry && entry->process.start_usec != copy.start_usec) {
		entry_remove(table, entry); /* that one has gone, and its place in the order */
		entry = NULL;
	}
	if (entry) {
		process_keep(&copy, &entry->process);
		process_done(&entry->process);
	} else {
		entry = calloc(1, sizeof(*entry));
		if (!entry) {
			process_done(&copy);
			return -ENOMEM;
		}
		entry->pid = copy.pid;
		HASH_ADD(hh, table->entries, pid, sizeof(entry->pid), entry);
		if (!entry->hh.tbl) {
			free(entry);
			process_done(&copy);
			return -ENOMEM;
		}
	}
	entry->process = copy;
	if (HASH_COUNT(table->entries) > PROCESS_TABLE_MAX)
		entry_remove(table, table->entries);
	return 0;
}

const struct process *process_table_find(const struct process_table *table, pid_t pid)
{
	struct entry *entry;

	HASH_FIND(hh, table->entries, &pid, sizeof(pid), entry);
	return entry ? &entry->process : NULL;
}

void process_table_each(const struct process_table *table,
	void (*visit)(const struct process *process, void *userdata), void *userdata)
{
	for (const struct entry *entry = table->entries; entry; entry = entry->hh.next)
		visit(&entry->process, userdata);
}

size_t process_table_count(const struct process_table *table)
{
	return HASH_COUNT(table->entries);
}
