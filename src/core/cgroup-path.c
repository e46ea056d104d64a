/* SPDX-License-Identifier: GPL-2.0-or-later */
/* SPDX-FileCopyrightText: The killauditd authors */

#include "core/cgroup-path.h"

#include <string.h>

struct segment {
	const char *at;
	size_t len;
};

/* How runtimes name the cgroup of a container: PREFIX, 64 hex digits, SUFFIX, and nothing else in
 * the segment. `parent` narrows a bare id: the segment above it is this word. */
static const struct form {
	const char *prefix, *suffix;
	const char *parent;
	const char *runtime;
} forms[] = {
	{"docker-", ".scope", NULL, "docker"}, {"cri-containerd-", ".scope", NULL, "containerd"},
	{"crio-", ".scope", NULL, "cri-o"}, {"crio-", "", NULL, "cri-o"},
	{"libpod-", ".scope", NULL, "podman"}, {"libpod-", "", NULL, "podman"},
	{"libpod-payload-", "", NULL, "podman"}, {"", "", "docker", "docker"},
	{"", "", NULL, NULL}, /* pods without the systemd driver, --cgroup-parent */
};

static bool segment_equal(const struct segment *segment, const char *word)
{
	return segment->len == strlen(word) && memcmp(segment->at, word, segment->len) == 0;
}

/* The mixed driver of containerd writes SLICE:cri-containerd:ID as one segment. */
static bool segment_match_colons(const struct segment *segment, const char **ret_id)
{
	static const char mark[] = ":cri-containerd:";
	const size_t mark_len = sizeof(mark) - 1;
	const char *at;

	if (segment->len <= mark_len + CONTAINER_ID_LEN)
		return false;
	at = segment->at + segment->len - CONTAINER_ID_LEN - mark_len;
	if (memcmp(at, mark, mark_len) != 0)
		return false;
	*ret_id = at + mark_len;
	return true;
}

static bool segment_match_form(const struct segment *segment, const struct segment *parent,
	const struct form *form, const char **ret_id)
{
	size_t prefix_len = strlen(form->prefix), suffix_len = strlen(form->suffix);

	if (segment->len != prefix_len + CONTAINER_ID_LEN + suffix_len ||
		memcmp(segment->at, form->prefix, prefix_len) != 0 ||
		memcmp(segment->at + prefix_len + CONTAINER_ID_LEN, form->suffix, suffix_len) != 0)
		return false;
	if (form->parent && !segment_equal(parent, form->parent))
		return false;
	*ret_id = segment->at + prefix_len;
	return true;
}

static bool id_is_hex(const char *id)
{
	for (size_t i = 0; i < CONTAINER_ID_LEN; i++)
		if (!((id[i] >= '0' && id[i] <= '9') || (id[i] >= 'a' && id[i] <= 'f')))
			return false;
	return true;
}

static bool segment_match(
	const struct segment *segment, const struct segment *parent, struct container_match *ret)
{
	const char *id;

	if (segment_match_colons(segment, &id) && id_is_hex(id)) {
		ret->runtime = "containerd";
		memcpy(ret->id, id, CONTAINER_ID_LEN);
		return true;
	}
	for (size_t i = 0; i < sizeof(forms) / sizeof(forms[0]); i++) {
		if (segment_match_form(segment, parent, &forms[i], &id) && id_is_hex(id)) {
			ret->runtime = forms[i].runtime;
			memcpy(ret->id, id, CONTAINER_ID_LEN);
			return true;
		}
	}
	return false;
}

/* The kernel appends " (deleted)" to the path of a control group that was removed under a process
 * that has ended; a group that is called so itself does not lose more than that. */
static size_t path_len_without_mark(const char *path, size_t len)
{
	static const char mark[] = " (deleted)";
	const size_t mark_len = sizeof(mark) - 1;

	if (len > mark_len && memcmp(path + len - mark_len, mark, mark_len) == 0)
		return len - mark_len;
	return len;
}

void container_match_find(const char *path, size_t len, struct container_match *ret)
{
	const char *end = path + path_len_without_mark(path, len);
	struct segment parent = {path, 0};

	*ret = (struct container_match){};
	for (const char *at = path; at < end;) {
		const char *slash = memchr(at, '/', (size_t)(end - at));
		struct segment segment = {at, (size_t)((slash ? slash : end) - at)};

		if (segment_match(&segment, &parent, ret))
			return;
		parent = segment;
		at = slash ? slash + 1 : end;
	}
}

enum { /* higher is better, and a line that names a container is better than all that do not */
	LINE_NONE,
	LINE_ROOT,
	LINE_OTHER,
	LINE_SYSTEMD,
	LINE_V2,
	LINE_CONTAINER = 8,
};

/* "0::/path" is v2, "N:name=systemd:/path" is systemd's; the path may hold colons itself. */
static int line_rank(const struct segment *line, const char **ret_path, size_t *ret_len)
{
	const char *end = line->at + line->len, *controllers, *path;
	struct container_match match;
	int rank;

	controllers = memchr(line->at, ':', line->len);
	if (!controllers)
		return LINE_NONE;
	controllers++;
	path = memchr(controllers, ':', (size_t)(end - controllers));
	if (!path || path + 1 == end || path[1] != '/')
		return LINE_NONE;
	path++;
	*ret_path = path;
	*ret_len = path_len_without_mark(path, (size_t)(end - path));
	if (*ret_len == 1)
		return LINE_ROOT;
	if (path - 1 == controllers)
		rank = LINE_V2;
	else if (path - 1 - controllers == 12 && memcmp(controllers, "name=systemd", 12) == 0)
		rank = LINE_SYSTEMD;
	else
		rank = LINE_OTHER;
	container_match_find(path, *ret_len, &match);
	return match.id[0] ? LINE_CONTAINER | rank : rank;
}

bool cgroup_text_choose(const char *text, size_t len, const char **ret_path, size_t *ret_len)
{
	const char *end = text + len;
	int best = LINE_NONE;

	for (const char *at = text; at < end;) {
		const char *feed = memchr(at, '\n', (size_t)(end - at));
		struct segment line = {at, (size_t)((feed ? feed : end) - at)};
		const char *path = NULL;
		size_t path_len = 0;
		int rank = line_rank(&line, &path, &path_len);

		if (rank > best) {
			best = rank;
			*ret_path = path;
			*ret_len = path_len;
		}
		at = feed ? feed + 1 : end;
	}
	return best != LINE_NONE;
}
