/* SPDX-License-Identifier: GPL-2.0-or-later */
/* SPDX-FileCopyrightText: The killauditd authors */

/* Readings and events for a process table, short enough for rows. */
#pragma once

#include <string.h>

#include "rows.h"

#include "core/process-event.h"
#include "core/process-table.h"
#include "core/process.h"

#define PID    7942
#define PARENT 70
#define SLACK  PROCESS_START_SLACK_USEC
#define EVER   (UINT64_MAX / 4000) /* later than all */
#define T      1000000 /* a birth */

/* Boot time is this much ahead of the events' clock. */
#define OFFSET_USEC 500U

/* A process without the bounds of struct process, so that rows are short. */
struct reading {
	uint64_t start;
	const char *comm, *exe, *cmdline, *cgroup;
	bool exe_deleted, cmdline_cut, zombie, inherited;
	pid_t ppid;
	uint32_t tty;
	int uid, loginuid; /* 0: not known */
	int namespace_pid;
	const char *cgroup_text;
	bool exe_passed;
};

static inline struct process reading_process(const struct reading *reading)
{
	struct process process = {
		.pid = PID,
		.ppid = reading->ppid,
		.start_usec = reading->start,
		.zombie = reading->zombie,
		.inherited = reading->inherited,
		.ids_known = reading->uid,
		.uid = (uint32_t)reading->uid,
		.euid = (uint32_t)reading->uid,
		.login_known = reading->loginuid,
		.loginuid = (uint32_t)reading->loginuid,
		.session = (uint32_t)reading->loginuid,
		.namespace_pid = reading->namespace_pid,
		.namespaced = reading->namespace_pid,
		.tty_number = reading->tty,
		.exe = (char *)reading->exe,
		.exe_deleted = reading->exe_deleted,
		.cmdline = (char *)reading->cmdline,
		.cmdline_cut = reading->cmdline_cut,
		.cgroup = (char *)reading->cgroup,
		.cgroup_text = (char *)reading->cgroup_text,
		.exe_passed = reading->exe_passed,
	};

	strncpy(process.comm, reading->comm, sizeof(process.comm) - 1);
	return process;
}

static inline void assert_reading(const struct process *process, const struct reading *reading)
{
	struct process expected = reading_process(reading);

	assert_non_null(process);
	assert_int_equal(process->pid, expected.pid);
	assert_int_equal(process->ppid, expected.ppid);
	assert_int_equal(process->start_usec, expected.start_usec);
	assert_int_equal(process->zombie, expected.zombie);
	assert_int_equal(process->inherited, expected.inherited);
	assert_string_equal(process->comm, expected.comm);
	assert_text(process->exe, expected.exe);
	assert_int_equal(process->exe_deleted, expected.exe_deleted);
	assert_text(process->cmdline, expected.cmdline);
	assert_int_equal(process->cmdline_cut, expected.cmdline_cut);
	assert_int_equal(process->exe_passed, expected.exe_passed);
	assert_text(process->cgroup, expected.cgroup);
	if (expected.cgroup_text)
		assert_text(process->cgroup_text, expected.cgroup_text);
	assert_int_equal(process->ids_known, expected.ids_known);
	assert_int_equal(process->uid, expected.uid);
	assert_int_equal(process->euid, expected.euid);
	assert_int_equal(process->login_known, expected.login_known);
	assert_int_equal(process->loginuid, expected.loginuid);
	assert_int_equal(process->session, expected.session);
	assert_int_equal(process->namespace_pid, expected.namespace_pid);
	assert_int_equal(process->namespaced, expected.namespaced);
	assert_int_equal(process->tty_number, expected.tty_number);
}

static inline void put_reading(
	struct process_table *table, pid_t pid, const struct reading *reading)
{
	struct process process;

	if (!reading->comm)
		return;
	process = reading_process(reading);
	process.pid = pid;
	assert_int_equal(process_table_put(table, &process), 0);
}

static inline void put_pid(struct process_table *table, pid_t pid, uint64_t start_usec)
{
	put_reading(table, pid, &(struct reading){start_usec, "x"});
}

/* `usec` is of boot time. */
static inline int hear(struct process_table *table, struct process_event event, uint64_t usec)
{
	event.monotonic_nsec = (usec - OFFSET_USEC) * 1000;
	return process_table_hear(table, &event, (uint64_t)OFFSET_USEC * 1000);
}

/* As the connector tells it. */
static inline void hear_born(
	struct process_table *table, pid_t parent, pid_t pid, pid_t tid, uint64_t usec)
{
	assert_int_equal(hear(table,
				 (struct process_event){.type = PROCESS_EVENT_BIRTH,
					 .parent = parent,
					 .pid = pid,
					 .tid = tid},
				 usec),
		0);
}

/* As the trace tells it. */
static inline void hear_made(struct process_table *table, pid_t maker, pid_t tid, uint64_t flags,
	const char *comm, uint64_t usec)
{
	struct process_event event = {.type = PROCESS_EVENT_BIRTH,
		.tid = tid,
		.maker = maker,
		.clone_flags = flags,
		.flags_told = true};

	strncpy(event.comm, comm, sizeof(event.comm) - 1);
	assert_int_equal(hear(table, event, usec), 0);
}

static inline void hear_renamed(
	struct process_table *table, pid_t tid, const char *comm, uint64_t usec)
{
	struct process_event event = {.type = PROCESS_EVENT_RENAME, .tid = tid};

	strncpy(event.comm, comm, sizeof(event.comm) - 1);
	assert_int_equal(hear(table, event, usec), 0);
}

/* Without a path and an old thread id, as the connector tells it. */
static inline void hear_exec(
	struct process_table *table, pid_t pid, pid_t old_tid, const char *path, uint64_t usec)
{
	struct process_event event = {.type = PROCESS_EVENT_EXEC,
		.pid = path ? 0 : pid,
		.tid = pid,
		.old_tid = old_tid,
		.path = path};

	assert_int_equal(hear(table, event, usec), 0);
}

static inline void hear_moved(
	struct process_table *table, pid_t tid, int hierarchy, const char *path, uint64_t usec)
{
	struct process_event event = {
		.type = PROCESS_EVENT_MOVE, .tid = tid, .hierarchy = hierarchy, .path = path};

	assert_int_equal(hear(table, event, usec), 0);
}

/* 0 or PROCESS_TABLE_ENDED. */
static inline int hear_exit(
	struct process_table *table, pid_t pid, pid_t tid, int status, uint64_t usec)
{
	struct process_event event = {
		.type = PROCESS_EVENT_EXIT, .pid = pid, .tid = tid, .exit_status = status};

	return hear(table, event, usec);
}

struct visits {
	const struct process_table *table;
	pid_t pids[8];
	size_t n;
};

static inline void visit(const struct process *process, void *userdata)
{
	struct visits *visits = userdata;

	assert_true(visits->n < ELEMENTS(visits->pids));
	assert_ptr_equal(process, process_table_find(visits->table, process->pid, EVER));
	visits->pids[visits->n++] = process->pid;
}

static inline void assert_visits(const struct process_table *table, const pid_t *pids, size_t n)
{
	struct visits visits = {.table = table};

	process_table_each(table, visit, &visits);
	assert_int_equal(visits.n, n);
	for (size_t i = 0; i < n; i++) {
		bool visited = false;

		for (size_t k = 0; k < n; k++)
			visited = visited || visits.pids[k] == pids[i];
		assert_true(visited);
	}
}
