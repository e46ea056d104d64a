/* SPDX-License-Identifier: GPL-2.0-or-later */
/* SPDX-FileCopyrightText: The killauditd authors */

#include "io/netlink-listeners.h"

#include <errno.h>
#include <inttypes.h>
#include <linux/audit.h>
#include <linux/netlink.h>
#include <stdio.h>
#include <stdlib.h>

/* sk               Eth Pid        Groups   Rmem     Wmem     Dump  Locks    Drops    Inode
 * 00000000d2b03a5d 9   1234       00000001 0        0        0     2        0        16201  */
int netlink_listeners_read(uint32_t **ret_portids, size_t *ret_n)
{
	FILE *file = fopen("/proc/net/netlink", "re");
	uint32_t *portids = NULL, portid, groups;
	char line[256];
	unsigned protocol;
	size_t n = 0;

	if (!file)
		return -errno;
	while (fgets(line, sizeof(line), file)) {
		uint32_t *grown;

		if (sscanf(line, "%*s %u %" SCNu32 " %" SCNx32, &protocol, &portid, &groups) != 3 ||
			protocol != NETLINK_AUDIT || !(groups & 1U << (AUDIT_NLGRP_READLOG - 1)))
			continue;
		grown = reallocarray(portids, n + 1, sizeof(*portids));
		if (!grown) {
			free(portids);
			fclose(file);
			return -ENOMEM;
		}
		portids = grown;
		portids[n++] = portid;
	}
	fclose(file);
	*ret_portids = portids;
	*ret_n = n;
	return 0;
}
