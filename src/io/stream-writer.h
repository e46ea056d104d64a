/* SPDX-License-Identifier: GPL-2.0-or-later */
/* SPDX-FileCopyrightText: The killauditd authors */

/* Writes all of a text to a file descriptor. */
#pragma once

#include <signal.h>
#include <stddef.h>

/* Waits for a reader that is slow, but only until a signal of `give_up` is pending, or where that
 * is NULL, a tenth of a second. 0; -ECANCELED: gave up; or another negative errno. Unless it is 0,
 * a part may be written. */
int stream_writer_write(int fd, const char *text, size_t len, const sigset_t *give_up);
