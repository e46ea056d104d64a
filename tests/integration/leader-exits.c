/* SPDX-License-Identifier: GPL-2.0-or-later */
/* SPDX-FileCopyrightText: The killauditd authors */

/*
 * leader-exits [PID SIGNAL]: its first thread leaves by pthread_exit and is a zombie from then on,
 * while the process lives in another, which is called "worker". With PID and SIGNAL that thread
 * sends it, else it sleeps for ever. It prints `tid=4712` once the first thread has left.
 */
#define _GNU_SOURCE
#include <pthread.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/syscall.h>
#include <unistd.h>

static pid_t target;
static int signal_sent;

static int leader_is_zombie(void)
{
	char path[64], text[512] = "";
	const char *state;
	FILE *file;

	snprintf(path, sizeof(path), "/proc/self/task/%d/stat", getpid());
	file = fopen(path, "r");
	if (!file)
		return 0;
	(void)!fgets(text, sizeof(text), file);
	fclose(file);
	state = strrchr(text, ')');
	return state && state[2] == 'Z';
}

static void *work(void *data)
{
	(void)data;
	prctl(PR_SET_NAME, "worker");
	while (!leader_is_zombie())
		usleep(1000);
	printf("tid=%d\n", (int)syscall(SYS_gettid));
	fflush(stdout);
	/* So young that it may have started after the event is not certain: be older. */
	usleep(60000);
	if (target) {
		syscall(SYS_kill, target, signal_sent);
		_exit(0);
	}
	for (;;)
		pause();
	return NULL;
}

int main(int argc, char **argv)
{
	pthread_t thread;

	if (argc == 3) {
		target = (pid_t)strtol(argv[1], NULL, 10);
		signal_sent = (int)strtol(argv[2], NULL, 10);
	}
	if (pthread_create(&thread, NULL, work, NULL) != 0)
		return 1;
	pthread_exit(NULL);
}
