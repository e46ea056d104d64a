/* SPDX-License-Identifier: GPL-2.0-or-later */
/* SPDX-FileCopyrightText: The killauditd authors */

#include <json-c/json.h>
#include <stdio.h>
#include <string.h>

#include "rows.h"

#include "core/ancestry.h"
#include "core/buffer.h"

#define UNKNOWN PROCESS_START_UNKNOWN
#define LIVE    PROCESS_SOURCE_PROCFS, true
#define PAST    PROCESS_SOURCE_SEED, false
#define NOTHING(pid)                                                                               \
	{                                                                                          \
		pid, NULL, NULL, UNKNOWN, PROCESS_SOURCE_NONE, false                               \
	}

/* The links of a chain, the sender first. */
#define CHAIN(...)                                                                                 \
	{                                                                                          \
		.links = {__VA_ARGS__}, .n_links = ELEMENTS(((struct ancestor[]){__VA_ARGS__}))    \
	}

#define SYSTEMD                                                                                    \
	{                                                                                          \
		1, "systemd", "/usr/lib/systemd/systemd", 80000, LIVE                              \
	}

static const struct format_row {
	const char *name;
	struct ancestry ancestry; /* but for .complete: */
	bool complete;
	const char *text, *names, *json;
} format_rows[] = {
	{"as the recipe prints it",
		CHAIN({8, "pkill", "/usr/bin/pkill", 2008475200000, LIVE},
			{7, "sh", "/bin/dash", 1169462570000, PAST}, SYSTEMD),
		true, "systemd(0m0.08s)=>sh(19491m2.57s)=>pkill(33474m35.20s)",
		"systemd=>sh=>pkill",
		"[{\"pid\":1,\"comm\":\"systemd\",\"exe\":\"/usr/lib/systemd/systemd\","
		"\"start_usec\":80000,\"src\":\"procfs\",\"alive\":true},"
		"{\"pid\":7,\"comm\":\"sh\",\"exe\":\"/bin/dash\","
		"\"start_usec\":1169462570000,\"src\":\"seed\",\"alive\":false},"
		"{\"pid\":8,\"comm\":\"pkill\",\"exe\":\"/usr/bin/pkill\","
		"\"start_usec\":2008475200000,\"src\":\"procfs\",\"alive\":true}]"},
	{"the sender is the first process", CHAIN(SYSTEMD), true, "systemd(0m0.08s)", "systemd",
		"[{\"pid\":1,\"comm\":\"systemd\",\"exe\":\"/usr/lib/systemd/systemd\","
		"\"start_usec\":80000,\"src\":\"procfs\",\"alive\":true}]"},
	{"the sender's start is not known",
		CHAIN({8, "pkill", NULL, UNKNOWN, PROCESS_SOURCE_AUDIT, false}, SYSTEMD), true,
		"systemd(0m0.08s)=>pkill", "systemd=>pkill",
		"[{\"pid\":1,\"comm\":\"systemd\",\"exe\":\"/usr/lib/systemd/systemd\","
		"\"start_usec\":80000,\"src\":\"procfs\",\"alive\":true},"
		"{\"pid\":8,\"comm\":\"pkill\",\"src\":\"audit\",\"alive\":false}]"},
	{"an ancestor of which nothing is known",
		CHAIN({8, "pkill", NULL, 10000, LIVE}, NOTHING(7)), false, "?=>pkill(0m0.01s)",
		"?=>pkill",
		"[{\"pid\":7,\"src\":\"unknown\",\"alive\":false},"
		"{\"pid\":8,\"comm\":\"pkill\",\"start_usec\":10000,\"src\":\"procfs\","
		"\"alive\":true}]"},
	{"nothing is known but that it was", CHAIN(NOTHING(8)), false, "?", "?",
		"[{\"pid\":8,\"src\":\"unknown\",\"alive\":false}]"},
	{"cut behind a known one", CHAIN({8, "pkill", NULL, 10000, LIVE}, {7, "sh", NULL, 0, LIVE}),
		false, "?=>sh(0m0.00s)=>pkill(0m0.01s)", "?=>sh=>pkill",
		"[{\"pid\":7,\"comm\":\"sh\",\"start_usec\":0,\"src\":\"procfs\",\"alive\":true},"
		"{\"pid\":8,\"comm\":\"pkill\",\"start_usec\":10000,\"src\":\"procfs\","
		"\"alive\":true}]"},
	{"a name that is not known or empty",
		CHAIN({8, NULL, NULL, 10000, LIVE}, {1, "", "/x", 0, LIVE}), true,
		"?(0m0.00s)=>?(0m0.01s)", "?=>?",
		"[{\"pid\":1,\"exe\":\"/x\",\"start_usec\":0,\"src\":\"procfs\",\"alive\":true},"
		"{\"pid\":8,\"start_usec\":10000,\"src\":\"procfs\",\"alive\":true}]"},
	{"digits beyond 10 ms are not told",
		CHAIN({8, "a", NULL, 59999999, LIVE}, {1, "b", NULL, 60000000, LIVE}), true,
		"b(1m0.00s)=>a(0m59.99s)", "b=>a",
		"[{\"pid\":1,\"comm\":\"b\",\"start_usec\":60000000,\"src\":\"procfs\","
		"\"alive\":true},{\"pid\":8,\"comm\":\"a\",\"start_usec\":59999999,"
		"\"src\":\"procfs\",\"alive\":true}]"},
	{"a name that looks like a chain", CHAIN({8, "a=>b(0m0.01s)", NULL, UNKNOWN, LIVE}), true,
		"a\\x3d\\x3eb\\x280m0.01s\\x29", "a\\x3d\\x3eb\\x280m0.01s\\x29",
		"[{\"pid\":8,\"comm\":\"a=>b(0m0.01s)\",\"src\":\"procfs\",\"alive\":true}]"},
	{"a name that is our mark", CHAIN({8, "?", NULL, UNKNOWN, LIVE}), true, "\\x3f", "\\x3f",
		"[{\"pid\":8,\"comm\":\"?\",\"src\":\"procfs\",\"alive\":true}]"},
	{"a name with spaces, a line feed and a quote",
		CHAIN({8, "a b\n\"", "/tmp/x \"\n", UNKNOWN, LIVE}), true, "a\\x20b\\x0a\\x22",
		"a\\x20b\\x0a\\x22",
		"[{\"pid\":8,\"comm\":\"a b\\n\\\"\",\"exe\":\"/tmp/x \\\"\\n\",\"src\":\"procfs\","
		"\"alive\":true}]"},
	{"names that are not UTF-8", CHAIN({8, "\xff\xfe", "/\xc3", UNKNOWN, LIVE}), true,
		"\\xff\\xfe", "\\xff\\xfe",
		"[{\"pid\":8,\"comm\":{\"base64\":\"//4=\"},\"exe\":{\"base64\":\"L8M=\"},"
		"\"src\":\"procfs\",\"alive\":true}]"},
};

static void test_format(void **state)
{
	const struct format_row *row = *state;
	struct ancestry ancestry = row->ancestry;
	struct buffer buffer = {};

	ancestry.complete = row->complete;
	buffer_append_string(&buffer, "before ");
	ancestry_format(&ancestry, &buffer);
	assert_string_equal(buffer.data + 7, row->text);
	buffer_cut(&buffer, 7);
	ancestry_format_names(&ancestry, 1000, &buffer);
	assert_string_equal(buffer.data + 7, row->names);
	buffer_cut(&buffer, 7);
	assert_int_equal(ancestry_format_json(&ancestry, &buffer), 0);
	assert_string_equal(buffer.data + 7, row->json);
	assert_memory_equal(buffer.data, "before ", 7);
	buffer_done(&buffer);
}

static const struct room_row {
	const char *name;
	size_t room;
	bool complete;
	const char *names;
} room_rows[] = {
	{"more than enough", 100, true, "systemd=>sshd=>bash=>pkill"},
	{"more than enough, and not known further up", 100, false, "?=>systemd=>sshd=>bash=>pkill"},
	{"all, and the mark would fit too", 33, true, "systemd=>sshd=>bash=>pkill"},
	{"all but one", 24, true, "...=>sshd=>bash=>pkill"},
	{"the sender and its parent", 18, true, "...=>bash=>pkill"},
	{"the sender alone", 12, true, "...=>pkill"},
	{"what is not known further up is cut too", 24, false, "...=>sshd=>bash=>pkill"},
	{"not even the sender", 9, true, "...=>"},
	{"not even the mark", 3, true, ""},
};

#define SSH                                                                                        \
	CHAIN({9, "pkill", NULL, 1, LIVE}, {8, "bash", NULL, 1, LIVE}, {7, "sshd", NULL, 1, LIVE}, \
		SYSTEMD)

static void test_room(void **state)
{
	const struct room_row *row = *state;
	struct ancestry ancestry = SSH;
	struct buffer buffer = {};

	ancestry.complete = row->complete;
	buffer_append_string(&buffer, "before ");
	ancestry_format_names(&ancestry, row->room, &buffer);
	assert_string_equal(buffer.data + 7, row->names);
	buffer_done(&buffer);
}

static void test_room_is_kept(void **state)
{
	static const struct ancestry all = SSH;
	struct buffer buffer = {};
	size_t longest = 0;

	(void)state;
	for (size_t room = 5; room < 60; room++) {
		for (int complete = 0; complete < 2; complete++) {
			struct ancestry ancestry = all;

			ancestry.complete = complete;
			buffer_clear(&buffer);
			ancestry_format_names(&ancestry, room, &buffer);
			assert_true(buffer.len <= room);
		}
		assert_true(buffer.len >= longest);
		longest = buffer.len;
	}
	buffer_done(&buffer);
}

/* Escapes make a name four times as long: that is what counts. */
static void test_room_for_escapes(void **state)
{
	struct ancestry ancestry = CHAIN({9, "pkill", NULL, 1, LIVE}, {8, "((((((", NULL, 1, LIVE});
	struct buffer buffer = {};

	(void)state;
	ancestry.complete = true;
	ancestry_format_names(&ancestry, 30, &buffer);
	assert_string_equal(buffer.data, "...=>pkill");
	buffer_done(&buffer);
}

#define JSON_MAX 16384 /* what users are told */
#define EXE_MAX  20000

/* A chain of `n` processes, the sender with pid 1 and so on, each with an executable of `exe_len`
 * bytes, the sender's `more` longer. */
static void long_chain(
	struct ancestry *ancestry, size_t n, size_t exe_len, size_t more, char exe[static EXE_MAX])
{
	memset(exe, 'x', EXE_MAX);
	exe[EXE_MAX - 1] = '\0';
	*ancestry = (struct ancestry){.n_links = n, .complete = true};
	for (size_t i = 0; i < n; i++)
		ancestry->links[i] = (struct ancestor){.pid = (pid_t)i + 1,
			.comm = "x",
			.exe = exe + EXE_MAX - 1 - exe_len - (i == 0 ? more : 0),
			.start_usec = UNKNOWN};
}

/* Bytes of a link beside its executable, with a comma, for a pid of one digit. */
#define LINK_1                                                                                     \
	strlen("{\"pid\":1,\"comm\":\"x\",\"exe\":\"\",\"src\":\"unknown\",\"alive\":false},")

static const struct bound_row {
	const char *name;
	size_t n, exe_len, more;
	size_t n_dropped, len;
} bound_rows[] = {
	{"all of the longest chain", ANCESTRY_MAX, 100, 0, 0, 0},
	{"all, to the last byte", 8, 1800, JSON_MAX - 1 - 8 * (1800 + LINK_1), 0, JSON_MAX},
	{"one byte too many", 8, 1800, JSON_MAX - 8 * (1800 + LINK_1), 1, 0},
	{"the longest chain of the longest paths", ANCESTRY_MAX, 4095, 0, ANCESTRY_MAX - 3, 0},
	{"the longest chain, half of it", ANCESTRY_MAX, 440, 0, ANCESTRY_MAX - 32, 0},
	{"the longest chain of all but endless paths", ANCESTRY_MAX, 9000, 0, ANCESTRY_MAX - 1, 0},
	{"the sender alone is too long", 1, 16400, 0, 1, 0},
	{"the sender itself is too long", 3, 10, 16400, 3, 0},
};

static int64_t member(json_object *array, size_t index, const char *key)
{
	json_object *value;

	assert_true(
		json_object_object_get_ex(json_object_array_get_idx(array, index), key, &value));
	return json_object_get_int64(value);
}

static void test_json_bound(void **state)
{
	const struct bound_row *row = *state;
	static char exe[EXE_MAX];
	struct ancestry ancestry;
	struct buffer buffer = {};
	json_object *array;
	size_t n_kept = row->n - row->n_dropped, first = row->n_dropped ? 1 : 0;

	long_chain(&ancestry, row->n, row->exe_len, row->more, exe);
	buffer_append_string(&buffer, "before ");
	assert_int_equal(ancestry_format_json(&ancestry, &buffer), 0);
	assert_true(buffer.len - 7 <= JSON_MAX);
	if (row->len)
		assert_int_equal(buffer.len - 7, row->len);
	assert_null(strstr(buffer.data, ",]")); /* json-c would let it pass */
	array = json_tokener_parse(buffer.data + 7);
	assert_true(json_object_is_type(array, json_type_array));
	assert_int_equal(json_object_array_length(array), n_kept + first);
	if (first)
		assert_int_equal(member(array, 0, "dropped"), row->n_dropped);
	for (size_t i = 0; i < n_kept; i++) /* oldest first, the sender last */
		assert_int_equal(member(array, first + i, "pid"), n_kept - i);
	json_object_put(array);
	buffer_done(&buffer);
}

int main(void)
{
	static const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_room_is_kept),
		cmocka_unit_test(test_room_for_escapes),
	};

	return ROWS_RUN(test_format, format_rows) + ROWS_RUN(test_room, room_rows) +
	       ROWS_RUN(test_json_bound, bound_rows) + cmocka_run_group_tests(tests, NULL, NULL);
}
