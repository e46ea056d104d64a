/* SPDX-License-Identifier: GPL-2.0-or-later */
/* SPDX-FileCopyrightText: The killauditd authors */

#include "io/heartbeat-file.h"

#include <errno.h>
#include <fcntl.h>
#include <pthread.h>
#include <stdatomic.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

#include "core/buffer.h"
#include "io/text-file.h"

#define FILE_NAME     "heartbeat"
#define STOP_WAIT_SEC 2

struct heartbeat_file {
	int fd;
	char boot_id[BOOT_ID_LEN + 1];
	pthread_t thread;
	pthread_mutex_t lock;
	pthread_cond_t wake;
	bool stop; /* under the lock */
	_Atomic unsigned failures;
	_Atomic int error;
};

int heartbeat_file_read(const char *folder, struct buffer *ret)
{
	char path[4096];
	int r;

	snprintf(path, sizeof(path), "%s/" FILE_NAME, folder);
	r = text_file_read(path, ret);
	return r == -ENOENT ? 0 : r;
}

/* Less than one sector of a disk: it is there whole, or not at all. */
static void heartbeat_write(struct heartbeat_file *file, bool stopped)
{
	struct heartbeat heartbeat = {.stopped = stopped};
	struct buffer text = {};
	struct timespec now;

	clock_gettime(CLOCK_REALTIME, &now);
	heartbeat.realtime_usec = (uint64_t)now.tv_sec * 1000000 + (uint64_t)now.tv_nsec / 1000;
	memcpy(heartbeat.boot_id, file->boot_id, sizeof(heartbeat.boot_id));
	heartbeat_format(&heartbeat, &text);
	if (text.failed || pwrite(file->fd, text.data, text.len, 0) != (ssize_t)text.len ||
		ftruncate(file->fd, (off_t)text.len) < 0 || fdatasync(file->fd) < 0) {
		file->error = text.failed ? ENOMEM : errno;
		file->failures++;
	}
	buffer_done(&text);
}

static void *heartbeat_thread(void *userdata)
{
	struct heartbeat_file *file = userdata;
	struct timespec next;
	bool stop = false;

	clock_gettime(CLOCK_MONOTONIC, &next);
	while (!stop) {
		heartbeat_write(file, false);
		next.tv_sec += HEARTBEAT_INTERVAL_USEC / USEC_PER_SEC;
		pthread_mutex_lock(&file->lock);
		while (!file->stop &&
			pthread_cond_timedwait(&file->wake, &file->lock, &next) != ETIMEDOUT)
			;
		stop = file->stop;
		pthread_mutex_unlock(&file->lock);
	}
	heartbeat_write(file, true);
	return NULL;
}

int heartbeat_file_start(
	const char *folder, const char boot_id[static BOOT_ID_LEN + 1], struct heartbeat_file **ret)
{
	struct heartbeat_file *file = calloc(1, sizeof(*file));
	pthread_condattr_t attributes;
	char path[4096];
	int r;

	if (!file)
		return -ENOMEM;
	memcpy(file->boot_id, boot_id, BOOT_ID_LEN);
	snprintf(path, sizeof(path), "%s/" FILE_NAME, folder);
	file->fd = open(path, O_WRONLY | O_CREAT | O_CLOEXEC | O_NOFOLLOW, 0600);
	if (file->fd < 0) {
		r = -errno;
		free(file);
		return r;
	}
	pthread_mutex_init(&file->lock, NULL);
	pthread_condattr_init(&attributes);
	pthread_condattr_setclock(&attributes, CLOCK_MONOTONIC);
	pthread_cond_init(&file->wake, &attributes);
	r = -pthread_create(&file->thread, NULL, heartbeat_thread, file);
	if (r < 0) {
		close(file->fd);
		free(file);
		return r;
	}
	*ret = file;
	return 0;
}

struct heartbeat_file *heartbeat_file_stop(struct heartbeat_file *file)
{
	struct timespec until;

	if (!file)
		return NULL;
	pthread_mutex_lock(&file->lock);
	file->stop = true;
	pthread_cond_signal(&file->wake);
	pthread_mutex_unlock(&file->lock);
	clock_gettime(CLOCK_REALTIME, &until);
	until.tv_sec += STOP_WAIT_SEC;
	/* A thread that hangs in the disk keeps what it uses; we are about to end. */
	if (pthread_timedjoin_np(file->thread, NULL, &until) != 0)
		return NULL;
	close(file->fd);
	free(file);
	return NULL;
}

unsigned heartbeat_file_failures(const struct heartbeat_file *file, int *ret_error)
{
	*ret_error = file->error;
	return file->failures;
}
