/* SPDX-License-Identifier: GPL-2.0-or-later */
/* SPDX-FileCopyrightText: The killauditd authors */

#include "unit.h"

#include <errno.h>
#include <limits.h>
#include <signal.h>

#include "core/signal-name.h"
#include "rows.h"

static const struct signal_name_row {
	const char *name;
	int signal;
} signal_name_rows[] = {
	{"SIG0", 0},
	{"SIGHUP", SIGHUP},
	{"SIGINT", SIGINT},
	{"SIGQUIT", SIGQUIT},
	{"SIGILL", SIGILL},
	{"SIGTRAP", SIGTRAP},
	{"SIGABRT", SIGABRT},
	{"SIGBUS", SIGBUS},
	{"SIGFPE", SIGFPE},
	{"SIGKILL", SIGKILL},
	{"SIGUSR1", SIGUSR1},
	{"SIGSEGV", SIGSEGV},
	{"SIGUSR2", SIGUSR2},
	{"SIGPIPE", SIGPIPE},
	{"SIGALRM", SIGALRM},
	{"SIGTERM", SIGTERM},
	{"SIGSTKFLT", SIGSTKFLT},
	{"SIGCHLD", SIGCHLD},
	{"SIGCONT", SIGCONT},
	{"SIGSTOP", SIGSTOP},
	{"SIGTSTP", SIGTSTP},
	{"SIGTTIN", SIGTTIN},
	{"SIGTTOU", SIGTTOU},
	{"SIGURG", SIGURG},
	{"SIGXCPU", SIGXCPU},
	{"SIGXFSZ", SIGXFSZ},
	{"SIGVTALRM", SIGVTALRM},
	{"SIGPROF", SIGPROF},
	{"SIGWINCH", SIGWINCH},
	{"SIGIO", SIGIO},
	{"SIGPWR", SIGPWR},
	{"SIGSYS", SIGSYS},
	{"SIG32", 32},
	{"SIG33", 33},
	{"SIGRTMIN", 34},
	{"SIGRTMIN+1", 35},
	{"SIGRTMIN+15", 49},
	{"SIGRTMIN+16", 50},
	{"SIGRTMIN+29", 63},
	{"SIGRTMIN+30", 64},
	{"SIG65", 65},
	{"SIG-1", -1},
	{"SIG2147483647", INT_MAX},
	{"SIG-2147483648", INT_MIN},
};

static void test_signal_name(void **state)
{
	const struct signal_name_row *row = *state;
	char buf[SIGNAL_NAME_SIZE];

	assert_string_equal(signal_name(row->signal, buf), row->name);
}

static void test_signal_names_are_distinct(void **state)
{
	(void)state;
	for (int i = -1; i <= 66; i++) {
		for (int k = -1; k < i; k++) {
			char a[SIGNAL_NAME_SIZE], b[SIGNAL_NAME_SIZE];

			assert_string_not_equal(signal_name(i, a), signal_name(k, b));
		}
	}
}

static void test_signal_is_fatal(void **state)
{
	static const int fatal[] = {SIGHUP, SIGINT, SIGQUIT, SIGILL, SIGTRAP, SIGABRT, SIGBUS,
		SIGFPE, SIGKILL, SIGSEGV, SIGTERM, SIGSTOP, SIGSYS};

	(void)state;
	for (int signal = -65; signal <= 130; signal++) {
		bool expected = false;

		for (size_t i = 0; i < ELEMENTS(fatal); i++)
			expected |= fatal[i] == signal;
		print_message("%d\n", signal);
		assert_int_equal(signal_is_fatal(signal), expected);
	}
	assert_false(signal_is_fatal(INT_MAX));
	assert_false(signal_is_fatal(INT_MIN));
}

static const struct error_name_row {
	const char *name;
	int error;
} error_name_rows[] = {
	{"EPERM", EPERM},
	{"ESRCH", ESRCH},
	{"EINTR", EINTR},
	{"EBADF", EBADF},
	{"EAGAIN", EAGAIN},
	{"ENOMEM", ENOMEM},
	{"EACCES", EACCES},
	{"EFAULT", EFAULT},
	{"EINVAL", EINVAL},
	{"ENOSYS", ENOSYS},
	{"EOPNOTSUPP", EOPNOTSUPP},
	{"errno 0", 0},
	{"errno 512", 512},
	{"errno 4095", 4095},
	{"errno -1", -1},
	{"errno 2147483647", INT_MAX},
	{"errno -2147483648", INT_MIN},
};

static void test_error_name(void **state)
{
	const struct error_name_row *row = *state;
	char buf[ERROR_NAME_SIZE];

	assert_string_equal(error_name(row->error, buf), row->name);
}

int main(void)
{
	static const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_signal_names_are_distinct),
		cmocka_unit_test(test_signal_is_fatal),
	};

	return ROWS_RUN(test_signal_name, signal_name_rows) +
	       ROWS_RUN(test_error_name, error_name_rows) +
	       cmocka_run_group_tests(tests, NULL, NULL);
}
