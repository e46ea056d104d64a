/* SPDX-License-Identifier: GPL-2.0-or-later */
/* SPDX-FileCopyrightText: The killauditd authors */

/* Sends entries to the journal. */
#pragma once

struct journal_entry;

/* 0; -ENOENT: there is no journal on this host, which sd_journal_sendv() would not tell; or another
 * negative errno. Waits when the journal does not keep up. */
int journal_writer_write(const struct journal_entry *entry);

/* 0 or -ENOENT. */
int journal_writer_probe(void);
