/* SPDX-License-Identifier: GPL-2.0-or-later */
/* SPDX-FileCopyrightText: The killauditd authors */

#include "unit.h"

#include <signal.h>

#include "core/signal-seen.h"
#include "rows.h"

#define PROCESS   true
#define THREAD    false
#define SELF      true
#define OTHER     false
#define INTERRUPT true

static const struct row {
	const char *name;
	int signal, code;
	bool group, self;
	enum signal_class expected;
	bool interrupt;
} class_rows[] = {
	{"kill", SIGTERM, SI_USER, PROCESS, OTHER, SIGNAL_CLASS_KILL},
	{"kill with SIGKILL", SIGKILL, SI_USER, PROCESS, OTHER, SIGNAL_CLASS_KILL},
	{"kill of oneself", SIGKILL, SI_USER, PROCESS, SELF, SIGNAL_CLASS_KILL},
	{"kill with SIGPIPE of oneself", SIGPIPE, SI_USER, PROCESS, SELF, SIGNAL_CLASS_KILL},
	{"tgkill", SIGKILL, SI_TKILL, THREAD, OTHER, SIGNAL_CLASS_TKILL},
	{"tgkill of oneself", SIGABRT, SI_TKILL, THREAD, SELF, SIGNAL_CLASS_TKILL},
	{"tkill's code to a process", SIGUSR1, SI_TKILL, PROCESS, OTHER, SIGNAL_CLASS_QUEUE},
	{"sigqueue", SIGUSR1, SI_QUEUE, PROCESS, OTHER, SIGNAL_CLASS_QUEUE},
	{"pthread_sigqueue", SIGUSR1, SI_QUEUE, THREAD, OTHER, SIGNAL_CLASS_QUEUE},
	{"sigqueue of oneself", SIGUSR1, SI_QUEUE, PROCESS, SELF, SIGNAL_CLASS_QUEUE},
	{"a timer's code, sent", SIGALRM, SI_TIMER, PROCESS, OTHER, SIGNAL_CLASS_QUEUE},
	{"a message queue's code", SIGUSR1, SI_MESGQ, PROCESS, OTHER, SIGNAL_CLASS_QUEUE},
	{"the least code", SIGUSR1, INT32_MIN, PROCESS, OTHER, SIGNAL_CLASS_QUEUE},
	{"a timer in an interrupt", SIGALRM, SI_TIMER, PROCESS, OTHER, SIGNAL_CLASS_KERNEL,
		INTERRUPT},
	{"a timer on its own thread", SIGALRM, SI_TIMER, PROCESS, SELF, SIGNAL_CLASS_KERNEL},
	{"anything in an interrupt", SIGKILL, SI_USER, PROCESS, OTHER, SIGNAL_CLASS_KERNEL,
		INTERRUPT},
	{"cgroup.kill", SIGKILL, SI_USER, THREAD, OTHER, SIGNAL_CLASS_CGROUP_KILL},
	{"cgroup.kill of one's own", SIGKILL, SI_USER, THREAD, SELF, SIGNAL_CLASS_CGROUP_KILL},
	{"a broken pipe", SIGPIPE, SI_USER, THREAD, SELF, SIGNAL_CLASS_KERNEL},
	{"a file too large", SIGXFSZ, SI_USER, THREAD, SELF, SIGNAL_CLASS_KERNEL},
	{"out of memory", SIGKILL, SI_KERNEL, PROCESS, OTHER, SIGNAL_CLASS_KERNEL},
	{"a terminal", SIGINT, SI_KERNEL, PROCESS, OTHER, SIGNAL_CLASS_KERNEL},
	{"a fault", SIGSEGV, SEGV_MAPERR, THREAD, SELF, SIGNAL_CLASS_KERNEL},
	{"the end of a child", SIGCHLD, CLD_EXITED, PROCESS, OTHER, SIGNAL_CLASS_KERNEL},
};

static void test_class(void **state)
{
	const struct row *row = *state;
	const struct signal_seen seen = {
		.signal = row->signal,
		.code = row->code,
		.group = row->group,
		.interrupt = row->interrupt,
	};

	assert_int_equal(signal_seen_class(&seen, row->self), row->expected);
}

static const char *told(enum signal_result result)
{
	return signal_delivery_name(signal_result_delivery(result));
}

static void test_delivery(void **state)
{
	(void)state;
	assert_string_equal(told(SIGNAL_RESULT_QUEUED), "queued");
	assert_string_equal(told(SIGNAL_RESULT_IGNORED), "ignored");
	assert_string_equal(told(SIGNAL_RESULT_ALREADY_PENDING), "already-pending");
	assert_string_equal(told(SIGNAL_RESULT_OVERFLOW), "overflow");
	assert_string_equal(told(SIGNAL_RESULT_INFO_LOST), "info-lost");
	assert_string_equal(signal_delivery_name(DELIVERY_REFUSED), "refused");
	assert_null(told(N_SIGNAL_RESULTS));
	assert_null(told((enum signal_result)99));
}

int main(void)
{
	const struct CMUnitTest tests[] = {cmocka_unit_test(test_delivery)};

	return ROWS_RUN(test_class, class_rows) + cmocka_run_group_tests(tests, NULL, NULL);
}
