/* SPDX-License-Identifier: GPL-2.0-or-later */
/* SPDX-FileCopyrightText: The killauditd authors */

/*
 * One entry as the journal takes it: fields of journal-field.h with values of any bytes, and its
 * other two shapes, a text for people and a line of JSON.
 */
#pragma once

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "core/buffer.h"
#include "core/journal-field.h"

struct journal_item {
	enum journal_field field;
	size_t offset, len; /* of NAME=value in journal_entry.data */
};

struct journal_entry {
	struct journal_item *items;
	size_t n_items, items_size;
	struct buffer data;
	bool failed; /* out of memory: the entry is not whole */
};

void journal_entry_done(struct journal_entry *entry);
void journal_entry_clear(struct journal_entry *entry); /* keeps the memory */

/* An empty value adds nothing, and a second value for a field that is not "many", or the same value
 * again for one that is, neither. Failures are remembered for journal_entry_finish(). */
void journal_entry_add(
	struct journal_entry *entry, enum journal_field field, const char *value, size_t len);
void journal_entry_add_string(struct journal_entry *entry, enum journal_field field,
	const char *value); /* NULL adds nothing */
void journal_entry_add_number(struct journal_entry *entry, enum journal_field field, int64_t value);

/* Leaves out what is too much by rank. 0 or -ENOMEM. */
int journal_entry_finish(struct journal_entry *entry);

/* The first value of the field and its length, or NULL. */
const char *journal_entry_get(
	const struct journal_entry *entry, enum journal_field field, size_t *ret_len);

/* The name and the value of item number `index`. */
const char *journal_entry_value(const struct journal_entry *entry, size_t index, size_t *ret_len);
