/* SPDX-License-Identifier: GPL-2.0-or-later */
/* SPDX-FileCopyrightText: The killauditd authors */

/*
 * Reads names of processes from /proc by a thread of its own: a command line lies in the memory of
 * its process, and whoever reads it waits for as long as that memory cannot be had. A thread that
 * hangs is left to itself, and another takes its place.
 */
#pragma once

#include <stdbool.h>
#include <stdint.h>
#include <sys/types.h>

struct process;
struct proc_worker;

/* Requests that wait; beyond it none is taken. */
#define PROC_WORKER_QUEUE_MAX 1024
/* Who has not read one process for this long, hangs. */
#define PROC_WORKER_PATIENCE_USEC 1000000U
/* Threads, those that hang among them; when all do, nothing is read until one comes back. */
#define PROC_WORKER_THREADS_MAX 4

/* `root` is "/proc". 0 or a negative errno. */
int proc_worker_start(const char *root, struct proc_worker **ret);
struct proc_worker *proc_worker_stop(struct proc_worker *worker);

/* Start, name, executable and command line of a process are to be read. False when it is not taken.
 */
bool proc_worker_ask(struct proc_worker *worker, pid_t pid);

/* What was read since the last time, of processes that were still there; *reading is the callee's
 * for the call only. Also looks whether a thread hangs. */
void proc_worker_collect(struct proc_worker *worker,
	void (*visit)(const struct process *reading, void *userdata), void *userdata);

/* The same for one process before all others, and waits for it, but not longer. 0, and then the
 * caller ends *ret with process_done(); PROC_READER_GONE; -ETIMEDOUT; or another negative errno. */
int proc_worker_read(
	struct proc_worker *worker, pid_t pid, uint64_t wait_usec, struct process *ret);
