/* SPDX-License-Identifier: GPL-2.0-or-later */
/* SPDX-FileCopyrightText: The killauditd authors */

/* Messages to whoever started us, on standard error. */
#pragma once

void log_message(const char *format, ...) __attribute__((format(printf, 1, 2)));
