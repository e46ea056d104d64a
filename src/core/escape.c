/* SPDX-License-Identifier: GPL-2.0-or-later */
/* SPDX-FileCopyrightText: The killauditd authors */

#include "core/escape.h"

#include <stdint.h>
#include <string.h>

#include "core/buffer.h"

static bool byte_in_name(unsigned char byte)
{
	return (byte >= 'A' && byte <= 'Z') || (byte >= 'a' && byte <= 'z') ||
	       (byte >= '0' && byte <= '9') || (byte != '\0' && strchr("._:+@/-", byte));
}

static bool byte_in_text(unsigned char byte)
{
	return byte >= 0x20 && byte <= 0x7e && byte != '\\';
}

static void escape_append(
	struct buffer *buffer, const char *bytes, size_t len, bool (*passes)(unsigned char byte))
{
	for (size_t i = 0; i < len; i++) {
		unsigned char byte = (unsigned char)bytes[i];

		if (passes(byte))
			buffer_append(buffer, &bytes[i], 1);
		else
			buffer_printf(buffer, "\\x%02x", byte);
	}
}

void escape_name_append(struct buffer *buffer, const char *bytes, size_t len)
{
	escape_append(buffer, bytes, len, byte_in_name);
}

void escape_text_append(struct buffer *buffer, const char *bytes, size_t len)
{
	escape_append(buffer, bytes, len, byte_in_text);
}

/* The length of the sequence that starts at bytes[0], 0 when it is not well-formed. */
static size_t utf8_sequence(const unsigned char *bytes, size_t len)
{
	static const struct {
		unsigned char first_min, first_max, second_min, second_max;
		size_t len;
	} forms[] = {
		{0x00, 0x7f, 0x00, 0x00, 1},
		{0xc2, 0xdf, 0x80, 0xbf, 2},
		{0xe0, 0xe0, 0xa0, 0xbf, 3},
		{0xe1, 0xec, 0x80, 0xbf, 3},
		{0xed, 0xed, 0x80, 0x9f, 3},
		{0xee, 0xef, 0x80, 0xbf, 3},
		{0xf0, 0xf0, 0x90, 0xbf, 4},
		{0xf1, 0xf3, 0x80, 0xbf, 4},
		{0xf4, 0xf4, 0x80, 0x8f, 4},
	};

	for (size_t i = 0; i < sizeof(forms) / sizeof(forms[0]); i++) {
		if (bytes[0] < forms[i].first_min || bytes[0] > forms[i].first_max)
			continue;
		if (forms[i].len > len)
			return 0;
		if (forms[i].len > 1 &&
			(bytes[1] < forms[i].second_min || bytes[1] > forms[i].second_max))
			return 0;
		for (size_t k = 2; k < forms[i].len; k++)
			if ((bytes[k] & 0xc0) != 0x80)
				return 0;
		return forms[i].len;
	}
	return 0;
}

bool utf8_valid(const char *bytes, size_t len)
{
	for (size_t i = 0; i < len;) {
		size_t step = utf8_sequence((const unsigned char *)bytes + i, len - i);

		if (step == 0)
			return false;
		i += step;
	}
	return true;
}

void base64_append(struct buffer *buffer, const char *bytes, size_t len)
{
	static const char digits[] =
		"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
	const unsigned char *in = (const unsigned char *)bytes;

	for (size_t i = 0; i < len; i += 3) {
		uint32_t group = (uint32_t)in[i] << 16;
		char out[4];

		if (i + 1 < len)
			group |= (uint32_t)in[i + 1] << 8;
		if (i + 2 < len)
			group |= in[i + 2];
		out[0] = digits[group >> 18 & 63];
		out[1] = digits[group >> 12 & 63];
		out[2] = i + 1 < len ? digits[group >> 6 & 63] : '=';
		out[3] = i + 2 < len ? digits[group & 63] : '=';
		buffer_append(buffer, out, sizeof(out));
	}
}
