/* SPDX-License-Identifier: GPL-2.0-or-later */
/* SPDX-FileCopyrightText: The killauditd authors */

/*
 * The last reading of every process that was ever read: all of them at the start, those that an
 * event names later. When a process is gone, this is what is left of it.
 */
#pragma once

#include <stddef.h>
#include <sys/types.h>

struct process;
struct process_table;

/* At about 700 bytes a process, 46 MB. Beyond it the one that was first seen longest ago goes. */
#define PROCESS_TABLE_MAX 65536

struct process_table *process_table_new(void);
struct process_table *process_table_free(struct process_table *table);

/* Takes a copy. A reading of a process that is known already (same pid and start) replaces what it
 * says and keeps what it does not say, and the parent; one of another start replaces all. 0 or
 * -ENOMEM, and then nothing has changed. */
int process_table_put(struct process_table *table, const struct process *process);

/* NULL when that pid was never read. The pointer is valid until the next put. */
const struct process *process_table_find(const struct process_table *table, pid_t pid);

void process_table_each(const struct process_table *table,
	void (*visit)(const struct process *process, void *userdata), void *userdata);

size_t process_table_count(const struct process_table *table);
