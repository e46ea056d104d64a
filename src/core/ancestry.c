/* SPDX-License-Identifier: GPL-2.0-or-later */
/* SPDX-FileCopyrightText: The killauditd authors */

#include "core/ancestry.h"

#include <errno.h>
#include <inttypes.h>
#include <json-c/json.h>
#include <string.h>

#include "core/buffer.h"
#include "core/escape.h"
#include "core/json-value.h"

static void name_append(struct buffer *buffer, const struct ancestor *ancestor)
{
	if (ancestor->comm && ancestor->comm[0])
		escape_name_append(buffer, ancestor->comm, strlen(ancestor->comm));
	else
		buffer_append_string(buffer, "?");
}

/* The last link is unknown itself: it is the mark already. */
static bool ends_in_unknown(const struct ancestry *ancestry)
{
	return ancestry->n_links > 0 &&
	       ancestry->links[ancestry->n_links - 1].source == PROCESS_SOURCE_NONE;
}

void ancestry_format(const struct ancestry *ancestry, struct buffer *buffer)
{
	if (!ancestry->complete && !ends_in_unknown(ancestry))
		buffer_append_string(buffer, "?=>");
	for (size_t i = ancestry->n_links; i-- > 0;) {
		const struct ancestor *link = &ancestry->links[i];

		name_append(buffer, link);
		if (link->start_usec != PROCESS_START_UNKNOWN)
			buffer_printf(buffer, "(%" PRIu64 "m%" PRIu64 ".%02" PRIu64 "s)",
				link->start_usec / 60000000, link->start_usec / 1000000 % 60,
				link->start_usec / 10000 % 100);
		if (i > 0)
			buffer_append_string(buffer, "=>");
	}
}

void ancestry_format_names(const struct ancestry *ancestry, size_t room, struct buffer *buffer)
{
	static const char arrow[] = "=>", cut[] = "...=>";
	struct buffer name = {};
	size_t used = 0, n;

	if (room < strlen(cut))
		return;

	/* How many links, from the sender up, fit with the mark before them. */
	for (n = 0; n < ancestry->n_links; n++) {
		buffer_clear(&name);
		name_append(&name, &ancestry->links[n]);
		if (used + name.len + strlen(arrow) + strlen(cut) > room)
			break;
		used += name.len + strlen(arrow);
	}
	buffer_done(&name);
	if (n < ancestry->n_links)
		buffer_append_string(buffer, cut);
	else if (!ancestry->complete && !ends_in_unknown(ancestry))
		buffer_append_string(buffer, "?=>");
	while (n-- > 0) {
		name_append(buffer, &ancestry->links[n]);
		if (n > 0)
			buffer_append_string(buffer, arrow);
	}
}

static const char *source_name(enum process_source source)
{
	switch (source) {
	case PROCESS_SOURCE_AUDIT:
		return "audit";
	case PROCESS_SOURCE_PROCFS:
		return "procfs";
	case PROCESS_SOURCE_SEED:
		return "seed";
	case PROCESS_SOURCE_TRACE:
		return "trace";
	case PROCESS_SOURCE_NONE:
		break;
	}
	return "unknown";
}

static json_object *link_to_json(const struct ancestor *link)
{
	json_object *object = json_object_new_object();
	bool added;

	added = json_value_add(object, "pid", json_object_new_int(link->pid));
	if (link->comm && link->comm[0])
		added = json_value_add(
				object, "comm", json_value_bytes(link->comm, strlen(link->comm))) &&
			added;
	if (link->exe)
		added = json_value_add(
				object, "exe", json_value_bytes(link->exe, strlen(link->exe))) &&
			added;
	if (link->start_usec != PROCESS_START_UNKNOWN)
		added = json_value_add(object, "start_usec",
				json_object_new_int64((int64_t)link->start_usec)) &&
			added;
	added = json_value_add(object, "src", json_object_new_string(source_name(link->source))) &&
		added;
	added = json_value_add(object, "alive", json_object_new_boolean(link->alive)) && added;
	if (added)
		return object;
	json_object_put(object);
	return NULL;
}

/* The links from the sender up to `n`, oldest first. */
static int format_links(const struct ancestry *ancestry, size_t n, struct buffer *buffer)
{
	buffer_append_string(buffer, "[");
	if (n < ancestry->n_links)
		buffer_printf(
			buffer, "{\"dropped\":%zu}%s", ancestry->n_links - n, n > 0 ? "," : "");
	for (size_t i = n; i-- > 0;) {
		json_object *object = link_to_json(&ancestry->links[i]);
		const char *text = object ? json_value_text(object) : NULL;

		if (text)
			buffer_append_string(buffer, text);
		json_object_put(object);
		if (!text)
			return -ENOMEM;
		if (i > 0)
			buffer_append_string(buffer, ",");
	}
	buffer_append_string(buffer, "]");
	return buffer->failed ? -ENOMEM : 0;
}

int ancestry_format_json(const struct ancestry *ancestry, struct buffer *buffer)
{
	size_t start = buffer->len;

	for (size_t n = ancestry->n_links;; n--) {
		int r = format_links(ancestry, n, buffer);

		if (r < 0 || n == 0 || buffer->len - start <= ANCESTRY_JSON_MAX)
			return r;
		buffer_cut(buffer, start);
	}
}
