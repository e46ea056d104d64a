/* SPDX-License-Identifier: GPL-2.0-or-later */
/* SPDX-FileCopyrightText: The killauditd authors */

#include "core/signal-entry.h"

#include <errno.h>
#include <inttypes.h>
#include <signal.h>
#include <stdio.h>
#include <string.h>

#include "core/buffer.h"
#include "core/certainty.h"
#include "core/journal-entry.h"
#include "core/signal-message.h"
#include "core/signal-name.h"
#include "core/unit-path.h"

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

bool signal_is_by_kernel(const struct attributed_signal *attributed)
{
	return attributed->seen && attributed->class == SIGNAL_CLASS_KERNEL;
}

struct evidence {
	bool trace, connector, procfs;
};

static void evidence_add(struct evidence *evidence, const struct process *process)
{
	if (!process)
		return;
	if (process->followed)
		evidence->trace = true;
	else if (process->inherited)
		evidence->connector = true;
	if (process->read || !process->inherited)
		evidence->procfs = true;
}

static void evidence_format(const struct attributed_signal *attributed, struct journal_entry *entry)
{
	const struct ancestry *ancestry = attributed->ancestry;
	struct evidence evidence = {.trace = attributed->seen};

	evidence_add(&evidence, attributed->sender_party.process);
	evidence_add(&evidence, attributed->target_party.process);
	for (size_t i = 1; i < ancestry->n_links; i++) {
		if (ancestry->links[i].source == PROCESS_SOURCE_TRACE)
			evidence.trace = true;
		else if (ancestry->links[i].source != PROCESS_SOURCE_NONE)
			evidence.procfs = true;
	}
	if (!attributed->event->traced)
		journal_entry_add_string(entry, FIELD_EVIDENCE, "audit");
	if (evidence.trace)
		journal_entry_add_string(entry, FIELD_EVIDENCE, "trace");
	if (evidence.connector)
		journal_entry_add_string(entry, FIELD_EVIDENCE, "connector");
	if (evidence.procfs)
		journal_entry_add_string(entry, FIELD_EVIDENCE, "procfs");
}

/* The kernel fills in si_code itself for these; the others let the sender choose it. */
static int route_code(enum signal_route route, int *ret_code)
{
	switch (route) {
	case ROUTE_KILL:
		*ret_code = SI_USER;
		return 0;
	case ROUTE_TKILL:
	case ROUTE_TGKILL:
		*ret_code = SI_TKILL;
		return 0;
	case ROUTE_RT_SIGQUEUEINFO:
	case ROUTE_RT_TGSIGQUEUEINFO:
	case ROUTE_PIDFD_SEND_SIGNAL:
	case N_SIGNAL_ROUTES:
		break;
	}
	return -ENODATA;
}

static void code_format(const struct attributed_signal *attributed, struct journal_entry *entry)
{
	char text[SIGNAL_CODE_NAME_SIZE];
	int code;

	if (attributed->seen)
		code = attributed->seen->code;
	else if (route_code(attributed->event->syscall.route, &code) < 0)
		return;
	journal_entry_add_string(entry, FIELD_SIGNAL_CODE, signal_code_name(code, text));
}

/* Which call it was the trace does not tell, but that it was none. */
static const char *route_name(const struct attributed_signal *attributed)
{
	if (!attributed->event->traced)
		return signal_route_name(attributed->event->syscall.route);
	switch (attributed->class) {
	case SIGNAL_CLASS_CGROUP_KILL:
		return "cgroup.kill";
	case SIGNAL_CLASS_KERNEL:
		return "kernel";
	case SIGNAL_CLASS_KILL:
	case SIGNAL_CLASS_TKILL:
	case SIGNAL_CLASS_QUEUE:
	case N_SIGNAL_CLASSES:
		break;
	}
	return NULL;
}

/* A call returns an error only when it reached none of its targets. */
static enum signal_delivery delivery_find(const struct attributed_signal *attributed)
{
	const struct signal_event *event = attributed->event;

	if (attributed->delivery != DELIVERY_UNKNOWN || !event->result_known)
		return attributed->delivery;
	switch (event->error) {
	case EPERM:
		return DELIVERY_REFUSED;
	case EAGAIN:
		return DELIVERY_OVERFLOW;
	default:
		return DELIVERY_UNKNOWN;
	}
}

/* A success of a call with several targets does not tell which of them it reached: one at least;
 * the others may have been out of its reach. */
static bool delivery_unclear(const struct attributed_signal *attributed)
{
	const struct signal_event *event = attributed->event;

	return event->n_targets > 1 && event->result_known && event->error == 0 &&
	       attributed->delivery == DELIVERY_UNKNOWN;
}

static void record_format(const struct signal_event *event, struct journal_entry *entry)
{
	char text[64];

	snprintf(text, sizeof(text), "%s:%s", event->syscall.arch_name,
		signal_route_name(event->syscall.route));
	journal_entry_add_string(entry, FIELD_SYSCALL, text);
	if (event->result_known)
		journal_entry_add_string(entry, FIELD_RESULT,
			event->error ? error_name(event->error, text) : "success");
	journal_entry_add_number(entry, FIELD_N_TARGETS, (int64_t)event->n_targets);
	snprintf(text, sizeof(text), "%" PRIu64 ".%03u:%" PRIu32, event->time_msec / 1000,
		(unsigned)(event->time_msec % 1000), event->serial);
	journal_entry_add_string(entry, FIELD_AUDIT_EVENT, text);
}

static void call_format(const struct attributed_signal *attributed, struct journal_entry *entry)
{
	const struct signal_event *event = attributed->event;
	char text[64];

	journal_entry_add_number(entry, FIELD_SIGNAL, event->signal);
	journal_entry_add_string(entry, FIELD_SIGNAL_NAME, signal_name(event->signal, text));
	code_format(attributed, entry);
	journal_entry_add_string(entry, FIELD_ROUTE, route_name(attributed));
	journal_entry_add_string(
		entry, FIELD_DELIVERY, signal_delivery_name(delivery_find(attributed)));
	if (attributed->amends)
		journal_entry_add_string(entry, FIELD_AMENDS, "1");
	if (attributed->repeated) {
		journal_entry_add_number(entry, FIELD_REPEATED, (int64_t)attributed->repeated);
		journal_entry_add_number(
			entry, FIELD_REPEATED_FIRST_USEC, (int64_t)attributed->realtime_usec);
		journal_entry_add_number(
			entry, FIELD_REPEATED_LAST_USEC, (int64_t)attributed->repeated_last_usec);
	}
	if (!event->traced)
		record_format(event, entry);
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
		journal_entry_add_number(
			entry, fields->start, (int64_t)process_start_told(process));
	if (!party->container.id[0])
		return;
	journal_entry_add_string(entry, fields->container_id, party->container.id);
	journal_entry_add(
		entry, fields->container_id_12, party->container.id, CONTAINER_ID_SHORT_LEN);
	journal_entry_add_string(entry, fields->container_runtime, party->container.runtime);
	if (process->namespaced && process->namespace_pid)
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
	if (!sender->ids_unknown) {
		journal_entry_add_number(entry, fields.uid, sender->uid);
		journal_entry_add_number(entry, fields.euid, sender->euid);
	}
	if (!sender->login_unknown) {
		journal_entry_add_number(entry, fields.loginuid, sender->loginuid);
		journal_entry_add_number(entry, fields.session, sender->session);
	}
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
	if (!target->uid_unknown)
		journal_entry_add_number(entry, fields.uid, target->uid);
	if (!target->login_unknown) {
		journal_entry_add_number(entry, fields.loginuid, target->loginuid);
		journal_entry_add_number(entry, fields.session, target->session);
	}
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

/* The parent that it had at the time need not be the one that it was born to. */
static void parent_format(const struct ancestry *ancestry, pid_t ppid, struct journal_entry *entry)
{
	for (size_t i = 1; i < ancestry->n_links; i++) {
		if (ancestry->links[i].pid != ppid)
			continue;
		journal_entry_add_string(entry, FIELD_SENDER_PARENT_COMM, ancestry->links[i].comm);
		return;
	}
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
}

/* Who ran is no sender. */
static void context_format(const struct signal_sender *current, struct journal_entry *entry)
{
	journal_entry_add_number(entry, FIELD_CONTEXT_PID, current->pid);
	journal_entry_add_string(entry, FIELD_CONTEXT_COMM, current->comm);
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

	if (signal_is_by_kernel(attributed))
		return CROSSING_UNKNOWN;
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

static uint32_t ancestry_reasons(const struct ancestry *ancestry)
{
	uint32_t reasons = 0;

	if (!ancestry->complete)
		reasons |= REASON_BIT(SENDER_ANCESTRY_INCOMPLETE);
	for (size_t i = 1; i < ancestry->n_links; i++) {
		if (ancestry->links[i].source == PROCESS_SOURCE_SEED)
			reasons |= REASON_BIT(SENDER_ANCESTRY_SEED);
		if (ancestry->links[i].reparented)
			reasons |= REASON_BIT(SENDER_ANCESTRY_REPARENTED);
	}
	return reasons;
}

static uint32_t sender_reasons(const struct attributed_signal *attributed)
{
	const struct signal_sender *sender = &attributed->event->sender;
	uint32_t reasons =
		attributed->sender_party.reasons | ancestry_reasons(attributed->ancestry);

	if (!attributed->sender_party.cmdline && sender->title_len > 0)
		reasons |= REASON_BIT(SENDER_CMDLINE_TITLE);
	if (attributed->event->traced ? !attributed->sender_party.exe : !sender->exe)
		reasons |= REASON_BIT(SENDER_EXE_UNKNOWN);
	return reasons;
}

static uint32_t all_reasons(const struct attributed_signal *attributed)
{
	const struct signal_event *event = attributed->event;
	uint32_t reasons = attributed->reasons | attributed->target_party.reasons;

	if (!signal_is_by_kernel(attributed))
		reasons |= sender_reasons(attributed);
	if (event->incomplete)
		reasons |= REASON_BIT(TARGET_LIST_INCOMPLETE);
	if (!event->result_known && !attributed->seen)
		reasons |= REASON_BIT(CAUSE_RESULT_UNKNOWN);
	if (delivery_unclear(attributed))
		reasons |= REASON_BIT(TARGET_DELIVERY_UNKNOWN);
	return reasons;
}

static void message_format(const struct attributed_signal *attributed, struct journal_entry *entry)
{
	struct buffer message = {};

	signal_message_format(attributed, &message);
	journal_entry_add(entry, FIELD_MESSAGE, message.data, message.len);
	entry->failed = entry->failed || message.failed;
	buffer_done(&message);
}

int signal_entry_format(const struct attributed_signal *attributed, struct journal_entry *entry)
{
	const char *cgroup = attributed->target_party.cgroup;
	bool refused = delivery_find(attributed) == DELIVERY_REFUSED;
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
	call_format(attributed, entry);
	target_format(attributed, entry);
	if (signal_is_by_kernel(attributed)) {
		context_format(&attributed->event->sender, entry);
	} else {
		sender_format(attributed, entry);
		ancestry_fields_format(attributed->ancestry, entry);
		parent_format(attributed->ancestry, attributed->event->sender.ppid, entry);
	}
	return journal_entry_finish(entry);
}
