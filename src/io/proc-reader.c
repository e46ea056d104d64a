/* SPDX-License-Identifier: GPL-2.0-or-later */
/* SPDX-FileCopyrightText: The killauditd authors */

#include "io/proc-reader.h"

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "core/audit-value.h"
#include "core/cgroup-path.h"
#include "core/process.h"

/* One line for each of a dozen hierarchies, with a path of up to 4096 bytes each. */
#define FILE_MAX (16 * PATH_MAX)

struct proc_reader {
	DIR *root;
	unsigned ticks_per_second;
	char text[FILE_MAX + 1];
};

int proc_reader_open(const char *root, struct proc_reader **ret)
{
	struct proc_reader *reader = calloc(1, sizeof(*reader));

	if (!reader)
		return -ENOMEM;
	reader->ticks_per_second = (unsigned)sysconf(_SC_CLK_TCK);
	reader->root = opendir(root);
	if (!reader->root) {
		int r = -errno;

		proc_reader_close(reader);
		return r;
	}
	*ret = reader;
	return 0;
}

struct proc_reader *proc_reader_close(struct proc_reader *reader)
{
	if (!reader)
		return NULL;
	if (reader->root)
		closedir(reader->root);
	free(reader);
	return NULL;
}

int proc_reader_next_pid(struct proc_reader *reader, pid_t *ret)
{
	struct dirent *entry;

	while ((entry = readdir(reader->root))) {
		int64_t pid;

		if (audit_value_number(entry->d_name, &pid) == 0 && pid > 0 && pid <= INT_MAX) {
			*ret = (pid_t)pid;
			return 0;
		}
	}
	rewinddir(reader->root);
	return PROC_READER_END;
}

/* Up to `max` bytes into reader->text, NUL-terminated. The length, or a negative errno. */
static ssize_t file_read(struct proc_reader *reader, int dir_fd, const char *name, size_t max)
{
	int fd = openat(dir_fd, name, O_RDONLY | O_CLOEXEC | O_NOFOLLOW);
	ssize_t len = 0;

	if (fd < 0)
		return -errno;
	while ((size_t)len < max) {
		ssize_t n = read(fd, reader->text + len, max - (size_t)len);

		if (n < 0 && errno == EINTR)
			continue;
		if (n < 0)
			len = -errno;
		if (n <= 0)
			break;
		len += n;
	}
	close(fd);
	if (len >= 0)
		reader->text[len] = '\0';
	return len;
}

/* The kernel appends " (deleted)" to the path of a file that was unlinked; a file may also be
 * called so, and then still has a link. */
static void exe_read(int dir_fd, struct process *process)
{
	static const char mark[] = " (deleted)";
	char path[PATH_MAX + sizeof(mark)];
	ssize_t len = readlinkat(dir_fd, "exe", path, sizeof(path) - 1);
	size_t mark_at;
	struct stat status;

	if (len <= 0)
		return;
	path[len] = '\0';
	mark_at = (size_t)len > strlen(mark) ? (size_t)len - strlen(mark) : 0;
	if (mark_at > 0 && strcmp(path + mark_at, mark) == 0 &&
		fstatat(dir_fd, "exe", &status, 0) == 0 && status.st_nlink == 0) {
		path[mark_at] = '\0';
		process->exe_deleted = true;
	}
	process->exe = strdup(path);
}

static bool id_read(struct proc_reader *reader, int dir_fd, const char *name, uint32_t *ret)
{
	return file_read(reader, dir_fd, name, FILE_MAX) > 0 &&
	       audit_value_id(reader->text, ret) == 0;
}

static void details_read(struct proc_reader *reader, int dir_fd, struct process *process)
{
	const char *path;
	size_t path_len;
	ssize_t len;

	len = file_read(reader, dir_fd, "cgroup", FILE_MAX);
	if (len > 0 && cgroup_text_choose(reader->text, (size_t)len, &path, &path_len)) {
		process->cgroup = strndup(path, path_len);
		process->cgroup_text = strdup(reader->text);
	}
	len = file_read(reader, dir_fd, "status", FILE_MAX);
	if (len > 0)
		process_parse_status(reader->text, (size_t)len, process);
	process->login_known = id_read(reader, dir_fd, "loginuid", &process->loginuid) &&
			       id_read(reader, dir_fd, "sessionid", &process->session);
}

static void cmdline_read(struct proc_reader *reader, int dir_fd, struct process *process)
{
	ssize_t len = file_read(reader, dir_fd, "cmdline", PROC_READER_CMDLINE_MAX);

	if (len <= 0)
		return;
	process->cmdline_cut = len == PROC_READER_CMDLINE_MAX;
	len = (ssize_t)process_join_words(reader->text, (size_t)len);
	process->cmdline = len > 0 ? strndup(reader->text, (size_t)len) : NULL;
}

int proc_reader_read(
	struct proc_reader *reader, pid_t pid, enum proc_reader_detail detail, struct process *ret)
{
	struct process process = {.start_usec = PROCESS_START_UNKNOWN};
	char name[16];
	ssize_t len;
	int dir_fd;

	snprintf(name, sizeof(name), "%d", pid);
	dir_fd = openat(dirfd(reader->root), name, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
	if (dir_fd < 0)
		return errno == ENOENT || errno == ESRCH ? PROC_READER_GONE : -errno;
	exe_read(dir_fd, &process);
	if (detail == PROC_READER_FULL || detail == PROC_READER_STATE)
		details_read(reader, dir_fd, &process);
	if (detail == PROC_READER_FULL || detail == PROC_READER_NAMES)
		cmdline_read(reader, dir_fd, &process);
	/* Last, so that a process that went meanwhile is seen to be gone. */
	len = file_read(reader, dir_fd, "stat", FILE_MAX);
	close(dir_fd);
	if (len <= 0 || !process_parse_stat(
				reader->text, (size_t)len, reader->ticks_per_second, &process)) {
		process_done(&process);
		return PROC_READER_GONE;
	}
	*ret = process;
	return 0;
}
