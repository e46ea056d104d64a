/* SPDX-License-Identifier: GPL-2.0-or-later */
/* SPDX-FileCopyrightText: The killauditd authors */

/*
 * Strings that many hold and few differ in: equal ones are kept once, for as long as somebody
 * holds them. Sharing only saves memory: a string that is hard to find, for others were chosen to
 * hash like it, is kept by itself, so that no text makes the pool slow.
 */
#pragma once

#include <stddef.h>

struct pooled_string;

/* Zeroed, it is empty. */
struct string_pool {
	struct pooled_string **buckets;
	size_t n_buckets;
	size_t n_strings; /* that can be found */
};

/* All strings must have been released. */
void string_pool_done(struct string_pool *pool);

/* The string of these bytes, which may hold NULs, with one more behind them. It is not to be
 * changed, and to be released once. NULL: no memory. */
char *string_pool_take(struct string_pool *pool, const char *bytes, size_t len);
/* To be released once more. NULL for NULL. */
char *string_pool_share(char *string);
/* NULL is no string, and is no harm. */
void string_pool_release(struct string_pool *pool, char *string);
