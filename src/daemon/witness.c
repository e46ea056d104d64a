/* SPDX-License-Identifier: GPL-2.0-or-later */
/* SPDX-FileCopyrightText: The killauditd authors */

#include "daemon/witness.h"

#include <errno.h>
#include <linux/sched.h>
#include <stdlib.h>
#include <string.h>

#include "core/hash.h"
#include "core/process-table.h"
#include "core/process.h"
#include "io/clock-reader.h"
#include "io/proc-worker.h"

#ifndef CLONE_INTO_CGROUP /* Linux 5.7 */
#define CLONE_INTO_CGROUP 0x200000000ULL
#endif

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

/* A reading of a process so young that another may have had its pid when it was read: it counts
 * when the process is still there after all that happened until then was heard. */
struct doubtful {
	struct process reading;
	const struct process *process; /* held */
	uint64_t read_usec; /* CLOCK_BOOTTIME */
	unsigned n_execs; /* of the process, as far as was heard then */
};

#define DOUBTFUL_MAX 4096
#define YOUNG_USEC   (2 * PROCESS_START_SLACK_USEC)

struct witness {
	struct proc_reader *reader;
	struct process_table *table;
	struct reading *batch;
	bool following; /* the trace tells all */
	struct proc_worker *worker; /* for command lines, while following */
	/* Execs that may be read at once: more of them come in a storm than can be afforded. */
	unsigned reads_left;
	uint64_t reads_since_usec;
	struct doubtful *doubtful;
	size_t n_doubtful;
};

#define READS_PER_SECOND  50U
#define CMDLINE_WAIT_USEC 20000U

static void doubtful_done(struct witness *witness, struct doubtful *doubtful)
{
	process_table_release(witness->table, doubtful->process);
	process_done(&doubtful->reading);
}

struct witness *witness_free(struct witness *witness)
{
	if (!witness)
		return NULL;
	if (witness->table)
		witness_end_batch(witness);
	for (size_t i = 0; i < witness->n_doubtful; i++)
		doubtful_done(witness, &witness->doubtful[i]);
	free(witness->doubtful);
	process_table_free(witness->table);
	proc_worker_stop(witness->worker);
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

static bool is_young(const struct process *process, uint64_t boottime_usec)
{
	return boottime_usec < process->start_usec + YOUNG_USEC;
}

/* True when the reading is kept for later, or dropped. */
static bool put_off(struct witness *witness, const struct process *reading)
{
	uint64_t now_usec = clocks_now().boottime_usec;
	const struct process *process = process_table_find(witness->table, reading->pid, now_usec);
	struct doubtful *doubtful;

	if (!witness->following || !process || !process->followed || !is_young(process, now_usec))
		return false;
	if (witness->n_doubtful == DOUBTFUL_MAX)
		return true;
	doubtful = &witness->doubtful[witness->n_doubtful];
	if (process_copy(reading, &doubtful->reading) < 0)
		return true;
	doubtful->process = process_table_hold(process);
	doubtful->read_usec = now_usec;
	doubtful->n_execs = process->n_execs;
	witness->n_doubtful++;
	return true;
}

static void take_reading(const struct process *reading, void *userdata)
{
	struct witness *witness = userdata;

	if (!reading->zombie && !put_off(witness, reading))
		process_table_put(witness->table, reading);
}

static void read_now(struct witness *witness, pid_t pid, enum proc_reader_detail detail)
{
	struct process process;

	if (proc_reader_read(witness->reader, pid, detail, &process) != 0)
		return;
	take_reading(&process, witness);
	process_done(&process);
}

/* Which of two programs was read is not known where an exec was heard since: then it is read again.
 */
static void settle(struct witness *witness, const struct doubtful *doubtful)
{
	const struct process *process = doubtful->process;

	if (process->end_usec)
		return;
	if (process->n_execs == doubtful->n_execs)
		process_table_put(witness->table, &doubtful->reading);
	else
		read_now(witness, process->pid, PROC_READER_STATE);
}

void witness_settle(struct witness *witness, uint64_t heard_usec)
{
	struct doubtful settled;
	size_t n_left = 0;

	/* What is read again comes behind the others. */
	for (size_t i = 0; i < witness->n_doubtful; i++) {
		if (witness->doubtful[i].read_usec >= heard_usec) {
			witness->doubtful[n_left++] = witness->doubtful[i];
			continue;
		}
		settled = witness->doubtful[i];
		settle(witness, &settled);
		doubtful_done(witness, &settled);
	}
	witness->n_doubtful = n_left;
	if (witness->worker)
		proc_worker_collect(witness->worker, take_reading, witness);
}

static bool may_read(struct witness *witness, const struct clocks *now)
{
	if (now->monotonic_usec >= witness->reads_since_usec + USEC_PER_SEC) {
		witness->reads_since_usec = now->monotonic_usec;
		witness->reads_left = READS_PER_SECOND;
	}
	if (witness->reads_left == 0)
		return false;
	witness->reads_left--;
	return true;
}

/* After the connector nothing is known of the new program until it is read. The trace has told its
 * file and its name. */
static void hear_exec(struct witness *witness, pid_t pid, const struct clocks *now)
{
	if (!witness->following) {
		read_now(witness, pid, PROC_READER_FULL);
	} else if (may_read(witness, now)) {
		read_now(witness, pid, PROC_READER_STATE);
		proc_worker_ask(witness->worker, pid);
	}
}

void witness_hear(
	struct witness *witness, const struct process_event *event, const struct clocks *now)
{
	uint64_t offset_usec = now->boottime_usec - now->monotonic_usec;

	process_table_hear(witness->table, event, offset_usec * 1000);
	if (event->type == PROCESS_EVENT_EXEC)
		hear_exec(witness, event->tid, now);
	else if (event->type == PROCESS_EVENT_BIRTH && event->clone_flags & CLONE_INTO_CGROUP)
		read_now(witness, event->tid, PROC_READER_STATE); /* into which is not told */
}

int witness_follow(struct witness *witness)
{
	int r;

	witness->doubtful = calloc(DOUBTFUL_MAX, sizeof(*witness->doubtful));
	if (!witness->doubtful)
		return -ENOMEM;
	r = proc_worker_start("/proc", &witness->worker);
	if (r < 0)
		return r;
	witness->following = true;
	process_table_follow(witness->table, true);
	return 0;
}

const struct process *witness_thread(const struct witness *witness, pid_t tid)
{
	return process_table_thread(witness->table, tid);
}

bool witness_thread_told(const struct witness *witness, pid_t tid)
{
	return process_table_thread_told(witness->table, tid);
}

const struct process *witness_hold(const struct process *process)
{
	return process_table_hold(process);
}

void witness_release(struct witness *witness, const struct process *process)
{
	process_table_release(witness->table, process);
}

static bool is_well_known(const struct process *process)
{
	return process->followed && (process->read || process->end_usec) &&
	       (process->cgroup_source != CGROUP_UNKNOWN || process->end_usec);
}

/* It may hang, and is told only where it comes soon. */
static void learn_cmdline(struct witness *witness, pid_t pid)
{
	struct process names;

	if (proc_worker_read(witness->worker, pid, CMDLINE_WAIT_USEC, &names) != 0)
		return;
	take_reading(&names, witness);
	process_done(&names);
}

/* What the trace follows is read only to learn more of the same process, which goes into the table
 * at once. */
static bool learn(
	struct witness *witness, const struct process *process, enum proc_reader_detail detail)
{
	if (!process || !process->followed)
		return false;
	if (is_well_known(process) || is_young(process, clocks_now().boottime_usec))
		return true;
	read_now(witness, process->pid, PROC_READER_STATE);
	if (detail == PROC_READER_FULL && process->read && !process->cmdline)
		learn_cmdline(witness, process->pid);
	return true;
}

struct process_readings witness_look(struct witness *witness, const struct sighting *seen)
{
	learn(witness, seen->process, PROC_READER_FULL);
	return (struct process_readings){.earlier = seen->process, .seen = seen};
}

struct process_readings witness_read(
	struct witness *witness, pid_t pid, enum proc_reader_detail detail, uint64_t boottime_usec)
{
	const struct process *known = process_table_find(witness->table, pid, boottime_usec);
	struct reading *reading;

	if (learn(witness, known, detail))
		return (struct process_readings){
			.earlier = process_table_find(witness->table, pid, boottime_usec),
		};
	reading = batch_find(witness, pid, detail);
	if (!reading)
		reading = batch_read(witness, pid, detail);
	return (struct process_readings){
		.live = reading && !reading->gone ? &reading->process : NULL,
		.earlier = process_table_find(witness->table, pid, boottime_usec),
	};
}

/* Who made a process, where its birth was told; else who was its parent. */
static struct process_readings read_parent(struct witness *witness, const struct process *child,
	pid_t ppid, uint64_t event_usec, pid_t *ret_pid)
{
	const struct process *maker = child && child->followed ? child->maker : NULL;

	*ret_pid = maker ? maker->pid : ppid;
	learn(witness, maker, PROC_READER_BRIEF);
	if (maker)
		return (struct process_readings){.earlier = maker};
	return witness_read(witness, ppid, PROC_READER_BRIEF, event_usec);
}

void witness_read_ancestry(struct witness *witness, const struct signal_sender *sender,
	const struct party *party, uint64_t event_usec, struct ancestry *ret)
{
	const struct process *child = party->process;
	uint64_t child_start;
	pid_t ppid = sender->ppid;

	ret->links[0] = sender_ancestor(sender, party);
	ret->n_links = 1;
	child_start = ret->links[0].start_usec;
	while ((ppid > 0 || (child && child->followed && child->maker)) &&
		ret->n_links < ANCESTRY_MAX) {
		pid_t pid;
		struct process_readings readings =
			read_parent(witness, child, ppid, event_usec, &pid);
		struct ancestor *link = &ret->links[ret->n_links++];

		*link = parent_attribute(pid, &readings, child_start, event_usec, &ppid);
		child_start = link->start_usec;
		child = link->source == PROCESS_SOURCE_TRACE ? readings.earlier : NULL;
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
