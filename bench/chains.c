/* SPDX-License-Identifier: GPL-2.0-or-later */
/* SPDX-FileCopyrightText: The killauditd authors */

/*
 * chains [OPTION...] TRUTH-FILE: kills out of ancestries that are soon gone, and writes down which
 * they were.
 *
 *     --chains N     200: vGhyM0 => sh => bash => pkill, and kill in turn, which all end at once
 *     --daemons N    50: sh => sh => send, which kills when both shells have long ended
 *     --programs DIR where vGhyM0 and send are; beside this program
 *
 * Each target handles its SIGTERM, so that the kernel tells it who sent it; the shells say of
 * themselves who they are and when they started. Prints how long after the signal the chains were
 * gone. 75: a round did not come about.
 */
#include <err.h>
#include <errno.h>
#include <fcntl.h>
#include <getopt.h>
#include <limits.h>
#include <poll.h>
#include <signal.h>
#include <stdbool.h>
#include <stdlib.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

#include "truth.h"

/* The descriptor by which the shells tell. */
#define TELL_FD       9
#define N_SHELLS      2
#define ROUND_SECONDS 3

struct told {
	pid_t sender;
	uint64_t monotonic_nsec, boot_usec;
};

struct shell {
	pid_t pid;
	uint64_t start_usec[2];
};

struct round {
	pid_t target;
	char target_comm[16];
	uint64_t target_born_usec[2];
	int told_fd; /* the target's word */
	int shells_fd; /* the shells' */
	pid_t first; /* whom we bore: vGhyM0, or the shell that starts the daemon */
	uint64_t first_born_usec[2];
	uint64_t gone_nsec; /* it is reaped */
	struct told told;
	struct shell shells[N_SHELLS];
};

static struct {
	unsigned n_chains, n_daemons;
	const char *programs;
	const char *kill;
} options = {.n_chains = 200, .n_daemons = 50};

static char self_exe[PATH_MAX];
static int target_fd;

static uint64_t clock_nsec(clockid_t clock)
{
	struct timespec now;

	clock_gettime(clock, &now);
	return (uint64_t)now.tv_sec * 1000000000 + (uint64_t)now.tv_nsec;
}

static uint64_t boot_usec(void)
{
	return clock_nsec(CLOCK_BOOTTIME) / 1000;
}

/* The executable behind a command, as /proc has it. */
static char *exe_find(const char *command)
{
	char list[PATH_MAX], path[2 * PATH_MAX];
	char *rest = list, *folder;

	if (strchr(command, '/'))
		return realpath(command, NULL);
	snprintf(list, sizeof(list), "%s", getenv("PATH") ? getenv("PATH") : "/usr/bin:/bin");
	while ((folder = strsep(&rest, ":"))) {
		snprintf(path, sizeof(path), "%s/%s", folder, command);
		if (access(path, X_OK) == 0)
			return realpath(path, NULL);
	}
	errx(69, "no %s here", command);
}

/* --- the target --------------------------------------------------------------------------------
 */

static void on_term(int signal, siginfo_t *info, void *context)
{
	struct told told = {.sender = info->si_pid,
		.monotonic_nsec = clock_nsec(CLOCK_MONOTONIC),
		.boot_usec = clock_nsec(CLOCK_BOOTTIME) / 1000};

	(void)signal;
	(void)context;
	(void)!write(target_fd, &told, sizeof(told));
	_exit(0);
}

static void target_start(struct round *round, unsigned number)
{
	struct sigaction action = {.sa_sigaction = on_term, .sa_flags = SA_SIGINFO};
	int told[2], ready[2];
	char byte;

	if (pipe2(told, O_CLOEXEC) < 0 || pipe2(ready, O_CLOEXEC) < 0)
		err(1, "pipe");
	snprintf(round->target_comm, sizeof(round->target_comm), "srv-%u-%u",
		(unsigned)getpid() % 100000, number);
	round->target_born_usec[0] = boot_usec();
	round->target = fork();
	if (round->target < 0)
		err(1, "fork");
	if (round->target == 0) {
		prctl(PR_SET_PDEATHSIG, SIGKILL);
		prctl(PR_SET_NAME, round->target_comm);
		target_fd = told[1];
		sigaction(SIGTERM, &action, NULL);
		close(ready[0]);
		close(ready[1]);
		for (;;)
			pause();
	}
	round->target_born_usec[1] = boot_usec();
	close(told[1]);
	close(ready[1]);
	/* The end of the file: it handles the signal from now on. */
	(void)!read(ready[0], &byte, 1);
	close(ready[0]);
	round->told_fd = told[0];
}

/* --- the senders -------------------------------------------------------------------------------
 */

/* Starts argv, which gets the descriptor by which the shells tell. */
static void first_start(struct round *round, const char *const argv[])
{
	int ends[2];

	if (pipe2(ends, O_CLOEXEC) < 0)
		err(1, "pipe");
	round->first_born_usec[0] = boot_usec();
	round->first = fork();
	if (round->first < 0)
		err(1, "fork");
	if (round->first == 0) {
		dup2(ends[1], TELL_FD);
		execvp(argv[0], (char *const *)argv);
		err(127, "%s", argv[0]);
	}
	round->first_born_usec[1] = boot_usec();
	close(ends[1]);
	round->shells_fd = ends[0];
}

static bool shell_parse(const char *line, struct shell *ret)
{
	const char *rest = strrchr(line, ')');
	unsigned long long start;

	if (!rest || sscanf(rest,
			     ") %*c %*d %*d %*d %*d %*d %*u %*u %*u %*u %*u %*u %*u %*d %*d "
			     "%*d %*d %*d %*d %llu",
			     &start) != 1)
		return false;
	ret->pid = (pid_t)strtol(line, NULL, 10);
	ret->start_usec[0] = start * 1000000 / (unsigned long)sysconf(_SC_CLK_TCK);
	ret->start_usec[1] = ret->start_usec[0] + TRUTH_TICK_USEC;
	return true;
}

static bool shells_read(struct round *round)
{
	FILE *file = fdopen(round->shells_fd, "re");
	char line[1024];
	size_t n = 0;

	if (!file)
		err(1, "fdopen");
	while (n < N_SHELLS && fgets(line, sizeof(line), file))
		if (shell_parse(line, &round->shells[n]))
			n++;
	fclose(file);
	return n == N_SHELLS;
}

/* Waits for the target's word and the end of the first one; false: something did not happen. */
static bool round_finish(struct round *round)
{
	struct pollfd poll_fd = {.fd = round->told_fd, .events = POLLIN};
	bool good;

	good = waitpid(round->first, NULL, 0) == round->first;
	round->gone_nsec = clock_nsec(CLOCK_MONOTONIC);
	good = good && poll(&poll_fd, 1, ROUND_SECONDS * 1000) == 1 &&
	       read(round->told_fd, &round->told, sizeof(round->told)) == sizeof(round->told);
	if (!good)
		kill(round->target, SIGKILL);
	waitpid(round->target, NULL, 0);
	close(round->told_fd);
	return shells_read(round) && good;
}

#define TELL "read -r s </proc/self/stat; echo \"$s\" >&9; "

static bool chain_run(struct round *round, unsigned number)
{
	char script[PATH_MAX + 256], vghym0[PATH_MAX];
	const char *argv[] = {vghym0, "sh", "-c", script, NULL};

	target_start(round, number);
	snprintf(vghym0, sizeof(vghym0), "%s/vGhyM0", options.programs);
	if (number % 2)
		snprintf(script, sizeof(script),
			TELL "bash -c '" TELL "pkill -TERM -x %s; :'; :", round->target_comm);
	else
		/* By its path, for bash has a kill of its own. */
		snprintf(script, sizeof(script),
			TELL "bash -c '" TELL "%s -TERM %d; :'; :", options.kill, round->target);
	first_start(round, argv);
	return round_finish(round);
}

static bool daemon_run(struct round *round, unsigned number)
{
	char script[PATH_MAX + 256];
	const char *argv[] = {"sh", "-c", script, NULL};

	target_start(round, number);
	snprintf(script, sizeof(script),
		TELL "(" TELL "exec 9>&-; %s/send kill %d 15 >/dev/null & ); :", options.programs,
		round->target);
	first_start(round, argv);
	return round_finish(round);
}

/* --- the whole ---------------------------------------------------------------------------------
 */

static void round_write(FILE *file, const struct round *round, const char *kind,
	const struct truth_process links[], size_t n_links, const char *sender_comm,
	const char *sender_exe)
{
	struct truth_process target = {.pid = round->target,
		.comm = round->target_comm,
		.exe = self_exe,
		.start_usec = {round->target_born_usec[0], round->target_born_usec[1]}};
	struct truth_process sender = {.pid = round->told.sender,
		.comm = sender_comm,
		.exe = sender_exe,
		.start_usec = {round->shells[N_SHELLS - 1].start_usec[0], round->told.boot_usec}};

	truth_write(file, kind, sender_comm, SIGTERM, round->told.monotonic_nsec / 1000, &sender,
		&target, links, n_links);
}

static int number_compare(const void *a, const void *b)
{
	double x = *(const double *)a, y = *(const double *)b;

	return (x > y) - (x < y);
}

static struct truth_process link_of_shell(
	const struct shell *shell, const char *comm, const char *exe)
{
	return (struct truth_process){.pid = shell->pid,
		.comm = comm,
		.exe = exe,
		.start_usec = {shell->start_usec[0], shell->start_usec[1]}};
}

static unsigned chains_run(FILE *truth)
{
	struct truth_process links[4] = {{.pid = getpid(),
		.comm = "chains",
		.exe = self_exe,
		.start_usec = {0, UINT64_MAX / 2}}};
	double *gone = calloc(options.n_chains + 1, sizeof(*gone));
	const char *pkill = exe_find("pkill");
	const char *sh = exe_find("sh"), *bash = exe_find("bash");
	unsigned n = 0, n_soon = 0;
	char path[PATH_MAX];

	if (!gone)
		err(1, "calloc");
	snprintf(path, sizeof(path), "%s/vGhyM0", options.programs);
	for (unsigned i = 0; i < options.n_chains; i++) {
		struct round round = {0};

		if (!chain_run(&round, i)) {
			warnx("chain %u did not come about", i);
			break;
		}
		gone[n++] = ((double)round.gone_nsec - (double)round.told.monotonic_nsec) / 1e6;
		n_soon += gone[n - 1] <= 5;
		links[1] = (struct truth_process){.pid = round.first,
			.comm = "vGhyM0",
			.exe = exe_find(path),
			.start_usec = {round.first_born_usec[0], round.first_born_usec[1]}};
		links[2] = link_of_shell(&round.shells[0], "sh", sh);
		links[3] = link_of_shell(&round.shells[1], "bash", bash);
		round_write(truth, &round, "chain", links, 4, i % 2 ? "pkill" : "kill",
			i % 2 ? pkill : options.kill);
	}
	qsort(gone, n, sizeof(*gone), number_compare);
	printf("chains=%u", n);
	if (n > 0)
		printf(" gone_after_ms=%.2f/%.2f within_5_ms=%.1f%%", gone[n / 2],
			gone[n * 99 / 100], 100.0 * n_soon / n);
	free(gone);
	return options.n_chains - n;
}

static unsigned daemons_run(FILE *truth)
{
	struct truth_process links[3] = {{.pid = getpid(),
		.comm = "chains",
		.exe = self_exe,
		.start_usec = {0, UINT64_MAX / 2}}};
	const char *sh = exe_find("sh");
	unsigned n = 0;
	char path[PATH_MAX];

	snprintf(path, sizeof(path), "%s/send", options.programs);
	for (unsigned i = 0; i < options.n_daemons; i++) {
		struct round round = {0};

		/* Its parents must be gone before it kills. */
		if (!daemon_run(&round, options.n_chains + i) ||
			round.gone_nsec > round.told.monotonic_nsec) {
			warnx("daemon %u did not come about", i);
			break;
		}
		n++;
		links[1] = link_of_shell(&round.shells[0], "sh", sh);
		links[2] = link_of_shell(&round.shells[1], "sh", sh);
		round_write(truth, &round, "daemon", links, 3, "send", exe_find(path));
	}
	printf(" daemons=%u\n", n);
	return options.n_daemons - n;
}

int main(int argc, char *argv[])
{
	static const struct option table[] = {{"chains", required_argument, NULL, 'c'},
		{"daemons", required_argument, NULL, 'd'},
		{"programs", required_argument, NULL, 'p'}, {0}};
	char programs[PATH_MAX];
	ssize_t len = readlink("/proc/self/exe", self_exe, sizeof(self_exe) - 1);
	unsigned n_failed;
	FILE *truth;
	int letter;

	if (len < 0)
		err(1, "/proc/self/exe");
	self_exe[len] = '\0';
	snprintf(programs, sizeof(programs), "%.*s", (int)(strrchr(self_exe, '/') - self_exe),
		self_exe);
	options.programs = programs;
	while ((letter = getopt_long(argc, argv, "", table, NULL)) != -1) {
		switch (letter) {
		case 'c':
			options.n_chains = (unsigned)strtoul(optarg, NULL, 10);
			break;
		case 'd':
			options.n_daemons = (unsigned)strtoul(optarg, NULL, 10);
			break;
		case 'p':
			options.programs = optarg;
			break;
		default:
			return 64;
		}
	}
	if (optind != argc - 1)
		errx(64, "usage: chains [--chains N] [--daemons N] [--programs DIR] TRUTH-FILE");
	truth = fopen(argv[optind], "we");
	if (!truth)
		err(1, "%s", argv[optind]);
	prctl(PR_SET_NAME, "chains");
	options.kill = exe_find("kill");
	n_failed = chains_run(truth);
	n_failed += daemons_run(truth);
	if (fclose(truth) != 0)
		err(1, "%s", argv[optind]);
	return n_failed > 0 ? 75 : 0;
}
