/* SPDX-License-Identifier: GPL-2.0-or-later */
/* SPDX-FileCopyrightText: The killauditd authors */

#include "unit.h"

#include <stdlib.h>

#include "core/audit-value.h"
#include "rows.h"

#define TEXT(literal) literal, sizeof(literal) - 1

static const struct string_row {
	const char *name;
	const char *value;
	size_t size; /* of the buffer */
	int expected;
	const char *text;
	size_t len;
} string_rows[] = {
	{"quoted", "\"sleep\"", 16, 0, TEXT("sleep")},
	{"quoted, empty", "\"\"", 16, 0, TEXT("")},
	{"quoted, empty, in the smallest buffer", "\"\"", 1, 0, TEXT("")},
	{"quoted, looks like hex", "\"6162\"", 16, 0, TEXT("6162")},
	{"quoted, looks absent", "\"(null)\"", 16, 0, TEXT("(null)")},
	{"quoted, with an equals sign", "\"a=b\"", 16, 0, TEXT("a=b")},
	{"quoted, fills the buffer", "\"abc\"", 4, 0, TEXT("abc")},
	{"quoted, one too long", "\"abcd\"", 4, AUDIT_VALUE_TOO_LONG},
	{"quoted, no room at all", "\"\"", 0, AUDIT_VALUE_TOO_LONG},
	{"quoted, not closed", "\"abc", 16, AUDIT_VALUE_MALFORMED},
	{"nothing but a quote", "\"", 16, AUDIT_VALUE_MALFORMED},
	{"quoted, something after it", "\"abc\"x", 16, AUDIT_VALUE_MALFORMED},
	{"hex, upper case", "4D792050726F63", 16, 0, TEXT("My Proc")},
	{"hex, lower case", "4d79", 16, 0, TEXT("My")},
	{"hex, quote and line feed", "220A", 16, 0, TEXT("\"\n")},
	{"hex, bytes above ASCII", "C3A4FF", 16, 0, TEXT("\xc3\xa4\xff")},
	{"hex, NUL between the words of a title", "6C73002D6C", 16, 0, TEXT("ls\0-l")},
	{"hex, one byte of zero", "00", 16, 0, TEXT("\0")},
	{"hex, every digit", "0123456789ABCDEFabcdef", 16, 0,
		TEXT("\x01\x23\x45\x67\x89\xab\xcd\xef\xab\xcd\xef")},
	{"hex, fills the buffer", "616263", 4, 0, TEXT("abc")},
	{"hex, one too long", "61626364", 4, AUDIT_VALUE_TOO_LONG},
	{"hex, no room at all", "61", 0, AUDIT_VALUE_TOO_LONG},
	{"hex, half a byte", "6", 16, AUDIT_VALUE_MALFORMED},
	{"hex, half a byte at the end", "61626", 16, AUDIT_VALUE_MALFORMED},
	{"hex, first digit of a byte is none", "61G2", 16, AUDIT_VALUE_MALFORMED},
	{"hex, last digit of a byte is none", "612G", 16, AUDIT_VALUE_MALFORMED},
	{"hex, digit before '0'", "6/", 16, AUDIT_VALUE_MALFORMED},
	{"hex, digit after '9'", "6:", 16, AUDIT_VALUE_MALFORMED},
	{"hex, digit before 'A'", "6@", 16, AUDIT_VALUE_MALFORMED},
	{"hex, digit before 'a'", "6`", 16, AUDIT_VALUE_MALFORMED},
	{"hex, digit after 'f'", "6g", 16, AUDIT_VALUE_MALFORMED},
	{"bare word", "sleep!", 16, AUDIT_VALUE_MALFORMED},
	{"empty", "", 16, AUDIT_VALUE_MALFORMED},
	{"no value", NULL, 16, AUDIT_VALUE_ABSENT},
	{"null", "(null)", 16, AUDIT_VALUE_ABSENT},
	{"none", "(none)", 16, AUDIT_VALUE_ABSENT},
	{"question mark", "?", 16, AUDIT_VALUE_ABSENT},
	{"two question marks", "\?\?", 16, AUDIT_VALUE_MALFORMED},
};

static void test_string(void **state)
{
	const struct string_row *row = *state;
	char *buf = malloc(row->size ? row->size : 1);
	size_t len = 4711;

	assert_non_null(buf);
	assert_int_equal(audit_value_string(row->value, buf, row->size, &len), row->expected);
	assert_int_equal(len, row->expected == 0 ? row->len : 4711);
	if (row->expected == 0)
		assert_memory_equal(buf, row->text, row->len + 1);
	free(buf);
}

static const struct number_row {
	const char *name;
	const char *value;
	int expected;
	int64_t number;
} number_rows[] = {
	{"zero", "0", 0, 0},
	{"plain", "1234", 0, 1234},
	{"negative", "-3", 0, -3},
	{"leading zeros are not octal", "010", 0, 10},
	{"largest", "9223372036854775807", 0, INT64_MAX},
	{"smallest", "-9223372036854775808", 0, INT64_MIN},
	{"too large", "9223372036854775808", AUDIT_VALUE_MALFORMED, 0},
	{"too small", "-9223372036854775809", AUDIT_VALUE_MALFORMED, 0},
	{"empty", "", AUDIT_VALUE_MALFORMED, 0},
	{"sign only", "-", AUDIT_VALUE_MALFORMED, 0},
	{"two signs", "--1", AUDIT_VALUE_MALFORMED, 0},
	{"plus sign", "+1", AUDIT_VALUE_MALFORMED, 0},
	{"sign, then space", "- 1", AUDIT_VALUE_MALFORMED, 0},
	{"space before", " 1", AUDIT_VALUE_MALFORMED, 0},
	{"space after", "1 ", AUDIT_VALUE_MALFORMED, 0},
	{"line feed before", "\n1", AUDIT_VALUE_MALFORMED, 0},
	{"letters after", "1x", AUDIT_VALUE_MALFORMED, 0},
	{"hexadecimal", "0x10", AUDIT_VALUE_MALFORMED, 0},
	{"digits of hex", "ff", AUDIT_VALUE_MALFORMED, 0},
	{"fraction", "1.5", AUDIT_VALUE_MALFORMED, 0},
	{"in quotes", "\"1\"", AUDIT_VALUE_MALFORMED, 0},
	{"no value", NULL, AUDIT_VALUE_ABSENT, 0},
	{"null", "(null)", AUDIT_VALUE_ABSENT, 0},
	{"none", "(none)", AUDIT_VALUE_ABSENT, 0},
	{"question mark", "?", AUDIT_VALUE_ABSENT, 0},
};

static void test_number(void **state)
{
	const struct number_row *row = *state;
	int64_t number = 4711;

	assert_int_equal(audit_value_number(row->value, &number), row->expected);
	assert_int_equal(number, row->expected == 0 ? row->number : 4711);
}

static const struct id_row {
	const char *name;
	const char *value;
	int expected;
	uint32_t id;
} id_rows[] = {
	{"root", "0", 0, 0},
	{"plain", "1000", 0, 1000},
	{"unset, as target records have it", "-1", 0, UINT32_MAX},
	{"unset, as call records have it", "4294967295", 0, UINT32_MAX},
	{"one below unset", "4294967294", 0, UINT32_MAX - 1},
	{"too large", "4294967296", AUDIT_VALUE_MALFORMED, 0},
	{"too small", "-2", AUDIT_VALUE_MALFORMED, 0},
	{"2^63", "9223372036854775808", AUDIT_VALUE_MALFORMED, 0},
	{"name of a user", "root", AUDIT_VALUE_MALFORMED, 0},
	{"empty", "", AUDIT_VALUE_MALFORMED, 0},
	{"no value", NULL, AUDIT_VALUE_ABSENT, 0},
};

static void test_id(void **state)
{
	const struct id_row *row = *state;
	uint32_t id = 4711;

	assert_int_equal(audit_value_id(row->value, &id), row->expected);
	assert_int_equal(id, row->expected == 0 ? row->id : 4711);
}

static const struct hex_row {
	const char *name;
	const char *value;
	int expected;
	uint64_t number;
} hex_rows[] = {
	{"zero", "0", 0, 0},
	{"plain", "c000003e", 0, 0xc000003e},
	{"upper case", "C000003E", 0, 0xc000003e},
	{"digits that look decimal", "10", 0, 16},
	{"leading zeros", "0000000000000000000009", 0, 9},
	{"largest", "ffffffffffffffff", 0, UINT64_MAX},
	{"too large", "10000000000000000", AUDIT_VALUE_MALFORMED, 0},
	{"far too large", "ffffffffffffffffffffffff", AUDIT_VALUE_MALFORMED, 0},
	{"prefix", "0x9", AUDIT_VALUE_MALFORMED, 0},
	{"prefix in upper case", "0X9", AUDIT_VALUE_MALFORMED, 0},
	{"prefix and nothing", "0x", AUDIT_VALUE_MALFORMED, 0},
	{"negative", "-1", AUDIT_VALUE_MALFORMED, 0},
	{"plus sign", "+1", AUDIT_VALUE_MALFORMED, 0},
	{"space before", " 9", AUDIT_VALUE_MALFORMED, 0},
	{"space after", "9 ", AUDIT_VALUE_MALFORMED, 0},
	{"letter that is no digit", "9g", AUDIT_VALUE_MALFORMED, 0},
	{"empty", "", AUDIT_VALUE_MALFORMED, 0},
	{"no value", NULL, AUDIT_VALUE_ABSENT, 0},
	{"question mark", "?", AUDIT_VALUE_ABSENT, 0},
};

static void test_hex(void **state)
{
	const struct hex_row *row = *state;
	uint64_t number = 4711;

	assert_int_equal(audit_value_hex(row->value, &number), row->expected);
	assert_int_equal(number, row->expected == 0 ? row->number : 4711);
}

int main(void)
{
	return ROWS_RUN(test_string, string_rows) + ROWS_RUN(test_number, number_rows) +
	       ROWS_RUN(test_id, id_rows) + ROWS_RUN(test_hex, hex_rows);
}
