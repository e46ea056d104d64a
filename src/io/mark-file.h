/* SPDX-License-Identifier: GPL-2.0-or-later */
/* SPDX-FileCopyrightText: The killauditd authors */

/*
 * A struct watch_mark in a mapped file of /run/killauditd: a write costs nothing, and what was
 * written survives the death of the writer at any instruction.
 */
#pragma once

#include <stdbool.h>

struct mark_file;
struct watch_mark;

/* *ret_found: there was a mark, and *ret_mark is it. 0 or a negative errno. */
int mark_file_open(struct mark_file **ret, bool *ret_found, struct watch_mark *ret_mark);
struct mark_file *mark_file_close(struct mark_file *file);
void mark_file_write(struct mark_file *file, const struct watch_mark *mark);
