/* SPDX-License-Identifier: GPL-2.0-or-later */
/* SPDX-FileCopyrightText: The killauditd authors */

/*
 * pid-reuse ROUNDS CGROUP CGROUP: in each round a process "reuse-1" in the first control group (a
 * folder of cgroup2) is killed by "killer-1" in the second, and right after that a process
 * "reuse-2" in the second by "killer-2" in the first: with the very same pids. It prints
 * `target=4711 sender=4712` for each round.
 */
#define _GNU_SOURCE
#include <errno.h>
#include <fcntl.h>
#include <linux/sched.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <unistd.h>

#define LIFE_USEC 2000

/* A child in the control group, with the pid if it is not 0; -EEXIST: somebody has it. */
static pid_t birth(int cgroup_fd, pid_t pid)
{
	struct clone_args arguments = {
		.flags = CLONE_INTO_CGROUP, .exit_signal = SIGCHLD, .cgroup = (unsigned)cgroup_fd};
	long r;

	if (pid > 0) {
		arguments.set_tid = (unsigned long)&pid;
		arguments.set_tid_size = 1;
	}
	r = syscall(SYS_clone3, &arguments, sizeof(arguments));
	return r < 0 ? -errno : (pid_t)r;
}

/* Kills out of one control group into another; in *pids the pids to take, and those that were. */
static int kill_once(int sender_fd, int target_fd, int number, pid_t pids[2])
{
	char name[16];
	pid_t target, sender;
	int status = 0;

	target = birth(target_fd, pids[0]);
	if (target < 0)
		return target;
	if (target == 0) {
		snprintf(name, sizeof(name), "reuse-%d", number);
		prctl(PR_SET_NAME, name);
		for (;;)
			pause();
	}
	sender = birth(sender_fd, pids[1]);
	if (sender == 0) {
		snprintf(name, sizeof(name), "killer-%d", number);
		prctl(PR_SET_NAME, name);
		usleep(LIFE_USEC);
		_exit(kill(target, SIGKILL) < 0);
	}
	if (sender < 0)
		kill(target, SIGKILL);
	else
		waitpid(sender, &status, 0);
	waitpid(target, NULL, 0);
	if (sender < 0 || status != 0)
		return sender < 0 ? sender : -EIO;
	pids[0] = target;
	pids[1] = sender;
	return 0;
}

int main(int argc, char **argv)
{
	long rounds = argc == 4 ? strtol(argv[1], NULL, 10) : 0;
	int fds[2];

	if (rounds < 1) {
		fputs("usage: pid-reuse ROUNDS CGROUP CGROUP\n", stderr);
		return 64;
	}
	for (int i = 0; i < 2; i++) {
		fds[i] = open(argv[2 + i], O_RDONLY | O_DIRECTORY | O_CLOEXEC);
		if (fds[i] < 0) {
			perror(argv[2 + i]);
			return 1;
		}
	}
	for (long i = 0; i < rounds; i++) {
		pid_t pids[2] = {0, 0};
		int r = kill_once(fds[1], fds[0], 1, pids);

		if (r == 0)
			r = kill_once(fds[0], fds[1], 2, pids);
		if (r < 0) {
			fprintf(stderr, "pid-reuse: %s\n", strerror(-r));
			return 1;
		}
		printf("target=%d sender=%d\n", pids[0], pids[1]);
	}
	return 0;
}
