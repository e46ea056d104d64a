/* SPDX-License-Identifier: GPL-2.0-or-later */
/* SPDX-FileCopyrightText: The killauditd authors */

#include "unit.h"

#include <errno.h>
#include <limits.h>
#include <linux/audit.h>
#include <stdio.h>
#include <string.h>

#include "core/signal-event.h"
#include "event-sample.h"
#include "rows.h"

static void test_whole_event(void **state)
{
	struct signal_event event;

	(void)state;
	assert_int_equal(sample_decode_call(NULL, NULL, NULL, &event), 0);
	assert_int_equal(event.serial, 7);
	assert_int_equal(event.time_msec, 1795392304338);
	assert_int_equal(event.syscall.route, ROUTE_KILL);
	assert_string_equal(event.syscall.arch_name, "x86_64");
	assert_int_equal(event.signal, 9);
	assert_true(event.result_known);
	assert_int_equal(event.error, 0);
	assert_false(event.incomplete);
	assert_int_equal(event.sender.pid, 101);
	assert_int_equal(event.sender.ppid, 100);
	assert_int_equal(event.sender.uid, 1001);
	assert_int_equal(event.sender.euid, 1002);
	assert_int_equal(event.sender.loginuid, 1000);
	assert_int_equal(event.sender.session, 3);
	assert_string_equal(event.sender.comm, "kill");
	assert_string_equal(event.sender.tty, "pts0");
	assert_string_equal(event.sender.exe, "/bin/kill");
	assert_string_equal(event.sender.context, "unconfined");
	assert_string_equal(event.sender.title, "kill -9 3340");
	assert_int_equal(event.sender.title_len, strlen("kill -9 3340"));
	assert_int_equal(event.n_targets, 1);
	assert_int_equal(event.targets[0].pid, 200);
	assert_int_equal(event.targets[0].uid, 1003);
	assert_int_equal(event.targets[0].loginuid, AUDIT_ID_UNSET);
	assert_int_equal(event.targets[0].session, 4);
	assert_string_equal(event.targets[0].comm, "sleep");
	assert_string_equal(event.targets[0].context, "init_t");
	signal_event_done(&event);
	assert_null(event.targets);
	signal_event_done(&event);
}

static const struct route_row {
	const char *name;
	const char *call;
	enum signal_route route;
	unsigned signal_arg;
	const char *arch_name;
} route_rows[] = {
#define X86_64  "arch=c000003e syscall="
#define I386    "arch=40000003 syscall="
#define AARCH64 "arch=c00000b7 syscall="
#define ARM     "arch=40000028 syscall="
	{"kill on x86_64", X86_64 "62", ROUTE_KILL, 1, "x86_64"},
	{"tkill on x86_64", X86_64 "200", ROUTE_TKILL, 1, "x86_64"},
	{"tgkill on x86_64", X86_64 "234", ROUTE_TGKILL, 2, "x86_64"},
	{"rt_sigqueueinfo on x86_64", X86_64 "129", ROUTE_RT_SIGQUEUEINFO, 1, "x86_64"},
	{"rt_tgsigqueueinfo on x86_64", X86_64 "297", ROUTE_RT_TGSIGQUEUEINFO, 2, "x86_64"},
	{"pidfd_send_signal on x86_64", X86_64 "424", ROUTE_PIDFD_SEND_SIGNAL, 1, "x86_64"},
	{"kill on i386", I386 "37", ROUTE_KILL, 1, "i386"},
	{"tkill on i386", I386 "238", ROUTE_TKILL, 1, "i386"},
	{"tgkill on i386", I386 "270", ROUTE_TGKILL, 2, "i386"},
	{"rt_sigqueueinfo on i386", I386 "178", ROUTE_RT_SIGQUEUEINFO, 1, "i386"},
	{"rt_tgsigqueueinfo on i386", I386 "335", ROUTE_RT_TGSIGQUEUEINFO, 2, "i386"},
	{"pidfd_send_signal on i386", I386 "424", ROUTE_PIDFD_SEND_SIGNAL, 1, "i386"},
	{"kill on aarch64", AARCH64 "129", ROUTE_KILL, 1, "aarch64"},
	{"tkill on aarch64", AARCH64 "130", ROUTE_TKILL, 1, "aarch64"},
	{"tgkill on aarch64", AARCH64 "131", ROUTE_TGKILL, 2, "aarch64"},
	{"rt_sigqueueinfo on aarch64", AARCH64 "138", ROUTE_RT_SIGQUEUEINFO, 1, "aarch64"},
	{"rt_tgsigqueueinfo on aarch64", AARCH64 "240", ROUTE_RT_TGSIGQUEUEINFO, 2, "aarch64"},
	{"pidfd_send_signal on aarch64", AARCH64 "424", ROUTE_PIDFD_SEND_SIGNAL, 1, "aarch64"},
	{"kill on arm", ARM "37", ROUTE_KILL, 1, "arm"},
	{"tkill on arm", ARM "238", ROUTE_TKILL, 1, "arm"},
	{"tgkill on arm", ARM "268", ROUTE_TGKILL, 2, "arm"},
	{"rt_sigqueueinfo on arm", ARM "178", ROUTE_RT_SIGQUEUEINFO, 1, "arm"},
	{"rt_tgsigqueueinfo on arm", ARM "363", ROUTE_RT_TGSIGQUEUEINFO, 2, "arm"},
	{"pidfd_send_signal on arm", ARM "424", ROUTE_PIDFD_SEND_SIGNAL, 1, "arm"},
};

/* The upper half of every register is rubbish, and each argument would pass for a signal. */
static void test_route(void **state)
{
	const struct route_row *row = *state;
	struct signal_event event;
	char words[256];

	snprintf(words, sizeof(words),
		"%s a0=ffffffff0000000a a1=ffffffff0000000b a2=ffffffff0000000c a3=ffffffff0000000e",
		row->call);
	assert_int_equal(sample_decode_call(words, NULL, NULL, &event), 0);
	assert_int_equal(event.syscall.route, row->route);
	assert_string_equal(event.syscall.arch_name, row->arch_name);
	assert_int_equal(event.signal, 10 + row->signal_arg);
	signal_event_done(&event);
}

static const struct signal_row {
	const char *name;
	const char *call;
	const char *without;
	int expected;
	int signal;
} signal_rows[] = {
	{"signal 1", "a1=1", NULL, 0, 1},
	{"hexadecimal", "a1=1f", NULL, 0, 31},
	{"last signal", "a1=40", NULL, 0, 64},
	{"no signal any more", "a1=41", NULL, 0, 65},
	{"largest int", "a1=7fffffff", NULL, 0, INT_MAX},
	{"smallest int", "a1=80000000", NULL, 0, INT_MIN},
	{"-1", "a1=ffffffff", NULL, 0, -1},
	{"-1, wide", "a1=ffffffffffffffff", NULL, 0, -1},
	{"signal 0", "a1=0", NULL, SIGNAL_EVENT_NO_SIGNAL},
	{"signal 0, wide", "a1=ffffffff00000000", NULL, SIGNAL_EVENT_NO_SIGNAL},
	{"signal 0 to nobody's sender", "a1=0 pid=x", NULL, SIGNAL_EVENT_NO_SIGNAL},
	{"absent", NULL, "a1", SIGNAL_EVENT_MALFORMED},
	{"no number", "a1=SIGKILL", NULL, SIGNAL_EVENT_MALFORMED},
	{"wider than a register", "a1=10000000000000009", NULL, SIGNAL_EVENT_MALFORMED},
	{"other arguments absent", NULL, "a2", 0, 9},
};

static void test_signal(void **state)
{
	const struct signal_row *row = *state;
	struct signal_event event;

	assert_int_equal(sample_decode_call(row->call, row->without, NULL, &event), row->expected);
	if (row->expected == 0) {
		assert_int_equal(event.signal, row->signal);
		signal_event_done(&event);
	}
}

#define PIDFD "syscall=424 "

static const struct pidfd_row {
	const char *name;
	const char *call;
	const char *without;
	int expected;
	bool with_info;
	uint32_t flags;
} pidfd_rows[] = {
	{"without data", PIDFD "a2=0 a3=0", NULL, 0, false, 0},
	{"with data", PIDFD "a2=7ffd5e0c8a10 a3=0", NULL, 0, true, 0},
	{"to a thread", PIDFD "a2=0 a3=1", NULL, 0, false, 1},
	{"to a process group, with data", PIDFD "a2=1 a3=4", NULL, 0, true, 4},
	{"data at a multiple of 2^32", PIDFD "a2=7ffd00000000 a3=0", NULL, 0, true, 0},
	{"rubbish above the flags", PIDFD "a2=0 a3=ffffffff00000002", NULL, 0, false, 2},
	{"data absent", PIDFD "a3=0", "a2", SIGNAL_EVENT_MALFORMED},
	{"flags absent", PIDFD "a2=0", "a3", SIGNAL_EVENT_MALFORMED},
	{"flags by name", PIDFD "a2=0 a3=PIDFD_SIGNAL_THREAD", NULL, SIGNAL_EVENT_MALFORMED},
	{"no signal", PIDFD "a1=0 a2=x", NULL, SIGNAL_EVENT_NO_SIGNAL},
	{"kill has neither", "a2=1 a3=1", NULL, 0, false, 0},
	{"rt_sigqueueinfo has no flags", "syscall=129 a2=1 a3=1", NULL, 0, false, 0},
};

static void test_pidfd(void **state)
{
	const struct pidfd_row *row = *state;
	struct signal_event event;

	assert_int_equal(sample_decode_call(row->call, row->without, NULL, &event), row->expected);
	if (row->expected != 0)
		return;
	assert_int_equal(event.with_info, row->with_info);
	assert_int_equal(event.flags, row->flags);
	signal_event_done(&event);
}

static const struct self_row {
	const char *name;
	const char *call;
	struct sample_record target;
	bool incomplete;
	int expected;
	pid_t pid;
} self_rows[] = {
	{"rt_sigqueueinfo", "syscall=129", {}, false, 0, 101},
	{"rt_tgsigqueueinfo", "syscall=297 a2=9", {}, false, 0, 101},
	{"pidfd_send_signal with data", PIDFD "a2=1", {}, false, 0, 101},
	{"without: its code is not above 0", PIDFD "a2=0", {}, false, SIGNAL_EVENT_NO_TARGET},
	{"kill: neither", "syscall=62", {}, false, SIGNAL_EVENT_NO_TARGET},
	{"it failed: there may have been nobody", "syscall=129 success=no exit=-3", {}, false,
		SIGNAL_EVENT_NO_TARGET},
	{"there is a target", "syscall=129", {AUDIT_OBJ_PID}, false, 0, 200},
	{"there is one that cannot be read", "syscall=129", {AUDIT_OBJ_PID, "opid=x"}, false,
		SIGNAL_EVENT_MALFORMED},
	{"there may have been one", "syscall=129", {}, true, SIGNAL_EVENT_MALFORMED},
	{"no signal", "syscall=129 a1=0", {}, false, SIGNAL_EVENT_NO_SIGNAL},
};

static void test_to_self(void **state)
{
	const struct self_row *row = *state;
	struct event_fields fields = {.incomplete = row->incomplete};
	struct signal_event event;

	sample_add(&fields, &(struct sample_record){AUDIT_SYSCALL, row->call});
	if (row->target.type)
		sample_add(&fields, &row->target);
	assert_int_equal(signal_event_decode_to_self(&fields, &event), row->expected);
	event_fields_done(&fields);
	if (row->expected != 0)
		return;
	assert_int_equal(event.n_targets, 1);
	assert_int_equal(event.targets[0].pid, row->pid);
	if (row->pid == event.sender.pid) {
		assert_int_equal(event.targets[0].uid, 1001);
		assert_int_equal(event.targets[0].loginuid, 1000);
		assert_int_equal(event.targets[0].session, 3);
		assert_string_equal(event.targets[0].comm, "kill");
		assert_string_equal(event.targets[0].context, "unconfined");
	}
	signal_event_done(&event);
}

static const struct result_row {
	const char *name;
	const char *call;
	const char *without;
	bool known;
	int error;
} result_rows[] = {
	{"success", "success=yes exit=0", NULL, true, 0},
	{"EPERM", "success=no exit=-1", NULL, true, EPERM},
	{"ESRCH", "success=no exit=-3", NULL, true, ESRCH},
	{"interrupted", "success=no exit=-512", NULL, true, 512},
	{"largest errno", "success=no exit=-4095", NULL, true, 4095},
	{"beyond errno", "success=no exit=-4096", NULL, true, 0},
	{"smallest number", "success=no exit=-9223372036854775808", NULL, true, 0},
	{"positive number", "success=yes exit=1", NULL, true, 0},
	{"died in the call: neither", "exit=-1", "success", false, 0},
	{"exit absent", NULL, "exit", false, 0},
	{"exit is no number", "exit=EPERM", NULL, false, 0},
};

static void test_result(void **state)
{
	const struct result_row *row = *state;
	struct signal_event event;

	assert_int_equal(sample_decode_call(row->call, row->without, NULL, &event), 0);
	assert_int_equal(event.result_known, row->known);
	assert_int_equal(event.error, row->error);
	signal_event_done(&event);
}

static const struct sender_row {
	const char *name;
	const char *call;
	const char *without;
	int expected;
} sender_rows[] = {
	{"pid absent", NULL, "pid", SIGNAL_EVENT_MALFORMED},
	{"ppid absent", NULL, "ppid", SIGNAL_EVENT_MALFORMED},
	{"uid absent", NULL, "uid", SIGNAL_EVENT_MALFORMED},
	{"euid absent", NULL, "euid", SIGNAL_EVENT_MALFORMED},
	{"auid absent", NULL, "auid", SIGNAL_EVENT_MALFORMED},
	{"ses absent", NULL, "ses", SIGNAL_EVENT_MALFORMED},
	{"pid empty", "pid=", NULL, SIGNAL_EVENT_MALFORMED},
	{"pid negative", "pid=-1", NULL, SIGNAL_EVENT_MALFORMED},
	{"pid largest", "pid=2147483647", NULL, 0},
	{"pid too large", "pid=2147483648", NULL, SIGNAL_EVENT_MALFORMED},
	{"pid of 2^32 and 101", "pid=4294967397", NULL, SIGNAL_EVENT_MALFORMED},
	{"pid with something after it", "pid=101,", NULL, SIGNAL_EVENT_MALFORMED},
	{"ppid 0", "ppid=0", NULL, 0},
	{"uid largest", "uid=4294967295", NULL, 0},
	{"uid too large", "uid=4294967296", NULL, SIGNAL_EVENT_MALFORMED},
	{"auid unset", "auid=4294967295", NULL, 0},
	{"auid too small", "auid=-2", NULL, SIGNAL_EVENT_MALFORMED},
	{"ses by name", "ses=unset", NULL, SIGNAL_EVENT_MALFORMED},
	{"pid twice: the first", "pid=101 pid=x", NULL, 0},
	{"arch absent", NULL, "arch", SIGNAL_EVENT_OTHER},
	{"arch by name", "arch=x86_64", NULL, SIGNAL_EVENT_OTHER},
	{"arch of another machine", "arch=c0000016", NULL, SIGNAL_EVENT_OTHER},
	{"arch of 33 bits", "arch=1c000003e", NULL, SIGNAL_EVENT_OTHER},
	{"syscall absent", NULL, "syscall", SIGNAL_EVENT_OTHER},
	{"syscall by name", "syscall=kill", NULL, SIGNAL_EVENT_OTHER},
	{"syscall of another family", "syscall=59", NULL, SIGNAL_EVENT_OTHER},
	{"syscall negative", "syscall=-62", NULL, SIGNAL_EVENT_OTHER},
	{"syscall of x32", "syscall=1073741886", NULL, SIGNAL_EVENT_OTHER},
};

static void test_sender(void **state)
{
	const struct sender_row *row = *state;
	struct signal_event event;

	assert_int_equal(sample_decode_call(row->call, row->without, NULL, &event), row->expected);
	if (row->expected == 0)
		signal_event_done(&event);
}

static const struct outcome_row {
	const char *name;
	struct sample_record records[5];
	int expected;
	bool incomplete;
} outcome_rows[] = {
	{"no records", {}, SIGNAL_EVENT_OTHER},
	{"the end only", {{AUDIT_EOE}}, SIGNAL_EVENT_OTHER},
	{"call lost", {{AUDIT_OBJ_PID}, {AUDIT_PROCTITLE}, {AUDIT_EOE}}, SIGNAL_EVENT_OTHER},
	{"message of a program", {{AUDIT_USER, SAMPLE_CALL}, {AUDIT_OBJ_PID}}, SIGNAL_EVENT_OTHER},
	{"call only", {{AUDIT_SYSCALL}}, SIGNAL_EVENT_NO_TARGET},
	{"no target", {{AUDIT_SYSCALL}, {AUDIT_PROCTITLE}, {AUDIT_EOE}}, SIGNAL_EVENT_NO_TARGET},
	{"call and target", {{AUDIT_SYSCALL}, {AUDIT_OBJ_PID}}, 0},
	{"target first", {{AUDIT_OBJ_PID}, {AUDIT_SYSCALL}}, 0},
	{"foreign records between",
		{{AUDIT_CWD, "cwd=\"/\""}, {AUDIT_SYSCALL}, {AUDIT_PATH, "a1=0"}, {AUDIT_OBJ_PID}},
		0},
	{"two calls: the first counts", {{AUDIT_SYSCALL}, {AUDIT_SYSCALL, "a1=0"}, {AUDIT_OBJ_PID}},
		0},
	{"two calls, the first of another family",
		{{AUDIT_SYSCALL, "syscall=59"}, {AUDIT_SYSCALL}, {AUDIT_OBJ_PID}},
		SIGNAL_EVENT_OTHER},
	{"sender before target: malformed, not without target", {{AUDIT_SYSCALL, "pid=x"}},
		SIGNAL_EVENT_MALFORMED},
	{"broken target and a good one",
		{{AUDIT_SYSCALL}, {AUDIT_OBJ_PID, "opid=x"}, {AUDIT_OBJ_PID}}, 0, true},
	{"good target and a broken one",
		{{AUDIT_SYSCALL}, {AUDIT_OBJ_PID}, {AUDIT_OBJ_PID, "ouid=x"}}, 0, true},
	{"no target but a broken one", {{AUDIT_SYSCALL}, {AUDIT_OBJ_PID, "opid=x"}},
		SIGNAL_EVENT_MALFORMED},
};

static void test_outcome(void **state)
{
	const struct outcome_row *row = *state;
	struct signal_event event;

	assert_int_equal(sample_decode(row->records, &event), row->expected);
	if (row->expected != 0)
		return;
	assert_int_equal(event.signal, 9);
	assert_int_equal(event.n_targets, 1);
	assert_int_equal(event.targets[0].pid, 200);
	assert_int_equal(event.incomplete, row->incomplete);
	signal_event_done(&event);
}

static void test_incomplete(void **state)
{
	struct event_fields fields = {.incomplete = true};
	struct signal_event event;

	(void)state;
	sample_add(&fields, &(struct sample_record){AUDIT_SYSCALL});
	/* Nobody was there, or the record of who was is lost. */
	assert_int_equal(signal_event_decode(&fields, &event), SIGNAL_EVENT_MALFORMED);
	sample_add(&fields, &(struct sample_record){AUDIT_OBJ_PID});
	assert_int_equal(signal_event_decode(&fields, &event), 0);
	assert_true(event.incomplete);
	signal_event_done(&event);
	event_fields_done(&fields);
}

int main(void)
{
	static const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_whole_event),
		cmocka_unit_test(test_incomplete),
	};

	return ROWS_RUN(test_route, route_rows) + ROWS_RUN(test_signal, signal_rows) +
	       ROWS_RUN(test_pidfd, pidfd_rows) + ROWS_RUN(test_to_self, self_rows) +
	       ROWS_RUN(test_result, result_rows) + ROWS_RUN(test_sender, sender_rows) +
	       ROWS_RUN(test_outcome, outcome_rows) + cmocka_run_group_tests(tests, NULL, NULL);
}
