/* SPDX-License-Identifier: GPL-2.0-or-later */
/* SPDX-FileCopyrightText: The killauditd authors */

/* Tables of rows: every row is a test of its own, reported under its own name. */
#pragma once

#include <stdlib.h>

#include "unit.h"

/* A row begins with its name, a const char *, and is what *state points to in `check`. */
static inline int rows_run(const char *group, CMUnitTestFunction check, const void *rows,
	size_t n_rows, size_t row_size)
{
	struct CMUnitTest *tests = calloc(n_rows, sizeof(*tests));
	int n_failed;

	if (!tests)
		return 1;
	for (size_t i = 0; i < n_rows; i++) {
		const void *row = (const char *)rows + i * row_size;

		tests[i] = (struct CMUnitTest){
			.name = *(const char *const *)row,
			.test_func = check,
			.initial_state = (void *)row,
		};
	}
	n_failed = _cmocka_run_group_tests(group, tests, n_rows, NULL, NULL);
	free(tests);
	return n_failed;
}

#define ROWS_RUN(check, rows) rows_run(#check, check, rows, ELEMENTS(rows), sizeof((rows)[0]))

/* For what may be absent on either side. */
static inline void assert_text(const char *got, const char *expected)
{
	if (got && expected)
		assert_string_equal(got, expected);
	else
		assert_ptr_equal(got, expected);
}
