/* SPDX-License-Identifier: GPL-2.0-or-later */
/* SPDX-FileCopyrightText: The killauditd authors */

#include "core/process-entry.h"

#include <errno.h>
#include <linux/sched.h>
#include <stdlib.h>
#include <string.h>

#include "core/buffer.h"
#include "core/cgroup-path.h"
#include "core/cgroup-text.h"
#include "core/process-event.h"
#include "core/process-table.h"
#include "core/string-pool.h"

#ifndef CLONE_INTO_CGROUP /* Linux 5.7 */
#define CLONE_INTO_CGROUP 0x200000000ULL
#endif

struct process_entry *process_entry_of(const struct process *process)
{
	if (!process)
		return NULL;
	return (struct process_entry *)((uintptr_t)process -
					offsetof(struct process_entry, process));
}

bool process_entry_began_by(const struct process_entry *entry, uint64_t usec)
{
	uint64_t slack = entry->birth_told ? 0 : PROCESS_START_SLACK_USEC;

	return entry->process.start_usec <= usec + slack;
}

/* Text and path are one string of the pool, with a NUL between them: many processes share it, and
 * the path follows from the text. */
static int cgroup_take_text(struct string_pool *pool, const char *text, struct process *ret)
{
	struct buffer buffer = {};
	size_t text_len = strlen(text), path_len = 0;
	const char *path = "";
	bool chosen = cgroup_text_choose(text, text_len, &path, &path_len);
	char *taken = NULL;

	buffer_append(&buffer, text, text_len + 1);
	buffer_append(&buffer, path, path_len);
	if (!buffer.failed)
		taken = string_pool_take(pool, buffer.data, buffer.len);
	buffer_done(&buffer);
	if (!taken)
		return -ENOMEM;
	ret->cgroup_text = taken;
	ret->cgroup = chosen ? taken + text_len + 1 : NULL;
	return 0;
}

/* The string of the pool that both are in. */
static char *cgroup_string(const struct process *process)
{
	return process->cgroup_text ? process->cgroup_text : process->cgroup;
}

static void cgroup_release(struct string_pool *pool, struct process *process)
{
	string_pool_release(pool, cgroup_string(process));
	process->cgroup = process->cgroup_text = NULL;
}

static void names_release(struct string_pool *pool, struct process *process)
{
	string_pool_release(pool, process->exe);
	string_pool_release(pool, process->cmdline);
	process->exe = process->cmdline = NULL;
	process->exe_deleted = process->exe_passed = process->cmdline_cut = false;
}

static void strings_release(struct string_pool *pool, struct process *process)
{
	names_release(pool, process);
	cgroup_release(pool, process);
}

static bool string_take(struct string_pool *pool, const char *string, char **ret)
{
	*ret = string ? string_pool_take(pool, string, strlen(string)) : NULL;
	return !string || *ret;
}

/* A copy of a reading, with strings of the pool. 0 or -ENOMEM. */
static int reading_take(
	struct string_pool *pool, const struct process *reading, struct process *ret)
{
	struct process copy = *reading;
	bool taken;

	copy.cgroup = copy.cgroup_text = NULL;
	copy.maker = NULL;
	copy.end_usec = 0;
	copy.n_execs = copy.n_threads = 0;
	copy.exit_status = 0;
	copy.cgroup_source = reading->cgroup ? CGROUP_READ : CGROUP_UNKNOWN;
	taken = string_take(pool, reading->exe, &copy.exe);
	taken = string_take(pool, reading->cmdline, &copy.cmdline) && taken;
	if (reading->cgroup_text)
		taken = cgroup_take_text(pool, reading->cgroup_text, &copy) == 0 && taken;
	else
		taken = string_take(pool, reading->cgroup, &copy.cgroup) && taken;
	if (!taken) {
		strings_release(pool, &copy);
		return -ENOMEM;
	}
	*ret = copy;
	return 0;
}

void process_entry_hold(struct process_entry *entry)
{
	entry->n_holders++;
}

void process_entry_release(struct string_pool *pool, struct process_entry *entry)
{
	while (entry && --entry->n_holders == 0) {
		struct process_entry *maker = process_entry_of(entry->process.maker);

		strings_release(pool, &entry->process);
		free(entry);
		entry = maker;
	}
}

/* Lets go of whoever made the last one that is still in bounds. */
static void chain_cut(struct string_pool *pool, struct process_entry *entry)
{
	struct process_entry *last = entry;

	for (int i = 0; last && i < PROCESS_TABLE_GENERATIONS_MAX; i++)
		last = process_entry_of(last->process.maker);
	if (!last)
		return;
	process_entry_release(pool, process_entry_of(last->process.maker));
	last->process.maker = NULL;
}

static void set_maker(
	struct string_pool *pool, struct process_entry *entry, struct process_entry *maker)
{
	process_entry_hold(maker);
	entry->process.maker = &maker->process;
	entry->n_makers = maker->n_makers + 1;
	if (entry->n_makers <= PROCESS_TABLE_GENERATIONS_MAX)
		return;
	chain_cut(pool, entry);
	entry->n_makers = PROCESS_TABLE_GENERATIONS_MAX;
}

static pid_t born_to(const struct process_entry *maker, const struct process_event *birth)
{
	if (!birth->flags_told)
		return birth->parent;
	if (!maker)
		return 0;
	return birth->clone_flags & CLONE_PARENT ? maker->process.ppid : maker->process.pid;
}

static void inherit(struct process *child, const struct process *maker)
{
	*child = *maker;
	string_pool_share(child->exe);
	string_pool_share(child->cmdline);
	string_pool_share(cgroup_string(child));
	child->maker = NULL;
	child->zombie = false;
	child->inherited = true;
	child->namespace_pid = 0;
	child->end_usec = 0;
	child->exit_status = 0;
	child->n_execs = child->n_threads = 0;
	child->read = child->followed = false;
	/* After a loss the maker's may be outdated. */
	if (child->cgroup_source == CGROUP_TOLD && !maker->followed)
		child->cgroup_source = CGROUP_READ;
}

/* What the trace tells of a birth, and the connector does not. */
static void birth_apply_trace(
	struct string_pool *pool, struct process *child, const struct process_event *birth)
{
	child->followed = true;
	memcpy(child->comm, birth->comm, sizeof(child->comm));
	if (birth->clone_flags & CLONE_INTO_CGROUP) {
		cgroup_release(pool, child);
		child->cgroup_source = CGROUP_UNKNOWN;
	}
	if (birth->clone_flags & CLONE_NEWPID) {
		child->namespaced = true;
		child->namespace_pid = 1;
	}
}

struct process_entry *process_entry_born(struct string_pool *pool, struct process_entry *maker,
	const struct process_event *birth, uint64_t start_usec)
{
	struct process_entry *child = calloc(1, sizeof(*child));

	if (!child)
		return NULL;
	child->n_holders = 1;
	if (maker) {
		inherit(&child->process, &maker->process);
		if (birth->flags_told && maker->process.followed && cgroup_string(&child->process))
			child->process.cgroup_source = CGROUP_TOLD;
		set_maker(pool, child, maker);
	}
	if (birth->flags_told)
		birth_apply_trace(pool, &child->process, birth);
	child->link.pid = child->process.pid = birth->tid;
	child->process.ppid = born_to(maker, birth);
	child->process.start_usec = start_usec;
	child->birth_told = true;
	return child;
}

struct process_entry *process_entry_read(
	struct string_pool *pool, const struct process *reading, bool following)
{
	struct process_entry *entry = calloc(1, sizeof(*entry));

	if (!entry || reading_take(pool, reading, &entry->process) < 0) {
		free(entry);
		return NULL;
	}
	entry->n_holders = 1;
	entry->link.pid = reading->pid;
	entry->process.followed = following;
	entry->process.read = !reading->zombie;
	return entry;
}

void process_entry_tell_birth(struct string_pool *pool, struct process_entry *entry,
	struct process_entry *maker, const struct process_event *birth, uint64_t start_usec)
{
	if (entry->birth_told)
		return;
	entry->birth_told = true;
	entry->process.start_usec = start_usec;
	/* Those that it made are told of later. Were it otherwise, a chain could grow long from its
	 * middle, or close to a ring and hold itself. */
	if (!maker || entry->n_holders > 1)
		return;
	entry->process.ppid = born_to(maker, birth);
	set_maker(pool, entry, maker);
}

static void swap(char **a, char **b)
{
	char *string = *a;

	*a = *b;
	*b = string;
}

static bool same_program(const struct process *known, const struct process *reading)
{
	return strcmp(known->comm, reading->comm) == 0 &&
	       (!known->exe || known->exe_passed || !reading->exe ||
		       strcmp(known->exe, reading->exe) == 0);
}

static void merge_names(struct string_pool *pool, struct process *known, struct process *reading)
{
	bool reading_counts = !known->followed && !reading->zombie;

	if (reading_counts && !same_program(known, reading))
		names_release(pool, known);
	else if (!reading_counts && known->comm[0] && strcmp(known->comm, reading->comm) != 0)
		return; /* older or newer than what was told */
	memcpy(known->comm, reading->comm, sizeof(known->comm));
	if (reading->exe && (reading_counts || !known->exe || known->exe_passed)) {
		swap(&known->exe, &reading->exe);
		known->exe_deleted = reading->exe_deleted;
		known->exe_passed = false;
	}
	if (reading->cmdline && (reading_counts || !known->cmdline)) {
		swap(&known->cmdline, &reading->cmdline);
		known->cmdline_cut = reading->cmdline_cut;
	}
	if (!reading->zombie) {
		known->inherited = false;
		known->read = true;
	}
}

static void merge_cgroup(struct process *known, struct process *reading)
{
	bool ended_told = known->end_usec && known->cgroup_source == CGROUP_TOLD;

	if (!cgroup_string(reading) || (cgroup_string(known) && (reading->zombie || ended_told)))
		return;
	swap(&known->cgroup, &reading->cgroup);
	swap(&known->cgroup_text, &reading->cgroup_text);
	known->cgroup_source = CGROUP_READ;
}

static void merge_ids(struct process *known, const struct process *reading)
{
	if (known->ppid == 0)
		known->ppid = reading->ppid;
	if (reading->ids_known) {
		known->ids_known = true;
		known->uid = reading->uid;
		known->euid = reading->euid;
		known->namespaced = reading->namespaced;
		known->namespace_pid = reading->namespace_pid;
	}
	if (reading->login_known) {
		known->login_known = true;
		known->loginuid = reading->loginuid;
		known->session = reading->session;
	}
	if (!reading->zombie)
		known->tty_number = reading->tty_number;
	known->kernel_thread = reading->kernel_thread;
	known->zombie = reading->zombie;
}

int process_entry_merge(struct string_pool *pool, struct process_entry *entry,
	const struct process *reading, bool following)
{
	struct process *known = &entry->process, copy;
	int r = reading_take(pool, reading, &copy);

	if (r < 0)
		return r;
	if (!entry->birth_told && !known->end_usec)
		known->start_usec = copy.start_usec;
	merge_ids(known, &copy);
	merge_names(pool, known, &copy);
	if (following && cgroup_string(&copy) && !copy.zombie)
		known->followed = true;
	merge_cgroup(known, &copy);
	entry->doubted = false;
	strings_release(pool, &copy); /* what was not wanted */
	return 0;
}

void process_entry_forget_names(struct string_pool *pool, struct process_entry *entry)
{
	entry->process.comm[0] = '\0';
	entry->process.read = false;
	names_release(pool, &entry->process);
}

void process_entry_doubt(struct process_entry *entry)
{
	entry->process.followed = false;
	if (entry->process.cgroup_source == CGROUP_TOLD)
		entry->process.cgroup_source = CGROUP_READ;
}

int process_entry_exec(
	struct string_pool *pool, struct process_entry *entry, const struct process_event *exec)
{
	struct process *process = &entry->process;

	process->n_execs++;
	process->read = false;
	process->zombie = false;
	process->kernel_thread = false; /* one of those makes the kernel's helpers */
	entry->first_exited = false;
	if (!exec->path) {
		process_entry_forget_names(pool, entry);
		return 0;
	}
	names_release(pool, process);
	if (!string_take(pool, exec->path, &process->exe))
		return -ENOMEM;
	process->exe_passed = true;
	return 0;
}

int process_entry_move(struct string_pool *pool, struct process_entry *entry,
	const struct process_event *move, bool only_v2)
{
	struct process *process = &entry->process, moved = {};
	struct buffer text = {};
	int r = -ENOMEM;

	if (!move->path || (!process->cgroup_text && (move->hierarchy != 0 || !only_v2)))
		return 0;
	cgroup_text_move(process->cgroup_text, move->hierarchy, move->path, &text);
	if (!text.failed)
		r = cgroup_take_text(pool, text.data, &moved);
	buffer_done(&text);
	cgroup_release(pool, process);
	process->cgroup = moved.cgroup;
	process->cgroup_text = moved.cgroup_text;
	process->cgroup_source = r < 0               ? CGROUP_UNKNOWN
				 : process->followed ? CGROUP_TOLD
						     : CGROUP_READ;
	return r;
}
