/* SPDX-License-Identifier: GPL-2.0-or-later */
/* SPDX-FileCopyrightText: The killauditd authors */

/* The event of one kill(2) as the kernel records it, whole or with what a test changes. */
#pragma once

#include "unit.h"

#include <linux/audit.h>
#include <stdio.h>
#include <string.h>

#include "core/event-fields.h"
#include "core/signal-event.h"

#define SAMPLE_CALL                                                                                \
	"arch=c000003e syscall=62 success=yes exit=0 a0=d14 a1=9 a2=0 a3=0 items=0 ppid=100 "      \
	"pid=101 auid=1000 uid=1001 gid=1 euid=1002 suid=2 fsuid=3 tty=pts0 ses=3 comm=\"kill\" "  \
	"exe=\"/bin/kill\" subj=unconfined key=\"killauditd\""
#define SAMPLE_TARGET "opid=200 oauid=-1 ouid=1003 oses=4 obj=init_t ocomm=\"sleep\""
#define SAMPLE_TITLE  "proctitle=6B696C6C002D3900333334300000"

/* "a=b c=d": more fields of the record that was added last, but for the one named `without`, which
 * may be NULL. 0 or a negative errno. */
static inline int fields_add_words(
	struct event_fields *fields, const char *text, const char *without)
{
	int r = 0;

	while (r == 0 && *text) {
		char name[32], value[512];
		int name_len = (int)strcspn(text, "="), value_len;

		snprintf(name, sizeof(name), "%.*s", name_len, text);
		text += name_len + (text[name_len] == '=');
		value_len = (int)strcspn(text, " ");
		snprintf(value, sizeof(value), "%.*s", value_len, text);
		text += value_len + (text[value_len] == ' ');
		if (!without || strcmp(name, without) != 0)
			r = event_fields_add_field(fields, name, value);
	}
	return r;
}

struct sample_record {
	uint16_t type;
	const char *words; /* stand before the sample's own: the first of a name counts */
	const char *field; /* has this value, and none where that is NULL */
	const char *value;
};

static inline void sample_add(struct event_fields *fields, const struct sample_record *record)
{
	const char *rest = "";

	if (record->type == AUDIT_SYSCALL)
		rest = SAMPLE_CALL;
	else if (record->type == AUDIT_OBJ_PID)
		rest = SAMPLE_TARGET;
	else if (record->type == AUDIT_PROCTITLE)
		rest = SAMPLE_TITLE;
	assert_int_equal(event_fields_add_record(fields, record->type), 0);
	if (record->words)
		assert_int_equal(fields_add_words(fields, record->words, NULL), 0);
	if (record->value)
		assert_int_equal(event_fields_add_field(fields, record->field, record->value), 0);
	assert_int_equal(fields_add_words(fields, rest, record->field), 0);
}

/* Records up to the first of type 0. On anything but 0 *ret must be as it was. */
static inline int sample_decode(const struct sample_record *records, struct signal_event *ret)
{
	struct event_fields fields = {.serial = 7, .time_msec = 1795392304338};
	int r;

	for (; records->type != 0; records++)
		sample_add(&fields, records);
	*ret = (struct signal_event){.serial = 4711};
	r = signal_event_decode(&fields, ret);
	if (r != 0) {
		assert_int_equal(ret->serial, 4711);
		assert_null(ret->targets);
		assert_null(ret->sender.exe);
	}
	event_fields_done(&fields);
	return r;
}

/* The whole sample, with what is changed in its SYSCALL record. */
static inline int sample_decode_call(
	const char *words, const char *field, const char *value, struct signal_event *ret)
{
	const struct sample_record records[] = {
		{AUDIT_SYSCALL, words, field, value},
		{AUDIT_OBJ_PID},
		{AUDIT_PROCTITLE},
		{AUDIT_EOE},
		{},
	};

	return sample_decode(records, ret);
}
