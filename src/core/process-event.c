/* SPDX-License-Identifier: GPL-2.0-or-later */
/* SPDX-FileCopyrightText: The killauditd authors */

#include "core/process-event.h"

#include <limits.h>
#include <linux/cn_proc.h>
#include <linux/connector.h>
#include <string.h>

static int birth(const struct proc_event *event, struct process_event *ret)
{
	ret->type = PROCESS_EVENT_BIRTH;
	ret->tid = event->event_data.fork.child_pid;
	ret->pid = event->event_data.fork.child_tgid;
	ret->parent = event->event_data.fork.parent_tgid;
	return 0;
}

static int execution(const struct proc_event *event, struct process_event *ret)
{
	ret->type = PROCESS_EVENT_EXEC;
	ret->pid = event->event_data.exec.process_tgid;
	ret->tid = ret->pid; /* whichever thread it was takes the place of the first */
	return 0;
}

static int end(const struct proc_event *event, struct process_event *ret)
{
	ret->type = PROCESS_EVENT_EXIT;
	ret->tid = event->event_data.exit.process_pid;
	ret->pid = event->event_data.exit.process_tgid;
	ret->exit_status = (int)event->event_data.exit.exit_code;
	return 0;
}

static int ack(const struct proc_event *event, struct process_event *ret)
{
	if (event->event_data.ack.err > INT_MAX)
		return PROCESS_EVENT_MALFORMED;
	ret->type = PROCESS_EVENT_ACK;
	ret->error = -(int)event->event_data.ack.err;
	return 0;
}

int process_event_parse(const void *payload, size_t len, struct process_event *ret)
{
	struct cn_msg head;
	struct proc_event event = {};

	*ret = (struct process_event){};
	if (len < sizeof(head))
		return PROCESS_EVENT_MALFORMED;
	memcpy(&head, payload, sizeof(head));
	if (head.id.idx != CN_IDX_PROC || head.id.val != CN_VAL_PROC)
		return PROCESS_EVENT_OTHER;
	/* Older kernels' events are shorter: they end behind what their types need. */
	if (head.len > len - sizeof(head) ||
		head.len < offsetof(struct proc_event, event_data) + 16)
		return PROCESS_EVENT_MALFORMED;
	memcpy(&event, (const char *)payload + sizeof(head),
		head.len < sizeof(event) ? head.len : sizeof(event));
	ret->monotonic_nsec = event.timestamp_ns;
	switch ((uint32_t)event.what) {
	case PROC_EVENT_NONE:
		return ack(&event, ret);
	case PROC_EVENT_FORK:
		return birth(&event, ret);
	case PROC_EVENT_EXEC:
		return execution(&event, ret);
	case (uint32_t)PROC_EVENT_EXIT:
		return end(&event, ret);
	default:
		return PROCESS_EVENT_OTHER;
	}
}
