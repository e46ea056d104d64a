/* SPDX-License-Identifier: GPL-2.0-or-later */
/* SPDX-FileCopyrightText: The killauditd authors */

#include "unit.h"

#include <linux/audit.h>
#include <string.h>

#include "core/config-change.h"
#include "rows.h"

#define BY "auid=0 ses=1 subj=unconfined "

#define NONE CONFIG_CHANGE_NONE

static const struct change_row {
	const char *name;
	const char *payload;
	enum config_change change;
	uint16_t type; /* 0: AUDIT_CONFIG_CHANGE */
} change_rows[] = {
	{"switched off", "op=set audit_enabled=0 old=1 " BY "res=1", CONFIG_CHANGE_SWITCHED_OFF},
	{"switched on", "op=set audit_enabled=1 old=0 " BY "res=1", CONFIG_CHANGE_SWITCHED_ON},
	{"locked", "op=set audit_enabled=2 old=1 " BY "res=1", CONFIG_CHANGE_SWITCHED_ON},
	{"switched off, the older form", "audit_enabled=0 old=1 auid=0 ses=1 res=1",
		CONFIG_CHANGE_SWITCHED_OFF},
	{"switched on, the older form", "audit_enabled=1 old=0 auid=0 ses=1 res=1",
		CONFIG_CHANGE_SWITCHED_ON},
	{"switched off, at the end", "op=set audit_enabled=0", CONFIG_CHANGE_SWITCHED_OFF},
	{"switched off, but it failed", "op=set audit_enabled=0 old=1 " BY "res=0", NONE},
	{"switched on, but it failed", "op=set audit_enabled=1 old=2 " BY "res=0", NONE},
	{"it was off before", "op=set old=0 audit_enabled=1 res=1", CONFIG_CHANGE_SWITCHED_ON},
	{"another setting", "op=set audit_backlog_limit=0 old=64 " BY "res=1", NONE},
	{"another setting that ends so", "op=set not_audit_enabled=0 old=1 " BY "res=1", NONE},
	{"another setting that begins so", "op=set audit_enabled_by=0 old=1 " BY "res=1", NONE},
	{"within another word", "op=set x=audit_enabled=0 " BY "res=1", NONE},
	{"within quotes", "op=set x=\"audit_enabled=0\" " BY "res=1", NONE},
	{"the name alone", "op=set audit_enabled 0 " BY "res=1", NONE},
	{"a number that only begins so", "op=set audit_enabled=01 " BY "res=1",
		CONFIG_CHANGE_SWITCHED_ON},

	{"our rule removed", BY "op=remove_rule key=\"killauditd\" list=4 res=1",
		CONFIG_CHANGE_OUR_RULE_REMOVED},
	{"our rule added", BY "op=add_rule key=\"killauditd\" list=4 res=1",
		CONFIG_CHANGE_OUR_RULE_ADDED},
	{"our rule removed, in another order",
		"res=1 list=4 key=\"killauditd\" op=remove_rule auid=0",
		CONFIG_CHANGE_OUR_RULE_REMOVED},
	{"our rule, but it could not be removed",
		BY "op=remove_rule key=\"killauditd\" list=4 res=0", NONE},
	{"our rule, but it was there", BY "op=add_rule key=\"killauditd\" list=4 res=0", NONE},
	{"failed, and that stands first", "res=0 op=remove_rule key=\"killauditd\"", NONE},
	{"no result", BY "op=remove_rule key=\"killauditd\" list=4",
		CONFIG_CHANGE_OUR_RULE_REMOVED},
	{"failed another thing", BY "op=remove_rule key=\"killauditd\" xres=0 res=1",
		CONFIG_CHANGE_OUR_RULE_REMOVED},
	{"a result that only begins so", BY "op=remove_rule key=\"killauditd\" res=01",
		CONFIG_CHANGE_OUR_RULE_REMOVED},
	{"another's rule removed", BY "op=remove_rule key=\"passwd\" list=4 res=1",
		CONFIG_CHANGE_OTHER_RULE},
	{"another's rule added", BY "op=add_rule key=\"passwd\" list=4 res=1",
		CONFIG_CHANGE_OTHER_RULE},
	{"another's rule, but it was there", BY "op=add_rule key=\"passwd\" list=4 res=0", NONE},
	{"no key", BY "op=remove_rule key=(null) list=4 res=1", CONFIG_CHANGE_OTHER_RULE},
	{"no field for the key", BY "op=remove_rule dir=\"/etc\" list=4 res=1",
		CONFIG_CHANGE_OTHER_RULE},
	{"a key that begins so", BY "op=remove_rule key=\"killauditd2\" list=4 res=1",
		CONFIG_CHANGE_OTHER_RULE},
	{"a key that ends so", BY "op=remove_rule key=\"xkillauditd\" list=4 res=1",
		CONFIG_CHANGE_OTHER_RULE},
	{"a key that is cut", BY "op=remove_rule key=\"killaudit\" list=4 res=1",
		CONFIG_CHANGE_OTHER_RULE},
	{"a key without quotes", BY "op=remove_rule key=killauditd list=4 res=1",
		CONFIG_CHANGE_OTHER_RULE},
	{"a key in hex, and one behind it",
		BY "op=remove_rule key=6B696C6C61756469746401780A list=4 res=1",
		CONFIG_CHANGE_OTHER_RULE},
	{"our key in hex: never so written", BY "op=add_rule key=6B696C6C617564697464 list=4 res=1",
		CONFIG_CHANGE_OTHER_RULE},
	{"our key under another name", BY "op=add_rule xkey=\"killauditd\" key=\"a\" res=1",
		CONFIG_CHANGE_OTHER_RULE},
	{"a key that speaks like a field", BY "op=add_rule key=\"op=remove_rule\" list=4 res=1",
		CONFIG_CHANGE_OTHER_RULE},
	{"an empty key", BY "op=add_rule key=\"\" list=4 res=1", CONFIG_CHANGE_OTHER_RULE},
	{"our key, of neither", BY "op=updated_rules key=\"killauditd\" list=4 res=1", NONE},
	{"an operation that begins so", BY "op=remove_rules key=\"killauditd\" list=4 res=1", NONE},
	{"an operation that is cut", BY "op=add_rul key=\"killauditd\" list=4 res=1", NONE},
	{"an operation of another name", BY "xop=add_rule key=\"killauditd\" list=4 res=1", NONE},
	{"no operation", BY "key=\"killauditd\" list=4 res=1", NONE},

	{"empty", "", NONE},
	{"spaces", "   ", NONE},
	{"equals signs", "= == =", NONE},
	{"spaces around words", "  op=remove_rule   key=\"killauditd\"  ",
		CONFIG_CHANGE_OUR_RULE_REMOVED},
	{"cut within a name", BY "op=add_rule key", CONFIG_CHANGE_OTHER_RULE},
	{"cut before a value", BY "op=", NONE},
	{"another record", "op=set audit_enabled=0 old=1 res=1", NONE, AUDIT_SYSCALL},
	{"another record of a rule", "op=remove_rule key=\"killauditd\" res=1", NONE, AUDIT_EOE},
	{"a user's record", "op=set audit_enabled=0 old=1 res=1", NONE, AUDIT_USER},
};

/* Nothing ends it but its length: what is behind it would change what it says. */
static void test_change(void **state)
{
	static const char behind[] = "1 op=add_rule key=\"killauditd\" audit_enabled=0 res=0";
	const struct change_row *row = *state;
	size_t len = strlen(row->payload);
	char *exact = malloc(len ? len : 1), longer[256] = "";
	struct audit_record record = {
		.type = row->type ? row->type : AUDIT_CONFIG_CHANGE,
		.payload = exact,
		.payload_len = len,
	};

	assert_non_null(exact);
	memcpy(exact, row->payload, len);
	assert_int_equal(config_change_parse(&record), row->change);
	free(exact);

	assert_true(len + sizeof(behind) <= sizeof(longer));
	memcpy(longer, row->payload, len);
	memcpy(longer + len, behind, sizeof(behind));
	record.payload = longer;
	assert_int_equal(config_change_parse(&record), row->change);
}

int main(void)
{
	return ROWS_RUN(test_change, change_rows);
}
