/* SPDX-License-Identifier: GPL-2.0-or-later */
/* SPDX-FileCopyrightText: The killauditd authors */

/*
 * The heartbeat on the disk. A thread of its own writes it and waits until the disk has it, for
 * that may take long.
 */
#pragma once

#include "core/absence.h"

struct buffer;
struct heartbeat_file;

/* The text of the last heartbeat; empty where there is none. 0 or a negative errno. */
int heartbeat_file_read(const char *folder, struct buffer *ret);

/* Writes one at once, and then one every HEARTBEAT_INTERVAL_USEC. 0 or a negative errno. */
int heartbeat_file_start(const char *folder, const char boot_id[static BOOT_ID_LEN + 1],
	struct heartbeat_file **ret);
/* Writes that it stopped in order, and waits for that, but not for ever. */
struct heartbeat_file *heartbeat_file_stop(struct heartbeat_file *file);

/* Writes that failed so far, and the last errno, for the log. */
unsigned heartbeat_file_failures(const struct heartbeat_file *file, int *ret_error);
