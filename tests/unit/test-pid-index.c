/* SPDX-License-Identifier: GPL-2.0-or-later */
/* SPDX-FileCopyrightText: The killauditd authors */

#include "unit.h"

#include "core/pid-index.h"

static void test_first_and_next(void **state)
{
	struct pid_link links[] = {
		{.pid = 7, .kind = 1}, {.pid = 7, .kind = 2}, {.pid = 7, .kind = 1}, {.pid = 8}};
	struct pid_index index;

	(void)state;
	assert_int_equal(pid_index_init(&index), 0);
	assert_null(pid_index_first(&index, 7, 1));
	for (size_t i = 0; i < ELEMENTS(links); i++)
		pid_index_add(&index, &links[i]);
	assert_ptr_equal(pid_index_first(&index, 7, 1), &links[2]);
	assert_ptr_equal(pid_link_next(&links[2]), &links[0]);
	assert_null(pid_link_next(&links[0]));
	assert_ptr_equal(pid_index_first(&index, 7, 2), &links[1]);
	assert_ptr_equal(pid_index_first(&index, 8, 0), &links[3]);
	assert_null(pid_index_first(&index, 8, 1));
	assert_null(pid_index_first(&index, 9, 0));
	pid_index_remove(&index, &links[2]);
	assert_ptr_equal(pid_index_first(&index, 7, 1), &links[0]);
	assert_int_equal(index.n_links, 3);
	pid_index_done(&index);
}

#define MANY 5000

/* Pids that would all be in one bucket, two links each; their order stays while it grows. */
static void test_many(void **state)
{
	static struct pid_link links[2 * MANY];
	struct pid_index index;

	(void)state;
	assert_int_equal(pid_index_init(&index), 0);
	for (int i = 0; i < 2 * MANY; i++) {
		links[i].pid = i % MANY * 256;
		pid_index_add(&index, &links[i]);
	}
	assert_true(index.n_buckets >= 2 * MANY);
	for (int i = 0; i < MANY; i++) {
		assert_ptr_equal(pid_index_first(&index, i * 256, 0), &links[i + MANY]);
		assert_ptr_equal(pid_link_next(&links[i + MANY]), &links[i]);
		pid_index_remove(&index, &links[i + MANY]);
		pid_index_remove(&index, &links[i]);
		assert_null(pid_index_first(&index, i * 256, 0));
	}
	assert_int_equal(index.n_links, 0);
	pid_index_done(&index);
}

int main(void)
{
	static const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_first_and_next),
		cmocka_unit_test(test_many),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
