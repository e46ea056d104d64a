/* SPDX-License-Identifier: GPL-2.0-or-later */
/* SPDX-FileCopyrightText: The killauditd authors */

/* How our values become JSON: every string is the journal's, whatever bytes it has. */
#pragma once

#include <json-c/json.h>
#include <stdbool.h>
#include <stddef.h>

/* A string, or {"base64":"..."} where the bytes are not UTF-8. NULL: out of memory. */
json_object *json_value_bytes(const char *bytes, size_t len);

/* Takes the value; false when either is NULL or memory runs out. */
bool json_value_add(json_object *object, const char *key, json_object *value);

/* On one line, without spaces; owned by the object. NULL: out of memory. */
const char *json_value_text(json_object *object);
