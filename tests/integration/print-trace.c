/* SPDX-License-Identifier: GPL-2.0-or-later */
/* SPDX-FileCopyrightText: The killauditd authors */

/*
 * What the kernel's trace tells while a command runs, a line for each event.
 *
 *	print-trace [--keep] [--late] [--buffer BYTES] [--rest MSEC] INSTANCE [COMMAND
 *[ARGUMENT...]]
 *
 * --keep leaves the instance behind, --late reads only when the command has ended, --rest goes on
 * for a while then. The first line says how the instance was found, the last how much was lost.
 */

#include <getopt.h>
#include <inttypes.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

#include "io/trace-source.h"

static uint64_t last_nsec, n_events;
static bool quiet;

static uint64_t now_nsec(void)
{
	struct timespec now;

	clock_gettime(CLOCK_MONOTONIC, &now);
	return (uint64_t)now.tv_sec * 1000000000 + (uint64_t)now.tv_nsec;
}

static void print_signal(const struct signal_seen *seen)
{
	const char *delivery = signal_delivery_name(signal_result_delivery(seen->result));

	printf("signal current=%d target=%d comm=%s signal=%d code=%d group=%d interrupt=%d "
	       "delivery=%s\n",
		seen->current, seen->target, seen->target_comm, seen->signal, seen->code,
		seen->group, seen->interrupt, delivery ? delivery : "?");
}

static void print_process(const struct process_event *event)
{
	const char *path = event->path ? event->path : "?";

	if (event->type == PROCESS_EVENT_BIRTH)
		printf("birth tid=%d maker=%d comm=%s flags=%" PRIx64 "\n", event->tid,
			event->maker, event->comm, event->clone_flags);
	else if (event->type == PROCESS_EVENT_RENAME)
		printf("rename tid=%d comm=%s\n", event->tid, event->comm);
	else if (event->type == PROCESS_EVENT_EXEC)
		printf("exec tid=%d old=%d path=%s\n", event->tid, event->old_tid, path);
	else
		printf("move tid=%d hierarchy=%d path=%s\n", event->tid, event->hierarchy, path);
}

static void print(const struct trace_event *event)
{
	uint64_t nsec =
		event->is_signal ? event->signal.monotonic_nsec : event->process.monotonic_nsec;

	n_events++;
	if (nsec < last_nsec)
		printf("early by=%" PRIu64 "\n", last_nsec - nsec);
	last_nsec = nsec;
	if (quiet)
		return;
	if (event->is_signal)
		print_signal(&event->signal);
	else
		print_process(&event->process);
}

static void drain(struct trace_source *source, bool at_the_end)
{
	struct trace_event event;
	uint64_t until_nsec = now_nsec(), lost, since_nsec;
	static uint64_t lost_before;
	int r;

	while ((r = trace_source_next(source, until_nsec, &event)) > 0)
		print(&event);
	if (r == 0)
		r = trace_source_lost(source, &lost, &since_nsec);
	if (r < 0) {
		fprintf(stderr, "print-trace: %s\n", strerror(-r));
		exit(1);
	}
	if (lost != lost_before)
		printf("hole n=%" PRIu64 " since_known=%d\n", lost - lost_before,
			since_nsec <= last_nsec);
	lost_before = lost;
	if (at_the_end)
		printf("end events=%" PRIu64 " lost=%" PRIu64 "\n", n_events, lost);
	fflush(stdout);
}

static void run(struct trace_source *source, bool late, char **command)
{
	pid_t child = fork();

	if (child == 0) {
		execvp(command[0], command);
		_exit(127);
	}
	while (waitpid(child, NULL, late ? 0 : WNOHANG) == 0) {
		drain(source, false);
		usleep(2000);
	}
}

int main(int argc, char **argv)
{
	static const struct option options[] = {
		{"keep", no_argument, NULL, 'k'},
		{"late", no_argument, NULL, 'l'},
		{"quiet", no_argument, NULL, 'q'},
		{"buffer", required_argument, NULL, 'b'},
		{0},
	};
	struct trace_settings settings = {0};
	struct trace_source *source;
	bool keep = false, late = false;
	int option, r;

	while ((option = getopt_long(argc, argv, "+", options, NULL)) != -1) {
		if (option == 'k')
			keep = true;
		else if (option == 'l')
			late = true;
		else if (option == 'q')
			quiet = true;
		else if (option == 'b')
			settings.buffer_per_cpu = strtoul(optarg, NULL, 10);
		else
			return 64;
	}
	if (optind == argc)
		return 64;
	settings.instance = argv[optind++];
	r = trace_source_open(&settings, &source);
	if (r < 0) {
		fprintf(stderr, "print-trace: %s\n", strerror(-r));
		return 1;
	}
	printf("begin adopted=%d untold=%x writes=%d\n", trace_source_adopted(source),
		trace_source_untold(source), trace_source_writes(source));
	fflush(stdout);
	if (optind < argc)
		run(source, late, argv + optind);
	drain(source, true);
	trace_source_close(source, !keep);
	return 0;
}
