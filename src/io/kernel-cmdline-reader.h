/* SPDX-License-Identifier: GPL-2.0-or-later */
/* SPDX-FileCopyrightText: The killauditd authors */

/* The command line that the kernel was started with. */
#pragma once

struct buffer;

/* /proc/cmdline. 0 or a negative errno. */
int kernel_cmdline_read(struct buffer *ret);
