/* SPDX-License-Identifier: GPL-2.0-or-later */
/* SPDX-FileCopyrightText: The killauditd authors */

#include "core/signal-syscall.h"

#include <assert.h>
#include <linux/audit.h>
#include <stddef.h>

#if defined(__x86_64__)
#define NATIVE_ARCH_64 AUDIT_ARCH_X86_64
#define NATIVE_ARCH_32 AUDIT_ARCH_I386
#elif defined(__aarch64__)
#define NATIVE_ARCH_64 AUDIT_ARCH_AARCH64
#define NATIVE_ARCH_32 AUDIT_ARCH_ARM
#else
#error "the system call numbers of this architecture are not in the table below"
#endif

static const struct {
	const char *name;
	unsigned signal_arg;
} routes[N_SIGNAL_ROUTES] = {
	[ROUTE_KILL] = {"kill", 1},
	[ROUTE_TKILL] = {"tkill", 1},
	[ROUTE_TGKILL] = {"tgkill", 2},
	[ROUTE_RT_SIGQUEUEINFO] = {"rt_sigqueueinfo", 1},
	[ROUTE_RT_TGSIGQUEUEINFO] = {"rt_tgsigqueueinfo", 2},
	[ROUTE_PIDFD_SEND_SIGNAL] = {"pidfd_send_signal", 1},
};

/* Numbers: arch/x86/entry/syscalls/syscall_{64,32}.tbl, include/uapi/asm-generic/unistd.h,
 * arch/arm/tools/syscall.tbl of Linux. */
static const struct {
	uint32_t arch;
	const char *name;
	unsigned numbers[N_SIGNAL_ROUTES]; /* in the order of enum signal_route */
} archs[] = {
	{AUDIT_ARCH_X86_64, "x86_64", {62, 200, 234, 129, 297, 424}},
	{AUDIT_ARCH_I386, "i386", {37, 238, 270, 178, 335, 424}},
	{AUDIT_ARCH_AARCH64, "aarch64", {129, 130, 131, 138, 240, 424}},
	{AUDIT_ARCH_ARM, "arm", {37, 238, 268, 178, 363, 424}},
};

#define N_ARCHS (sizeof(archs) / sizeof(archs[0]))

int signal_syscall_find(uint32_t arch, uint64_t number, struct signal_syscall *ret)
{
	for (size_t i = 0; i < N_ARCHS; i++) {
		if (archs[i].arch != arch)
			continue;
		for (unsigned route = 0; route < N_SIGNAL_ROUTES; route++) {
			if (archs[i].numbers[route] != number)
				continue;
			ret->route = (enum signal_route)route;
			ret->arch_name = archs[i].name;
			return 0;
		}
	}
	return SIGNAL_SYSCALL_OTHER;
}

uint32_t signal_syscall_native_arch(int bits)
{
	assert(bits == 32 || bits == 64);
	return bits == 64 ? NATIVE_ARCH_64 : NATIVE_ARCH_32;
}

unsigned signal_syscall_native_number(enum signal_route route, int bits)
{
	uint32_t arch = signal_syscall_native_arch(bits);
	size_t i = 0;

	while (archs[i].arch != arch)
		i++;
	return archs[i].numbers[route];
}

const char *signal_route_name(enum signal_route route)
{
	return routes[route].name;
}

unsigned signal_route_signal_arg(enum signal_route route)
{
	return routes[route].signal_arg;
}
