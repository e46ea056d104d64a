/* SPDX-License-Identifier: GPL-2.0-or-later */
/* SPDX-FileCopyrightText: The killauditd authors */

/*
 * One signal as the kernel generated it for one target, which the trace tells of every signal on
 * the host (event signal:signal_generate), and what its code says of where it came from.
 */
#pragma once

#include <stdbool.h>
#include <stdint.h>
#include <sys/types.h>

#include "core/signal-event.h"

/* What became of it: TRACE_SIGNAL_* of include/trace/events/signal.h. */
enum signal_result {
	SIGNAL_RESULT_QUEUED,
	SIGNAL_RESULT_IGNORED,
	SIGNAL_RESULT_ALREADY_PENDING,
	SIGNAL_RESULT_OVERFLOW, /* not queued: the call fails with EAGAIN */
	SIGNAL_RESULT_INFO_LOST, /* queued, but without its code and sender */
	N_SIGNAL_RESULTS,
};

struct signal_seen {
	uint64_t monotonic_nsec;
	pid_t current; /* thread that ran; whether it is the sender, the class says */
	pid_t target; /* thread; of a send to a process any of its threads */
	char target_comm[COMM_SIZE];
	int signal, code;
	bool group; /* to the process, not to one thread */
	bool interrupt; /* in an interrupt: who ran is a bystander */
	enum signal_result result;
};

/* What became of one target of a send, as DELIVERY has it. */
enum signal_delivery {
	DELIVERY_UNKNOWN, /* nobody told */
	DELIVERY_QUEUED,
	DELIVERY_IGNORED,
	DELIVERY_ALREADY_PENDING,
	DELIVERY_OVERFLOW,
	DELIVERY_INFO_LOST,
	DELIVERY_REFUSED, /* it was tried, and the sender was not allowed to */
	N_SIGNAL_DELIVERIES,
};

/* By the code, as only some system calls, or the kernel, can have made it. */
enum signal_class {
	SIGNAL_CLASS_KILL, /* kill, pidfd_send_signal without data; the kernel at a parent's death
			    */
	SIGNAL_CLASS_TKILL, /* tkill, tgkill */
	SIGNAL_CLASS_QUEUE, /* rt_(tg)sigqueueinfo, pidfd_send_signal with data: the sender chose it
			     */
	SIGNAL_CLASS_CGROUP_KILL, /* no system call of the signal family makes this */
	SIGNAL_CLASS_KERNEL, /* nobody sent it */
	N_SIGNAL_CLASSES,
};

/* `self`: target and current are threads of one process. A sender may give itself any code by
 * rt_sigqueueinfo, so what is KERNEL of `self` may be QUEUE after all: audit tells. */
enum signal_class signal_seen_class(const struct signal_seen *seen, bool self);

/* DELIVERY_UNKNOWN for one of a kernel to come. */
enum signal_delivery signal_result_delivery(enum signal_result result);
/* NULL: not known. */
const char *signal_delivery_name(enum signal_delivery delivery);
