/* SPDX-License-Identifier: GPL-2.0-or-later */
/* SPDX-FileCopyrightText: The killauditd authors */

#include "io/kernel-cmdline-reader.h"

#include <errno.h>
#include <fcntl.h>
#include <unistd.h>

#include "core/buffer.h"

int kernel_cmdline_read(struct buffer *ret)
{
	int fd = open("/proc/cmdline", O_RDONLY | O_CLOEXEC), r = 0;
	char text[4096];
	ssize_t n;

	buffer_clear(ret);
	if (fd < 0)
		return -errno;
	while ((n = read(fd, text, sizeof(text))) > 0)
		buffer_append(ret, text, (size_t)n);
	if (n < 0)
		r = -errno;
	else if (ret->failed)
		r = -ENOMEM;
	close(fd);
	return r;
}
