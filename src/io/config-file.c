/* SPDX-License-Identifier: GPL-2.0-or-later */
/* SPDX-FileCopyrightText: The killauditd authors */

#include "io/config-file.h"

#include <dirent.h>
#include <errno.h>
#include <ini.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

struct reading {
	FILE *file;
	const char *path;
	unsigned line;
	config_file_visit visit;
	void *userdata;
};

/* Whether the library counts lines for its handler depends on how it was built. */
static char *read_line(char *text, int size, void *stream)
{
	struct reading *reading = stream;
	char *read = fgets(text, size, reading->file);

	if (read)
		reading->line++;
	return read;
}

#if INI_HANDLER_LINENO
static int on_setting(
	void *user, const char *section, const char *name, const char *value, int line)
#else
static int on_setting(void *user, const char *section, const char *name, const char *value)
#endif
{
	struct reading *reading = user;

#if INI_HANDLER_LINENO
	(void)line;
#endif
	reading->visit(reading->path, reading->line, section, name ? name : "", value ? value : "",
		reading->userdata);
	return 1;
}

int config_file_read(const char *path, config_file_visit visit, void *userdata)
{
	struct reading reading = {.path = path, .visit = visit, .userdata = userdata};
	struct stat status;
	int r;

	reading.file = fopen(path, "re");
	if (!reading.file)
		return -errno;
	if (fstat(fileno(reading.file), &status) == 0 && S_ISDIR(status.st_mode)) {
		fclose(reading.file);
		return -EISDIR;
	}
	r = ini_parse_stream(read_line, &reading, on_setting, &reading);
	if (r > 0)
		visit(path, (unsigned)r, "", "", "", userdata);
	r = ferror(reading.file) ? -EIO : r == -2 ? -ENOMEM : 0;
	fclose(reading.file);
	return r;
}

static int is_conf(const struct dirent *entry)
{
	size_t len = strlen(entry->d_name);

	return len > 5 && entry->d_name[0] != '.' && strcmp(entry->d_name + len - 5, ".conf") == 0;
}

static int compare(const struct dirent **a, const struct dirent **b)
{
	return strcmp((*a)->d_name, (*b)->d_name);
}

int config_file_list(const char *folder, char ***ret_paths)
{
	struct dirent **entries = NULL;
	char **paths;
	int n = scandir(folder, &entries, is_conf, compare), r = 0;

	if (n < 0 && errno != ENOENT)
		return -errno;
	if (n < 0)
		n = 0;
	paths = calloc((size_t)n + 1, sizeof(*paths));
	if (!paths)
		r = -ENOMEM;
	for (int i = 0; i < n; i++) {
		if (r == 0 && asprintf(&paths[i], "%s/%s", folder, entries[i]->d_name) < 0) {
			paths[i] = NULL;
			r = -ENOMEM;
		}
		free(entries[i]);
	}
	free(entries);
	if (r < 0) {
		config_file_list_free(paths);
		return r;
	}
	*ret_paths = paths;
	return 0;
}

void config_file_list_free(char **paths)
{
	for (size_t i = 0; paths && paths[i]; i++)
		free(paths[i]);
	free(paths);
}
