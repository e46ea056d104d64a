/* SPDX-License-Identifier: GPL-2.0-or-later */
/* SPDX-FileCopyrightText: The killauditd authors */

/*
 * Messages of the process connector, each behind two bytes of its length, as far as there are any,
 * into a table of processes: what was heard and what is known must fit together.
 */

#include <assert.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include "core/process-event.h"
#include "core/process-table.h"
#include "core/process.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static void check_process(const struct process *process, uint64_t usec)
{
	if (!process)
		return;
	assert(process->start_usec <= usec + PROCESS_START_SLACK_USEC);
	assert(strnlen(process->comm, COMM_SIZE) < COMM_SIZE);
	assert(!process->inherited || process->ppid != process->pid);
}

static void count(const struct process *process, void *userdata)
{
	size_t *n = userdata;

	(void)process;
	++*n;
}

static void hear(struct process_table *table, const struct process_event *event)
{
	uint64_t usec = event->monotonic_nsec / 1000;
	const struct process seen = {.pid = event->pid, .start_usec = usec, .comm = "exec"};

	if (event->tid != event->pid)
		return;
	switch (event->type) {
	case PROCESS_EVENT_BIRTH:
		assert(process_table_inherit(table, event->parent, event->pid, usec) == 0);
		break;
	case PROCESS_EVENT_EXEC:
		process_table_forget_names(table, event->pid, usec);
		assert(process_table_put(table, &seen) == 0);
		break;
	case PROCESS_EVENT_EXIT:
		process_table_end(table, event->pid, usec);
		break;
	case PROCESS_EVENT_ACK:
		assert(event->pid == 0 && event->parent == 0);
		return;
	case PROCESS_EVENT_RENAME:
	case PROCESS_EVENT_MOVE:
	default:
		abort();
	}
	assert(event->type == PROCESS_EVENT_ACK || event->error == 0);
	assert(event->type == PROCESS_EVENT_BIRTH || event->parent == 0);
	check_process(process_table_find(table, event->pid, usec), usec);
	check_process(process_table_find(table, event->parent, usec), usec);
}

/* In a buffer of its own size, so that what is read beyond it is found. */
static void message(struct process_table *table, const uint8_t *data, size_t len)
{
	struct process_event event;
	uint8_t *copy = malloc(len ? len : 1);
	int r;

	assert(copy);
	memcpy(copy, data, len);
	r = process_event_parse(copy, len, &event);
	assert(r == 0 || r == PROCESS_EVENT_OTHER || r == PROCESS_EVENT_MALFORMED);
	if (r == 0)
		hear(table, &event);
	free(copy);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct process_table *table = process_table_new();
	size_t n = 0;

	assert(table);
	while (size >= 2) {
		size_t len = (size_t)data[0] | (size_t)data[1] << 8;

		data += 2;
		size -= 2;
		if (len > size)
			len = size;
		message(table, data, len);
		data += len;
		size -= len;
	}
	process_table_each(table, count, &n);
	assert(n <= process_table_count(table));
	process_table_free(table);
	return 0;
}
