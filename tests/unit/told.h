/* SPDX-License-Identifier: GPL-2.0-or-later */
/* SPDX-FileCopyrightText: The killauditd authors */

/* Whether an entry says what it should, all of it and nothing else. */
#pragma once

#include <string.h>

#include "unit.h"

#include "core/journal-entry.h"

struct told {
	enum journal_field field;
	const char *value; /* NULL: no more of them */
};

/* `told` is in the order of the entry. */
static inline void assert_told(
	const struct journal_entry *entry, const struct told *told, size_t max)
{
	size_t n = 0;

	for (; n < max && told[n].value && n < entry->n_items; n++) {
		const char *name = journal_field_name(told[n].field);
		size_t len;
		const char *got = journal_entry_value(entry, n, &len);

		assert_string_equal(journal_field_name(entry->items[n].field), name);
		if (len != strlen(told[n].value) || memcmp(got, told[n].value, len) != 0)
			fail_msg("%s is %.*s, not %s", name, (int)len, got, told[n].value);
	}
	assert_int_equal(entry->n_items, n);
	assert_true(n == max || !told[n].value);
}
