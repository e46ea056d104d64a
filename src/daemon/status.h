/* SPDX-License-Identifier: GPL-2.0-or-later */
/* SPDX-FileCopyrightText: The killauditd authors */

/* Exit statuses, a contract with users and units; the numbers are those of sysexits.h. */
#pragma once

enum status {
	STATUS_OK = 0,
	STATUS_OTHER = 1,
	STATUS_USAGE = 64,
	STATUS_UNAVAILABLE = 69, /* nothing can be watched here */
	STATUS_PRIVILEGE = 77,
	STATUS_CONFIG = 78,
};
