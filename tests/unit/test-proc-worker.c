/* SPDX-License-Identifier: GPL-2.0-or-later */
/* SPDX-FileCopyrightText: The killauditd authors */

/* A worker on a folder that looks like /proc; a command line that hangs is a pipe that nobody
 * writes to. */

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <time.h>
#include <unistd.h>

#include "unit.h"

#include "core/process.h"
#include "io/proc-reader.h"
#include "io/proc-worker.h"

#define STAT                                                                                       \
	"(server) S 7 42 42 0 -1 4194304 109 0 0 0 0 0 0 0 20 0 1 0 163310 0 0 0 0 0 0 0 0 0 0 0 " \
	"0 0 0 0 17 1 0 0 0 0 0 0 0 0 0 0 0 0 0\n"
#define SECOND UINT64_C(1000000)

struct lab {
	char root[64];
	struct proc_worker *worker;
};

static void write_file(const char *root, pid_t pid, const char *name, const char *text, size_t len)
{
	char path[128];
	FILE *file;

	snprintf(path, sizeof(path), "%s/%d/%s", root, pid, name);
	file = fopen(path, "w");
	assert_non_null(file);
	assert_int_equal(fwrite(text, 1, len, file), len);
	assert_int_equal(fclose(file), 0);
}

static void add_process(const char *root, pid_t pid, bool hangs)
{
	char path[128], text[512];

	snprintf(path, sizeof(path), "%s/%d", root, pid);
	assert_int_equal(mkdir(path, 0700), 0);
	snprintf(text, sizeof(text), "%d " STAT, pid);
	write_file(root, pid, "stat", text, strlen(text));
	snprintf(path, sizeof(path), "%s/%d/cmdline", root, pid);
	if (hangs)
		assert_int_equal(mkfifo(path, 0600), 0);
	else
		write_file(root, pid, "cmdline", "server\0-v", 10);
}

static int lab_new(void **state)
{
	struct lab *lab = calloc(1, sizeof(*lab));

	assert_non_null(lab);
	strcpy(lab->root, "/tmp/test-proc-worker.XXXXXX");
	assert_non_null(mkdtemp(lab->root));
	add_process(lab->root, 1, false);
	for (pid_t pid = 11; pid <= 15; pid++)
		add_process(lab->root, pid, true);
	assert_int_equal(proc_worker_start(lab->root, &lab->worker), 0);
	*state = lab;
	return 0;
}

/* Whoever hangs is let go first. */
static void let_go(const struct lab *lab)
{
	char path[128];

	for (pid_t pid = 11; pid <= 15; pid++) {
		int fd;

		snprintf(path, sizeof(path), "%s/%d/cmdline", lab->root, pid);
		fd = open(path, O_WRONLY | O_NONBLOCK);
		if (fd >= 0)
			close(fd);
	}
}

static int lab_free(void **state)
{
	struct lab *lab = *state;
	char command[128];

	let_go(lab);
	assert_null(proc_worker_stop(lab->worker));
	usleep(20000);
	let_go(lab);
	snprintf(command, sizeof(command), "rm -rf '%s'", lab->root);
	assert_int_equal(system(command), 0);
	free(lab);
	return 0;
}

static void test_reads(void **state)
{
	const struct lab *lab = *state;
	struct process process;

	assert_int_equal(proc_worker_read(lab->worker, 1, SECOND, &process), 0);
	assert_int_equal(process.pid, 1);
	assert_int_equal(process.ppid, 7);
	assert_string_equal(process.comm, "server");
	assert_string_equal(process.cmdline, "server -v");
	process_done(&process);
	assert_int_equal(proc_worker_read(lab->worker, 99, SECOND, &process), PROC_READER_GONE);
}

static void test_waits_no_longer_than_asked(void **state)
{
	const struct lab *lab = *state;
	struct process process;
	struct timespec before, after;

	clock_gettime(CLOCK_MONOTONIC, &before);
	assert_int_equal(proc_worker_read(lab->worker, 11, SECOND / 20, &process), -ETIMEDOUT);
	clock_gettime(CLOCK_MONOTONIC, &after);
	assert_true(after.tv_sec - before.tv_sec <= 1);
}

static void test_another_takes_its_place(void **state)
{
	const struct lab *lab = *state;
	struct process process;

	assert_int_equal(proc_worker_read(lab->worker, 11, SECOND / 50, &process), -ETIMEDOUT);
	assert_int_equal(proc_worker_read(lab->worker, 1, SECOND / 50, &process), -ETIMEDOUT);
	usleep(PROC_WORKER_PATIENCE_USEC + 100000);
	assert_int_equal(proc_worker_read(lab->worker, 1, SECOND, &process), 0);
	process_done(&process);
}

static void test_who_hangs_is_bounded(void **state)
{
	const struct lab *lab = *state;
	struct process process;

	for (pid_t pid = 11; pid < 11 + PROC_WORKER_THREADS_MAX; pid++) {
		assert_int_equal(
			proc_worker_read(lab->worker, pid, SECOND / 50, &process), -ETIMEDOUT);
		usleep(PROC_WORKER_PATIENCE_USEC + 100000);
	}
	assert_int_equal(proc_worker_read(lab->worker, 1, SECOND / 50, &process), -ETIMEDOUT);
	/* The last one to hang is the one that is to work, and goes on when it can. */
	let_go(lab);
	usleep(50000);
	assert_int_equal(proc_worker_read(lab->worker, 1, SECOND, &process), 0);
	process_done(&process);
}

static void count(const struct process *reading, void *userdata)
{
	unsigned *n = userdata;

	assert_string_equal(reading->cmdline, "server -v");
	++*n;
}

static void test_answers_are_collected(void **state)
{
	const struct lab *lab = *state;
	unsigned n = 0;

	for (int i = 0; i < 100; i++) {
		assert_true(proc_worker_ask(lab->worker, 1));
		assert_true(proc_worker_ask(lab->worker, 99));
	}
	for (int tries = 0; n < 100 && tries < 1000; tries++) {
		usleep(1000);
		proc_worker_collect(lab->worker, count, &n);
	}
	assert_int_equal(n, 100);
}

static void test_queue_is_bounded(void **state)
{
	const struct lab *lab = *state;
	struct process process;
	unsigned n = 0;

	assert_int_equal(proc_worker_read(lab->worker, 11, SECOND / 50, &process), -ETIMEDOUT);
	while (n <= PROC_WORKER_QUEUE_MAX && proc_worker_ask(lab->worker, 1))
		n++;
	assert_int_equal(n, PROC_WORKER_QUEUE_MAX);
}

int main(void)
{
	static const struct CMUnitTest tests[] = {
		cmocka_unit_test_setup_teardown(test_reads, lab_new, lab_free),
		cmocka_unit_test_setup_teardown(test_waits_no_longer_than_asked, lab_new, lab_free),
		cmocka_unit_test_setup_teardown(test_another_takes_its_place, lab_new, lab_free),
		cmocka_unit_test_setup_teardown(test_who_hangs_is_bounded, lab_new, lab_free),
		cmocka_unit_test_setup_teardown(test_answers_are_collected, lab_new, lab_free),
		cmocka_unit_test_setup_teardown(test_queue_is_bounded, lab_new, lab_free),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
