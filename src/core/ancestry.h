/* SPDX-License-Identifier: GPL-2.0-or-later */
/* SPDX-FileCopyrightText: The killauditd authors */

/*
 * The chain from a sender up to the first process, in its shapes. In memory the sender comes first;
 * written, it comes last, as in SystemTap's task_ancestry.
 */
#pragma once

#include <stdbool.h>
#include <stddef.h>

#include "core/attribution.h"

struct buffer;

/* Bytes of SENDER_ANCESTRY_JSON at most; the oldest are dropped, and counted in an object
 * {"dropped":N} that stands first. */
#define ANCESTRY_JSON_MAX 16384

struct ancestry {
	struct ancestor links[ANCESTRY_MAX]; /* [0] is the sender */
	size_t n_links;
	bool complete; /* the last link is a process that has no parent */
};

/* systemd(0m0.08s)=>sh(19491m2.57s)=>pkill - digits as far as known, here to 10 ms; a link without
 * a start is one whose start is not known, and ? one of which nothing is known but that it was. */
void ancestry_format(const struct ancestry *ancestry, struct buffer *buffer);

/* Names alone, at most `room` bytes; "...=>" stands for what did not fit. */
void ancestry_format_names(const struct ancestry *ancestry, size_t room, struct buffer *buffer);

/* [{"pid":1,"comm":"systemd","exe":"/usr/lib/systemd/systemd","start_usec":80000,"src":"procfs",
 * "alive":true}, ...]; what is not known has no key, a name that is not UTF-8 is {"base64":"..."}.
 * 0 or -ENOMEM. */
int ancestry_format_json(const struct ancestry *ancestry, struct buffer *buffer);
