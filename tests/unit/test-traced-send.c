/* SPDX-License-Identifier: GPL-2.0-or-later */
/* SPDX-FileCopyrightText: The killauditd authors */

#include <signal.h>
#include <string.h>

#include "rows.h"

#include "core/certainty.h"
#include "core/traced-send.h"

static const struct process known = {.pid = 70,
	.ppid = 7,
	.uid = 1000,
	.euid = 1001,
	.loginuid = 1002,
	.session = 3,
	.ids_known = true,
	.login_known = true,
	.read = true};
static const struct process unread = {.pid = 70, .ids_known = true, .uid = 5};

#define R(name) REASON_BIT(name)

static const struct fill_row {
	const char *name;
	const struct process *sender, *target;
	pid_t sender_pid; /* as it was seen; 0: its thread is not known */
	enum signal_class class;
	enum send_verdict verdict;
	uint32_t reasons;
} fill_rows[] = {
	{"both are known", &known, &known, 70, SIGNAL_CLASS_KILL, SEND_ALONE, 0},
	{"should have been told by audit", &known, &known, 70, SIGNAL_CLASS_KILL, SEND_MISMATCH, 0},
	{"another program since the sender was read", &unread, &known, 70, SIGNAL_CLASS_KILL,
		SEND_ALONE, R(SENDER_IDS_EARLIER)},
	{"another program since the target was read", &known, &unread, 70, SIGNAL_CLASS_KILL,
		SEND_ALONE, R(TARGET_IDS_EARLIER)},
	{"neither is known", NULL, NULL, 0, SIGNAL_CLASS_KILL, SEND_ALONE,
		R(SENDER_THREAD_UNKNOWN)},
	{"the sender chose the code", &known, &known, 70, SIGNAL_CLASS_QUEUE, SEND_ALONE,
		R(SENDER_CODE_CHOSEN)},
	{"the kernel: who ran does not matter", &unread, &known, 0, SIGNAL_CLASS_KERNEL,
		SEND_BY_KERNEL, 0},
	{"a parent's death, of a target read before", &unread, &unread, 70, SIGNAL_CLASS_KILL,
		SEND_BY_PARENT_DEATH, R(TARGET_IDS_EARLIER)},
};

static void test_fill(void **state)
{
	const struct fill_row *row = *state;
	const struct send_seen send = {
		.seen = {.current = 71, .target = 81, .signal = SIGTERM, .target_comm = "a thread"},
		.class = row->class,
		.sender = {.process = row->sender,
			.pid = row->sender_pid,
			.comm = "killer",
			.exe = "/k"},
		.target = {.process = row->target, .pid = 80, .comm = "server"},
	};
	struct signal_event event;
	struct signal_target target;

	assert_int_equal(traced_send_fill(&send, row->verdict, &event, &target), row->reasons);
	assert_true(event.traced);
	assert_false(event.result_known);
	assert_int_equal(event.signal, SIGTERM);
	assert_int_equal(event.n_targets, 1);
	assert_ptr_equal(event.targets, &target);
	assert_int_equal(event.sender.pid, row->sender_pid ? row->sender_pid : 71);
	assert_string_equal(event.sender.comm, "killer");
	assert_null(event.sender.exe);
	assert_int_equal(event.sender.ids_unknown, !row->sender);
	assert_int_equal(event.sender.login_unknown, row->sender != &known);
	assert_int_equal(target.pid, 80);
	assert_string_equal(target.comm, "a thread");
	assert_int_equal(target.uid_unknown, !row->target);
	assert_int_equal(target.login_unknown, row->target != &known);
	if (row->sender == &known) {
		assert_int_equal(event.sender.ppid, 7);
		assert_int_equal(event.sender.uid, 1000);
		assert_int_equal(event.sender.euid, 1001);
		assert_int_equal(event.sender.loginuid, 1002);
		assert_int_equal(event.sender.session, 3);
	}
	if (row->target == &known)
		assert_int_equal(target.uid, 1000);
}

static void test_what_the_kernel_sends(void **state)
{
	(void)state;
	assert_true(traced_send_kernel_is_told(SIGKILL));
	assert_true(traced_send_kernel_is_told(SIGHUP));
	assert_true(traced_send_kernel_is_told(SIGINT));
	assert_false(traced_send_kernel_is_told(SIGSEGV));
	assert_false(traced_send_kernel_is_told(SIGPIPE));
	assert_false(traced_send_kernel_is_told(SIGALRM));
	assert_false(traced_send_kernel_is_told(0));
}

int main(void)
{
	static const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_what_the_kernel_sends),
	};

	return ROWS_RUN(test_fill, fill_rows) + cmocka_run_group_tests(tests, NULL, NULL);
}
