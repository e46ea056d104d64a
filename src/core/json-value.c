/* SPDX-License-Identifier: GPL-2.0-or-later */
/* SPDX-FileCopyrightText: The killauditd authors */

#include "core/json-value.h"

#include "core/buffer.h"
#include "core/escape.h"

json_object *json_value_bytes(const char *bytes, size_t len)
{
	struct buffer encoded = {};
	json_object *object;

	if (utf8_valid(bytes, len))
		return json_object_new_string_len(bytes, (int)len);
	base64_append(&encoded, bytes, len);
	object = json_object_new_object();
	if (encoded.failed || !json_value_add(object, "base64",
				      json_object_new_string_len(encoded.data, (int)encoded.len))) {
		json_object_put(object);
		object = NULL;
	}
	buffer_done(&encoded);
	return object;
}

bool json_value_add(json_object *object, const char *key, json_object *value)
{
	if (object && value && json_object_object_add(object, key, value) == 0)
		return true;
	json_object_put(value);
	return false;
}

const char *json_value_text(json_object *object)
{
	return json_object_to_json_string_ext(
		object, JSON_C_TO_STRING_PLAIN | JSON_C_TO_STRING_NOSLASHESCAPE);
}
