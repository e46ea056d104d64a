/* SPDX-License-Identifier: GPL-2.0-or-later */
/* SPDX-FileCopyrightText: The killauditd authors */

#include "io/journal-writer.h"

#define SD_JOURNAL_SUPPRESS_LOCATION
#include <errno.h>
#include <stdlib.h>
#include <sys/uio.h>
#include <systemd/sd-journal.h>
#include <unistd.h>

#include "core/journal-entry.h"

#define JOURNAL_SOCKET "/run/systemd/journal/socket"

int journal_writer_probe(void)
{
	return access(JOURNAL_SOCKET, W_OK) < 0 ? -ENOENT : 0;
}

int journal_writer_write(const struct journal_entry *entry)
{
	struct iovec *vectors;
	int r = journal_writer_probe();

	if (r < 0)
		return r;
	vectors = calloc(entry->n_items, sizeof(*vectors));
	if (!vectors)
		return -ENOMEM;
	for (size_t i = 0; i < entry->n_items; i++)
		vectors[i] = (struct iovec){
			.iov_base = entry->data.data + entry->items[i].offset,
			.iov_len = entry->items[i].len,
		};
	r = sd_journal_sendv(vectors, (int)entry->n_items);
	free(vectors);
	return r;
}
