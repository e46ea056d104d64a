/* SPDX-License-Identifier: GPL-2.0-or-later */
/* SPDX-FileCopyrightText: The killauditd authors */

#include "daemon/output.h"

#include <errno.h>
#include <stddef.h>
#include <string.h>
#include <unistd.h>

#include "core/entry-shape.h"
#include "core/journal-entry.h"
#include "io/journal-writer.h"
#include "io/stream-writer.h"

int output_mode_from_name(const char *name, enum output_mode *ret)
{
	static const char *const names[] = {
		[OUTPUT_JOURNAL] = "journal",
		[OUTPUT_TEXT] = "text",
		[OUTPUT_JSON] = "json",
		[OUTPUT_NULL] = "null",
	};

	for (size_t i = 0; i < sizeof(names) / sizeof(names[0]); i++) {
		if (strcmp(name, names[i]) == 0) {
			*ret = (enum output_mode)i;
			return 0;
		}
	}
	return -EINVAL;
}

int output_write(enum output_mode mode, const struct journal_entry *entry, const sigset_t *give_up,
	struct buffer *scratch)
{
	int r = 0;

	buffer_clear(scratch);
	switch (mode) {
	case OUTPUT_JOURNAL:
		return journal_writer_write(entry);
	case OUTPUT_NULL:
		return 0;
	case OUTPUT_TEXT:
		r = entry_shape_text(entry, scratch);
		break;
	case OUTPUT_JSON:
		r = entry_shape_json(entry, scratch);
		break;
	}
	return r < 0 ? r : stream_writer_write(STDOUT_FILENO, scratch->data, scratch->len, give_up);
}
