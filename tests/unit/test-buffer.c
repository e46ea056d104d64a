/* SPDX-License-Identifier: GPL-2.0-or-later */
/* SPDX-FileCopyrightText: The killauditd authors */

#include "unit.h"

#include <stdlib.h>
#include <string.h>
#include <wchar.h>

#include "core/buffer.h"
#include "rows.h"

static void assert_holds(const struct buffer *buffer, const char *bytes, size_t len)
{
	assert_false(buffer->failed);
	assert_int_equal(buffer->len, len);
	assert_true(buffer->size > len);
	assert_memory_equal(buffer->data, bytes, len);
	assert_int_equal(buffer->data[len], '\0');
}

static void test_empty(void **state)
{
	struct buffer buffer = {};

	(void)state;
	buffer_cut(&buffer, 0);
	buffer_clear(&buffer);
	assert_null(buffer.data);
	buffer_append(&buffer, NULL, 0);
	assert_holds(&buffer, "", 0);
	buffer_done(&buffer);
	assert_null(buffer.data);
	buffer_done(&buffer);
}

static void test_append(void **state)
{
	struct buffer buffer = {};

	(void)state;
	buffer_append_string(&buffer, "one ");
	buffer_append_string(&buffer, "");
	buffer_append(&buffer, "t\0o", 3);
	assert_holds(&buffer, "one t\0o", 7);
	buffer_printf(&buffer, "%s", "");
	buffer_printf(&buffer, " %s-%d", "three", 4);
	assert_holds(&buffer, "one t\0o three-4", 15);
	buffer_done(&buffer);
}

/* Past every size at which the memory grows, by pieces of one byte and of many. */
static void test_growth(void **state)
{
	static const size_t pieces[] = {1, 2, 255, 256, 257, 1000, 4096};

	(void)state;
	for (size_t i = 0; i < ELEMENTS(pieces); i++) {
		char *expected = malloc(10000 + pieces[i]), *piece = malloc(pieces[i]);
		struct buffer buffer = {}, printed = {};
		size_t len = 0;

		print_message("by %zu bytes\n", pieces[i]);
		assert_true(expected && piece);
		while (len < 10000) {
			memset(piece, 'a' + (int)(len % 26), pieces[i]);
			memcpy(expected + len, piece, pieces[i]);
			len += pieces[i];
			buffer_append(&buffer, piece, pieces[i]);
			buffer_printf(&printed, "%.*s", (int)pieces[i], piece);
			assert_holds(&buffer, expected, len);
			assert_holds(&printed, expected, len);
		}
		buffer_done(&buffer);
		buffer_done(&printed);
		free(expected);
		free(piece);
	}
}

static const struct cut_row {
	const char *name;
	size_t at;
	const char *expected;
} cut_rows[] = {
	{"to nothing", 0, ""},
	{"in the middle", 3, "abc"},
	{"at the end", 6, "abcdef"},
	{"beyond the end", 7, "abcdef"},
	{"far beyond the end", SIZE_MAX, "abcdef"},
};

static void test_cut(void **state)
{
	const struct cut_row *row = *state;
	struct buffer buffer = {};

	buffer_append_string(&buffer, "abcdef");
	buffer_cut(&buffer, row->at);
	assert_holds(&buffer, row->expected, strlen(row->expected));
	buffer_append_string(&buffer, "X");
	assert_int_equal(buffer.len, strlen(row->expected) + 1);
	assert_int_equal(buffer.data[buffer.len - 1], 'X');
	buffer_done(&buffer);
}

static void test_clear_keeps_the_memory(void **state)
{
	struct buffer buffer = {};
	size_t size;

	(void)state;
	buffer_printf(&buffer, "%1000d", 1);
	size = buffer.size;
	buffer_clear(&buffer);
	assert_holds(&buffer, "", 0);
	assert_int_equal(buffer.size, size);
	buffer_append_string(&buffer, "new");
	assert_holds(&buffer, "new", 3);
	assert_int_equal(buffer.size, size);
	buffer_done(&buffer);
}

static void fail_by_length(struct buffer *buffer)
{
	volatile size_t len = SIZE_MAX;

	buffer_append(buffer, "", len);
}

static void fail_by_length_and_nul(struct buffer *buffer)
{
	volatile size_t len = SIZE_MAX - 3;

	buffer_append(buffer, "", len);
}

/* In the C locale no other character than those of ASCII can be printed. */
static void fail_by_format(struct buffer *buffer)
{
	buffer_printf(buffer, "%lc", (wint_t)0x20ac);
}

static const struct failure_is_remembered_row {
	const char *name;
	void (*break_buffer)(struct buffer *buffer);
} failure_is_remembered_rows[] = {
	{"length that overflows", fail_by_length},
	{"length that overflows with its NUL", fail_by_length_and_nul},
	{"format that cannot be printed", fail_by_format},
};

static void test_failure_is_remembered(void **state)
{
	const struct failure_is_remembered_row *row = *state;
	struct buffer buffer = {};

	buffer_append_string(&buffer, "abc");
	row->break_buffer(&buffer);
	assert_true(buffer.failed);
	buffer_append_string(&buffer, "d");
	buffer_append(&buffer, NULL, 0);
	buffer_printf(&buffer, "%d", 5);
	assert_true(buffer.failed);
	assert_string_equal(buffer.data, "abc");
	buffer_clear(&buffer);
	buffer_append_string(&buffer, "again");
	assert_holds(&buffer, "again", 5);
	buffer_done(&buffer);
}

int main(void)
{
	static const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_empty),
		cmocka_unit_test(test_append),
		cmocka_unit_test(test_growth),
		cmocka_unit_test(test_clear_keeps_the_memory),
	};

	return ROWS_RUN(test_cut, cut_rows) +
	       ROWS_RUN(test_failure_is_remembered, failure_is_remembered_rows) +
	       cmocka_run_group_tests(tests, NULL, NULL);
}
