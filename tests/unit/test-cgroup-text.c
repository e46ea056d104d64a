/* SPDX-License-Identifier: GPL-2.0-or-later */
/* SPDX-FileCopyrightText: The killauditd authors */

#include "rows.h"

#include "core/buffer.h"
#include "core/cgroup-text.h"

#define HYBRID "12:pids:/a\n1:name=systemd:/a:b\n0::/a\n"

static const struct move_row {
	const char *name;
	const char *text;
	int hierarchy;
	const char *path;
	const char *expected;
} move_rows[] = {
	{"version 2", "0::/a\n", 0, "/b", "0::/b\n"},
	{"the first line", HYBRID, 12, "/bb", "12:pids:/bb\n1:name=systemd:/a:b\n0::/a\n"},
	{"a path with a colon", HYBRID, 1, "/", "12:pids:/a\n1:name=systemd:/\n0::/a\n"},
	{"the last line", HYBRID, 0, "/c:d", "12:pids:/a\n1:name=systemd:/a:b\n0::/c:d\n"},
	{"a number that begins alike", HYBRID, 2, "/b", HYBRID},
	{"a number that goes on", HYBRID, 121, "/b", HYBRID},
	{"version 2 was not there", "1:cpu:/a\n", 0, "/b", "1:cpu:/a\n0::/b\n"},
	{"nothing was known", NULL, 0, "/b", "0::/b\n"},
	{"nothing was known, version 1", NULL, 3, "/b", ""},
	{"an empty text", "", 3, "/b", ""},
	{"a control group that was removed", "0::/a (deleted)\n", 0, "/b", "0::/b\n"},
	{"the last line is not ended", "1:cpu:/a\n0::/a", 0, "/b", "1:cpu:/a\n0::/b\n"},
	{"not a line of ours", "0\n0:\nx\n:\n-1:a:b\n", 1, "/b", "0\n0:\nx\n:\n-1:a:b\n"},
	{"twice", "1:a:/a\n1:a:/a\n", 1, "/b", "1:a:/b\n1:a:/a\n"},
};

static void test_move(void **state)
{
	const struct move_row *row = *state;
	struct buffer buffer = {};

	cgroup_text_move(row->text, row->hierarchy, row->path, &buffer);
	assert_false(buffer.failed);
	assert_string_equal(buffer.data, row->expected);
	buffer_done(&buffer);
}

static const struct v1_row {
	const char *name;
	const char *text;
	bool has_v1;
} v1_rows[] = {
	{"version 2", "0::/a\n", false},
	{"version 2, not ended", "0::/a", false},
	{"both", HYBRID, true},
	{"version 1", "1:cpu:/a\n", true},
	{"nothing", "", false},
};

static void test_has_v1(void **state)
{
	const struct v1_row *row = *state;

	assert_int_equal(cgroup_text_has_v1(row->text), row->has_v1);
}

int main(void)
{
	return ROWS_RUN(test_move, move_rows) + ROWS_RUN(test_has_v1, v1_rows);
}
