/* SPDX-License-Identifier: GPL-2.0-or-later */
/* SPDX-FileCopyrightText: The killauditd authors */

#include "core/journal-field.h"

static const struct {
	const char *name;
	unsigned rank;
	bool many;
} table[N_JOURNAL_FIELDS] = {
#define X(name, rank, many, about) {#name, rank, many},
	JOURNAL_FIELDS(X)
#undef X
};

const char *journal_field_name(enum journal_field field)
{
	return table[field].name;
}

unsigned journal_field_rank(enum journal_field field)
{
	return table[field].rank;
}

bool journal_field_many(enum journal_field field)
{
	return table[field].many;
}

bool journal_field_well_known(enum journal_field field)
{
	return field < FIELD_KILLAUDIT_TYPE;
}
