/* SPDX-License-Identifier: GPL-2.0-or-later */
/* SPDX-FileCopyrightText: The killauditd authors */

/*
 * execs [--seconds S | --count N] [--lanes N] [--fork] [--program FILE]: processes that are born,
 * exec FILE (nothing, beside this program) and end, one after the other in each lane (one for each
 * processor), for S seconds (5) or N of them in all. --fork: they exec nothing. Prints
 *
 *     processes=12345 wall_usec=5000012 cpu_usec=9700123 per_second=2469
 *
 * cpu_usec is that of the lanes and all that they bore.
 */
#include <err.h>
#include <getopt.h>
#include <inttypes.h>
#include <limits.h>
#include <spawn.h>
#include <stdatomic.h>
#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/resource.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

static uint64_t now_usec(void)
{
	struct timespec now;

	clock_gettime(CLOCK_MONOTONIC, &now);
	return (uint64_t)now.tv_sec * 1000000 + (uint64_t)now.tv_nsec / 1000;
}

static uint64_t usec(struct timeval time)
{
	return (uint64_t)time.tv_sec * 1000000 + (uint64_t)time.tv_usec;
}

static void process_make(const char *program)
{
	/* fork, as shells and runtimes do it: vfork would hide what a fork costs. */
	pid_t pid = fork();

	if (pid < 0)
		err(1, "fork");
	if (pid == 0) {
		if (program)
			execl(program, program, (char *)NULL);
		_exit(program ? 127 : 0);
	}
	waitpid(pid, NULL, 0);
}

int main(int argc, char *argv[])
{
	static const struct option table[] = {{"seconds", required_argument, NULL, 's'},
		{"count", required_argument, NULL, 'c'}, {"lanes", required_argument, NULL, 'l'},
		{"fork", no_argument, NULL, 'f'}, {"program", required_argument, NULL, 'p'}, {0}};
	char own[PATH_MAX], nothing[PATH_MAX + 16];
	const char *program = nothing;
	double seconds = 5;
	uint64_t count = 0, start, wall;
	long n_lanes = sysconf(_SC_NPROCESSORS_ONLN);
	_Atomic uint64_t *n_made;
	struct rusage used;
	ssize_t len = readlink("/proc/self/exe", own, sizeof(own) - 1);
	int letter;

	if (len < 0)
		err(1, "/proc/self/exe");
	own[len] = '\0';
	snprintf(nothing, sizeof(nothing), "%.*s/nothing", (int)(strrchr(own, '/') - own), own);
	while ((letter = getopt_long(argc, argv, "", table, NULL)) != -1) {
		if (letter == 's')
			seconds = strtod(optarg, NULL);
		else if (letter == 'c')
			count = strtoull(optarg, NULL, 10);
		else if (letter == 'l')
			n_lanes = strtol(optarg, NULL, 10);
		else if (letter == 'f')
			program = NULL;
		else if (letter == 'p')
			program = optarg;
		else
			return 64;
	}
	if (program && access(program, X_OK) < 0)
		err(1, "%s", program);
	n_made = mmap(
		NULL, sizeof(*n_made), PROT_READ | PROT_WRITE, MAP_SHARED | MAP_ANONYMOUS, -1, 0);
	if (n_made == MAP_FAILED)
		err(1, "mmap");
	start = now_usec();
	for (long i = 0; i < n_lanes; i++) {
		pid_t pid = fork();

		if (pid < 0)
			err(1, "fork");
		if (pid > 0)
			continue;
		while (count > 0 ? atomic_load(n_made) < count
				 : (double)(now_usec() - start) < seconds * 1e6) {
			atomic_fetch_add(n_made, 1);
			process_make(program);
		}
		_exit(0);
	}
	while (wait(NULL) > 0)
		;
	wall = now_usec() - start;
	getrusage(RUSAGE_CHILDREN, &used);
	printf("processes=%" PRIu64 " wall_usec=%" PRIu64 " cpu_usec=%" PRIu64 " per_second=%.0f\n",
		atomic_load(n_made), wall, usec(used.ru_utime) + usec(used.ru_stime),
		(double)atomic_load(n_made) * 1e6 / (double)wall);
	return 0;
}
