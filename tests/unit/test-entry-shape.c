/* SPDX-License-Identifier: GPL-2.0-or-later */
/* SPDX-FileCopyrightText: The killauditd authors */

#include <json-c/json.h>
#include <string.h>

#include "rows.h"
#include "scene.h"

#include "core/buffer.h"
#include "core/entry-shape.h"

struct told {
	enum journal_field field;
	const char *value; /* NULL: no more of them */
	size_t len; /* 0: that of the string */
};

#define MAX_TOLD 32

static void tell(struct journal_entry *entry, const struct told told[MAX_TOLD])
{
	for (size_t i = 0; i < MAX_TOLD && told[i].value; i++)
		journal_entry_add(entry, told[i].field, told[i].value,
			told[i].len ? told[i].len : strlen(told[i].value));
	assert_int_equal(journal_entry_finish(entry), 0);
}

static const struct shape_row {
	const char *name;
	struct told told[MAX_TOLD];
	const char *shape;
} text_rows[] = {
	{"all there is to say",
		{{FIELD_SENDER_PID, "23549"}, {FIELD_SENDER_COMM, "pkill"},
			{FIELD_SENDER_EXE, "/usr/bin/pkill"},
			{FIELD_SENDER_CMDLINE, "pkill -9 server"},
			{FIELD_SENDER_PARENT_PID, "23495"}, {FIELD_SENDER_PARENT_COMM, "bash"},
			{FIELD_SENDER_UID, "1000"}, {FIELD_SENDER_LOGINUID, "1001"},
			{FIELD_SENDER_SESSION, "3"}, {FIELD_SENDER_TTY, "pts/0"},
			{FIELD_SENDER_CGROUP, "/docker/c0ffee"},
			{FIELD_SENDER_CONTAINER_ID, "c0ffee"},
			{FIELD_SENDER_CONTAINER_RUNTIME, "docker"},
			{FIELD_SENDER_ANCESTRY, "systemd(0m0.08s)=>bash=>pkill(33475m5.20s)"},
			{FIELD_TARGET_PID, "7942"}, {FIELD_TARGET_COMM, "server"},
			{FIELD_TARGET_EXE, "/usr/bin/server"}, {FIELD_TARGET_UID, "33"},
			{FIELD_TARGET_LOGINUID, "1002"}, {FIELD_TARGET_CGROUP, "/docker/5fb8"},
			{FIELD_TARGET_CONTAINER_ID, "5fb8"},
			{FIELD_TARGET_CONTAINER_RUNTIME, "docker"}, {FIELD_SIGNAL_NAME, "SIGKILL"},
			{FIELD_SYSCALL, "x86_64:kill"}, {FIELD_RESULT, "success"},
			{FIELD_AUDIT_EVENT, "1795391999.042:4711"}, {FIELD_N_TARGETS, "3"},
			{FIELD_CERTAINTY, "unknown"}, {FIELD_CERTAINTY_REASON, "sender-seed"},
			{FIELD_CERTAINTY_REASON, "target-gone"}},
		"pkill(23549) send SIGKILL to server(7942)\n"
		"parent of sender: bash(23495)\n"
		"task_ancestry:systemd(0m0.08s)=>bash=>pkill(33475m5.20s)\n"
		"    target: container 5fb8 runtime docker exe /usr/bin/server uid 33"
		" loginuid 1002 cgroup /docker/5fb8\n"
		"    sender: container c0ffee runtime docker exe /usr/bin/pkill uid 1000"
		" loginuid 1001 session 3 tty pts/0 cgroup /docker/c0ffee\n"
		"    command line: pkill -9 server\n"
		"    call: x86_64:kill, result success, audit event 1795391999.042:4711,"
		" targets 3\n"
		"    unknown: sender-seed, target-gone\n\n"},
	{"the system call was left out by its rank",
		{{FIELD_SENDER_COMM, "a"}, {FIELD_TARGET_COMM, "b"}, {FIELD_SIGNAL_NAME, "SIGHUP"},
			{FIELD_SENDER_CMDLINE, "a b"}, {FIELD_ROUTE, "tkill"},
			{FIELD_RESULT, "success"}, {FIELD_N_TARGETS, "1"}},
		"a send SIGHUP to b\nparent of sender: ?\n    target:\n    sender:\n"
		"    command line: a b\n    call: tkill, result success, targets 1\n\n"},
	{"refused, and little is known",
		{{FIELD_SENDER_PID, "23549"}, {FIELD_SENDER_UID, "1000"},
			{FIELD_SENDER_LOGINUID, "4294967295"}, {FIELD_SENDER_SESSION, "4294967295"},
			{FIELD_TARGET_PID, "7942"}, {FIELD_TARGET_LOGINUID, "4294967295"},
			{FIELD_SIGNAL_NAME, "SIGTERM"}, {FIELD_SYSCALL, "x86_64:kill"},
			{FIELD_RESULT, "EPERM"}, {FIELD_CERTAINTY, "certain"}},
		"?(23549) tried to send SIGTERM to ?(7942)\n"
		"parent of sender: ?\n"
		"    target: loginuid unset\n"
		"    sender: uid 1000 loginuid unset session unset\n"
		"    call: x86_64:kill, result EPERM\n"
		"    certain\n\n"},
	{"result not known",
		{{FIELD_CERTAINTY_REASON, "cause-result-unknown"}, {FIELD_SENDER_COMM, "a"},
			{FIELD_TARGET_COMM, "b"}, {FIELD_SIGNAL_NAME, "SIGHUP"},
			{FIELD_CERTAINTY, "likely"}},
		"a send SIGHUP to b\nparent of sender: ?\n    target:\n    sender:\n"
		"    call:\n    likely: cause-result-unknown\n\n"},
	{"a word that only begins like success",
		{{FIELD_SENDER_COMM, "a"}, {FIELD_TARGET_COMM, "b"}, {FIELD_SIGNAL_NAME, "SIGHUP"},
			{FIELD_SYSCALL, "x86_64:kill"}, {FIELD_RESULT, "successful"}},
		"a tried to send SIGHUP to b\nparent of sender: ?\n    target:\n    sender:\n"
		"    call: x86_64:kill, result successful\n\n"},
	{"hostile names and paths cannot make a line",
		{{FIELD_SENDER_COMM, "a\nb=>c(1)"}, {FIELD_SENDER_PID, "1"},
			{FIELD_TARGET_COMM, "\x1b[2J\\"}, {FIELD_TARGET_PID, "2"},
			{FIELD_SENDER_PARENT_COMM, "\xff\xfe x"}, {FIELD_SIGNAL_NAME, "SIGHUP"},
			{FIELD_SENDER_EXE, "/tmp/\r\n\n    certain"},
			{FIELD_TARGET_EXE, "/\xc3\xa4\x7f\x80"},
			{FIELD_SENDER_CMDLINE, "sh -c a\nb\0c", 11},
			{FIELD_TARGET_CGROUP, "/a\n0::/b"}},
		"a\\x0ab\\x3d\\x3ec\\x281\\x29(1) send SIGHUP to \\x1b\\x5b2J\\x5c(2)\n"
		"parent of sender: \\xff\\xfe\\x20x\n"
		"    target: exe /\\xc3\\xa4\\x7f\\x80 cgroup /a\\x0a0::/b\n"
		"    sender: exe /tmp/\\x0d\\x0a\\x0a    certain\n"
		"    command line: sh -c a\\x0ab\\x00c\n    call:\n\n"},
	{"a gap is told in one line",
		{{FIELD_MESSAGE, "signals may be missing here"}, {FIELD_KILLAUDIT_TYPE, "gap"},
			{FIELD_CERTAINTY, "certain"}, {FIELD_GAP_REASON, "not-running"},
			{FIELD_GAP_START_USEC, "7"}},
		"gap: signals may be missing here\n\n"},
	{"so is coverage",
		{{FIELD_MESSAGE, "watching"}, {FIELD_KILLAUDIT_TYPE, "coverage"},
			{FIELD_COVERAGE_ROUTE, "kill=ok"}, {FIELD_COVERAGE_ROUTE, "tkill=blind"},
			{FIELD_COVERAGE_COMPLETE, "1"}},
		"coverage: watching\n\n"},
	{"coverage that is not complete",
		{{FIELD_MESSAGE, "watching, but"}, {FIELD_KILLAUDIT_TYPE, "coverage"},
			{FIELD_COVERAGE_COMPLETE, "0"}, {FIELD_COVERAGE_REASON, "no-trace"}},
		"coverage: watching, but\n\n"},
	{"a message cannot make a line",
		{{FIELD_MESSAGE, "a\n\x1b[2Jgap: \xff\0b", 14}, {FIELD_KILLAUDIT_TYPE, "gap"},
			{FIELD_GAP_REASON, "not-running"}},
		"gap: a\\x0a\\x1b[2Jgap: \\xff\\x00b\n\n"},
	{"a send is no gap, whatever its message says",
		{{FIELD_MESSAGE, "gap: GAP_REASON=not-running"}, {FIELD_KILLAUDIT_TYPE, "signal"},
			{FIELD_SENDER_COMM, "a"}, {FIELD_TARGET_COMM, "b"},
			{FIELD_SIGNAL_NAME, "SIGHUP"}},
		"a send SIGHUP to b\nparent of sender: ?\n    target:\n    sender:\n"
		"    call:\n\n"},
};

static void test_text(void **state)
{
	const struct shape_row *row = *state;
	struct journal_entry entry = {};
	struct buffer text = {};

	tell(&entry, row->told);
	buffer_append_string(&text, "before ");
	assert_int_equal(entry_shape_text(&entry, &text), 0);
	assert_string_equal(text.data + 7, row->shape);
	assert_int_equal(text.len, 7 + strlen(row->shape));
	buffer_done(&text);
	journal_entry_done(&entry);
}

static const struct shape_row json_rows[] = {
	{"nothing", {{0}}, "{}\n"},
	{"every value is a string", {{FIELD_PRIORITY, "6"}, {FIELD_SIGNAL, "9"}},
		"{\"PRIORITY\":\"6\",\"SIGNAL\":\"9\"}\n"},
	{"in the order of the table",
		{{FIELD_TARGET_PID, "2"}, {FIELD_SENDER_PID, "1"}, {FIELD_MESSAGE, "x"}},
		"{\"MESSAGE\":\"x\",\"SENDER_PID\":\"1\",\"TARGET_PID\":\"2\"}\n"},
	{"one value of a field that may have many", {{FIELD_EVIDENCE, "audit"}},
		"{\"EVIDENCE\":\"audit\"}\n"},
	{"several values",
		{{FIELD_SENDER_ANCESTOR_COMM, "sh"}, {FIELD_SIGNAL, "9"},
			{FIELD_SENDER_ANCESTOR_COMM, "bash"}, {FIELD_SENDER_ANCESTOR_COMM, "sshd"}},
		"{\"SIGNAL\":\"9\",\"SENDER_ANCESTOR_COMM\":[\"sh\",\"bash\",\"sshd\"]}\n"},
	{"quotes, backslashes, slashes and line feeds",
		{{FIELD_TARGET_EXE, "/a\"b\\\n\","}, {FIELD_TARGET_COMM, "\x1b\x7f"}},
		"{\"TARGET_COMM\":\"\\u001b\x7f\",\"TARGET_EXE\":\"/a\\\"b\\\\\\n\\\",\"}\n"},
	{"a NUL", {{FIELD_TARGET_COMM, "a\0b", 3}}, "{\"TARGET_COMM\":\"a\\u0000b\"}\n"},
	{"UTF-8", {{FIELD_TARGET_COMM, "\xc3\xa4\xe2\x82\xac"}},
		"{\"TARGET_COMM\":\"\xc3\xa4\xe2\x82\xac\"}\n"},
	{"not UTF-8", {{FIELD_TARGET_COMM, "\xff\xfe"}},
		"{\"TARGET_COMM\":{\"base64\":\"//4=\"}}\n"},
	{"some of the values are not UTF-8",
		{{FIELD_SENDER_ANCESTOR_COMM, "sh"}, {FIELD_SENDER_ANCESTOR_COMM, "\xff"}},
		"{\"SENDER_ANCESTOR_COMM\":[\"sh\",{\"base64\":\"/w==\"}]}\n"},
	{"the first of the values is not UTF-8",
		{{FIELD_SENDER_ANCESTOR_COMM, "\xff"}, {FIELD_SENDER_ANCESTOR_COMM, "sh"}},
		"{\"SENDER_ANCESTOR_COMM\":[{\"base64\":\"/w==\"},\"sh\"]}\n"},
};

static void test_json(void **state)
{
	const struct shape_row *row = *state;
	struct journal_entry entry = {};
	struct buffer json = {};

	tell(&entry, row->told);
	buffer_append_string(&json, "before ");
	assert_int_equal(entry_shape_json(&entry, &json), 0);
	assert_string_equal(json.data + 7, row->shape);
	buffer_done(&json);
	journal_entry_done(&entry);
}

/* Whether the value, or one of the values in an array, is the text. */
static bool json_holds(json_object *value, const char *text, size_t len)
{
	if (json_object_is_type(value, json_type_array)) {
		for (size_t i = 0; i < json_object_array_length(value); i++)
			if (json_holds(json_object_array_get_idx(value, i), text, len))
				return true;
		return false;
	}
	return json_object_is_type(value, json_type_string) &&
	       (size_t)json_object_get_string_len(value) == len &&
	       memcmp(json_object_get_string(value), text, len) == 0;
}

static void test_json_of_a_send_is_all_of_it(void **state)
{
	struct buffer json = {};
	struct scene scene;
	json_object *object;
	size_t n = 0;

	(void)state;
	scene_init(&scene);
	scene_format(&scene);
	assert_int_equal(entry_shape_json(&scene.entry, &json), 0);
	assert_ptr_equal(strchr(json.data, '\n'), json.data + json.len - 1);
	object = json_tokener_parse(json.data);
	json_object_object_foreach(object, key, value)
	{
		n += json_object_is_type(value, json_type_array) ? json_object_array_length(value)
								 : 1;
		assert_non_null(key);
	}
	assert_int_equal(n, scene.entry.n_items);
	for (size_t i = 0; i < scene.entry.n_items; i++) {
		size_t len;
		const char *text = journal_entry_value(&scene.entry, i, &len);
		const char *name = journal_field_name(scene.entry.items[i].field);

		assert_true(json_holds(json_object_object_get(object, name), text, len));
	}
	json_object_put(object);
	buffer_done(&json);
	scene_done(&scene);
}

static void test_text_of_a_send_has_no_line_of_its_own(void **state)
{
	struct buffer text = {};
	struct scene scene;
	size_t n_lines = 0;

	(void)state;
	scene_init(&scene);
	memset(scene.event.sender.comm, '\n', COMM_SIZE - 1);
	memset(scene.target.comm, '\n', COMM_SIZE - 1);
	scene.ancestry.links[1].comm = scene.ancestry.links[1].exe = "\n\n";
	scene.attributed.sender_party.exe = scene.attributed.target_party.exe = "\n\n";
	scene.attributed.sender_party.cmdline = "\n\n";
	scene.attributed.sender_party.container.id[0] = '\0';
	scene.attributed.target_party.container.id[0] = '\0';
	scene_format(&scene);
	assert_int_equal(entry_shape_text(&scene.entry, &text), 0);
	for (size_t i = 0; i < text.len; i++)
		n_lines += text.data[i] == '\n';
	assert_int_equal(n_lines, 9);
	assert_string_equal(text.data + text.len - 2, "\n\n");
	buffer_done(&text);
	scene_done(&scene);
}

int main(void)
{
	static const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_json_of_a_send_is_all_of_it),
		cmocka_unit_test(test_text_of_a_send_has_no_line_of_its_own),
	};

	return ROWS_RUN(test_text, text_rows) + ROWS_RUN(test_json, json_rows) +
	       cmocka_run_group_tests(tests, NULL, NULL);
}
