/* SPDX-License-Identifier: GPL-2.0-or-later */
/* SPDX-FileCopyrightText: The killauditd authors */

#include "core/kernel-changes.h"

#include <ctype.h>
#include <errno.h>
#include <inttypes.h>
#include <linux/audit.h>
#include <stdlib.h>
#include <string.h>

#include "core/audit-rules.h"

bool kernel_changes_any(const struct kernel_changes *changes)
{
	return changes->enabled_changed || changes->backlog_limit_changed || changes->added_rules ||
	       changes->connector;
}

void kernel_changes_format(const struct kernel_changes *changes, struct buffer *buffer)
{
	if (changes->enabled_changed)
		buffer_printf(buffer, "enabled 0\nswitched_on_usec %" PRIu64 "\n",
			changes->switched_on_usec);
	if (changes->backlog_limit_changed)
		buffer_printf(buffer, "backlog_limit %" PRIu32 "\n", changes->backlog_limit);
	if (changes->added_rules)
		buffer_printf(buffer, "added_rules %" PRIx32 "\n", changes->added_rules);
	if (changes->connector)
		buffer_printf(buffer, "connector %" PRIu64 "\n", changes->connector);
	buffer_printf(buffer, "daemon_pid %" PRIu32 "\nother_rules %" PRIx64 "\n",
		changes->company.daemon_pid, changes->company.rules);
	for (size_t i = 0; i < changes->company.n_listeners; i++)
		buffer_printf(buffer, "listener %" PRIu32 "\n", changes->company.listeners[i]);
}

/* The value of the line "NAME VALUE..." that begins at `line`: digits of that base, up to max. */
static bool line_value(const char *line, const char *name, int base, uint64_t max, uint64_t *ret)
{
	size_t len = strlen(name);
	uint64_t value;
	char *end;

	if (strncmp(line, name, len) != 0 || line[len] != ' ' ||
		!isxdigit((unsigned char)line[len + 1]))
		return false;
	errno = 0;
	value = strtoull(line + len + 1, &end, base);
	if (errno != 0 || end == line + len + 1 || value > max)
		return false;
	*ret = value;
	return true;
}

static void line_parse(const char *line, struct kernel_changes *changes)
{
	struct audit_company *company = &changes->company;
	uint64_t value;

	if (line_value(line, "enabled", 10, 0, &value)) {
		changes->enabled_changed = true;
	} else if (line_value(line, "switched_on_usec", 10, UINT64_MAX, &value)) {
		changes->switched_on_usec = value;
	} else if (line_value(line, "backlog_limit", 10, UINT32_MAX, &value)) {
		changes->backlog_limit_changed = true;
		changes->backlog_limit = (uint32_t)value;
	} else if (line_value(line, "added_rules", 16, UINT32_MAX, &value)) {
		changes->added_rules = (uint32_t)value;
	} else if (line_value(line, "connector", 10, UINT64_MAX, &value)) {
		changes->connector = value;
	} else if (line_value(line, "daemon_pid", 10, UINT32_MAX, &value)) {
		company->daemon_pid = (uint32_t)value;
	} else if (line_value(line, "other_rules", 16, UINT64_MAX, &value)) {
		company->rules = value;
	} else if (line_value(line, "listener", 10, UINT32_MAX, &value) &&
		   company->n_listeners < AUDIT_LISTENERS_MAX) {
		company->listeners[company->n_listeners++] = (uint32_t)value;
	}
}

void kernel_changes_parse(const char *text, struct kernel_changes *ret)
{
	*ret = (struct kernel_changes){};
	while (text) {
		line_parse(text, ret);
		text = strchr(text, '\n');
		if (text)
			text++;
	}
}

/* FNV-1a; it guards against coincidence, not against an enemy. */
static uint64_t digest_add(uint64_t digest, const void *bytes, size_t len)
{
	const unsigned char *byte = bytes;

	for (size_t i = 0; i < len; i++)
		digest = (digest ^ byte[i]) * UINT64_C(0x100000001b3);
	return digest;
}

uint64_t audit_company_add_rule(uint64_t digest, const struct audit_rule_data *rule)
{
	if (audit_rule_is_ours(rule))
		return digest;
	if (digest == 0)
		digest = UINT64_C(0xcbf29ce484222325);
	return digest_add(digest, rule, sizeof(*rule) + rule->buflen);
}

static bool listened_then(const struct audit_company *then, uint32_t listener)
{
	for (size_t i = 0; i < then->n_listeners; i++)
		if (then->listeners[i] == listener)
			return true;
	return false;
}

bool audit_company_unchanged(const struct audit_company *then, const struct audit_company *now)
{
	if ((now->rules && now->rules != then->rules) ||
		(now->daemon_pid && now->daemon_pid != then->daemon_pid))
		return false;
	for (size_t i = 0; i < now->n_listeners; i++)
		if (!listened_then(then, now->listeners[i]))
			return false;
	return true;
}
