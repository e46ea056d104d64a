/* SPDX-License-Identifier: GPL-2.0-or-later */
/* SPDX-FileCopyrightText: The killauditd authors */

/*
 * The least that a reader of the audit multicast group can do: receive and forget. What killauditd
 * costs is told as a ratio to this. Counts the events (their EOE records) and prints at SIGTERM:
 *
 *     events=100004 cpu_usec=171000
 */

#include <inttypes.h>
#include <linux/audit.h>
#include <poll.h>
#include <signal.h>
#include <stdio.h>
#include <string.h>
#include <time.h>

#include "io/audit-socket.h"

static volatile sig_atomic_t stop;

static void on_signal(int signal)
{
	(void)signal;
	stop = 1;
}

int main(void)
{
	static struct netlink_datagram datagrams[NETLINK_SOCKET_BATCH];
	struct netlink_socket *socket;
	struct pollfd poll_fd = {.events = POLLIN};
	struct timespec cpu;
	uint64_t n_events = 0;
	int r = audit_socket_open(64 << 20, &socket);

	if (r < 0) {
		fprintf(stderr, "discard: %s\n", strerror(-r));
		return 1;
	}
	poll_fd.fd = netlink_socket_fd(socket);
	signal(SIGTERM, on_signal);
	fprintf(stderr, "discard: ready\n");
	while (!stop) {
		size_t n;

		if (netlink_socket_receive(socket, datagrams, &n) == 0)
			poll(&poll_fd, 1, 100);
		for (size_t i = 0; i < n; i++)
			n_events += datagrams[i].type == AUDIT_EOE;
	}
	clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &cpu);
	printf("events=%" PRIu64 " cpu_usec=%" PRIu64 "\n", n_events,
		(uint64_t)cpu.tv_sec * 1000000 + (uint64_t)cpu.tv_nsec / 1000);
	netlink_socket_close(socket);
	return 0;
}
