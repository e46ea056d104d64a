/* SPDX-License-Identifier: GPL-2.0-or-later */
/* SPDX-FileCopyrightText: The killauditd authors */

#include "core/entry-shape.h"

#include <errno.h>
#include <json-c/json.h>
#include <string.h>

#include "core/buffer.h"
#include "core/escape.h"
#include "core/journal-entry.h"
#include "core/json-value.h"

static void name_append(struct buffer *buffer, const struct journal_entry *entry,
	enum journal_field comm, enum journal_field pid)
{
	const char *value;
	size_t len;

	value = journal_entry_get(entry, comm, &len);
	if (value)
		escape_name_append(buffer, value, len);
	else
		buffer_append_string(buffer, "?");
	value = journal_entry_get(entry, pid, &len);
	if (value)
		buffer_printf(buffer, "(%.*s)", (int)len, value);
}

static void value_append(struct buffer *buffer, const struct journal_entry *entry,
	const char *before, enum journal_field field)
{
	const char *value;
	size_t len;

	value = journal_entry_get(entry, field, &len);
	if (!value)
		return;
	buffer_append_string(buffer, before);
	escape_text_append(buffer, value, len);
}

/* An id that audit has not set says so. */
static void id_append(struct buffer *buffer, const struct journal_entry *entry, const char *before,
	enum journal_field field)
{
	static const char unset[] = "4294967295"; /* AUDIT_ID_UNSET */
	const char *value;
	size_t len;

	value = journal_entry_get(entry, field, &len);
	if (value && len == strlen(unset) && memcmp(value, unset, len) == 0)
		buffer_printf(buffer, "%sunset", before);
	else
		value_append(buffer, entry, before, field);
}

static void values_append(struct buffer *buffer, const struct journal_entry *entry,
	const char *before, enum journal_field field)
{
	for (size_t i = 0; i < entry->n_items; i++) {
		const char *value;
		size_t len;

		if (entry->items[i].field != field)
			continue;
		value = journal_entry_value(entry, i, &len);
		buffer_append_string(buffer, before);
		escape_text_append(buffer, value, len);
		before = ", ";
	}
}

static void message_shape(const struct journal_entry *entry, struct buffer *ret)
{
	value_append(ret, entry, "", FIELD_KILLAUDIT_TYPE);
	value_append(ret, entry, ": ", FIELD_MESSAGE);
	buffer_append_string(ret, "\n\n");
}

static void signal_shape(const struct journal_entry *entry, struct buffer *ret)
{
	enum journal_field call;
	const char *value;
	size_t len;
	bool failed;

	value = journal_entry_get(entry, FIELD_RESULT, &len);
	failed = value && !(len == strlen("success") && memcmp(value, "success", len) == 0);
	name_append(ret, entry, FIELD_SENDER_COMM, FIELD_SENDER_PID);
	value_append(ret, entry, failed ? " tried to send " : " send ", FIELD_SIGNAL_NAME);
	buffer_append_string(ret, " to ");
	name_append(ret, entry, FIELD_TARGET_COMM, FIELD_TARGET_PID);
	buffer_append_string(ret, "\nparent of sender: ");
	name_append(ret, entry, FIELD_SENDER_PARENT_COMM, FIELD_SENDER_PARENT_PID);
	value = journal_entry_get(entry, FIELD_SENDER_ANCESTRY, &len);
	if (value) /* escaped when it was formatted */
		buffer_printf(ret, "\ntask_ancestry:%.*s", (int)len, value);

	buffer_append_string(ret, "\n    target:");
	value_append(ret, entry, " container ", FIELD_TARGET_CONTAINER_ID);
	value_append(ret, entry, " runtime ", FIELD_TARGET_CONTAINER_RUNTIME);
	value_append(ret, entry, " exe ", FIELD_TARGET_EXE);
	value_append(ret, entry, " uid ", FIELD_TARGET_UID);
	id_append(ret, entry, " loginuid ", FIELD_TARGET_LOGINUID);
	value_append(ret, entry, " cgroup ", FIELD_TARGET_CGROUP);
	buffer_append_string(ret, "\n    sender:");
	value_append(ret, entry, " container ", FIELD_SENDER_CONTAINER_ID);
	value_append(ret, entry, " runtime ", FIELD_SENDER_CONTAINER_RUNTIME);
	value_append(ret, entry, " exe ", FIELD_SENDER_EXE);
	value_append(ret, entry, " uid ", FIELD_SENDER_UID);
	id_append(ret, entry, " loginuid ", FIELD_SENDER_LOGINUID);
	id_append(ret, entry, " session ", FIELD_SENDER_SESSION);
	value_append(ret, entry, " tty ", FIELD_SENDER_TTY);
	value_append(ret, entry, " cgroup ", FIELD_SENDER_CGROUP);
	value_append(ret, entry, "\n    command line: ", FIELD_SENDER_CMDLINE);
	call = journal_entry_get(entry, FIELD_SYSCALL, &len) ? FIELD_SYSCALL : FIELD_ROUTE;
	buffer_append_string(ret, "\n    call:");
	value_append(ret, entry, " ", call);
	value_append(ret, entry, journal_entry_get(entry, call, &len) ? ", result " : " result ",
		FIELD_RESULT);
	value_append(ret, entry, ", audit event ", FIELD_AUDIT_EVENT);
	value_append(ret, entry, ", targets ", FIELD_N_TARGETS);
	value_append(ret, entry, "\n    ", FIELD_CERTAINTY);
	values_append(ret, entry, ": ", FIELD_CERTAINTY_REASON);
	buffer_append_string(ret, "\n\n");
}

int entry_shape_text(const struct journal_entry *entry, struct buffer *ret)
{
	size_t len;

	if (journal_entry_get(entry, FIELD_GAP_REASON, &len) ||
		journal_entry_get(entry, FIELD_COVERAGE_COMPLETE, &len))
		message_shape(entry, ret);
	else
		signal_shape(entry, ret);
	return ret->failed ? -ENOMEM : 0;
}

static json_object *field_to_json(const struct journal_entry *entry, enum journal_field field)
{
	json_object *array = NULL, *single = NULL;

	for (size_t i = 0; i < entry->n_items; i++) {
		const char *value;
		size_t len;
		json_object *string;

		if (entry->items[i].field != field)
			continue;
		value = journal_entry_value(entry, i, &len);
		string = json_value_bytes(value, len);
		if (!single) {
			single = string;
			continue;
		}
		if (!array) {
			array = json_object_new_array();
			json_object_array_add(array, single);
		}
		json_object_array_add(array, string);
	}
	return array ? array : single;
}

int entry_shape_json(const struct journal_entry *entry, struct buffer *ret)
{
	json_object *object = json_object_new_object();
	bool added = true;
	const char *text;
	size_t len;

	for (unsigned field = 0; field < N_JOURNAL_FIELDS && added; field++) {
		if (journal_entry_get(entry, (enum journal_field)field, &len))
			added = json_value_add(object,
				journal_field_name((enum journal_field)field),
				field_to_json(entry, (enum journal_field)field));
	}
	text = added ? json_value_text(object) : NULL;
	if (text) {
		buffer_append_string(ret, text);
		buffer_append_string(ret, "\n");
	}
	json_object_put(object);
	return text && !ret->failed ? 0 : -ENOMEM;
}
