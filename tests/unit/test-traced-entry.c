/* SPDX-License-Identifier: GPL-2.0-or-later */
/* SPDX-FileCopyrightText: The killauditd authors */

/* Entries of sends that the trace saw: with audit, without it, and those of the kernel. */

#include <errno.h>
#include <signal.h>
#include <string.h>

#include "rows.h"
#include "scene.h"

#include "core/certainty.h"

#define TO   " to server(7942) in container 5fb8adf9ee62"
#define UP   "; ancestry systemd=>bash=>pkill"
#define PAST "pkill(23549) sent SIGKILL"

static const struct entry_row {
	const char *name;
	bool traced; /* no record of it */
	enum signal_class class;
	int code;
	enum signal_delivery delivery;
	int error; /* of the record */
	const char *message, *route, *delivery_told, *code_told, *priority;
} entry_rows[] = {
	{"both saw it", false, SIGNAL_CLASS_KILL, SI_USER, DELIVERY_QUEUED, 0, PAST TO UP, "kill",
		"queued", "SI_USER", "5"},
	{"both saw it, and the target ignores it", false, SIGNAL_CLASS_KILL, SI_USER,
		DELIVERY_IGNORED, 0, PAST TO UP, "kill", "ignored", "SI_USER", "5"},
	{"one of a group that was not reached", false, SIGNAL_CLASS_KILL, SI_USER, DELIVERY_REFUSED,
		0, "pkill(23549) tried to send SIGKILL" TO " (refused)" UP, "kill", "refused",
		"SI_USER", "5"},
	{"too many are waiting", false, SIGNAL_CLASS_QUEUE, SI_QUEUE, DELIVERY_OVERFLOW, EAGAIN,
		"pkill(23549) tried to send SIGKILL" TO " (EAGAIN)" UP, "kill", "overflow",
		"SI_QUEUE", "5"},
	{"audit saw nothing", true, SIGNAL_CLASS_KILL, SI_USER, DELIVERY_QUEUED, 0, PAST TO UP,
		NULL, "queued", "SI_USER", "5"},
	{"audit saw nothing, the sender chose the code", true, SIGNAL_CLASS_QUEUE, -77,
		DELIVERY_INFO_LOST, 0, PAST TO UP, NULL, "info-lost", "-77", "5"},
	{"a write to cgroup.kill", true, SIGNAL_CLASS_CGROUP_KILL, SI_USER, DELIVERY_QUEUED, 0,
		PAST " through cgroup.kill" TO UP, "cgroup.kill", "queued", "SI_USER", "5"},
	{"the kernel", true, SIGNAL_CLASS_KERNEL, SI_KERNEL, DELIVERY_ALREADY_PENDING, 0,
		"the kernel sent SIGKILL" TO " while pkill(23549) ran", "kernel", "already-pending",
		"SI_KERNEL", "6"},
};

static void assert_field(
	const struct journal_entry *entry, enum journal_field field, const char *value)
{
	char text[1024] = "";
	size_t len = 0;
	const char *got = journal_entry_get(entry, field, &len);

	assert_true(len < sizeof(text));
	if (got)
		memcpy(text, got, len);
	assert_text(got ? text : NULL, value);
}

static bool has_prefix(const struct journal_entry *entry, const char *prefix)
{
	for (size_t i = 0; i < entry->n_items; i++)
		if (strncmp(journal_field_name(entry->items[i].field), prefix, strlen(prefix)) == 0)
			return true;
	return false;
}

static void scene_trace(struct scene *scene, const struct entry_row *row, struct signal_seen *seen)
{
	scene_init(scene);
	*seen = (struct signal_seen){.signal = SIGKILL, .code = row->code};
	scene->event.traced = row->traced;
	scene->event.error = row->error;
	scene->event.result_known = !row->traced;
	scene->attributed.seen = seen;
	scene->attributed.class = row->class;
	scene->attributed.delivery = row->delivery;
}

static void test_entry(void **state)
{
	const struct entry_row *row = *state;
	static const struct process little = {.start_usec = 5};
	bool by_kernel = row->class == SIGNAL_CLASS_KERNEL;
	struct signal_seen seen;
	struct scene scene;

	scene_trace(&scene, row, &seen);
	/* Room for what ranks high. */
	scene.attributed.sender_party = (struct party){.cgroup = "/elsewhere"};
	scene.attributed.target_party.process = &little;
	scene.attributed.target_party.container_init = false;
	scene.event.sender.title = scene.event.sender.tty = NULL;
	scene.event.sender.title_len = 0;
	scene.event.sender.context = scene.target.context = NULL;
	scene_format(&scene);
	assert_field(&scene.entry, FIELD_MESSAGE, row->message);
	assert_field(&scene.entry, FIELD_ROUTE, row->route);
	assert_field(&scene.entry, FIELD_DELIVERY, row->delivery_told);
	assert_field(&scene.entry, FIELD_SIGNAL_CODE, row->code_told);
	assert_field(&scene.entry, FIELD_PRIORITY, row->priority);
	assert_field(&scene.entry, FIELD_AMENDS, NULL);
	assert_int_equal(has_prefix(&scene.entry, "SENDER_"), !by_kernel);
	assert_field(&scene.entry, FIELD_CONTEXT_PID, by_kernel ? "23549" : NULL);
	assert_field(&scene.entry, FIELD_CONTEXT_COMM, by_kernel ? "pkill" : NULL);
	if (row->traced) {
		assert_field(&scene.entry, FIELD_SYSCALL, NULL);
		assert_field(&scene.entry, FIELD_RESULT, NULL);
		assert_field(&scene.entry, FIELD_N_TARGETS, NULL);
		assert_field(&scene.entry, FIELD_AUDIT_EVENT, NULL);
	}
	scene_done(&scene);
}

/* The reasons of a sender that is none do not count. */
static void test_kernel_is_certain(void **state)
{
	static const struct entry_row row = {
		"", true, SIGNAL_CLASS_KERNEL, SI_KERNEL, DELIVERY_QUEUED};
	struct signal_seen seen;
	struct scene scene;

	(void)state;
	scene_trace(&scene, &row, &seen);
	scene.attributed.sender_party.reasons = REASON_BIT(SENDER_GONE);
	scene.ancestry.complete = false;
	scene_format(&scene);
	assert_field(&scene.entry, FIELD_CERTAINTY, "certain");
	assert_field(&scene.entry, FIELD_CERTAINTY_REASON, NULL);
	scene_done(&scene);
}

static void test_amended(void **state)
{
	struct scene scene;

	(void)state;
	scene_init(&scene);
	scene.attributed.amends = true;
	scene.attributed.reasons = REASON_BIT(SENDER_THREAD_UNKNOWN);
	scene.attributed.sender_party.reasons = 0;
	scene_format(&scene);
	assert_field(&scene.entry, FIELD_AMENDS, "1");
	assert_field(&scene.entry, FIELD_CERTAINTY_REASON, "sender-thread-unknown");
	scene_done(&scene);
}

/* A success of one of several is known where the trace told. */
static void test_delivery_to_one_of_several(void **state)
{
	struct scene scene;

	(void)state;
	scene_init(&scene);
	scene.event.error = 0;
	scene.event.n_targets = 3;
	scene.attributed.sender_party.reasons = 0;
	scene.attributed.delivery = DELIVERY_REFUSED;
	scene_format(&scene);
	assert_field(&scene.entry, FIELD_CERTAINTY_REASON, NULL);
	assert_field(&scene.entry, FIELD_PRIORITY, "5");
	scene_done(&scene);
}

static void test_ids_that_are_not_known(void **state)
{
	struct scene scene;

	(void)state;
	scene_init(&scene);
	scene.event.sender.ids_unknown = scene.event.sender.login_unknown = true;
	scene.target.uid_unknown = scene.target.login_unknown = true;
	scene_format(&scene);
	assert_field(&scene.entry, FIELD_SENDER_UID, NULL);
	assert_field(&scene.entry, FIELD_SENDER_EUID, NULL);
	assert_field(&scene.entry, FIELD_SENDER_LOGINUID, NULL);
	assert_field(&scene.entry, FIELD_SENDER_SESSION, NULL);
	assert_field(&scene.entry, FIELD_TARGET_UID, NULL);
	assert_field(&scene.entry, FIELD_TARGET_LOGINUID, NULL);
	assert_field(&scene.entry, FIELD_TARGET_SESSION, NULL);
	scene_done(&scene);
}

/* Each witness is named where something comes from it, and nowhere else. */
static const struct evidence_row {
	const char *name;
	bool traced, seen;
	bool followed, inherited, read; /* the target */
	const char *evidence; /* all of it, in the entry's order */
} evidence_rows[] = {
	{"audit alone", false, false, false, false, false, "audit procfs "},
	{"a birth that the connector told", false, false, false, true, false, "audit connector "},
	{"a birth that the trace told", false, false, true, true, false, "audit trace "},
	{"a birth that the trace told, and read since", false, false, true, true, true,
		"audit trace procfs "},
	{"read before all was told", false, false, true, false, true, "audit trace procfs "},
	{"seen by both", false, true, true, true, false, "audit trace "},
	{"seen by the trace alone", true, true, true, true, false, "trace "},
};

static void test_evidence(void **state)
{
	const struct evidence_row *row = *state;
	const struct signal_seen seen = {.signal = SIGKILL};
	const struct process target = {
		.followed = row->followed, .inherited = row->inherited, .read = row->read};
	char got[64] = "";
	struct scene scene;

	scene_init(&scene);
	scene.event.traced = row->traced;
	scene.attributed.seen = row->seen ? &seen : NULL;
	scene.attributed.sender_party = (struct party){};
	scene.attributed.target_party = (struct party){.process = &target};
	scene.ancestry.n_links = 1;
	scene_format(&scene);
	for (size_t i = 0; i < scene.entry.n_items; i++) {
		size_t len;
		const char *value = journal_entry_value(&scene.entry, i, &len);

		if (scene.entry.items[i].field != FIELD_EVIDENCE)
			continue;
		strncat(got, value, len);
		strcat(got, " ");
	}
	assert_string_equal(got, row->evidence);
	scene_done(&scene);
}

/* The parent is who it was at the time; the line is that of births. */
static void test_parent_is_not_the_maker(void **state)
{
	struct scene scene;

	(void)state;
	scene_init(&scene);
	scene.event.error = 0;
	scene.event.sender.ppid = 1;
	scene_format(&scene);
	assert_field(&scene.entry, FIELD_SENDER_PARENT_PID, "1");
	assert_field(&scene.entry, FIELD_SENDER_PARENT_COMM, "systemd");
	scene_done(&scene);
	scene_init(&scene);
	scene.event.error = 0;
	scene.event.sender.ppid = 4711;
	scene_format(&scene);
	assert_field(&scene.entry, FIELD_SENDER_PARENT_PID, "4711");
	assert_field(&scene.entry, FIELD_SENDER_PARENT_COMM, NULL);
	scene_done(&scene);
}

int main(void)
{
	static const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_kernel_is_certain),
		cmocka_unit_test(test_amended),
		cmocka_unit_test(test_delivery_to_one_of_several),
		cmocka_unit_test(test_ids_that_are_not_known),
		cmocka_unit_test(test_parent_is_not_the_maker),
	};

	return ROWS_RUN(test_entry, entry_rows) + ROWS_RUN(test_evidence, evidence_rows) +
	       cmocka_run_group_tests(tests, NULL, NULL);
}
