/* SPDX-License-Identifier: GPL-2.0-or-later */
/* SPDX-FileCopyrightText: The killauditd authors */

#include "core/signal-event.h"

#include <errno.h>
#include <limits.h>
#include <linux/audit.h>
#include <stdlib.h>
#include <string.h>

#include "core/audit-value.h"
#include "core/event-fields.h"
#include "core/process.h"

void signal_event_done(struct signal_event *event)
{
	free(event->sender.tty);
	free(event->sender.exe);
	free(event->sender.context);
	free(event->sender.title);
	for (size_t i = 0; i < event->n_targets; i++)
		free(event->targets[i].context);
	free(event->targets);
	*event = (struct signal_event){};
}

/* A string of the process's choosing, of any length the kernel writes. A value that cannot be
 * decoded is as good as none: *ret stays NULL. */
static int string_decode(const char *value, char **ret, size_t *ret_len)
{
	char buf[PATH_MAX + sizeof(" (deleted)")], *copy;
	size_t len;

	if (audit_value_string(value, buf, sizeof(buf), &len) != 0)
		return 0;
	copy = malloc(len + 1);
	if (!copy)
		return -ENOMEM;
	memcpy(copy, buf, len + 1);
	*ret = copy;
	if (ret_len)
		*ret_len = len;
	return 0;
}

/* A process that has no memory any more, as one that dies in its own call, has no title: then the
 * kernel writes "(null)", in quotes as if the process had chosen it. */
static int title_decode(const char *value, struct signal_sender *sender)
{
	int r;

	if (!value || strcmp(value, "\"(null)\"") == 0)
		return 0;
	r = string_decode(value, &sender->title, &sender->title_len);
	if (r < 0 || !sender->title)
		return r;
	sender->title_len = process_join_words(sender->title, sender->title_len);
	if (sender->title_len == 0) {
		free(sender->title);
		sender->title = NULL;
	}
	return 0;
}

/* Where the kernel has no room for the path it writes "<too_long>" or "<no_memory>" in its place.
 */
static int exe_decode(const char *value, char **ret)
{
	int r = string_decode(value, ret, NULL);

	if (r == 0 && *ret && (*ret)[0] != '/') {
		free(*ret);
		*ret = NULL;
	}
	return r;
}

static void comm_decode(const char *value, char comm[static COMM_SIZE])
{
	char buf[COMM_SIZE];
	size_t len;

	if (audit_value_string(value, buf, sizeof(buf), &len) == 0)
		memcpy(comm, buf, len + 1);
}

/* Labels are neither quoted nor encoded. */
static int context_decode(const char *value, char **ret)
{
	if (!value || strcmp(value, "(null)") == 0 || strcmp(value, "(none)") == 0 ||
		strcmp(value, "?") == 0)
		return 0;
	*ret = strdup(value);
	return *ret ? 0 : -ENOMEM;
}

static bool id_decode(const struct event_fields *fields, const struct event_fields_record *record,
	const char *name, uint32_t *ret)
{
	return audit_value_id(event_fields_find(fields, record, name), ret) == 0;
}

static bool pid_decode(const struct event_fields *fields, const struct event_fields_record *record,
	const char *name, pid_t *ret)
{
	int64_t number;

	if (audit_value_number(event_fields_find(fields, record, name), &number) != 0 ||
		number < 0 || number > INT_MAX)
		return false;
	*ret = (pid_t)number;
	return true;
}

static bool syscall_decode(const struct event_fields *fields,
	const struct event_fields_record *record, struct signal_syscall *ret)
{
	uint64_t arch;
	int64_t number;

	return audit_value_hex(event_fields_find(fields, record, "arch"), &arch) == 0 &&
	       audit_value_number(event_fields_find(fields, record, "syscall"), &number) == 0 &&
	       arch <= UINT32_MAX && number >= 0 &&
	       signal_syscall_find((uint32_t)arch, (uint64_t)number, ret) == 0;
}

/* pidfd_send_signal(pidfd, signal, info, flags) */
static int pidfd_decode(const struct event_fields *fields, const struct event_fields_record *record,
	struct signal_event *event)
{
	uint64_t info, flags;

	if (audit_value_hex(event_fields_find(fields, record, "a2"), &info) != 0 ||
		audit_value_hex(event_fields_find(fields, record, "a3"), &flags) != 0)
		return SIGNAL_EVENT_MALFORMED;
	event->with_info = info != 0;
	event->flags = (uint32_t)flags;
	return 0;
}

static int call_decode(const struct event_fields *fields, const struct event_fields_record *record,
	struct signal_event *event)
{
	static const char *const args[] = {"a0", "a1", "a2", "a3"};
	const char *arg = args[signal_route_signal_arg(event->syscall.route)];
	uint64_t signal;
	int64_t exit;

	if (audit_value_hex(event_fields_find(fields, record, arg), &signal) != 0)
		return SIGNAL_EVENT_MALFORMED;
	event->signal = (int)(uint32_t)signal; /* registers are wider than the int in them */
	if (event_fields_find(fields, record, "success") &&
		audit_value_number(event_fields_find(fields, record, "exit"), &exit) == 0) {
		event->result_known = true;
		event->error = exit < 0 && exit >= -4095 ? (int)-exit : 0;
	}
	if (event->signal == 0)
		return SIGNAL_EVENT_NO_SIGNAL;
	return event->syscall.route == ROUTE_PIDFD_SEND_SIGNAL ? pidfd_decode(fields, record, event)
							       : 0;
}

static int sender_decode(const struct event_fields *fields,
	const struct event_fields_record *record, struct signal_sender *sender)
{
	int r;

	if (!pid_decode(fields, record, "pid", &sender->pid) ||
		!pid_decode(fields, record, "ppid", &sender->ppid) ||
		!id_decode(fields, record, "uid", &sender->uid) ||
		!id_decode(fields, record, "euid", &sender->euid) ||
		!id_decode(fields, record, "auid", &sender->loginuid) ||
		!id_decode(fields, record, "ses", &sender->session))
		return SIGNAL_EVENT_MALFORMED;
	comm_decode(event_fields_find(fields, record, "comm"), sender->comm);
	r = exe_decode(event_fields_find(fields, record, "exe"), &sender->exe);
	if (r == 0)
		r = context_decode(event_fields_find(fields, record, "tty"), &sender->tty);
	if (r == 0)
		r = context_decode(event_fields_find(fields, record, "subj"), &sender->context);
	return r;
}

static int target_decode(const struct event_fields *fields,
	const struct event_fields_record *record, struct signal_target *target)
{
	if (!pid_decode(fields, record, "opid", &target->pid) ||
		!id_decode(fields, record, "ouid", &target->uid) ||
		!id_decode(fields, record, "oauid", &target->loginuid) ||
		!id_decode(fields, record, "oses", &target->session))
		return SIGNAL_EVENT_MALFORMED;
	/* The label before it is not encoded, and may hold what looks like a field. */
	comm_decode(event_fields_find_last(fields, record, "ocomm"), target->comm);
	return context_decode(event_fields_find(fields, record, "obj"), &target->context);
}

static int targets_decode(const struct event_fields *fields, struct signal_event *event)
{
	bool damaged = false;

	event->targets = calloc(fields->n_records, sizeof(*event->targets));
	if (!event->targets)
		return -ENOMEM;
	for (size_t i = 0; i < fields->n_records; i++) {
		const struct event_fields_record *record = &fields->records[i];
		int r;

		if (record->type != AUDIT_OBJ_PID)
			continue;
		r = target_decode(fields, record, &event->targets[event->n_targets]);
		if (r < 0)
			return r;
		if (r == 0)
			event->n_targets++;
		else
			damaged = true;
	}
	event->incomplete = event->incomplete || damaged;
	if (event->n_targets > 0)
		return 0;
	return event->incomplete ? SIGNAL_EVENT_MALFORMED : SIGNAL_EVENT_NO_TARGET;
}

static bool code_is_chosen(const struct signal_event *event)
{
	return event->syscall.route == ROUTE_RT_SIGQUEUEINFO ||
	       event->syscall.route == ROUTE_RT_TGSIGQUEUEINFO || event->with_info;
}

static int self_decode(const struct event_fields *fields, struct signal_event *event)
{
	const struct signal_sender *sender = &event->sender;
	int r = targets_decode(fields, event);

	if (r != SIGNAL_EVENT_NO_TARGET || !code_is_chosen(event) || !event->result_known ||
		event->error != 0)
		return r;
	event->targets[0] = (struct signal_target){
		.pid = sender->pid,
		.uid = sender->uid,
		.loginuid = sender->loginuid,
		.session = sender->session,
	};
	memcpy(event->targets[0].comm, sender->comm, COMM_SIZE);
	event->n_targets = 1;
	return context_decode(sender->context, &event->targets[0].context);
}

static const struct event_fields_record *record_find(
	const struct event_fields *fields, uint16_t type)
{
	for (size_t i = 0; i < fields->n_records; i++)
		if (fields->records[i].type == type)
			return &fields->records[i];
	return NULL;
}

static int event_decode(const struct event_fields *fields,
	int (*decode_targets)(const struct event_fields *fields, struct signal_event *event),
	struct signal_event *ret)
{
	struct signal_event event = {
		.serial = fields->serial,
		.time_msec = fields->time_msec,
		.incomplete = fields->incomplete,
	};
	const struct event_fields_record *call = record_find(fields, AUDIT_SYSCALL);
	const struct event_fields_record *title = record_find(fields, AUDIT_PROCTITLE);
	int r;

	if (!call || !syscall_decode(fields, call, &event.syscall))
		return SIGNAL_EVENT_OTHER;
	r = call_decode(fields, call, &event);
	if (r == 0)
		r = sender_decode(fields, call, &event.sender);
	if (r == 0 && title)
		r = title_decode(event_fields_find(fields, title, "proctitle"), &event.sender);
	if (r == 0)
		r = decode_targets(fields, &event);
	if (r != 0) {
		signal_event_done(&event);
		return r;
	}
	*ret = event;
	return 0;
}

int signal_event_decode(const struct event_fields *fields, struct signal_event *ret)
{
	return event_decode(fields, targets_decode, ret);
}

int signal_event_decode_to_self(const struct event_fields *fields, struct signal_event *ret)
{
	return event_decode(fields, self_decode, ret);
}
