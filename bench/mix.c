/* SPDX-License-Identifier: GPL-2.0-or-later */
/* SPDX-FileCopyrightText: The killauditd authors */

/*
 * mix [--sends N] [--threads N] [--pause USEC] TRUTH-FILE: N sends (50000) by two processes of 1 or
 * more threads each, by every route, to targets that handle, ignore or block the signal, have no
 * room for it, are zombies or gone; and 500 sends and 10 to groups by somebody who may not. What
 * was done is written down for check-mix and printed:
 *
 *     send      SENDER TARGET SIGNAL ROUTE RESULT N          N targets tried; 0: it is gone
 *     delivery  TARGET SIGNAL ROUTE RESULT DELIVERY N        where it can be said beforehand
 *
 * Where two threads send the same signal to one that handles it, it is queued or is already
 * pending, and nobody can say beforehand.
 */
#include <err.h>
#include <errno.h>
#include <fcntl.h>
#include <getopt.h>
#include <inttypes.h>
#include <pthread.h>
#include <signal.h>
#include <stdatomic.h>
#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/prctl.h>
#include <sys/resource.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

#define N_SENDERS       2
#define N_REFUSED       500
#define N_GROUP_REFUSED 10
#define N_MEMBERS       10
#define NOBODY          65534
#define QUEUED_SIGNAL   37 /* a real-time signal that no C library uses */
#define ITEMS_MAX       64
#define TARGETS_MAX     128

enum behaviour { HANDLES, IGNORES, BLOCKS, NO_ROOM, ZOMBIE, GONE };
enum result { SUCCESS, EPERM_, ESRCH_, EAGAIN_, OTHER, N_RESULTS };
enum route { KILL, TKILL, TGKILL, SIGQUEUE, TGSIGQUEUE, PIDFD, PIDFD_INFO, GROUP, N_ROUTES };

static const char *const result_names[] = {"success", "EPERM", "ESRCH", "EAGAIN", "other"};
static const char *const route_names[] = {"kill", "tkill", "tgkill", "rt_sigqueueinfo",
	"rt_tgsigqueueinfo", "pidfd_send_signal", "pidfd_send_signal", "kill"};
/* Of a hundred sends; those to the dead come from KILL's. */
static const unsigned route_percent[] = {[KILL] = 34,
	[TKILL] = 2,
	[TGKILL] = 20,
	[SIGQUEUE] = 10,
	[TGSIGQUEUE] = 1,
	[PIDFD] = 10,
	[PIDFD_INFO] = 15,
	[GROUP] = 5};
#define DEAD_PERCENT 3

struct target {
	enum behaviour behaviour;
	pid_t pid, tid;
	int pid_fd;
	bool foreign; /* of nobody, in a group of root's */
};

/* One thing that a sender may do. */
struct item {
	enum route route;
	unsigned target; /* of a group: the first of N_MEMBERS */
	int signal;
	bool dead;
};

struct shared {
	_Atomic uint32_t n_ready;
	_Atomic uint32_t go;
	_Atomic pid_t tids[TARGETS_MAX];
	_Atomic uint64_t n[N_SENDERS + 1][ITEMS_MAX][N_RESULTS];
};

static struct target targets[TARGETS_MAX];
static unsigned n_targets;
static struct item items[ITEMS_MAX];
static unsigned n_items;
static struct shared *shared;
static uint64_t n_sends = 50000;
static unsigned n_threads = 1;
static useconds_t pause_usec;

static void handle(int signal)
{
	(void)signal;
}

/* --- targets -----------------------------------------------------------------------------------
 */

static void *second_thread(void *data)
{
	const unsigned *index = data;

	atomic_store(&shared->tids[*index], (pid_t)syscall(SYS_gettid));
	for (;;)
		pause();
	return NULL;
}

static _Noreturn void target_run(unsigned index, enum behaviour behaviour, bool threaded)
{
	static const struct rlimit none;
	struct sigaction action = {.sa_handler = handle, .sa_flags = SA_RESTART};
	sigset_t blocked;
	pthread_t thread;

	prctl(PR_SET_PDEATHSIG, SIGKILL);
	prctl(PR_SET_NAME, "mix-target");
	signal(SIGUSR2, SIG_IGN);
	sigaction(SIGUSR1, &action, NULL);
	sigaction(QUEUED_SIGNAL, &action, NULL);
	if (behaviour == BLOCKS || behaviour == NO_ROOM) {
		sigemptyset(&blocked);
		sigaddset(&blocked, SIGUSR1);
		sigaddset(&blocked, QUEUED_SIGNAL);
		sigprocmask(SIG_BLOCK, &blocked, NULL);
	}
	if (behaviour == NO_ROOM && setrlimit(RLIMIT_SIGPENDING, &none) < 0)
		_exit(1);
	if (threaded && pthread_create(&thread, NULL, second_thread, &index) != 0)
		_exit(1);
	while (threaded && !atomic_load(&shared->tids[index]))
		usleep(1000);
	if (!threaded)
		atomic_store(&shared->tids[index], getpid());
	if (targets[index].foreign && setresuid(NOBODY, NOBODY, NOBODY) < 0)
		_exit(1);
	/* A change of user takes this away. */
	prctl(PR_SET_PDEATHSIG, SIGKILL);
	atomic_fetch_add(&shared->n_ready, 1);
	if (behaviour == ZOMBIE || behaviour == GONE)
		_exit(0);
	for (;;)
		pause();
}

static unsigned target_add(enum behaviour behaviour, bool threaded, pid_t group, bool foreign)
{
	struct target *target = &targets[n_targets];

	if (n_targets == TARGETS_MAX)
		errx(1, "too many targets");
	*target = (struct target){.behaviour = behaviour, .pid_fd = -1, .foreign = foreign};
	target->pid = fork();
	if (target->pid < 0)
		err(1, "fork");
	if (target->pid == 0)
		target_run(n_targets, behaviour, threaded);
	if (group >= 0)
		setpgid(target->pid, group);
	while (atomic_load(&shared->n_ready) <= n_targets)
		usleep(1000);
	target->tid = atomic_load(&shared->tids[n_targets]);
	target->pid_fd = (int)syscall(SYS_pidfd_open, target->pid, 0);
	if (behaviour == GONE)
		waitpid(target->pid, NULL, 0);
	return n_targets++;
}

static unsigned group_add(bool mixed)
{
	unsigned leader = target_add(HANDLES, false, 0, false);

	for (unsigned i = 1; i < N_MEMBERS; i++)
		target_add(HANDLES, false, targets[leader].pid, mixed && i % 2);
	return leader;
}

static void item_add(enum route route, unsigned target, int signal, bool dead)
{
	items[n_items++] =
		(struct item){.route = route, .target = target, .signal = signal, .dead = dead};
}

static void make_targets(void)
{
	unsigned handler = target_add(HANDLES, false, -1, false);
	unsigned threaded = target_add(HANDLES, true, -1, false);
	unsigned group = group_add(false);

	for (enum route route = 0; route < GROUP; route++) {
		bool to_thread = route == TKILL || route == TGKILL || route == TGSIGQUEUE;

		item_add(route, to_thread ? threaded : handler, SIGUSR1, false);
		item_add(route, to_thread ? threaded : handler, QUEUED_SIGNAL, false);
		item_add(route, handler, SIGUSR2, false);
		/* Each route has its own, so that who comes first can be said. */
		item_add(route, target_add(BLOCKS, false, -1, false), SIGUSR1, false);
		item_add(route, target_add(NO_ROOM, false, -1, false), QUEUED_SIGNAL, false);
	}
	item_add(GROUP, group, SIGUSR1, false);
	item_add(GROUP, group, SIGUSR2, false);
	item_add(KILL, target_add(ZOMBIE, false, -1, false), SIGUSR1, true);
	item_add(KILL, target_add(GONE, false, -1, false), SIGUSR1, true);
}

/* --- sends -------------------------------------------------------------------------------------
 */

static enum result item_send(const struct item *item)
{
	const struct target *target = &targets[item->target];
	siginfo_t info;
	long r;

	memset(&info, 0, sizeof(info));
	info.si_signo = item->signal;
	info.si_code = SI_QUEUE;
	info.si_pid = getpid();
	switch (item->route) {
	case KILL:
		r = syscall(SYS_kill, target->pid, item->signal);
		break;
	case GROUP:
		r = syscall(SYS_kill, -target->pid, item->signal);
		break;
	case TKILL:
		r = syscall(SYS_tkill, target->tid, item->signal);
		break;
	case TGKILL:
		r = syscall(SYS_tgkill, target->pid, target->tid, item->signal);
		break;
	case SIGQUEUE:
		r = syscall(SYS_rt_sigqueueinfo, target->pid, item->signal, &info);
		break;
	case TGSIGQUEUE:
		r = syscall(SYS_rt_tgsigqueueinfo, target->pid, target->tid, item->signal, &info);
		break;
	case PIDFD:
		r = syscall(SYS_pidfd_send_signal, target->pid_fd, item->signal, NULL, 0);
		break;
	case PIDFD_INFO:
		r = syscall(SYS_pidfd_send_signal, target->pid_fd, item->signal, &info, 0);
		break;
	case N_ROUTES:
	default:
		return OTHER;
	}
	if (r == 0)
		return SUCCESS;
	return errno == EPERM    ? EPERM_
	       : errno == ESRCH  ? ESRCH_
	       : errno == EAGAIN ? EAGAIN_
				 : OTHER;
}

static void item_do(unsigned sender, unsigned item)
{
	atomic_fetch_add(&shared->n[sender][item][item_send(&items[item])], 1);
	if (pause_usec > 0)
		usleep(pause_usec);
}

/* The items of a route in turn; of `turn` only that it counts matters. */
static unsigned item_choose(enum route route, bool dead, unsigned turn)
{
	unsigned found[ITEMS_MAX], n = 0;

	for (unsigned i = 0; i < n_items; i++)
		if (items[i].route == route && items[i].dead == dead)
			found[n++] = i;
	return found[turn % n];
}

struct sender_thread {
	unsigned sender, number;
	uint64_t n;
	pthread_t thread;
};

static void *sender_thread(void *data)
{
	const struct sender_thread *own = data;
	unsigned turns[N_ROUTES + 1] = {0};
	unsigned plan[100], n = 0;

	for (enum route route = 0; route < N_ROUTES; route++)
		for (unsigned i = 0; i < route_percent[route]; i++)
			plan[n++] = route;
	while (n < 100)
		plan[n++] = N_ROUTES;
	for (uint64_t i = 0; i < own->n; i++) {
		/* 37 and 100 have no divisor in common: all of the plan, well stirred. */
		unsigned route = plan[(i * 37 + own->number * 50 + own->sender * 25) % 100];

		item_do(own->sender, item_choose(route == N_ROUTES ? KILL : route,
					     route == N_ROUTES, turns[route]++));
	}
	return NULL;
}

static _Noreturn void sender_run(unsigned sender)
{
	struct sender_thread threads[16];

	prctl(PR_SET_PDEATHSIG, SIGKILL);
	prctl(PR_SET_NAME, "mix-sender");
	while (!atomic_load(&shared->go))
		usleep(1000);
	for (unsigned i = 0; i < n_threads; i++) {
		threads[i] = (struct sender_thread){.sender = sender, .number = i};
		threads[i].n = n_sends / N_SENDERS / n_threads;
		if (i > 0 &&
			pthread_create(&threads[i].thread, NULL, sender_thread, &threads[i]) != 0)
			_exit(1);
	}
	sender_thread(&threads[0]);
	for (unsigned i = 1; i < n_threads; i++)
		pthread_join(threads[i].thread, NULL);
	_exit(0);
}

static _Noreturn void refused_run(unsigned single, unsigned group)
{
	prctl(PR_SET_NAME, "mix-refused");
	while (!atomic_load(&shared->go))
		usleep(1000);
	if (setresgid(NOBODY, NOBODY, NOBODY) < 0 || setresuid(NOBODY, NOBODY, NOBODY) < 0)
		_exit(1);
	for (unsigned i = 0; i < N_REFUSED; i++)
		item_do(N_SENDERS, single);
	for (unsigned i = 0; i < N_GROUP_REFUSED; i++)
		item_do(N_SENDERS, group);
	_exit(0);
}

/* --- what was done -----------------------------------------------------------------------------
 */

static FILE *truth;

static void write_delivery(const struct item *item, const struct target *target, enum result result,
	const char *delivery, uint64_t n)
{
	if (n > 0)
		fprintf(truth, "delivery\t%d\t%d\t%s\t%s\t%s\t%" PRIu64 "\n", target->pid,
			item->signal, route_names[item->route], result_names[result], delivery, n);
}

static void write_deliveries(const struct item *item, const struct target *target,
	enum result result, uint64_t n, bool by_nobody)
{
	bool loses = item->route == KILL || item->route == PIDFD;

	if (target->behaviour == GONE)
		return;
	if (result == EPERM_ || (by_nobody && !target->foreign))
		write_delivery(item, target, result, "refused", n);
	else if (result == EAGAIN_)
		write_delivery(item, target, result, "overflow", n);
	else if (target->behaviour == ZOMBIE)
		; /* Kernels differ. */
	else if (item->signal == SIGUSR2)
		write_delivery(item, target, result, "ignored", n);
	else if (target->behaviour == NO_ROOM && loses)
		write_delivery(item, target, result, "info-lost", n);
	else if (item->signal == QUEUED_SIGNAL)
		write_delivery(item, target, result, "queued", n);
	else if (target->behaviour == BLOCKS) {
		write_delivery(item, target, result, "queued", 1);
		write_delivery(item, target, result, "already-pending", n - 1);
	}
}

static void write_item(const pid_t senders[], unsigned index)
{
	const struct item *item = &items[index];
	unsigned n_members = item->route == GROUP ? N_MEMBERS : 1;

	for (enum result result = 0; result < N_RESULTS; result++) {
		uint64_t by_sender[N_SENDERS + 1], n = 0, n_nobody;

		for (unsigned i = 0; i <= N_SENDERS; i++) {
			by_sender[i] = atomic_load(&shared->n[i][index][result]);
			n += i < N_SENDERS ? by_sender[i] : 0;
		}
		n_nobody = by_sender[N_SENDERS];
		for (unsigned member = 0; member < n_members; member++) {
			const struct target *target = &targets[item->target + member];

			for (unsigned i = 0; i <= N_SENDERS; i++)
				if (by_sender[i] > 0)
					fprintf(truth, "send\t%d\t%d\t%d\t%s\t%s\t%" PRIu64 "\n",
						senders[i], target->pid, item->signal,
						route_names[item->route], result_names[result],
						target->behaviour == GONE ? 0 : by_sender[i]);
			if (n > 0)
				write_deliveries(item, target, result, n, false);
			if (n_nobody > 0)
				write_deliveries(item, target, result, n_nobody, true);
		}
	}
}

static void print_summary(double seconds)
{
	static const char *const names[] = {"kill", "tkill", "tgkill", "rt_sigqueueinfo",
		"rt_tgsigqueueinfo", "pidfd_send_signal", "pidfd_send_signal+siginfo",
		"kill to a group of 10"};
	uint64_t all = 0, all_targets = 0;

	printf("%-28s %-8s %8s %8s\n", "route", "result", "sends", "targets");
	for (enum route route = 0; route < N_ROUTES; route++) {
		for (enum result result = 0; result < N_RESULTS; result++) {
			uint64_t n = 0, n_tried = 0;

			for (unsigned i = 0; i < n_items; i++) {
				for (unsigned j = 0; j <= N_SENDERS && items[i].route == route;
					j++) {
					uint64_t of = atomic_load(&shared->n[j][i][result]);

					n += of;
					if (targets[items[i].target].behaviour != GONE)
						n_tried += of * (route == GROUP ? N_MEMBERS : 1);
				}
			}
			all += n;
			all_targets += n_tried;
			if (n > 0)
				printf("%-28s %-8s %8" PRIu64 " %8" PRIu64 "\n", names[route],
					result_names[result], n, n_tried);
		}
	}
	printf("%-28s %-8s %8" PRIu64 " %8" PRIu64 " in %.1f s\n", "all", "", all, all_targets,
		seconds);
}

static double now(void)
{
	struct timespec time;

	clock_gettime(CLOCK_MONOTONIC, &time);
	return (double)time.tv_sec + (double)time.tv_nsec / 1e9;
}

int main(int argc, char *argv[])
{
	static const struct option table[] = {{"sends", required_argument, NULL, 's'},
		{"threads", required_argument, NULL, 't'}, {"pause", required_argument, NULL, 'p'},
		{0}};
	pid_t senders[N_SENDERS + 1];
	bool good = true;
	double start;
	int letter;

	while ((letter = getopt_long(argc, argv, "", table, NULL)) != -1) {
		if (letter == 's')
			n_sends = strtoull(optarg, NULL, 10);
		else if (letter == 't')
			n_threads = (unsigned)strtoul(optarg, NULL, 10);
		else if (letter == 'p')
			pause_usec = (useconds_t)strtoul(optarg, NULL, 10);
		else
			return 64;
	}
	if (optind != argc - 1 || n_threads < 1 || n_threads > 16)
		errx(64, "usage: mix [--sends N] [--threads N] [--pause USEC] TRUTH-FILE");
	truth = fopen(argv[optind], "we");
	if (!truth)
		err(1, "%s", argv[optind]);
	shared = mmap(
		NULL, sizeof(*shared), PROT_READ | PROT_WRITE, MAP_SHARED | MAP_ANONYMOUS, -1, 0);
	if (shared == MAP_FAILED)
		err(1, "mmap");
	make_targets();
	/* For nobody alone: it stands behind those that the others choose from. */
	unsigned refused = n_items, refused_group = n_items + 1;
	items[refused] = (struct item){.route = KILL, .target = 0, .signal = SIGUSR1};
	items[refused_group] =
		(struct item){.route = GROUP, .target = group_add(true), .signal = SIGUSR2};
	for (unsigned i = 0; i <= N_SENDERS; i++) {
		senders[i] = fork();
		if (senders[i] < 0)
			err(1, "fork");
		if (senders[i] == 0 && i < N_SENDERS)
			sender_run(i);
		if (senders[i] == 0)
			refused_run(refused, refused_group);
	}
	start = now();
	atomic_store(&shared->go, 1);
	for (unsigned i = 0; i <= N_SENDERS; i++) {
		int status;

		good &= waitpid(senders[i], &status, 0) == senders[i] && status == 0;
	}
	n_items += 2;
	for (unsigned i = 0; i < n_items; i++)
		write_item(senders, i);
	print_summary(now() - start);
	if (fclose(truth) != 0)
		err(1, "%s", argv[optind]);
	/* These are not in the truth: their targets die of the end of their parent. */
	return good ? 0 : 75;
}
