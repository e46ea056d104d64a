/* SPDX-License-Identifier: GPL-2.0-or-later */
/* SPDX-FileCopyrightText: The killauditd authors */

/* Writes all of a text to a file descriptor. */
#pragma once

#include <stddef.h>

/* Waits for a reader that is slow. 0 or a negative errno, and then a part may be written. */
int stream_writer_write(int fd, const char *text, size_t len);
