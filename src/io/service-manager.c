/* SPDX-License-Identifier: GPL-2.0-or-later */
/* SPDX-FileCopyrightText: The killauditd authors */

#include "io/service-manager.h"

#include <stdbool.h>
#include <stdlib.h>
#include <string.h>
#include <systemd/sd-daemon.h>
#include <unistd.h>

int service_manager_take_socket(const char *name, int *ret_fd)
{
	char **names = NULL;
	int n = sd_listen_fds_with_names(true, &names);

	*ret_fd = -1;
	for (int i = 0; i < n; i++) {
		int fd = SD_LISTEN_FDS_START + i;

		if (*ret_fd < 0 && strcmp(names[i], name) == 0)
			*ret_fd = fd;
		else
			close(fd);
		free(names[i]);
	}
	free(names);
	return n < 0 ? n : 0;
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
