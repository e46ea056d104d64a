/* SPDX-License-Identifier: GPL-2.0-or-later */
/* SPDX-FileCopyrightText: The killauditd authors */

#include "io/text-file.h"

#include <errno.h>
#include <fcntl.h>
#include <unistd.h>

#include "core/buffer.h"

/* None of ours is this long. */
#define TEXT_FILE_MAX (1U << 20)

int text_file_read(const char *path, struct buffer *ret)
{
	int fd = open(path, O_RDONLY | O_CLOEXEC | O_NOFOLLOW), r = 0;
	char text[4096];
	ssize_t n;

	buffer_clear(ret);
	if (fd < 0)
		return -errno;
	while ((n = read(fd, text, sizeof(text))) > 0 && ret->len < TEXT_FILE_MAX)
		buffer_append(ret, text, (size_t)n);
	if (n < 0)
		r = -errno;
	else if (ret->failed)
		r = -ENOMEM;
	close(fd);
	return r;
}
