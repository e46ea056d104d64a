/* SPDX-License-Identifier: GPL-2.0-or-later */
/* SPDX-FileCopyrightText: The killauditd authors */

#include "core/config.h"

#include <ctype.h>
#include <errno.h>
#include <stddef.h>
#include <stdlib.h>
#include <string.h>

void config_init(struct config *config)
{
	*config = (struct config){
		.input = CONFIG_INPUT_AUTO,
		.receive_buffer = UINT64_C(64) << 20,
		.trace = CONFIG_TRACE_OFF,
		.trace_buffer = UINT64_C(2) << 20,
		.manage_rules = true,
	};
}

int config_input_from_name(const char *name, enum config_input *ret)
{
	if (strcmp(name, "auto") == 0)
		*ret = CONFIG_INPUT_AUTO;
	else if (strcmp(name, "multicast") == 0)
		*ret = CONFIG_INPUT_MULTICAST;
	else
		return CONFIG_INVALID;
	return 0;
}

static int set_input(struct config *config, const char *value)
{
	return config_input_from_name(value, &config->input);
}

/* 64M: digits, and K, M or G for powers of 1024. */
static int size_parse(const char *value, uint64_t min, uint64_t max, uint64_t *ret)
{
	static const char suffixes[] = "KMG";
	const char *suffix;
	uint64_t size;
	char *end;

	if (!isdigit((unsigned char)*value))
		return CONFIG_INVALID;
	errno = 0;
	size = strtoull(value, &end, 10);
	if (errno != 0 || size > max)
		return CONFIG_INVALID;
	if (*end != '\0') {
		suffix = strchr(suffixes, *end);
		if (!suffix || end[1] != '\0')
			return CONFIG_INVALID;
		size <<= 10 * (suffix - suffixes + 1);
	}
	if (size < min || size > max)
		return CONFIG_INVALID;
	*ret = size;
	return 0;
}

static int set_receive_buffer(struct config *config, const char *value)
{
	return size_parse(value, CONFIG_RECEIVE_BUFFER_MIN, CONFIG_RECEIVE_BUFFER_MAX,
		&config->receive_buffer);
}

static int set_trace(struct config *config, const char *value)
{
	static const char *const words[] = {
		[CONFIG_TRACE_AUTO] = "auto",
		[CONFIG_TRACE_OFF] = "off",
		[CONFIG_TRACE_REQUIRED] = "required",
	};

	for (size_t i = 0; i < sizeof(words) / sizeof(words[0]); i++) {
		if (strcmp(value, words[i]) != 0)
			continue;
		config->trace = (enum config_trace)i;
		return 0;
	}
	return CONFIG_INVALID;
}

static int set_trace_buffer(struct config *config, const char *value)
{
	return size_parse(
		value, CONFIG_TRACE_BUFFER_MIN, CONFIG_TRACE_BUFFER_MAX, &config->trace_buffer);
}

static int set_manage_rules(struct config *config, const char *value)
{
	if (strcmp(value, "auto") != 0 && strcmp(value, "no") != 0)
		return CONFIG_INVALID;
	config->manage_rules = strcmp(value, "auto") == 0;
	return 0;
}

static const struct key {
	const char *section, *name;
	int (*set)(struct config *config, const char *value);
	const char *allowed;
} keys[] = {
	{"Audit", "Input", set_input, "auto or multicast"},
	{"Audit", "ReceiveBuffer", set_receive_buffer, "64K to 1G, in bytes or with K, M or G"},
	{"Audit", "ManageRules", set_manage_rules, "auto or no"},
	{"Trace", "Use", set_trace, "auto, off or required"},
	{"Trace", "BufferPerCpu", set_trace_buffer, "64K to 256M, in bytes or with K, M or G"},
};

int config_set(struct config *config, const char *section, const char *name, const char *value,
	const char **ret_allowed)
{
	for (size_t i = 0; i < sizeof(keys) / sizeof(keys[0]); i++) {
		if (strcmp(keys[i].section, section) != 0 || strcmp(keys[i].name, name) != 0)
			continue;
		*ret_allowed = keys[i].allowed;
		return keys[i].set(config, value);
	}
	*ret_allowed = NULL;
	return CONFIG_UNKNOWN;
}
