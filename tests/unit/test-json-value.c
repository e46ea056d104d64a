/* SPDX-License-Identifier: GPL-2.0-or-later */
/* SPDX-FileCopyrightText: The killauditd authors */

#include "unit.h"

#include <stdlib.h>
#include <string.h>

#include "core/json-value.h"
#include "rows.h"

#define TEXT(literal) literal, sizeof(literal) - 1

static const struct bytes_row {
	const char *name;
	const char *bytes;
	size_t len;
	const char *expected;
} bytes_rows[] = {
	{"empty", TEXT(""), "\"\""},
	{"plain", TEXT("sleep 10"), "\"sleep 10\""},
	{"quote and backslash", TEXT("a\"b\\c"), "\"a\\\"b\\\\c\""},
	{"slash stays", TEXT("/usr/bin/kill"), "\"/usr/bin/kill\""},
	{"line feed and tab", TEXT("a\nb\tc"), "\"a\\nb\\tc\""},
	{"escape character", TEXT("\033[2J"), "\"\\u001b[2J\""},
	{"NUL in the middle", TEXT("a\0b"), "\"a\\u0000b\""},
	{"UTF-8", TEXT("\xc3\xa4\xf0\x9f\x98\x80"), "\"\xc3\xa4\xf0\x9f\x98\x80\""},
	{"looks like JSON", TEXT("{\"base64\":\"eA==\"}"), "\"{\\\"base64\\\":\\\"eA==\\\"}\""},
	{"one byte that is not UTF-8", TEXT("\xff"), "{\"base64\":\"/w==\"}"},
	{"latin-1", TEXT("gr\xfc\xdf"), "{\"base64\":\"Z3L83w==\"}"},
	{"UTF-8, cut", TEXT("a\xe2\x82"), "{\"base64\":\"YeKC\"}"},
	{"surrogate", TEXT("\xed\xa0\x80"), "{\"base64\":\"7aCA\"}"},
	{"NUL among bytes that are not UTF-8", TEXT("\xff\0\xfe"), "{\"base64\":\"/wD+\"}"},
};

static void test_bytes(void **state)
{
	const struct bytes_row *row = *state;
	json_object *value = json_value_bytes(row->bytes, row->len);

	assert_non_null(value);
	assert_string_equal(json_value_text(value), row->expected);
	json_object_put(value);
}

/* Longer than anything a library would keep inline, and than the first memory of a buffer. */
static void test_long_bytes(void **state)
{
	static const size_t len = 3 * 4096;
	char *bytes = malloc(len);
	json_object *value;

	(void)state;
	assert_non_null(bytes);
	memset(bytes, 'a', len);
	value = json_value_bytes(bytes, len);
	assert_int_equal(strlen(json_value_text(value)), len + 2);
	json_object_put(value);

	bytes[len - 1] = '\x80';
	value = json_value_bytes(bytes, len);
	assert_int_equal(strlen(json_value_text(value)), len / 3 * 4 + strlen("{\"base64\":\"\"}"));
	json_object_put(value);
	free(bytes);
}

static void test_add(void **state)
{
	json_object *object = json_object_new_object();

	(void)state;
	assert_string_equal(json_value_text(object), "{}");
	assert_true(json_value_add(object, "b", json_object_new_int(1)));
	assert_true(json_value_add(object, "a/b", json_value_bytes("x", 1)));
	assert_string_equal(json_value_text(object), "{\"b\":1,\"a/b\":\"x\"}");
	assert_true(json_value_add(object, "b", json_object_new_int(2)));
	assert_string_equal(json_value_text(object), "{\"b\":2,\"a/b\":\"x\"}");
	json_object_put(object);
}

/* The value is taken all the same: the sanitizer would tell of a leak. */
static void test_add_after_a_failure(void **state)
{
	json_object *object = json_object_new_object();

	(void)state;
	assert_false(json_value_add(object, "a", NULL));
	assert_false(json_value_add(NULL, "a", json_object_new_int(1)));
	assert_false(json_value_add(NULL, "a", NULL));
	assert_string_equal(json_value_text(object), "{}");
	json_object_put(object);
}

int main(void)
{
	static const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_long_bytes),
		cmocka_unit_test(test_add),
		cmocka_unit_test(test_add_after_a_failure),
	};

	return ROWS_RUN(test_bytes, bytes_rows) + cmocka_run_group_tests(tests, NULL, NULL);
}
