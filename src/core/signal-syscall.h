/* SPDX-License-Identifier: GPL-2.0-or-later */
/* SPDX-FileCopyrightText: The killauditd authors */

/*
 * The six system calls by which one process sends a signal to another, on every architecture that
 * the two kernels we know (x86-64, arm64) run programs of.
 */
#pragma once

#include <stdint.h>

enum signal_route {
	ROUTE_KILL,
	ROUTE_TKILL,
	ROUTE_TGKILL,
	ROUTE_RT_SIGQUEUEINFO,
	ROUTE_RT_TGSIGQUEUEINFO,
	ROUTE_PIDFD_SEND_SIGNAL,
	N_SIGNAL_ROUTES,
};

struct signal_syscall {
	enum signal_route route;
	const char *arch_name; /* as audit's tools call it: x86_64, i386, aarch64, arm */
};

enum {
	SIGNAL_SYSCALL_OTHER = 1, /* not one of the six */
};

/* `arch` is an AUDIT_ARCH_* of linux/audit.h. Returns 0 or SIGNAL_SYSCALL_OTHER. */
int signal_syscall_find(uint32_t arch, uint64_t number, struct signal_syscall *ret);

/* The number of `route` on the architecture of this build: 64-bit, or its 32-bit companion. */
uint32_t signal_syscall_native_arch(int bits);
unsigned signal_syscall_native_number(enum signal_route route, int bits);

const char *signal_route_name(enum signal_route route);
/* Which argument (a0 is 0) holds the signal. */
unsigned signal_route_signal_arg(enum signal_route route);
