/* SPDX-License-Identifier: GPL-2.0-or-later */
/* SPDX-FileCopyrightText: The killauditd authors */

#include <string.h>

#include "rows.h"

#include "core/config.h"

static void test_init(void **state)
{
	struct config config = {.input = CONFIG_INPUT_MULTICAST};

	(void)state;
	config_init(&config);
	assert_int_equal(config.input, CONFIG_INPUT_AUTO);
	assert_int_equal(config.receive_buffer, 64 << 20);
	assert_int_equal(config.trace, CONFIG_TRACE_OFF);
	assert_int_equal(config.trace_buffer, 2 << 20);
	assert_true(config.manage_rules);
}

#define INPUT   "auto or multicast"
#define BUFFER  "64K to 1G, in bytes or with K, M or G"
#define MANAGED "auto or no"

/* What is not touched by any row, and what none of them sets. */
#define BEFORE 4711

static const struct set_row {
	const char *name;
	const char *section, *key, *value;
	int outcome;
	const char *allowed;
	uint64_t receive_buffer;
} set_rows[] = {
	{"in bytes", "Audit", "ReceiveBuffer", "1000001", 0, BUFFER, 1000001},
	{"K", "Audit", "ReceiveBuffer", "65K", 0, BUFFER, 66560},
	{"M", "Audit", "ReceiveBuffer", "64M", 0, BUFFER, 67108864},
	{"G", "Audit", "ReceiveBuffer", "1G", 0, BUFFER, 1073741824},
	{"the least, in bytes", "Audit", "ReceiveBuffer", "65536", 0, BUFFER, 65536},
	{"the least", "Audit", "ReceiveBuffer", "64K", 0, BUFFER, 65536},
	{"one byte less", "Audit", "ReceiveBuffer", "65535", CONFIG_INVALID, BUFFER, BEFORE},
	{"one K less", "Audit", "ReceiveBuffer", "63K", CONFIG_INVALID, BUFFER, BEFORE},
	{"the most, in bytes", "Audit", "ReceiveBuffer", "1073741824", 0, BUFFER, 1073741824},
	{"the most, in K", "Audit", "ReceiveBuffer", "1048576K", 0, BUFFER, 1073741824},
	{"the most, in M", "Audit", "ReceiveBuffer", "1024M", 0, BUFFER, 1073741824},
	{"one byte more", "Audit", "ReceiveBuffer", "1073741825", CONFIG_INVALID, BUFFER, BEFORE},
	{"one K more", "Audit", "ReceiveBuffer", "1048577K", CONFIG_INVALID, BUFFER, BEFORE},
	{"one M more", "Audit", "ReceiveBuffer", "1025M", CONFIG_INVALID, BUFFER, BEFORE},
	{"two G", "Audit", "ReceiveBuffer", "2G", CONFIG_INVALID, BUFFER, BEFORE},
	{"zeros before it", "Audit", "ReceiveBuffer", "000065536", 0, BUFFER, 65536},
	{"nothing", "Audit", "ReceiveBuffer", "0", CONFIG_INVALID, BUFFER, BEFORE},
	{"nothing, with a suffix", "Audit", "ReceiveBuffer", "0G", CONFIG_INVALID, BUFFER, BEFORE},
	{"32 bits and a bit", "Audit", "ReceiveBuffer", "4295032832", CONFIG_INVALID, BUFFER,
		BEFORE},
	{"64 bits and a bit", "Audit", "ReceiveBuffer", "18446744073709617152", CONFIG_INVALID,
		BUFFER, BEFORE},
	{"64 bits", "Audit", "ReceiveBuffer", "18446744073709551615", CONFIG_INVALID, BUFFER,
		BEFORE},
	{"64 bits after the shift", "Audit", "ReceiveBuffer", "17179869185G", CONFIG_INVALID,
		BUFFER, BEFORE},
	{"negative", "Audit", "ReceiveBuffer", "-65536", CONFIG_INVALID, BUFFER, BEFORE},
	{"negative, and within the bounds as 64 bits", "Audit", "ReceiveBuffer",
		"-18446744073709486080", CONFIG_INVALID, BUFFER, BEFORE},
	{"a sign", "Audit", "ReceiveBuffer", "+65536", CONFIG_INVALID, BUFFER, BEFORE},
	{"a space before it", "Audit", "ReceiveBuffer", " 64K", CONFIG_INVALID, BUFFER, BEFORE},
	{"a space behind it", "Audit", "ReceiveBuffer", "64K ", CONFIG_INVALID, BUFFER, BEFORE},
	{"a space within", "Audit", "ReceiveBuffer", "64 K", CONFIG_INVALID, BUFFER, BEFORE},
	{"more behind the suffix", "Audit", "ReceiveBuffer", "64KB", CONFIG_INVALID, BUFFER,
		BEFORE},
	{"two suffixes", "Audit", "ReceiveBuffer", "64KK", CONFIG_INVALID, BUFFER, BEFORE},
	{"a small suffix", "Audit", "ReceiveBuffer", "64k", CONFIG_INVALID, BUFFER, BEFORE},
	{"a larger suffix", "Audit", "ReceiveBuffer", "1T", CONFIG_INVALID, BUFFER, BEFORE},
	{"a suffix alone", "Audit", "ReceiveBuffer", "M", CONFIG_INVALID, BUFFER, BEFORE},
	{"a fraction", "Audit", "ReceiveBuffer", "1.5M", CONFIG_INVALID, BUFFER, BEFORE},
	{"hexadecimal", "Audit", "ReceiveBuffer", "0x10000", CONFIG_INVALID, BUFFER, BEFORE},
	{"a range", "Audit", "ReceiveBuffer", "64K-1", CONFIG_INVALID, BUFFER, BEFORE},
	{"a sum", "Audit", "ReceiveBuffer", "1G+1", CONFIG_INVALID, BUFFER, BEFORE},
	{"no size", "Audit", "ReceiveBuffer", "", CONFIG_INVALID, BUFFER, BEFORE},
	{"a word for a size", "Audit", "ReceiveBuffer", "auto", CONFIG_INVALID, BUFFER, BEFORE},

	{"no such section", "Journal", "ReceiveBuffer", "64K", CONFIG_UNKNOWN, NULL, BEFORE},
	{"no section", "", "ReceiveBuffer", "64K", CONFIG_UNKNOWN, NULL, BEFORE},
	{"section in small letters", "audit", "ReceiveBuffer", "64K", CONFIG_UNKNOWN, NULL, BEFORE},
	{"section that begins so", "Auditing", "ReceiveBuffer", "64K", CONFIG_UNKNOWN, NULL,
		BEFORE},
	{"no such key", "Audit", "SendBuffer", "64K", CONFIG_UNKNOWN, NULL, BEFORE},
	{"no key", "Audit", "", "64K", CONFIG_UNKNOWN, NULL, BEFORE},
	{"key in small letters", "Audit", "receivebuffer", "64K", CONFIG_UNKNOWN, NULL, BEFORE},
	{"key that begins so", "Audit", "ReceiveBufferSize", "64K", CONFIG_UNKNOWN, NULL, BEFORE},
	{"the reverse", "ReceiveBuffer", "Audit", "64K", CONFIG_UNKNOWN, NULL, BEFORE},
};

static void test_set_receive_buffer(void **state)
{
	const struct set_row *row = *state;
	struct config config = {CONFIG_INPUT_MULTICAST, BEFORE, .manage_rules = true};
	const char *allowed = "untouched";

	assert_int_equal(
		config_set(&config, row->section, row->key, row->value, &allowed), row->outcome);
	if (row->outcome != 0)
		assert_text(allowed, row->allowed);
	assert_int_equal(config.receive_buffer, row->receive_buffer);
	assert_int_equal(config.input, CONFIG_INPUT_MULTICAST);
	assert_true(config.manage_rules);
}

/* Every value is set over both of what may have been there. */
static const struct word_row {
	const char *name;
	const char *key, *value;
	int outcome;
	const char *allowed;
	enum config_input input; /* on 0 */
	bool manage_rules; /* on 0 */
} word_rows[] = {
	{"input: auto", "Input", "auto", 0, INPUT, .input = CONFIG_INPUT_AUTO},
	{"input: multicast", "Input", "multicast", 0, INPUT, .input = CONFIG_INPUT_MULTICAST},
	{"input: another word", "Input", "unicast", CONFIG_INVALID, INPUT},
	{"input: begins so", "Input", "automatic", CONFIG_INVALID, INPUT},
	{"input: cut", "Input", "multi", CONFIG_INVALID, INPUT},
	{"input: in capitals", "Input", "Auto", CONFIG_INVALID, INPUT},
	{"input: empty", "Input", "", CONFIG_INVALID, INPUT},
	{"rules: auto", "ManageRules", "auto", 0, MANAGED, .manage_rules = true},
	{"rules: no", "ManageRules", "no", 0, MANAGED, .manage_rules = false},
	{"rules: another word", "ManageRules", "yes", CONFIG_INVALID, MANAGED},
	{"rules: begins so", "ManageRules", "none", CONFIG_INVALID, MANAGED},
	{"rules: cut", "ManageRules", "n", CONFIG_INVALID, MANAGED},
	{"rules: in capitals", "ManageRules", "NO", CONFIG_INVALID, MANAGED},
	{"rules: empty", "ManageRules", "", CONFIG_INVALID, MANAGED},
};

static void word_set(
	const struct word_row *row, const struct config *before, const struct config *after)
{
	struct config config = *before;
	const char *allowed = "untouched";

	assert_int_equal(
		config_set(&config, "Audit", row->key, row->value, &allowed), row->outcome);
	if (row->outcome != 0)
		assert_text(allowed, row->allowed);
	assert_int_equal(config.input, after->input);
	assert_int_equal(config.manage_rules, after->manage_rules);
	assert_int_equal(config.receive_buffer, after->receive_buffer);
}

static void test_set_word(void **state)
{
	static const struct config before[] = {
		{CONFIG_INPUT_AUTO, BEFORE, .manage_rules = false},
		{CONFIG_INPUT_MULTICAST, BEFORE, .manage_rules = true},
	};
	const struct word_row *row = *state;

	for (size_t i = 0; i < ELEMENTS(before); i++) {
		struct config after = before[i];

		if (row->outcome == 0 && strcmp(row->key, "Input") == 0)
			after.input = row->input;
		else if (row->outcome == 0)
			after.manage_rules = row->manage_rules;
		word_set(row, &before[i], &after);
	}
}

static const struct trace_row {
	const char *name;
	const char *key, *value;
	int outcome;
	enum config_trace trace; /* afterwards; before it was `off` */
	uint64_t trace_buffer;
} trace_rows[] = {
	{"auto", "Use", "auto", 0, CONFIG_TRACE_AUTO, BEFORE},
	{"off", "Use", "off", 0, CONFIG_TRACE_OFF, BEFORE},
	{"required", "Use", "required", 0, CONFIG_TRACE_REQUIRED, BEFORE},
	{"another word", "Use", "yes", CONFIG_INVALID, CONFIG_TRACE_OFF, BEFORE},
	{"cut", "Use", "require", CONFIG_INVALID, CONFIG_TRACE_OFF, BEFORE},
	{"empty", "Use", "", CONFIG_INVALID, CONFIG_TRACE_OFF, BEFORE},
	{"buffer", "BufferPerCpu", "4M", 0, CONFIG_TRACE_OFF, 4 << 20},
	{"the least", "BufferPerCpu", "64K", 0, CONFIG_TRACE_OFF, 65536},
	{"less", "BufferPerCpu", "65535", CONFIG_INVALID, CONFIG_TRACE_OFF, BEFORE},
	{"the most", "BufferPerCpu", "256M", 0, CONFIG_TRACE_OFF, 256 << 20},
	{"more", "BufferPerCpu", "257M", CONFIG_INVALID, CONFIG_TRACE_OFF, BEFORE},
	{"no size", "BufferPerCpu", "auto", CONFIG_INVALID, CONFIG_TRACE_OFF, BEFORE},
};

static void test_set_trace(void **state)
{
	const struct trace_row *row = *state;
	struct config config = {.trace = CONFIG_TRACE_OFF, .trace_buffer = BEFORE};
	const char *allowed = NULL;

	assert_int_equal(
		config_set(&config, "Trace", row->key, row->value, &allowed), row->outcome);
	assert_non_null(allowed);
	assert_int_equal(config.trace, row->trace);
	assert_int_equal(config.trace_buffer, row->trace_buffer);
}

static void test_input_from_name(void **state)
{
	enum config_input input = CONFIG_INPUT_MULTICAST;

	(void)state;
	assert_int_equal(config_input_from_name("auto", &input), 0);
	assert_int_equal(input, CONFIG_INPUT_AUTO);
	assert_int_equal(config_input_from_name("multicast", &input), 0);
	assert_int_equal(input, CONFIG_INPUT_MULTICAST);
	assert_int_equal(config_input_from_name("", &input), CONFIG_INVALID);
	assert_int_equal(config_input_from_name("auto ", &input), CONFIG_INVALID);
	assert_int_equal(input, CONFIG_INPUT_MULTICAST);
}

int main(void)
{
	static const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_init),
		cmocka_unit_test(test_input_from_name),
	};

	return ROWS_RUN(test_set_receive_buffer, set_rows) + ROWS_RUN(test_set_word, word_rows) +
	       ROWS_RUN(test_set_trace, trace_rows) + cmocka_run_group_tests(tests, NULL, NULL);
}
