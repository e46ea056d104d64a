/* SPDX-License-Identifier: GPL-2.0-or-later */
/* SPDX-FileCopyrightText: The killauditd authors */

#include "core/audit-record.h"

#include <linux/audit.h>
#include <stdbool.h>
#include <string.h>

#include "core/signal-syscall.h"

#ifndef AUDIT_EVENT_LISTENER
#define AUDIT_EVENT_LISTENER 1335 /* since Linux 5.8 */
#endif

struct cursor {
	const char *at, *end;
};

static bool cursor_skip(struct cursor *cursor, const char *literal)
{
	size_t len = strlen(literal);

	if ((size_t)(cursor->end - cursor->at) < len || memcmp(cursor->at, literal, len) != 0)
		return false;
	cursor->at += len;
	return true;
}

static int digit_value(char digit)
{
	if (digit >= '0' && digit <= '9')
		return digit - '0';
	if (digit >= 'a' && digit <= 'f')
		return digit - 'a' + 10;
	return 16;
}

/* At least one digit, at most `max`. */
static bool cursor_number(struct cursor *cursor, int base, uint64_t max, uint64_t *ret)
{
	const char *start = cursor->at;
	uint64_t number = 0;

	while (cursor->at < cursor->end && digit_value(*cursor->at) < base) {
		if (__builtin_mul_overflow(number, (uint64_t)base, &number) ||
			__builtin_add_overflow(
				number, (uint64_t)digit_value(*cursor->at), &number) ||
			number > max)
			return false;
		cursor->at++;
	}
	if (cursor->at == start)
		return false;
	*ret = number;
	return true;
}

int audit_record_parse(uint16_t type, const char *text, size_t len, struct audit_record *ret)
{
	struct cursor cursor;
	uint64_t sec, msec, serial;
	const char *msec_start;

	while (len > 0 && (text[len - 1] == '\0' || text[len - 1] == '\n'))
		len--;
	cursor = (struct cursor){text, text + len};
	if (!cursor_skip(&cursor, "audit(") ||
		!cursor_number(&cursor, 10, UINT64_MAX / 1000000 - 1, &sec) ||
		!cursor_skip(&cursor, "."))
		return AUDIT_RECORD_MALFORMED;
	msec_start = cursor.at;
	if (!cursor_number(&cursor, 10, 999, &msec) || cursor.at - msec_start != 3 ||
		!cursor_skip(&cursor, ":") || !cursor_number(&cursor, 10, UINT32_MAX, &serial) ||
		!cursor_skip(&cursor, "):"))
		return AUDIT_RECORD_MALFORMED;
	cursor_skip(&cursor, " ");

	*ret = (struct audit_record){
		.type = type,
		.serial = (uint32_t)serial,
		.time_msec = sec * 1000 + msec,
		.text = text,
		.text_len = len,
		.payload = cursor.at,
		.payload_len = (size_t)(cursor.end - cursor.at),
	};
	return 0;
}

static bool syscall_is_ours(const struct audit_record *record)
{
	struct cursor cursor = {record->payload, record->payload + record->payload_len};
	struct signal_syscall syscall;
	uint64_t arch, number;

	return cursor_skip(&cursor, "arch=") && cursor_number(&cursor, 16, UINT32_MAX, &arch) &&
	       cursor_skip(&cursor, " syscall=") &&
	       cursor_number(&cursor, 10, UINT32_MAX, &number) &&
	       signal_syscall_find((uint32_t)arch, number, &syscall) == 0;
}

enum audit_record_use audit_record_accept(const struct audit_record *record)
{
	switch (record->type) {
	case AUDIT_SYSCALL:
		return syscall_is_ours(record) ? AUDIT_RECORD_STARTS : AUDIT_RECORD_FOREIGN;
	case AUDIT_OBJ_PID:
	case AUDIT_PROCTITLE:
		return AUDIT_RECORD_CONTINUES;
	case AUDIT_EOE:
		return AUDIT_RECORD_ENDS;
	default:
		return AUDIT_RECORD_FOREIGN;
	}
}

bool audit_record_begins(const struct audit_record *record)
{
	return record->type == AUDIT_SYSCALL || record->type == AUDIT_CONFIG_CHANGE ||
	       record->type == AUDIT_EVENT_LISTENER ||
	       (record->type >= AUDIT_FIRST_USER_MSG && record->type <= AUDIT_LAST_USER_MSG) ||
	       (record->type >= AUDIT_FIRST_USER_MSG2 && record->type <= AUDIT_LAST_USER_MSG2);
}
