/* SPDX-License-Identifier: GPL-2.0-or-later */
/* SPDX-FileCopyrightText: The killauditd authors */

/*
 * Values as the kernel writes them into a record: numbers, and strings that a process chose. Such
 * a string stands in quotes, or, when it holds a quote, a space or a byte that is not printable
 * ASCII, as bare upper-case hex (kernel/audit.c, audit_log_untrustedstring).
 */
#pragma once

#include <stddef.h>
#include <stdint.h>

enum {
	AUDIT_VALUE_ABSENT = 1, /* NULL, "(null)", "(none)", "?": the kernel had nothing to say */
	AUDIT_VALUE_MALFORMED,
	AUDIT_VALUE_TOO_LONG,
};

/* Decodes a string into buf, NUL-terminated; bytes of the value may be NUL themselves only in a
 * process title. *ret_len counts without the final NUL. */
int audit_value_string(const char *value, char *buf, size_t size, size_t *ret_len);

/* A whole number, nothing around it; -1 is what the kernel prints for an unset id in some records
 * and becomes 4294967295 in audit_value_id(). */
int audit_value_number(const char *value, int64_t *ret);
int audit_value_id(const char *value, uint32_t *ret);
int audit_value_hex(const char *value, uint64_t *ret);
