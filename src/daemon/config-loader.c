/* SPDX-License-Identifier: GPL-2.0-or-later */
/* SPDX-FileCopyrightText: The killauditd authors */

#include <config.h>

#include "daemon/config-loader.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "core/buffer.h"
#include "core/escape.h"
#include "daemon/log.h"
#include "io/config-file.h"

struct loading {
	struct config *config;
	enum status status;
};

static void on_setting(const char *path, unsigned line, const char *section, const char *name,
	const char *value, void *userdata)
{
	struct loading *loading = userdata;
	struct buffer shown = {};
	const char *allowed;

	if (!name[0]) {
		log_message("%s:%u: neither [Section] nor Key=value", path, line);
		loading->status = STATUS_CONFIG;
		return;
	}
	escape_text_append(&shown, value, strlen(value));
	switch (config_set(loading->config, section, name, value, &allowed)) {
	case CONFIG_UNKNOWN:
		log_message("%s:%u: warning: no such key: %s in [%s]", path, line, name, section);
		break;
	case CONFIG_INVALID:
		log_message("%s:%u: %s=%s: allowed is %s", path, line, name,
			shown.data ? shown.data : "", allowed);
		loading->status = STATUS_CONFIG;
		break;
	default:
		break;
	}
	buffer_done(&shown);
}

static void read_file(struct loading *loading, const char *path, bool needed)
{
	int r = config_file_read(path, on_setting, loading);

	if (r == 0 || (r == -ENOENT && !needed))
		return;
	log_message("cannot read %s: %s", path, strerror(-r));
	loading->status = STATUS_CONFIG;
}

static void read_folder(struct loading *loading, const char *folder)
{
	char **paths = NULL;
	int r = config_file_list(folder, &paths);

	if (r < 0) {
		log_message("cannot read %s: %s", folder, strerror(-r));
		loading->status = STATUS_CONFIG;
		return;
	}
	for (size_t i = 0; paths[i]; i++)
		read_file(loading, paths[i], true);
	config_file_list_free(paths);
}

enum status config_load(const char *path, struct config *config)
{
	struct loading loading = {.config = config, .status = STATUS_OK};
	struct buffer folder = {};

	config_init(config);
	read_file(&loading, path ? path : CONFIG_PATH, path);
	buffer_printf(&folder, "%s.d", path ? path : CONFIG_PATH);
	if (!folder.failed)
		read_folder(&loading, folder.data);
	buffer_done(&folder);
	return loading.status;
}
