/* SPDX-License-Identifier: GPL-2.0-or-later */
/* SPDX-FileCopyrightText: The killauditd authors */

/*
 * What an audit event says of one send: who, which signal, by which call, to whom, with what
 * result. Numbers are as the kernel wrote them: process ids are thread groups in the host's
 * namespace, user ids those of the host.
 */
#pragma once

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <sys/types.h>

#include "core/signal-syscall.h"

struct event_fields;

#define COMM_SIZE 16 /* TASK_COMM_LEN of the kernel, with the final NUL */

/* An unset login user id or session, as audit writes it. */
#define AUDIT_ID_UNSET UINT32_MAX

struct signal_sender {
	pid_t pid, ppid;
	uint32_t uid, euid, loginuid, session;
	bool ids_unknown, login_unknown; /* uid and euid; loginuid and session */
	char comm[COMM_SIZE]; /* of the thread that made the call; "" where the record had none */
	char *tty; /* NULL: no controlling terminal */
	char *exe; /* as seen from the sender's own root; NULL: not in the record */
	char *context; /* security label, NULL: none */
	char *title; /* process title, its words joined by spaces: the first 128 bytes of
		      * what the sender may have written there itself; NULL: none */
	size_t title_len;
};

struct signal_target {
	pid_t pid;
	uint32_t uid, loginuid, session;
	bool uid_unknown, login_unknown;
	char comm[COMM_SIZE]; /* of the task aimed at: for tkill and tgkill the thread's */
	char *context;
};

struct signal_event {
	bool traced; /* there is no record of it: all of this is what the trace saw */
	uint32_t serial;
	uint64_t time_msec; /* wall clock, at most a tick and its phase early */
	struct signal_syscall syscall;
	int signal;
	bool with_info; /* of pidfd_send_signal: the sender chose the code, as always in
			   rt_*queueinfo */
	uint32_t flags; /* of pidfd_send_signal: PIDFD_SIGNAL_* */
	bool result_known; /* the kernel does not say when the sender died inside the call */
	int error; /* 0: success; else the errno, positive */
	bool incomplete; /* records may be missing, so targets may be */
	struct signal_sender sender;
	struct signal_target *targets; /* every process that was tried, in no order */
	size_t n_targets;
};

enum {
	SIGNAL_EVENT_OTHER = 1, /* no SYSCALL record of the signal family in it */
	SIGNAL_EVENT_NO_SIGNAL, /* signal 0: a question, not a signal */
	SIGNAL_EVENT_NO_TARGET, /* nobody was there to receive it */
	SIGNAL_EVENT_MALFORMED, /* a field that must be there is not, or is no number; or records
				 * are missing, and those of all targets may be among them */
};

/* Returns 0, an outcome, or -ENOMEM; *ret is filled on 0 only, then owned by the caller. */
int signal_event_decode(const struct event_fields *fields, struct signal_event *ret);

/* To be asked of what has NO_TARGET. The kernel records no target where a process gives itself a
 * signal as if the kernel had sent it, with a code above 0; nobody may do that to others. So the
 * only target of a successful call that can do that is the sender. But an administrator's rule can
 * exclude the records of targets, too: it is true only where the trace saw it. Else NO_TARGET. */
int signal_event_decode_to_self(const struct event_fields *fields, struct signal_event *ret);

void signal_event_done(struct signal_event *event);
