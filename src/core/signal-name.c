/* SPDX-License-Identifier: GPL-2.0-or-later */
/* SPDX-FileCopyrightText: The killauditd authors */

#include "core/signal-name.h"

#include <errno.h>
#include <signal.h>
#include <stddef.h>
#include <stdio.h>

/* Named by macro, for the numbers differ between architectures. */
#define SIGNAL(name) [name] = #name
static const char *const names[] = {
	SIGNAL(SIGHUP),
	SIGNAL(SIGINT),
	SIGNAL(SIGQUIT),
	SIGNAL(SIGILL),
	SIGNAL(SIGTRAP),
	SIGNAL(SIGABRT),
	SIGNAL(SIGBUS),
	SIGNAL(SIGFPE),
	SIGNAL(SIGKILL),
	SIGNAL(SIGUSR1),
	SIGNAL(SIGSEGV),
	SIGNAL(SIGUSR2),
	SIGNAL(SIGPIPE),
	SIGNAL(SIGALRM),
	SIGNAL(SIGTERM),
	SIGNAL(SIGSTKFLT),
	SIGNAL(SIGCHLD),
	SIGNAL(SIGCONT),
	SIGNAL(SIGSTOP),
	SIGNAL(SIGTSTP),
	SIGNAL(SIGTTIN),
	SIGNAL(SIGTTOU),
	SIGNAL(SIGURG),
	SIGNAL(SIGXCPU),
	SIGNAL(SIGXFSZ),
	SIGNAL(SIGVTALRM),
	SIGNAL(SIGPROF),
	SIGNAL(SIGWINCH),
	SIGNAL(SIGIO),
	SIGNAL(SIGPWR),
	SIGNAL(SIGSYS),
};

const char *signal_name(int signal, char buf[static SIGNAL_NAME_SIZE])
{
	int rtmin = SIGRTMIN, rtmax = SIGRTMAX;

	if (signal > 0 && (size_t)signal < sizeof(names) / sizeof(names[0]) && names[signal])
		return names[signal];
	if (signal == rtmin)
		return "SIGRTMIN";
	if (signal > rtmin && signal <= rtmax)
		snprintf(buf, SIGNAL_NAME_SIZE, "SIGRTMIN+%d", signal - rtmin);
	else
		snprintf(buf, SIGNAL_NAME_SIZE, "SIG%d", signal);
	return buf;
}

bool signal_is_fatal(int signal)
{
	switch (signal) {
	case SIGHUP:
	case SIGINT:
	case SIGQUIT:
	case SIGILL:
	case SIGTRAP:
	case SIGABRT:
	case SIGBUS:
	case SIGFPE:
	case SIGKILL:
	case SIGSEGV:
	case SIGTERM:
	case SIGSTOP:
	case SIGSYS:
		return true;
	default:
		return false;
	}
}

const char *signal_code_name(int code, char buf[static SIGNAL_CODE_NAME_SIZE])
{
	switch (code) {
	case SI_USER:
		return "SI_USER";
	case SI_KERNEL:
		return "SI_KERNEL";
	case SI_QUEUE:
		return "SI_QUEUE";
	case SI_TIMER:
		return "SI_TIMER";
	case SI_MESGQ:
		return "SI_MESGQ";
	case SI_ASYNCIO:
		return "SI_ASYNCIO";
	case SI_SIGIO:
		return "SI_SIGIO";
	case SI_TKILL:
		return "SI_TKILL";
	default:
		snprintf(buf, SIGNAL_CODE_NAME_SIZE, "%d", code);
		return buf;
	}
}

#define ERROR(name)                                                                                \
	{                                                                                          \
		name, #name                                                                        \
	}
static const struct {
	int error;
	const char *name;
} errors[] = {
	ERROR(EPERM),
	ERROR(ESRCH),
	ERROR(EINVAL),
	ERROR(EAGAIN),
	ERROR(ENOMEM),
	ERROR(EBADF),
	ERROR(EFAULT),
	ERROR(ENOSYS),
	ERROR(EACCES),
	ERROR(EINTR),
	ERROR(EOPNOTSUPP),
};

const char *error_name(int error, char buf[static ERROR_NAME_SIZE])
{
	for (size_t i = 0; i < sizeof(errors) / sizeof(errors[0]); i++)
		if (errors[i].error == error)
			return errors[i].name;
	snprintf(buf, ERROR_NAME_SIZE, "errno %d", error);
	return buf;
}
