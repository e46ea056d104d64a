/* SPDX-License-Identifier: GPL-2.0-or-later */
/* SPDX-FileCopyrightText: The killauditd authors */

/*
 * What a table of processes is told and reads, in any order: what it knows must fit together. An
 * item is two bytes of length, and as many bytes as there are then. It is a message of the process
 * connector; with the highest bit of the length set it is a step of ours:
 *
 *     1 byte   which step, of enum step
 *     2 bytes  ids, few of them, so that they meet
 *     1 byte   flags
 *     2 bytes  microseconds since the step before
 *     others   a name, a path, a text
 */

#include <assert.h>
#include <linux/sched.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include "core/process-event.h"
#include "core/process-table.h"
#include "core/process.h"

#define STEP      0x8000U
#define STEP_HEAD 6
#define TEXT_MAX  200

static const struct process_table_limits limits = {
	.living_max = 20, .threads_max = 8, .ended_max = 10, .ended_age_usec = 1000000};

enum step {
	STEP_MADE,
	STEP_BORN,
	STEP_RENAME,
	STEP_EXEC,
	STEP_MOVE,
	STEP_EXIT,
	STEP_READ,
	STEP_READ_THREAD,
	STEP_DOUBT,
	STEP_DROP,
	STEP_FOLLOW,
	STEP_HOLD,
	STEP_RELEASE,
	N_STEPS
};

struct scene {
	struct process_table *table;
	uint64_t usec; /* of our steps */
	const struct process *held;
	size_t n_living;
};

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static void check_process(const struct process *process)
{
	unsigned n_makers = 0;

	if (!process)
		return;
	assert(strnlen(process->comm, COMM_SIZE) < COMM_SIZE);
	assert(process->end_usec == 0 || process->end_usec > process->start_usec);
	assert(process->end_usec == 0 || process->n_threads == 0);
	assert(process->n_threads <= limits.threads_max);
	assert(!process->exe_passed || process->exe);
	assert(process->cgroup_source == CGROUP_UNKNOWN || process->cgroup || process->cgroup_text);
	for (const struct process *maker = process->maker; maker; maker = maker->maker) {
		n_makers++;
		assert(strnlen(maker->comm, COMM_SIZE) < COMM_SIZE);
	}
	assert(n_makers <= PROCESS_TABLE_GENERATIONS_MAX);
}

static void visit(const struct process *process, void *userdata)
{
	struct scene *scene = userdata;

	assert(process->end_usec == 0);
	check_process(process);
	scene->n_living++;
}

static void check(struct scene *scene)
{
	scene->n_living = 0;
	process_table_each(scene->table, visit, scene);
	assert(scene->n_living <= limits.living_max);
	assert(process_table_count(scene->table) <= scene->n_living + limits.ended_max);
	check_process(scene->held);
}

static void hear(struct scene *scene, const struct process_event *event)
{
	uint64_t usec = event->monotonic_nsec / 1000;
	const struct process *process;
	int r = process_table_hear(scene->table, event, 0);

	assert(r == 0 || r == PROCESS_TABLE_ENDED);
	if (r == PROCESS_TABLE_ENDED) {
		assert(event->type == PROCESS_EVENT_EXIT);
		process = process_table_find(scene->table, event->pid, usec);
		assert(!process || process->start_usec > usec || process->end_usec > 0);
	}
	process = process_table_find(scene->table, event->tid, usec);
	assert(!process || process->start_usec <= usec + PROCESS_START_SLACK_USEC);
	check_process(process);
	check_process(process_table_thread(scene->table, event->tid));
	process_table_thread_told(scene->table, event->tid);
}

static void message(struct scene *scene, const uint8_t *data, size_t len)
{
	struct process_event event;
	int r = process_event_parse(data, len, &event);

	assert(r == 0 || r == PROCESS_EVENT_OTHER || r == PROCESS_EVENT_MALFORMED);
	if (r != 0)
		return;
	assert(event.type == PROCESS_EVENT_ACK || event.error == 0);
	assert(event.type == PROCESS_EVENT_BIRTH || event.parent == 0);
	hear(scene, &event);
}

static uint64_t clone_flags(uint8_t flags)
{
	return (flags & 1 ? CLONE_THREAD : 0) | (flags & 2 ? CLONE_PARENT : 0) |
	       (flags & 4 ? 0x200000000ULL /* CLONE_INTO_CGROUP */ : 0) |
	       (flags & 8 ? CLONE_NEWPID : 0);
}

/* Some of what is read is not known. */
static void read_process(
	struct scene *scene, pid_t pid, pid_t ppid, uint8_t flags, const char *text)
{
	struct process reading = {.pid = pid,
		.ppid = ppid,
		.start_usec = scene->usec - scene->usec % PROCESS_START_RESOLUTION_USEC,
		.zombie = flags & 1,
		.exe = flags & 2 ? (char *)text : NULL,
		.cmdline = flags & 4 ? (char *)text : NULL,
		.cgroup = flags & 8 ? (char *)text : NULL,
		.cgroup_text = flags & 16 ? (char *)text : NULL,
		.ids_known = flags & 32,
		.login_known = flags & 64};

	memcpy(reading.comm, text, strnlen(text, sizeof(reading.comm) - 1));
	assert(process_table_put(scene->table, &reading) == 0);
}

static void release(struct scene *scene)
{
	if (scene->held)
		process_table_release(scene->table, scene->held);
	scene->held = NULL;
}

static void step(struct scene *scene, const uint8_t *data, size_t len)
{
	uint8_t flags = data[3];
	pid_t tid = data[1] % 32, other = data[2] % 32;
	char text[TEXT_MAX + 1] = "";
	struct process_event event = {
		.tid = tid, .flags_told = true, .clone_flags = clone_flags(flags), .path = text};

	len -= STEP_HEAD;
	memcpy(text, data + STEP_HEAD, len < TEXT_MAX ? len : TEXT_MAX);
	memcpy(event.comm, text, strnlen(text, sizeof(event.comm) - 1));
	scene->usec += (uint64_t)data[4] | (uint64_t)data[5] << 8;
	event.monotonic_nsec = scene->usec * 1000;
	switch ((enum step)(data[0] % N_STEPS)) {
	case STEP_MADE:
		event.type = PROCESS_EVENT_BIRTH;
		event.maker = other;
		break;
	case STEP_BORN:
		event.type = PROCESS_EVENT_BIRTH;
		event.flags_told = false;
		event.pid = flags & 1 ? other : tid;
		event.parent = other;
		break;
	case STEP_RENAME:
		event.type = PROCESS_EVENT_RENAME;
		break;
	case STEP_EXEC:
		event.type = PROCESS_EVENT_EXEC;
		event.old_tid = other;
		event.path = flags & 1 ? NULL : text;
		break;
	case STEP_MOVE:
		event.type = PROCESS_EVENT_MOVE;
		event.hierarchy = flags % 4;
		break;
	case STEP_EXIT:
		event.type = PROCESS_EVENT_EXIT;
		event.pid = flags & 1 ? other : tid;
		event.exit_status = flags;
		break;
	case STEP_READ:
		read_process(scene, tid, other, flags, text);
		return;
	case STEP_READ_THREAD:
		assert(process_table_put_thread(scene->table, other, tid) == 0);
		return;
	case STEP_DOUBT:
		process_table_doubt(scene->table);
		return;
	case STEP_DROP:
		process_table_drop_nameless(scene->table);
		return;
	case STEP_FOLLOW:
		process_table_follow(scene->table, flags & 1);
		return;
	case STEP_HOLD:
		release(scene);
		scene->held = process_table_thread(scene->table, tid);
		if (scene->held)
			process_table_hold(scene->held);
		return;
	case STEP_RELEASE:
		release(scene);
		return;
	case N_STEPS:
		abort();
	}
	hear(scene, &event);
}

/* In a buffer of its own size, so that what is read beyond it is found. */
static void item(struct scene *scene, bool is_step, const uint8_t *data, size_t len)
{
	uint8_t *copy = malloc(len ? len : 1);

	assert(copy);
	memcpy(copy, data, len);
	if (!is_step)
		message(scene, copy, len);
	else if (len >= STEP_HEAD)
		step(scene, copy, len);
	check(scene);
	free(copy);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct scene scene = {.table = process_table_new(&limits), .usec = 1000000};

	assert(scene.table);
	while (size >= 2) {
		size_t head = (size_t)data[0] | (size_t)data[1] << 8;
		size_t len = head & ~(size_t)STEP;

		data += 2;
		size -= 2;
		if (len > size)
			len = size;
		item(&scene, head & STEP, data, len);
		data += len;
		size -= len;
	}
	release(&scene);
	process_table_free(scene.table);
	return 0;
}
