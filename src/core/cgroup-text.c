/* SPDX-License-Identifier: GPL-2.0-or-later */
/* SPDX-FileCopyrightText: The killauditd authors */

#include "core/cgroup-text.h"

#include <stdlib.h>
#include <string.h>

#include "core/buffer.h"

/* Whether the line at `line` is of that hierarchy; then *ret_path is where its path begins. */
static bool line_is_of(const char *line, int hierarchy, const char **ret_path)
{
	char *end;
	const char *path;

	if (*line < '0' || *line > '9' || strtol(line, &end, 10) != hierarchy || *end != ':')
		return false;
	for (path = end + 1; *path != ':'; path++)
		if (*path == '\n' || *path == '\0')
			return false;
	*ret_path = path + 1;
	return true;
}

static const char *line_end(const char *line)
{
	const char *feed = strchr(line, '\n');

	return feed ? feed + 1 : line + strlen(line);
}

static void line_append(struct buffer *buffer, const char *head, size_t head_len, const char *path)
{
	buffer_append(buffer, head, head_len);
	buffer_append_string(buffer, path);
	buffer_append_string(buffer, "\n");
}

void cgroup_text_move(const char *text, int hierarchy, const char *path, struct buffer *buffer)
{
	bool found = false;

	buffer_append_string(buffer, ""); /* a text there is, if an empty one */
	for (const char *line = text ? text : "", *next; *line; line = next) {
		const char *old_path;

		next = line_end(line);
		if (!found && line_is_of(line, hierarchy, &old_path)) {
			found = true;
			line_append(buffer, line, (size_t)(old_path - line), path);
		} else {
			buffer_append(buffer, line, (size_t)(next - line));
		}
	}
	if (!found && hierarchy == 0)
		line_append(buffer, "0::", 3, path);
}

bool cgroup_text_has_v1(const char *text)
{
	const char *path;

	for (const char *line = text; *line; line = line_end(line))
		if (!line_is_of(line, 0, &path))
			return true;
	return false;
}
