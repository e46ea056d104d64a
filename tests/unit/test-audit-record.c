/* SPDX-License-Identifier: GPL-2.0-or-later */
/* SPDX-FileCopyrightText: The killauditd authors */

#include "unit.h"

#include <linux/audit.h>
#include <stdlib.h>
#include <string.h>

#include "core/audit-record.h"
#include "rows.h"

#define TEXT(literal) literal, sizeof(literal) - 1

/* A copy without so much as a NUL behind it: the address sanitizer sees every step too far. */
static char *copy_exactly(const char *text, size_t len)
{
	char *copy = malloc(len);

	assert_true(copy != NULL || len == 0);
	if (len > 0)
		memcpy(copy, text, len);
	return copy;
}

static const struct audit_record untouched = {.type = 4711, .serial = 4711};

static const struct parse_row {
	const char *name;
	const char *text;
	size_t len;
	uint32_t serial;
	uint64_t time_msec;
	const char *payload;
	size_t text_len;
} parse_rows[] = {
	{"plain", TEXT("audit(1795392304.338:7): arch=c000003e"), 7, 1795392304338, "arch=c000003e",
		38},
	{"no payload", TEXT("audit(1.002:3): "), 3, 1002, "", 16},
	{"no payload and no space", TEXT("audit(1.002:3):"), 3, 1002, "", 15},
	{"payload without its space", TEXT("audit(1.002:3):a=b"), 3, 1002, "a=b", 18},
	{"only one space is the head's", TEXT("audit(1.002:3):  a"), 3, 1002, " a", 18},
	{"line feed at the end", TEXT("audit(1.002:3): a=b\n"), 3, 1002, "a=b", 19},
	{"NUL at the end", TEXT("audit(1.002:3): a=b\0"), 3, 1002, "a=b", 19},
	{"line feeds and NULs", TEXT("audit(1.002:3): a=b\n\0\n\0"), 3, 1002, "a=b", 19},
	{"space at the end is kept", TEXT("audit(1.002:3): a=b "), 3, 1002, "a=b ", 20},
	{"second head in the payload", TEXT("audit(1.002:3): audit(4.005:6): x"), 3, 1002,
		"audit(4.005:6): x", 33},
	{"smallest numbers", TEXT("audit(0.000:0): x"), 0, 0, "x", 17},
	{"leading zeros", TEXT("audit(007.000:007): x"), 7, 7000, "x", 21},
	{"largest serial", TEXT("audit(1.999:4294967295): x"), UINT32_MAX, 1999, "x", 26},
	{"largest time", TEXT("audit(18446744073708.999:1): x"), 1, 18446744073708999, "x", 30},
};

static void test_parse(void **state)
{
	const struct parse_row *row = *state;
	char *text = copy_exactly(row->text, row->len);
	struct audit_record record;

	assert_int_equal(audit_record_parse(AUDIT_SYSCALL, text, row->len, &record), 0);
	assert_int_equal(record.type, AUDIT_SYSCALL);
	assert_int_equal(record.serial, row->serial);
	assert_int_equal(record.time_msec, row->time_msec);
	assert_ptr_equal(record.text, text);
	assert_int_equal(record.text_len, row->text_len);
	assert_int_equal(record.payload_len, strlen(row->payload));
	assert_ptr_equal(record.payload, text + record.text_len - record.payload_len);
	assert_memory_equal(record.payload, row->payload, record.payload_len);
	free(text);
}

static void assert_malformed(const char *text, size_t len)
{
	char *copy = copy_exactly(text, len);
	struct audit_record record = untouched;

	assert_int_equal(
		audit_record_parse(AUDIT_SYSCALL, copy, len, &record), AUDIT_RECORD_MALFORMED);
	assert_int_equal(record.type, untouched.type);
	assert_int_equal(record.serial, untouched.serial);
	assert_null(record.text);
	free(copy);
}

static const struct parse_malformed_row {
	const char *name;
	const char *text;
	size_t len;
} parse_malformed_rows[] = {
	{"empty", TEXT("")},
	{"nothing but line ends", TEXT("\n\0\n")},
	{"not a record", TEXT("hello")},
	{"upper case", TEXT("AUDIT(1.002:3): x")},
	{"as auditd writes it", TEXT("type=SYSCALL msg=audit(1.002:3): x")},
	{"space before the head", TEXT(" audit(1.002:3): x")},
	{"no bracket", TEXT("audit 1.002:3): x")},
	{"no seconds", TEXT("audit(.002:3): x")},
	{"no milliseconds", TEXT("audit(1.:3): x")},
	{"no serial", TEXT("audit(1.002:): x")},
	{"no point", TEXT("audit(1:3): x")},
	{"comma for the point", TEXT("audit(1,002:3): x")},
	{"two digits of milliseconds", TEXT("audit(1.02:3): x")},
	{"four digits of milliseconds", TEXT("audit(1.0020:3): x")},
	{"no serial at all", TEXT("audit(1.002): x")},
	{"negative seconds", TEXT("audit(-1.002:3): x")},
	{"signed seconds", TEXT("audit(+1.002:3): x")},
	{"negative serial", TEXT("audit(1.002:-3): x")},
	{"hexadecimal serial", TEXT("audit(1.002:0x3): x")},
	{"letters in the serial", TEXT("audit(1.002:3a): x")},
	{"space in the serial", TEXT("audit(1.002: 3): x")},
	{"NUL in the serial", TEXT("audit(1.002:3\0): x")},
	{"serial of 2^32", TEXT("audit(1.002:4294967296): x")},
	{"serial of 2^64", TEXT("audit(1.002:18446744073709551616): x")},
	{"seconds beyond milliseconds", TEXT("audit(18446744073709.000:3): x")},
	{"seconds of 2^64 and one", TEXT("audit(18446744073709551617.000:3): x")},
	{"seconds of 30 digits", TEXT("audit(999999999999999999999999999999.000:3): x")},
	{"no closing bracket", TEXT("audit(1.002:3: x")},
	{"no colon at the end", TEXT("audit(1.002:3) x")},
};

static void test_parse_malformed(void **state)
{
	const struct parse_malformed_row *row = *state;
	assert_malformed(row->text, row->len);
}

static void test_parse_truncated_head(void **state)
{
	static const char head[] = "audit(1795392304.338:7):";

	(void)state;
	for (size_t len = 0; len < strlen(head); len++)
		assert_malformed(head, len);
}

static enum audit_record_use use_of(uint16_t type, const char *payload)
{
	size_t len = strlen(payload);
	char *copy = copy_exactly(payload, len);
	struct audit_record record = {.type = type, .payload = copy, .payload_len = len};
	enum audit_record_use use = audit_record_accept(&record);

	free(copy);
	return use;
}

#define SYSCALL_KILL "arch=c000003e syscall=62"

static const struct accept_row {
	const char *name;
	uint16_t type;
	const char *payload;
	enum audit_record_use expected;
} accept_rows[] = {
	{"kill of x86-64", AUDIT_SYSCALL, SYSCALL_KILL " success=yes exit=0", AUDIT_RECORD_STARTS},
	{"under another key", AUDIT_SYSCALL, SYSCALL_KILL " key=\"somebody\"", AUDIT_RECORD_STARTS},
	{"under no key", AUDIT_SYSCALL, SYSCALL_KILL " key=(null)", AUDIT_RECORD_STARTS},
	{"nothing after the number", AUDIT_SYSCALL, SYSCALL_KILL, AUDIT_RECORD_STARTS},
	{"kill of i386", AUDIT_SYSCALL, "arch=40000003 syscall=37 ", AUDIT_RECORD_STARTS},
	{"tgkill of arm64", AUDIT_SYSCALL, "arch=c00000b7 syscall=131 ", AUDIT_RECORD_STARTS},
	{"pidfd_send_signal of arm", AUDIT_SYSCALL, "arch=40000028 syscall=424 ",
		AUDIT_RECORD_STARTS},
	{"kill of i386 on x86-64 is another call", AUDIT_SYSCALL, "arch=c000003e syscall=37 ",
		AUDIT_RECORD_FOREIGN},
	{"kill of x86-64 on i386 is another call", AUDIT_SYSCALL, "arch=40000003 syscall=62 ",
		AUDIT_RECORD_FOREIGN},
	{"kill of x32", AUDIT_SYSCALL, "arch=c000003e syscall=1073741886 ", AUDIT_RECORD_FOREIGN},
	{"execve", AUDIT_SYSCALL, "arch=c000003e syscall=59 ", AUDIT_RECORD_FOREIGN},
	{"number that begins with that of kill", AUDIT_SYSCALL, "arch=c000003e syscall=620 ",
		AUDIT_RECORD_FOREIGN},
	{"unknown architecture", AUDIT_SYSCALL, "arch=c0000016 syscall=62 ", AUDIT_RECORD_FOREIGN},
	{"architecture of 33 bits", AUDIT_SYSCALL, "arch=1c000003e syscall=62 ",
		AUDIT_RECORD_FOREIGN},
	{"number of 2^32 and 62", AUDIT_SYSCALL, "arch=c000003e syscall=4294967358 ",
		AUDIT_RECORD_FOREIGN},
	{"negative number", AUDIT_SYSCALL, "arch=c000003e syscall=-1 ", AUDIT_RECORD_FOREIGN},
	{"empty", AUDIT_SYSCALL, "", AUDIT_RECORD_FOREIGN},
	{"architecture only", AUDIT_SYSCALL, "arch=c000003e", AUDIT_RECORD_FOREIGN},
	{"no number", AUDIT_SYSCALL, "arch=c000003e syscall=", AUDIT_RECORD_FOREIGN},
	{"no architecture", AUDIT_SYSCALL, "syscall=62 ", AUDIT_RECORD_FOREIGN},
	{"empty architecture", AUDIT_SYSCALL, "arch= syscall=62 ", AUDIT_RECORD_FOREIGN},
	{"something in between", AUDIT_SYSCALL, "arch=c000003e per=8 syscall=62 ",
		AUDIT_RECORD_FOREIGN},
	{"target", AUDIT_OBJ_PID, "opid=7 oauid=-1", AUDIT_RECORD_CONTINUES},
	{"process title", AUDIT_PROCTITLE, "proctitle=\"x\"", AUDIT_RECORD_CONTINUES},
	{"end", AUDIT_EOE, "", AUDIT_RECORD_ENDS},
	{"working directory", AUDIT_CWD, "cwd=\"/\"", AUDIT_RECORD_FOREIGN},
	{"path", AUDIT_PATH, "item=0", AUDIT_RECORD_FOREIGN},
	{"message of a program", AUDIT_USER, SYSCALL_KILL, AUDIT_RECORD_FOREIGN},
	{"change of the rules", AUDIT_CONFIG_CHANGE, SYSCALL_KILL, AUDIT_RECORD_FOREIGN},
	{"type 0", 0, SYSCALL_KILL, AUDIT_RECORD_FOREIGN},
	{"largest type", UINT16_MAX, SYSCALL_KILL, AUDIT_RECORD_FOREIGN},
};

static void test_accept(void **state)
{
	const struct accept_row *row = *state;
	assert_int_equal(use_of(row->type, row->payload), row->expected);
}

static void test_accept_truncated(void **state)
{
	char payload[] = SYSCALL_KILL;

	(void)state;
	while (payload[0] != '\0') {
		payload[strlen(payload) - 1] = '\0';
		assert_int_equal(use_of(AUDIT_SYSCALL, payload), AUDIT_RECORD_FOREIGN);
	}
}

int main(void)
{
	static const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_parse_truncated_head),
		cmocka_unit_test(test_accept_truncated),
	};

	return ROWS_RUN(test_parse, parse_rows) +
	       ROWS_RUN(test_parse_malformed, parse_malformed_rows) +
	       ROWS_RUN(test_accept, accept_rows) + cmocka_run_group_tests(tests, NULL, NULL);
}
