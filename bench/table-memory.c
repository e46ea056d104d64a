/* SPDX-License-Identifier: GPL-2.0-or-later */
/* SPDX-FileCopyrightText: The killauditd authors */

/*
 * What the process table needs: memory for processes that live, each with a command line of its own
 * of 120 bytes, and ten in each container; memory and time while processes come and go, which must
 * stay flat. Prints:
 *
 *     living=100000 heap_kib=38618 bytes_each=395
 *     births=5000000 heap_kib=5183 living=2001 nsec_per_event=135
 */

#include <inttypes.h>
#include <malloc.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include "core/process-event.h"
#include "core/process-table.h"
#include "core/process.h"

#define CHURN         5000000U
#define CHURN_STEP    500000U
#define CHURN_PID_MAX 32768 /* the kernel's default on small hosts: pids come again soon */
#define CHURN_PID_MIN 300
#define CHURN_LIVING  2000
#define PER_CONTAINER 10
#define BIRTH_USEC    200
#define THREAD_ID     299
#define CLONE_THREAD  0x00010000U

static void check(int result)
{
	if (result >= 0)
		return;
	fprintf(stderr, "table-memory: %s\n", strerror(-result));
	exit(1);
}

static size_t heap(void)
{
	struct mallinfo2 info = mallinfo2();

	return info.uordblks + info.hblkhd;
}

static uint64_t cpu_nsec(void)
{
	struct timespec cpu;

	clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &cpu);
	return (uint64_t)cpu.tv_sec * 1000000000 + (uint64_t)cpu.tv_nsec;
}

/* The stream: as it comes from the trace, and the exits from the connector. */
struct stream {
	struct process_table *table;
	uint64_t usec;
	uint64_t n_events;
};

static void tell(struct stream *stream, struct process_event event)
{
	event.monotonic_nsec = stream->usec * 1000;
	check(process_table_hear(stream->table, &event, 0));
	stream->n_events++;
}

static void tell_birth(struct stream *stream, pid_t maker, pid_t tid, uint64_t flags)
{
	stream->usec += BIRTH_USEC;
	tell(stream, (struct process_event){.type = PROCESS_EVENT_BIRTH,
			     .tid = tid,
			     .maker = maker,
			     .flags_told = true,
			     .clone_flags = flags,
			     .comm = "shell"});
}

static void tell_exec(struct stream *stream, pid_t pid, const char *path)
{
	tell(stream,
		(struct process_event){.type = PROCESS_EVENT_RENAME, .tid = pid, .comm = "worker"});
	tell(stream, (struct process_event){
			     .type = PROCESS_EVENT_EXEC, .tid = pid, .old_tid = pid, .path = path});
}

static void tell_move(struct stream *stream, pid_t pid, const char *path)
{
	tell(stream, (struct process_event){.type = PROCESS_EVENT_MOVE, .tid = pid, .path = path});
}

static void tell_exit(struct stream *stream, pid_t pid, pid_t tid)
{
	tell(stream, (struct process_event){.type = PROCESS_EVENT_EXIT, .tid = tid, .pid = pid});
}

static struct stream stream_begin(void)
{
	const struct process init = {.pid = 1,
		.comm = "systemd",
		.exe = (char *)"/usr/lib/systemd/systemd",
		.cgroup = (char *)"/init.scope",
		.cgroup_text = (char *)"0::/init.scope\n"};
	struct stream stream = {.table = process_table_new(NULL), .usec = 1000000};

	if (!stream.table)
		exit(1);
	process_table_follow(stream.table, true);
	check(process_table_put(stream.table, &init));
	return stream;
}

static void read_now(struct stream *stream, pid_t pid)
{
	char cmdline[160];
	const struct process reading = {.pid = pid,
		.ppid = 1,
		.start_usec = stream->usec - stream->usec % PROCESS_START_RESOLUTION_USEC,
		.comm = "worker",
		.ids_known = true,
		.exe = (char *)"/usr/bin/worker",
		.cmdline = cmdline};

	snprintf(cmdline, sizeof(cmdline), "/usr/bin/worker --number=%08d --%084d", pid, pid);
	check(process_table_put(stream->table, &reading));
}

static void print_living(pid_t n)
{
	size_t before = heap(), after;
	struct stream stream = stream_begin();
	char path[128];

	for (pid_t pid = 2; pid < 2 + n; pid++) {
		snprintf(path, sizeof(path), "/system.slice/docker-%064d.scope",
			pid / PER_CONTAINER);
		tell_birth(&stream, 1, pid, 0);
		tell_move(&stream, pid, path);
		tell_exec(&stream, pid, "/usr/bin/worker");
		read_now(&stream, pid);
	}
	after = heap();
	printf("living=%d heap_kib=%zu bytes_each=%zu\n", n, (after - before) / 1024,
		(after - before) / (size_t)n);
	process_table_free(stream.table);
}

/* Each lives until as many others were born behind it as are to live. Every third one is made by
 * the third one before it; every fourth is of a first process that ends at once; every
 * fifth has a thread. */
struct churn {
	pid_t pids[CHURN_LIVING];
	pid_t last; /* pid that was given */
	pid_t successor; /* last of a chain of makers that never ends */
};

static pid_t next_pid(struct churn *churn)
{
	churn->last = churn->last + 1 < CHURN_PID_MAX ? churn->last + 1 : CHURN_PID_MIN;
	return churn->last;
}

static void churn_one(struct stream *stream, struct churn *churn, uint64_t i)
{
	pid_t *place = &churn->pids[i % CHURN_LIVING], pid, maker = 1;
	char path[64];

	if (*place)
		tell_exit(stream, *place, *place);
	if (i % 3 == 0)
		maker = churn->successor;
	if (i % 4 == 0) {
		pid_t middle = next_pid(churn);

		tell_birth(stream, maker, middle, 0);
		maker = middle;
	}
	pid = next_pid(churn);
	tell_birth(stream, maker, pid, 0);
	if (i % 4 == 0)
		tell_exit(stream, maker, maker);
	snprintf(path, sizeof(path), "/pods/%" PRIu64, i / PER_CONTAINER);
	tell_move(stream, pid, path);
	tell_exec(stream, pid, "./worker");
	if (i % 5 == 0) {
		tell_birth(stream, pid, THREAD_ID, CLONE_THREAD);
		tell_exit(stream, pid, THREAD_ID);
	}
	if (i % 2 == 0)
		read_now(stream, pid);
	if (i % 3 == 0)
		churn->successor = pid;
	*place = pid;
}

static void count(const struct process *process, void *userdata)
{
	size_t *n = userdata;

	(void)process;
	++*n;
}

static void print_churn(void)
{
	struct stream stream = stream_begin();
	struct churn churn = {.last = CHURN_PID_MIN, .successor = 1};
	uint64_t begun_nsec = cpu_nsec(), begun_events = 0;

	for (uint64_t i = 0; i < CHURN; i++) {
		size_t n = 0;

		churn_one(&stream, &churn, i);
		if ((i + 1) % CHURN_STEP != 0)
			continue;
		process_table_each(stream.table, count, &n);
		printf("births=%" PRIu64 " heap_kib=%zu living=%zu nsec_per_event=%" PRIu64 "\n",
			i + 1, heap() / 1024, n,
			(cpu_nsec() - begun_nsec) / (stream.n_events - begun_events));
		begun_nsec = cpu_nsec();
		begun_events = stream.n_events;
	}
	process_table_free(stream.table);
}

int main(void)
{
	print_living(10000);
	print_living(100000);
	print_churn();
	return 0;
}
