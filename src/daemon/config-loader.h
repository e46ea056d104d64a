/* SPDX-License-Identifier: GPL-2.0-or-later */
/* SPDX-FileCopyrightText: The killauditd authors */

#pragma once

#include "core/config.h"
#include "daemon/status.h"

#define CONFIG_PATH SYSCONFDIR "/killauditd.conf"

/* Reads the file and then PATH.d/?*.conf. `path` NULL: CONFIG_PATH, which need not be there. What
 * is wrong is logged with file and line; a key that is not known is only a warning.
 * STATUS_CONFIG: something is wrong, and *config is not to be used. */
enum status config_load(const char *path, struct config *config);
