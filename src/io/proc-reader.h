/* SPDX-License-Identifier: GPL-2.0-or-later */
/* SPDX-FileCopyrightText: The killauditd authors */

/*
 * Reads processes from /proc. All files of one process are opened below one folder that is held
 * open, so that they are of one process even when its pid is given to another meanwhile. Needs
 * CAP_SYS_PTRACE for the executables of others.
 */
#pragma once

#include <sys/types.h>

struct process;
struct proc_reader;

/* Bytes of a command line that are read; a longer one is cut, and marked. */
#define PROC_READER_CMDLINE_MAX 4096

enum proc_reader_detail {
	PROC_READER_BRIEF, /* stat and exe: what an ancestor is told by */
	PROC_READER_NAMES, /* and the command line, which may hang: see proc-worker.h */
	PROC_READER_STATE, /* stat, exe, ids, cgroup, namespace: all that cannot hang */
	PROC_READER_FULL, /* all */
};

enum {
	PROC_READER_GONE = 1, /* there is no such process, or it went while it was read */
	PROC_READER_END, /* no further process */
};

/* `root` is "/proc". 0 or a negative errno. */
int proc_reader_open(const char *root, struct proc_reader **ret);
struct proc_reader *proc_reader_close(struct proc_reader *reader);

/* 0, PROC_READER_GONE or a negative errno. What cannot be read is left unknown in *ret, which the
 * caller ends with process_done(). */
int proc_reader_read(
	struct proc_reader *reader, pid_t pid, enum proc_reader_detail detail, struct process *ret);

/* The pids of all processes one after the other: 0 or PROC_READER_END, and then from the beginning.
 */
int proc_reader_next_pid(struct proc_reader *reader, pid_t *ret);
