/* SPDX-License-Identifier: GPL-2.0-or-later */
/* SPDX-FileCopyrightText: The killauditd authors */

/*
 * Short texts that are read back: what the kernel tells of its own settings, and what an earlier
 * run has left in a file. What was understood is written and read once more, and is the same.
 */

#include <assert.h>
#include <linux/audit.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include "core/absence.h"
#include "core/buffer.h"
#include "core/config-change.h"
#include "core/kernel-changes.h"
#include "core/kernel-cmdline.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

/* Its end is told by the length alone. */
static void check_config_change(const uint8_t *data, size_t size)
{
	char *payload = malloc(size ? size : 1);
	const struct audit_record record = {
		.type = AUDIT_CONFIG_CHANGE, .payload = payload, .payload_len = size};

	assert(payload);
	if (size)
		memcpy(payload, data, size);
	assert(config_change_parse(&record) <= CONFIG_CHANGE_OTHER_RULE);
	free(payload);
}

static void check_heartbeat(const char *text)
{
	struct heartbeat heartbeat, again;
	struct buffer written = {};

	memset(&heartbeat, '?', sizeof(heartbeat));
	memset(&again, '?', sizeof(again));
	if (!heartbeat_parse(text, &heartbeat)) {
		assert(memcmp(&heartbeat, &again, sizeof(again)) == 0);
		return;
	}
	assert(strlen(heartbeat.boot_id) == BOOT_ID_LEN);
	assert(heartbeat.realtime_usec <= INT64_MAX);
	heartbeat_format(&heartbeat, &written);
	assert(!written.failed && heartbeat_parse(written.data, &again));
	assert(strcmp(heartbeat.boot_id, again.boot_id) == 0);
	assert(heartbeat.realtime_usec == again.realtime_usec);
	assert(heartbeat.stopped == again.stopped);
	buffer_done(&written);
}

static void check_kernel_changes(const char *text)
{
	struct buffer once = {}, twice = {};
	struct kernel_changes changes, again;

	kernel_changes_parse(text, &changes);
	assert(changes.company.n_listeners <= AUDIT_LISTENERS_MAX);
	kernel_changes_format(&changes, &once);
	assert(!once.failed);
	kernel_changes_parse(once.data, &again);
	assert(kernel_changes_any(&again) == kernel_changes_any(&changes));
	assert(audit_company_unchanged(&changes.company, &again.company));
	kernel_changes_format(&again, &twice);
	assert(once.len == twice.len && memcmp(once.data, twice.data, once.len) == 0);
	buffer_done(&once);
	buffer_done(&twice);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	char *text = malloc(size + 1);

	assert(text);
	if (size)
		memcpy(text, data, size);
	text[size] = '\0';
	check_config_change(data, size);
	check_heartbeat(text);
	check_kernel_changes(text);
	kernel_cmdline_audits(text);
	free(text);
	return 0;
}
