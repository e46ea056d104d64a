/* SPDX-License-Identifier: GPL-2.0-or-later */
/* SPDX-FileCopyrightText: The killauditd authors */

/*
 * send: sends one signal by the system call that is named, without the C library's help, and says
 * what became of it.
 *
 *	send [--comm HEX] [--group N] [--wait SECONDS] [--stay SECONDS]
 *	     ROUTE PID SIGNAL [TID] [-- ANYTHING...]
 *
 * ROUTE is kill, tkill, tgkill, rt_sigqueueinfo, rt_tgsigqueueinfo, pidfd_send_signal, or
 * int80-kill, the 32-bit kill. PID may be "self"; TID is PID unless given. --comm renames it first;
 * --group makes it the leader of a process group of N that sleep, and deaf to SIGTERM; --wait lets
 * it sleep before the send and --stay after it. What follows "--" is there only to be seen on the
 * command line.
 *
 * It prints `route=kill result=success pid=4711`, the pid being its own, and ends with 0 whatever
 * the result: 64 means that it was called wrongly, 69 that this kernel has no such route.
 */
#define _GNU_SOURCE
#include <errno.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/syscall.h>
#include <unistd.h>

#include "hex.h"

struct request {
	pid_t pid;
	pid_t tid;
	int signal;
};

static long send_kill(const struct request *r)
{
	return syscall(SYS_kill, r->pid, r->signal);
}

static long send_tkill(const struct request *r)
{
	return syscall(SYS_tkill, r->tid, r->signal);
}

static long send_tgkill(const struct request *r)
{
	return syscall(SYS_tgkill, r->pid, r->tid, r->signal);
}

static siginfo_t queued_info(int signal)
{
	siginfo_t info;

	memset(&info, 0, sizeof(info));
	info.si_signo = signal;
	info.si_code = SI_QUEUE;
	info.si_pid = getpid();
	info.si_uid = getuid();
	return info;
}

static long send_rt_sigqueueinfo(const struct request *r)
{
	siginfo_t info = queued_info(r->signal);

	return syscall(SYS_rt_sigqueueinfo, r->pid, r->signal, &info);
}

static long send_rt_tgsigqueueinfo(const struct request *r)
{
	siginfo_t info = queued_info(r->signal);

	return syscall(SYS_rt_tgsigqueueinfo, r->pid, r->tid, r->signal, &info);
}

static long send_pidfd_send_signal(const struct request *r)
{
	int fd = (int)syscall(SYS_pidfd_open, r->pid, 0);

	if (fd < 0)
		return -1;
	return syscall(SYS_pidfd_send_signal, fd, r->signal, NULL, 0);
}

static void no_such_route(int number)
{
	static const char text[] =
		"send: int $0x80 faults: this kernel has no 32-bit system calls\n";

	(void)number;
	(void)!write(STDERR_FILENO, text, sizeof(text) - 1);
	_exit(69);
}

static long send_int80_kill(const struct request *r)
{
#ifdef __x86_64__
	long result;

	/* A kernel without 32-bit emulation answers with a fault. */
	signal(SIGSEGV, no_such_route);
	__asm__ volatile("int $0x80"
			 : "=a"(result)
			 : "a"(37L), "b"((long)r->pid), "c"((long)r->signal)
			 : "r8", "r9", "r10", "r11", "memory");
	if (result < 0) {
		errno = (int)-result;
		return -1;
	}
	return result;
#else
	(void)r;
	no_such_route(0);
	return -1;
#endif
}

static const struct route {
	const char *name;
	long (*send)(const struct request *r);
} routes[] = {
	{"kill", send_kill},
	{"tkill", send_tkill},
	{"tgkill", send_tgkill},
	{"rt_sigqueueinfo", send_rt_sigqueueinfo},
	{"rt_tgsigqueueinfo", send_rt_tgsigqueueinfo},
	{"pidfd_send_signal", send_pidfd_send_signal},
	{"int80-kill", send_int80_kill},
};

static const struct route *route_find(const char *name)
{
	for (size_t i = 0; i < sizeof(routes) / sizeof(*routes); i++) {
		if (strcmp(routes[i].name, name) == 0)
			return &routes[i];
	}
	return NULL;
}

static _Noreturn void usage(void)
{
	fputs("usage: send [--comm HEX] [--group N] [--wait SECONDS] [--stay SECONDS]\n"
	      "            ROUTE PID SIGNAL [TID] [-- ANYTHING...]\n",
		stderr);
	exit(64);
}

static void rename_to(const char *hex)
{
	char name[16];

	if (hex_decode(hex, name, sizeof(name)) < 0)
		usage();
	prctl(PR_SET_NAME, name);
}

static void lead_group(long n)
{
	setpgid(0, 0);
	for (long i = 1; i < n; i++) {
		pid_t pid = fork();

		if (pid < 0) {
			perror("send: fork");
			exit(1);
		}
		if (pid == 0) {
			/* A member must not outlive a leader that the test forgot. */
			prctl(PR_SET_PDEATHSIG, 9);
			for (;;)
				pause();
		}
	}
	signal(SIGTERM, SIG_IGN);
}

static pid_t pid_parse(const char *text)
{
	return strcmp(text, "self") == 0 ? getpid() : (pid_t)strtol(text, NULL, 10);
}

int main(int argc, char **argv)
{
	const struct route *route;
	struct request request;
	unsigned int wait = 0;
	unsigned int stay = 0;
	int i = 1;
	long result;

	for (; i + 1 < argc && strncmp(argv[i], "--", 2) == 0; i += 2) {
		if (strcmp(argv[i], "--comm") == 0)
			rename_to(argv[i + 1]);
		else if (strcmp(argv[i], "--group") == 0)
			lead_group(strtol(argv[i + 1], NULL, 10));
		else if (strcmp(argv[i], "--wait") == 0)
			wait = (unsigned int)strtoul(argv[i + 1], NULL, 10);
		else if (strcmp(argv[i], "--stay") == 0)
			stay = (unsigned int)strtoul(argv[i + 1], NULL, 10);
		else
			usage();
	}
	if (argc - i < 3)
		usage();
	route = route_find(argv[i]);
	if (!route)
		usage();
	request.pid = pid_parse(argv[i + 1]);
	request.signal = (int)strtol(argv[i + 2], NULL, 10);
	request.tid = request.pid;
	if (argc - i > 3 && strcmp(argv[i + 3], "--") != 0)
		request.tid = pid_parse(argv[i + 3]);

	/* So young that it may have started after the event is not certain: be older. */
	usleep(60000);
	sleep(wait);
	result = route->send(&request);
	printf("route=%s result=%s pid=%d\n", route->name,
		result < 0 ? strerrorname_np(errno) : "success", getpid());
	fflush(stdout);
	sleep(stay);
	return 0;
}
