/* SPDX-License-Identifier: GPL-2.0-or-later */
/* SPDX-FileCopyrightText: The killauditd authors */

/*
 * The folder /run/killauditd: a lock that one running daemon holds, and the file that says what we
 * changed in the kernel, for the next one to put back.
 */
#pragma once

#include <stddef.h>
#include <sys/types.h>

struct buffer;

/* Locks out other daemons for as long as *ret_fd is open. 0; -EBUSY, and *ret_holder is the pid of
 * the daemon that has it (0 when it does not say); or another negative errno. */
int state_file_lock_daemon(int *ret_fd, pid_t *ret_holder);

/* Waits for whoever is changing the kernel's audit state right now, but not for more than 5 s; to
 * be closed soon. 0; -EBUSY: somebody keeps it; or another negative errno. */
int state_file_lock_changes(int *ret_fd);

/* 0, also when there is no file, or a negative errno. */
int state_file_read(struct buffer *ret);
/* All at once; an empty text removes the file. */
int state_file_write(const char *text, size_t len);
