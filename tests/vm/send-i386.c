/* SPDX-License-Identifier: GPL-2.0-or-later */
/* SPDX-FileCopyrightText: The killauditd authors */
/*
 * Sends SIGKILL to one process by the system call that is named, and tells what came of it:
 *
 *	$ send-i386 i386:tgkill 71	named as in an entry's SYSCALL field; see calls[]
 *	i386:tgkill 71 75 0		the call, target, sender, result: 0 or a negative errno
 *
 * A second number is the user id to send as, which is how a refused send is made.
 *
 * A 64-bit program may make 32-bit calls too, by int $0x80: the kernel, and so audit, takes them
 * for i386's, with i386's numbers and structures. That needs no 32-bit compiler or library.
 */

#include <errno.h>
#include <signal.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/syscall.h>
#include <unistd.h>

#define ELEMENTSOF(a) (sizeof(a) / sizeof((a)[0]))

/* arch/x86/entry/syscalls/syscall_32.tbl; <asm/unistd_32.h> cannot stand beside <sys/syscall.h>. */
enum {
	I386_KILL = 37,
	I386_RT_SIGQUEUEINFO = 178,
	I386_TKILL = 238,
	I386_TGKILL = 270,
	I386_RT_TGSIGQUEUEINFO = 335,
	I386_PIDFD_SEND_SIGNAL = 424,
	I386_PIDFD_OPEN = 434,
};

/* The kernel's compat_siginfo as for SI_QUEUE: unlike x86-64's, no hole after the code. */
struct i386_siginfo {
	int32_t signal;
	int32_t error;
	int32_t code;
	int32_t pid;
	uint32_t uid;
	int32_t value;
	uint8_t rest[128 - 6 * 4];
};

_Static_assert(sizeof(struct i386_siginfo) == 128, "the kernel reads 128 bytes");

/* Kernels before 4.17 zero r8 to r11 here. */
static long i386_syscall(int number, uint32_t a0, uint32_t a1, uint32_t a2, uint32_t a3)
{
	long result;

	__asm__ volatile(
		"int $0x80"
		: "=a"(result)
		: "a"((long)number), "b"((long)a0), "c"((long)a1), "d"((long)a2), "S"((long)a3)
		: "memory", "r8", "r9", "r10", "r11");
	return (int32_t)result;
}

/* Below 4 GiB, for the address must fit a 32-bit register. */
static uint32_t i386_siginfo_new(void)
{
	struct i386_siginfo *info = mmap(NULL, sizeof(*info), PROT_READ | PROT_WRITE,
		MAP_PRIVATE | MAP_ANONYMOUS | MAP_32BIT, -1, 0);

	if (info == MAP_FAILED) {
		perror("send-i386: mmap");
		exit(EXIT_FAILURE);
	}
	info->signal = SIGKILL;
	info->code = SI_QUEUE;
	info->pid = getpid();
	info->uid = getuid();
	return (uint32_t)(uintptr_t)info;
}

static long send_i386(int number, pid_t pid)
{
	long pidfd;

	switch (number) {
	case I386_TGKILL:
		return i386_syscall(number, pid, pid, SIGKILL, 0);
	case I386_RT_SIGQUEUEINFO:
		return i386_syscall(number, pid, SIGKILL, i386_siginfo_new(), 0);
	case I386_RT_TGSIGQUEUEINFO:
		return i386_syscall(number, pid, pid, SIGKILL, i386_siginfo_new());
	case I386_PIDFD_SEND_SIGNAL:
		pidfd = i386_syscall(I386_PIDFD_OPEN, pid, 0, 0, 0);
		return pidfd < 0 ? pidfd : i386_syscall(number, pidfd, SIGKILL, 0, 0);
	default:
		return i386_syscall(number, pid, SIGKILL, 0, 0);
	}
}

static long send_x86_64(pid_t pid)
{
	return syscall(SYS_kill, pid, SIGKILL) < 0 ? -errno : 0;
}

static const struct {
	const char *name;
	int i386_number; /* 0: x86_64:kill */
} calls[] = {
	{"i386:kill", I386_KILL},
	{"i386:tkill", I386_TKILL},
	{"i386:tgkill", I386_TGKILL},
	{"i386:rt_sigqueueinfo", I386_RT_SIGQUEUEINFO},
	{"i386:rt_tgsigqueueinfo", I386_RT_TGSIGQUEUEINFO},
	{"i386:pidfd_send_signal", I386_PIDFD_SEND_SIGNAL},
	{"x86_64:kill", 0},
};

int main(int argc, char *argv[])
{
	pid_t pid = argc >= 3 ? atoi(argv[2]) : 0;

	/* 0 and negative numbers would be process groups, or everybody. */
	if (argc > 4 || pid <= 0) {
		fputs("usage: send-i386 SYSCALL PID [UID]\n", stderr);
		return 64;
	}
	if (argc == 4 && setuid(atoi(argv[3])) < 0) {
		perror("send-i386: setuid");
		return EXIT_FAILURE;
	}
	for (size_t i = 0; i < ELEMENTSOF(calls); i++) {
		int number = calls[i].i386_number;

		if (strcmp(calls[i].name, argv[1]) != 0)
			continue;
		printf("%s %d %d %ld\n", argv[1], pid, getpid(),
			number == 0 ? send_x86_64(pid) : send_i386(number, pid));
		return EXIT_SUCCESS;
	}
	fprintf(stderr, "send-i386: no such call: %s\n", argv[1]);
	return 64;
}
