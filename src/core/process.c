/* SPDX-License-Identifier: GPL-2.0-or-later */
/* SPDX-FileCopyrightText: The killauditd authors */

#include "core/process.h"

#include <errno.h>
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

void process_done(struct process *process)
{
	free(process->exe);
	free(process->cmdline);
	free(process->cgroup);
	free(process->cgroup_text);
	*process = (struct process){.start_usec = PROCESS_START_UNKNOWN};
}

static bool string_copy(const char *string, char **ret)
{
	*ret = string ? strdup(string) : NULL;
	return !string || *ret;
}

int process_copy(const struct process *process, struct process *ret)
{
	struct process copy = *process;
	bool copied;

	copied = string_copy(process->exe, &copy.exe);
	copied = string_copy(process->cmdline, &copy.cmdline) && copied;
	copied = string_copy(process->cgroup, &copy.cgroup) && copied;
	copied = string_copy(process->cgroup_text, &copy.cgroup_text) && copied;
	copy.maker = NULL;
	if (!copied) {
		process_done(&copy);
		return -ENOMEM;
	}
	*ret = copy;
	return 0;
}

/* fs/proc/array.c, proc_task_name(): a kernel worker is told with what it works on. */
#define STAT_COMM_MAX 63

bool process_same(const struct process *a, const struct process *b)
{
	uint64_t apart = a->start_usec > b->start_usec ? a->start_usec - b->start_usec
						       : b->start_usec - a->start_usec;

	return a->pid == b->pid && apart <= PROCESS_START_SLACK_USEC;
}

uint64_t process_start_told(const struct process *process)
{
	if (process->start_usec == PROCESS_START_UNKNOWN)
		return PROCESS_START_UNKNOWN;
	return process->start_usec - process->start_usec % PROCESS_START_RESOLUTION_USEC;
}

/* In the flags of a task, include/linux/sched.h. */
#define PF_KTHREAD 0x00200000U

/* 7942 (server) S 7901 7942 7942 34816 7942 4194304 109 0 0 0 0 0 0 0 20 0 1 0 163310 ...
 * The name is the process's choice and may hold spaces and parentheses: it ends at the last one. */
bool process_parse_stat(
	const char *text, size_t len, unsigned ticks_per_second, struct process *process)
{
	const char *open = memchr(text, '(', len);
	const char *close = memrchr(text, ')', len);
	char state;
	int pid, ppid, tty, at = 0;
	unsigned flags;
	uint64_t start_ticks;
	size_t comm_len;

	if (!open || !close || close < open || (size_t)(close - open) > STAT_COMM_MAX + 1 ||
		text[len] != '\0')
		return false;
	if (sscanf(text, "%d %n", &pid, &at) != 1 || text + at != open)
		return false;
	at = 0;
	if (sscanf(close + 1,
		    " %c %d %*d %*d %d %*d %u %*u %*u %*u %*u %*u %*u %*d %*d %*d %*d %*d %*d "
		    "%" SCNu64 "%n",
		    &state, &ppid, &tty, &flags, &start_ticks, &at) != 5 ||
		close[1 + at] != ' ')
		return false;
	process->pid = pid;
	process->ppid = ppid;
	process->kernel_thread = flags & PF_KTHREAD;
	process->zombie = state == 'Z' || state == 'X';
	process->tty_number = (uint32_t)tty;
	process->start_usec = start_ticks * 1000000 / ticks_per_second;
	memset(process->comm, 0, sizeof(process->comm));
	comm_len = (size_t)(close - open - 1);
	memcpy(process->comm, open + 1, comm_len < COMM_SIZE ? comm_len : COMM_SIZE - 1);
	return true;
}

/* The rest of the line that begins with `name`, or NULL. */
static const char *status_line(const char *text, const char *name)
{
	size_t len = strlen(name);

	for (const char *line = text; line; line = strchr(line, '\n')) {
		line += *line == '\n';
		if (strncmp(line, name, len) == 0)
			return line + len;
	}
	return NULL;
}

bool process_parse_status(const char *text, size_t len, struct process *process)
{
	const char *uid = status_line(text, "Uid:"), *pids = status_line(text, "NSpid:");
	int offset = 0, pid, n = 0;

	if (text[len] != '\0' || !uid ||
		sscanf(uid, "%" SCNu32 " %" SCNu32 "%n", &process->uid, &process->euid, &offset) !=
			2 ||
		uid[offset] != '\t')
		return false;
	process->ids_known = true;
	/* NSpid: 7942  1 - from the host's namespace to the innermost one. */
	for (; pids && *pids != '\n' && sscanf(pids, "%d%n", &pid, &offset) == 1; pids += offset) {
		process->namespace_pid = pid;
		n++;
		if (pids[offset] == '\n')
			break;
	}
	process->namespaced = n > 1;
	return true;
}

size_t process_join_words(char *words, size_t len)
{
	while (len > 0 && words[len - 1] == '\0')
		len--;
	for (size_t i = 0; i < len; i++)
		if (words[i] == '\0')
			words[i] = ' ';
	return len;
}

bool process_tty_name(uint32_t tty_number, char *buf, size_t size)
{
	/* /proc/PID/stat packs it as the kernel's new_encode_dev() does. */
	unsigned major = tty_number >> 8 & 0xfff;
	unsigned minor = (tty_number & 0xff) | (tty_number >> 12 & 0xfff00);

	if (major >= 136 && major <= 143) /* Documentation/admin-guide/devices.txt */
		snprintf(buf, size, "pts/%u", (major - 136) * 256 + minor);
	else if (major == 4 && minor >= 64)
		snprintf(buf, size, "ttyS%u", minor - 64);
	else if (major == 4)
		snprintf(buf, size, "tty%u", minor);
	else
		return false;
	return true;
}
