/* SPDX-License-Identifier: GPL-2.0-or-later */
/* SPDX-FileCopyrightText: The killauditd authors */

#include "core/signal-entry.h"

#include <errno.h>
#include <inttypes.h>
#include <stdio.h>
#include <string.h>

#include "core/buffer.h"
#include "core/certainty.h"
#include "core/escape.h"
#include "core/journal-entry.h"
#include "core/signal-name.h"
#include "core/unit-path.h"

#define CONTAINER_ID_SHORT_LEN 12

/* What both sides have in common, from here on without regard to which side it is. */
struct side_fields {
	enum journal_field pid, comm, exe, exe_deleted, ppid, start, uid, euid, loginuid, session,
		tty, cgroup, container_id, container_id_12, container_runtime, container_pid,
		container_init, context;
};

#define SIDE_FIELDS(side)                                                                          \
	{                                                                                          \
		FIELD_##side##_PID, FIELD_##side##_COMM, FIELD_##side##_EXE,                       \
			FIELD_##side##_EXE_DELETED, FIELD_##side##_PPID,                           \
			FIELD_##side##_START_USEC, FIELD_##side##_UID, FIELD_##side##_EUID,        \
			FIELD_##side##_LOGINUID, FIELD_##side##_SESSION, FIELD_##side##_TTY,       \
			FIELD_##side##_CGROUP, FIELD_##side##_CONTAINER_ID,                        \
			FIELD_##side##_CONTAINER_ID_12, FIELD_##side##_CONTAINER_RUNTIME,          \
			FIELD_##side##_CONTAINER_PID, FIELD_##side##_CONTAINER_INIT,               \
			FIELD_##side##_SECURITY_CONTEXT,                                           \
	}

static void evidence_format(const struct attributed_signal *attributed, struct journal_entry *entry)
{
	const struct process *parties[] = {
		attributed->sender_party.process, attributed->target_party.process};
	const struct ancestry *ancestry = attributed->ancestry;
	bool read = false;

	journal_entry_add_string(entry, FIELD_EVIDENCE, "audit");
	for (size_t i = 0; i < 2; i++) {
		if (parties[i] && parties[i]->inherited)
			journal_entry_add_string(entry, FIELD_EVIDENCE, "connector");
		read = read || (parties[i] && !parties[i]->inherited);
	}
	for (size_t i = 1; i < ancestry->n_links; i++)
		read = read || ancestry->links[i].source != PROCESS_SOURCE_NONE;
	if (read)
		journal_entry_add_string(entry, FIELD_EVIDENCE, "procfs");
}

/* The kernel fills in si_code itself for these; the others let the sender choose it. */
static const char *signal_code(enum signal_route route)
{
	switch (route) {
	case ROUTE_KILL:
		return "SI_USER";
	case ROUTE_TKILL:
	case ROUTE_TGKILL:
		return "SI_TKILL";
	case ROUTE_RT_SIGQUEUEINFO:
	case ROUTE_RT_TGSIGQUEUEINFO:
	case ROUTE_PIDFD_SEND_SIGNAL:
	case N_SIGNAL_ROUTES:
		break;
	}
	return NULL;
}

/* A call returns an error only when it reached none of its targets; a success of a call with
 * several does not tell which of them it reached. */
static const char *signal_delivery(const struct signal_event *event)
{
	if (!event->result_known)
		return NULL;
	if (event->error == EPERM)
		return "refused";
	if (event->error == EAGAIN)
		return "overflow";
	return NULL;
}

/* It reached one of them at least; the others may have been out of its reach. */
static bool delivery_unknown(const struct signal_event *event)
{
	return event->n_targets > 1 && event->result_known && event->error == 0;
}

static void call_format(const struct signal_event *event, struct journal_entry *entry)
{
	char text[64];

	journal_entry_add_number(entry, FIELD_SIGNAL, event->signal);
	journal_entry_add_string(entry, FIELD_SIGNAL_NAME, signal_name(event->signal, text));
	journal_entry_add_string(entry, FIELD_SIGNAL_CODE, signal_code(event->syscall.route));
	journal_entry_add_string(entry, FIELD_ROUTE, signal_route_name(event->syscall.route));
	snprintf(text, sizeof(text), "%s:%s", event->syscall.arch_name,
		signal_route_name(event->syscall.route));
	journal_entry_add_string(entry, FIELD_SYSCALL, text);
	if (event->result_known)
		journal_entry_add_string(entry, FIELD_RESULT,
			event->error ? error_name(event->error, text) : "success");
	journal_entry_add_string(entry, FIELD_DELIVERY, signal_delivery(event));
	journal_entry_add_number(entry, FIELD_N_TARGETS, (int64_t)event->n_targets);
	snprintf(text, sizeof(text), "%" PRIu64 ".%03u:%" PRIu32, event->time_msec / 1000,
		(unsigned)(event->time_msec % 1000), event->serial);
	journal_entry_add_string(entry, FIELD_AUDIT_EVENT, text);
}

static void party_format(
	const struct party *party, const struct side_fields *fields, struct journal_entry *entry)
{
	const struct process *process = party->process;

	journal_entry_add_string(entry, fields->exe, party->exe);
	if (party->exe_deleted)
		journal_entry_add_string(entry, fields->exe_deleted, "1");
	journal_entry_add_string(entry, fields->cgroup, party->cgroup);
	if (process)
		journal_entry_add_number(entry, fields->start, (int64_t)process->start_usec);
	if (!party->container.id[0])
		return;
	journal_entry_add_string(entry, fields->container_id, party->container.id);
	journal_entry_add(
		entry, fields->container_id_12, party->container.id, CONTAINER_ID_SHORT_LEN);
	journal_entry_add_string(entry, fields->container_runtime, party->container.runtime);
	if (process->namespaced)
		journal_entry_add_number(entry, fields->container_pid, process->namespace_pid);
	if (party->container_init)
		journal_entry_add_string(entry, fields->container_init, "1");
}

/* "pts0" in the record is pts/0 to everybody else. */
static void sender_tty_format(const char *tty, struct journal_entry *entry)
{
	char text[64];

	if (tty && strncmp(tty, "pts", 3) == 0 && tty[3] >= '0' && tty[3] <= '9') {
		snprintf(text, sizeof(text), "pts/%s", tty + 3);
		tty = text;
	}
	journal_entry_add_string(entry, FIELD_SENDER_TTY, tty);
}

static void sender_format(const struct attributed_signal *attributed, struct journal_entry *entry)
{
	static const struct side_fields fields = SIDE_FIELDS(SENDER);
	const struct signal_sender *sender = &attributed->event->sender;
	const struct party *party = &attributed->sender_party;

	journal_entry_add_number(entry, fields.pid, sender->pid);
	journal_entry_add_string(entry, fields.comm, sender->comm);
	journal_entry_add_number(entry, fields.uid, sender->uid);
	journal_entry_add_number(entry, fields.euid, sender->euid);
	journal_entry_add_number(entry, fields.loginuid, sender->loginuid);
	journal_entry_add_number(entry, fields.session, sender->session);
	sender_tty_format(sender->tty, entry);
	journal_entry_add_string(entry, fields.context, sender->context);
	if (sender->ppid > 0) {
		journal_entry_add_number(entry, fields.ppid, sender->ppid);
		journal_entry_add_number(entry, FIELD_SENDER_PARENT_PID, sender->ppid);
	}
	if (party->cmdline)
		journal_entry_add_string(entry, FIELD_SENDER_CMDLINE, party->cmdline);
	else
		journal_entry_add(entry, FIELD_SENDER_CMDLINE, sender->title, sender->title_len);
	party_format(party, &fields, entry);
}

static void target_format(const struct attributed_signal *attributed, struct journal_entry *entry)
{
	static const struct side_fields fields = SIDE_FIELDS(TARGET);
	const struct signal_target *target = attributed->target;
	const struct party *party = &attributed->target_party;
	const struct process *process = party->process;
	char tty[32];

	journal_entry_add_number(entry, fields.pid, target->pid);
	journal_entry_add_string(entry, fields.comm, target->comm);
	journal_entry_add_number(entry, fields.uid, target->uid);
	journal_entry_add_number(entry, fields.loginuid, target->loginuid);
	journal_entry_add_number(entry, fields.session, target->session);
	journal_entry_add_string(entry, fields.context, target->context);
	party_format(party, &fields, entry);
	if (!process)
		return;
	if (process->ppid > 0)
		journal_entry_add_number(entry, fields.ppid, process->ppid);
	if (process->ids_known)
		journal_entry_add_number(entry, fields.euid, process->euid);
	if (process_tty_name(process->tty_number, tty, sizeof(tty)))
		journal_entry_add_string(entry, fields.tty, tty);
}

static void ancestry_fields_format(const struct ancestry *ancestry, struct journal_entry *entry)
{
	struct buffer text = {};

	ancestry_format(ancestry, &text);
	journal_entry_add(entry, FIELD_SENDER_ANCESTRY, text.data, text.len);
	entry->failed = entry->failed || text.failed;
	buffer_clear(&text);
	if (ancestry_format_json(ancestry, &text) < 0)
		entry->failed = true;
	else
		journal_entry_add(entry, FIELD_SENDER_ANCESTRY_JSON, text.data, text.len);
	buffer_done(&text);

	for (size_t i = 1; i < ancestry->n_links; i++) {
		journal_entry_add_string(
			entry, FIELD_SENDER_ANCESTOR_COMM, ancestry->links[i].comm);
		journal_entry_add_string(entry, FIELD_SENDER_ANCESTOR_EXE, ancestry->links[i].exe);
	}
	if (ancestry->n_links > 1)
		journal_entry_add_string(entry, FIELD_SENDER_PARENT_COMM, ancestry->links[1].comm);
}

static void process_name_append(struct buffer *message, const char *comm, pid_t pid)
{
	if (comm[0])
		escape_name_append(message, comm, strlen(comm));
	else
		buffer_append_string(message, "?");
	buffer_printf(message, "(%d)", pid);
}

/* pkill(23549) sent SIGKILL to server(7942) in container 5fb8adf9ee62; ancestry systemd=>...=>pkill
 */
static void message_format(const struct attributed_signal *attributed, struct journal_entry *entry)
{
	const struct signal_event *event = attributed->event;
	bool failed = event->result_known && event->error;
	struct buffer message = {};
	char text[64];

	process_name_append(&message, event->sender.comm, event->sender.pid);
	buffer_printf(&message, " %s %s to ", failed ? "tried to send" : "sent",
		signal_name(event->signal, text));
	process_name_append(&message, attributed->target->comm, attributed->target->pid);
	if (attributed->target_party.container.id[0])
		buffer_printf(&message, " in container %.*s", CONTAINER_ID_SHORT_LEN,
			attributed->target_party.container.id);
	if (failed)
		buffer_printf(&message, " (%s)", error_name(event->error, text));
	else if (!event->result_known)
		buffer_append_string(&message, " (result not known)");
	buffer_append_string(&message, "; ancestry ");
	ancestry_format_names(
		attributed->ancestry, SIGNAL_ENTRY_MESSAGE_MAX - message.len, &message);
	journal_entry_add(entry, FIELD_MESSAGE, message.data, message.len);
	entry->failed = entry->failed || message.failed;
	buffer_done(&message);
}

enum crossing {
	CROSSING_NONE, /* within one container and one unit */
	CROSSING_UNKNOWN, /* the control group of one side is not known */
	CROSSING_BOUNDARY,
};

static enum crossing crossing_find(
	const struct attributed_signal *attributed, const struct unit_path *target_unit)
{
	const struct party *sender = &attributed->sender_party, *target = &attributed->target_party;
	struct unit_path sender_unit;

	if (attributed->event->sender.pid == attributed->target->pid)
		return CROSSING_NONE;
	if (!sender->cgroup || !target->cgroup)
		return CROSSING_UNKNOWN;
	unit_path_find(sender->cgroup, strlen(sender->cgroup), &sender_unit);
	if (strcmp(sender->container.id, target->container.id) == 0 &&
		strcmp(sender_unit.unit, target_unit->unit) == 0 &&
		strcmp(sender_unit.user_unit, target_unit->user_unit) == 0)
		return CROSSING_NONE;
	return CROSSING_BOUNDARY;
}

/* By these the journal shows the entry under the target's unit. What a unit does within itself is
 * its own affair; where the sender is not known, it may have come from outside. */
static void unit_format(
	enum crossing crossing, const struct unit_path *unit, struct journal_entry *entry)
{
	if (crossing == CROSSING_NONE)
		return;
	journal_entry_add_string(entry, FIELD_OBJECT_SYSTEMD_UNIT, unit->unit);
	journal_entry_add_string(entry, FIELD_OBJECT_SYSTEMD_USER_UNIT, unit->user_unit);
}

static uint32_t all_reasons(const struct attributed_signal *attributed)
{
	const struct signal_event *event = attributed->event;
	const struct party *sender = &attributed->sender_party;
	uint32_t reasons = sender->reasons | attributed->target_party.reasons;

	if (!attributed->ancestry->complete)
		reasons |= REASON_BIT(SENDER_ANCESTRY_INCOMPLETE);
	for (size_t i = 1; i < attributed->ancestry->n_links; i++)
		if (attributed->ancestry->links[i].source == PROCESS_SOURCE_SEED)
			reasons |= REASON_BIT(SENDER_ANCESTRY_SEED);
	if (!sender->cmdline && event->sender.title_len > 0)
		reasons |= REASON_BIT(SENDER_CMDLINE_TITLE);
	if (event->incomplete)
		reasons |= REASON_BIT(TARGET_LIST_INCOMPLETE);
	if (!event->result_known)
		reasons |= REASON_BIT(CAUSE_RESULT_UNKNOWN);
	if (delivery_unknown(event))
		reasons |= REASON_BIT(TARGET_DELIVERY_UNKNOWN);
	if (!event->sender.exe)
		reasons |= REASON_BIT(SENDER_EXE_UNKNOWN);
	for (size_t i = 1; i < attributed->ancestry->n_links; i++)
		if (attributed->ancestry->links[i].reparented)
			reasons |= REASON_BIT(SENDER_ANCESTRY_REPARENTED);
	return reasons;
}

int signal_entry_format(const struct attributed_signal *attributed, struct journal_entry *entry)
{
	const char *delivery = signal_delivery(attributed->event);
	const char *cgroup = attributed->target_party.cgroup;
	bool refused = delivery && strcmp(delivery, "refused") == 0;
	struct unit_path unit = {};
	enum crossing crossing;
	struct entry_head head = {
		.type = ENTRY_SIGNAL,
		.id = attributed->id,
		.realtime_usec = attributed->realtime_usec,
		.monotonic_usec = attributed->monotonic_usec,
		.reasons = all_reasons(attributed),
	};

	if (cgroup)
		unit_path_find(cgroup, strlen(cgroup), &unit);
	crossing = crossing_find(attributed, &unit);
	head.priority = refused || crossing == CROSSING_BOUNDARY ? 5 : 6;
	message_format(attributed, entry);
	entry_head_format(&head, entry);
	evidence_format(attributed, entry);
	unit_format(crossing, &unit, entry);
	call_format(attributed->event, entry);
	target_format(attributed, entry);
	sender_format(attributed, entry);
	ancestry_fields_format(attributed->ancestry, entry);
	return journal_entry_finish(entry);
}
