/* SPDX-License-Identifier: GPL-2.0-or-later */
/* SPDX-FileCopyrightText: The killauditd authors */

/*
 * Strings out of a record are an attacker's choice. Wherever a person reads them, every byte that
 * could be mistaken for our own punctuation, start a line or drive a terminal stands as \xHH.
 */
#pragma once

#include <stdbool.h>
#include <stddef.h>

struct buffer;

/* For names inside our own syntax: all but [A-Za-z0-9._:+@/-] is escaped. */
void escape_name_append(struct buffer *buffer, const char *bytes, size_t len);
/* For a line of free text: all but printable ASCII is escaped, and the backslash itself. */
void escape_text_append(struct buffer *buffer, const char *bytes, size_t len);

/* Well-formed UTF-8 as RFC 3629 has it: no overlong form, no surrogate, nothing above U+10FFFF. */
bool utf8_valid(const char *bytes, size_t len);

void base64_append(struct buffer *buffer, const char *bytes, size_t len);
