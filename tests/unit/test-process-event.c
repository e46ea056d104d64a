/* SPDX-License-Identifier: GPL-2.0-or-later */
/* SPDX-FileCopyrightText: The killauditd authors */

#include <errno.h>
#include <linux/cn_proc.h>
#include <linux/connector.h>
#include <string.h>

#include "rows.h"

#include "core/process-event.h"

#define OTHER     PROCESS_EVENT_OTHER
#define MALFORMED PROCESS_EVENT_MALFORMED

/* What every event has before its own data. */
#define EVENT_HEAD offsetof(struct proc_event, event_data)
/* Events of the oldest kernels end behind an exit's own two numbers. */
#define EVENT_MIN (EVENT_HEAD + 16)

struct message {
	struct cn_msg head;
	struct proc_event event;
	char more[64]; /* of kernels to come */
} __attribute__((packed));

#define TIME_NS 12345678999

#define EVENT(type, ...)                                                                           \
	{                                                                                          \
		.what = type, .cpu = 3, .timestamp_ns = TIME_NS, .event_data = { __VA_ARGS__ }     \
	}
#define FORK(child, child_group)                                                                   \
	EVENT(PROC_EVENT_FORK, .fork = {.parent_pid = 71,                                          \
				       .parent_tgid = 70,                                          \
				       .child_pid = child,                                         \
				       .child_tgid = child_group})
#define EXEC(thread, group)                                                                        \
	EVENT(PROC_EVENT_EXEC, .exec = {.process_pid = thread, .process_tgid = group})
#define EXIT(thread, group)                                                                        \
	EVENT(PROC_EVENT_EXIT, .exit = {.process_pid = thread,                                     \
				       .process_tgid = group,                                      \
				       .exit_code = 9,                                             \
				       .exit_signal = 17,                                          \
				       .parent_pid = 61,                                           \
				       .parent_tgid = 60})
#define ACK(error) EVENT(PROC_EVENT_NONE, .ack = {.err = error})

static const struct event_row {
	const char *name;
	struct proc_event event;
	int outcome;
	struct process_event expected;
} event_rows[] = {
	{"birth of a process", FORK(80, 80), 0,
		{PROCESS_EVENT_BIRTH, .tid = 80, .pid = 80, .parent = 70}},
	{"birth of a thread", FORK(81, 80), 0,
		{PROCESS_EVENT_BIRTH, .tid = 81, .pid = 80, .parent = 70}},
	{"birth, by the first process", EVENT(PROC_EVENT_FORK, .fork = {1, 1, 80, 80}), 0,
		{PROCESS_EVENT_BIRTH, .tid = 80, .pid = 80, .parent = 1}},
	{"birth of the largest pid", FORK(4194304, 4194304), 0,
		{PROCESS_EVENT_BIRTH, .tid = 4194304, .pid = 4194304, .parent = 70}},
	{"exec", EXEC(80, 80), 0, {PROCESS_EVENT_EXEC, .tid = 80, .pid = 80}},
	{"exec by a thread is one of its process", EXEC(81, 80), 0,
		{PROCESS_EVENT_EXEC, .tid = 80, .pid = 80}},
	{"exit", EXIT(80, 80), 0, {PROCESS_EVENT_EXIT, .tid = 80, .pid = 80, .exit_status = 9}},
	{"exit of another thread", EXIT(81, 80), 0,
		{PROCESS_EVENT_EXIT, .tid = 81, .pid = 80, .exit_status = 9}},
	{"asked for, and granted", ACK(0), 0, {PROCESS_EVENT_ACK, .error = 0}},
	{"asked for, and refused", ACK(EPERM), 0, {PROCESS_EVENT_ACK, .error = -EPERM}},
	{"asked for wrongly", ACK(EINVAL), 0, {PROCESS_EVENT_ACK, .error = -EINVAL}},

	{"another user", EVENT(PROC_EVENT_UID, .id = {80, 80, .r.ruid = 1, .e.euid = 1}), OTHER},
	{"another group", EVENT(PROC_EVENT_GID, .id = {80, 80, .r.rgid = 1, .e.egid = 1}), OTHER},
	{"another session", EVENT(PROC_EVENT_SID, .sid = {80, 80}), OTHER},
	{"traced", EVENT(PROC_EVENT_PTRACE, .ptrace = {80, 80, 70, 70}), OTHER},
	{"another name", EVENT(PROC_EVENT_COMM, .comm = {80, 80, "worker"}), OTHER},
	{"dumps its core", EVENT(PROC_EVENT_COREDUMP, .coredump = {80, 80, 70, 70}), OTHER},
	{"a type of kernels to come", EVENT(0x400, .exec = {80, 80}), OTHER},
	{"two types in one", EVENT(PROC_EVENT_FORK | PROC_EVENT_EXEC, .exec = {80, 80}), OTHER},
	{"all types in one", EVENT(UINT32_MAX, .exec = {80, 80}), OTHER},
};

static struct message message_of(const struct proc_event *event)
{
	return (struct message){
		.head = {.id = {CN_IDX_PROC, CN_VAL_PROC}, .seq = 5, .len = sizeof(*event)},
		.event = *event,
	};
}

static void assert_event(const struct process_event *event, const struct process_event *expected)
{
	assert_int_equal(event->type, expected->type);
	assert_int_equal(event->monotonic_nsec, TIME_NS);
	assert_int_equal(event->tid, expected->tid);
	assert_int_equal(event->pid, expected->pid);
	assert_int_equal(event->parent, expected->parent);
	assert_int_equal(event->exit_status, expected->exit_status);
	assert_int_equal(event->error, expected->error);
}

/* A datagram of just these bytes, at each alignment: what is read beyond them is found by a
 * sanitizer, and a buffer of many datagrams aligns none of them. */
static int parse(const struct message *message, size_t len, struct process_event *ret)
{
	int outcome = 0;

	assert_true(len <= sizeof(*message));
	for (size_t shift = 0; shift < 8; shift++) {
		char *room = malloc(shift + len + (shift + len == 0));
		int r;

		assert_non_null(room);
		memcpy(room + shift, message, len);
		memset(ret, '?', sizeof(*ret));
		r = process_event_parse(room + shift, len, ret);
		assert_true(shift == 0 || r == outcome);
		outcome = r;
		free(room);
	}
	return outcome;
}

static void test_event(void **state)
{
	const struct event_row *row = *state;
	struct message message = message_of(&row->event);
	/* Whole; as short as any kernel has it; padded; and longer than we know. */
	const struct {
		size_t told, len;
	} sizes[] = {
		{sizeof(row->event), sizeof(row->event)},
		{EVENT_MIN, EVENT_MIN},
		{EVENT_MIN, sizeof(row->event)},
		{EVENT_MIN + 1, EVENT_MIN + 1},
		{sizeof(row->event) + 1, sizeof(row->event) + 1},
		{sizeof(row->event) + sizeof(message.more),
			sizeof(row->event) + sizeof(message.more)},
	};

	memset(message.more, 0xff, sizeof(message.more));
	for (size_t i = 0; i < ELEMENTS(sizes); i++) {
		struct process_event event;

		message.head.len = (uint16_t)sizes[i].told;
		assert_int_equal(
			parse(&message, sizeof(message.head) + sizes[i].len, &event), row->outcome);
		if (row->outcome == 0)
			assert_event(&event, &row->expected);
	}
}

/* A datagram that ends anywhere, under a head that tells all of it. */
static void test_cut_anywhere(void **state)
{
	const struct event_row *row = *state;
	const struct message message = message_of(&row->event);
	struct process_event event;

	for (size_t len = 0; len < sizeof(message.head) + sizeof(row->event); len++)
		assert_int_equal(parse(&message, len, &event), MALFORMED);
}

/* ... and under one that tells just what is there: it is too short for any event, or it is one. */
static void test_short_of_its_own_account(void **state)
{
	const struct event_row *row = *state;
	struct message message = message_of(&row->event);
	struct process_event event;

	for (size_t told = 0; told <= sizeof(row->event); told++) {
		message.head.len = (uint16_t)told;
		assert_int_equal(parse(&message, sizeof(message.head) + told, &event),
			told < EVENT_MIN ? MALFORMED : row->outcome);
		/* What is there, but not told, does not help. */
		assert_int_equal(parse(&message, sizeof(message), &event),
			told < EVENT_MIN ? MALFORMED : row->outcome);
	}
}

static const struct head_row {
	const char *name;
	uint32_t idx, val;
	uint16_t len; /* that is told of an event of EVENT_MIN bytes */
	int outcome;
} head_rows[] = {
	{"ours", CN_IDX_PROC, CN_VAL_PROC, EVENT_MIN, 0},
	{"another index", CN_IDX_PROC + 1, CN_VAL_PROC, EVENT_MIN, OTHER},
	{"no index", 0, CN_VAL_PROC, EVENT_MIN, OTHER},
	{"an index with high bits", CN_IDX_PROC | 0x10000, CN_VAL_PROC, EVENT_MIN, OTHER},
	{"another value", CN_IDX_PROC, CN_VAL_PROC + 1, EVENT_MIN, OTHER},
	{"no value", CN_IDX_PROC, 0, EVENT_MIN, OTHER},
	{"a value with high bits", CN_IDX_PROC, CN_VAL_PROC | 0x10000, EVENT_MIN, OTHER},
	{"another connector's, cut", CN_IDX_PROC + 1, CN_VAL_PROC, UINT16_MAX, OTHER},
	{"another connector's, empty", CN_IDX_PROC + 1, CN_VAL_PROC, 0, OTHER},
	{"empty", CN_IDX_PROC, CN_VAL_PROC, 0, MALFORMED},
	{"one byte less than any event", CN_IDX_PROC, CN_VAL_PROC, EVENT_MIN - 1, MALFORMED},
	{"one byte more than there is", CN_IDX_PROC, CN_VAL_PROC, EVENT_MIN + 1, MALFORMED},
	{"all that can be told", CN_IDX_PROC, CN_VAL_PROC, UINT16_MAX, MALFORMED},
};

static void test_head(void **state)
{
	static const struct proc_event birth = FORK(80, 80);
	const struct head_row *row = *state;
	struct message message = message_of(&birth);
	struct process_event event;

	message.head.id = (struct cb_id){row->idx, row->val};
	message.head.len = row->len;
	assert_int_equal(parse(&message, sizeof(message.head) + EVENT_MIN, &event), row->outcome);
}

/* Nothing of it is ours to judge. */
static void test_rest_of_the_head(void **state)
{
	static const struct proc_event birth = FORK(80, 80);
	static const struct process_event expected = {
		PROCESS_EVENT_BIRTH, .tid = 80, .pid = 80, .parent = 70};
	struct message message = message_of(&birth);
	struct process_event event;

	(void)state;
	message.head.seq = message.head.ack = UINT32_MAX;
	message.head.flags = UINT16_MAX;
	message.event.cpu = UINT32_MAX;
	assert_int_equal(parse(&message, sizeof(message.head) + sizeof(birth), &event), 0);
	assert_event(&event, &expected);
}

static void test_latest_time(void **state)
{
	struct proc_event latest = EXIT(80, 80);
	struct message message;
	struct process_event event;

	(void)state;
	latest.timestamp_ns = UINT64_MAX;
	message = message_of(&latest);
	assert_int_equal(parse(&message, sizeof(message.head) + sizeof(latest), &event), 0);
	assert_true(event.monotonic_nsec == UINT64_MAX);
}

int main(void)
{
	static const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_rest_of_the_head),
		cmocka_unit_test(test_latest_time),
	};

	return ROWS_RUN(test_event, event_rows) + ROWS_RUN(test_cut_anywhere, event_rows) +
	       ROWS_RUN(test_short_of_its_own_account, event_rows) +
	       ROWS_RUN(test_head, head_rows) + cmocka_run_group_tests(tests, NULL, NULL);
}
