/* SPDX-License-Identifier: GPL-2.0-or-later */
/* SPDX-FileCopyrightText: The killauditd authors */

#include "core/coverage.h"

#include <inttypes.h>
#include <stdio.h>
#include <string.h>

#include "core/audit-rules.h"
#include "core/buffer.h"
#include "core/escape.h"
#include "core/journal-entry.h"
#include "core/signal-syscall.h"

/* In the message; the fields have all. */
#define MESSAGE_COMMS_MAX 8
#define MESSAGE_MAX       512

static const struct {
	const char *name, *text;
} reasons[N_COVERAGE_REASONS] = {
#define X(reason, name, text) {name, text},
	COVERAGE_REASONS(X)
#undef X
};

void blind_tasks_add_comm(struct blind_tasks *blind, const char *comm)
{
	for (size_t i = 0; i < blind->n_comms; i++)
		if (strncmp(blind->comms[i], comm, COMM_SIZE - 1) == 0)
			return;
	if (blind->n_comms < COVERAGE_BLIND_COMMS_MAX)
		snprintf(blind->comms[blind->n_comms++], COMM_SIZE, "%s", comm);
}

static bool has(const struct coverage *coverage, uint32_t bits)
{
	return (coverage->reasons & bits) != 0;
}

static bool audit_sees(const struct coverage *coverage)
{
	return !has(coverage, COVERAGE_BIT(NO_AUDIT) | COVERAGE_BIT(AUDIT_DISABLED));
}

/* What audit does not see, the trace does, but for what was refused. */
static const char *route_state(const struct coverage *coverage, unsigned route)
{
	unsigned n = 0, n_missing = 0;

	if (has(coverage, COVERAGE_BIT(STOPPED)))
		return "blind";
	for (size_t i = 0; i < audit_rules_count(); i++) {
		if (!(audit_rule_routes(i) & 1U << route))
			continue;
		n++;
		n_missing += coverage->missing_rules >> i & 1;
	}
	if (!audit_sees(coverage) || n_missing == n)
		return has(coverage, COVERAGE_BIT(NO_TRACE)) ? "blind" : "partial";
	return n_missing ? "partial" : "ok";
}

static void routes_format(const struct coverage *coverage, struct journal_entry *entry)
{
	bool traced = !has(coverage, COVERAGE_BIT(STOPPED) | COVERAGE_BIT(NO_TRACE));
	char text[64];

	for (unsigned route = 0; route < N_SIGNAL_ROUTES; route++) {
		snprintf(text, sizeof(text), "%s=%s", signal_route_name((enum signal_route)route),
			route_state(coverage, route));
		journal_entry_add_string(entry, FIELD_COVERAGE_ROUTE, text);
	}
	journal_entry_add_string(
		entry, FIELD_COVERAGE_ROUTE, traced ? "cgroup.kill=ok" : "cgroup.kill=blind");
	journal_entry_add_string(
		entry, FIELD_COVERAGE_ROUTE, traced ? "kernel=partial" : "kernel=blind");
}

static const char *mode_name(const struct coverage *coverage)
{
	bool audit = audit_sees(coverage);

	if (!has(coverage, COVERAGE_BIT(NO_TRACE)))
		return audit ? "audit+trace" : "trace";
	return has(coverage, COVERAGE_BIT(NO_CONNECTOR)) ? "audit" : "audit+connector";
}

static void blind_append(struct buffer *message, const struct blind_tasks *blind)
{
	size_t n = blind->n_comms < MESSAGE_COMMS_MAX ? blind->n_comms : MESSAGE_COMMS_MAX;

	if (blind->n != COVERAGE_BLIND_UNKNOWN)
		buffer_printf(message, " %zu processes:", blind->n);
	for (size_t i = 0; i < n; i++) {
		buffer_append_string(message, i ? ", " : " ");
		escape_name_append(message, blind->comms[i], strlen(blind->comms[i]));
	}
	if (n < blind->n_comms || blind->n == COVERAGE_BLIND_UNKNOWN)
		buffer_append_string(message, ", ...");
}

static void message_format(const struct coverage *coverage, struct journal_entry *entry)
{
	struct buffer message = {};
	bool stopped = coverage->reasons & COVERAGE_BIT(STOPPED);
	const char *before = stopped ? "" : ", but ";

	buffer_append_string(&message, stopped ? "" : "watching who sends which signal to whom");
	for (unsigned reason = 0; reason < N_COVERAGE_REASONS; reason++) {
		if (!(coverage->reasons & UINT32_C(1) << reason))
			continue;
		buffer_printf(&message, "%s%s", before, reasons[reason].text);
		if (reason == COVERAGE_BLIND_TASKS)
			blind_append(&message, coverage->blind);
		before = "; ";
	}
	if (message.len > MESSAGE_MAX) {
		buffer_cut(&message, MESSAGE_MAX - strlen("..."));
		buffer_append_string(&message, "...");
	}
	journal_entry_add(entry, FIELD_MESSAGE, message.data, message.len);
	entry->failed = entry->failed || message.failed;
	buffer_done(&message);
}

static void blind_format(const struct blind_tasks *blind, struct journal_entry *entry)
{
	if (blind->n != COVERAGE_BLIND_UNKNOWN)
		journal_entry_add_number(entry, FIELD_COVERAGE_BLIND_TASKS, (int64_t)blind->n);
	for (size_t i = 0; i < blind->n_comms; i++)
		journal_entry_add_string(entry, FIELD_COVERAGE_BLIND_COMM, blind->comms[i]);
}

int coverage_entry_format(const struct coverage *coverage, struct event_id id,
	const struct clocks *now, struct journal_entry *entry)
{
	/* A stop was asked for, and better than the rest it never gets. */
	uint32_t losses = coverage->reasons & ~(COVERAGE_BIT(STOPPED) | COVERAGE_BIT(NO_TRACE) |
						      COVERAGE_BIT(KERNEL_PARTIAL));
	struct entry_head head = {
		.type = ENTRY_COVERAGE,
		.id = id,
		.realtime_usec = now->realtime_usec,
		.monotonic_usec = now->monotonic_usec,
		.priority = losses ? 4 : 5,
	};

	message_format(coverage, entry);
	entry_head_format(&head, entry);
	journal_entry_add_string(
		entry, FIELD_EVIDENCE, has(coverage, COVERAGE_BIT(NO_AUDIT)) ? "trace" : "audit");
	if (!has(coverage, COVERAGE_BIT(STOPPED)))
		journal_entry_add_string(entry, FIELD_COVERAGE_MODE, mode_name(coverage));
	routes_format(coverage, entry);
	journal_entry_add_string(entry, FIELD_COVERAGE_COMPLETE, coverage->reasons ? "0" : "1");
	for (unsigned reason = 0; reason < N_COVERAGE_REASONS; reason++)
		if (coverage->reasons & UINT32_C(1) << reason)
			journal_entry_add_string(
				entry, FIELD_COVERAGE_REASON, reasons[reason].name);
	if (coverage->reasons & COVERAGE_BIT(BLIND_TASKS)) {
		journal_entry_add_string(entry, FIELD_EVIDENCE, "procfs");
		blind_format(coverage->blind, entry);
	}
	return journal_entry_finish(entry);
}
