/* SPDX-License-Identifier: GPL-2.0-or-later */
/* SPDX-FileCopyrightText: The killauditd authors */

#include <errno.h>
#include <signal.h>
#include <stdio.h>
#include <string.h>

#include "rows.h"
#include "scene.h"

#include "core/certainty.h"

static bool entry_holds(
	const struct journal_entry *entry, enum journal_field field, const char *value)
{
	for (size_t i = 0; i < entry->n_items; i++) {
		size_t len;
		const char *got = journal_entry_value(entry, i, &len);

		assert_true(len > 0);
		if (entry->items[i].field == field && len == strlen(value) &&
			memcmp(got, value, len) == 0)
			return true;
	}
	return false;
}

/* NULL: the entry does not have the field. */
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

struct told {
	enum journal_field field;
	const char *value;
};

/* What the scene would say if there were no bound. */
static const struct told all[] = {
	{FIELD_MESSAGE, "pkill(23549) tried to send SIGKILL to server(7942) in container "
			"5fb8adf9ee62 (EPERM); ancestry systemd=>bash=>pkill"},
	{FIELD_MESSAGE_ID, "7e84152dd91b4857b9ffa27b72f5137b"},
	{FIELD_PRIORITY, "5"},
	{FIELD_SYSLOG_IDENTIFIER, "killauditd"},
	{FIELD_KILLAUDIT_TYPE, "signal"},
	{FIELD_EVENT_ID, "0123456789abcdef0000000000000010"},
	{FIELD_EVENT_REALTIME_USEC, "1795391999042000"},
	{FIELD_EVENT_MONOTONIC_USEC, "81000000"},
	{FIELD_EVIDENCE, "audit"},
	{FIELD_EVIDENCE, "procfs"},
	{FIELD_CERTAINTY, "likely"},
	{FIELD_CERTAINTY_REASON, "sender-seed"},
	{FIELD_SIGNAL, "9"},
	{FIELD_SIGNAL_NAME, "SIGKILL"},
	{FIELD_SIGNAL_CODE, "SI_USER"},
	{FIELD_ROUTE, "kill"},
	{FIELD_SYSCALL, "x86_64:kill"},
	{FIELD_RESULT, "EPERM"},
	{FIELD_DELIVERY, "refused"},
	{FIELD_N_TARGETS, "1"},
	{FIELD_AUDIT_EVENT, "1795391999.042:4711"},
	{FIELD_SENDER_PID, "23549"},
	{FIELD_SENDER_COMM, "pkill"},
	{FIELD_SENDER_EXE, "/usr/bin/pkill"},
	{FIELD_SENDER_EXE_DELETED, "1"},
	{FIELD_SENDER_CMDLINE, "pkill -9 server"},
	{FIELD_SENDER_PARENT_PID, "23495"},
	{FIELD_SENDER_PARENT_COMM, "bash"},
	{FIELD_SENDER_PPID, "23495"},
	{FIELD_SENDER_START_USEC, "2008475200000"},
	{FIELD_SENDER_UID, "1000"},
	{FIELD_SENDER_EUID, "0"},
	{FIELD_SENDER_LOGINUID, "1001"},
	{FIELD_SENDER_SESSION, "3"},
	{FIELD_SENDER_TTY, "pts/0"},
	{FIELD_SENDER_CGROUP, "/docker/" OPS},
	{FIELD_SENDER_CONTAINER_ID, OPS},
	{FIELD_SENDER_CONTAINER_ID_12, "c0ffee012345"},
	{FIELD_SENDER_CONTAINER_RUNTIME, "docker"},
	{FIELD_SENDER_CONTAINER_PID, "31"},
	{FIELD_SENDER_CONTAINER_INIT, "1"},
	{FIELD_SENDER_SECURITY_CONTEXT, "staff_t"},
	{FIELD_SENDER_ANCESTRY, "systemd(0m0.00s)=>bash=>pkill(0m0.01s)"},
	{FIELD_SENDER_ANCESTRY_JSON,
		"[{\"pid\":1,\"comm\":\"systemd\",\"exe\":\"/sbin/init\",\"start_usec\":0,"
		"\"src\":\"procfs\",\"alive\":true},{\"pid\":23495,\"comm\":\"bash\","
		"\"exe\":\"/bin/bash\",\"src\":\"procfs\",\"alive\":false},{\"pid\":23549,"
		"\"comm\":\"pkill\",\"start_usec\":10000,\"src\":\"procfs\",\"alive\":true}]"},
	{FIELD_SENDER_ANCESTOR_COMM, "bash"},
	{FIELD_SENDER_ANCESTOR_COMM, "systemd"},
	{FIELD_SENDER_ANCESTOR_EXE, "/bin/bash"},
	{FIELD_SENDER_ANCESTOR_EXE, "/sbin/init"},
	{FIELD_TARGET_PID, "7942"},
	{FIELD_TARGET_COMM, "server"},
	{FIELD_TARGET_EXE, "/usr/bin/server"},
	{FIELD_TARGET_EXE_DELETED, "1"},
	{FIELD_TARGET_PPID, "1"},
	{FIELD_TARGET_START_USEC, "1633100000"},
	{FIELD_TARGET_UID, "33"},
	{FIELD_TARGET_EUID, "34"},
	{FIELD_TARGET_LOGINUID, "4294967295"},
	{FIELD_TARGET_SESSION, "4294967295"},
	{FIELD_TARGET_TTY, "pts/1"},
	{FIELD_TARGET_CGROUP, "/libpod-" WEB},
	{FIELD_TARGET_CONTAINER_ID, WEB},
	{FIELD_TARGET_CONTAINER_ID_12, "5fb8adf9ee62"},
	{FIELD_TARGET_CONTAINER_RUNTIME, "podman"},
	{FIELD_TARGET_CONTAINER_PID, "1"},
	{FIELD_TARGET_CONTAINER_INIT, "1"},
	{FIELD_TARGET_SECURITY_CONTEXT, "httpd_t"},
};

static void change_nothing(struct scene *scene)
{
	(void)scene;
}

/* As much as can be known of the sender, as little as can be of the target and of the result. */
static void change_to_sender_only(struct scene *scene)
{
	scene->event.result_known = false;
	scene->target.comm[0] = '\0';
	scene->target.context = NULL;
	scene->attributed.target_party = (struct party){.source = PROCESS_SOURCE_AUDIT};
	scene->attributed.sender_party.reasons = 0;
	scene->ancestry.n_links = 1;
}

static void change_to_target_only(struct scene *scene)
{
	scene->event.error = 0;
	scene->event.sender.comm[0] = '\0';
	scene->event.sender.ppid = 0;
	scene->event.sender.tty = scene->event.sender.context = scene->event.sender.title = NULL;
	scene->event.sender.title_len = 0;
	scene->attributed.sender_party =
		(struct party){.source = PROCESS_SOURCE_AUDIT, .reasons = REASON_BIT(SENDER_GONE)};
	scene->ancestry = (struct ancestry){.n_links = 1, .complete = true};
	scene->ancestry.links[0] = (struct ancestor){
		.pid = 23549, .start_usec = PROCESS_START_UNKNOWN, .source = PROCESS_SOURCE_AUDIT};
}

static const struct fields_row {
	const char *name;
	void (*change)(struct scene *scene);
	unsigned highest_rank;
	const char *gone; /* names, each with a space behind it */
	struct told changed[8];
} fields_rows[] = {
	{"more than an entry holds: what ranks highest is left out", change_nothing, 21, ""},
	{"the sender, but not the target", change_to_sender_only, UINT32_MAX,
		"RESULT DELIVERY SENDER_PARENT_COMM SENDER_ANCESTOR_COMM SENDER_ANCESTOR_EXE "
		"TARGET_COMM TARGET_EXE TARGET_EXE_DELETED TARGET_PPID TARGET_START_USEC "
		"TARGET_EUID TARGET_TTY TARGET_CGROUP TARGET_CONTAINER_ID TARGET_CONTAINER_ID_12 "
		"TARGET_CONTAINER_RUNTIME TARGET_CONTAINER_PID TARGET_CONTAINER_INIT "
		"TARGET_SECURITY_CONTEXT ",
		{{FIELD_MESSAGE, "pkill(23549) sent SIGKILL to ?(7942) (result not known); "
				 "ancestry pkill"},
			{FIELD_PRIORITY, "6"}, {FIELD_CERTAINTY_REASON, "cause-result-unknown"},
			{FIELD_SENDER_ANCESTRY, "pkill(0m0.01s)"},
			{FIELD_SENDER_ANCESTRY_JSON,
				"[{\"pid\":23549,\"comm\":\"pkill\",\"start_usec\":10000,"
				"\"src\":\"procfs\",\"alive\":true}]"}}},
	{"the target, but not the sender", change_to_target_only, UINT32_MAX,
		"DELIVERY SENDER_COMM SENDER_EXE SENDER_EXE_DELETED SENDER_CMDLINE "
		"SENDER_PARENT_PID SENDER_PARENT_COMM SENDER_PPID SENDER_START_USEC SENDER_TTY "
		"SENDER_CGROUP SENDER_CONTAINER_ID SENDER_CONTAINER_ID_12 "
		"SENDER_CONTAINER_RUNTIME SENDER_CONTAINER_PID SENDER_CONTAINER_INIT "
		"SENDER_SECURITY_CONTEXT SENDER_ANCESTOR_COMM SENDER_ANCESTOR_EXE ",
		{{FIELD_MESSAGE, "?(23549) sent SIGKILL to server(7942) in container 5fb8adf9ee62; "
				 "ancestry ?"},
			{FIELD_PRIORITY, "6"}, {FIELD_CERTAINTY, "unknown"},
			{FIELD_CERTAINTY_REASON, "sender-gone"}, {FIELD_RESULT, "success"},
			{FIELD_SENDER_ANCESTRY, "?"},
			{FIELD_SENDER_ANCESTRY_JSON,
				"[{\"pid\":23549,\"src\":\"audit\",\"alive\":false}]"}}},
};

static bool gone(const struct fields_row *row, enum journal_field field)
{
	char name[80];

	snprintf(name, sizeof(name), "%s ", journal_field_name(field));
	for (const char *at = row->gone; (at = strstr(at, name)); at++)
		if (at == row->gone || at[-1] == ' ')
			return true;
	return journal_field_rank(field) > row->highest_rank;
}

static void test_fields(void **state)
{
	const struct fields_row *row = *state;
	struct scene scene;
	size_t n = 0;

	scene_init(&scene);
	row->change(&scene);
	scene_format(&scene);
	for (size_t i = 0; i < ELEMENTS(all); i++) {
		const char *value = all[i].value;

		for (size_t k = 0; k < ELEMENTS(row->changed); k++)
			if (row->changed[k].value && row->changed[k].field == all[i].field)
				value = row->changed[k].value;
		if (gone(row, all[i].field)) {
			assert_field(&scene.entry, all[i].field, NULL);
			continue;
		}
		if (!entry_holds(&scene.entry, all[i].field, value))
			fail_msg("no %s=%s", journal_field_name(all[i].field), value);
		n++;
	}
	assert_int_equal(scene.entry.n_items, n);
	scene_done(&scene);
}

enum { RESULT_UNKNOWN = -1 };

#define TO   " to server(7942)"
#define INTO TO " in container 5fb8adf9ee62"
#define UP   "; ancestry systemd=>bash=>"

/* A plain send between two processes on the host, but for what a row says. */
static const struct message_row {
	const char *name;
	int error, signal;
	const char *sender_comm, *target_comm;
	const char *sender_id, *target_id; /* of containers; NULL: cgroup not known */
	const char *message, *priority, *result, *delivery;
} message_rows[] = {
	{"success", 0, SIGTERM, "pkill", "server", "", "",
		"pkill(23549) sent SIGTERM" TO UP "pkill", "6", "success"},
	{"refused", EPERM, SIGTERM, "pkill", "server", "", "",
		"pkill(23549) tried to send SIGTERM" TO " (EPERM)" UP "pkill", "5", "EPERM",
		"refused"},
	{"nobody was there", ESRCH, SIGTERM, "pkill", "server", "", "",
		"pkill(23549) tried to send SIGTERM" TO " (ESRCH)" UP "pkill", "6", "ESRCH"},
	{"too many signals waiting", EAGAIN, SIGTERM, "pkill", "server", "", "",
		"pkill(23549) tried to send SIGTERM" TO " (EAGAIN)" UP "pkill", "6", "EAGAIN",
		"overflow"},
	{"an error without a name", 512, SIGTERM, "pkill", "server", "", "",
		"pkill(23549) tried to send SIGTERM" TO " (errno 512)" UP "pkill", "6",
		"errno 512"},
	{"result not known", RESULT_UNKNOWN, SIGTERM, "pkill", "server", "", "",
		"pkill(23549) sent SIGTERM" TO " (result not known)" UP "pkill", "6"},
	{"into a container", 0, SIGKILL, "pkill", "server", "", WEB,
		"pkill(23549) sent SIGKILL" INTO UP "pkill", "5", "success"},
	{"refused into a container", EPERM, SIGKILL, "pkill", "server", "", WEB,
		"pkill(23549) tried to send SIGKILL" INTO " (EPERM)" UP "pkill", "5", "EPERM",
		"refused"},
	{"within a container", 0, SIGKILL, "pkill", "server", WEB, WEB,
		"pkill(23549) sent SIGKILL" INTO UP "pkill", "6", "success"},
	{"from one container to another", 0, SIGKILL, "pkill", "server", OPS, WEB,
		"pkill(23549) sent SIGKILL" INTO UP "pkill", "5", "success"},
	{"out of a container", 0, SIGKILL, "pkill", "server", OPS, "",
		"pkill(23549) sent SIGKILL" TO UP "pkill", "5", "success"},
	{"from nobody knows where into a container", 0, SIGKILL, "pkill", "server", NULL, WEB,
		"pkill(23549) sent SIGKILL" INTO UP "pkill", "6", "success"},
	{"out of a container to nobody knows where", 0, SIGKILL, "pkill", "server", OPS, NULL,
		"pkill(23549) sent SIGKILL" TO UP "pkill", "6", "success"},
	{"names not known", 0, SIGKILL, "", "", "", "", "?(23549) sent SIGKILL to ?(7942)" UP "?",
		"6", "success"},
	{"names that speak like us", 0, SIGKILL, "a(1) sent SIG", "x; ancestry \n", "", "",
		"a\\x281\\x29\\x20sent\\x20SIG(23549) sent SIGKILL to "
		"x\\x3b\\x20ancestry\\x20\\x0a(7942)" UP "a\\x281\\x29\\x20sent\\x20SIG",
		"6", "success"},
	{"a signal without a name", 0, 77, "pkill", "server", "", "",
		"pkill(23549) sent SIG77" TO UP "pkill", "6", "success"},
};

static void party_place(struct party *party, const char *id)
{
	party->container = (struct container_match){};
	party->cgroup = id ? "/any" : NULL;
	strncpy(party->container.id, id ? id : "", CONTAINER_ID_LEN);
}

static void test_message(void **state)
{
	const struct message_row *row = *state;
	struct scene scene;

	scene_init(&scene);
	scene.event.result_known = row->error != RESULT_UNKNOWN;
	scene.event.error = row->error;
	scene.event.signal = row->signal;
	strncpy(scene.event.sender.comm, row->sender_comm, COMM_SIZE - 1);
	strncpy(scene.target.comm, row->target_comm, COMM_SIZE - 1);
	scene.ancestry.links[0].comm = row->sender_comm;
	party_place(&scene.attributed.sender_party, row->sender_id);
	party_place(&scene.attributed.target_party, row->target_id);
	scene_format(&scene);
	assert_field(&scene.entry, FIELD_MESSAGE, row->message);
	assert_field(&scene.entry, FIELD_PRIORITY, row->priority);
	assert_field(&scene.entry, FIELD_RESULT, row->result);
	assert_field(&scene.entry, FIELD_DELIVERY, row->delivery);
	scene_done(&scene);
}

#define MESSAGE_MAX 512 /* what users are told */

static void test_longest_message(void **state)
{
	struct scene scene;
	const char *message;
	size_t len;

	(void)state;
	scene_init(&scene);
	memset(scene.event.sender.comm, '\n', COMM_SIZE - 1);
	memset(scene.target.comm, '\n', COMM_SIZE - 1);
	for (size_t i = 0; i < ANCESTRY_MAX; i++)
		scene.ancestry.links[i] =
			(struct ancestor){.pid = 1, .comm = i == 0 ? "last" : "((((((((((((((("};
	scene.ancestry.n_links = ANCESTRY_MAX;
	scene_format(&scene);
	message = journal_entry_get(&scene.entry, FIELD_MESSAGE, &len);
	assert_true(len <= MESSAGE_MAX && len > MESSAGE_MAX - 70);
	assert_non_null(memmem(message, len, "; ancestry ...=>\\x28", 20));
	assert_memory_equal(message + len - 6, "=>last", 6);
	assert_null(memchr(message, '\n', len));
	scene_done(&scene);
}

#define R(name) REASON_BIT(name)

/* What weakens an entry beside its parties, as bits. */
enum {
	LIST_CUT = 1,
	NO_RESULT = 2,
	CHAIN_CUT = 4,
	NO_CMDLINE = 8,
	CHAIN_SEED = 16,
	GROUP = 32,
	REPARENTED = 64,
	NO_EXE = 128
};

static const struct certainty_row {
	const char *name;
	uint32_t sender, target; /* reasons of the parties */
	int other;
	uint32_t reasons;
	const char *certainty;
} certainty_rows[] = {
	{"all is known", 0, 0, 0, 0, "certain"},
	{"a reason that only explains", 0, R(TARGET_COMM_CHANGED), 0, R(TARGET_COMM_CHANGED),
		"certain"},
	{"ancestry cut", 0, 0, CHAIN_CUT, R(SENDER_ANCESTRY_INCOMPLETE), "certain"},
	{"an ancestor was read before", 0, 0, CHAIN_SEED, R(SENDER_ANCESTRY_SEED), "certain"},
	{"an ancestor may have been put under the first process", 0, 0, REPARENTED,
		R(SENDER_ANCESTRY_REPARENTED), "certain"},
	{"one of a group", 0, 0, GROUP, R(TARGET_DELIVERY_UNKNOWN), "likely"},
	{"one of a group, none was reached or nobody knows", 0, 0, GROUP | NO_RESULT,
		R(CAUSE_RESULT_UNKNOWN), "likely"},
	{"the executable is not known", 0, 0, NO_EXE, R(SENDER_EXE_UNKNOWN), "certain"},
	{"a title for a command line", 0, 0, NO_CMDLINE, R(SENDER_CMDLINE_TITLE), "certain"},
	{"records may be missing", 0, 0, LIST_CUT, R(TARGET_LIST_INCOMPLETE), "likely"},
	{"result not known", 0, 0, NO_RESULT, R(CAUSE_RESULT_UNKNOWN), "likely"},
	{"the sender weakens it", R(SENDER_SEED), 0, 0, R(SENDER_SEED), "likely"},
	{"the target weakens it more", R(SENDER_SEED), R(TARGET_GONE), 0,
		R(SENDER_SEED) | R(TARGET_GONE), "unknown"},
	{"the sender weakens it more than all else", R(SENDER_GONE), R(TARGET_SEED),
		LIST_CUT | NO_RESULT | CHAIN_CUT | NO_CMDLINE,
		R(SENDER_GONE) | R(TARGET_SEED) | R(TARGET_LIST_INCOMPLETE) |
			R(CAUSE_RESULT_UNKNOWN) | R(SENDER_ANCESTRY_INCOMPLETE) |
			R(SENDER_CMDLINE_TITLE),
		"unknown"},
};

static void test_certainty(void **state)
{
	const struct certainty_row *row = *state;
	struct scene scene;

	scene_init(&scene);
	scene.event.incomplete = row->other & LIST_CUT;
	scene.event.result_known = !(row->other & NO_RESULT);
	scene.ancestry.complete = !(row->other & CHAIN_CUT);
	scene.attributed.sender_party.reasons = row->sender;
	scene.attributed.target_party.reasons = row->target;
	if (row->other & GROUP) {
		scene.event.n_targets = 2;
		scene.event.error = 0;
	}
	if (row->other & NO_EXE)
		scene.event.sender.exe = NULL;
	scene.ancestry.links[1].reparented = row->other & REPARENTED;
	if (row->other & CHAIN_SEED)
		scene.ancestry.links[1].source = PROCESS_SOURCE_SEED;
	if (row->other & NO_CMDLINE)
		scene.attributed.sender_party.cmdline = NULL;
	scene_format(&scene);
	assert_field(&scene.entry, FIELD_CERTAINTY, row->certainty);
	for (unsigned reason = 0; reason < N_REASONS; reason++)
		assert_int_equal(entry_holds(&scene.entry, FIELD_CERTAINTY_REASON,
					 reason_name((enum reason)reason)),
			!!(row->reasons & UINT32_C(1) << reason));
	scene_done(&scene);
}

#define WEB_SERVICE "/system.slice/web.service"
#define USER        "/user.slice/user-1000.slice/user@1000.service"

/* Processes of a control group each, and in a container where the row says so. */
static const struct unit_row {
	const char *name;
	const char *sender, *target; /* control groups; NULL: not known */
	const char *unit, *user_unit, *priority;
	int error;
	bool to_itself;
	const char *sender_id, *target_id; /* of containers; NULL: in none */
} unit_rows[] = {
	{"from another unit", "/system.slice/cron.service", WEB_SERVICE, "web.service", NULL, "5"},
	{"within a unit", WEB_SERVICE, WEB_SERVICE, NULL, NULL, "6"},
	{"within a unit, from a cgroup below", WEB_SERVICE "/worker", WEB_SERVICE "/payload", NULL,
		NULL, "6"},
	{"from a unit whose name begins so", "/system.slice/web.service.service", WEB_SERVICE,
		"web.service", NULL, "5"},
	{"out of no unit", "/docker", WEB_SERVICE, "web.service", NULL, "5"},
	{"from a slice", "/system.slice", WEB_SERVICE, "web.service", NULL, "5"},
	{"from a unit to none", WEB_SERVICE, "/x", NULL, NULL, "5"},
	{"from none to none", "/x", "/y", NULL, NULL, "6"},
	{"from nobody knows where", NULL, WEB_SERVICE, "web.service", NULL, "6"},
	{"from nobody knows where to a user's", NULL, USER "/app.slice/a.service",
		"user@1000.service", "a.service", "6"},
	{"to nobody knows where", WEB_SERVICE, NULL, NULL, NULL, "6"},
	{"neither is known", NULL, NULL, NULL, NULL, "6"},
	{"refused within a unit", WEB_SERVICE, WEB_SERVICE, NULL, NULL, "5", EPERM},
	{"refused from another unit", "/init.scope", WEB_SERVICE, "web.service", NULL, "5", EPERM},
	{"refused from nobody knows where", NULL, WEB_SERVICE, "web.service", NULL, "5", EPERM},
	{"failed for another reason within a unit", WEB_SERVICE, WEB_SERVICE, NULL, NULL, "6",
		EAGAIN},
	{"failed for another reason from another unit", "/init.scope", WEB_SERVICE, "web.service",
		NULL, "5", EAGAIN},

	{"from a session into a user's unit", "/user.slice/user-1000.slice/session-6.scope",
		USER "/app.slice/a.service", "user@1000.service", "a.service", "5"},
	{"from one unit of a user's to another", USER "/app.slice/b.service",
		USER "/app.slice/a.service", "user@1000.service", "a.service", "5"},
	{"within a unit of a user's", USER "/app.slice/a.service/x", USER "/app.slice/a.service",
		NULL, NULL, "6"},
	{"from the user's manager", USER "/init.scope", USER "/app.slice/a.service",
		"user@1000.service", "a.service", "5"},
	{"to the user's manager", USER "/app.slice/a.service", USER "/init.scope",
		"user@1000.service", "init.scope", "5"},
	{"the same unit of another user",
		"/user.slice/user-1001.slice/user@1001.service/app.slice/a.service",
		USER "/app.slice/a.service", "user@1000.service", "a.service", "5"},

	{"to itself", WEB_SERVICE, WEB_SERVICE, NULL, NULL, "6", .to_itself = true},
	{"to itself, moved meanwhile", "/init.scope", WEB_SERVICE, NULL, NULL, "6",
		.to_itself = true},
	{"to itself, from nobody knows where", NULL, WEB_SERVICE, NULL, NULL, "6",
		.to_itself = true},
	{"to itself, refused", WEB_SERVICE, WEB_SERVICE, NULL, NULL, "5", EPERM, true},

	{"two containers of a unit", WEB_SERVICE "/libpod-payload-" OPS,
		WEB_SERVICE "/libpod-payload-" WEB, "web.service", NULL, "5", .sender_id = OPS,
		.target_id = WEB},
	{"a container of a unit, from the unit", WEB_SERVICE, WEB_SERVICE "/libpod-payload-" WEB,
		"web.service", NULL, "5", .target_id = WEB},
	{"out of a container of a unit into the unit", WEB_SERVICE "/libpod-payload-" WEB,
		WEB_SERVICE, "web.service", NULL, "5", .sender_id = WEB},
	{"within a container of a unit", WEB_SERVICE "/libpod-payload-" WEB "/a",
		WEB_SERVICE "/libpod-payload-" WEB "/b", NULL, NULL, "6", .sender_id = WEB,
		.target_id = WEB},
	{"two containers of no unit", "/docker/" OPS, "/docker/" WEB, NULL, NULL, "5",
		.sender_id = OPS, .target_id = WEB},
};

static void test_unit(void **state)
{
	const struct unit_row *row = *state;
	struct scene scene;

	scene_init(&scene);
	scene.event.error = row->error;
	if (row->to_itself)
		scene.target.pid = scene.event.sender.pid;
	party_place(&scene.attributed.sender_party, row->sender_id ? row->sender_id : "");
	party_place(&scene.attributed.target_party, row->target_id ? row->target_id : "");
	scene.attributed.sender_party.cgroup = row->sender;
	scene.attributed.target_party.cgroup = row->target;
	scene_format(&scene);
	assert_field(&scene.entry, FIELD_OBJECT_SYSTEMD_UNIT, row->unit);
	assert_field(&scene.entry, FIELD_OBJECT_SYSTEMD_USER_UNIT, row->user_unit);
	assert_field(&scene.entry, FIELD_PRIORITY, row->priority);
	scene_done(&scene);
}

/* One value in, one field out. */
static const struct field_row {
	const char *name;
	enum journal_field field;
	const char *value;
	enum signal_route route;
	const char *tty;
	bool no_cmdline, no_sender, with_target;
} field_rows[] = {
	{"kill", FIELD_SIGNAL_CODE, "SI_USER", ROUTE_KILL},
	{"tkill", FIELD_SIGNAL_CODE, "SI_TKILL", ROUTE_TKILL},
	{"tgkill", FIELD_SIGNAL_CODE, "SI_TKILL", ROUTE_TGKILL},
	{"rt_sigqueueinfo: the sender chooses", FIELD_SIGNAL_CODE, NULL, ROUTE_RT_SIGQUEUEINFO},
	{"rt_tgsigqueueinfo: so it does", FIELD_SIGNAL_CODE, NULL, ROUTE_RT_TGSIGQUEUEINFO},
	{"pidfd_send_signal: it may", FIELD_SIGNAL_CODE, NULL, ROUTE_PIDFD_SEND_SIGNAL},
	{"route", FIELD_ROUTE, "pidfd_send_signal", ROUTE_PIDFD_SEND_SIGNAL},
	{"system call", FIELD_SYSCALL, "x86_64:tgkill", ROUTE_TGKILL},
	{"pseudo terminal", FIELD_SENDER_TTY, "pts/12", .tty = "pts12"},
	{"the last digit", FIELD_SENDER_TTY, "pts/9", .tty = "pts9"},
	{"console", FIELD_SENDER_TTY, "tty1", .tty = "tty1"},
	{"serial line", FIELD_SENDER_TTY, "ttyS0", .tty = "ttyS0"},
	{"no number behind pts", FIELD_SENDER_TTY, "ptsx", .tty = "ptsx"},
	{"pts alone", FIELD_SENDER_TTY, "pts", .tty = "pts"},
	{"no terminal", FIELD_SENDER_TTY, NULL},
	{"command line read", FIELD_SENDER_CMDLINE, "pkill -9 server"},
	{"title in its place", FIELD_SENDER_CMDLINE, "a title", .no_cmdline = true},
	{"both read", FIELD_EVIDENCE, "procfs", .with_target = true},
	{"the sender read", FIELD_EVIDENCE, "procfs"},
	{"the target read", FIELD_EVIDENCE, "procfs", .no_sender = true, .with_target = true},
};

static void test_field(void **state)
{
	const struct field_row *row = *state;
	struct scene scene;

	scene_init(&scene);
	scene.event.syscall.route = row->route;
	scene.event.sender.tty = (char *)row->tty;
	/* Room for what ranks high. */
	scene.event.error = 0;
	scene.attributed.sender_party.container.id[0] = '\0';
	if (row->no_cmdline)
		scene.attributed.sender_party.cmdline = NULL;
	if (row->no_sender)
		scene.attributed.sender_party = (struct party){};
	if (!row->with_target)
		scene.attributed.target_party = (struct party){};
	scene_format(&scene);
	if (row->value)
		assert_true(entry_holds(&scene.entry, row->field, row->value));
	else
		assert_field(&scene.entry, row->field, NULL);
	scene_done(&scene);
}

/* What is 0 because it is not known, or because there is none, is no value. */
static void test_little_is_known_of_processes(void **state)
{
	static const struct process little = {.start_usec = 50007, .namespace_pid = 7};
	struct scene scene;

	(void)state;
	scene_init(&scene);
	change_to_target_only(&scene); /* room for what ranks high */
	scene.event.sender.ppid = 23495;
	scene.ancestry.links[1] = scene_chain[1];
	scene.ancestry.n_links = 2;
	scene.attributed.target_party.process = &little;
	scene.attributed.target_party.container_init = false;
	scene_format(&scene);
	assert_field(&scene.entry, FIELD_SENDER_PARENT_PID, "23495");
	assert_field(&scene.entry, FIELD_SENDER_PARENT_COMM, "bash");
	assert_field(&scene.entry, FIELD_TARGET_START_USEC, "50000");
	assert_field(&scene.entry, FIELD_TARGET_PPID, NULL);
	assert_field(&scene.entry, FIELD_TARGET_EUID, NULL);
	assert_field(&scene.entry, FIELD_TARGET_TTY, NULL);
	assert_field(&scene.entry, FIELD_TARGET_CONTAINER_ID, WEB);
	assert_field(&scene.entry, FIELD_TARGET_CONTAINER_PID, NULL);
	assert_field(&scene.entry, FIELD_TARGET_CONTAINER_INIT, NULL);
	scene_done(&scene);
}

static void test_an_ancestor_was_read(void **state)
{
	struct scene scene;

	(void)state;
	scene_init(&scene);
	scene.attributed.sender_party = scene.attributed.target_party = (struct party){};
	scene_format(&scene);
	assert_field(&scene.entry, FIELD_SENDER_PARENT_COMM, "bash");
	assert_true(entry_holds(&scene.entry, FIELD_EVIDENCE, "procfs"));
	scene_done(&scene);
}

static void test_an_empty_title_is_none(void **state)
{
	struct scene scene;

	(void)state;
	scene_init(&scene);
	scene.event.sender.title_len = 0;
	scene.attributed.sender_party.cmdline = NULL;
	scene_format(&scene);
	assert_field(&scene.entry, FIELD_SENDER_CMDLINE, NULL);
	assert_false(entry_holds(&scene.entry, FIELD_CERTAINTY_REASON, "sender-cmdline-title"));
	scene_done(&scene);
}

static void test_nothing_was_read(void **state)
{
	struct scene scene;

	(void)state;
	scene_init(&scene);
	scene.event.sender.title = NULL;
	scene.event.sender.title_len = 0;
	scene.event.sender.exe = NULL;
	scene.attributed.sender_party = scene.attributed.target_party = (struct party){};
	scene.ancestry.links[0].source = PROCESS_SOURCE_AUDIT;
	scene.ancestry.n_links = 1;
	scene.ancestry.complete = false;
	scene_format(&scene);
	assert_true(entry_holds(&scene.entry, FIELD_EVIDENCE, "audit"));
	assert_false(entry_holds(&scene.entry, FIELD_EVIDENCE, "procfs"));
	assert_field(&scene.entry, FIELD_SENDER_EXE, NULL);
	assert_field(&scene.entry, FIELD_SENDER_CMDLINE, NULL);
	assert_field(&scene.entry, FIELD_TARGET_TTY, NULL);
	scene_done(&scene);
}

int main(void)
{
	static const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_little_is_known_of_processes),
		cmocka_unit_test(test_an_ancestor_was_read),
		cmocka_unit_test(test_an_empty_title_is_none),
		cmocka_unit_test(test_nothing_was_read),
		cmocka_unit_test(test_longest_message),
	};

	return ROWS_RUN(test_fields, fields_rows) + ROWS_RUN(test_message, message_rows) +
	       ROWS_RUN(test_certainty, certainty_rows) + ROWS_RUN(test_unit, unit_rows) +
	       ROWS_RUN(test_field, field_rows) + cmocka_run_group_tests(tests, NULL, NULL);
}
