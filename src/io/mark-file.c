/* SPDX-License-Identifier: GPL-2.0-or-later */
/* SPDX-FileCopyrightText: The killauditd authors */

#include "io/mark-file.h"

#include <errno.h>
#include <fcntl.h>
#include <stdatomic.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <unistd.h>

#include "core/absence.h"

#define STATE_DIR "/run/killauditd"
#define MARK_FILE STATE_DIR "/mark"
/* To be changed with struct watch_mark: another version's mark is none. */
#define MARK_MAGIC UINT64_C(0x4b494c4c4d4b0002)

/* The mark is written into the slot that does not count, which then counts. */
struct layout {
	uint64_t magic;
	_Atomic uint32_t current; /* 0 or 1: which slot counts; NO_SLOT: neither */
	struct watch_mark slots[2];
};

#define NO_SLOT 2

struct mark_file {
	struct layout *layout;
};

static int layout_map(struct layout **ret)
{
	int fd, r = 0;
	void *map;

	if (mkdir(STATE_DIR, 0755) < 0 && errno != EEXIST)
		return -errno;
	fd = open(MARK_FILE, O_RDWR | O_CREAT | O_CLOEXEC | O_NOFOLLOW, 0600);
	if (fd < 0)
		return -errno;
	/* The memory is there before it is written to: a full /run is found out here. */
	r = -posix_fallocate(fd, 0, sizeof(struct layout));
	map = r < 0 ? MAP_FAILED
		    : mmap(NULL, sizeof(struct layout), PROT_READ | PROT_WRITE, MAP_SHARED, fd, 0);
	if (r == 0 && map == MAP_FAILED)
		r = -errno;
	close(fd);
	*ret = map;
	return r;
}

int mark_file_open(struct mark_file **ret, bool *ret_found, struct watch_mark *ret_mark)
{
	struct mark_file *file = calloc(1, sizeof(*file));
	uint32_t current;
	int r = -ENOMEM;

	if (file)
		r = layout_map(&file->layout);
	if (r < 0) {
		free(file);
		return r;
	}
	current = atomic_load(&file->layout->current);
	*ret_found = file->layout->magic == MARK_MAGIC && current < NO_SLOT;
	if (*ret_found) {
		*ret_mark = file->layout->slots[current];
	} else {
		atomic_store(&file->layout->current, NO_SLOT);
		file->layout->magic = MARK_MAGIC;
	}
	*ret = file;
	return 0;
}

struct mark_file *mark_file_close(struct mark_file *file)
{
	if (!file)
		return NULL;
	munmap(file->layout, sizeof(*file->layout));
	free(file);
	return NULL;
}

void mark_file_write(struct mark_file *file, const struct watch_mark *mark)
{
	uint32_t other = atomic_load(&file->layout->current) == 0 ? 1 : 0;

	file->layout->slots[other] = *mark;
	atomic_store(&file->layout->current, other);
}
