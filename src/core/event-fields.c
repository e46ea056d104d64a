/* SPDX-License-Identifier: GPL-2.0-or-later */
/* SPDX-FileCopyrightText: The killauditd authors */

#include "core/event-fields.h"

#include <assert.h>
#include <errno.h>
#include <stdlib.h>
#include <string.h>

void event_fields_done(struct event_fields *fields)
{
	free(fields->records);
	free(fields->fields);
	buffer_done(&fields->strings);
	*fields = (struct event_fields){};
}

void event_fields_clear(struct event_fields *fields)
{
	fields->n_records = 0;
	fields->n_fields = 0;
	buffer_clear(&fields->strings);
}

int event_fields_add_record(struct event_fields *fields, uint16_t type)
{
	if (fields->n_records == fields->records_size) {
		size_t size = fields->records_size ? fields->records_size * 2 : 8;
		struct event_fields_record *records =
			reallocarray(fields->records, size, sizeof(*records));

		if (!records)
			return -ENOMEM;
		fields->records = records;
		fields->records_size = size;
	}
	fields->records[fields->n_records++] = (struct event_fields_record){
		.type = type,
		.first_field = fields->n_fields,
	};
	return 0;
}

static size_t strings_add(struct buffer *strings, const char *string)
{
	size_t offset = strings->len;

	buffer_append(strings, string, strlen(string) + 1);
	return offset;
}

int event_fields_add_field(struct event_fields *fields, const char *name, const char *value)
{
	struct event_field field;

	assert(fields->n_records > 0);
	if (fields->n_fields == fields->fields_size) {
		size_t size = fields->fields_size ? fields->fields_size * 2 : 64;
		struct event_field *grown = reallocarray(fields->fields, size, sizeof(*grown));

		if (!grown)
			return -ENOMEM;
		fields->fields = grown;
		fields->fields_size = size;
	}
	field.name = strings_add(&fields->strings, name);
	field.value = strings_add(&fields->strings, value);
	if (fields->strings.failed)
		return -ENOMEM;
	fields->fields[fields->n_fields++] = field;
	fields->records[fields->n_records - 1].n_fields++;
	return 0;
}

static const char *field_value(
	const struct event_fields *fields, const struct event_field *field, const char *name)
{
	if (strcmp(fields->strings.data + field->name, name) != 0)
		return NULL;
	return fields->strings.data + field->value;
}

const char *event_fields_find(const struct event_fields *fields,
	const struct event_fields_record *record, const char *name)
{
	const char *value = NULL;

	for (size_t i = 0; i < record->n_fields && !value; i++)
		value = field_value(fields, &fields->fields[record->first_field + i], name);
	return value;
}

const char *event_fields_find_last(const struct event_fields *fields,
	const struct event_fields_record *record, const char *name)
{
	const char *value = NULL;

	for (size_t i = record->n_fields; i > 0 && !value; i--)
		value = field_value(fields, &fields->fields[record->first_field + i - 1], name);
	return value;
}
