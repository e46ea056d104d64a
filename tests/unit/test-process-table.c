/* SPDX-License-Identifier: GPL-2.0-or-later */
/* SPDX-FileCopyrightText: The killauditd authors */

#include <string.h>

#include "rows.h"

#include "core/process-table.h"
#include "core/process.h"

#define PID 7942

/* A process without the bounds of struct process, so that rows are short. */
struct reading {
	uint64_t start;
	const char *comm, *exe, *cmdline, *cgroup;
	bool exe_deleted, cmdline_cut, zombie, inherited;
	pid_t ppid;
	uint32_t tty;
	int uid, loginuid; /* 0: not known */
	int namespace_pid;
};

static struct process reading_process(const struct reading *reading)
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
	};

	strncpy(process.comm, reading->comm, sizeof(process.comm) - 1);
	return process;
}

static void assert_reading(const struct process *process, const struct reading *reading)
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
	assert_text(process->cgroup, expected.cgroup);
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

#define OTHER (5 + PROCESS_START_SLACK_USEC + 1) /* another process than that of 5 */

static const struct put_row {
	const char *name;
	struct reading first, second, kept;
	size_t others; /* that have ended */
} put_rows[] = {
	{"a full reading replaces a full one", {5, "a", "/a", "a 1", "/x", .uid = 1, .loginuid = 2},
		{5, "a", "/a", "a 2", "/y", .uid = 3, .loginuid = 4},
		{5, "a", "/a", "a 2", "/y", .uid = 3, .loginuid = 4}},
	{"what changes all the time is the later one's, but the parent is the first one's",
		{5, "a", .ppid = 8, .tty = 34816}, {5, "a", .ppid = 1, .zombie = true},
		{5, "a", .ppid = 8, .zombie = true}},
	{"a brief reading keeps the rest",
		{5, "a", "/a", "a 1", "/x", .uid = 1, .loginuid = 2, .namespace_pid = 3},
		{5, "a", "/a"},
		{5, "a", "/a", "a 1", "/x", .uid = 1, .loginuid = 2, .namespace_pid = 3}},
	{"a brief reading that could not see the executable",
		{5, "a", "/a", "a 1", "/x", .exe_deleted = true, .cmdline_cut = true}, {5, "a"},
		{5, "a", "/a", "a 1", "/x", .exe_deleted = true, .cmdline_cut = true}},
	{"ids come with their namespaces, logins by themselves",
		{5, "a", .uid = 1, .loginuid = 2, .namespace_pid = 3}, {5, "a", .uid = 4},
		{5, "a", .uid = 4, .loginuid = 2}},
	{"ids stay when only the login is read",
		{5, "a", .uid = 1, .loginuid = 2, .namespace_pid = 3}, {5, "a", .loginuid = 4},
		{5, "a", .uid = 1, .loginuid = 4, .namespace_pid = 3}},
	{"a program that was deleted, and then started anew from its path",
		{5, "a", "/a", "a 1", .exe_deleted = true}, {5, "a", "/a", "a 1"},
		{5, "a", "/a", "a 1"}},
	{"a command line read anew is no longer cut", {5, "a", "/a", "a 1...", .cmdline_cut = true},
		{5, "a", "/a", "a 1"}, {5, "a", "/a", "a 1"}},
	{"another name: program and command line go, cgroup and ids stay",
		{5, "a", "/a", "a 1", "/x", .exe_deleted = true, .cmdline_cut = true, .uid = 1},
		{5, "b"}, {5, "b", .cgroup = "/x", .uid = 1}},
	{"another program under the same name",
		{5, "a", "/a", "a 1", "/x", .cmdline_cut = true, .uid = 1}, {5, "a", "/b"},
		{5, "a", "/b", .cgroup = "/x", .uid = 1}},
	{"another start: all goes",
		{5, "a", "/a", "a 1", "/x", .uid = 1, .loginuid = 2, .namespace_pid = 3},
		{OTHER, "a", "/a"}, {OTHER, "a", "/a"}, .others = 1},
	{"an earlier start: all goes", {OTHER, "a", "/a", "a 1", "/x", .uid = 1}, {5, "a"},
		{5, "a"}, .others = 1},
	{"a start told by another clock is the same one", {5 + PROCESS_START_SLACK_USEC, "a", "/a"},
		{5, "a"}, {5, "a", "/a"}},
	{"a zombie has its names from before", {5, "a", "/a", "a 1", "/x", .uid = 1, .loginuid = 2},
		{5, "a", .zombie = true},
		{5, "a", "/a", "a 1", "/x", .uid = 1, .loginuid = 2, .zombie = true}},
	{"what was inherited and is read then is no longer inherited",
		{5, "a", "/a", "a 1", "/x", .uid = 1, .inherited = true, .ppid = 8},
		{5, "a", "/a", .ppid = 1}, {5, "a", "/a", "a 1", "/x", .uid = 1, .ppid = 8}},
	{"no name was known: no names stay", {5, "", "/a", "a 1", "/x", .uid = 1}, {5, "a"},
		{5, "a", .cgroup = "/x", .uid = 1}},
	{"a poor reading is made full by a later one", {5, "a"},
		{5, "a", "/a", "a 1", "/x", .uid = 1, .loginuid = 2, .namespace_pid = 3},
		{5, "a", "/a", "a 1", "/x", .uid = 1, .loginuid = 2, .namespace_pid = 3}},
};

static void test_put(void **state)
{
	const struct put_row *row = *state;
	struct process_table *table = process_table_new();
	struct process first = reading_process(&row->first);
	struct process second = reading_process(&row->second);

	assert_int_equal(process_table_put(table, &first), 0);
	assert_reading(process_table_find(table, PID, UINT64_MAX / 2), &row->first);
	assert_int_equal(process_table_put(table, &second), 0);
	assert_reading(process_table_find(table, PID, UINT64_MAX / 2), &row->kept);
	assert_int_equal(process_table_count(table), 1 + row->others);
	process_table_free(table);
}

static void put_pid(struct process_table *table, pid_t pid, uint64_t start_usec)
{
	struct process process = {.pid = pid, .start_usec = start_usec, .comm = "x"};

	assert_int_equal(process_table_put(table, &process), 0);
}

static void test_find_by_pid(void **state)
{
	struct process_table *table = process_table_new();

	(void)state;
	assert_int_equal(process_table_count(table), 0);
	assert_null(process_table_find(table, 1, UINT64_MAX / 2));
	put_pid(table, 1, 10);
	put_pid(table, 2, 20);
	assert_int_equal(process_table_count(table), 2);
	assert_int_equal(process_table_find(table, 1, UINT64_MAX / 2)->start_usec, 10);
	assert_int_equal(process_table_find(table, 2, UINT64_MAX / 2)->start_usec, 20);
	assert_null(process_table_find(table, 3, UINT64_MAX / 2));
	process_table_free(table);
}

static void test_put_takes_a_copy(void **state)
{
	struct process_table *table = process_table_new();
	char exe[] = "/usr/bin/server";
	struct process process = {.pid = PID, .exe = exe};

	(void)state;
	assert_int_equal(process_table_put(table, &process), 0);
	exe[0] = '?';
	assert_string_equal(process_table_find(table, PID, UINT64_MAX / 2)->exe, "/usr/bin/server");
	process_table_free(table);
}

static void test_put_of_what_was_found(void **state)
{
	struct process_table *table = process_table_new();
	struct reading reading = {5, "a", "/a", "a 1", "/x", .uid = 1};
	struct process process = reading_process(&reading);

	(void)state;
	assert_int_equal(process_table_put(table, &process), 0);
	assert_int_equal(
		process_table_put(table, process_table_find(table, PID, UINT64_MAX / 2)), 0);
	assert_reading(process_table_find(table, PID, UINT64_MAX / 2), &reading);
	process_table_free(table);
}

static void test_bound(void **state)
{
	struct process_table *table = process_table_new();

	(void)state;
	for (pid_t pid = 1; pid <= PROCESS_TABLE_MAX; pid++)
		put_pid(table, pid, 5);
	assert_int_equal(process_table_count(table), PROCESS_TABLE_MAX);
	put_pid(table, 2, 5); /* known: nobody has to go, and it is not new */
	assert_int_equal(process_table_count(table), PROCESS_TABLE_MAX);
	assert_non_null(process_table_find(table, 1, UINT64_MAX / 2));

	put_pid(table, PROCESS_TABLE_MAX + 1, 5);
	assert_int_equal(process_table_count(table), PROCESS_TABLE_MAX);
	assert_null(process_table_find(table, 1, UINT64_MAX / 2));
	assert_non_null(process_table_find(table, 2, UINT64_MAX / 2));
	put_pid(table, PROCESS_TABLE_MAX + 2, 5);
	assert_null(process_table_find(table, 2, UINT64_MAX / 2));
	assert_non_null(process_table_find(table, 3, UINT64_MAX / 2));
	assert_non_null(process_table_find(table, PROCESS_TABLE_MAX + 2, UINT64_MAX / 2));
	process_table_free(table);
}

static void test_a_recycled_pid_is_a_new_process(void **state)
{
	struct process_table *table = process_table_new();

	(void)state;
	for (pid_t pid = 1; pid <= PROCESS_TABLE_MAX; pid++)
		put_pid(table, pid, 5);
	put_pid(table, 1, OTHER);
	put_pid(table, PROCESS_TABLE_MAX + 1, 5);
	assert_non_null(process_table_find(table, 1, UINT64_MAX / 2));
	assert_null(process_table_find(table, 2, UINT64_MAX / 2));
	process_table_free(table);
}

struct visits {
	const struct process_table *table;
	pid_t pids[8];
	size_t n;
};

static void visit(const struct process *process, void *userdata)
{
	struct visits *visits = userdata;

	assert_true(visits->n < ELEMENTS(visits->pids));
	assert_ptr_equal(process, process_table_find(visits->table, process->pid, UINT64_MAX / 2));
	visits->pids[visits->n++] = process->pid;
}

static void assert_visits(const struct process_table *table, const pid_t *pids, size_t n)
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

static void test_each_is_visited_once(void **state)
{
	struct process_table *table = process_table_new();

	(void)state;
	assert_visits(table, NULL, 0);
	put_pid(table, 9, 10);
	assert_visits(table, (const pid_t[]){9}, 1);
	put_pid(table, 3, 10);
	put_pid(table, 5, 10);
	assert_visits(table, (const pid_t[]){3, 5, 9}, 3);
	put_pid(table, 3, 10); /* read once more */
	put_pid(table, 9, 11); /* another process now */
	assert_visits(table, (const pid_t[]){3, 5, 9}, 3);
	process_table_free(table);
}

#define SLACK PROCESS_START_SLACK_USEC
#define EVER  (UINT64_MAX / 2) /* later than all */

#define PARENT 70
#define T      1000000 /* a birth */

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

	{"known already", {5, "sh"}, {T, "a", "/a", .ppid = 9}, {T, "a", "/a", .ppid = 9}, 2},
	{"known already, and the parent is not", {}, {T, "a", "/a"}, {T, "a", "/a"}, 1},
	{"known already, by another clock that is late", {5, "sh"}, {T + SLACK, "a"},
		{T + SLACK, "a"}, 2},
	{"known already, by another clock that is early", {5, "sh"}, {T - SLACK, "a"},
		{T - SLACK, "a"}, 2},
	{"older news than of who has the pid now", {5, "sh"}, {T + SLACK + 1, "a"},
		{T + SLACK + 1, "a"}, 2},
	{"the end of who had the pid was not told", {5, "sh"}, {T - SLACK - 1, "a", "/a"},
		{T, "sh", .ppid = PARENT, .inherited = true}, 3},
};

static void put_reading(struct process_table *table, pid_t pid, const struct reading *reading)
{
	struct process process;

	if (!reading->comm)
		return;
	process = reading_process(reading);
	process.pid = pid;
	assert_int_equal(process_table_put(table, &process), 0);
}

static void test_inherit(void **state)
{
	const struct inherit_row *row = *state;
	struct process_table *table = process_table_new();

	put_reading(table, PARENT, &row->parent);
	put_reading(table, PID, &row->child);
	assert_int_equal(process_table_inherit(table, PARENT, PID, T), 0);
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
	struct process_table *table = process_table_new();
	const struct process *child;

	(void)state;
	put_reading(table, PARENT, &(struct reading){5, "init", .uid = 1, .namespace_pid = 1});
	assert_int_equal(process_table_inherit(table, PARENT, PID, T), 0);
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
	struct process_table *table = process_table_new();

	(void)state;
	put_reading(table, PARENT, &shell);
	assert_int_equal(process_table_inherit(table, PARENT, PID, T), 0);
	process_table_forget_names(table, PARENT, T + 1);
	process_table_end(table, PARENT, T + 2);
	assert_reading(process_table_find(table, PID, EVER), &expected);
	process_table_free(table);
}

static void test_nobody_is_born_of_itself(void **state)
{
	struct process_table *table = process_table_new();

	(void)state;
	assert_int_equal(process_table_inherit(table, PID, PID, T), 0);
	assert_int_equal(process_table_count(table), 0);
	put_pid(table, PID, T);
	assert_int_equal(process_table_inherit(table, PID, PID, T), 0);
	assert_int_equal(process_table_count(table), 1);
	assert_int_equal(process_table_find(table, PID, EVER)->start_usec, T);
	assert_int_equal(process_table_inherit(table, PID, PID, T + SLACK + 1), 0);
	assert_int_equal(process_table_count(table), 1);
	assert_visits(table, NULL, 0);
	process_table_free(table);
}

static void test_a_birth_ends_who_was_there(void **state)
{
	struct process_table *table = process_table_new();

	(void)state;
	put_pid(table, PID, 5);
	assert_int_equal(process_table_inherit(table, PARENT, PID, T), 0);
	assert_visits(table, NULL, 0); /* nothing is known of the parent: nor of the child */
	assert_int_equal(process_table_find(table, PID, T)->start_usec, 5);
	process_table_free(table);
}

static void test_generations(void **state)
{
	struct process_table *table = process_table_new();

	(void)state;
	put_reading(table, 1, &(struct reading){0, "init", .cgroup = "/init.scope"});
	for (pid_t pid = 2; pid <= 100; pid++) {
		const struct process *child;

		assert_int_equal(process_table_inherit(table, pid - 1, pid, (uint64_t)pid * T), 0);
		process_table_end(table, pid - 1, (uint64_t)pid * T);
		child = process_table_find(table, pid, EVER);
		assert_int_equal(child->ppid, pid - 1);
		assert_int_equal(child->start_usec, (uint64_t)pid * T);
		assert_string_equal(child->cgroup, "/init.scope");
	}
	assert_int_equal(process_table_count(table), 100);
	process_table_free(table);
}

/* Who had PID when: 0 for nobody. One began at T and ended, one began at 2 T. */
static const struct when_row {
	const char *name;
	uint64_t ended; /* when the end of the first one was told to be; 0: it was not told */
	uint64_t asked, start;
	bool no_second;
} when_rows[] = {
	{"while the first one lives", 0, T + 5, T, .no_second = true},
	{"at its start", 0, T, T, .no_second = true},
	{"its start is told by another clock", 0, T - SLACK, T, .no_second = true},
	{"before it began", 0, T - SLACK - 1, 0, .no_second = true},
	{"long before it began", 0, 0, 0, .no_second = true},
	{"it has ended", T + 5, T + 4, T, .no_second = true},
	{"at its end", T + 5, T + 5, T, .no_second = true},
	{"after its end: nobody else was seen", T + 5, EVER, T, .no_second = true},
	{"ended, and before it began", T + 5, T - SLACK - 1, 0, .no_second = true},
	{"the second one", T + 5, 2 * T, 2 * T},
	{"the second one, by another clock", T + 5, 2 * T - SLACK, 2 * T},
	{"just before the second one", T + 5, 2 * T - SLACK - 1, T},
	{"the first one", T + 5, T, T},
	{"before both", T + 5, T - SLACK - 1, 0},
	{"after both", T + 5, EVER, 2 * T},
	{"the end was never told, and the second one was read", 0, T + 5, T},
	{"the end was never told, after the start of the second one", 0, 2 * T, 2 * T},
};

static void test_when(void **state)
{
	const struct when_row *row = *state;
	struct process_table *table = process_table_new();
	const struct process *process;

	put_pid(table, PID, T);
	if (row->ended)
		process_table_end(table, PID, row->ended);
	if (!row->no_second)
		put_pid(table, PID, (uint64_t)2 * T);
	process = process_table_find(table, PID, row->asked);
	assert_int_equal(process != NULL, row->start != 0);
	if (process)
		assert_int_equal(process->start_usec, row->start);
	assert_null(process_table_find(table, PID + 1, row->asked));
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
	struct process_table *table = process_table_new();

	put_pid(table, PID, T);
	process_table_end(table, PID, row->at);
	assert_visits(table, (const pid_t[]){PID}, !row->of_it);
	assert_int_equal(process_table_count(table), 1);
	assert_int_equal(process_table_find(table, PID, EVER)->start_usec, T);
	process_table_free(table);
}

static void test_end_of_the_unknown_and_the_ended(void **state)
{
	struct process_table *table = process_table_new();

	(void)state;
	process_table_end(table, PID, EVER);
	assert_int_equal(process_table_count(table), 0);
	put_reading(table, PID, &(struct reading){T, "a", "/a", "a 1", "/x", .uid = 1});
	process_table_end(table, PID, T + 5);
	process_table_end(table, PID, T + 6);
	assert_int_equal(process_table_count(table), 1);
	assert_reading(process_table_find(table, PID, EVER),
		&(struct reading){T, "a", "/a", "a 1", "/x", .uid = 1});
	process_table_free(table);
}

/* Of those who had one pid, the last one that ended is kept. */
static void test_one_ended_of_each_pid(void **state)
{
	struct process_table *table = process_table_new();

	(void)state;
	for (uint64_t i = 1; i <= 3; i++) {
		put_pid(table, PID, i * T);
		process_table_end(table, PID, i * T + 5);
	}
	assert_int_equal(process_table_count(table), 1);
	assert_int_equal(process_table_find(table, PID, EVER)->start_usec, 3 * T);
	assert_null(process_table_find(table, PID, 2 * T));
	process_table_free(table);
}

static void test_bound_of_ended_ones(void **state)
{
	struct process_table *table = process_table_new();
	const pid_t max = PROCESS_TABLE_ENDED_MAX;

	(void)state;
	for (pid_t pid = 1; pid <= max + 2; pid++)
		put_pid(table, pid, T);
	/* Not in the order in which they began. */
	for (pid_t pid = max; pid >= 1; pid--)
		process_table_end(table, pid, T);
	assert_int_equal(process_table_count(table), max + 2);
	process_table_end(table, max + 1, T);
	assert_int_equal(process_table_count(table), max + 1);
	assert_null(process_table_find(table, max, EVER));
	assert_non_null(process_table_find(table, max - 1, EVER));
	assert_non_null(process_table_find(table, 1, EVER));
	/* Its pid ends once more: it makes room for itself, and it ended last now. */
	put_pid(table, max - 1, (uint64_t)2 * T);
	process_table_end(table, max - 1, (uint64_t)2 * T);
	process_table_end(table, max + 2, T);
	assert_int_equal(process_table_count(table), max);
	assert_null(process_table_find(table, max - 2, EVER));
	assert_non_null(process_table_find(table, max - 1, EVER));
	assert_visits(table, NULL, 0);
	process_table_free(table);
}

/* Twice as many as there is room for come and go, by birth or seen by accident. */
static void test_short_lives_do_not_push_out_the_living(void **state)
{
	struct process_table *table = process_table_new();

	(void)state;
	put_pid(table, 1, 0);
	put_pid(table, 2, 0);
	for (int i = 0; i < 2 * PROCESS_TABLE_MAX; i++) {
		pid_t pid = 10 + i;
		uint64_t born = T + (uint64_t)i;

		if (i % 2)
			put_pid(table, pid, born);
		else
			assert_int_equal(process_table_inherit(table, 2, pid, born), 0);
		process_table_end(table, pid, born);
	}
	assert_visits(table, (const pid_t[]){1, 2}, 2);
	assert_int_equal(process_table_count(table), 2 + PROCESS_TABLE_ENDED_MAX);
	process_table_free(table);
}

static void test_bound_of_births(void **state)
{
	struct process_table *table = process_table_new();

	(void)state;
	put_pid(table, 1, 0);
	for (pid_t pid = 2; pid <= PROCESS_TABLE_MAX + 1; pid++)
		assert_int_equal(process_table_inherit(table, pid - 1, pid, T), 0);
	assert_int_equal(process_table_count(table), PROCESS_TABLE_MAX);
	assert_null(process_table_find(table, 1, EVER));
	assert_int_equal(
		process_table_find(table, PROCESS_TABLE_MAX + 1, EVER)->ppid, PROCESS_TABLE_MAX);
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
	struct process_table *table = process_table_new();

	put_reading(table, PID, &full);
	process_table_forget_names(table, PID, row->at);
	assert_reading(process_table_find(table, PID, EVER), row->of_it ? &nameless : &full);
	process_table_free(table);
}

static void test_doubt(void **state)
{
	struct process_table *table = process_table_new();
	struct reading reading = {5, "a", "/a", "a 1", "/x", .uid = 1};
	struct process process = reading_process(&reading);

	(void)state;
	put_pid(table, 1, 5);
	put_pid(table, 2, 5);
	process_table_end(table, 2, EVER);
	assert_int_equal(process_table_put(table, &process), 0);
	process_table_doubt(table);
	assert_string_equal(process_table_find(table, PID, EVER)->comm, "");
	assert_null(process_table_find(table, PID, EVER)->exe);
	assert_string_equal(process_table_find(table, PID, EVER)->cgroup, "/x");
	assert_string_equal(
		process_table_find(table, 2, EVER)->comm, "x"); /* it had ended before */
	assert_int_equal(process_table_put(table, &process), 0);
	process_table_drop_nameless(table);
	assert_reading(process_table_find(table, PID, EVER), &reading);
	assert_null(process_table_find(table, 1, EVER));
	assert_non_null(process_table_find(table, 2, EVER));
	process_table_free(table);
}

static void test_forget_names_of_the_unknown_and_the_ended(void **state)
{
	static const struct reading full = FULL;
	struct process_table *table = process_table_new();

	(void)state;
	process_table_forget_names(table, PID, EVER);
	assert_int_equal(process_table_count(table), 0);
	put_reading(table, PID, &full);
	process_table_end(table, PID, T + 5);
	process_table_forget_names(table, PID, EVER);
	assert_reading(process_table_find(table, PID, EVER), &full);
	process_table_free(table);
}

/* Exec, and what it has become is read then, or never. */
static void test_names_after_they_were_forgotten(void **state)
{
	static const struct reading full = FULL;
	static const struct reading expected = {
		T, "b", "/b", "b 2", "/x", .uid = 1, .loginuid = 2, .namespace_pid = 3, .ppid = 8};
	struct process_table *table = process_table_new();

	(void)state;
	put_reading(table, PID, &full);
	process_table_forget_names(table, PID, T + 5);
	process_table_forget_names(table, PID, T + 6);
	put_reading(table, PID, &(struct reading){T, "b", "/b", "b 2", .ppid = 1});
	assert_reading(process_table_find(table, PID, EVER), &expected);

	put_reading(table, PARENT, &(struct reading){T, "c", "/c", .cgroup = "/x", .uid = 1});
	process_table_forget_names(table, PARENT, 2 * T);
	assert_int_equal(process_table_inherit(table, PARENT, PID + 1, 3 * T), 0);
	assert_string_equal(process_table_find(table, PID + 1, EVER)->comm, "");
	assert_null(process_table_find(table, PID + 1, EVER)->exe);
	assert_string_equal(process_table_find(table, PID + 1, EVER)->cgroup, "/x");
	process_table_free(table);
}

static void test_free_gives_null(void **state)
{
	(void)state;
	assert_null(process_table_free(NULL));
	assert_null(process_table_free(process_table_new()));
}

int main(void)
{
	static const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_find_by_pid),
		cmocka_unit_test(test_put_takes_a_copy),
		cmocka_unit_test(test_put_of_what_was_found),
		cmocka_unit_test(test_bound),
		cmocka_unit_test(test_a_recycled_pid_is_a_new_process),
		cmocka_unit_test(test_each_is_visited_once),
		cmocka_unit_test(test_child_in_a_namespace),
		cmocka_unit_test(test_child_shares_nothing),
		cmocka_unit_test(test_nobody_is_born_of_itself),
		cmocka_unit_test(test_a_birth_ends_who_was_there),
		cmocka_unit_test(test_generations),
		cmocka_unit_test(test_end_of_the_unknown_and_the_ended),
		cmocka_unit_test(test_one_ended_of_each_pid),
		cmocka_unit_test(test_bound_of_ended_ones),
		cmocka_unit_test(test_short_lives_do_not_push_out_the_living),
		cmocka_unit_test(test_bound_of_births),
		cmocka_unit_test(test_doubt),
		cmocka_unit_test(test_forget_names_of_the_unknown_and_the_ended),
		cmocka_unit_test(test_names_after_they_were_forgotten),
		cmocka_unit_test(test_free_gives_null),
	};

	return ROWS_RUN(test_put, put_rows) + ROWS_RUN(test_inherit, inherit_rows) +
	       ROWS_RUN(test_when, when_rows) + ROWS_RUN(test_end, told_rows) +
	       ROWS_RUN(test_forget_names, told_rows) + cmocka_run_group_tests(tests, NULL, NULL);
}
