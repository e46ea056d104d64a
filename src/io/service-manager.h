/* SPDX-License-Identifier: GPL-2.0-or-later */
/* SPDX-FileCopyrightText: The killauditd authors */

/* What systemd gives to a service that it starts, and what it wants to hear. */
#pragma once

/* The socket of that FileDescriptorName= is put into *ret_fd, -1 where none was passed; all others
 * are closed (the service manager keeps its own). 0 or a negative errno. To be called once. */
int service_manager_take_socket(const char *name, int *ret_fd);

/* The folder of StateDirectory=, NULL where there is none. */
const char *service_manager_state_folder(void);

void service_manager_ready(void);
void service_manager_stopping(void);
