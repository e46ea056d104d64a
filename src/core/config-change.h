/* SPDX-License-Identifier: GPL-2.0-or-later */
/* SPDX-FileCopyrightText: The killauditd authors */

/*
 * What a CONFIG_CHANGE record says of the audit subsystem itself:
 *
 *     op=set audit_enabled=0 old=1 auid=4294967295 ses=4294967295 subj=unconfined res=1
 *     auid=0 ses=1 subj=unconfined op=remove_rule key="killauditd" list=4 res=1
 */
#pragma once

#include <stddef.h>

#include "core/audit-record.h"

enum config_change {
	CONFIG_CHANGE_NONE, /* no such record, it failed, or it is of something else */
	CONFIG_CHANGE_SWITCHED_OFF, /* auditing */
	CONFIG_CHANGE_SWITCHED_ON, /* ... or locked */
	CONFIG_CHANGE_OUR_RULE_REMOVED,
	CONFIG_CHANGE_OUR_RULE_ADDED,
	CONFIG_CHANGE_OTHER_RULE, /* added or removed */
};

enum config_change config_change_parse(const struct audit_record *record);
