/* SPDX-License-Identifier: GPL-2.0-or-later */
/* SPDX-FileCopyrightText: The killauditd authors */

#include <stdio.h>
#include <string.h>

#include "rows.h"

#include "core/process.h"

/* All fields between the state and the start, and what follows the start, of proc_pid_stat(5). */
#define STAT(pid, comm, state, ppid, tty, start)                                                   \
	pid " (" comm ") " state " " ppid " 7942 7901 " tty                                        \
	    " 7942 4194304 109 0 0 0 3 4 0 0 20 0 1 0 " start                                      \
	    " 2445312 192 18446744073709551615\n"

#define TICKS 100

static const struct stat_row {
	const char *name;
	const char *text;
	bool parsed;
	pid_t pid, ppid;
	const char *comm;
	bool zombie;
	uint32_t tty;
	uint64_t start_usec;
} stat_rows[] = {
	{"plain", STAT("7942", "server", "S", "7901", "34816", "163310"), true, 7942, 7901,
		"server", false, 34816, 1633100000},
	{"the first process", STAT("1", "systemd", "S", "0", "0", "8"), true, 1, 0, "systemd",
		false, 0, 80000},
	{"the largest pid", STAT("4194304", "x", "R", "4194303", "0", "1"), true, 4194304, 4194303,
		"x", false, 0, 10000},
	{"zombie", STAT("7942", "server", "Z", "7901", "0", "163310"), true, 7942, 7901, "server",
		true, 0, 1633100000},
	{"dead", STAT("7942", "server", "X", "7901", "0", "163310"), true, 7942, 7901, "server",
		true, 0, 1633100000},
	{"started at boot", STAT("2", "kthreadd", "S", "0", "0", "0"), true, 2, 0, "kthreadd",
		false, 0, 0},
	{"up for ten years", STAT("7", "x", "S", "1", "0", "31536000000"), true, 7, 1, "x", false,
		0, 315360000000000},
	{"terminal number above the sign bit", STAT("7", "x", "S", "1", "-2147448832", "1"), true,
		7, 1, "x", false, 0x80008800, 10000},
	{"name of 15 bytes", STAT("7", "123456789012345", "S", "1", "0", "1"), true, 7, 1,
		"123456789012345", false, 0, 10000},
	{"empty name", STAT("7", "", "S", "1", "0", "1"), true, 7, 1, "", false, 0, 10000},
	{"a kernel thread's long name", STAT("12", "kworker/u8:0-writeback", "I", "2", "0", "18"),
		true, 12, 2, "kworker/u8:0-wr", false, 0, 180000},
	{"something between pid and name", "7 8 (x) S 1 1 1 0 1 0 0 0 0 0 0 0 0 0 0 20 0 1 0 1 0\n",
		false},
	{"name with a space", STAT("7", "tmux: server", "S", "1", "0", "1"), true, 7, 1,
		"tmux: server", false, 0, 10000},
	{"name like the end of one", STAT("7", "a) (b", "S", "1", "0", "1"), true, 7, 1, "a) (b",
		false, 0, 10000},
	{"name of parentheses", STAT("7", ")(", "S", "1", "0", "1"), true, 7, 1, ")(", false, 0,
		10000},
	{"name like the rest of the line", STAT("7", ") Z 1 1 1 1 1", "S", "5", "0", "1"), true, 7,
		5, ") Z 1 1 1 1 1", false, 0, 10000},
	{"name with line feeds", STAT("7", "a\n8 (b\n", "S", "1", "0", "1"), true, 7, 1,
		"a\n8 (b\n", false, 0, 10000},
	{"name that is not UTF-8", STAT("7", "\xff\xfe", "S", "1", "0", "1"), true, 7, 1,
		"\xff\xfe", false, 0, 10000},
	{"empty", "", false},
	{"line feed", "\n", false},
	{"no parentheses", "7 x S 1 1 1 1 1", false},
	{"name without an end", "7 (x S 1 7942 7901 0", false},
	{"parentheses the wrong way round", "7 )x( S 1 7942 7901 0", false},
	{"no pid", STAT("", "x", "S", "1", "0", "1"), false},
	{"pid is no number", STAT("x", "x", "S", "1", "0", "1"), false},
	{"parent is no number", STAT("7", "x", "S", "x", "0", "1"), false},
	{"start is no number", STAT("7", "x", "S", "1", "0", "x"), false},
};

static void test_stat(void **state)
{
	const struct stat_row *row = *state;
	struct process process = {.uid = 7};

	assert_int_equal(
		process_parse_stat(row->text, strlen(row->text), TICKS, &process), row->parsed);
	assert_int_equal(process.uid, 7);
	if (!row->parsed)
		return;
	assert_int_equal(process.pid, row->pid);
	assert_int_equal(process.ppid, row->ppid);
	assert_string_equal(process.comm, row->comm);
	assert_int_equal(process.zombie, row->zombie);
	assert_int_equal(process.tty_number, row->tty);
	assert_int_equal(process.start_usec, row->start_usec);
}

static const struct ticks_row {
	const char *name;
	unsigned ticks;
	uint64_t start_usec;
} ticks_rows[] = {
	{"100 ticks a second", 100, 1633120000},
	{"250 ticks a second", 250, 653248000},
	{"1024 ticks a second", 1024, 159484375},
};

static void test_ticks(void **state)
{
	static const char text[] = STAT("7", "x", "S", "1", "0", "163312");
	const struct ticks_row *row = *state;
	struct process process = {};

	assert_true(process_parse_stat(text, strlen(text), row->ticks, &process));
	assert_int_equal(process.start_usec, row->start_usec);
}

static const struct flags_row {
	const char *name;
	const char *flags;
	bool parsed, kernel_thread;
} flags_rows[] = {
	{"a program", "4194304", true, false},
	{"no flag", "0", true, false},
	{"a kernel thread", "2129984", true, true},
	{"a kernel worker", "69238880", true, true},
	{"that flag alone", "2097152", true, true},
	{"all flags but that one", "4292870143", true, false},
	{"all flags", "4294967295", true, true},
	{"one flag below", "1048576", true, false},
	{"the others of its four", "13631488", true, false},
	{"no number", "x", false, false},
};

/* What was there before is of another process. */
static void test_kernel_thread(void **state)
{
	const struct flags_row *row = *state;

	for (int before = 0; before <= 1; before++) {
		struct process process = {.kernel_thread = before};
		char text[256];

		snprintf(text, sizeof(text),
			"7 (x) S 2 2097152 2097152 0 2097152 %s 2097152 0 0 0 0 0 0 0 20 0 1 0 18 "
			"2445312 192\n",
			row->flags);
		assert_int_equal(
			process_parse_stat(text, strlen(text), TICKS, &process), row->parsed);
		assert_int_equal(process.kernel_thread, row->parsed ? row->kernel_thread : before);
	}
}

/* However much was left out before the last number that is of use. */
static void test_stat_truncated(void **state)
{
	static const char text[] = STAT("7942", "a) (b", "S", "7901", "34816", "163310");
	size_t needed = (size_t)(strstr(text, "163310") - text) + 6;

	(void)state;
	for (size_t len = 0; len <= needed; len++) {
		struct process process = {.pid = 1, .comm = "before"};
		char copy[sizeof(text)];

		memcpy(copy, text, len);
		copy[len] = '\0';
		assert_false(process_parse_stat(copy, len, TICKS, &process));
		assert_int_equal(process.pid, 1);
		assert_string_equal(process.comm, "before");
	}
}

/* A name that is longer than names are, parsed or not, stays in its place. */
static const struct long_row {
	const char *name;
	const char *text;
} long_rows[] = {
	{"one byte too long", STAT("7", "1234567890123456", "S", "1", "0", "1")},
	{"two bytes too long", STAT("7", "12345678901234567", "S", "1", "0", "1")},
	{"a kernel thread's", STAT("7", "kworker/u8:0-writeback-of-something", "I", "2", "0", "1")},
};

static void test_stat_long_name(void **state)
{
	const struct long_row *row = *state;
	struct process process = {.uid = 7, .euid = 8};

	process_parse_stat(row->text, strlen(row->text), TICKS, &process);
	assert_non_null(memchr(process.comm, '\0', sizeof(process.comm)));
	assert_int_equal(process.uid, 7);
	assert_int_equal(process.euid, 8);
}

static void test_stat_replaces_a_longer_name(void **state)
{
	static const char text[] = STAT("7", "sh", "S", "1", "0", "1");
	static const char rest[COMM_SIZE - 2] = "";
	struct process process = {.comm = "123456789012345", .zombie = true};

	(void)state;
	assert_true(process_parse_stat(text, strlen(text), TICKS, &process));
	assert_string_equal(process.comm, "sh");
	assert_memory_equal(process.comm + 2, rest, sizeof(rest));
	assert_false(process.zombie);
}

#define STATUS(ids, rest)                                                                           \
	"Name:\tserver\nUmask:\t0022\nState:\tS (sleeping)\nTgid:\t7942\nPid:\t7942\nPPid:\t7901\n" \
	"TracerPid:\t0\n" ids "Gid:\t100\t100\t100\t100\nFDSize:\t64\nGroups:\t100 \n" rest

#define IDS "Uid:\t1000\t0\t2\t3\n"
#define VM  "NSpgid:\t7942\t1\nNSsid:\t7901\t0\nVmPeak:\t    2388 kB\n"

static const struct status_row {
	const char *name;
	const char *text;
	bool parsed;
	uint32_t uid, euid;
	pid_t namespace_pid;
	bool namespaced;
} status_rows[] = {
	{"on the host", STATUS(IDS, "NSpid:\t7942\n" VM), true, 1000, 0, 7942, false},
	{"in a container", STATUS(IDS, "NSpid:\t7942\t1\n" VM), true, 1000, 0, 1, true},
	{"in a container in one", STATUS(IDS, "NSpid:\t7942\t31\t12\n" VM), true, 1000, 0, 12,
		true},
	{"same pid in both namespaces", STATUS(IDS, "NSpid:\t7942\t7942\n" VM), true, 1000, 0, 7942,
		true},
	{"NSpid is the last line", STATUS(IDS, "NSpid:\t7942\t5\n"), true, 1000, 0, 5, true},
	{"the last line has no end", STATUS(IDS, "NSpid:\t7942\t5"), true, 1000, 0, 5, true},
	{"NSpid is empty", STATUS(IDS, "NSpid:\n" VM), true, 1000, 0, 0, false},
	{"kernel without pid namespaces", STATUS(IDS, "VmPeak:\t    2388 kB\n"), true, 1000, 0, 0,
		false},
	{"the largest ids", STATUS("Uid:\t4294967294\t4294967293\t0\t0\n", "NSpid:\t7\n"), true,
		UINT32_MAX - 1, UINT32_MAX - 2, 7, false},
	{"a name like another line", "Name:\tUid: 5 5\\nUid:\t6\t6\n" IDS "NSpid:\t7\n", true, 1000,
		0, 7, false},
	{"empty", "", false},
	{"ends before the ids", "Name:\tserver\nPPid:\t7901\n", false},
	{"ends behind the real id", "Name:\tserver\nUid:\t1000", false},
	{"ends in the effective id", "Name:\tserver\nUid:\t1000\t10", false},
	{"ids are no numbers", STATUS("Uid:\tx\ty\n", "NSpid:\t7\n"), false},
	{"another word that ends so", STATUS("Xuid:\t1000\t0\n", "NSpid:\t7\n"), false},
};

static void test_status(void **state)
{
	const struct status_row *row = *state;
	struct process process = {};

	assert_int_equal(process_parse_status(row->text, strlen(row->text), &process), row->parsed);
	assert_int_equal(process.ids_known, row->parsed);
	assert_int_equal(process.namespace_pid, row->namespace_pid);
	assert_int_equal(process.namespaced, row->namespaced);
	if (row->parsed) {
		assert_int_equal(process.uid, row->uid);
		assert_int_equal(process.euid, row->euid);
	}
}

/* A text that goes on behind its length was not read by us. */
static void test_length_is_the_texts(void **state)
{
	static const char stat[] = STAT("7", "x", "S", "1", "0", "1");
	static const char status[] = STATUS(IDS, "NSpid:\t7\n");
	struct process process = {};

	(void)state;
	assert_false(process_parse_stat(stat, strlen(stat) - 1, TICKS, &process));
	assert_false(process_parse_status(status, strlen(status) - 1, &process));
}

static const struct words_row {
	const char *name;
	const char *words;
	size_t len;
	const char *joined;
} words_rows[] = {
	{"nothing", "", 0, ""},
	{"one empty word", "\0", 1, ""},
	{"one word", "server\0", 7, "server"},
	{"three words", "server\0-p\0008080\0", 15, "server -p 8080"},
	{"a word with spaces", "sh\0-c\0kill -9 1\0", 16, "sh -c kill -9 1"},
	{"an empty word at the start", "\0a\0", 3, " a"},
	{"an empty word among others", "a\0\0b\0", 5, "a  b"},
	{"cut in a word", "server\0-p", 9, "server -p"},
	{"a title that the process wrote", "nginx: master\0\0\0\0\0", 18, "nginx: master"},
};

static void test_words(void **state)
{
	const struct words_row *row = *state;
	char words[32] = "..............................";
	size_t len;

	memcpy(words, row->words, row->len);
	len = process_join_words(words, row->len);
	assert_int_equal(len, strlen(row->joined));
	assert_memory_equal(words, row->joined, len);
	assert_int_equal(words[row->len], '.');
}

/* As the kernel's new_encode_dev() packs a device number. */
#define DEVICE(major, minor) (((minor)&0xff) | (major) << 8 | ((minor)&0xfff00) << 12)

static const struct tty_row {
	const char *name;
	uint32_t number;
	const char *tty;
} tty_rows[] = {
	{"none", 0, NULL},
	{"first pseudo terminal", 34816, "pts/0"},
	{"pts/3", DEVICE(136, 3), "pts/3"},
	{"last of a small number", DEVICE(136, 255), "pts/255"},
	{"first of a large number", DEVICE(136, 256), "pts/256"},
	{"a million", DEVICE(136, 0xfffff), "pts/1048575"},
	{"second range of pseudo terminals", DEVICE(137, 0), "pts/256"},
	{"last range of pseudo terminals", DEVICE(143, 255), "pts/2047"},
	{"below the ranges", DEVICE(135, 0), NULL},
	{"above the ranges", DEVICE(144, 0), NULL},
	{"virtual console", DEVICE(4, 1), "tty1"},
	{"last virtual console", DEVICE(4, 63), "tty63"},
	{"serial line", DEVICE(4, 64), "ttyS0"},
	{"another serial line", DEVICE(4, 67), "ttyS3"},
	{"the console", DEVICE(5, 1), NULL},
	{"a major number that ends like 4", DEVICE(0x104, 1), NULL},
};

static void test_tty(void **state)
{
	const struct tty_row *row = *state;
	char buf[32] = "";

	assert_int_equal(process_tty_name(row->number, buf, sizeof(buf)), !!row->tty);
	if (row->tty)
		assert_string_equal(buf, row->tty);
}

static void test_copy_is_independent(void **state)
{
	char exe[] = "/usr/bin/server", cmdline[] = "server", cgroup[] = "/docker",
	     cgroup_text[] = "0::/docker\n";
	const struct process maker = {.pid = 1};
	struct process process = {.pid = 7,
		.maker = &maker,
		.start_usec = 8,
		.comm = "server",
		.exe = exe,
		.cmdline = cmdline,
		.cgroup = cgroup,
		.cgroup_text = cgroup_text,
		.cmdline_cut = true};
	struct process copy;

	(void)state;
	assert_int_equal(process_copy(&process, &copy), 0);
	exe[0] = cmdline[0] = cgroup[0] = cgroup_text[0] = '?';
	assert_int_equal(copy.pid, 7);
	assert_int_equal(copy.start_usec, 8);
	assert_true(copy.cmdline_cut);
	assert_string_equal(copy.comm, "server");
	assert_string_equal(copy.exe, "/usr/bin/server");
	assert_string_equal(copy.cmdline, "server");
	assert_string_equal(copy.cgroup, "/docker");
	assert_string_equal(copy.cgroup_text, "0::/docker\n");
	assert_null(copy.maker);
	process_done(&copy);
	process_done(&copy);
}

static void test_copy_of_little(void **state)
{
	struct process process = {.pid = 7}, copy;

	(void)state;
	assert_int_equal(process_copy(&process, &copy), 0);
	assert_null(copy.exe);
	assert_null(copy.cmdline);
	assert_null(copy.cgroup);
	process_done(&copy);
}

static void test_start_as_it_is_told(void **state)
{
	const struct process exact = {.start_usec = 1239999}, read = {.start_usec = 1230000},
			     unknown = {.start_usec = PROCESS_START_UNKNOWN};

	(void)state;
	assert_int_equal(process_start_told(&exact), 1230000);
	assert_int_equal(process_start_told(&read), 1230000);
	assert_true(process_start_told(&unknown) == PROCESS_START_UNKNOWN);
}

int main(void)
{
	static const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_stat_truncated),
		cmocka_unit_test(test_stat_replaces_a_longer_name),
		cmocka_unit_test(test_length_is_the_texts),
		cmocka_unit_test(test_copy_is_independent),
		cmocka_unit_test(test_copy_of_little),
		cmocka_unit_test(test_start_as_it_is_told),
	};

	return ROWS_RUN(test_stat, stat_rows) + ROWS_RUN(test_stat_long_name, long_rows) +
	       ROWS_RUN(test_ticks, ticks_rows) + ROWS_RUN(test_kernel_thread, flags_rows) +
	       ROWS_RUN(test_status, status_rows) + ROWS_RUN(test_words, words_rows) +
	       ROWS_RUN(test_tty, tty_rows) + cmocka_run_group_tests(tests, NULL, NULL);
}
