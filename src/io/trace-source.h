/* SPDX-License-Identifier: GPL-2.0-or-later */
/* SPDX-FileCopyrightText: The killauditd authors */

/*
 * The kernel's own trace, in an instance of tracefs that is ours alone: every signal on the host as
 * it is generated, births, names, execs and moves between control groups, each with a stamp of the
 * monotonic clock. An event can be read before the system call that made it returns.
 *
 * An exec by a path nearly as long as a page makes no event; the new name is told all the same.
 *
 * The instance lives until it is removed, and goes on writing while nobody reads: who comes after a
 * crash finds it by its name, with all that happened meanwhile.
 */
#pragma once

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "core/process-event.h"
#include "core/signal-seen.h"

#define TRACE_INSTANCE "killauditd"
/* About 40,000 signals. */
#define TRACE_BUFFER_PER_CPU (2U << 20)

struct trace_settings {
	const char *instance; /* NULL: TRACE_INSTANCE. Nobody else may read it meanwhile. */
	size_t buffer_per_cpu; /* bytes; 0: TRACE_BUFFER_PER_CPU */
};

struct trace_event {
	bool is_signal;
	union {
		struct process_event process; /* neither an exit nor an ack */
		struct signal_seen signal;
	};
};

struct trace_source;

/* Makes the instance, or takes the one that is there with all that is in it, and has it write. The
 * signals of which there are many and that nobody misses are not in it: SIGURG of a runtime to its
 * threads, SIGCHLD and SIGWINCH of the kernel, and the three of the C library's threads.
 *
 * 0; -ENOENT: tracefs is not mounted; -EOPNOTSUPP: it does not tell of signals; -EROFS, -EACCES:
 * not for this process; -EPERM: not for anybody on this host (lockdown); or another negative errno.
 * What it made is then not left behind. */
int trace_source_open(const struct trace_settings *settings, struct trace_source **ret);
/* Without `remove` the instance stays and writes on, for who comes next. NULL. */
struct trace_source *trace_source_close(struct trace_source *source, bool remove);

/* Whether the instance was there, and writing, when it was opened. */
bool trace_source_adopted(const struct trace_source *source);
/* Bits 1U << PROCESS_EVENT_..., of BIRTH, RENAME, EXEC and MOVE: what this kernel does not tell. */
unsigned trace_source_untold(const struct trace_source *source);
/* Whether it still writes all that it wrote: others may have switched it off. 1, 0 or a negative
 * errno. */
int trace_source_writes(const struct trace_source *source);

/* The next event of all processors that is stamped `until_monotonic_nsec` or before. Asked with one
 * `until` until the answer is 0, then with a later one. Every event that was there when the first
 * call with that `until` was made, comes, in the order of the stamps. (One whose processor was
 * writing it just then may come with the next `until` only.) Strings in it are borrowed until the
 * next call.
 *
 * 1: *ret is one; 0: that was all; or a negative errno. */
int trace_source_next(
	struct trace_source *source, uint64_t until_monotonic_nsec, struct trace_event *ret);

/* *ret_total: events for which there was no room, since the instance was made. Where it grew since
 * the last call, what is missing is younger than *ret_since_nsec. Next to free while the buffers
 * are less than half full, and never late: what was lost is known before anything younger on the
 * same processor is read. 0 or a negative errno. */
int trace_source_lost(struct trace_source *source, uint64_t *ret_total, uint64_t *ret_since_nsec);
