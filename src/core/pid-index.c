/* SPDX-License-Identifier: GPL-2.0-or-later */
/* SPDX-FileCopyrightText: The killauditd authors */

#include "core/pid-index.h"

#include <errno.h>
#include <stdint.h>
#include <stdlib.h>

#define BUCKETS_MIN 256U

/* The kernel counts pids up, so their low bits alone spread well. */
static struct pid_link **bucket_of(const struct pid_index *index, pid_t pid)
{
	return &index->buckets[(uint32_t)pid & (index->n_buckets - 1)];
}

int pid_index_init(struct pid_index *index)
{
	*index = (struct pid_index){.n_buckets = BUCKETS_MIN};
	index->buckets = calloc(index->n_buckets, sizeof(struct pid_link *));
	return index->buckets ? 0 : -ENOMEM;
}

void pid_index_done(struct pid_index *index)
{
	free(index->buckets);
	*index = (struct pid_index){};
}

/* Behind all others, so that those of one pid keep their order. */
static void append(struct pid_link **bucket, struct pid_link *link)
{
	while (*bucket)
		bucket = &(*bucket)->next;
	link->next = NULL;
	*bucket = link;
}

/* Without memory the buckets only become deeper. */
static void grow(struct pid_index *index)
{
	struct pid_index larger = {.n_buckets = 2 * index->n_buckets, .n_links = index->n_links};

	larger.buckets = calloc(larger.n_buckets, sizeof(struct pid_link *));
	if (!larger.buckets)
		return;
	for (size_t i = 0; i < index->n_buckets; i++)
		for (struct pid_link *link = index->buckets[i], *next; link; link = next) {
			next = link->next;
			append(bucket_of(&larger, link->pid), link);
		}
	free(index->buckets);
	*index = larger;
}

void pid_index_add(struct pid_index *index, struct pid_link *link)
{
	struct pid_link **bucket;

	if (index->n_links >= index->n_buckets)
		grow(index);
	bucket = bucket_of(index, link->pid);
	link->next = *bucket;
	*bucket = link;
	index->n_links++;
}

void pid_index_remove(struct pid_index *index, struct pid_link *link)
{
	struct pid_link **at = bucket_of(index, link->pid);

	while (*at != link)
		at = &(*at)->next;
	*at = link->next;
	index->n_links--;
}

static struct pid_link *find(struct pid_link *link, pid_t pid, unsigned kind)
{
	while (link && (link->pid != pid || link->kind != kind))
		link = link->next;
	return link;
}

struct pid_link *pid_index_first(const struct pid_index *index, pid_t pid, unsigned kind)
{
	return find(*bucket_of(index, pid), pid, kind);
}

struct pid_link *pid_link_next(const struct pid_link *link)
{
	return find(link->next, link->pid, link->kind);
}
