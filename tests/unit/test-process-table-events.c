/* SPDX-License-Identifier: GPL-2.0-or-later */
/* SPDX-FileCopyrightText: The killauditd authors */

#include <linux/sched.h>

#include "process-table-scene.h"

#ifndef CLONE_INTO_CGROUP
#define CLONE_INTO_CGROUP 0x200000000ULL
#endif

#define V1 "4:memory:/a\n1:name=systemd:/a\n0::/\n"

/* A birth of PID by PARENT at T. */
static const struct inherit_row {
	const char *name;
	struct reading parent, child; /* that are known already; no name: not known */
	struct reading expected; /* PID then; no name: not known */
	size_t count; /* of all, then */
} inherit_rows[] = {
	{"all that the parent was",
		{5, "sh", "/sh", "sh -c", "/x", .uid = 1, .loginuid = 2, .tty = 34816, .ppid = 8},
		{},
		{T, "sh", "/sh", "sh -c", "/x", .uid = 1, .loginuid = 2, .tty = 34816,
			.ppid = PARENT, .inherited = true},
		2},
	{"marks of what is not whole",
		{5, "sh", "/sh", "sh -c...", .exe_deleted = true, .cmdline_cut = true}, {},
		{T, "sh", "/sh", "sh -c...", .exe_deleted = true, .cmdline_cut = true,
			.ppid = PARENT, .inherited = true},
		2},
	{"little is known of the parent", {5, "sh"}, {},
		{T, "sh", .ppid = PARENT, .inherited = true}, 2},
	{"who bears is no zombie, and the child is none", {5, "sh", .zombie = true}, {},
		{T, "sh", .ppid = PARENT, .inherited = true}, 2},
	{"a parent that has inherited itself", {5, "sh", "/sh", .ppid = 8, .inherited = true}, {},
		{T, "sh", "/sh", .ppid = PARENT, .inherited = true}, 2},
	{"nothing is known of the parent", {}, {}, {}, 0},

	{"known already", {5, "sh"}, {T, "a", "/a", .ppid = 9}, {T, "a", "/a", .ppid = PARENT}, 2},
	{"known already, and the parent is not", {}, {T, "a", "/a"}, {T, "a", "/a"}, 1},
	{"known already, by another clock that is late", {5, "sh"}, {T + SLACK, "a"},
		{T, "a", .ppid = PARENT}, 2},
	{"known already, by another clock that is early", {5, "sh"}, {T - SLACK, "a"},
		{T, "a", .ppid = PARENT}, 2},
	{"older news than of who has the pid now", {5, "sh"}, {T + SLACK + 1, "a"},
		{T + SLACK + 1, "a"}, 2},
	{"the end of who had the pid was not told", {5, "sh"}, {T - SLACK - 1, "a", "/a"},
		{T, "sh", .ppid = PARENT, .inherited = true}, 3},
};

static void test_inherit(void **state)
{
	const struct inherit_row *row = *state;
	struct process_table *table = process_table_new(NULL);

	put_reading(table, PARENT, &row->parent);
	put_reading(table, PID, &row->child);
	hear_born(table, PARENT, PID, PID, T);
	if (row->expected.comm)
		assert_reading(process_table_find(table, PID, EVER), &row->expected);
	else
		assert_null(process_table_find(table, PID, EVER));
	assert_int_equal(process_table_count(table), row->count);
	process_table_free(table);
}

/* It has a pid of its own there, and nobody told which. */
static void test_child_in_a_namespace(void **state)
{
	struct process_table *table = process_table_new(NULL);
	const struct process *child;

	(void)state;
	put_reading(table, PARENT, &(struct reading){5, "init", .uid = 1, .namespace_pid = 1});
	hear_born(table, PARENT, PID, PID, T);
	child = process_table_find(table, PID, T);
	assert_int_equal(child->namespace_pid, 0);
	assert_true(child->namespaced);
	assert_int_equal(process_table_find(table, PARENT, T)->namespace_pid, 1);
	process_table_free(table);
}

/* The parent execs, or ends: the child has what is its own. */
static void test_child_shares_nothing(void **state)
{
	static const struct reading shell = {5, "sh", "/sh", "sh -c", "/x", .uid = 1};
	static const struct reading expected = {
		T, "sh", "/sh", "sh -c", "/x", .uid = 1, .ppid = PARENT, .inherited = true};
	struct process_table *table = process_table_new(NULL);

	(void)state;
	put_reading(table, PARENT, &shell);
	hear_born(table, PARENT, PID, PID, T);
	hear_exec(table, PARENT, 0, NULL, T + 1);
	hear_exit(table, PARENT, PARENT, 0, T + 2);
	assert_reading(process_table_find(table, PID, EVER), &expected);
	process_table_free(table);
}

static void test_nobody_is_born_of_itself(void **state)
{
	struct process_table *table = process_table_new(NULL);

	(void)state;
	hear_born(table, PID, PID, PID, T);
	assert_int_equal(process_table_count(table), 0);
	put_pid(table, PID, T);
	hear_born(table, PID, PID, PID, T);
	assert_int_equal(process_table_count(table), 1);
	assert_int_equal(process_table_find(table, PID, EVER)->start_usec, T);
	hear_born(table, PID, PID, PID, T + SLACK + 1);
	assert_int_equal(process_table_count(table), 1);
	assert_visits(table, NULL, 0);
	process_table_free(table);
}

static void test_a_birth_ends_who_was_there(void **state)
{
	struct process_table *table = process_table_new(NULL);

	(void)state;
	put_pid(table, PID, 5);
	hear_born(table, PARENT, PID, PID, T);
	assert_visits(table, NULL, 0); /* nothing is known of the parent: nor of the child */
	assert_int_equal(process_table_find(table, PID, T)->start_usec, 5);
	process_table_free(table);
}

/* What is told of PID, which began at T: of it, or of one that had the pid before. */
static const struct told_row {
	const char *name;
	uint64_t at;
	bool of_it;
} told_rows[] = {
	{"long after its start", EVER, true},
	{"at its start", T, true},
	{"by another clock", T - SLACK, true},
	{"late, of one before it", T - SLACK - 1, false},
	{"late, of one long before it", 0, false},
};

static void test_end(void **state)
{
	const struct told_row *row = *state;
	struct process_table *table = process_table_new(NULL);

	put_pid(table, PID, T);
	hear_exit(table, PID, PID, 0, row->at);
	assert_visits(table, (const pid_t[]){PID}, !row->of_it);
	assert_int_equal(process_table_count(table), 1);
	assert_int_equal(process_table_find(table, PID, EVER)->start_usec, T);
	process_table_free(table);
}

static void test_end_of_the_unknown_and_the_ended(void **state)
{
	struct process_table *table = process_table_new(NULL);

	(void)state;
	hear_exit(table, PID, PID, 0, T);
	assert_int_equal(process_table_count(table), 0);
	put_reading(table, PID, &(struct reading){T, "a", "/a", "a 1", "/x", .uid = 1});
	hear_exit(table, PID, PID, 0, T + 5);
	hear_exit(table, PID, PID, 0, T + 6);
	assert_int_equal(process_table_count(table), 1);
	assert_reading(process_table_find(table, PID, EVER),
		&(struct reading){T, "a", "/a", "a 1", "/x", .uid = 1});
	process_table_free(table);
}

#define FULL                                                                                       \
	{                                                                                          \
		T, "a", "/a", "a 1", "/x", .exe_deleted = true, .cmdline_cut = true, .uid = 1,     \
					   .loginuid = 2, .namespace_pid = 3, .tty = 34816,        \
					   .ppid = 8                                               \
	}

static void test_forget_names(void **state)
{
	static const struct reading full = FULL;
	static const struct reading nameless = {T, "", .cgroup = "/x", .uid = 1, .loginuid = 2,
		.namespace_pid = 3, .tty = 34816, .ppid = 8};
	const struct told_row *row = *state;
	struct process_table *table = process_table_new(NULL);

	put_reading(table, PID, &full);
	hear_exec(table, PID, 0, NULL, row->at);
	assert_reading(process_table_find(table, PID, EVER), row->of_it ? &nameless : &full);
	process_table_free(table);
}

static void test_forget_names_of_the_unknown_and_the_ended(void **state)
{
	static const struct reading full = FULL;
	struct process_table *table = process_table_new(NULL);

	(void)state;
	hear_exec(table, PID, 0, NULL, 100 * T);
	assert_int_equal(process_table_count(table), 0);
	put_reading(table, PID, &full);
	hear_exit(table, PID, PID, 0, T + 5);
	hear_exec(table, PID, 0, NULL, 100 * T);
	assert_reading(process_table_find(table, PID, EVER), &full);
	process_table_free(table);
}

/* Exec, and what it has become is read then, or never. */
static void test_names_after_they_were_forgotten(void **state)
{
	static const struct reading full = FULL;
	static const struct reading expected = {
		T, "b", "/b", "b 2", "/x", .uid = 1, .loginuid = 2, .namespace_pid = 3, .ppid = 8};
	struct process_table *table = process_table_new(NULL);

	(void)state;
	put_reading(table, PID, &full);
	hear_exec(table, PID, 0, NULL, T + 5);
	hear_exec(table, PID, 0, NULL, T + 6);
	put_reading(table, PID, &(struct reading){T, "b", "/b", "b 2", .ppid = 1});
	assert_reading(process_table_find(table, PID, EVER), &expected);

	put_reading(table, PARENT, &(struct reading){T, "c", "/c", .cgroup = "/x", .uid = 1});
	hear_exec(table, PARENT, 0, NULL, 2 * T);
	hear_born(table, PARENT, PID + 1, PID + 1, 3 * T);
	assert_string_equal(process_table_find(table, PID + 1, EVER)->comm, "");
	assert_null(process_table_find(table, PID + 1, EVER)->exe);
	assert_string_equal(process_table_find(table, PID + 1, EVER)->cgroup, "/x");
	process_table_free(table);
}

/* A followed shell, with its thread 71, whose parent is 9, makes PID at T. */
static const struct made_row {
	const char *name;
	pid_t maker;
	uint64_t flags;
	struct reading expected;
	enum cgroup_source source;
	pid_t made_by;
} made_rows[] = {
	{"fork", PARENT, 0,
		{T, "kid", "/sh", "sh -c", "/x", .uid = 1, .ppid = PARENT, .inherited = true},
		CGROUP_TOLD, PARENT},
	{"vfork", PARENT, CLONE_VFORK | CLONE_VM,
		{T, "kid", "/sh", "sh -c", "/x", .uid = 1, .ppid = PARENT, .inherited = true},
		CGROUP_TOLD, PARENT},
	{"by a thread", PARENT + 1, 0,
		{T, "kid", "/sh", "sh -c", "/x", .uid = 1, .ppid = PARENT, .inherited = true},
		CGROUP_TOLD, PARENT},
	{"a sibling", PARENT, CLONE_PARENT,
		{T, "kid", "/sh", "sh -c", "/x", .uid = 1, .ppid = 9, .inherited = true},
		CGROUP_TOLD, PARENT},
	{"into another control group", PARENT, CLONE_INTO_CGROUP,
		{T, "kid", "/sh", "sh -c", NULL, .uid = 1, .ppid = PARENT, .inherited = true},
		CGROUP_UNKNOWN, PARENT},
	{"the first of a pid namespace", PARENT, CLONE_NEWPID,
		{T, "kid", "/sh", "sh -c", "/x", .uid = 1, .ppid = PARENT, .inherited = true,
			.namespace_pid = 1},
		CGROUP_TOLD, PARENT},
	{"by nobody that is known", 5555, 0, {T, "kid"}, CGROUP_UNKNOWN, 0},
	{"by nobody that is known, as a sibling", 5555, CLONE_PARENT, {T, "kid"}, CGROUP_UNKNOWN,
		0},
};

static struct process_table *followed_shell(void)
{
	struct process_table *table = process_table_new(NULL);

	process_table_follow(table, true);
	put_reading(table, PARENT,
		&(struct reading){5, "sh", "/sh", "sh -c", "/x", .uid = 1, .ppid = 9,
			.cgroup_text = "0::/x\n"});
	assert_int_equal(process_table_put_thread(table, PARENT, PARENT + 1), 0);
	return table;
}

static void test_made(void **state)
{
	const struct made_row *row = *state;
	struct process_table *table = followed_shell();
	const struct process *child;

	hear_made(table, row->maker, PID, row->flags, "kid", T);
	child = process_table_find(table, PID, T);
	assert_reading(child, &row->expected);
	assert_int_equal(child->cgroup_source, row->source);
	assert_true(child->followed);
	assert_false(child->read);
	assert_true(process_table_thread_told(table, PID));
	assert_false(process_table_thread_told(table, PARENT));
	assert_int_equal(child->maker ? child->maker->pid : 0, row->made_by);
	process_table_free(table);
}

/* The trace tells all: what the connector tells beside, is told already. */
static void test_the_connector_beside_the_trace(void **state)
{
	struct process_table *table = followed_shell();

	(void)state;
	hear_born(table, PARENT, PID, PID, T);
	hear_born(table, PARENT, PARENT, PARENT + 2, T);
	assert_int_equal(process_table_count(table), 1);
	assert_int_equal(process_table_find(table, PARENT, T)->n_threads, 1);
	hear_exec(table, PARENT, 0, NULL, T);
	assert_string_equal(process_table_find(table, PARENT, T)->comm, "sh");
	assert_int_equal(process_table_find(table, PARENT, T)->n_execs, 0);
	process_table_free(table);
}

/* A daemon: its maker's maker is known when all between have ended. */
static void test_double_fork(void **state)
{
	struct process_table *table = followed_shell();
	const struct process *process;

	(void)state;
	hear_made(table, PARENT, PID, 0, "sh", T);
	hear_made(table, PID, PID + 1, 0, "sh", T + 1);
	assert_int_equal(hear_exit(table, PID, PID, 0, T + 2), PROCESS_TABLE_ENDED);
	hear_renamed(table, PID + 1, "server", T + 3);
	hear_exec(table, PID + 1, PID + 1, "/server", T + 3);
	put_reading(
		table, PID + 1, &(struct reading){T, "server", "/server", "server -d", .ppid = 1});
	process = process_table_find(table, PID + 1, T + 4);
	assert_int_equal(process->ppid, PID);
	assert_string_equal(process->cmdline, "server -d");
	assert_int_equal(process->maker->pid, PID);
	assert_int_equal(process->maker->end_usec, T + 2);
	assert_int_equal(process->maker->maker->pid, PARENT);
	process_table_free(table);
}

/* Both may be told: the seed reads what was born a moment ago. */
static void test_birth_of_what_was_read(void **state)
{
	struct process_table *table = followed_shell();
	const struct process *process;

	(void)state;
	put_reading(table, PID, &(struct reading){T, "run", "/run", "run 1", "/y", .ppid = 1});
	process = process_table_find(table, PID, T);
	assert_false(process_table_thread_told(table, PID));
	hear_made(table, PARENT, PID, 0, "sh", T + 8);
	assert_reading(
		process, &(struct reading){T + 8, "run", "/run", "run 1", "/y", .ppid = PARENT});
	assert_int_equal(process->maker->pid, PARENT);
	assert_true(process_table_thread_told(table, PID));
	hear_made(table, PARENT + 7, PID, 0, "sh", T + 8); /* once more */
	assert_int_equal(process->maker->pid, PARENT);
	assert_int_equal(process_table_count(table), 2);
	process_table_free(table);
}

/* Out of order as it never comes: who made whom must not go round in a ring. */
static void test_no_ring_of_makers(void **state)
{
	struct process_table *table = process_table_new(NULL);

	(void)state;
	put_pid(table, PARENT, T);
	hear_born(table, PARENT, PID, PID, T);
	hear_born(table, PID, PARENT, PARENT, T);
	assert_int_equal(process_table_find(table, PID, T)->maker->pid, PARENT);
	assert_null(process_table_find(table, PARENT, T)->maker);
	process_table_free(table);
}

enum step_type {
	STEP_NONE,
	STEP_THREAD, /* is born */
	STEP_SEED, /* is found in /proc */
	STEP_EXIT, /* of a thread */
	STEP_END, /* of the last one */
	STEP_EXEC, /* by a thread */
};

/* PID, born at T, and its threads; one step in each microsecond. */
static const struct life_row {
	const char *name;
	struct {
		enum step_type type;
		pid_t tid;
		int status;
	} steps[8];
	int end; /* 0: it lives */
	int status;
	unsigned n_threads;
} life_rows[] = {
	{"no threads", {{STEP_END, PID, 256}}, 1, 256, 0},
	{"threads live", {{STEP_THREAD, 1}, {STEP_THREAD, 2}}, 0, 0, 2},
	{"threads come and go", {{STEP_THREAD, 1}, {STEP_EXIT, 1}, {STEP_SEED, 2}, {STEP_EXIT, 2}},
		0, 0, 0},
	{"told and found is one thread", {{STEP_SEED, 1}, {STEP_THREAD, 1}, {STEP_SEED, 1}}, 0, 0,
		1},
	{"the first thread is no further one", {{STEP_SEED, PID}}, 0, 0, 0},
	{"a tid that comes again", {{STEP_THREAD, 1}, {STEP_EXIT, 1}, {STEP_THREAD, 1}}, 0, 0, 1},
	{"the first one exits last", {{STEP_THREAD, 1}, {STEP_EXIT, 1, 9}, {STEP_END, PID, 256}}, 3,
		256, 0},
	{"killed, the first one exits first",
		{{STEP_THREAD, 1}, {STEP_THREAD, 2}, {STEP_EXIT, PID, 9}, {STEP_EXIT, 1, 9},
			{STEP_END, 2, 9}},
		5, 9, 0},
	{"the first one has left: it lives", {{STEP_THREAD, 1}, {STEP_EXIT, PID}}, 0, 0, 1},
	{"the first one has left, a thread goes on and is killed",
		{{STEP_THREAD, 1}, {STEP_EXIT, PID, 0}, {STEP_END, 1, 15}}, 3, 15, 0},
	{"the first one has left with a status, all are killed",
		{{STEP_THREAD, 1}, {STEP_EXIT, PID, 256}, {STEP_END, 1, 9}}, 3, 9, 0},
	{"the first one has left with a status, the last thread just ends",
		{{STEP_THREAD, 1}, {STEP_EXIT, PID, 256}, {STEP_END, 1, 512}}, 3, 256, 0},
	{"the first one has left, a thread ends all",
		{{STEP_THREAD, 1}, {STEP_EXIT, PID, 0}, {STEP_END, 1, 512}}, 3, 512, 0},
	{"exits of threads that nobody knows", {{STEP_EXIT, 1}, {STEP_EXIT, 2}}, 0, 0, 0},
	{"exec by the first thread clears the others",
		{{STEP_THREAD, 1}, {STEP_EXEC, PID}, {STEP_EXIT, 1}}, 0, 0, 0},
	{"exec by a thread: the first one exits, and its pid lives",
		{{STEP_THREAD, 1}, {STEP_THREAD, 2}, {STEP_EXIT, PID}, {STEP_EXEC, 1},
			{STEP_EXIT, 2}},
		0, 0, 0},
	{"exec by a thread, and then the end",
		{{STEP_THREAD, 1}, {STEP_EXIT, PID, 9}, {STEP_EXEC, 1}, {STEP_EXIT, 1},
			{STEP_END, PID, 0}},
		5, 0, 0},
	{"exec by a thread, the first one exits under its tid",
		{{STEP_THREAD, 1}, {STEP_EXEC, 1}, {STEP_EXIT, 1}}, 0, 0, 0},
	{"exec by a thread that nobody knew", {{STEP_END, PID}, {STEP_EXEC, 1}}, 0, 0, 0},
	{"once it is over, nothing comes",
		{{STEP_END, PID, 9}, {STEP_EXIT, PID, 0}, {STEP_EXIT, 1}}, 1, 9, 0},
	{"no exec of what has ended, by itself", {{STEP_END, PID, 9}, {STEP_EXEC, PID}}, 1, 9, 0},
};

static void step(
	struct process_table *table, enum step_type type, pid_t tid, int status, uint64_t usec)
{
	switch (type) {
	case STEP_THREAD:
		hear_made(table, PID, tid, CLONE_THREAD, "thread", usec);
		assert_true(process_table_thread_told(table, tid));
		break;
	case STEP_SEED:
		assert_int_equal(process_table_put_thread(table, PID, tid), 0);
		break;
	case STEP_EXIT:
		assert_int_equal(hear_exit(table, PID, tid, status, usec), 0);
		break;
	case STEP_END:
		assert_int_equal(hear_exit(table, PID, tid, status, usec), PROCESS_TABLE_ENDED);
		break;
	case STEP_EXEC:
		hear_exec(table, PID, tid, "/run", usec);
		break;
	case STEP_NONE:
		break;
	}
	if (type == STEP_THREAD || type == STEP_SEED)
		assert_int_equal(process_table_thread(table, tid)->pid, PID);
}

static void test_life(void **state)
{
	const struct life_row *row = *state;
	struct process_table *table = followed_shell();
	const struct process *process;

	hear_made(table, PARENT, PID, 0, "sh", T);
	for (unsigned i = 0; i < ELEMENTS(row->steps); i++)
		step(table, row->steps[i].type, row->steps[i].tid, row->steps[i].status, T + 1 + i);
	process = process_table_find(table, PID, EVER);
	assert_int_equal(process->end_usec, row->end ? T + row->end : 0);
	assert_int_equal(process->exit_status, row->end ? row->status : process->exit_status);
	assert_int_equal(process->n_threads, row->n_threads);
	assert_string_equal(process->comm, "sh");
	assert_visits(table, (const pid_t[]){PARENT, PID}, row->end ? 1 : 2);
	process_table_free(table);
}

/* The tid of a thread whose exit was missed is given to a process, and the other way round. */
static void test_tids_come_again(void **state)
{
	struct process_table *table = followed_shell();

	(void)state;
	hear_made(table, PARENT, PARENT + 1, 0, "kid", T);
	assert_int_equal(process_table_thread(table, PARENT + 1)->pid, PARENT + 1);
	assert_int_equal(process_table_find(table, PARENT, T)->n_threads, 0);
	hear_made(table, PARENT, PARENT + 1, CLONE_THREAD, "thread", T + 5);
	assert_int_equal(process_table_thread(table, PARENT + 1)->pid, PARENT);
	assert_int_equal(process_table_find(table, PARENT + 1, T)->end_usec, T + 5);
	assert_int_equal(
		process_table_find(table, PARENT + 1, T)->exit_status, PROCESS_STATUS_UNKNOWN);
	process_table_free(table);
}

static void test_threads_by_the_connector(void **state)
{
	struct process_table *table = process_table_new(NULL);

	(void)state;
	hear_born(table, 1, PID, PID + 1, T); /* nobody knows of what */
	assert_null(process_table_thread(table, PID + 1));
	put_pid(table, PID, 5);
	hear_born(table, 1, PID, PID + 1, T);
	assert_int_equal(process_table_thread(table, PID + 1)->pid, PID);
	assert_true(process_table_thread_told(table, PID + 1));
	assert_false(process_table_thread_told(table, PID));
	assert_false(process_table_thread_told(table, PID + 2));
	assert_int_equal(hear_exit(table, PID, PID, 9, T + 1), 0);
	assert_int_equal(hear_exit(table, PID, PID + 1, 9, T + 2), PROCESS_TABLE_ENDED);
	assert_int_equal(process_table_find(table, PID, T)->end_usec, T + 2);
	assert_int_equal(process_table_put_thread(table, PID, PID + 1), 0);
	assert_null(process_table_thread(table, PID + 1));
	process_table_free(table);
}

static void test_names_of_threads(void **state)
{
	struct process_table *table = followed_shell();

	(void)state;
	hear_renamed(table, PARENT + 1, "worker", T);
	hear_renamed(table, PARENT + 5, "unknown", T);
	assert_string_equal(process_table_find(table, PARENT, T)->comm, "sh");
	hear_renamed(table, PARENT, "bash", T);
	assert_string_equal(process_table_find(table, PARENT, T)->comm, "bash");
	process_table_free(table);
}

static void test_traced_exec(void **state)
{
	struct process_table *table = followed_shell();
	const struct process *process;

	(void)state;
	hear_made(table, PARENT, PID, 0, "sh", T);
	hear_renamed(table, PID, "run", T);
	hear_exec(table, PID, PID, "./run", T);
	process = process_table_find(table, PID, T);
	assert_string_equal(process->comm, "run");
	assert_string_equal(process->exe, "./run");
	assert_true(process->exe_passed);
	assert_null(process->cmdline);
	assert_string_equal(process->cgroup, "/x");
	assert_int_equal(process->n_execs, 1);
	assert_false(process->read);
	assert_true(process->followed);
	put_reading(table, PID, &(struct reading){T, "run", "/bin/sh", "sh ./run"});
	assert_string_equal(process->exe, "/bin/sh");
	assert_string_equal(process->cmdline, "sh ./run");
	assert_false(process->exe_passed);
	assert_true(process->read);
	hear_exec(table, 4444, 4444, "./run", T);
	assert_int_equal(process_table_count(table), 2);
	process_table_free(table);
}

/* A move of PID, born of a shell with that text. */
static const struct move_row {
	const char *name;
	const char *text;
	uint64_t flags;
	pid_t tid;
	int hierarchy;
	const char *path;
	const char *expected_text, *expected;
	enum cgroup_source source;
} move_rows[] = {
	{"version 2", "0::/a\n", 0, PID, 0, "/b", "0::/b\n", "/b", CGROUP_TOLD},
	{"both versions: version 1 says more", V1, 0, PID, 1, "/b",
		"4:memory:/a\n1:name=systemd:/b\n0::/\n", "/b", CGROUP_TOLD},
	{"both versions: version 2", V1, 0, PID, 0, "/b", "4:memory:/a\n1:name=systemd:/a\n0::/b\n",
		"/b", CGROUP_TOLD},
	{"both versions: a hierarchy that says less", V1, 0, PID, 4, "/b",
		"4:memory:/b\n1:name=systemd:/a\n0::/\n", "/a", CGROUP_TOLD},
	{"a hierarchy that was not there", V1, 0, PID, 7, "/b", V1, "/a", CGROUP_TOLD},
	{"a thread alone", V1, 0, PID + 1, 1, "/b", V1, "/a", CGROUP_TOLD},
	{"of another process", V1, 0, PID + 5, 1, "/b", V1, "/a", CGROUP_TOLD},
	{"unknown, and there is only version 2", "0::/a\n", CLONE_INTO_CGROUP, PID, 0, "/b",
		"0::/b\n", "/b", CGROUP_TOLD},
	{"unknown, and there is version 1", V1, CLONE_INTO_CGROUP, PID, 0, "/b", NULL, NULL,
		CGROUP_UNKNOWN},
	{"unknown, and version 1 is seen first here", "0::/a\n", CLONE_INTO_CGROUP, PID, 1, "/b",
		NULL, NULL, CGROUP_UNKNOWN},
	{"unknown, and nothing was ever read", NULL, 0, PID, 0, "/b", NULL, NULL, CGROUP_UNKNOWN},
};

static void test_move(void **state)
{
	const struct move_row *row = *state;
	struct process_table *table = process_table_new(NULL);
	const struct process *process;

	process_table_follow(table, true);
	put_reading(table, PARENT, &(struct reading){5, "sh", .cgroup_text = row->text});
	hear_made(table, PARENT, PID, row->flags, "sh", T);
	hear_made(table, PID, PID + 1, CLONE_THREAD, "thread", T);
	hear_moved(table, row->tid, row->hierarchy, row->path, T + 1);
	process = process_table_find(table, PID, T);
	assert_text(process->cgroup_text, row->expected_text);
	assert_text(process->cgroup, row->expected);
	assert_int_equal(process->cgroup_source, row->source);
	assert_text(process_table_find(table, PARENT, T)->cgroup_text, row->text);
	process_table_free(table);
}

static void test_move_of_what_was_read(void **state)
{
	struct process_table *table = followed_shell();
	const struct process *process = process_table_find(table, PARENT, T);

	(void)state;
	assert_int_equal(process->cgroup_source, CGROUP_READ);
	hear_moved(table, PARENT, 0, "/y", T);
	assert_int_equal(process->cgroup_source, CGROUP_TOLD);
	assert_string_equal(process->cgroup, "/y");
	put_reading(table, PARENT,
		&(struct reading){5, "sh", .cgroup = "/z", .cgroup_text = "0::/z\n"});
	assert_int_equal(process->cgroup_source, CGROUP_READ);
	assert_string_equal(process->cgroup, "/z");
	process_table_free(table);
}

static void test_acks_are_nothing(void **state)
{
	struct process_table *table = process_table_new(NULL);

	(void)state;
	assert_int_equal(hear(table, (struct process_event){.type = PROCESS_EVENT_ACK}, T), 0);
	assert_int_equal(process_table_count(table), 0);
	process_table_free(table);
}

int main(void)
{
	static const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_child_in_a_namespace),
		cmocka_unit_test(test_child_shares_nothing),
		cmocka_unit_test(test_nobody_is_born_of_itself),
		cmocka_unit_test(test_a_birth_ends_who_was_there),
		cmocka_unit_test(test_end_of_the_unknown_and_the_ended),
		cmocka_unit_test(test_forget_names_of_the_unknown_and_the_ended),
		cmocka_unit_test(test_names_after_they_were_forgotten),
		cmocka_unit_test(test_the_connector_beside_the_trace),
		cmocka_unit_test(test_double_fork),
		cmocka_unit_test(test_birth_of_what_was_read),
		cmocka_unit_test(test_no_ring_of_makers),
		cmocka_unit_test(test_tids_come_again),
		cmocka_unit_test(test_threads_by_the_connector),
		cmocka_unit_test(test_names_of_threads),
		cmocka_unit_test(test_traced_exec),
		cmocka_unit_test(test_move_of_what_was_read),
		cmocka_unit_test(test_acks_are_nothing),
	};

	return ROWS_RUN(test_inherit, inherit_rows) + ROWS_RUN(test_end, told_rows) +
	       ROWS_RUN(test_forget_names, told_rows) + ROWS_RUN(test_made, made_rows) +
	       ROWS_RUN(test_life, life_rows) + ROWS_RUN(test_move, move_rows) +
	       cmocka_run_group_tests(tests, NULL, NULL);
}
