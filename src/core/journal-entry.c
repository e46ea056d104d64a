/* SPDX-License-Identifier: GPL-2.0-or-later */
/* SPDX-FileCopyrightText: The killauditd authors */

#include "core/journal-entry.h"

#include <errno.h>
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

void journal_entry_done(struct journal_entry *entry)
{
	free(entry->items);
	buffer_done(&entry->data);
	*entry = (struct journal_entry){};
}

void journal_entry_clear(struct journal_entry *entry)
{
	entry->n_items = 0;
	entry->failed = false;
	buffer_clear(&entry->data);
}

const char *journal_entry_value(const struct journal_entry *entry, size_t index, size_t *ret_len)
{
	const struct journal_item *item = &entry->items[index];
	size_t name_len = strlen(journal_field_name(item->field)) + 1;

	*ret_len = item->len - name_len;
	return entry->data.data + item->offset + name_len;
}

static bool journal_entry_holds(
	const struct journal_entry *entry, enum journal_field field, const char *value, size_t len)
{
	for (size_t i = 0; i < entry->n_items; i++) {
		const char *other;
		size_t other_len;

		if (entry->items[i].field != field)
			continue;
		if (!journal_field_many(field))
			return true;
		other = journal_entry_value(entry, i, &other_len);
		if (other_len == len && memcmp(other, value, len) == 0)
			return true;
	}
	return false;
}

void journal_entry_add(
	struct journal_entry *entry, enum journal_field field, const char *value, size_t len)
{
	size_t offset = entry->data.len;

	if (len == 0 || journal_entry_holds(entry, field, value, len))
		return;
	if (entry->n_items == entry->items_size) {
		size_t size = entry->items_size ? entry->items_size * 2 : 64;
		struct journal_item *items = reallocarray(entry->items, size, sizeof(*items));

		if (!items) {
			entry->failed = true;
			return;
		}
		entry->items = items;
		entry->items_size = size;
	}
	buffer_append_string(&entry->data, journal_field_name(field));
	buffer_append(&entry->data, "=", 1);
	buffer_append(&entry->data, value, len);
	entry->items[entry->n_items++] = (struct journal_item){
		.field = field,
		.offset = offset,
		.len = entry->data.len - offset,
	};
}

void journal_entry_add_string(
	struct journal_entry *entry, enum journal_field field, const char *value)
{
	if (value)
		journal_entry_add(entry, field, value, strlen(value));
}

void journal_entry_add_number(struct journal_entry *entry, enum journal_field field, int64_t value)
{
	char text[24];
	int len = snprintf(text, sizeof(text), "%" PRId64, value);

	journal_entry_add(entry, field, text, (size_t)len);
}

static void journal_entry_remove(struct journal_entry *entry, enum journal_field field)
{
	size_t kept = 0;

	for (size_t i = 0; i < entry->n_items; i++)
		if (entry->items[i].field != field)
			entry->items[kept++] = entry->items[i];
	entry->n_items = kept;
}

int journal_entry_finish(struct journal_entry *entry)
{
	if (entry->failed || entry->data.failed)
		return -ENOMEM;
	for (;;) {
		bool seen[N_JOURNAL_FIELDS] = {};
		enum journal_field worst = N_JOURNAL_FIELDS;
		size_t n = 0;

		for (size_t i = 0; i < entry->n_items; i++) {
			enum journal_field field = entry->items[i].field;

			if (seen[field] || journal_field_well_known(field))
				continue;
			seen[field] = true;
			n++;
			if (journal_field_rank(field) > 0 &&
				(worst == N_JOURNAL_FIELDS ||
					journal_field_rank(field) > journal_field_rank(worst)))
				worst = field;
		}
		if (n <= JOURNAL_ENTRY_MAX_FIELDS || worst == N_JOURNAL_FIELDS)
			return 0;
		journal_entry_remove(entry, worst);
	}
}

const char *journal_entry_get(
	const struct journal_entry *entry, enum journal_field field, size_t *ret_len)
{
	for (size_t i = 0; i < entry->n_items; i++)
		if (entry->items[i].field == field)
			return journal_entry_value(entry, i, ret_len);
	return NULL;
}
