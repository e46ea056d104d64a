/* SPDX-License-Identifier: GPL-2.0-or-later */
/* SPDX-FileCopyrightText: The killauditd authors */

#include "io/stream-writer.h"

#include <errno.h>
#include <limits.h>
#include <poll.h>
#include <stdbool.h>
#include <unistd.h>

/* How often it is looked whether to give up. */
#define WAIT_MSEC 100

static bool any_pending(const sigset_t *signals)
{
	sigset_t pending;

	if (sigpending(&pending) < 0)
		return false;
	sigandset(&pending, &pending, signals);
	return !sigisemptyset(&pending);
}

/* A pipe that is ready takes PIPE_BUF bytes without waiting (pipe(7)), a file takes any number. */
int stream_writer_write(int fd, const char *text, size_t len, const sigset_t *give_up)
{
	while (len > 0) {
		struct pollfd poll_fd = {.fd = fd, .events = POLLOUT};
		ssize_t n = 0;

		if (poll(&poll_fd, 1, WAIT_MSEC) > 0)
			n = write(fd, text, len < PIPE_BUF ? len : PIPE_BUF);
		else if (!give_up || any_pending(give_up))
			return -ECANCELED;
		if (n < 0 && errno != EAGAIN && errno != EINTR)
			return -errno;
		if (n > 0) {
			text += n;
			len -= (size_t)n;
		}
	}
	return 0;
}
