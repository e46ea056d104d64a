/* SPDX-License-Identifier: GPL-2.0-or-later */
/* SPDX-FileCopyrightText: The killauditd authors */

/*
 * One record of the kernel's audit subsystem: the head of its text, and the cheap test that says
 * whether it can belong to an event of ours.
 *
 *     audit(1795392304.338:7): arch=c000003e syscall=62 success=yes exit=0 a0=d14 a1=9 ...
 */
#pragma once

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

struct audit_record {
	uint16_t type; /* AUDIT_SYSCALL, AUDIT_OBJ_PID, ... of linux/audit.h */
	uint32_t serial; /* counts all events since boot, wraps at 2^32 */
	uint64_t time_msec; /* wall clock at the entry of the system call, up to a tick early */
	const char *text; /* borrowed; all of the text, beginning with "audit(" */
	size_t text_len; /* without the line feeds and NULs that some senders append */
	const char *payload; /* borrowed; what follows "audit(...): " */
	size_t payload_len;
};

enum {
	AUDIT_RECORD_MALFORMED = 1, /* the head is not that of an audit record */
};

/* Returns 0 or AUDIT_RECORD_MALFORMED; *ret is valid as long as text is. */
int audit_record_parse(uint16_t type, const char *text, size_t len, struct audit_record *ret);

enum audit_record_use {
	AUDIT_RECORD_FOREIGN, /* never part of an event of ours */
	AUDIT_RECORD_STARTS, /* a SYSCALL record of the signal family: an event of ours begins */
	AUDIT_RECORD_CONTINUES, /* part of an event of ours if that has begun */
	AUDIT_RECORD_ENDS, /* the end of an event, ours if that has begun */
};

/* By record type and system call; the key of the rule that matched does not matter, for somebody
 * else's rule may have been first. */
enum audit_record_use audit_record_accept(const struct audit_record *record);

/* The record is the first one of its event, whosever that is: system calls begin with SYSCALL, and
 * what user space and the audit subsystem itself have to say is alone. False where it may not be.
 */
bool audit_record_begins(const struct audit_record *record);
