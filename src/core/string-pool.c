/* SPDX-License-Identifier: GPL-2.0-or-later */
/* SPDX-FileCopyrightText: The killauditd authors */

#include "core/string-pool.h"

#include <stdbool.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

struct pooled_string {
	struct pooled_string *next; /* in its bucket */
	uint32_t n_holders;
	uint32_t len : 31;
	uint32_t shared : 1; /* it is in a bucket */
	char bytes[];
};

#define LEN_MAX     ((size_t)INT32_MAX)
#define BUCKETS_MIN 64U
/* There are as many buckets as strings: where so many are in one, they were chosen to be. */
#define BUCKET_DEPTH 16

static struct pooled_string *pooled(char *string)
{
	return (struct pooled_string *)(string - offsetof(struct pooled_string, bytes));
}

/* Eight bytes at a time; the multiplier is that of Fibonacci hashing. */
static uint64_t hash(const char *bytes, size_t len)
{
	uint64_t value = len, word;

	for (; len > 0; len -= len < 8 ? len : 8, bytes += 8) {
		word = 0;
		memcpy(&word, bytes, len < 8 ? len : 8);
		value = (value ^ word) * 0x9e3779b97f4a7c15U;
		value ^= value >> 32;
	}
	return value;
}

static struct pooled_string **bucket_of(
	const struct string_pool *pool, const char *bytes, size_t len)
{
	return &pool->buckets[hash(bytes, len) & (pool->n_buckets - 1)];
}

/* Without memory the buckets only become deeper. */
static void grow(struct string_pool *pool)
{
	struct string_pool larger = {
		.n_buckets = pool->n_buckets ? 2 * pool->n_buckets : BUCKETS_MIN,
		.n_strings = pool->n_strings};

	larger.buckets = calloc(larger.n_buckets, sizeof(*larger.buckets));
	if (!larger.buckets)
		return;
	for (size_t i = 0; i < pool->n_buckets; i++)
		for (struct pooled_string *string = pool->buckets[i], *next; string;
			string = next) {
			struct pooled_string **bucket =
				bucket_of(&larger, string->bytes, string->len);

			next = string->next;
			string->next = *bucket;
			*bucket = string;
		}
	free(pool->buckets);
	*pool = larger;
}

void string_pool_done(struct string_pool *pool)
{
	free(pool->buckets);
	*pool = (struct string_pool){};
}

static struct pooled_string *string_new(const char *bytes, size_t len)
{
	struct pooled_string *string = malloc(sizeof(*string) + len + 1);

	if (!string)
		return NULL;
	*string = (struct pooled_string){.n_holders = 1, .len = (uint32_t)len & INT32_MAX};
	memcpy(string->bytes, bytes, len);
	string->bytes[len] = '\0';
	return string;
}

/* NULL when it is not there; then *ret_depth others are. */
static struct pooled_string *bucket_find(
	struct pooled_string *bucket, const char *bytes, size_t len, int *ret_depth)
{
	int depth = 0;

	for (; bucket; bucket = bucket->next, depth++)
		if (bucket->len == len && memcmp(bucket->bytes, bytes, len) == 0)
			return bucket;
	*ret_depth = depth;
	return NULL;
}

char *string_pool_take(struct string_pool *pool, const char *bytes, size_t len)
{
	struct pooled_string **bucket = NULL, *string = NULL;
	int depth = 0;

	if (len > LEN_MAX)
		return NULL;
	if (pool->n_strings >= pool->n_buckets)
		grow(pool);
	if (pool->n_buckets > 0) {
		bucket = bucket_of(pool, bytes, len);
		string = bucket_find(*bucket, bytes, len, &depth);
	}
	if (string)
		return string_pool_share(string->bytes);
	string = string_new(bytes, len);
	if (string && bucket && depth < BUCKET_DEPTH) {
		string->shared = true;
		string->next = *bucket;
		*bucket = string;
		pool->n_strings++;
	}
	return string ? string->bytes : NULL;
}

char *string_pool_share(char *string)
{
	if (string)
		pooled(string)->n_holders++;
	return string;
}

void string_pool_release(struct string_pool *pool, char *string)
{
	struct pooled_string *found, **at;

	if (!string)
		return;
	found = pooled(string);
	if (--found->n_holders > 0)
		return;
	if (found->shared) {
		for (at = bucket_of(pool, found->bytes, found->len); *at != found;)
			at = &(*at)->next;
		*at = found->next;
		pool->n_strings--;
	}
	free(found);
}
