/* SPDX-License-Identifier: GPL-2.0-or-later */
/* SPDX-FileCopyrightText: The killauditd authors */

#include "core/buffer.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

void buffer_done(struct buffer *buffer)
{
	free(buffer->data);
	*buffer = (struct buffer){};
}

void buffer_clear(struct buffer *buffer)
{
	buffer->len = 0;
	buffer->failed = false;
	if (buffer->data)
		buffer->data[0] = '\0';
}

static bool buffer_reserve(struct buffer *buffer, size_t more)
{
	size_t need, size;
	char *data;

	if (buffer->failed)
		return false;
	if (__builtin_add_overflow(buffer->len, more, &need) ||
		__builtin_add_overflow(need, 1, &need)) {
		buffer->failed = true;
		return false;
	}
	if (need <= buffer->size)
		return true;
	size = need < 256 ? 256 : need + need / 2;
	data = realloc(buffer->data, size);
	if (!data) {
		buffer->failed = true;
		return false;
	}
	buffer->data = data;
	buffer->size = size;
	return true;
}

void buffer_append(struct buffer *buffer, const void *bytes, size_t len)
{
	if (!buffer_reserve(buffer, len))
		return;
	if (len > 0)
		memcpy(buffer->data + buffer->len, bytes, len);
	buffer->len += len;
	buffer->data[buffer->len] = '\0';
}

void buffer_append_string(struct buffer *buffer, const char *string)
{
	buffer_append(buffer, string, strlen(string));
}

void buffer_printf(struct buffer *buffer, const char *format, ...)
{
	va_list args, again;
	int len;

	va_start(args, format);
	va_copy(again, args);
	len = vsnprintf(NULL, 0, format, args);
	if (len < 0)
		buffer->failed = true;
	else if (buffer_reserve(buffer, (size_t)len)) {
		vsnprintf(buffer->data + buffer->len, (size_t)len + 1, format, again);
		buffer->len += (size_t)len;
	}
	va_end(again);
	va_end(args);
}

void buffer_cut(struct buffer *buffer, size_t len)
{
	if (len >= buffer->len)
		return;
	buffer->len = len;
	buffer->data[len] = '\0';
}
