/* SPDX-License-Identifier: GPL-2.0-or-later */
/* SPDX-FileCopyrightText: The killauditd authors */

/*
 * One event all the way, from its records to what they say, and some lives of processes, as often
 * as each allocates memory: each time another allocation fails. The linker puts the functions below
 * in front of the C library's.
 */
#include "unit.h"

#include <errno.h>
#include <linux/audit.h>
#include <stdio.h>
#include <string.h>

#include "core/audit-record.h"
#include "core/event-assembly.h"
#include "core/json-value.h"
#include "core/send-join.h"
#include "event-sample.h"
#include "process-table-scene.h"

#define N_TARGETS 40 /* enough for everything that grows to grow more than once */

static unsigned n_allocations, failing; /* which one fails, counted from 1; 0: none */
static int n_held; /* allocated and not yet freed */

static bool allocation_fails(void)
{
	return ++n_allocations == failing;
}

static void *held(void *memory)
{
	n_held += memory != NULL;
	return memory;
}

void *__real_malloc(size_t size);
void *__real_calloc(size_t n, size_t size);
void *__real_realloc(void *memory, size_t size);
void *__real_reallocarray(void *memory, size_t n, size_t size);
char *__real_strdup(const char *string);
void __real_free(void *memory);
void *__wrap_malloc(size_t size);
void *__wrap_calloc(size_t n, size_t size);
void *__wrap_realloc(void *memory, size_t size);
void *__wrap_reallocarray(void *memory, size_t n, size_t size);
char *__wrap_strdup(const char *string);
void __wrap_free(void *memory);

void *__wrap_malloc(size_t size)
{
	return allocation_fails() ? NULL : held(__real_malloc(size));
}

void *__wrap_calloc(size_t n, size_t size)
{
	return allocation_fails() ? NULL : held(__real_calloc(n, size));
}

void *__wrap_realloc(void *memory, size_t size)
{
	if (allocation_fails())
		return NULL;
	n_held -= memory != NULL;
	return held(__real_realloc(memory, size));
}

void *__wrap_reallocarray(void *memory, size_t n, size_t size)
{
	if (allocation_fails())
		return NULL;
	n_held -= memory != NULL;
	return held(__real_reallocarray(memory, n, size));
}

char *__wrap_strdup(const char *string)
{
	return allocation_fails() ? NULL : held(__real_strdup(string));
}

void __wrap_free(void *memory)
{
	n_held -= memory != NULL;
	__real_free(memory);
}

static int push(struct event_assembly *assembly, uint16_t type, const char *payload,
	struct audit_event **ret_event)
{
	struct audit_record record;
	char text[512];

	snprintf(text, sizeof(text), "audit(1795392304.338:7): %s", payload);
	assert_int_equal(audit_record_parse(type, text, strlen(text), &record), 0);
	return event_assembly_push(assembly, &record, audit_record_accept(&record), 5, ret_event);
}

/* All records of the event, its end but one. After a failure it goes on, as the daemon does: the
 * record is lost, no more. *ret_failed: how many were. */
static void push_all(struct event_assembly *assembly, int *ret_failed)
{
	struct audit_event *event;
	int n_failed = push(assembly, AUDIT_SYSCALL, SAMPLE_CALL, &event) != 0;

	for (int i = 0; i < N_TARGETS; i++) {
		int r = push(assembly, AUDIT_OBJ_PID, SAMPLE_TARGET, &event);

		assert_true(r == 0 || r == -ENOMEM);
		n_failed += r != 0;
		assert_null(event);
	}
	n_failed += push(assembly, AUDIT_PROCTITLE, SAMPLE_TITLE, &event) != 0;
	*ret_failed = n_failed;
}

static int fields_fill(const struct audit_event *event, struct event_fields *fields)
{
	int r = 0;

	fields->serial = event->serial;
	fields->time_msec = event->time_msec;
	fields->incomplete = event->cut_short || event->too_long;
	for (size_t i = 0; i < event->n_records && r == 0; i++) {
		r = event_fields_add_record(fields, event->records[i].type);
		if (r == 0)
			r = fields_add_words(
				fields, event->text.data + event->records[i].payload, NULL);
	}
	return r;
}

static int event_decode(const struct audit_event *event, struct signal_event *ret)
{
	struct event_fields fields = {};
	int r = fields_fill(event, &fields);

	if (r == 0)
		r = signal_event_decode(&fields, ret);
	event_fields_done(&fields);
	return r;
}

static void assert_whole(const struct signal_event *event)
{
	assert_false(event->incomplete);
	assert_int_equal(event->n_targets, N_TARGETS);
	for (size_t i = 0; i < event->n_targets; i++) {
		assert_int_equal(event->targets[i].pid, 200);
		assert_string_equal(event->targets[i].comm, "sleep");
		assert_string_equal(event->targets[i].context, "init_t");
	}
	assert_string_equal(event->sender.comm, "kill");
	assert_string_equal(event->sender.exe, "/bin/kill");
	assert_string_equal(event->sender.tty, "pts0");
	assert_string_equal(event->sender.context, "unconfined");
	assert_string_equal(event->sender.title, "kill -9 3340");
}

/* What comes of an event of which records may have been lost for want of memory. */
static void assert_outcome(const struct audit_event *event, int n_failed)
{
	struct signal_event decoded = {};
	int r = event_decode(event, &decoded);

	assert_int_equal(event->cut_short, n_failed > 0);
	assert_int_equal(event->n_records, N_TARGETS + 2 - n_failed);
	if (r == 0 && n_failed == 0)
		assert_whole(&decoded);
	else if (r == 0)
		assert_true(decoded.incomplete);
	else if (n_failed == 0)
		assert_int_equal(r, -ENOMEM);
	else /* the call is lost, or all targets are */
		assert_true(r == SIGNAL_EVENT_OTHER || r == SIGNAL_EVENT_MALFORMED);
	signal_event_done(&decoded);
}

/* False when the failing allocation was beyond the last. */
static bool run(unsigned fail_at)
{
	struct event_assembly *assembly;
	struct audit_event *event;
	int n_failed;

	n_allocations = 0;
	failing = fail_at;
	assembly = event_assembly_new();
	if (!assembly)
		return true;
	push_all(assembly, &n_failed);
	assert_int_equal(push(assembly, AUDIT_EOE, "", &event), 0);
	assert_int_equal(event_assembly_n_open(assembly), 0);
	if (event)
		assert_outcome(event, n_failed);
	else
		assert_int_equal(n_failed, 1);
	audit_event_free(event);
	event_assembly_free(assembly);
	return n_allocations >= fail_at;
}

static void test_every_allocation(void **state)
{
	unsigned fail_at = 1;

	(void)state;
	for (; run(fail_at); fail_at++)
		assert_int_equal(n_held, 0);
	assert_int_equal(n_held, 0);
	print_message("%u allocations\n", fail_at - 1);
	assert_true(fail_at > N_TARGETS); /* there is a label for each target alone */
}

#define N_BORN 300 /* enough for the index and the pool to grow */

static void assert_heard(int result)
{
	assert_true(result == 0 || result == PROCESS_TABLE_ENDED || result == -ENOMEM);
}

/* What the table knows is what was told, or less. */
static void assert_known(const struct process *process, const char *exe, const char *cgroup)
{
	if (!process)
		return;
	if (process->exe)
		assert_string_equal(process->exe, exe);
	assert_int_equal(process->exe_passed, process->exe != NULL);
	if (process->cgroup)
		assert_string_equal(process->cgroup, cgroup);
	else
		assert_int_equal(process->cgroup_source, CGROUP_UNKNOWN);
}

static void live(struct process_table *table, pid_t pid)
{
	struct process_event birth = {
		.type = PROCESS_EVENT_BIRTH, .tid = pid, .maker = PARENT, .flags_told = true};
	struct process_event thread = {.type = PROCESS_EVENT_BIRTH,
		.tid = pid + N_BORN,
		.maker = pid,
		.flags_told = true,
		.clone_flags = 0x00010000 /* CLONE_THREAD */};
	struct process_event move = {.type = PROCESS_EVENT_MOVE, .tid = pid};
	struct process_event exec = {.type = PROCESS_EVENT_EXEC, .tid = pid, .old_tid = pid};
	struct process_event end = {.type = PROCESS_EVENT_EXIT, .tid = pid, .pid = pid};
	char path[16];

	snprintf(path, sizeof(path), "/%d", pid);
	move.path = exec.path = path;
	assert_heard(hear(table, birth, T));
	assert_heard(hear(table, thread, T));
	assert_heard(hear(table, move, T));
	assert_heard(hear(table, exec, T));
	assert_known(process_table_find(table, pid, T), path, path);
	if (pid % 2)
		assert_heard(hear(table, end, T));
}

/* The same. */
static bool run_table(unsigned fail_at)
{
	const struct reading shell = {
		5, "sh", "/sh", "sh -c", "/x", .cgroup_text = "1:cpu:/\n0::/x\n"};
	struct process process = reading_process(&shell);
	struct process_table *table;

	n_allocations = 0;
	failing = fail_at;
	table = process_table_new(NULL);
	if (!table)
		return true;
	process_table_follow(table, true);
	process.pid = PARENT;
	assert_heard(process_table_put(table, &process));
	process.tty_number = 7;
	assert_heard(process_table_put(table, &process));
	for (pid_t pid = 1000; pid < 1000 + N_BORN; pid++)
		live(table, pid);
	process_table_doubt(table);
	assert_heard(process_table_put(table, &process));
	process_table_drop_nameless(table);
	process_table_free(table);
	return n_allocations >= fail_at;
}

static void test_every_allocation_of_the_table(void **state)
{
	unsigned fail_at = 1;

	(void)state;
	for (; run_table(fail_at); fail_at++)
		assert_int_equal(n_held, 0);
	assert_int_equal(n_held, 0);
	print_message("%u allocations\n", fail_at - 1);
	assert_true(fail_at > 3 * N_BORN);
}

static void hold(const struct process *process, void *userdata)
{
	(void)process;
	++*(int *)userdata;
}

static void release(const struct process *process, void *userdata)
{
	(void)process;
	--*(int *)userdata;
}

#define N_SENDS 400 /* enough for the tables to grow */

/* Every other sender is blind, half of the others must be. What cannot be kept is told alone. */
static void join_all(struct send_join *join, const struct send_now *now)
{
	static const struct process process = {.pid = 100};
	struct send_seen send = {
		.seen = {.monotonic_nsec = 5, .signal = 15},
		.sender = {.process = &process, .pid = 100},
	};
	struct send_alone alone;

	for (unsigned i = 0; i < N_SENDS; i++) {
		int r;

		send.target.pid = 200 + (pid_t)i;
		send.partner = i % 2 ? SEND_PARTNER_NONE : SEND_PARTNER_CERTAIN;
		send.seen.monotonic_nsec = i % 4 ? 5 : 4;
		r = send_join_see(join, &send);
		assert_true(r == SEND_ALONE || (r == 0 && i % 2 == 0));
		if (r != 0)
			r = send_join_told(join, &send, 1, 5, (struct event_id){1, i}, now);
		assert_true(r == 0 || r == -ENOMEM);
	}
	while (send_join_expire(join, 4, now, &alone)) {
		assert_int_equal(alone.verdict, SEND_MISMATCH);
		send_join_told(join, alone.send, 1, 5, (struct event_id){2, 0}, now);
	}
}

/* How many are found. Where one is not, that is not held against anybody. */
static unsigned match_all(struct send_join *join, const struct send_now *now)
{
	struct signal_target target = {};
	const struct signal_event event = {
		.signal = 15,
		.result_known = true,
		.sender.pid = 100,
		.targets = &target,
		.n_targets = 1,
	};
	const struct send_window window = {.to_nsec = 5, .trace_whole = true};
	struct send_match match;
	unsigned n = 0;

	for (target.pid = 200; target.pid < 200 + N_SENDS; target.pid++) {
		send_join_match(join, &event, &target, &window, now, &match);
		n += match.send != NULL;
		assert_false(match.missing);
	}
	return n;
}

static void test_send_join(void **state)
{
	const struct send_now now = {.nsec = 50};
	int n_processes_held = 0;
	unsigned fail_at = 0;

	(void)state;
	do {
		const struct send_join_holder holder = {hold, release, &n_processes_held};
		struct send_join *join;

		n_allocations = 0;
		failing = ++fail_at;
		join = send_join_new(&holder);
		if (join) {
			join_all(join, &now);
			assert_in_range(match_all(join, &now), N_SENDS - 1, N_SENDS);
			assert_true(send_join_counts(join)->failed <= 1);
		}
		send_join_free(join);
		assert_int_equal(n_processes_held, 0);
		assert_int_equal(n_held, 0);
	} while (n_allocations >= fail_at);
	assert_true(fail_at > (unsigned)2 * N_SENDS);
}

static void test_json_bytes(void **state)
{
	(void)state;
	n_allocations = 0;
	failing = 1;
	assert_null(json_value_bytes("\xff", 1));
	assert_int_equal(n_allocations, 1);
	assert_int_equal(n_held, 0);
}

int main(void)
{
	static const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_every_allocation),
		cmocka_unit_test(test_every_allocation_of_the_table),
		cmocka_unit_test(test_send_join),
		cmocka_unit_test(test_json_bytes),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
