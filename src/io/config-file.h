/* SPDX-License-Identifier: GPL-2.0-or-later */
/* SPDX-FileCopyrightText: The killauditd authors */

/* Files in the form of killauditd.conf(5), read with inih. */
#pragma once

#include <stddef.h>

/* One setting; an empty name is a line that is none. */
typedef void (*config_file_visit)(const char *path, unsigned line, const char *section,
	const char *name, const char *value, void *userdata);

/* 0 or a negative errno. */
int config_file_read(const char *path, config_file_visit visit, void *userdata);

/* The paths of all *.conf in a folder, in lexical order, ended by NULL; none where there is no such
 * folder. 0 or a negative errno. */
int config_file_list(const char *folder, char ***ret_paths);
void config_file_list_free(char **paths);
