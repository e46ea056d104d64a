/* SPDX-License-Identifier: GPL-2.0-or-later */
/* SPDX-FileCopyrightText: The killauditd authors */

/*
 * Every field that an entry of ours can have, in one table: writer, readers, manual page and tests
 * take the names from here.
 *
 * Rank decides what is left out when an entry would have more than JOURNAL_ENTRY_MAX_FIELDS fields
 * of our own: the highest ranks go first, rank 0 never goes. The journal's own fields (MESSAGE and
 * its like) are not counted. "many": may occur more than once in an entry; the journal keeps no
 * order among the values.
 */
#pragma once

#include <stdbool.h>

#define JOURNAL_ENTRY_MAX_FIELDS 40

/* X(name, rank, many, where the value comes from) */
#define JOURNAL_FIELDS(X)                                                                          \
	X(MESSAGE, 0, false, "one line for people, at most 512 bytes")                             \
	X(MESSAGE_ID, 0, false, "one for each KILLAUDIT_TYPE")                                     \
	X(PRIORITY, 0, false,                                                                      \
		"signal: 5 for a refused one and one across containers or units, else 6; "         \
		"gap: 4; coverage: 5, 4 where something is lost")                                  \
	X(SYSLOG_IDENTIFIER, 0, false, "killauditd")                                               \
	X(OBJECT_SYSTEMD_UNIT, 0, false, "unit of the target, on sends from outside of it")        \
	X(OBJECT_SYSTEMD_USER_UNIT, 0, false, "the same of a user's own service manager")          \
	X(KILLAUDIT_TYPE, 0, false, "signal, gap, coverage")                                       \
	X(EVENT_ID, 0, false, "32 hex digits, unique: 16 of this run, 16 count")                   \
	X(EVENT_REALTIME_USEC, 0, false, "wall clock of the event, us; up to 10 ms early")         \
	X(EVENT_MONOTONIC_USEC, 0, false, "CLOCK_MONOTONIC of the event, us; up to 10 ms early")   \
	X(EVIDENCE, 0, true, "audit; trace; procfs: read in /proc; connector: told at its birth")  \
	X(CERTAINTY, 0, false, "certain, likely or unknown: the weakest part of the entry")        \
	X(CERTAINTY_REASON, 0, true, "why it is not surer, or why a field is missing")             \
	X(SIGNAL, 0, false, "number of the signal")                                                \
	X(SIGNAL_NAME, 10, false, "SIGKILL; SIGRTMIN+3")                                           \
	X(SIGNAL_CODE, 33, false, "si_code: SI_USER; SI_KERNEL; a number without a name")          \
	X(ROUTE, 0, false,                                                                         \
		"kill, tkill, tgkill, rt_sigqueueinfo, rt_tgsigqueueinfo, "                        \
		"pidfd_send_signal, from audit; cgroup.kill, kernel, from the trace")              \
	X(SYSCALL, 25, false, "architecture and name of the system call, x86_64:kill")             \
	X(RESULT, 0, false, "of the call: success, or the name of the error")                      \
	X(DELIVERY, 0, false,                                                                      \
		"to this target: queued, ignored, already-pending, overflow, info-lost, refused")  \
	X(N_TARGETS, 17, false, "processes that the call tried")                                   \
	X(AMENDS, 0, false, "1: tells more of what the entry with the same EVENT_ID told")         \
	X(REPEATED, 3, false, "sends that do not differ; this is the first of them")               \
	X(REPEATED_FIRST_USEC, 5, false, "wall clock of the first, us")                            \
	X(REPEATED_LAST_USEC, 4, false, "wall clock of the last, us")                              \
	X(CONTEXT_PID, 1, false, "of a send by the kernel: the process that ran, no sender")       \
	X(CONTEXT_COMM, 2, false, "its name")                                                      \
	X(AUDIT_EVENT, 14, false, "sec.msec:serial, as ausearch -a takes the serial")              \
	X(GAP_REASON, 0, false,                                                                    \
		"not-running, socket-overrun, rules-removed, audit-disabled, trace-overrun, "      \
		"connector-overrun, witness-mismatch")                                             \
	X(GAP_COUNT, 0, false, "how many were lost, where that is known")                          \
	X(GAP_UNIT, 0, false, "of what: records, trace-events, exits, sends")                      \
	X(GAP_START_USEC, 0, false, "wall clock, us: nothing is missing before")                   \
	X(GAP_END_USEC, 0, false, "wall clock, us; left out: not known")                           \
	X(COVERAGE_MODE, 0, false, "audit+trace, trace, audit+connector, audit")                   \
	X(COVERAGE_ROUTE, 0, true, "ROUTE=ok, partial or blind, for each route")                   \
	X(COVERAGE_COMPLETE, 0, false, "1: nothing escapes; 0: COVERAGE_REASON says what does")    \
	X(COVERAGE_REASON, 0, true,                                                                \
		"stopped, audit-disabled, rules-missing, rules-locked, blind-tasks, "              \
		"no-connector, no-mark, no-audit, no-trace, kernel-partial")                       \
	X(COVERAGE_BLIND_TASKS, 0, false, "processes that audit does not see as senders")          \
	X(COVERAGE_BLIND_COMM, 0, true, "their names, at most 64; some, without the number")       \
	X(SENDER_PID, 0, false, "thread group, host's namespace")                                  \
	X(SENDER_COMM, 0, false, "name of the thread that made the call")                          \
	X(SENDER_EXE, 0, false, "from the audit event, as seen from the sender's root")            \
	X(SENDER_EXE_DELETED, 15, false, "1: the file was unlinked")                               \
	X(SENDER_CMDLINE, 11, false, "words joined by spaces; from /proc, else the title")         \
	X(SENDER_PARENT_PID, 12, false, "from the audit event")                                    \
	X(SENDER_PARENT_COMM, 13, false, "from /proc")                                             \
	X(SENDER_PPID, 41, false, "as SENDER_PARENT_PID")                                          \
	X(SENDER_START_USEC, 27, false, "since boot, us; known to 10 ms")                          \
	X(SENDER_UID, 0, false, "real user id, host's namespace")                                  \
	X(SENDER_EUID, 28, false, "effective user id")                                             \
	X(SENDER_LOGINUID, 0, false, "login user id; 4294967295: unset")                           \
	X(SENDER_SESSION, 18, false, "audit session; 4294967295: unset")                           \
	X(SENDER_TTY, 19, false, "controlling terminal; left out where there is none")             \
	X(SENDER_CGROUP, 24, false, "control group path")                                          \
	X(SENDER_CONTAINER_ID, 0, false, "64 hex digits")                                          \
	X(SENDER_CONTAINER_ID_12, 30, false, "the first 12 of them")                               \
	X(SENDER_CONTAINER_RUNTIME, 22, false, "docker, containerd, cri-o, podman")                \
	X(SENDER_CONTAINER_PID, 32, false, "pid in its innermost namespace")                       \
	X(SENDER_CONTAINER_INIT, 40, false, "1: that pid is 1")                                    \
	X(SENDER_SECURITY_CONTEXT, 38, false, "label of the security module")                      \
	X(SENDER_ANCESTRY, 0, false, "oldest first, for eyes; ? stands for what is not known")     \
	X(SENDER_ANCESTRY_JSON, 0, false, "the same, oldest first, as an array of objects")        \
	X(SENDER_ANCESTOR_COMM, 0, true, "names of the sender's ancestors")                        \
	X(SENDER_ANCESTOR_EXE, 0, true, "executables of the sender's ancestors")                   \
	X(TARGET_PID, 0, false, "thread group, host's namespace")                                  \
	X(TARGET_COMM, 0, false, "name of the task that was aimed at")                             \
	X(TARGET_EXE, 0, false, "from /proc")                                                      \
	X(TARGET_EXE_DELETED, 16, false, "1: the file was unlinked")                               \
	X(TARGET_PPID, 34, false, "from /proc")                                                    \
	X(TARGET_START_USEC, 26, false, "since boot, us; known to 10 ms")                          \
	X(TARGET_UID, 0, false, "user id, from the audit event")                                   \
	X(TARGET_EUID, 35, false, "effective user id, from /proc")                                 \
	X(TARGET_LOGINUID, 0, false, "login user id; 4294967295: unset")                           \
	X(TARGET_SESSION, 36, false, "audit session; 4294967295: unset")                           \
	X(TARGET_TTY, 37, false, "controlling terminal; left out where there is none")             \
	X(TARGET_CGROUP, 23, false, "control group path")                                          \
	X(TARGET_CONTAINER_ID, 0, false, "64 hex digits")                                          \
	X(TARGET_CONTAINER_ID_12, 16, false, "the first 12 of them, as docker ps shows it")        \
	X(TARGET_CONTAINER_RUNTIME, 21, false, "docker, containerd, cri-o, podman")                \
	X(TARGET_CONTAINER_PID, 31, false, "pid in its innermost namespace")                       \
	X(TARGET_CONTAINER_INIT, 20, false, "1: that pid is 1")                                    \
	X(TARGET_SECURITY_CONTEXT, 39, false, "label of the security module")

enum journal_field {
#define X(name, rank, many, about) FIELD_##name,
	JOURNAL_FIELDS(X)
#undef X
		N_JOURNAL_FIELDS,
};

const char *journal_field_name(enum journal_field field);
unsigned journal_field_rank(enum journal_field field);
bool journal_field_many(enum journal_field field);
/* MESSAGE, MESSAGE_ID, PRIORITY, SYSLOG_IDENTIFIER, OBJECT_SYSTEMD_(USER_)UNIT: of
 * systemd.journal-fields(7), not ours. */
bool journal_field_well_known(enum journal_field field);
