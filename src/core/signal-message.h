/* SPDX-License-Identifier: GPL-2.0-or-later */
/* SPDX-FileCopyrightText: The killauditd authors */

/* One send in one line, for people. */
#pragma once

struct attributed_signal;
struct buffer;

/* A line of a terminal; the fields have the rest. */
#define SIGNAL_MESSAGE_MAX 512

/*
 * pkill(23549) sent SIGKILL to server(7942) in container 5fb8adf9ee62; ancestry systemd=>...=>pkill
 * sh(81) sent SIGKILL through cgroup.kill to server(7942); ancestry systemd=>sh
 * the kernel sent SIGHUP to bash(7942) while sshd(7901) ran
 */
void signal_message_format(const struct attributed_signal *attributed, struct buffer *message);
