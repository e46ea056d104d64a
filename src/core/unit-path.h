/* SPDX-License-Identifier: GPL-2.0-or-later */
/* SPDX-FileCopyrightText: The killauditd authors */

/*
 * From the path of a control group to the unit of the service manager that it belongs to:
 *
 *     /system.slice/web.service/payload                        web.service
 *     /machine.slice/libpod-5fb8adf9ee62....scope/container    libpod-5fb8adf9ee62....scope
 *     /user.slice/user-1000.slice/user@1000.service/app.slice/editor.service
 *                                                              user@1000.service, editor.service
 */
#pragma once

#include <stddef.h>

/* Names of units are at most 255 bytes. */
#define UNIT_NAME_SIZE 256

struct unit_path {
	char unit[UNIT_NAME_SIZE]; /* "": of none */
	char user_unit[UNIT_NAME_SIZE]; /* within a user's own manager; "": of none */
};

/* The first one behind the slices, as systemd itself reads it: what stands below is its own. */
void unit_path_find(const char *path, size_t len, struct unit_path *ret);
