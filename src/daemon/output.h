/* SPDX-License-Identifier: GPL-2.0-or-later */
/* SPDX-FileCopyrightText: The killauditd authors */

/* Where entries go: the journal, or standard output in one of two shapes, or nowhere. */
#pragma once

#include <signal.h>

#include "core/buffer.h"

struct journal_entry;

enum output_mode {
	OUTPUT_JOURNAL,
	OUTPUT_TEXT,
	OUTPUT_JSON,
	OUTPUT_NULL,
};

/* 0 or -EINVAL. */
int output_mode_from_name(const char *name, enum output_mode *ret);

/* 0 or a negative errno: the entry was not written; -ECANCELED: the reader was too slow, and a
 * signal of `give_up` is pending. `scratch` is the caller's, for use again. */
int output_write(enum output_mode mode, const struct journal_entry *entry, const sigset_t *give_up,
	struct buffer *scratch);
