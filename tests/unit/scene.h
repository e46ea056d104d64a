/* SPDX-License-Identifier: GPL-2.0-or-later */
/* SPDX-FileCopyrightText: The killauditd authors */

/* One send of which everything is known: every field that an entry can have has a value. */
#pragma once

#include <errno.h>
#include <signal.h>
#include <string.h>

#include "unit.h"

#include "core/journal-entry.h"
#include "core/signal-entry.h"

#define WEB "5fb8adf9ee620123456789abcdef0123456789abcdef0123456789abcdef0123"
#define OPS "c0ffee0123450123456789abcdef0123456789abcdef0123456789abcdef0123"

/* What the kernel says. */
static const struct signal_sender scene_sender = {.pid = 23549,
	.ppid = 23495,
	.uid = 1000,
	.euid = 0,
	.loginuid = 1001,
	.session = 3,
	.comm = "pkill",
	.tty = (char *)"pts0",
	.exe = (char *)"/audit",
	.context = (char *)"staff_t",
	.title = (char *)"a title\0b",
	.title_len = 7};
static const struct signal_target scene_target = {.pid = 7942,
	.uid = 33,
	.loginuid = AUDIT_ID_UNSET,
	.session = AUDIT_ID_UNSET,
	.comm = "server",
	.context = (char *)"httpd_t"};
static const struct signal_event scene_event = {.serial = 4711,
	.time_msec = 1795391999042,
	.syscall.arch_name = "x86_64",
	.signal = SIGKILL,
	.result_known = true,
	.error = EPERM,
	.n_targets = 1};

/* What was read. */
static const struct process scene_sender_process = {
	.start_usec = 2008475200000, .namespaced = true, .namespace_pid = 31};
static const struct process scene_target_process = {.ppid = 1,
	.start_usec = 1633100000,
	.namespaced = true,
	.namespace_pid = 1,
	.ids_known = true,
	.euid = 34,
	.tty_number = 34817};
static const struct party scene_sender_party = {PROCESS_SOURCE_PROCFS, &scene_sender_process,
	"/usr/bin/pkill", true, "pkill -9 server", "/docker/" OPS, {"docker", OPS}, true,
	REASON_BIT(SENDER_SEED)};
static const struct party scene_target_party = {PROCESS_SOURCE_PROCFS, &scene_target_process,
	"/usr/bin/server", true, "not told", "/libpod-" WEB, {"podman", WEB}, true, 0};
static const struct ancestor scene_chain[] = {
	{23549, "pkill", NULL, 10000, PROCESS_SOURCE_PROCFS, true},
	{23495, "bash", "/bin/bash", PROCESS_START_UNKNOWN, PROCESS_SOURCE_PROCFS, false},
	{1, "systemd", "/sbin/init", 0, PROCESS_SOURCE_PROCFS, true},
};

/* The send, for tests to change, and its entry. */
struct scene {
	struct signal_event event;
	struct signal_target target;
	struct ancestry ancestry;
	struct attributed_signal attributed;
	struct journal_entry entry;
};

static inline void scene_init(struct scene *scene)
{
	*scene = (struct scene){.event = scene_event, .target = scene_target};
	scene->event.sender = scene_sender;
	memcpy(scene->ancestry.links, scene_chain, sizeof(scene_chain));
	scene->ancestry.n_links = ELEMENTS(scene_chain);
	scene->ancestry.complete = true;
	scene->attributed = (struct attributed_signal){{0x0123456789abcdef, 0x10}, 1795391999042000,
		81000000, &scene->event, &scene->target, scene_sender_party, scene_target_party,
		&scene->ancestry};
}

static inline void scene_format(struct scene *scene)
{
	assert_int_equal(signal_entry_format(&scene->attributed, &scene->entry), 0);
	assert_false(scene->entry.failed);
}

static inline void scene_done(struct scene *scene)
{
	journal_entry_done(&scene->entry);
}
