/* SPDX-License-Identifier: GPL-2.0-or-later */
/* SPDX-FileCopyrightText: The killauditd authors */

/* What entries of all types begin with. */
#pragma once

#include <stdint.h>

#include "core/certainty.h"

struct journal_entry;

/* X(type, name, MESSAGE_ID: for good, it is what the catalog and others' queries go by) */
#define ENTRY_TYPES(X)                                                                             \
	X(SIGNAL, "signal", "7e84152dd91b4857b9ffa27b72f5137b")                                    \
	X(GAP, "gap", "941f81d5b18248448d361815e31d9552")                                          \
	X(COVERAGE, "coverage", "d443ea533f2c4be58a00c4a116bdd977")

enum entry_type {
#define X(type, name, id) ENTRY_##type,
	ENTRY_TYPES(X)
#undef X
		N_ENTRY_TYPES,
};

const char *entry_type_name(enum entry_type type);
const char *entry_type_message_id(enum entry_type type);

/* By what an entry is named for good: of this run of the daemon, and its number in it. */
struct event_id {
	uint64_t instance, count;
};

struct entry_head {
	enum entry_type type;
	struct event_id id;
	uint64_t realtime_usec, monotonic_usec; /* of what the entry tells */
	unsigned priority; /* 0 to 7, the higher the less urgent */
	uint32_t reasons; /* bits 1 << enum reason, from which the certainty follows */
};

/* All but MESSAGE and EVIDENCE. */
void entry_head_format(const struct entry_head *head, struct journal_entry *entry);
