/* SPDX-License-Identifier: GPL-2.0-or-later */
/* SPDX-FileCopyrightText: The killauditd authors */

#include "process-table-scene.h"

/* Small enough to be full soon. */
static const struct process_table_limits small = {
	.living_max = 100, .threads_max = 10, .ended_max = 50, .ended_age_usec = 60000000};

static void test_find_by_pid(void **state)
{
	struct process_table *table = process_table_new(NULL);

	(void)state;
	assert_int_equal(process_table_count(table), 0);
	assert_null(process_table_find(table, 1, EVER));
	put_pid(table, 1, 10);
	put_pid(table, 2, 20);
	assert_int_equal(process_table_count(table), 2);
	assert_int_equal(process_table_find(table, 1, EVER)->start_usec, 10);
	assert_int_equal(process_table_find(table, 2, EVER)->start_usec, 20);
	assert_null(process_table_find(table, 3, EVER));
	process_table_free(table);
}

static void test_bound(void **state)
{
	struct process_table *table = process_table_new(&small);

	(void)state;
	for (pid_t pid = 1; pid <= (pid_t)small.living_max; pid++)
		put_pid(table, pid, 5);
	assert_int_equal(process_table_count(table), (pid_t)small.living_max);
	put_pid(table, 2, 5); /* known: nobody has to go, and it is not new */
	assert_int_equal(process_table_count(table), (pid_t)small.living_max);
	assert_non_null(process_table_find(table, 1, EVER));

	put_pid(table, (pid_t)small.living_max + 1, 5);
	assert_int_equal(process_table_count(table), (pid_t)small.living_max);
	assert_null(process_table_find(table, 1, EVER));
	assert_non_null(process_table_find(table, 2, EVER));
	put_pid(table, (pid_t)small.living_max + 2, 5);
	assert_null(process_table_find(table, 2, EVER));
	assert_non_null(process_table_find(table, 3, EVER));
	assert_non_null(process_table_find(table, (pid_t)small.living_max + 2, EVER));
	process_table_free(table);
}

static void test_a_recycled_pid_is_a_new_process(void **state)
{
	struct process_table *table = process_table_new(&small);

	(void)state;
	for (pid_t pid = 1; pid <= (pid_t)small.living_max; pid++)
		put_pid(table, pid, 5);
	put_pid(table, 1, T);
	put_pid(table, (pid_t)small.living_max + 1, 5);
	assert_non_null(process_table_find(table, 1, EVER));
	assert_null(process_table_find(table, 2, EVER));
	process_table_free(table);
}

static void test_each_is_visited_once(void **state)
{
	struct process_table *table = process_table_new(NULL);

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
	struct process_table *table = process_table_new(NULL);
	const struct process *process;

	put_pid(table, PID, T);
	if (row->ended)
		hear_exit(table, PID, PID, 0, row->ended);
	if (!row->no_second)
		put_pid(table, PID, (uint64_t)2 * T);
	process = process_table_find(table, PID, row->asked);
	assert_int_equal(process != NULL, row->start != 0);
	if (process)
		assert_int_equal(process->start_usec, row->start);
	assert_null(process_table_find(table, PID + 1, row->asked));
	process_table_free(table);
}

static void test_bound_of_ended_ones(void **state)
{
	struct process_table *table = process_table_new(&small);
	const pid_t max = (pid_t)small.ended_max;

	(void)state;
	for (pid_t pid = 1; pid <= max + 2; pid++)
		put_pid(table, pid, T);
	/* Not in the order in which they began. */
	for (pid_t pid = max; pid >= 1; pid--)
		hear_exit(table, pid, pid, 0, T);
	assert_int_equal(process_table_count(table), max + 2);
	hear_exit(table, max + 1, max + 1, 0, T);
	assert_int_equal(process_table_count(table), max + 1);
	assert_null(process_table_find(table, max, EVER));
	assert_non_null(process_table_find(table, max - 1, EVER));
	assert_non_null(process_table_find(table, 1, EVER));
	/* Its pid ends once more: it makes room for itself, and it ended last now. */
	put_pid(table, max - 1, (uint64_t)2 * T);
	hear_exit(table, max - 1, max - 1, 0, (uint64_t)2 * T);
	hear_exit(table, max + 2, max + 2, 0, T);
	assert_int_equal(process_table_count(table), max);
	assert_null(process_table_find(table, max - 2, EVER));
	assert_non_null(process_table_find(table, max - 1, EVER));
	assert_visits(table, NULL, 0);
	process_table_free(table);
}

/* Twice as many as there is room for come and go, by birth or seen by accident. */
static void test_short_lives_do_not_push_out_the_living(void **state)
{
	struct process_table *table = process_table_new(&small);

	(void)state;
	put_pid(table, 1, 0);
	put_pid(table, 2, 0);
	for (int i = 0; i < 2 * (pid_t)small.living_max; i++) {
		pid_t pid = 10 + i;
		uint64_t born = T + (uint64_t)i;

		if (i % 2)
			put_pid(table, pid, born);
		else
			hear_born(table, 2, pid, pid, born);
		hear_exit(table, pid, pid, 0, born);
	}
	assert_visits(table, (const pid_t[]){1, 2}, 2);
	assert_int_equal(process_table_count(table), 2 + (pid_t)small.ended_max);
	process_table_free(table);
}

static void test_bound_of_births(void **state)
{
	struct process_table *table = process_table_new(&small);

	(void)state;
	put_pid(table, 1, 0);
	for (pid_t pid = 2; pid <= (pid_t)small.living_max + 1; pid++)
		hear_born(table, pid - 1, pid, pid, T);
	assert_int_equal(process_table_count(table), (pid_t)small.living_max);
	assert_null(process_table_find(table, 1, EVER));
	assert_int_equal(process_table_find(table, (pid_t)small.living_max + 1, EVER)->ppid,
		(pid_t)small.living_max);
	process_table_free(table);
}

/* Whoever had one pid is found by the time. */
static void test_pid_reuse(void **state)
{
	struct process_table *table = process_table_new(NULL);

	(void)state;
	put_pid(table, 1, 0);
	for (uint64_t i = 1; i <= 3; i++) {
		hear_born(table, 1, PID, PID, i * 10);
		assert_int_equal(hear_exit(table, PID, PID, 0, i * 10 + 5), PROCESS_TABLE_ENDED);
	}
	assert_int_equal(process_table_count(table), 4);
	for (uint64_t i = 1; i <= 3; i++)
		for (uint64_t usec = i * 10; usec < i * 10 + 5; usec++)
			assert_int_equal(process_table_find(table, PID, usec)->start_usec, i * 10);
	assert_int_equal(process_table_find(table, PID, EVER)->start_usec, 30);
	assert_int_equal(process_table_thread(table, PID)->start_usec, 30);
	process_table_free(table);
}

/* Between two of whom all is told, it is the second one: stamps of audit records are early. */
static void test_stamp_before_a_birth(void **state)
{
	struct process_table *table = process_table_new(NULL);

	(void)state;
	put_pid(table, 1, 0);
	hear_born(table, 1, PID, PID, T);
	hear_exit(table, PID, PID, 0, T + 10);
	hear_born(table, 1, PID, PID, T + 30);
	assert_int_equal(process_table_find(table, PID, T - SLACK)->start_usec, T);
	assert_null(process_table_find(table, PID, T - SLACK - 1));
	assert_int_equal(process_table_find(table, PID, T + 10)->start_usec, T);
	assert_int_equal(process_table_find(table, PID, T + 11)->start_usec, T + 30);
	process_table_free(table);
}

static void test_ended_ones_grow_old(void **state)
{
	struct process_table *table = process_table_new(&small);

	(void)state;
	put_pid(table, 1, T);
	put_pid(table, 2, T);
	hear_exit(table, 1, 1, 0, 2 * T);
	hear_exit(table, 3, 3, 0, 2 * T + small.ended_age_usec);
	assert_non_null(process_table_find(table, 1, EVER));
	hear_exit(table, 3, 3, 0, 2 * T + small.ended_age_usec + 1);
	assert_null(process_table_find(table, 1, EVER));
	assert_non_null(process_table_find(table, 2, EVER));
	process_table_free(table);
}

/* Nobody finds it any more, but its child knows it. */
static void test_makers_are_kept(void **state)
{
	static const struct process_table_limits none = {.living_max = 10};
	struct process_table *table = process_table_new(&none);
	const struct process *maker;

	(void)state;
	put_reading(table, PARENT, &(struct reading){5, "sh", "/sh", "sh -c", "/x"});
	hear_born(table, PARENT, PID, PID, T);
	assert_int_equal(hear_exit(table, PARENT, PARENT, 7, T + 5), PROCESS_TABLE_ENDED);
	assert_null(process_table_find(table, PARENT, EVER));
	maker = process_table_find(table, PID, EVER)->maker;
	assert_int_equal(maker->pid, PARENT);
	assert_int_equal(maker->end_usec, T + 5);
	assert_int_equal(maker->exit_status, 7);
	assert_string_equal(maker->cmdline, "sh -c");
	process_table_free(table);
}

static void test_hold(void **state)
{
	static const struct process_table_limits none = {.living_max = 10};
	struct process_table *table = process_table_new(&none);
	const struct process *held;

	(void)state;
	put_reading(table, PARENT, &(struct reading){5, "sh"});
	hear_born(table, PARENT, PID, PID, T);
	held = process_table_hold(process_table_find(table, PID, T));
	assert_ptr_equal(process_table_hold(held), held);
	hear_exit(table, PARENT, PARENT, 0, T + 5);
	hear_exit(table, PID, PID, 9, T + 6);
	assert_int_equal(process_table_count(table), 0);
	process_table_release(table, held);
	assert_int_equal(held->exit_status, 9);
	assert_string_equal(held->maker->comm, "sh");
	process_table_release(table, held);
	process_table_free(table);
}

static unsigned n_makers(const struct process *process)
{
	unsigned n = 0;

	for (; process->maker; process = process->maker)
		n++;
	return n;
}

/* A shell in a shell in a shell, of which the outer ones end, and twice as many behind them. */
static void test_generations(void **state)
{
	static const struct process_table_limits few = {.living_max = 1000, .ended_max = 2};
	struct process_table *table = process_table_new(&few);
	const pid_t max = PROCESS_TABLE_GENERATIONS_MAX;

	(void)state;
	put_reading(table, 1, &(struct reading){0, "init", .cgroup = "/init.scope"});
	for (pid_t pid = 2; pid <= 3 * max; pid++) {
		const struct process *child;

		hear_born(table, pid - 1, pid, pid, (uint64_t)pid * T);
		hear_exit(table, pid - 1, pid - 1, 0, (uint64_t)pid * T);
		child = process_table_find(table, pid, EVER);
		assert_int_equal(child->ppid, pid - 1);
		assert_int_equal(child->start_usec, (uint64_t)pid * T);
		assert_string_equal(child->cgroup, "/init.scope");
		assert_int_equal(n_makers(child), pid - 1 < max ? pid - 1 : max);
	}
	process_table_free(table);
}

static void test_bound_of_threads(void **state)
{
	struct process_table *table = process_table_new(&small);

	(void)state;
	put_pid(table, PID, T);
	for (pid_t tid = 1; tid <= (pid_t)small.threads_max + 1; tid++)
		assert_int_equal(process_table_put_thread(table, PID, tid), 0);
	assert_int_equal(process_table_find(table, PID, EVER)->n_threads, small.threads_max);
	assert_null(process_table_thread(table, (pid_t)small.threads_max + 1));
	hear_exit(table, PID, 1, 0, 2 * T);
	assert_int_equal(process_table_put_thread(table, PID, 77), 0);
	assert_int_equal(process_table_thread(table, 77)->pid, PID);
	process_table_free(table);
}

static void test_free_gives_null(void **state)
{
	(void)state;
	assert_null(process_table_free(NULL));
	assert_null(process_table_free(process_table_new(NULL)));
}

int main(void)
{
	static const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_find_by_pid),
		cmocka_unit_test(test_bound),
		cmocka_unit_test(test_a_recycled_pid_is_a_new_process),
		cmocka_unit_test(test_each_is_visited_once),
		cmocka_unit_test(test_bound_of_ended_ones),
		cmocka_unit_test(test_short_lives_do_not_push_out_the_living),
		cmocka_unit_test(test_bound_of_births),
		cmocka_unit_test(test_bound_of_threads),
		cmocka_unit_test(test_pid_reuse),
		cmocka_unit_test(test_stamp_before_a_birth),
		cmocka_unit_test(test_ended_ones_grow_old),
		cmocka_unit_test(test_makers_are_kept),
		cmocka_unit_test(test_hold),
		cmocka_unit_test(test_generations),
		cmocka_unit_test(test_free_gives_null),
	};

	return ROWS_RUN(test_when, when_rows) + cmocka_run_group_tests(tests, NULL, NULL);
}
