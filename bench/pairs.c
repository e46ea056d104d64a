/* SPDX-License-Identifier: GPL-2.0-or-later */
/* SPDX-FileCopyrightText: The killauditd authors */

/*
 * pairs [OPTION...] TRUTH-FILE: makes pairs of a sender and a target, in different control groups
 * that look like those of containers, and writes down who they were. The sender kills the target by
 * SIGKILL and ends; then both are reaped.
 *
 *     --pairs N        10000
 *     --life MSEC      20: how long both live as who they are before the kill
 *     --rate N         pairs begun a second; 0 is as fast as it goes: 1000
 *     --exec PERCENT   of the pairs, exec'd under new names: 50
 *     --kinds LIST     into,moved-parent,moved-self,inherited; named twice: twice as often
 *     --cgroups N      64
 *     --lanes N        processes that make pairs: 2
 *     --in-flight N    pairs of a lane at a time: 64
 *     --member FILE    pair-member; beside this program
 *
 * into: born there by CLONE_INTO_CGROUP. moved: its pid written to cgroup.procs after its birth, by
 * its parent, which it waits for, or by itself. inherited: born of a process that is there. Those
 * that are not exec'd get a new name (rename) or keep their parent's (keep).
 *
 * It prints what it did. 69: no cgroup2 here; 75: not all kills succeeded.
 */
#include <err.h>
#include <fcntl.h>
#include <getopt.h>
#include <limits.h>
#include <linux/sched.h>
#include <mntent.h>
#include <poll.h>
#include <stdbool.h>
#include <stdio.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/prctl.h>
#include <sys/stat.h>
#include <sys/wait.h>

#include "pair.h"
#include "truth.h"

#define N_NAMES     500 /* links to pair-member, for each side */
#define CGROUPS_MAX 1024
#define LANES_MAX   16
#define KINDS_MAX   64
#define COMM_MAX    16

enum kind { INTO, MOVED_PARENT, MOVED_SELF, INHERITED, N_KINDS };
enum form { EXEC, RENAME, KEEP };

static const char *const kind_names[] = {"into", "moved-parent", "moved-self", "inherited"};
static const char *const form_names[] = {"exec", "rename", "keep"};

struct cgroup {
	char *path; /* as /proc/PID/cgroup has it */
	char id[65];
	int dir_fd, procs_fd;
	int requests; /* write end: what its keeper shall bear */
	struct truth_process keeper;
	char keeper_comm[COMM_MAX];
};

struct lane {
	struct truth_process process;
	char comm[COMM_MAX];
};

struct request {
	uint32_t index;
	uint32_t side;
};

static struct {
	uint32_t n_pairs, n_cgroups, n_lanes, in_flight, exec_percent;
	double life_msec, rate;
	enum kind kinds[KINDS_MAX];
	size_t n_kinds;
	const char *member;
} options = {.n_pairs = 10000,
	.n_cgroups = 64,
	.n_lanes = 2,
	.in_flight = 64,
	.exec_percent = 50,
	.life_msec = 20,
	.rate = 1000};

static struct pair_memory *memory;
static struct cgroup cgroups[CGROUPS_MAX];
static struct lane lanes[LANES_MAX];
static char *made[CGROUPS_MAX * 4]; /* folders of control groups that were not there before */
static size_t n_made;
static char folder[PATH_MAX]; /* of the links */
static char self_exe[PATH_MAX];
static pid_t main_pid;
static volatile sig_atomic_t interrupted;

static void on_signal(int signal)
{
	interrupted = signal;
}

static uint64_t boot_usec(void)
{
	return pair_clock_nsec(CLOCK_BOOTTIME) / 1000;
}

/* --- what pair `index` is: the same question has the same answer in every process ------------- */

static enum kind kind_of(uint32_t index)
{
	return options.kinds[index / options.n_lanes % options.n_kinds];
}

static enum form form_of(uint32_t index)
{
	uint32_t turn = index / options.n_lanes / (uint32_t)options.n_kinds;

	if (turn * 37 % 100 < options.exec_percent)
		return EXEC;
	return turn / 2 % 2 == 0 ? RENAME : KEEP;
}

static struct cgroup *cgroup_of(uint32_t index, enum pair_side side)
{
	uint32_t sender = index * 7 % options.n_cgroups;

	/* Never the sender's own: 1 to n_cgroups - 1 further. */
	return &cgroups[side == PAIR_SENDER ? sender
					    : (sender + 1 + index % (options.n_cgroups - 1)) %
						      options.n_cgroups];
}

/* The name that it gets, whichever way; NULL: it keeps its parent's. */
static const char *name_of(uint32_t index, enum pair_side side, char ret[static COMM_MAX])
{
	static const char *const prefixes[2][PAIR_SIDES] = {{"snd", "srv"}, {"ren", "ret"}};
	enum form form = form_of(index);

	if (form == KEEP)
		return NULL;
	snprintf(ret, COMM_MAX, "%s-%04u", prefixes[form != EXEC][side], index % N_NAMES);
	return ret;
}

/* --- control groups ----------------------------------------------------------------------------
 */

static const char *cgroup2_root(void)
{
	static char root[PATH_MAX];
	FILE *mounts = setmntent("/proc/self/mounts", "r");
	struct mntent *entry;

	while (mounts && !root[0] && (entry = getmntent(mounts)))
		if (strcmp(entry->mnt_type, "cgroup2") == 0)
			snprintf(root, sizeof(root), "%s", entry->mnt_dir);
	if (mounts)
		endmntent(mounts);
	if (!root[0])
		errx(69, "no cgroup2 is mounted here");
	return root;
}

static void hex_fill(char *text, size_t n)
{
	static const char digits[] = "0123456789abcdef";

	for (size_t i = 0; i < n; i++)
		text[i] = digits[rand() % 16];
	text[n] = '\0';
}

static char *cgroup_name(uint32_t index, const char id[static 65])
{
	char pod[33];
	char *path;
	int r;

	hex_fill(pod, 32);
	switch (index % 4) {
	case 0:
		r = asprintf(&path, "/kubepods/burstable/pod%.8s-%.4s-%.4s-%.4s-%.12s/%s", pod,
			pod + 8, pod + 12, pod + 16, pod + 20, id);
		break;
	case 1:
		r = asprintf(&path, "/docker/%s", id);
		break;
	case 2:
		r = asprintf(&path, "/system.slice/docker-%s.scope", id);
		break;
	default:
		r = asprintf(&path,
			"/kubepods.slice/kubepods-burstable.slice/"
			"kubepods-burstable-pod%.8s_%.4s_%.4s_%.4s_%.12s.slice/cri-containerd-%s.scope",
			pod, pod + 8, pod + 12, pod + 16, pod + 20, id);
	}
	if (r < 0)
		err(1, "asprintf");
	return path;
}

static void make_folders(char *path, size_t root_len)
{
	for (char *slash = strchr(path + root_len + 1, '/');; slash = strchr(slash + 1, '/')) {
		if (slash)
			*slash = '\0';
		if (mkdir(path, 0755) == 0)
			made[n_made++] = strdup(path);
		else if (errno != EEXIST)
			err(1, "%s", path);
		if (!slash)
			return;
		*slash = '/';
	}
}

static void make_cgroups(void)
{
	const char *root = cgroup2_root();
	char path[PATH_MAX];

	for (uint32_t i = 0; i < options.n_cgroups; i++) {
		struct cgroup *cgroup = &cgroups[i];

		hex_fill(cgroup->id, 64);
		cgroup->path = cgroup_name(i, cgroup->id);
		snprintf(path, sizeof(path), "%s%s", root, cgroup->path);
		make_folders(path, strlen(root));
		cgroup->dir_fd = open(path, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
		snprintf(path, sizeof(path), "%s%s/cgroup.procs", root, cgroup->path);
		cgroup->procs_fd = open(path, O_WRONLY | O_CLOEXEC);
		if (cgroup->dir_fd < 0 || cgroup->procs_fd < 0)
			err(1, "%s", path);
	}
}

static void move_to(const struct cgroup *cgroup, pid_t pid)
{
	char text[16];
	int len = snprintf(text, sizeof(text), "%d", pid);

	if (write(cgroup->procs_fd, text, (size_t)len) != len)
		err(1, "%s/cgroup.procs", cgroup->path);
}

/* --- links -------------------------------------------------------------------------------------
 */

static void exe_of(uint32_t index, enum pair_side side, char ret[static PATH_MAX])
{
	char name[COMM_MAX];

	if (form_of(index) == EXEC)
		snprintf(ret, PATH_MAX, "%.4000s/%s", folder, name_of(index, side, name));
	else
		snprintf(ret, PATH_MAX, "%s", self_exe);
}

static void copy_file(const char *from, const char *to)
{
	char buffer[65536];
	int in = open(from, O_RDONLY | O_CLOEXEC);
	int out = open(to, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0755);
	ssize_t n;

	if (in < 0)
		err(1, "%s", from);
	if (out < 0)
		err(1, "%s", to);
	while ((n = read(in, buffer, sizeof(buffer))) > 0)
		if (write(out, buffer, (size_t)n) != n)
			err(1, "%s", to);
	close(in);
	close(out);
}

static void make_links(void)
{
	const char *base = getenv("TMPDIR") ? getenv("TMPDIR") : "/tmp";
	char first[PATH_MAX + 16], path[PATH_MAX + 16];

	snprintf(folder, sizeof(folder), "%s/killauditd-pairs.XXXXXX", base);
	if (!mkdtemp(folder))
		err(1, "%s", folder);
	snprintf(first, sizeof(first), "%s/member", folder);
	copy_file(options.member, first);
	for (unsigned i = 0; i < 2 * N_NAMES; i++) {
		snprintf(path, sizeof(path), "%s/%s-%04u", folder, i % 2 ? "snd" : "srv", i / 2);
		if (link(first, path) < 0)
			err(1, "%s", path);
	}
}

static void remove_links(void)
{
	char path[PATH_MAX + 16];

	for (unsigned i = 0; i < 2 * N_NAMES; i++) {
		snprintf(path, sizeof(path), "%s/%s-%04u", folder, i % 2 ? "snd" : "srv", i / 2);
		unlink(path);
	}
	snprintf(path, sizeof(path), "%s/member", folder);
	unlink(path);
	if (rmdir(folder) < 0)
		warn("%s", folder);
}

/* --- births ------------------------------------------------------------------------------------
 */

static pid_t birth(const struct cgroup *into)
{
	struct clone_args arguments = {.exit_signal = SIGCHLD};

	if (into) {
		arguments.flags = CLONE_INTO_CGROUP;
		arguments.cgroup = (unsigned)into->dir_fd;
	}
	return (pid_t)syscall(SYS_clone3, &arguments, sizeof(arguments));
}

static _Noreturn void become_member(uint32_t index, enum pair_side side)
{
	struct pair *pair = &memory->pairs[index];
	char name[COMM_MAX], exe[PATH_MAX], number[16];

	prctl(PR_SET_PDEATHSIG, SIGKILL);
	if (kind_of(index) == MOVED_PARENT)
		pair_wait(&pair->placed[side]);
	else if (kind_of(index) == MOVED_SELF)
		move_to(cgroup_of(index, side), 0);
	if (form_of(index) == EXEC) {
		exe_of(index, side, exe);
		snprintf(number, sizeof(number), "%u", index);
		execl(exe, exe, number, side == PAIR_SENDER ? "sender" : "target", (char *)NULL);
		err(1, "%s", exe);
	}
	if (name_of(index, side, name))
		prctl(PR_SET_NAME, name);
	pair_act(memory, pair, side);
}

/* In a lane or a keeper. */
static void bear(uint32_t index, enum pair_side side)
{
	struct pair *pair = &memory->pairs[index];
	pid_t pid;

	pair->born_usec[side][0] = boot_usec();
	pid = birth(kind_of(index) == INTO ? cgroup_of(index, side) : NULL);
	if (pid < 0)
		err(1, "clone3");
	if (pid == 0)
		become_member(index, side);
	pair->born_usec[side][1] = boot_usec();
	pair->pid[side] = pid;
	if (kind_of(index) == MOVED_PARENT) {
		move_to(cgroup_of(index, side), pid);
		pair_set(&pair->placed[side]);
	}
}

/* Whom this process bore and has not reaped yet. */
static struct request children[4096];
static size_t n_children;

static void children_add(uint32_t index, enum pair_side side)
{
	if (n_children == sizeof(children) / sizeof(*children))
		errx(1, "too many pairs at a time");
	children[n_children++] = (struct request){.index = index, .side = side};
	bear(index, side);
}

static bool children_reap(void)
{
	bool any = false;
	pid_t pid;

	while (n_children > 0 && (pid = waitpid(-1, NULL, WNOHANG)) > 0) {
		for (size_t i = 0; i < n_children; i++) {
			struct pair *pair = &memory->pairs[children[i].index];
			uint32_t side = children[i].side;

			if (pair->pid[side] != pid)
				continue;
			pair->gone_nsec = pair_clock_nsec(CLOCK_MONOTONIC);
			atomic_store(&pair->reaped[side], 1);
			children[i] = children[--n_children];
			any = true;
			break;
		}
	}
	return any;
}

static void wait_for_child(int fd, uint64_t nsec)
{
	struct pollfd poll_fd = {.fd = fd, .events = POLLIN};
	struct timespec timeout = {.tv_nsec = (long)nsec};
	sigset_t none;

	sigemptyset(&none);
	ppoll(&poll_fd, fd >= 0, &timeout, &none);
}

static void on_child(int signal)
{
	(void)signal;
}

static void child_signals_block(void)
{
	struct sigaction action = {.sa_handler = on_child};
	sigset_t child;

	sigemptyset(&child);
	sigaddset(&child, SIGCHLD);
	sigprocmask(SIG_BLOCK, &child, NULL);
	sigaction(SIGCHLD, &action, NULL);
}

/* --- keepers: those who are in a control group and bear others there ----------------------------
 */

static _Noreturn void keeper_run(struct cgroup *cgroup, int requests)
{
	struct request request;

	prctl(PR_SET_PDEATHSIG, SIGKILL);
	prctl(PR_SET_NAME, cgroup->keeper_comm);
	move_to(cgroup, 0);
	child_signals_block();
	for (;;) {
		ssize_t n = read(requests, &request, sizeof(request));

		if (n == (ssize_t)sizeof(request)) {
			children_add(request.index, request.side);
			continue;
		}
		if (n == 0 && n_children == 0)
			_exit(0);
		if (!children_reap())
			wait_for_child(n == 0 ? -1 : requests, 100000000);
	}
}

static bool keepers_wanted(void)
{
	for (size_t i = 0; i < options.n_kinds; i++)
		if (options.kinds[i] == INHERITED)
			return true;
	return false;
}

static void start_keepers(void)
{
	for (uint32_t i = 0; keepers_wanted() && i < options.n_cgroups; i++) {
		struct cgroup *cgroup = &cgroups[i];
		int ends[2];
		pid_t pid;

		if (pipe2(ends, O_CLOEXEC) < 0)
			err(1, "pipe");
		snprintf(cgroup->keeper_comm, sizeof(cgroup->keeper_comm), "keeper-%u", i);
		cgroup->requests = ends[1];
		cgroup->keeper = (struct truth_process){
			.comm = cgroup->keeper_comm, .exe = self_exe, .start_usec = {boot_usec()}};
		pid = fork();
		if (pid < 0)
			err(1, "fork");
		if (pid == 0) {
			/* Else no keeper would see the end of the requests of another. */
			for (uint32_t j = 0; j <= i; j++)
				close(cgroups[j].requests);
			fcntl(ends[0], F_SETFL, O_NONBLOCK);
			keeper_run(cgroup, ends[0]);
		}
		close(ends[0]);
		cgroup->keeper.pid = pid;
		cgroup->keeper.start_usec[1] = boot_usec();
	}
}

/* --- lanes: those who make pairs, at a pace ------------------------------------------------------
 */

static void pair_begin(uint32_t index)
{
	for (int i = 0; i < PAIR_SIDES; i++) {
		enum pair_side side = i == 0 ? PAIR_TARGET : PAIR_SENDER;
		struct request request = {.index = index, .side = side};

		if (kind_of(index) != INHERITED)
			children_add(index, side);
		else if (write(cgroup_of(index, side)->requests, &request, sizeof(request)) !=
			 (ssize_t)sizeof(request))
			err(1, "request to a keeper");
	}
}

static bool pair_is_over(const struct pair *pair)
{
	return atomic_load(&pair->reaped[PAIR_SENDER]) && atomic_load(&pair->reaped[PAIR_TARGET]);
}

static _Noreturn void lane_run(uint32_t number)
{
	uint32_t *running = calloc(options.in_flight, sizeof(*running));
	uint32_t n_running = 0, next = number;
	uint64_t start = pair_clock_nsec(CLOCK_MONOTONIC);
	double nsec_per_pair = options.rate > 0 ? 1e9 / options.rate : 0;

	if (!running)
		err(1, "calloc");
	prctl(PR_SET_PDEATHSIG, SIGKILL);
	prctl(PR_SET_NAME, lanes[number].comm);
	child_signals_block();
	while (next < options.n_pairs || n_running > 0) {
		uint64_t now = pair_clock_nsec(CLOCK_MONOTONIC);
		uint64_t due = start + (uint64_t)(nsec_per_pair * next);

		if (next < options.n_pairs && n_running < options.in_flight && now >= due) {
			running[n_running++] = next;
			pair_begin(next);
			next += options.n_lanes;
			children_reap();
		} else if (!children_reap()) {
			uint64_t pause = 1000000;

			if (next < options.n_pairs && due > now && due - now < pause)
				pause = due - now;
			wait_for_child(-1, pause);
		}
		for (uint32_t i = 0; i < n_running;) {
			if (pair_is_over(&memory->pairs[running[i]]))
				running[i] = running[--n_running];
			else
				i++;
		}
	}
	_exit(0);
}

static bool run_lanes(void)
{
	bool good = true;

	for (uint32_t i = 0; i < options.n_lanes; i++) {
		struct lane *lane = &lanes[i];
		pid_t pid;

		snprintf(lane->comm, sizeof(lane->comm), "lane-%u", i);
		lane->process = (struct truth_process){
			.comm = lane->comm, .exe = self_exe, .start_usec = {boot_usec()}};
		pid = fork();
		if (pid < 0)
			err(1, "fork");
		if (pid == 0)
			lane_run(i);
		lane->process.pid = pid;
		lane->process.start_usec[1] = boot_usec();
	}
	for (uint32_t i = 0; i < options.n_lanes; i++) {
		int status = 0;

		/* An interrupted wait: the lanes die with us. */
		while (waitpid(lanes[i].process.pid, &status, 0) < 0 && !interrupted)
			;
		good = good && !interrupted && status == 0;
	}
	return good;
}

/* --- the whole ---------------------------------------------------------------------------------
 */

static void memory_make(void)
{
	size_t size = sizeof(*memory) + options.n_pairs * sizeof(struct pair);
	int fd = memfd_create("pairs", 0);

	if (fd < 0 || ftruncate(fd, (off_t)size) < 0 || dup2(fd, PAIR_MEMORY_FD) < 0)
		err(1, "memory");
	close(fd);
	memory = mmap(NULL, size, PROT_READ | PROT_WRITE, MAP_SHARED, PAIR_MEMORY_FD, 0);
	if (memory == MAP_FAILED)
		err(1, "memory");
	memory->n_pairs = options.n_pairs;
	memory->life_nsec = (uint64_t)(options.life_msec * 1e6);
}

static void write_truth(FILE *file)
{
	struct truth_process ancestors[3] = {{.pid = main_pid,
		.comm = "pairs",
		.exe = self_exe,
		.start_usec = {0, UINT64_MAX / 2}}};
	static const struct truth_process nobody;

	for (uint32_t i = 0; i < options.n_pairs; i++) {
		const struct pair *pair = &memory->pairs[i];
		struct truth_process sides[PAIR_SIDES];
		char names[PAIR_SIDES][COMM_MAX], exes[PAIR_SIDES][PATH_MAX];

		if (!pair_is_over(pair))
			continue;
		for (enum pair_side side = 0; side < PAIR_SIDES; side++) {
			const struct cgroup *cgroup = cgroup_of(i, side);
			const char *parent = kind_of(i) == INHERITED
						     ? cgroup->keeper_comm
						     : lanes[i % options.n_lanes].comm;
			const char *name = name_of(i, side, names[side]);

			exe_of(i, side, exes[side]);
			sides[side] = (struct truth_process){.pid = pair->pid[side],
				.comm = name ? name : parent,
				.exe = exes[side],
				.cgroup = cgroup->path,
				.container = cgroup->id,
				.start_usec = {pair->born_usec[side][0], pair->born_usec[side][1]}};
		}
		ancestors[1] = kind_of(i) == INHERITED ? cgroup_of(i, PAIR_SENDER)->keeper
						       : lanes[i % options.n_lanes].process;
		ancestors[2] = nobody;
		truth_write(file, kind_names[kind_of(i)], form_names[form_of(i)], SIGKILL,
			pair->kill_nsec / 1000, &sides[PAIR_SENDER], &sides[PAIR_TARGET], ancestors,
			2);
	}
}

static int number_compare(const void *a, const void *b)
{
	double x = *(const double *)a, y = *(const double *)b;

	return (x > y) - (x < y);
}

/* Median and 99th percentile of what the pairs really lived. */
static void print_lives(const char *what, double *values, size_t n)
{
	qsort(values, n, sizeof(*values), number_compare);
	if (n > 0)
		printf(" %s_ms=%.2f/%.2f", what, values[n / 2], values[n * 99 / 100]);
}

static uint32_t print_summary(double seconds)
{
	double *lives = calloc(options.n_pairs, sizeof(*lives));
	double *names = calloc(options.n_pairs, sizeof(*names));
	double *gone = calloc(options.n_pairs, sizeof(*gone));
	uint32_t n = 0, n_failed = 0;
	char pid_max[32] = "?";
	FILE *file = fopen("/proc/sys/kernel/pid_max", "re");

	if (!lives || !names || !gone)
		err(1, "calloc");
	if (file && fgets(pid_max, sizeof(pid_max), file))
		pid_max[strcspn(pid_max, "\n")] = '\0';
	if (file)
		fclose(file);
	for (uint32_t i = 0; i < options.n_pairs; i++) {
		const struct pair *pair = &memory->pairs[i];
		uint64_t offset =
			pair_clock_nsec(CLOCK_BOOTTIME) - pair_clock_nsec(CLOCK_MONOTONIC);

		if (!pair_is_over(pair))
			continue;
		n_failed += pair->kill_errno != 0;
		lives[n] = ((double)(pair->kill_nsec + offset) / 1000 -
				   (double)pair->born_usec[PAIR_SENDER][0]) /
			   1000;
		names[n] = (double)(pair->kill_nsec - pair->ready_nsec[PAIR_SENDER]) / 1e6;
		gone[n] = (double)(pair->gone_nsec - pair->kill_nsec) / 1e6;
		n++;
	}
	printf("pairs=%u failed=%u seconds=%.1f processes_per_second=%.0f life_ms=%g pid_max=%s", n,
		n_failed, seconds, 2 * n / seconds, options.life_msec, pid_max);
	print_lives("sender_since_birth", lives, n);
	print_lives("sender_since_ready", names, n);
	print_lives("reaped_after_kill", gone, n);
	printf("\n");
	free(lives);
	free(names);
	free(gone);
	return options.n_pairs - n + n_failed;
}

static void tidy(void)
{
	/* Of us alone: those whom we bore leave by _exit() or err(), too. */
	if (getpid() != main_pid)
		return;
	while (n_made > 0) {
		int tries = 100;

		n_made--;
		while (rmdir(made[n_made]) < 0 && errno == EBUSY && tries-- > 0)
			usleep(10000);
		if (tries <= 0)
			warnx("%s is still in use", made[n_made]);
	}
	if (folder[0])
		remove_links();
}

static void parse_kinds(char *list)
{
	for (char *word = strtok(list, ","); word; word = strtok(NULL, ",")) {
		size_t kind = 0;

		while (kind < N_KINDS && strcmp(word, kind_names[kind]) != 0)
			kind++;
		if (kind == N_KINDS || options.n_kinds == KINDS_MAX)
			errx(64, "unknown kind %s", word);
		options.kinds[options.n_kinds++] = (enum kind)kind;
	}
}

static void parse_options(int argc, char *argv[])
{
	static const struct option table[] = {{"pairs", required_argument, NULL, 'p'},
		{"life", required_argument, NULL, 'l'}, {"rate", required_argument, NULL, 'r'},
		{"exec", required_argument, NULL, 'x'}, {"kinds", required_argument, NULL, 'k'},
		{"cgroups", required_argument, NULL, 'c'}, {"lanes", required_argument, NULL, 'n'},
		{"in-flight", required_argument, NULL, 'f'},
		{"member", required_argument, NULL, 'm'}, {0}};
	static char kinds[] = "into,into,moved-parent,moved-self,inherited";
	int letter;

	while ((letter = getopt_long(argc, argv, "", table, NULL)) != -1) {
		switch (letter) {
		case 'p':
			options.n_pairs = (uint32_t)strtoul(optarg, NULL, 10);
			break;
		case 'l':
			options.life_msec = strtod(optarg, NULL);
			break;
		case 'r':
			options.rate = strtod(optarg, NULL);
			break;
		case 'x':
			options.exec_percent = (uint32_t)strtoul(optarg, NULL, 10);
			break;
		case 'k':
			parse_kinds(optarg);
			break;
		case 'c':
			options.n_cgroups = (uint32_t)strtoul(optarg, NULL, 10);
			break;
		case 'n':
			options.n_lanes = (uint32_t)strtoul(optarg, NULL, 10);
			break;
		case 'f':
			options.in_flight = (uint32_t)strtoul(optarg, NULL, 10);
			break;
		case 'm':
			options.member = optarg;
			break;
		default:
			exit(64);
		}
	}
	if (optind != argc - 1 || options.n_cgroups < 2 || options.n_cgroups > CGROUPS_MAX ||
		options.n_lanes < 1 || options.n_lanes > LANES_MAX || options.in_flight < 1 ||
		options.in_flight > 1024 || options.n_pairs < 1)
		errx(64, "usage: pairs [--pairs N] [--life MSEC] [--rate N] [--exec PERCENT] "
			 "[--kinds LIST] [--cgroups N] [--lanes N] [--in-flight N] "
			 "[--member FILE] TRUTH-FILE");
	if (options.n_kinds == 0)
		parse_kinds(kinds);
}

int main(int argc, char *argv[])
{
	static const struct sigaction action = {.sa_handler = on_signal};
	char member[PATH_MAX + 16];
	uint64_t start;
	double seconds;
	FILE *truth;
	bool good;
	ssize_t len = readlink("/proc/self/exe", self_exe, sizeof(self_exe) - 1);

	if (len < 0)
		err(1, "/proc/self/exe");
	self_exe[len] = '\0';
	parse_options(argc, argv);
	if (!options.member) {
		snprintf(member, sizeof(member), "%.*s/pair-member",
			(int)(strrchr(self_exe, '/') - self_exe), self_exe);
		options.member = member;
	}
	truth = fopen(argv[argc - 1], "we");
	if (!truth)
		err(1, "%s", argv[argc - 1]);
	main_pid = getpid();
	srand((unsigned)boot_usec());
	prctl(PR_SET_NAME, "pairs");
	prctl(PR_SET_TIMERSLACK, 1000UL);
	sigaction(SIGINT, &action, NULL);
	sigaction(SIGTERM, &action, NULL);
	sigaction(SIGHUP, &action, NULL);
	atexit(tidy);
	memory_make();
	make_links();
	make_cgroups();
	start_keepers();
	start = pair_clock_nsec(CLOCK_MONOTONIC);
	good = run_lanes();
	seconds = (double)(pair_clock_nsec(CLOCK_MONOTONIC) - start) / 1e9;
	for (uint32_t i = 0; i < options.n_cgroups; i++)
		if (cgroups[i].keeper.pid > 0)
			close(cgroups[i].requests);
	if (!good) {
		/* What dies with its parent, dies now, and so do its own. */
		for (uint32_t i = 0; i < options.n_lanes; i++)
			kill(lanes[i].process.pid, SIGKILL);
		for (uint32_t i = 0; i < options.n_cgroups; i++)
			if (cgroups[i].keeper.pid > 0)
				kill(cgroups[i].keeper.pid, SIGKILL);
	}
	while (wait(NULL) > 0)
		;
	write_truth(truth);
	if (fclose(truth) != 0)
		err(1, "%s", argv[argc - 1]);
	if (print_summary(seconds) > 0 || !good)
		return 75;
	return 0;
}
