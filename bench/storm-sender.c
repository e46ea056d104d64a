/* SPDX-License-Identifier: GPL-2.0-or-later */
/* SPDX-FileCopyrightText: The killauditd authors */

/*
 * storm-sender COUNT [PAUSE_USEC]: sends COUNT times SIGCONT, which does nothing to a process that
 * runs, to a child of its own, PAUSE_USEC apart, and prints what a send took:
 *
 *     sends=100000 wall_usec=1380000 nsec_per_send=13800
 */

#include <inttypes.h>
#include <signal.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

static uint64_t now_usec(void)
{
	struct timespec now;

	clock_gettime(CLOCK_MONOTONIC, &now);
	return (uint64_t)now.tv_sec * 1000000 + (uint64_t)now.tv_nsec / 1000;
}

int main(int argc, char *argv[])
{
	uint64_t count = argc > 1 ? strtoull(argv[1], NULL, 10) : 0;
	useconds_t pause_usec = argc > 2 ? (useconds_t)strtoul(argv[2], NULL, 10) : 0;
	uint64_t start, wall;
	pid_t child;

	if (count == 0) {
		fprintf(stderr, "usage: storm-sender COUNT [PAUSE_USEC]\n");
		return 64;
	}
	child = fork();
	if (child < 0) {
		perror("fork");
		return 1;
	}
	if (child == 0)
		for (;;)
			pause();
	start = now_usec();
	for (uint64_t i = 0; i < count; i++) {
		kill(child, SIGCONT);
		if (pause_usec > 0)
			usleep(pause_usec);
	}
	wall = now_usec() - start;
	kill(child, SIGKILL);
	waitpid(child, NULL, 0);
	printf("sends=%" PRIu64 " wall_usec=%" PRIu64 " nsec_per_send=%" PRIu64 "\n", count, wall,
		wall * 1000 / count);
	return 0;
}
