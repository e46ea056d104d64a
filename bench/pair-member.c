/* SPDX-License-Identifier: GPL-2.0-or-later */
/* SPDX-FileCopyrightText: The killauditd authors */

/*
 * pair-member INDEX sender|target: one side of a pair that was exec'd, under the name that pairs
 * linked it by. Static and small, so that an exec costs little.
 */
#include <string.h>
#include <sys/mman.h>
#include <sys/stat.h>

#include "pair.h"

int main(int argc, char *argv[])
{
	struct pair_memory *memory;
	struct stat status;
	unsigned long index;

	if (argc != 3 || fstat(PAIR_MEMORY_FD, &status) < 0)
		return 64;
	memory = mmap(NULL, (size_t)status.st_size, PROT_READ | PROT_WRITE, MAP_SHARED,
		PAIR_MEMORY_FD, 0);
	index = strtoul(argv[1], NULL, 10);
	if (memory == MAP_FAILED || index >= memory->n_pairs)
		return 1;
	pair_act(memory, &memory->pairs[index],
		strcmp(argv[2], "sender") == 0 ? PAIR_SENDER : PAIR_TARGET);
}
