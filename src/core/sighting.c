/* SPDX-License-Identifier: GPL-2.0-or-later */
/* SPDX-FileCopyrightText: The killauditd authors */

#include "core/sighting.h"

#include <string.h>

void sighting_take(const struct process *process, struct sighting *ret)
{
	*ret = (struct sighting){
		.process = process,
		.pid = process->pid,
		.exe = process->exe,
		.exe_passed = process->exe_passed,
		.exe_deleted = process->exe_deleted,
		.cgroup = process->cgroup,
		.cgroup_source = process->cgroup_source,
		.n_execs = process->n_execs,
	};
	memcpy(ret->comm, process->comm, COMM_SIZE);
}
