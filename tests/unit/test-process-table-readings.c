/* SPDX-License-Identifier: GPL-2.0-or-later */
/* SPDX-FileCopyrightText: The killauditd authors */

#include "process-table-scene.h"

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
		{5, "a", .ppid = 8, .tty = 34816}, {5, "a", .ppid = 1, .tty = 1},
		{5, "a", .ppid = 8, .tty = 1}},
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
	{"a zombie takes nothing away", {5, "a", "/a", "a 1", "/x", .tty = 34816},
		{5, "b", .cgroup = "/", .zombie = true},
		{5, "a", "/a", "a 1", "/x", .tty = 34816, .zombie = true}},
	{"a zombie adds", {5, ""}, {5, "a", .cgroup = "/", .zombie = true},
		{5, "a", .cgroup = "/", .zombie = true}},
	{"the text of the control groups says which", {5, "a", .cgroup = "/x"},
		{5, "a", .cgroup = "/y", .cgroup_text = "0::/y\n"},
		{5, "a", .cgroup = "/y", .cgroup_text = "0::/y\n"}},
	{"a text without a control group", {5, "a"}, {5, "a", .cgroup_text = "?"},
		{5, "a", .cgroup_text = "?"}},
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
	struct process_table *table = process_table_new(NULL);
	struct process first = reading_process(&row->first);
	struct process second = reading_process(&row->second);

	assert_int_equal(process_table_put(table, &first), 0);
	assert_reading(process_table_find(table, PID, EVER), &row->first);
	assert_int_equal(process_table_put(table, &second), 0);
	assert_reading(process_table_find(table, PID, EVER), &row->kept);
	assert_int_equal(process_table_count(table), 1 + row->others);
	process_table_free(table);
}

static void test_put_takes_a_copy(void **state)
{
	struct process_table *table = process_table_new(NULL);
	char exe[] = "/usr/bin/server";
	struct process process = {.pid = PID, .exe = exe};

	(void)state;
	assert_int_equal(process_table_put(table, &process), 0);
	exe[0] = '?';
	assert_string_equal(process_table_find(table, PID, EVER)->exe, "/usr/bin/server");
	process_table_free(table);
}

static void test_put_of_what_was_found(void **state)
{
	struct process_table *table = process_table_new(NULL);
	struct reading reading = {5, "a", "/a", "a 1", "/x", .uid = 1};
	struct process process = reading_process(&reading);

	(void)state;
	assert_int_equal(process_table_put(table, &process), 0);
	assert_int_equal(process_table_put(table, process_table_find(table, PID, EVER)), 0);
	assert_reading(process_table_find(table, PID, EVER), &reading);
	process_table_free(table);
}

#define FOLLOWED                                                                                   \
	{                                                                                          \
		T, "sh", "/sh", "sh -c", "/x", .ppid = PARENT, .inherited = true                   \
	}
#define EXECUTED                                                                                   \
	{                                                                                          \
		T, "run", "./run", NULL, "/x", .ppid = PARENT, .inherited = true,                  \
					       .exe_passed = true                                  \
	}

/* PID is born of a followed shell, perhaps executes ./run, and is read. */
static const struct followed_row {
	const char *name;
	bool executes, ends;
	struct reading read, kept;
} followed_rows[] = {
	{"names that were told stay", false, false, {T, "sh", "/other", "other", "/y"},
		{T, "sh", "/sh", "sh -c", "/y", .ppid = PARENT}},
	{"it is another program already", false, false, {T, "run", "/run", "run 1", "/y"},
		{T, "sh", "/sh", "sh -c", "/y", .ppid = PARENT, .inherited = true}},
	{"what is only passed is filled in", true, false, {T, "run", "/bin/run", "run 1", "/y"},
		{T, "run", "/bin/run", "run 1", "/y", .ppid = PARENT}},
	{"deleted since", true, false, {T, "run", "/bin/run", "run 1", .exe_deleted = true},
		{T, "run", "/bin/run", "run 1", "/x", .ppid = PARENT, .exe_deleted = true}},
	{"a reading of before the exec", true, false, {T, "sh", "/sh", "sh -c", "/x"}, EXECUTED},
	{"its start is told, and not to 10 ms", true, false, {T - 5, "sh"}, EXECUTED},
	{"a zombie", true, false, {T, "run", NULL, NULL, "/", .zombie = true},
		{T, "run", "./run", NULL, "/x", .ppid = PARENT, .inherited = true,
			.exe_passed = true, .zombie = true}},
	{"it has ended since: where it was is told", true, true,
		{T, "run", "/bin/run", "run 1", "/y"},
		{T, "run", "/bin/run", "run 1", "/x", .ppid = PARENT}},
};

static void test_followed(void **state)
{
	const struct followed_row *row = *state;
	struct process_table *table = process_table_new(NULL);

	process_table_follow(table, true);
	put_reading(table, PARENT, &(struct reading){5, "sh", "/sh", "sh -c", "/x"});
	hear_made(table, PARENT, PID, 0, "sh", T);
	assert_reading(process_table_find(table, PID, T), &(struct reading)FOLLOWED);
	if (row->executes) {
		hear_renamed(table, PID, "run", T + 1);
		hear_exec(table, PID, PID, "./run", T + 2);
		assert_reading(process_table_find(table, PID, T), &(struct reading)EXECUTED);
	}
	if (row->ends)
		hear_exit(table, PID, PID, 0, T + 3);
	put_reading(table, PID, &row->read);
	assert_reading(process_table_find(table, PID, T), &row->kept);
	process_table_free(table);
}

static void test_read_marks(void **state)
{
	struct process_table *table = process_table_new(NULL);
	const struct process *process;

	(void)state;
	put_reading(table, PID, &(struct reading){5, "a", .cgroup = "/x"});
	process = process_table_find(table, PID, T);
	assert_true(process->read);
	assert_false(process->followed);
	assert_int_equal(process->cgroup_source, CGROUP_READ);
	process_table_follow(table, true);
	assert_false(process->followed);
	put_reading(table, PID, &(struct reading){5, "a", .cgroup = "/x"});
	assert_true(process->followed);
	hear_exec(table, PID, PID, "/b", T);
	assert_false(process->read);
	assert_int_equal(process->n_execs, 1);
	process_table_follow(table, false);
	assert_false(process->followed);
	process_table_free(table);
}

/* Not of this one, and who had the pid before is not known. */
static void test_reading_of_before_a_birth(void **state)
{
	struct process_table *table = process_table_new(NULL);

	(void)state;
	put_pid(table, PARENT, 5);
	hear_born(table, PARENT, PID, PID, T);
	put_reading(table, PID, &(struct reading){T - SLACK - 1, "old"});
	assert_string_equal(process_table_find(table, PID, T)->comm, "x");
	assert_int_equal(process_table_count(table), 2);
	process_table_free(table);
}

static void test_doubt(void **state)
{
	struct process_table *table = process_table_new(NULL);
	struct reading reading = {5, "a", "/a", "a 1", "/x", .uid = 1};
	struct process process = reading_process(&reading);

	(void)state;
	put_pid(table, 1, 5);
	put_pid(table, 2, 5);
	hear_exit(table, 2, 2, 0, T);
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

/* What is told later counts again. */
static void test_doubt_of_what_was_told(void **state)
{
	struct process_table *table = process_table_new(NULL);
	const struct process *process;

	(void)state;
	process_table_follow(table, true);
	put_reading(table, PARENT, &(struct reading){5, "sh", .cgroup = "/x"});
	hear_made(table, PARENT, PID, 0, "sh", T);
	process_table_put_thread(table, PID, PID + 1);
	process = process_table_find(table, PID, T);
	assert_int_equal(process->cgroup_source, CGROUP_TOLD);
	process_table_doubt(table);
	assert_false(process->followed);
	assert_int_equal(process->cgroup_source, CGROUP_READ);
	assert_int_equal(process->n_threads, 0);
	assert_null(process_table_thread(table, PID + 1));
	put_reading(table, PID, &(struct reading){T - 7, "b", "/b", .cgroup = "/y"});
	process_table_drop_nameless(table);
	assert_ptr_equal(process_table_find(table, PID, T), process);
	assert_true(process->followed);
	assert_int_equal(process->start_usec, T);
	assert_string_equal(process->exe, "/b");
	assert_null(process_table_find(table, PARENT, T));
	assert_int_equal(process->maker->pid, PARENT);
	assert_int_equal(process->maker->exit_status, PROCESS_STATUS_UNKNOWN);
	assert_int_equal(process->maker->end_usec, T);
	process_table_free(table);
}

int main(void)
{
	static const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_put_takes_a_copy),
		cmocka_unit_test(test_put_of_what_was_found),
		cmocka_unit_test(test_read_marks),
		cmocka_unit_test(test_reading_of_before_a_birth),
		cmocka_unit_test(test_doubt),
		cmocka_unit_test(test_doubt_of_what_was_told),
	};

	return ROWS_RUN(test_put, put_rows) + ROWS_RUN(test_followed, followed_rows) +
	       cmocka_run_group_tests(tests, NULL, NULL);
}
