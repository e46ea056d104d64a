/* SPDX-License-Identifier: GPL-2.0-or-later */
/* SPDX-FileCopyrightText: The killauditd authors */

/*
 * The text of /proc/PID/cgroup, kept up to date: a move of the process to another control group
 * changes the line of one hierarchy.
 *
 *     12:memory:/docker/5fb8adf9ee62...        NUMBER:CONTROLLERS:PATH
 *     0::/docker/5fb8adf9ee62...               version 2
 */
#pragma once

#include <stdbool.h>

struct buffer;

/* Appends the text as it reads after the move; `text` is NULL when nothing was known. It reads as
 * before where it does not name the hierarchy, for what that controls is not told: but version 2
 * controls nothing by name, and is added. */
void cgroup_text_move(const char *text, int hierarchy, const char *path, struct buffer *buffer);

/* There are hierarchies of version 1. */
bool cgroup_text_has_v1(const char *text);
