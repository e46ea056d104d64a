/* SPDX-License-Identifier: GPL-2.0-or-later */
/* SPDX-FileCopyrightText: The killauditd authors */

/*
 * thread-exec COMMAND [ARGUMENT...]: a thread that is not the first executes the command, as Go's
 * syscall.Exec does. The kernel ends all others, the first among them, and gives the thread its
 * pid.
 */
#include <pthread.h>
#include <stdio.h>
#include <unistd.h>

static void *execute(void *data)
{
	char **argv = data;

	execvp(argv[0], argv);
	perror(argv[0]);
	_exit(127);
}

int main(int argc, char **argv)
{
	pthread_t thread;

	if (argc < 2) {
		fputs("usage: thread-exec COMMAND [ARGUMENT...]\n", stderr);
		return 64;
	}
	if (pthread_create(&thread, NULL, execute, argv + 1) != 0)
		return 1;
	for (;;)
		pause();
}
