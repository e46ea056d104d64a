/* SPDX-License-Identifier: GPL-2.0-or-later */
/* SPDX-FileCopyrightText: The killauditd authors */

/*
 * Finds what has a pid: whatever embeds a struct pid_link. Several may have the same one. Adding
 * needs no memory of its own, and cannot fail.
 */
#pragma once

#include <stddef.h>
#include <sys/types.h>

struct pid_link {
	struct pid_link *next; /* of the index */
	pid_t pid;
	unsigned short kind, flags; /* the caller's own */
};

struct pid_index {
	struct pid_link **buckets;
	size_t n_buckets;
	size_t n_links;
};

/* 0 or -ENOMEM. */
int pid_index_init(struct pid_index *index);
/* What it links is the caller's. */
void pid_index_done(struct pid_index *index);

/* link->pid is set, and does not change until the link is removed. */
void pid_index_add(struct pid_index *index, struct pid_link *link);
void pid_index_remove(struct pid_index *index, struct pid_link *link);

/* All of one pid and kind, the one added last first: NULL behind the last one. */
struct pid_link *pid_index_first(const struct pid_index *index, pid_t pid, unsigned kind);
struct pid_link *pid_link_next(const struct pid_link *link);
