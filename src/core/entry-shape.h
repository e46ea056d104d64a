/* SPDX-License-Identifier: GPL-2.0-or-later */
/* SPDX-FileCopyrightText: The killauditd authors */

/*
 * The other shapes of an entry: text for people, a line of JSON for programs.
 */
#pragma once

struct buffer;
struct journal_entry;

/* Text in the order of SystemTap's signal.send recipe, a blank line after it:
 *
 *     pkill(23549) send SIGKILL to server(7942)
 *     parent of sender: bash(23495)
 *     task_ancestry:systemd(0m0.08s)=>bash(20m7.31s)=>pkill(33475m5.20s)
 *         target: container 5fb8adf9... runtime docker exe /server uid 0 ...
 *         ...
 */
int entry_shape_text(const struct journal_entry *entry, struct buffer *ret);

/* One object on one line, a line feed after it. Keys are the journal's field names, in the order of
 * the table; a value is a string, several values are an array of strings, and a value that is not
 * UTF-8 is {"base64":"..."}. */
int entry_shape_json(const struct journal_entry *entry, struct buffer *ret);
