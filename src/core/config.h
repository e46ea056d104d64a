/* SPDX-License-Identifier: GPL-2.0-or-later */
/* SPDX-FileCopyrightText: The killauditd authors */

/* What the administrator has set in killauditd.conf(5), and what holds where nothing is set. */
#pragma once

#include <stdbool.h>
#include <stdint.h>

#define CONFIG_RECEIVE_BUFFER_MIN (UINT64_C(64) << 10)
#define CONFIG_RECEIVE_BUFFER_MAX (UINT64_C(1) << 30)

#define CONFIG_TRACE_BUFFER_MIN (UINT64_C(64) << 10)
#define CONFIG_TRACE_BUFFER_MAX (UINT64_C(256) << 20)

enum config_input {
	CONFIG_INPUT_AUTO, /* the socket that we were passed, else our own */
	CONFIG_INPUT_MULTICAST, /* our own */
};

enum config_trace {
	CONFIG_TRACE_AUTO, /* where it can be had */
	CONFIG_TRACE_OFF,
	CONFIG_TRACE_REQUIRED, /* else do not start */
};

struct config {
	enum config_input input;
	uint64_t receive_buffer; /* bytes; of a socket of our own */
	enum config_trace trace;
	uint64_t trace_buffer; /* bytes for each processor */
	bool manage_rules; /* load, verify and put back rules, and switch auditing on */
};

void config_init(struct config *config);

enum {
	CONFIG_UNKNOWN = 1, /* no such section, or no such key in it */
	CONFIG_INVALID, /* the value is not allowed */
};

/* One "NAME=VALUE" of "[SECTION]". 0, CONFIG_UNKNOWN or CONFIG_INVALID, and then *ret_allowed says
 * what is allowed. */
int config_set(struct config *config, const char *section, const char *name, const char *value,
	const char **ret_allowed);

/* 0 or CONFIG_INVALID. */
int config_input_from_name(const char *name, enum config_input *ret);
