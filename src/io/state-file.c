/* SPDX-License-Identifier: GPL-2.0-or-later */
/* SPDX-FileCopyrightText: The killauditd authors */

#include "io/state-file.h"

#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <unistd.h>

#include "core/buffer.h"
#include "io/text-file.h"

#define STATE_DIR    "/run/killauditd"
#define DAEMON_LOCK  STATE_DIR "/daemon.lock"
#define CHANGES_LOCK STATE_DIR "/changes.lock"
#define STATE_FILE   STATE_DIR "/kernel-changes"

/* A change takes milliseconds. */
#define LOCK_WAIT_MSEC  5000
#define LOCK_RETRY_MSEC 20

static int lock_open(const char *path)
{
	int fd;

	if (mkdir(STATE_DIR, 0755) < 0 && errno != EEXIST)
		return -errno;
	/* Who can open it, can hold the lock for ever. */
	fd = open(path, O_RDWR | O_CREAT | O_CLOEXEC | O_NOFOLLOW, 0600);
	return fd < 0 ? -errno : fd;
}

int state_file_lock_daemon(int *ret_fd, pid_t *ret_holder)
{
	int fd = lock_open(DAEMON_LOCK), r;
	char text[16] = "";

	if (fd < 0)
		return fd;
	*ret_holder = 0;
	if (flock(fd, LOCK_EX | LOCK_NB) < 0) {
		r = errno == EWOULDBLOCK ? -EBUSY : -errno;
		if (pread(fd, text, sizeof(text) - 1, 0) > 0)
			*ret_holder = (pid_t)strtol(text, NULL, 10);
		close(fd);
		return r;
	}
	if (ftruncate(fd, 0) < 0 || dprintf(fd, "%d\n", getpid()) < 0) {
		r = -errno;
		close(fd);
		return r;
	}
	*ret_fd = fd;
	return 0;
}

int state_file_lock_changes(int *ret_fd)
{
	int fd = lock_open(CHANGES_LOCK);

	if (fd < 0)
		return fd;
	for (int waited_msec = 0; flock(fd, LOCK_EX | LOCK_NB) < 0;
		waited_msec += LOCK_RETRY_MSEC) {
		int r = errno == EWOULDBLOCK ? -EBUSY : -errno;

		if (r != -EBUSY || waited_msec >= LOCK_WAIT_MSEC) {
			close(fd);
			return r;
		}
		poll(NULL, 0, LOCK_RETRY_MSEC);
	}
	*ret_fd = fd;
	return 0;
}

int state_file_read(struct buffer *ret)
{
	int r = text_file_read(STATE_FILE, ret);

	return r == -ENOENT ? 0 : r;
}

static int file_write(const char *path, const char *text, size_t len)
{
	int fd = open(path, O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC | O_NOFOLLOW, 0644), r = 0;
	ssize_t n;

	if (fd < 0)
		return -errno;
	n = write(fd, text, len);
	if (n < 0)
		r = -errno;
	else if ((size_t)n != len)
		r = -ENOSPC;
	close(fd);
	return r;
}

int state_file_write(const char *text, size_t len)
{
	int r;

	if (len == 0)
		return unlink(STATE_FILE) < 0 && errno != ENOENT ? -errno : 0;
	r = file_write(STATE_FILE ".new", text, len);
	if (r < 0)
		return r;
	return rename(STATE_FILE ".new", STATE_FILE) < 0 ? -errno : 0;
}
