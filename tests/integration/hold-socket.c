/* SPDX-License-Identifier: GPL-2.0-or-later */
/* SPDX-FileCopyrightText: The killauditd authors */

/*
 * What killauditd.socket does: opens the audit socket, and passes it to a program that is started
 * again and again. Usage: hold-socket FIFO COMMAND [ARGUMENT...]; starts it at once, and once more
 * for each line that comes through the FIFO. Prints the pid of each start.
 */
#include <linux/audit.h>
#include <linux/netlink.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/socket.h>
#include <sys/wait.h>
#include <unistd.h>

#define PASSED_FD 3 /* SD_LISTEN_FDS_START */

static int open_socket(void)
{
	struct sockaddr_nl address = {
		.nl_family = AF_NETLINK, .nl_groups = 1U << (AUDIT_NLGRP_READLOG - 1)};
	int fd = socket(AF_NETLINK, SOCK_RAW, NETLINK_AUDIT), size = 64 << 20;

	if (fd < 0 || setsockopt(fd, SOL_SOCKET, SO_RCVBUFFORCE, &size, sizeof(size)) < 0 ||
		bind(fd, (struct sockaddr *)&address, sizeof(address)) < 0 ||
		dup2(fd, PASSED_FD) < 0)
		return -1;
	if (fd != PASSED_FD)
		close(fd);
	return 0;
}

static void become(char *argv[])
{
	char pid[16];

	snprintf(pid, sizeof(pid), "%d", getpid());
	setenv("LISTEN_PID", pid, 1);
	setenv("LISTEN_FDS", "1", 1);
	setenv("LISTEN_FDNAMES", "audit", 1);
	execvp(argv[0], argv);
	_exit(127);
}

int main(int argc, char *argv[])
{
	char line[16];
	FILE *fifo = NULL;

	if (argc > 2 && open_socket() == 0)
		fifo = fopen(argv[1], "r+e");
	if (!fifo) {
		perror("hold-socket");
		return 1;
	}
	do {
		pid_t child = fork();

		if (child < 0)
			return 1;
		if (child == 0)
			become(argv + 2);
		printf("%d\n", child);
		fflush(stdout);
		waitpid(child, NULL, 0);
	} while (fgets(line, sizeof(line), fifo));
	return 0;
}
