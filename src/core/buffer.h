/* SPDX-License-Identifier: GPL-2.0-or-later */
/* SPDX-FileCopyrightText: The killauditd authors */

/*
 * A string of bytes that grows. A failed allocation is remembered in `failed` and turns every later
 * append into nothing, so that a chain of appends needs one check, at its end.
 */
#pragma once

#include <stdarg.h>
#include <stdbool.h>
#include <stddef.h>

struct buffer {
	char *data; /* owned; NUL-terminated once anything was appended */
	size_t len; /* without that NUL */
	size_t size;
	bool failed;
};

void buffer_done(struct buffer *buffer);
void buffer_clear(struct buffer *buffer); /* keeps the memory */
void buffer_append(struct buffer *buffer, const void *bytes, size_t len);
void buffer_append_string(struct buffer *buffer, const char *string);
void buffer_printf(struct buffer *buffer, const char *format, ...)
	__attribute__((format(printf, 2, 3)));
/* Drops everything from offset `len` on. */
void buffer_cut(struct buffer *buffer, size_t len);
