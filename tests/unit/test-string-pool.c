/* SPDX-License-Identifier: GPL-2.0-or-later */
/* SPDX-FileCopyrightText: The killauditd authors */

#include <stdio.h>
#include <string.h>

#include "unit.h"

#include "core/string-pool.h"

static void test_equal_ones_are_one(void **state)
{
	struct string_pool pool = {};
	char *a, *b, *c;

	(void)state;
	a = string_pool_take(&pool, "/usr/bin/server -d", 15);
	b = string_pool_take(&pool, "/usr/bin/server", 15);
	c = string_pool_take(&pool, "/usr/bin/server", 14);
	assert_string_equal(a, "/usr/bin/server");
	assert_ptr_equal(a, b);
	assert_string_equal(c, "/usr/bin/serve");
	assert_int_equal(pool.n_strings, 2);
	string_pool_release(&pool, a);
	assert_string_equal(b, "/usr/bin/server");
	string_pool_release(&pool, b);
	assert_int_equal(pool.n_strings, 1);
	assert_ptr_equal(string_pool_share(c), c);
	string_pool_release(&pool, c);
	assert_string_equal(c, "/usr/bin/serve");
	string_pool_release(&pool, c);
	assert_int_equal(pool.n_strings, 0);
	string_pool_done(&pool);
}

static void test_nothing(void **state)
{
	struct string_pool pool = {};
	char *empty;

	(void)state;
	assert_null(string_pool_share(NULL));
	string_pool_release(&pool, NULL);
	empty = string_pool_take(&pool, "", 0);
	assert_string_equal(empty, "");
	string_pool_release(&pool, empty);
	assert_null(string_pool_take(&pool, "", SIZE_MAX));
	string_pool_done(&pool);
}

static void test_nuls_count(void **state)
{
	struct string_pool pool = {};
	char *a, *b;

	(void)state;
	a = string_pool_take(&pool, "a\0b", 3);
	b = string_pool_take(&pool, "a\0c", 3);
	assert_ptr_not_equal(a, b);
	assert_memory_equal(a, "a\0b", 4);
	assert_memory_equal(b, "a\0c", 4);
	string_pool_release(&pool, a);
	string_pool_release(&pool, b);
	string_pool_done(&pool);
}

#define MANY 10000

static void test_many(void **state)
{
	static char *strings[MANY];
	struct string_pool pool = {};
	char text[32];

	(void)state;
	for (int i = 0; i < MANY; i++) {
		snprintf(text, sizeof(text), "/pods/%d", i);
		strings[i] = string_pool_take(&pool, text, strlen(text));
	}
	assert_true(pool.n_strings > MANY * 99 / 100); /* few are hard to find */
	assert_true(pool.n_buckets >= pool.n_strings);
	for (int i = 0; i < MANY; i++) {
		snprintf(text, sizeof(text), "/pods/%d", i);
		assert_string_equal(strings[i], text);
		string_pool_release(&pool, strings[i]);
	}
	assert_int_equal(pool.n_strings, 0);
	string_pool_done(&pool);
}

/* One bucket, as after somebody chose what hashes alike: most are kept by themselves. */
static void test_hard_to_find(void **state)
{
	struct string_pool pool = {};
	char *strings[64], text[4];
	size_t n_found = 0;

	(void)state;
	string_pool_release(&pool, string_pool_take(&pool, "", 0));
	pool.n_buckets = 1;
	for (int i = 0; i < 64; i++) {
		snprintf(text, sizeof(text), "%d", i);
		pool.n_strings = 0; /* or it grows */
		strings[i] = string_pool_take(&pool, text, strlen(text));
		n_found += pool.n_strings;
	}
	assert_int_equal(n_found, 16);
	pool.n_strings = n_found;
	for (int i = 0; i < 64; i++) {
		snprintf(text, sizeof(text), "%d", i);
		assert_string_equal(strings[i], text);
		string_pool_release(&pool, strings[i]);
	}
	assert_int_equal(pool.n_strings, 0);
	string_pool_done(&pool);
}

int main(void)
{
	static const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_equal_ones_are_one),
		cmocka_unit_test(test_nothing),
		cmocka_unit_test(test_nuls_count),
		cmocka_unit_test(test_many),
		cmocka_unit_test(test_hard_to_find),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
