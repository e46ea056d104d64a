/* SPDX-License-Identifier: GPL-2.0-or-later */
/* SPDX-FileCopyrightText: The killauditd authors */

#include "io/service-manager.h"

#include <stdbool.h>
#include <stdlib.h>
#include <string.h>
#include <systemd/sd-daemon.h>
#include <unistd.h>

static void take_socket(struct passed_socket *sockets, size_t n, const char *name, int fd)
{
	for (size_t i = 0; i < n; i++) {
		if (sockets[i].fd < 0 && strcmp(sockets[i].name, name) == 0) {
			sockets[i].fd = fd;
			return;
		}
	}
	close(fd);
}

int service_manager_take_sockets(struct passed_socket *sockets, size_t n)
{
	char **names = NULL;
	int passed = sd_listen_fds_with_names(true, &names);

	for (size_t i = 0; i < n; i++)
		sockets[i].fd = -1;
	for (int i = 0; i < passed; i++) {
		take_socket(sockets, n, names[i], SD_LISTEN_FDS_START + i);
		free(names[i]);
	}
	free(names);
	return passed < 0 ? passed : 0;
}

const char *service_manager_state_folder(void)
{
	return getenv("STATE_DIRECTORY");
}

void service_manager_ready(void)
{
	sd_notify(false, "READY=1");
}

void service_manager_stopping(void)
{
	sd_notify(false, "STOPPING=1");
}

void service_manager_alive(void)
{
	sd_notify(false, "WATCHDOG=1");
}
