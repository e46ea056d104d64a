/* SPDX-License-Identifier: GPL-2.0-or-later */
/* SPDX-FileCopyrightText: The killauditd authors */

#include "core/config-change.h"

#include <linux/audit.h>
#include <stdbool.h>
#include <string.h>

#include "core/audit-rules.h"

struct value {
	const char *at;
	size_t len;
};

/* The value of NAME=, up to the next space; at is NULL where there is none. */
static struct value value_find(const struct audit_record *record, const char *name)
{
	const char *at = record->payload, *end = at + record->payload_len;
	size_t name_len = strlen(name);

	while (at < end) {
		const char *space = memchr(at, ' ', (size_t)(end - at));
		const char *word_end = space ? space : end;

		if ((size_t)(word_end - at) > name_len && memcmp(at, name, name_len) == 0 &&
			at[name_len] == '=')
			return (struct value){
				at + name_len + 1, (size_t)(word_end - at) - name_len - 1};
		at = space ? space + 1 : end;
	}
	return (struct value){};
}

static bool value_is(struct value value, const char *word)
{
	return value.at && value.len == strlen(word) && memcmp(value.at, word, value.len) == 0;
}

enum config_change config_change_parse(const struct audit_record *record)
{
	struct value enabled, op;
	bool ours;

	if (record->type != AUDIT_CONFIG_CHANGE || value_is(value_find(record, "res"), "0"))
		return CONFIG_CHANGE_NONE;
	enabled = value_find(record, "audit_enabled");
	if (enabled.at)
		return value_is(enabled, "0") ? CONFIG_CHANGE_SWITCHED_OFF
					      : CONFIG_CHANGE_SWITCHED_ON;
	op = value_find(record, "op");
	ours = value_is(value_find(record, "key"), "\"" AUDIT_RULE_KEY "\"");
	if (value_is(op, "remove_rule"))
		return ours ? CONFIG_CHANGE_OUR_RULE_REMOVED : CONFIG_CHANGE_OTHER_RULE;
	if (value_is(op, "add_rule"))
		return ours ? CONFIG_CHANGE_OUR_RULE_ADDED : CONFIG_CHANGE_OTHER_RULE;
	return CONFIG_CHANGE_NONE;
}
