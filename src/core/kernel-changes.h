/* SPDX-License-Identifier: GPL-2.0-or-later */
/* SPDX-FileCopyrightText: The killauditd authors */

/*
 * What we changed in the kernel's audit settings, so that it can be put back: by the same run, or
 * by the next one when this one dies. And the question whether it may be put back: only while
 * nobody else has begun to rely on it.
 */
#pragma once

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "core/buffer.h"

struct audit_rule_data;

#define AUDIT_LISTENERS_MAX 32

/* Who else uses the audit subsystem. */
struct audit_company {
	uint32_t daemon_pid; /* registered audit daemon, 0: none */
	uint64_t rules; /* digest of all rules but ours, in order */
	uint32_t listeners[AUDIT_LISTENERS_MAX]; /* port ids in the multicast group, but ours */
	size_t n_listeners;
};

struct kernel_changes {
	bool enabled_changed; /* we switched it from 0 to 1 */
	uint64_t switched_on_usec; /* when, CLOCK_BOOTTIME */
	bool backlog_limit_changed; /* we raised it */
	uint32_t backlog_limit; /* from this */
	uint32_t added_rules; /* bits 1 << index: rules that a run by hand must remove */
	uint64_t connector; /* SO_COOKIE of the socket for which we asked to be told; 0: none */
	struct audit_company company; /* when we changed enabled or backlog_limit */
};

bool kernel_changes_any(const struct kernel_changes *changes);

/* One "name value ..." a line. Lines of other names are passed over, so that another version can
 * read it. */
void kernel_changes_format(const struct kernel_changes *changes, struct buffer *buffer);
void kernel_changes_parse(const char *text, struct kernel_changes *ret);

/* Begin with 0; a rule with our key leaves it as it is. */
uint64_t audit_company_add_rule(uint64_t digest, const struct audit_rule_data *rule);

/* Nobody is here who was not here then. */
bool audit_company_unchanged(const struct audit_company *then, const struct audit_company *now);
