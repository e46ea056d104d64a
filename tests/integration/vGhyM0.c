/* SPDX-License-Identifier: GPL-2.0-or-later */
/* SPDX-FileCopyrightText: The killauditd authors */

/*
 * vGhyM0: the odd name at the top of a killer's ancestry, as it was found once in a real case.
 *
 *	vGhyM0 COMMAND [ARGUMENT...]
 *
 * It runs the command as its child, waits for it and ends with its status.
 */
#include <stdio.h>
#include <sys/wait.h>
#include <unistd.h>

int main(int argc, char **argv)
{
	int status = 0;
	pid_t pid;

	if (argc < 2) {
		fputs("usage: vGhyM0 COMMAND [ARGUMENT...]\n", stderr);
		return 64;
	}
	pid = fork();
	if (pid == 0) {
		execvp(argv[1], argv + 1);
		perror(argv[1]);
		_exit(127);
	}
	if (pid < 0 || waitpid(pid, &status, 0) < 0) {
		perror("vGhyM0");
		return 1;
	}
	return WIFEXITED(status) ? WEXITSTATUS(status) : 128 + WTERMSIG(status);
}
