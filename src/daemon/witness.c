/* SPDX-License-Identifier: GPL-2.0-or-later */
/* SPDX-FileCopyrightText: The killauditd authors */

#include "daemon/witness.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "core/hash.h"
#include "core/process-table.h"
#include "core/process.h"

/* uthash compares keys byte by byte. */
struct reading_key {
	pid_t pid;
	int detail;
};

struct reading {
	struct reading_key key;
	bool gone;
	struct process process;
	UT_hash_handle hh;
};

struct witness {
	struct proc_reader *reader;
	struct process_table *table;
	struct reading *batch;
};

struct witness *witness_free(struct witness *witness)
{
	if (!witness)
		return NULL;
	if (witness->table)
		witness_end_batch(witness);
	process_table_free(witness->table);
	proc_reader_close(witness->reader);
	free(witness);
	return NULL;
}

int witness_seed(struct witness *witness)
{
	struct process process;
	pid_t pid;
	int r = 0;

	while (r == 0 && proc_reader_next_pid(witness->reader, &pid) == 0) {
		if (proc_reader_read(witness->reader, pid, PROC_READER_FULL, &process) != 0)
			continue; /* it went, or is hidden: nothing to know */
		r = process_table_put(witness->table, &process);
		process_done(&process);
	}
	return r;
}

int witness_new(struct witness **ret)
{
	struct witness *witness = calloc(1, sizeof(*witness));
	int r = -ENOMEM;

	if (witness)
		witness->table = process_table_new(NULL);
	if (witness && witness->table)
		r = proc_reader_open("/proc", &witness->reader);
	if (r < 0) {
		witness_free(witness);
		return r;
	}
	*ret = witness;
	return 0;
}

int witness_read_anew(struct witness *witness)
{
	int r;

	process_table_doubt(witness->table);
	r = witness_seed(witness);
	process_table_drop_nameless(witness->table);
	return r;
}

struct older {
	uint64_t boottime_usec;
	struct blind_tasks *found;
};

static void older_visit(const struct process *process, void *userdata)
{
	const struct older *older = userdata;

	if (process->kernel_thread || process->start_usec >= older->boottime_usec)
		return;
	older->found->n++;
	blind_tasks_add_comm(older->found, process->comm);
}

void witness_find_older(
	const struct witness *witness, uint64_t boottime_usec, struct blind_tasks *ret)
{
	struct older older = {boottime_usec, ret};

	*ret = (struct blind_tasks){};
	process_table_each(witness->table, older_visit, &older);
}

static struct reading *batch_find(
	struct witness *witness, pid_t pid, enum proc_reader_detail detail)
{
	struct reading_key key = {pid, detail};
	struct reading *reading;

	HASH_FIND(hh, witness->batch, &key, sizeof(key), reading);
	if (!reading && detail == PROC_READER_BRIEF)
		return batch_find(witness, pid, PROC_READER_FULL);
	return reading;
}

static struct reading *batch_read(
	struct witness *witness, pid_t pid, enum proc_reader_detail detail)
{
	struct reading *reading = calloc(1, sizeof(*reading));

	if (!reading)
		return NULL;
	reading->key = (struct reading_key){pid, detail};
	reading->gone = proc_reader_read(witness->reader, pid, detail, &reading->process) != 0;
	HASH_ADD(hh, witness->batch, key, sizeof(reading->key), reading);
	if (reading->hh.tbl)
		return reading;
	process_done(&reading->process);
	free(reading);
	return NULL;
}

static void read_exec(struct witness *witness, pid_t pid)
{
	struct process process;

	if (proc_reader_read(witness->reader, pid, PROC_READER_FULL, &process) != 0)
		return;
	if (!process.zombie)
		process_table_put(witness->table, &process);
	process_done(&process);
}

void witness_hear(
	struct witness *witness, const struct process_event *event, const struct clocks *now)
{
	uint64_t offset_usec = now->boottime_usec - now->monotonic_usec;

	process_table_hear(witness->table, event, offset_usec * 1000);
	if (event->type == PROCESS_EVENT_EXEC)
		read_exec(witness, event->pid);
}

struct process_readings witness_read(
	struct witness *witness, pid_t pid, enum proc_reader_detail detail, uint64_t boottime_usec)
{
	struct reading *reading = batch_find(witness, pid, detail);

	if (!reading)
		reading = batch_read(witness, pid, detail);
	return (struct process_readings){
		.live = reading && !reading->gone ? &reading->process : NULL,
		.earlier = process_table_find(witness->table, pid, boottime_usec),
	};
}

void witness_read_ancestry(struct witness *witness, const struct signal_sender *sender,
	const struct party *party, uint64_t event_usec, struct ancestry *ret)
{
	uint64_t child_start;
	pid_t ppid = sender->ppid;

	ret->links[0] = sender_ancestor(sender, party);
	ret->n_links = 1;
	child_start = ret->links[0].start_usec;
	while (ppid > 0 && ret->n_links < ANCESTRY_MAX) {
		struct process_readings readings =
			witness_read(witness, ppid, PROC_READER_BRIEF, event_usec);
		struct ancestor *link = &ret->links[ret->n_links++];

		*link = parent_attribute(ppid, &readings, child_start, event_usec, &ppid);
		child_start = link->start_usec;
	}
	ret->complete = ppid == 0 && ret->links[ret->n_links - 1].source != PROCESS_SOURCE_NONE;
}

void witness_end_batch(struct witness *witness)
{
	struct reading *reading, *next;

	HASH_ITER(hh, witness->batch, reading, next) {
		HASH_DEL(witness->batch, reading);
		/* A zombie has lost what an earlier reading still knows. */
		if (!reading->gone && !reading->process.zombie)
			process_table_put(witness->table, &reading->process);
		process_done(&reading->process);
		free(reading);
	}
}
