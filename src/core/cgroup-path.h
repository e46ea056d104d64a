/* SPDX-License-Identifier: GPL-2.0-or-later */
/* SPDX-FileCopyrightText: The killauditd authors */

/*
 * From the text of /proc/PID/cgroup to one path, and from a path to the container it names.
 *
 *     12:memory:/docker/5fb8adf9ee62...        v1, one line for each hierarchy
 *     1:name=systemd:/docker/5fb8adf9ee62...
 *     0::/docker/5fb8adf9ee62...               v2
 */
#pragma once

#include <stdbool.h>
#include <stddef.h>

#define CONTAINER_ID_LEN       64
#define CONTAINER_ID_SHORT_LEN 12 /* as docker ps shows it */

struct container_match {
	const char *runtime; /* static; NULL: the path does not tell which */
	char id[CONTAINER_ID_LEN + 1]; /* "" : not in a container */
};

/* The outermost container that the path names: what stands below it is its tenant's to choose. */
void container_match_find(const char *path, size_t len, struct container_match *ret);

/* The line that says most: one that names a container (the v2 line first, then systemd's own
 * hierarchy, then the others in their order), else the first of these that is not "/", else "/".
 * *ret_path points into text. False when text has no line of the expected form. */
bool cgroup_text_choose(const char *text, size_t len, const char **ret_path, size_t *ret_len);
