/* SPDX-License-Identifier: GPL-2.0-or-later */
/* SPDX-FileCopyrightText: The killauditd authors */

/* What systemd gives to a service that it starts, and what it wants to hear. */
#pragma once

#include <stddef.h>

/* A socket by its FileDescriptorName=. */
struct passed_socket {
	const char *name;
	int fd; /* -1: none was passed */
};

/* Fills in the descriptors; what else was passed is closed (the service manager keeps its own). 0
 * or a negative errno. To be called once. */
int service_manager_take_sockets(struct passed_socket *sockets, size_t n);

/* The folder of StateDirectory=, NULL where there is none. */
const char *service_manager_state_folder(void);

void service_manager_ready(void);
void service_manager_stopping(void);
void service_manager_alive(void); /* to its watchdog */
