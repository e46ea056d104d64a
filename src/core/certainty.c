/* SPDX-License-Identifier: GPL-2.0-or-later */
/* SPDX-FileCopyrightText: The killauditd authors */

#include "core/certainty.h"

static const struct {
	const char *name;
	enum certainty left;
} reasons_table[N_REASONS] = {
#define X(name, text, left) {text, CERTAINTY_##left},
	REASONS(X)
#undef X
};

const char *certainty_name(enum certainty certainty)
{
	static const char *const names[] = {"certain", "likely", "unknown"};

	return names[certainty];
}

const char *reason_name(enum reason reason)
{
	return reasons_table[reason].name;
}

enum certainty reasons_certainty(uint32_t reasons)
{
	enum certainty weakest = CERTAINTY_CERTAIN;

	for (unsigned reason = 0; reason < N_REASONS; reason++)
		if ((reasons & UINT32_C(1) << reason) && reasons_table[reason].left > weakest)
			weakest = reasons_table[reason].left;
	return weakest;
}
