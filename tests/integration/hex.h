/* SPDX-License-Identifier: GPL-2.0-or-later */
/* SPDX-FileCopyrightText: The killauditd authors */

/* Names of arbitrary bytes, as hex digits on the test programs' command lines. */
#pragma once

#include <stddef.h>

static inline int hex_digit(char c)
{
	if (c >= '0' && c <= '9')
		return c - '0';
	if (c >= 'a' && c <= 'f')
		return c - 'a' + 10;
	return -1;
}

/* Decodes HEX into NAME, NUL-terminated; returns its length, or -1 if it is not hex or does not
 * fit. */
static inline int hex_decode(const char *hex, char *name, size_t size)
{
	size_t n = 0;

	for (; *hex != '\0'; hex += 2, n++) {
		int high = hex_digit(hex[0]);
		int low = high < 0 ? -1 : hex_digit(hex[1]);

		if (low < 0 || n + 1 >= size)
			return -1;
		name[n] = (char)(high << 4 | low);
	}
	name[n] = '\0';
	return (int)n;
}
