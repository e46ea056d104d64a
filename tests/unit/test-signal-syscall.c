/* SPDX-License-Identifier: GPL-2.0-or-later */
/* SPDX-FileCopyrightText: The killauditd authors */

#include "unit.h"

#include <linux/audit.h>
#include <sys/syscall.h>

#include "core/signal-syscall.h"
#include "rows.h"

/* From the system call tables of Linux, one architecture at a time. */
static const struct call {
	const char *arch_name;
	uint32_t arch;
	uint64_t number;
	enum signal_route route;
} calls[] = {
	{"x86_64", AUDIT_ARCH_X86_64, 62, ROUTE_KILL},
	{"x86_64", AUDIT_ARCH_X86_64, 200, ROUTE_TKILL},
	{"x86_64", AUDIT_ARCH_X86_64, 234, ROUTE_TGKILL},
	{"x86_64", AUDIT_ARCH_X86_64, 129, ROUTE_RT_SIGQUEUEINFO},
	{"x86_64", AUDIT_ARCH_X86_64, 297, ROUTE_RT_TGSIGQUEUEINFO},
	{"x86_64", AUDIT_ARCH_X86_64, 424, ROUTE_PIDFD_SEND_SIGNAL},
	{"i386", AUDIT_ARCH_I386, 37, ROUTE_KILL},
	{"i386", AUDIT_ARCH_I386, 238, ROUTE_TKILL},
	{"i386", AUDIT_ARCH_I386, 270, ROUTE_TGKILL},
	{"i386", AUDIT_ARCH_I386, 178, ROUTE_RT_SIGQUEUEINFO},
	{"i386", AUDIT_ARCH_I386, 335, ROUTE_RT_TGSIGQUEUEINFO},
	{"i386", AUDIT_ARCH_I386, 424, ROUTE_PIDFD_SEND_SIGNAL},
	{"aarch64", AUDIT_ARCH_AARCH64, 129, ROUTE_KILL},
	{"aarch64", AUDIT_ARCH_AARCH64, 130, ROUTE_TKILL},
	{"aarch64", AUDIT_ARCH_AARCH64, 131, ROUTE_TGKILL},
	{"aarch64", AUDIT_ARCH_AARCH64, 138, ROUTE_RT_SIGQUEUEINFO},
	{"aarch64", AUDIT_ARCH_AARCH64, 240, ROUTE_RT_TGSIGQUEUEINFO},
	{"aarch64", AUDIT_ARCH_AARCH64, 424, ROUTE_PIDFD_SEND_SIGNAL},
	{"arm", AUDIT_ARCH_ARM, 37, ROUTE_KILL},
	{"arm", AUDIT_ARCH_ARM, 238, ROUTE_TKILL},
	{"arm", AUDIT_ARCH_ARM, 268, ROUTE_TGKILL},
	{"arm", AUDIT_ARCH_ARM, 178, ROUTE_RT_SIGQUEUEINFO},
	{"arm", AUDIT_ARCH_ARM, 363, ROUTE_RT_TGSIGQUEUEINFO},
	{"arm", AUDIT_ARCH_ARM, 424, ROUTE_PIDFD_SEND_SIGNAL},
};

static const struct call *call_find(uint32_t arch, uint64_t number)
{
	for (size_t i = 0; i < ELEMENTS(calls); i++)
		if (calls[i].arch == arch && calls[i].number == number)
			return &calls[i];
	return NULL;
}

/* Every number below 2048, as many as an audit rule can name, on every architecture. */
static void test_find(void **state)
{
	static const uint32_t archs[] = {AUDIT_ARCH_X86_64, AUDIT_ARCH_I386, AUDIT_ARCH_AARCH64,
		AUDIT_ARCH_ARM, AUDIT_ARCH_RISCV64, 0, UINT32_MAX};
	size_t found = 0;

	(void)state;
	for (size_t i = 0; i < ELEMENTS(archs); i++) {
		for (uint64_t number = 0; number < 2048; number++) {
			const struct call *call = call_find(archs[i], number);
			struct signal_syscall syscall = {.arch_name = "untouched"};
			int r = signal_syscall_find(archs[i], number, &syscall);

			assert_int_equal(r, call ? 0 : SIGNAL_SYSCALL_OTHER);
			assert_string_equal(
				syscall.arch_name, call ? call->arch_name : "untouched");
			if (call)
				assert_int_equal(syscall.route, call->route);
			found += call != NULL;
		}
	}
	assert_int_equal(found, ELEMENTS(calls));
}

static const struct find_hostile_row {
	const char *name;
	uint32_t arch;
	uint64_t number;
} find_hostile_rows[] = {
	{"x32", AUDIT_ARCH_X86_64, 0x40000000 | 62},
	{"number with bit 32 set", AUDIT_ARCH_X86_64, UINT64_C(1) << 32 | 62},
	{"number with bit 63 set", AUDIT_ARCH_X86_64, UINT64_C(1) << 63 | 62},
	{"largest number", AUDIT_ARCH_X86_64, UINT64_MAX},
	{"the machine without its bits", AUDIT_ARCH_X86_64 & 0xffff, 62},
	{"the machine with its 64 bits only", AUDIT_ARCH_X86_64 & 0x8000ffff, 62},
};

static void test_find_hostile(void **state)
{
	const struct find_hostile_row *row = *state;
	struct signal_syscall syscall;

	assert_int_equal(
		signal_syscall_find(row->arch, row->number, &syscall), SIGNAL_SYSCALL_OTHER);
}

static void test_native(void **state)
{
	static const long of_this_build[N_SIGNAL_ROUTES] = {
		[ROUTE_KILL] = SYS_kill,
		[ROUTE_TKILL] = SYS_tkill,
		[ROUTE_TGKILL] = SYS_tgkill,
		[ROUTE_RT_SIGQUEUEINFO] = SYS_rt_sigqueueinfo,
		[ROUTE_RT_TGSIGQUEUEINFO] = SYS_rt_tgsigqueueinfo,
		[ROUTE_PIDFD_SEND_SIGNAL] = SYS_pidfd_send_signal,
	};

	(void)state;
#ifdef __x86_64__
	assert_int_equal(signal_syscall_native_arch(64), AUDIT_ARCH_X86_64);
	assert_int_equal(signal_syscall_native_arch(32), AUDIT_ARCH_I386);
#else
	assert_int_equal(signal_syscall_native_arch(64), AUDIT_ARCH_AARCH64);
	assert_int_equal(signal_syscall_native_arch(32), AUDIT_ARCH_ARM);
#endif
	for (unsigned route = 0; route < N_SIGNAL_ROUTES; route++) {
		for (int bits = 32; bits <= 64; bits += 32) {
			unsigned number =
				signal_syscall_native_number((enum signal_route)route, bits);
			const struct call *call =
				call_find(signal_syscall_native_arch(bits), number);

			assert_non_null(call);
			assert_int_equal(call->route, route);
			if (bits == 64)
				assert_int_equal(number, of_this_build[route]);
		}
	}
}

static const struct route_row {
	const char *name;
	enum signal_route route;
	unsigned signal_arg;
} route_rows[] = {
	{"kill", ROUTE_KILL, 1},
	{"tkill", ROUTE_TKILL, 1},
	{"tgkill", ROUTE_TGKILL, 2},
	{"rt_sigqueueinfo", ROUTE_RT_SIGQUEUEINFO, 1},
	{"rt_tgsigqueueinfo", ROUTE_RT_TGSIGQUEUEINFO, 2},
	{"pidfd_send_signal", ROUTE_PIDFD_SEND_SIGNAL, 1},
};

static void test_route(void **state)
{
	const struct route_row *row = *state;

	assert_string_equal(signal_route_name(row->route), row->name);
	assert_int_equal(signal_route_signal_arg(row->route), row->signal_arg);
}

int main(void)
{
	static const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_find),
		cmocka_unit_test(test_native),
	};

	return ROWS_RUN(test_find_hostile, find_hostile_rows) + ROWS_RUN(test_route, route_rows) +
	       cmocka_run_group_tests(tests, NULL, NULL);
}
