/* SPDX-License-Identifier: GPL-2.0-or-later */
/* SPDX-FileCopyrightText: The killauditd authors */

/*
 * Owns the loop and wires the line: audit datagrams in, entries out.
 */
#pragma once

#include <stdbool.h>

#include "core/config.h"
#include "daemon/output.h"
#include "daemon/status.h"

struct manager_options {
	enum output_mode output;
	bool keep_rules; /* on exit, leave the rules that this run added */
	struct config config;
};

/* Runs until SIGTERM or SIGINT. Logs why it failed. */
enum status manager_run(const struct manager_options *options);
