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
	bool exe_deleted, cmdline_cut, zombie;
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
	assert_ptr_equal(process, process_table_find(visits->table, process->pid));
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
		cmocka_unit_test(test_free_gives_null),
	};

	return ROWS_RUN(test_put, put_rows) + cmocka_run_group_tests(tests, NULL, NULL);
}
