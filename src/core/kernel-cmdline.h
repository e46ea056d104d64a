/* SPDX-License-Identifier: GPL-2.0-or-later */
/* SPDX-FileCopyrightText: The killauditd authors */

/* The command line that the kernel was started with, as /proc/cmdline has it. */
#pragma once

#include <stdbool.h>

/* audit=1 or audit=on, the last one counts: auditing knew every process from the first one on. */
bool kernel_cmdline_audits(const char *text);
