/* SPDX-License-Identifier: GPL-2.0-or-later */
/* SPDX-FileCopyrightText: The killauditd authors */

#include "core/audit-value.h"

#include <errno.h>
#include <stdbool.h>
#include <stdlib.h>
#include <string.h>

static bool value_absent(const char *value)
{
	return !value || strcmp(value, "(null)") == 0 || strcmp(value, "(none)") == 0 ||
	       strcmp(value, "?") == 0;
}

static int hex_digit(char digit)
{
	if (digit >= '0' && digit <= '9')
		return digit - '0';
	if (digit >= 'A' && digit <= 'F')
		return digit - 'A' + 10;
	if (digit >= 'a' && digit <= 'f')
		return digit - 'a' + 10;
	return -1;
}

static int string_from_hex(const char *hex, size_t len, char *buf)
{
	for (size_t i = 0; i < len; i += 2) {
		int high = hex_digit(hex[i]), low = hex_digit(hex[i + 1]);

		if (high < 0 || low < 0)
			return AUDIT_VALUE_MALFORMED;
		buf[i / 2] = (char)(high << 4 | low);
	}
	return 0;
}

int audit_value_string(const char *value, char *buf, size_t size, size_t *ret_len)
{
	size_t len;
	int r;

	if (value_absent(value))
		return AUDIT_VALUE_ABSENT;
	len = strlen(value);
	if (value[0] == '"') {
		if (len < 2 || value[len - 1] != '"')
			return AUDIT_VALUE_MALFORMED;
		len -= 2;
		if (len >= size)
			return AUDIT_VALUE_TOO_LONG;
		memcpy(buf, value + 1, len);
	} else {
		if (len == 0 || len % 2 != 0)
			return AUDIT_VALUE_MALFORMED;
		if (len / 2 >= size)
			return AUDIT_VALUE_TOO_LONG;
		r = string_from_hex(value, len, buf);
		if (r != 0)
			return r;
		len /= 2;
	}
	buf[len] = '\0';
	*ret_len = len;
	return 0;
}

int audit_value_number(const char *value, int64_t *ret)
{
	char *end;
	long long number;

	if (value_absent(value))
		return AUDIT_VALUE_ABSENT;
	if (value[0] != '-' && (value[0] < '0' || value[0] > '9'))
		return AUDIT_VALUE_MALFORMED;
	errno = 0;
	number = strtoll(value, &end, 10);
	if (errno != 0 || end == value || *end != '\0')
		return AUDIT_VALUE_MALFORMED;
	*ret = number;
	return 0;
}

int audit_value_id(const char *value, uint32_t *ret)
{
	int64_t number;
	int r;

	r = audit_value_number(value, &number);
	if (r != 0)
		return r;
	if (number < -1 || number > UINT32_MAX)
		return AUDIT_VALUE_MALFORMED;
	*ret = (uint32_t)number;
	return 0;
}

int audit_value_hex(const char *value, uint64_t *ret)
{
	uint64_t number = 0;

	if (value_absent(value))
		return AUDIT_VALUE_ABSENT;
	if (value[0] == '\0')
		return AUDIT_VALUE_MALFORMED;
	for (const char *digit = value; *digit; digit++) {
		if (hex_digit(*digit) < 0 || number >> 60 != 0)
			return AUDIT_VALUE_MALFORMED;
		number = number << 4 | (uint64_t)hex_digit(*digit);
	}
	*ret = number;
	return 0;
}
