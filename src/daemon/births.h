/* SPDX-License-Identifier: GPL-2.0-or-later */
/* SPDX-FileCopyrightText: The killauditd authors */

/* Births, execs and exits of processes, from the kernel to the witness. */
#pragma once

#include <stdbool.h>

struct births;
struct witness;

/* `fd` is a socket of the service manager, or -1: one of our own. Waits a second for the kernel's
 * agreement. NULL: they are not told, for which the log has the reason. `witness` is borrowed. */
struct births *births_open(int fd, struct witness *witness);
struct births *births_close(struct births *births);
int births_fd(const struct births *births);

/* What is queued now, in bounds. 0 or a negative errno. */
int births_drain(struct births *births);

/* Once in a while: where the socket has lost some, all processes are read anew. */
void births_check(struct births *births);
