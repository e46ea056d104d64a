/* SPDX-License-Identifier: GPL-2.0-or-later */
/* SPDX-FileCopyrightText: The killauditd authors */

#include "unit.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "core/buffer.h"
#include "core/escape.h"
#include "rows.h"

#define TEXT(literal) literal, sizeof(literal) - 1

/* Of its very length, so that the address sanitizer sees every step beyond it. */
static char *copy_exactly(const char *bytes, size_t len)
{
	char *copy = malloc(len);

	assert_true(copy != NULL || len == 0);
	if (len > 0)
		memcpy(copy, bytes, len);
	return copy;
}

static void assert_escaped(void (*append)(struct buffer *buffer, const char *bytes, size_t len),
	const char *bytes, size_t len, const char *expected)
{
	struct buffer buffer = {};
	char *copy = copy_exactly(bytes, len);

	append(&buffer, copy, len);
	buffer_append(&buffer, "", 0);
	assert_false(buffer.failed);
	assert_int_equal(buffer.len, strlen(expected));
	assert_string_equal(buffer.data, expected);
	buffer_done(&buffer);
	free(copy);
}

static const struct strings_row {
	const char *name;
	const char *bytes;
	size_t len;
	const char *as_name;
	const char *as_text;
} strings_rows[] = {
	{"empty", TEXT(""), "", ""},
	{"all that a name may have", TEXT("AZaz09._:+@/-"), "AZaz09._:+@/-", "AZaz09._:+@/-"},
	{"space", TEXT("a b"), "a\\x20b", "a b"},
	{"our own punctuation", TEXT("a(1)->b,\"c\"=d"),
		"a\\x281\\x29-\\x3eb\\x2c\\x22c\\x22\\x3dd", "a(1)->b,\"c\"=d"},
	{"looks escaped already", TEXT("\\x41"), "\\x5cx41", "\\x5cx41"},
	{"line feed", TEXT("a\nSIGKILL"), "a\\x0aSIGKILL", "a\\x0aSIGKILL"},
	{"carriage return", TEXT("a\rb"), "a\\x0db", "a\\x0db"},
	{"terminal sequence", TEXT("\033[2J"), "\\x1b\\x5b2J", "\\x1b[2J"},
	{"eight-bit control", TEXT("\2332J"), "\\x9b2J", "\\x9b2J"},
	{"NUL in the middle", TEXT("a\0b"), "a\\x00b", "a\\x00b"},
	{"UTF-8", TEXT("\xc3\xa4"), "\\xc3\\xa4", "\\xc3\\xa4"},
	{"right-to-left override", TEXT("\xe2\x80\xae"), "\\xe2\\x80\\xae", "\\xe2\\x80\\xae"},
};

static void test_strings(void **state)
{
	const struct strings_row *row = *state;
	assert_escaped(escape_name_append, row->bytes, row->len, row->as_name);
	assert_escaped(escape_text_append, row->bytes, row->len, row->as_text);
}

static void test_every_byte(void **state)
{
	static const char passes_in_name[] = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz"
					     "0123456789._:+@/-";
	static const char passes_in_text_too[] = " !\"#$%&'()*,;<=>?[]^`{|}~";

	(void)state;
	for (int code = 0; code < 256; code++) {
		char byte = (char)code, escaped[5], itself[2] = {byte, '\0'};
		bool in_name = code != 0 && strchr(passes_in_name, code);
		bool in_text = in_name || (code != 0 && strchr(passes_in_text_too, code));

		snprintf(escaped, sizeof(escaped), "\\x%02x", (unsigned)code);
		assert_escaped(escape_name_append, &byte, 1, in_name ? itself : escaped);
		assert_escaped(escape_text_append, &byte, 1, in_text ? itself : escaped);
	}
}

static const struct utf8_row {
	const char *name;
	const char *bytes;
	size_t len;
	bool valid;
} utf8_rows[] = {
	{"empty", TEXT(""), true},
	{"ASCII", TEXT("plain\t\n"), true},
	{"NUL", TEXT("a\0b"), true},
	{"mixed lengths", TEXT("a\xc3\xa4\xe2\x82\xac\xf0\x9f\x98\x80z"), true},
	{"U+007F", TEXT("\x7f"), true},
	{"U+0080", TEXT("\xc2\x80"), true},
	{"U+07FF", TEXT("\xdf\xbf"), true},
	{"U+0800", TEXT("\xe0\xa0\x80"), true},
	{"U+1000", TEXT("\xe1\x80\x80"), true},
	{"U+CFFF", TEXT("\xec\xbf\xbf"), true},
	{"U+D7FF, below the surrogates", TEXT("\xed\x9f\xbf"), true},
	{"U+E000, above the surrogates", TEXT("\xee\x80\x80"), true},
	{"U+FFFF", TEXT("\xef\xbf\xbf"), true},
	{"U+10000", TEXT("\xf0\x90\x80\x80"), true},
	{"U+40000", TEXT("\xf1\x80\x80\x80"), true},
	{"U+FFFFF", TEXT("\xf3\xbf\xbf\xbf"), true},
	{"U+10FFFF", TEXT("\xf4\x8f\xbf\xbf"), true},
	{"U+110000", TEXT("\xf4\x90\x80\x80"), false},
	{"first byte 0xf5", TEXT("\xf5\x80\x80\x80"), false},
	{"first byte 0xff", TEXT("\xff"), false},
	{"five bytes", TEXT("\xf8\x88\x80\x80\x80"), false},
	{"lowest surrogate", TEXT("\xed\xa0\x80"), false},
	{"highest surrogate", TEXT("\xed\xbf\xbf"), false},
	{"slash in two bytes", TEXT("\xc0\xaf"), false},
	{"NUL in two bytes", TEXT("\xc0\x80"), false},
	{"U+007F in two bytes", TEXT("\xc1\xbf"), false},
	{"U+07FF in three bytes", TEXT("\xe0\x9f\xbf"), false},
	{"U+FFFF in four bytes", TEXT("\xf0\x8f\xbf\xbf"), false},
	{"lone continuation", TEXT("\x80"), false},
	{"lone continuation at the end", TEXT("a\xbf"), false},
	{"two bytes, second is ASCII", TEXT("\xc3z"), false},
	{"two bytes, second begins anew", TEXT("\xc3\xc3"), false},
	{"three bytes, third is ASCII", TEXT("\xe2\x82z"), false},
	{"three bytes, third begins anew", TEXT("\xe2\x82\xc0"), false},
	{"four bytes, third is ASCII", TEXT("\xf0\x9fz\x80"), false},
	{"four bytes, fourth is ASCII", TEXT("\xf0\x9f\x98z"), false},
	{"two bytes, cut", TEXT("\xc3"), false},
	{"three bytes, cut after one", TEXT("\xe2"), false},
	{"three bytes, cut after two", TEXT("\xe2\x82"), false},
	{"four bytes, cut after three", TEXT("\xf0\x9f\x98"), false},
	{"good, then bad", TEXT("fine\xc3\xa4 \xff"), false},
	{"good, then cut", TEXT("fine\xf0\x9f\x98"), false},
};

static void test_utf8(void **state)
{
	const struct utf8_row *row = *state;
	char *copy = copy_exactly(row->bytes, row->len);

	assert_int_equal(utf8_valid(copy, row->len), row->valid);
	free(copy);
}

/* Whatever fits into that many bytes, whether UTF-8 has it so or not. */
static void encode(uint32_t code, size_t len, unsigned char bytes[4])
{
	for (size_t i = len - 1; i > 0; i--) {
		bytes[i] = 0x80 | (code & 0x3f);
		code >>= 6;
	}
	bytes[0] = (unsigned char)(0xf00 >> len | code);
}

static bool utf8_has(uint32_t code, size_t len)
{
	static const uint32_t least[] = {[2] = 0x80, [3] = 0x800, [4] = 0x10000};

	return code >= least[len] && code <= 0x10ffff && (code < 0xd800 || code > 0xdfff);
}

static void test_utf8_of_every_code(void **state)
{
	(void)state;
	for (size_t len = 2; len <= 4; len++) {
		for (uint32_t code = 0; code < 1U << (5 * len + 1); code++) {
			unsigned char bytes[4];

			encode(code, len, bytes);
			if (utf8_valid((const char *)bytes, len) != utf8_has(code, len))
				fail_msg("U+%04x in %zu bytes", code, len);
		}
	}
}

/* The neighbours of the bytes that continue a sequence, in place of each of those. */
static void test_utf8_broken_off(void **state)
{
	static const struct {
		uint32_t code;
		size_t len;
	} codes[] = {{0x80, 2}, {0x7ff, 2}, {0x800, 3}, {0xfff, 3}, {0x1000, 3}, {0xcfff, 3},
		{0xd000, 3}, {0xd7ff, 3}, {0xe000, 3}, {0xffff, 3}, {0x10000, 4}, {0x3ffff, 4},
		{0x40000, 4}, {0xfffff, 4}, {0x100000, 4}, {0x10ffff, 4}};

	(void)state;
	for (size_t i = 0; i < ELEMENTS(codes); i++) {
		for (size_t at = 1; at < codes[i].len; at++) {
			unsigned char bytes[4];

			encode(codes[i].code, codes[i].len, bytes);
			assert_true(utf8_valid((const char *)bytes, codes[i].len));
			bytes[at] = 0x7f;
			assert_false(utf8_valid((const char *)bytes, codes[i].len));
			bytes[at] = 0xc0;
			assert_false(utf8_valid((const char *)bytes, codes[i].len));
		}
	}
}

/* The first seven: RFC 4648, section 10. */
static const struct base64_row {
	const char *name;
	const char *bytes;
	size_t len;
	const char *expected;
} base64_rows[] = {
	{"empty", TEXT(""), ""},
	{"one byte", TEXT("f"), "Zg=="},
	{"two bytes", TEXT("fo"), "Zm8="},
	{"three bytes", TEXT("foo"), "Zm9v"},
	{"four bytes", TEXT("foob"), "Zm9vYg=="},
	{"five bytes", TEXT("fooba"), "Zm9vYmE="},
	{"six bytes", TEXT("foobar"), "Zm9vYmFy"},
	{"zeros", TEXT("\0\0\0"), "AAAA"},
	{"one zero", TEXT("\0"), "AA=="},
	{"every digit of 62 and 63", TEXT("\xfb\xff\xbf\xff"), "+/+//w=="},
	{"all bits set", TEXT("\xff\xff\xff"), "////"},
	{"all digits",
		TEXT("\x00\x10\x83\x10\x51\x87\x20\x92\x8b\x30\xd3\x8f\x41\x14\x93\x51"
		     "\x55\x97\x61\x96\x9b\x71\xd7\x9f\x82\x18\xa3\x92\x59\xa7\xa2\x9a"
		     "\xab\xb2\xdb\xaf\xc3\x1c\xb3\xd3\x5d\xb7\xe3\x9e\xbb\xf3\xdf\xbf"),
		"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/"},
};

static void test_base64(void **state)
{
	const struct base64_row *row = *state;
	assert_escaped(base64_append, row->bytes, row->len, row->expected);
}

int main(void)
{
	static const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_every_byte),
		cmocka_unit_test(test_utf8_of_every_code),
		cmocka_unit_test(test_utf8_broken_off),
	};

	return ROWS_RUN(test_strings, strings_rows) + ROWS_RUN(test_utf8, utf8_rows) +
	       ROWS_RUN(test_base64, base64_rows) + cmocka_run_group_tests(tests, NULL, NULL);
}
