/* SPDX-License-Identifier: GPL-2.0-or-later */
/* SPDX-FileCopyrightText: The killauditd authors */

/* Small files that are read whole. */
#pragma once

struct buffer;

/* -ENOENT: there is none; or 0 or another negative errno. Follows no symbolic link. */
int text_file_read(const char *path, struct buffer *ret);
