/* SPDX-License-Identifier: GPL-2.0-or-later */
/* SPDX-FileCopyrightText: The killauditd authors */

#include "core/unit-path.h"

#include <ctype.h>
#include <stdbool.h>
#include <string.h>

struct segment {
	const char *at;
	size_t len;
};

static bool ends_with(const struct segment *segment, const char *suffix)
{
	size_t len = strlen(suffix);

	return segment->len > len && memcmp(segment->at + segment->len - len, suffix, len) == 0;
}

static bool starts_with(const struct segment *segment, const char *prefix)
{
	size_t len = strlen(prefix);

	return segment->len > len && memcmp(segment->at, prefix, len) == 0;
}

/* The next part of the path; false at its end. A part that looks like a file of the kernel's is
 * escaped with an underscore. */
static bool segment_next(const char **at, const char *end, struct segment *ret)
{
	const char *slash;

	while (*at < end && **at == '/')
		++*at;
	if (*at == end)
		return false;
	slash = memchr(*at, '/', (size_t)(end - *at));
	*ret = (struct segment){*at, (size_t)((slash ? slash : end) - *at)};
	*at += ret->len;
	if (ret->len > 1 && ret->at[0] == '_') {
		ret->at++;
		ret->len--;
	}
	return true;
}

static bool segment_is_unit(const struct segment *segment)
{
	static const char *const suffixes[] = {".service", ".scope", ".socket", ".mount", ".swap"};
	bool known = false;

	for (size_t i = 0; i < sizeof(suffixes) / sizeof(suffixes[0]); i++)
		known = known || ends_with(segment, suffixes[i]);
	if (!known || segment->len >= UNIT_NAME_SIZE)
		return false;
	for (size_t i = 0; i < segment->len; i++)
		if (!isalnum((unsigned char)segment->at[i]) &&
			!memchr(":-_.\\@", segment->at[i], 6))
			return false;
	return true;
}

/* The unit behind the slices. */
static bool unit_next(const char **at, const char *end, char name[static UNIT_NAME_SIZE])
{
	struct segment segment;

	while (segment_next(at, end, &segment)) {
		if (ends_with(&segment, ".slice"))
			continue;
		if (!segment_is_unit(&segment))
			return false;
		memcpy(name, segment.at, segment.len);
		name[segment.len] = '\0';
		return true;
	}
	return false;
}

static bool unit_is_user_manager(const char *name)
{
	struct segment segment = {name, strlen(name)};

	return starts_with(&segment, "user@") && ends_with(&segment, ".service");
}

void unit_path_find(const char *path, size_t len, struct unit_path *ret)
{
	const char *at = path, *end = path + len;

	*ret = (struct unit_path){};
	if (unit_next(&at, end, ret->unit) && unit_is_user_manager(ret->unit))
		unit_next(&at, end, ret->user_unit);
}
