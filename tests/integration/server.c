/* SPDX-License-Identifier: GPL-2.0-or-later */
/* SPDX-FileCopyrightText: The killauditd authors */

/*
 * server: something to be killed.
 *
 *	server [--comm HEX] [N | zombie]
 *
 * It sleeps for ever. With N it leads a process group of its own with N members, itself among them,
 * all asleep. With "zombie" it has one child that is dead and never reaped, and prints that child's
 * pid. It prints a line once all is in place.
 */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/wait.h>
#include <unistd.h>

#include "hex.h"

static _Noreturn void sleep_for_ever(void)
{
	for (;;)
		pause();
}

static void start_members(long n)
{
	for (long i = 0; i < n; i++) {
		pid_t pid = fork();

		if (pid < 0) {
			perror("server: fork");
			exit(1);
		}
		if (pid == 0) {
			/* A member must not outlive a leader that the test forgot. */
			prctl(PR_SET_PDEATHSIG, 9);
			sleep_for_ever();
		}
	}
}

static pid_t start_zombie(void)
{
	siginfo_t info;
	pid_t pid = fork();

	if (pid == 0)
		_exit(0);
	/* WNOWAIT: see it dead and leave it so. */
	if (pid < 0 || waitid(P_PID, (id_t)pid, &info, WEXITED | WNOWAIT) < 0) {
		perror("server");
		exit(1);
	}
	return pid;
}

int main(int argc, char **argv)
{
	char name[16];

	if (argc > 2 && strcmp(argv[1], "--comm") == 0) {
		if (hex_decode(argv[2], name, sizeof(name)) < 0) {
			fprintf(stderr, "server: not the hex digits of a name: %s\n", argv[2]);
			return 64;
		}
		prctl(PR_SET_NAME, name);
		argv += 2;
		argc -= 2;
	}
	if (argc < 2) {
		puts("ready");
	} else if (strcmp(argv[1], "zombie") == 0) {
		printf("%d\n", start_zombie());
	} else {
		setpgid(0, 0);
		start_members(strtol(argv[1], NULL, 10) - 1);
		puts("ready");
	}
	fflush(stdout);
	sleep_for_ever();
}
