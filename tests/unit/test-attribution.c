/* SPDX-License-Identifier: GPL-2.0-or-later */
/* SPDX-FileCopyrightText: The killauditd authors */

#include <string.h>

#include "rows.h"

#include "core/attribution.h"

#define PID   7942
#define EVENT 5000000000 /* since boot, us */
#define SLACK ATTRIBUTION_START_SLACK_USEC
#define OLD   (EVENT - 60000000) /* a start long before the event */

#define ID     "5fb8adf9ee620123456789abcdef0123456789abcdef0123456789abcdef0123"
#define CGROUP "/docker/" ID

/* Start, name, executable, command line and cgroup, and what else there is. */
#define READ(start, name, exe_, cmdline_, cgroup_, ...)                                            \
	&(const struct process)                                                                    \
	{                                                                                          \
		.pid = PID, .start_usec = start, .comm = name, .exe = (char *)exe_,                \
		.cmdline = (char *)cmdline_, .cgroup = (char *)cgroup_, __VA_ARGS__                \
	}
#define SERVER(start)       READ(start, "server", "/usr/bin/server", "server -v", CGROUP)
#define ZOMBIE(start, name) READ(start, name, NULL, NULL, "/", .zombie = true)

/* The reasons that both sides have, as bits. */
enum { SEED = 1, GONE = 2, CLOSE = 4, NO_CGROUP = 8, NAMES = 16 };

/* Which reading counts, for either side: the event names "server". */
static const struct choice_row {
	const char *name;
	const struct process *live, *earlier;
	enum { NEITHER, LIVE, EARLIER } chosen;
	const char *cgroup;
	int reasons;
} choice_rows[] = {
	{"lives", SERVER(OLD), NULL, LIVE, CGROUP, 0},
	{"lives, and was read before", SERVER(OLD), READ(OLD, "server", "/x", "x", "/x"), LIVE,
		CGROUP, 0},
	{"lives under another name", READ(OLD, "worker", "/w", "w", CGROUP), NULL, LIVE, CGROUP, 0},
	{"started at the stamp", SERVER(EVENT), NULL, LIVE, CGROUP, CLOSE},
	{"may have started after the stamp", SERVER(EVENT - 10000 + 1), NULL, LIVE, CGROUP, CLOSE},
	{"started before the stamp, however late", SERVER(EVENT - 10000), NULL, LIVE, CGROUP, 0},
	{"started just inside the slack", SERVER(EVENT + SLACK), NULL, LIVE, CGROUP, CLOSE},
	{"started just outside the slack: pid recycled", SERVER(EVENT + SLACK + 1), NULL, NEITHER,
		NULL, GONE},
	{"recycled long after", SERVER(EVENT + 60000000), NULL, NEITHER, NULL, GONE},
	{"start not known", SERVER(PROCESS_START_UNKNOWN), NULL, NEITHER, NULL, GONE},
	{"recycled, and the right one was read before", SERVER(EVENT + SLACK + 1), SERVER(OLD),
		EARLIER, CGROUP, SEED},
	{"another name, started inside the slack", READ(EVENT + SLACK, "worker", "/w", "w", "/w"),
		NULL, LIVE, "/w", CLOSE},
	{"another name, started within doubt, its cgroup was read before",
		READ(EVENT, "worker", "/w", "w", NULL), SERVER(EVENT), LIVE, CGROUP, CLOSE | SEED},
	{"another name, started just within doubt",
		READ(EVENT - 10000 + 1, "worker", "/w", "w", "/w"), NULL, LIVE, "/w", CLOSE},
	{"another name, started just before doubt", READ(EVENT - 10000, "worker", "/w", "w", "/w"),
		NULL, LIVE, "/w", 0},
	{"gone, read before with the user of the event", NULL,
		READ(OLD, "server", "/s", "s", CGROUP, .ids_known = true), EARLIER, CGROUP, SEED},
	{"gone, read before with another user", NULL,
		READ(OLD, "server", "/s", "s", CGROUP, .ids_known = true, .uid = 1), NEITHER, NULL,
		GONE},
	{"gone, read before with another login", NULL,
		READ(OLD, "server", "/s", "s", CGROUP, .login_known = true, .loginuid = 1), NEITHER,
		NULL, GONE},
	{"gone, read before in another session", NULL,
		READ(OLD, "server", "/s", "s", CGROUP, .login_known = true, .session = 1), NEITHER,
		NULL, GONE},
	{"gone, never read", NULL, NULL, NEITHER, NULL, GONE},
	{"gone, read before", NULL, SERVER(OLD), EARLIER, CGROUP, SEED},
	{"gone, read before under another name", NULL, READ(OLD, "worker", "/w", "w", CGROUP),
		NEITHER, NULL, GONE},
	{"gone, read before, but its name is not known", NULL, READ(OLD, "", NULL, NULL, CGROUP),
		EARLIER, CGROUP, SEED},
	{"gone, its name is not known, with the user of the event", NULL,
		READ(OLD, "", NULL, NULL, CGROUP, .ids_known = true, .login_known = true), EARLIER,
		CGROUP, SEED},
	{"gone, its name is not known, with another user", NULL,
		READ(OLD, "", NULL, NULL, CGROUP, .ids_known = true, .uid = 1), NEITHER, NULL,
		GONE},
	{"gone, its name is not known, with another login", NULL,
		READ(OLD, "", NULL, NULL, CGROUP, .login_known = true, .loginuid = 1), NEITHER,
		NULL, GONE},
	{"gone, its name is not known, and it started later", NULL,
		READ(EVENT + SLACK + 1, "", NULL, NULL, CGROUP), NEITHER, NULL, GONE},
	{"recycled, and the right one's name is not known", SERVER(EVENT + SLACK + 1),
		READ(OLD, "", NULL, NULL, CGROUP), EARLIER, CGROUP, SEED},
	{"zombie, what was read before has no name", ZOMBIE(OLD, "server"),
		READ(OLD, "", NULL, NULL, CGROUP), LIVE, CGROUP, SEED},
	{"gone, read under this name but started later", NULL, SERVER(EVENT + SLACK + 1), NEITHER,
		NULL, GONE},
	{"gone, read before without a cgroup", NULL, READ(OLD, "server", "/s", "s", NULL), EARLIER,
		NULL, SEED | NO_CGROUP},
	{"lives, its cgroup could not be read", READ(OLD, "server", "/s", "s", NULL), NULL, LIVE,
		NULL, NO_CGROUP},
	{"lives, its cgroup was read before", READ(OLD, "server", "/s", "s", NULL), SERVER(OLD),
		LIVE, CGROUP, SEED},
	{"lives, a cgroup was read before of another start", READ(OLD, "server", "/s", "s", NULL),
		SERVER(OLD - SLACK - 1), LIVE, NULL, NO_CGROUP},
	{"lives in the root", READ(OLD, "server", "/s", "s", "/"), SERVER(OLD), LIVE, "/", 0},
	{"zombie that has left its cgroups", ZOMBIE(OLD, "server"), NULL, LIVE, NULL, NO_CGROUP},
	{"zombie, its cgroup was read before", ZOMBIE(OLD, "server"), SERVER(OLD), LIVE, CGROUP,
		SEED},
	{"zombie, read before as a zombie", ZOMBIE(OLD, "server"), ZOMBIE(OLD, "server"), LIVE,
		NULL, NO_CGROUP},
	{"zombie, a cgroup was read before of another start", ZOMBIE(OLD, "server"),
		SERVER(OLD - SLACK - 1), LIVE, NULL, NO_CGROUP},
	{"zombie that keeps its cgroup", READ(OLD, "server", NULL, NULL, CGROUP, .zombie = true),
		SERVER(OLD), LIVE, CGROUP, NAMES},
};

static void assert_choice(const struct party *party, const struct choice_row *row,
	const uint32_t reasons[5], uint32_t ignored)
{
	static const enum process_source sources[] = {
		PROCESS_SOURCE_AUDIT, PROCESS_SOURCE_PROCFS, PROCESS_SOURCE_SEED};
	const struct process *const processes[] = {NULL, row->live, row->earlier};
	uint32_t expected = 0;

	for (int i = 0; i < 5; i++)
		expected |= row->reasons & 1 << i ? reasons[i] : 0;
	assert_int_equal(party->source, sources[row->chosen]);
	assert_ptr_equal(party->process, processes[row->chosen]);
	assert_text(party->cgroup, row->cgroup);
	assert_string_equal(
		party->container.id, row->cgroup && strcmp(row->cgroup, CGROUP) == 0 ? ID : "");
	assert_int_equal(party->reasons & ~ignored, expected);
}

static void test_choice(void **state)
{
	static const uint32_t sender_reasons[] = {REASON_BIT(SENDER_SEED), REASON_BIT(SENDER_GONE),
		REASON_BIT(SENDER_START_CLOSE), REASON_BIT(SENDER_CGROUP_UNKNOWN),
		REASON_BIT(SENDER_NAMES_SEED)};
	static const uint32_t target_reasons[] = {REASON_BIT(TARGET_SEED), REASON_BIT(TARGET_GONE),
		REASON_BIT(TARGET_START_CLOSE), REASON_BIT(TARGET_CGROUP_UNKNOWN),
		REASON_BIT(TARGET_NAMES_SEED)};
	const struct choice_row *row = *state;
	struct process_readings readings = {row->live, row->earlier};
	struct signal_sender sender = {.pid = PID, .comm = "server"};
	struct signal_target target = {.pid = PID, .comm = "server"};
	struct party party;

	memset(&party, 0x55, sizeof(party));
	sender_attribute(&sender, &readings, EVENT, &party);
	assert_choice(&party, row, sender_reasons, 0);
	memset(&party, 0x55, sizeof(party));
	target_attribute(&target, &readings, EVENT, &party);
	assert_choice(&party, row, target_reasons, REASON_BIT(TARGET_COMM_CHANGED));
}

#define DELETED .exe_deleted = true

/* What is told of the program: by the event for a sender, by the reading for a target. */
static const struct names_row {
	const char *name;
	const char *comm, *exe; /* in the event; a target has no exe there */
	const struct process *live, *earlier;
	const char *told_exe;
	bool told_deleted;
	const char *told_cmdline;
	uint32_t reasons;
} sender_rows[] = {
	{"runs the same program", "server", "/usr/bin/server", SERVER(OLD), NULL, "/usr/bin/server",
		false, "server -v", 0},
	{"a thread made the call", "GC Thread#0", "/usr/bin/server", SERVER(OLD), NULL,
		"/usr/bin/server", false, "server -v", 0},
	{"has started another program since", "server", "/bin/sh", SERVER(OLD), NULL, "/bin/sh",
		false, NULL, 0},
	{"the event has no program", "server", NULL, SERVER(OLD), NULL, NULL, false, NULL, 0},
	{"the event has no name", "", "/usr/bin/server", SERVER(OLD), NULL, "/usr/bin/server",
		false, "server -v", REASON_BIT(SENDER_COMM_UNKNOWN)},
	{"a name of one letter", "x", "/usr/bin/server", SERVER(OLD), NULL, "/usr/bin/server",
		false, "server -v", 0},
	{"gone, the event has no name", "", "/s", NULL, NULL, "/s", false, NULL,
		REASON_BIT(SENDER_GONE) | REASON_BIT(SENDER_COMM_UNKNOWN)},
	{"gone, command line was cut before", "server", "/s", NULL,
		READ(OLD, "server", "/s", "s 1 2", "/", .cmdline_cut = true), "/s", false, "s 1 2",
		REASON_BIT(SENDER_SEED) | REASON_BIT(SENDER_CMDLINE_CUT)},
	{"zombie, never read", "server", "/s", ZOMBIE(OLD, "server"), NULL, "/s", false, NULL,
		REASON_BIT(SENDER_CGROUP_UNKNOWN)},
	{"command line was cut", "server", "/s",
		READ(OLD, "server", "/s", "s 1 2", "/", .cmdline_cut = true), NULL, "/s", false,
		"s 1 2", REASON_BIT(SENDER_CMDLINE_CUT)},
	{"another program's command line was cut", "server", "/bin/sh",
		READ(OLD, "server", "/s", "s 1 2", "/", .cmdline_cut = true), NULL, "/bin/sh",
		false, NULL, 0},
	{"no command line", "server", "/s",
		READ(OLD, "server", "/s", NULL, "/", .cmdline_cut = true), NULL, "/s", false, NULL,
		0},
	{"program was deleted", "server", "/s (deleted)",
		READ(OLD, "server", "/s", "s", "/", DELETED), NULL, "/s", true, "s", 0},
	{"program is really called so", "server", "/s (deleted)",
		READ(OLD, "server", "/s (deleted)", "s", "/"), NULL, "/s (deleted)", false, "s", 0},
	{"program is really called so, and was deleted", "server", "/s (deleted) (deleted)",
		READ(OLD, "server", "/s (deleted)", "s", "/", DELETED), NULL, "/s (deleted)", true,
		"s", 0},
	{"program was deleted, another one runs now", "server", "/s (deleted)",
		READ(OLD, "server", "/s2", "s", "/", DELETED), NULL, "/s (deleted)", false, NULL,
		0},
	{"program was deleted, one with a longer name runs now", "server", "/s (deleted)",
		READ(OLD, "server", "/s (del", "s", "/", DELETED), NULL, "/s (deleted)", false,
		NULL, 0},
	{"program was deleted, a new one of its name runs now", "server", "/s (deleted)",
		READ(OLD, "server", "/s", "s", "/"), NULL, "/s (deleted)", false, NULL, 0},
	{"program was deleted since", "server", "/s", READ(OLD, "server", "/s", "s", "/", DELETED),
		NULL, "/s", false, "s", 0},
	{"gone, program was deleted", "server", "/s (deleted)", NULL, NULL, "/s (deleted)", false,
		NULL, REASON_BIT(SENDER_GONE)},
	{"gone, program is called nothing else", "server", " (deleted)", NULL, NULL, " (deleted)",
		false, NULL, REASON_BIT(SENDER_GONE)},
	{"gone, the program is all that is told", "server", "/s", NULL, NULL, "/s", false, NULL,
		REASON_BIT(SENDER_GONE)},
	{"gone, read before", "server", "/usr/bin/server", NULL, SERVER(OLD), "/usr/bin/server",
		false, "server -v", REASON_BIT(SENDER_SEED)},
	{"gone, read before, but not what it became", "server", "/s", NULL,
		READ(OLD, "", NULL, NULL, "/"), "/s", false, NULL, REASON_BIT(SENDER_SEED)},
	{"gone, another program was read before", "server", "/s", NULL, SERVER(OLD), "/s", false,
		NULL, REASON_BIT(SENDER_SEED)},
	{"zombie, names were read before", "server", "/usr/bin/server", ZOMBIE(OLD, "server"),
		SERVER(OLD), "/usr/bin/server", false, "server -v", REASON_BIT(SENDER_SEED)},
};

static const struct names_row target_rows[] = {
	{"runs the same program", "server", NULL, SERVER(OLD), NULL, "/usr/bin/server", false,
		"server -v", 0},
	{"has another name since", "server", NULL, READ(OLD, "worker", "/w", "w", "/"), NULL, NULL,
		false, NULL, REASON_BIT(TARGET_COMM_CHANGED)},
	{"program was deleted", "server", NULL, READ(OLD, "server", "/s", "s", "/", DELETED), NULL,
		"/s", true, "s", 0},
	{"a kernel thread", "server", NULL, READ(OLD, "server", NULL, NULL, "/"), NULL, NULL, false,
		NULL, 0},
	{"gone, read before", "server", NULL, NULL, SERVER(OLD), "/usr/bin/server", false,
		"server -v", REASON_BIT(TARGET_SEED)},
	{"gone, read before, but not what it became", "server", NULL, NULL,
		READ(OLD, "", NULL, NULL, "/"), NULL, false, NULL,
		REASON_BIT(TARGET_SEED) | REASON_BIT(TARGET_COMM_CHANGED)},
	{"gone, never read", "server", NULL, NULL, NULL, NULL, false, NULL,
		REASON_BIT(TARGET_GONE)},
	{"zombie, never read", "server", NULL, ZOMBIE(OLD, "server"), NULL, NULL, false, NULL,
		REASON_BIT(TARGET_CGROUP_UNKNOWN)},
	{"zombie, read before", "server", NULL, ZOMBIE(OLD, "server"), SERVER(OLD),
		"/usr/bin/server", false, "server -v", REASON_BIT(TARGET_SEED)},
	{"zombie, read before under another name", "server", NULL, ZOMBIE(OLD, "server"),
		READ(OLD, "worker", "/w", "w", "/w"), NULL, false, NULL, REASON_BIT(TARGET_SEED)},
	{"zombie, read before with another start", "server", NULL, ZOMBIE(OLD, "server"),
		SERVER(OLD - SLACK - 1), NULL, false, NULL, REASON_BIT(TARGET_CGROUP_UNKNOWN)},
	{"lives, what was read before is no longer true", "server", NULL,
		READ(OLD, "server", "/s", NULL, "/"), SERVER(OLD), "/s", false, NULL, 0},
};

static void assert_names(const struct party *party, const struct names_row *row)
{
	assert_text(party->exe, row->told_exe);
	assert_int_equal(party->exe_deleted, row->told_deleted);
	assert_text(party->cmdline, row->told_cmdline);
	assert_int_equal(party->reasons, row->reasons);
}

static void test_sender(void **state)
{
	const struct names_row *row = *state;
	struct process_readings readings = {row->live, row->earlier};
	struct signal_sender sender = {.pid = PID, .exe = (char *)row->exe};
	struct party party;

	strncpy(sender.comm, row->comm, sizeof(sender.comm) - 1);
	sender_attribute(&sender, &readings, EVENT, &party);
	assert_names(&party, row);
}

static void test_target(void **state)
{
	const struct names_row *row = *state;
	struct process_readings readings = {row->live, row->earlier};
	struct signal_target target = {.pid = PID};
	struct party party;

	strncpy(target.comm, row->comm, sizeof(target.comm) - 1);
	target_attribute(&target, &readings, EVENT, &party);
	assert_names(&party, row);
}

static const struct init_row {
	const char *name;
	const char *cgroup;
	bool namespaced;
	pid_t namespace_pid;
	bool init;
	const char *runtime;
} init_rows[] = {
	{"the first process of a container", CGROUP, true, 1, true, "docker"},
	{"another process of a container", CGROUP, true, 12, false, "docker"},
	{"a container in the host's namespace", CGROUP, false, 1, false, "docker"},
	{"the first process of a sandbox on the host", "/user.slice", true, 1, false, NULL},
	{"a container of unknown runtime", "/any/" ID, true, 1, true, NULL},
};

static void test_init(void **state)
{
	const struct init_row *row = *state;
	struct process process = {.pid = PID,
		.start_usec = OLD,
		.comm = "server",
		.cgroup = (char *)row->cgroup,
		.namespaced = row->namespaced,
		.namespace_pid = row->namespace_pid};
	struct process_readings readings = {&process, NULL};
	struct signal_target target = {.pid = PID, .comm = "server"};
	struct party party;

	target_attribute(&target, &readings, EVENT, &party);
	assert_int_equal(party.container_init, row->init);
	assert_text(party.container.runtime, row->runtime);
}

#define CHILD              (OLD + 30000000) /* start of the child, before the event */
#define PARENT(start, ...) READ(start, "bash", "/bin/bash", "bash", "/", .ppid = 7, __VA_ARGS__)

static const struct parent_row {
	const char *name;
	const struct process *live, *earlier;
	uint64_t child_start;
	enum process_source source;
	uint64_t start;
	bool alive;
} parent_rows[] = {
	{"lives", PARENT(OLD), NULL, CHILD, PROCESS_SOURCE_PROCFS, OLD, true},
	{"lives, and was read before", PARENT(OLD), PARENT(OLD), CHILD, PROCESS_SOURCE_PROCFS, OLD,
		true},
	{"a zombie is not alive", PARENT(OLD, .zombie = true), NULL, CHILD, PROCESS_SOURCE_PROCFS,
		OLD, false},
	{"gone, read before", NULL, PARENT(OLD), CHILD, PROCESS_SOURCE_SEED, OLD, false},
	{"gone, never read", NULL, NULL, CHILD, PROCESS_SOURCE_NONE, PROCESS_START_UNKNOWN, false},
	{"as old as its child", PARENT(CHILD), NULL, CHILD, PROCESS_SOURCE_PROCFS, CHILD, true},
	{"younger than its child within the slack", PARENT(CHILD + SLACK), NULL, CHILD,
		PROCESS_SOURCE_PROCFS, CHILD + SLACK, true},
	{"younger than its child: pid recycled", PARENT(CHILD + SLACK + 1), NULL, CHILD,
		PROCESS_SOURCE_NONE, PROCESS_START_UNKNOWN, false},
	{"recycled, and the right one was read before", PARENT(CHILD + SLACK + 1), PARENT(OLD),
		CHILD, PROCESS_SOURCE_SEED, OLD, false},
	{"recycled, and so was the one read before", PARENT(CHILD + SLACK + 1),
		PARENT(CHILD + SLACK + 1), CHILD, PROCESS_SOURCE_NONE, PROCESS_START_UNKNOWN,
		false},
	{"the child's start is not known, started before the event", PARENT(CHILD), NULL,
		PROCESS_START_UNKNOWN, PROCESS_SOURCE_PROCFS, CHILD, true},
	{"the child's start is not known, started after the event", PARENT(EVENT + SLACK + 1), NULL,
		PROCESS_START_UNKNOWN, PROCESS_SOURCE_NONE, PROCESS_START_UNKNOWN, false},
	{"the child started after the stamp, so did this", PARENT(EVENT + SLACK + 1), NULL,
		EVENT + SLACK, PROCESS_SOURCE_NONE, PROCESS_START_UNKNOWN, false},
};

/* Whose child the parent is: who was its parent when it was read first. */
static const struct grandparent_row {
	const char *name;
	pid_t live, earlier; /* parent in the reading; 0: there is no such reading */
	pid_t told;
	bool reparented;
} grandparent_rows[] = {
	{"read now", 7, 0, 7, false},
	{"read twice", 7, 7, 7, false},
	{"was put under another one since", 9, 7, 7, false},
	{"was put under the first process since", 1, 7, 7, false},
	{"a child of the first process, or put there", 1, 0, 1, true},
	{"always a child of the first process", 1, 1, 1, false},
	{"gone, read before", 0, 1, 1, false},
};

static void test_grandparent(void **state)
{
	const struct grandparent_row *row = *state;
	struct process live = *READ(OLD, "bash", NULL, NULL, "/"), earlier = live;
	struct process_readings readings = {
		row->live ? &live : NULL, row->earlier ? &earlier : NULL};
	struct ancestor parent;
	pid_t ppid;

	live.ppid = row->live;
	earlier.ppid = row->earlier;
	parent = parent_attribute(PID, &readings, CHILD, EVENT, &ppid);
	assert_int_equal(ppid, row->told);
	assert_int_equal(parent.reparented, row->reparented);
}

static void test_parent_without_a_name(void **state)
{
	const struct process *nameless = READ(OLD, "", NULL, NULL, "/", .ppid = 7);
	const struct process_readings before = {NULL, nameless}, now = {nameless, NULL};
	struct ancestor parent;
	pid_t ppid;

	(void)state;
	parent = parent_attribute(PID, &before, CHILD, EVENT, &ppid);
	assert_int_equal(parent.source, PROCESS_SOURCE_SEED);
	assert_null(parent.comm);
	assert_null(parent.exe);
	assert_int_equal(parent.start_usec, OLD);
	assert_int_equal(ppid, 7); /* its place in the chain is known */
	parent = parent_attribute(PID, &now, CHILD, EVENT, &ppid);
	assert_int_equal(parent.source, PROCESS_SOURCE_PROCFS);
	assert_null(parent.comm);
	assert_int_equal(ppid, 7);
}

static const struct title_row {
	const char *name, *title, *cmdline, *told;
} title_rows[] = {
	{"the same", "s 1 2", "s 1 2", "s 1 2"},
	{"the title is cut", "s 1", "s 1 2", "s 1 2"},
	{"no title", NULL, "s 1 2", "s 1 2"},
	{"started anew with other words", "s 1 2", "s 3", NULL},
	{"started anew with fewer words", "s 1 2", "s 1", NULL},
	{"no command line", "s 1 2", NULL, NULL},
};

static void test_title(void **state)
{
	const struct title_row *row = *state;
	struct process_readings readings = {READ(OLD, "server", "/s", row->cmdline, "/"), NULL};
	struct signal_sender sender = {.pid = PID,
		.comm = "server",
		.exe = (char *)"/s",
		.title = (char *)row->title,
		.title_len = row->title ? strlen(row->title) : 0};
	struct party party;

	sender_attribute(&sender, &readings, EVENT, &party);
	assert_text(party.cmdline, row->told);
}

static void test_parent(void **state)
{
	const struct parent_row *row = *state;
	struct process_readings readings = {row->live, row->earlier};
	bool known = row->source != PROCESS_SOURCE_NONE;
	pid_t ppid = 99;
	struct ancestor parent = parent_attribute(PID, &readings, row->child_start, EVENT, &ppid);

	assert_int_equal(parent.pid, PID);
	assert_int_equal(parent.source, row->source);
	assert_int_equal(parent.start_usec, row->start);
	assert_int_equal(parent.alive, row->alive);
	assert_text(parent.comm, known ? "bash" : NULL);
	assert_text(parent.exe, known ? "/bin/bash" : NULL);
	assert_int_equal(ppid, known ? 7 : 0);
}

static const struct link_row {
	const char *name;
	const char *comm;
	enum process_source source;
	const struct process *process;
	bool alive;
} link_rows[] = {
	{"lives", "server", PROCESS_SOURCE_PROCFS, SERVER(OLD), true},
	{"is a zombie", "server", PROCESS_SOURCE_PROCFS, ZOMBIE(OLD, "server"), false},
	{"gone, read before", "server", PROCESS_SOURCE_SEED, SERVER(OLD), false},
	{"gone", "server", PROCESS_SOURCE_AUDIT, NULL, false},
	{"has no name", "", PROCESS_SOURCE_AUDIT, NULL, false},
	{"has a name of one letter", "x", PROCESS_SOURCE_PROCFS, SERVER(OLD), true},
	{"has the name of its thread", "GC Thread#0", PROCESS_SOURCE_PROCFS, SERVER(OLD), true},
};

static void test_link(void **state)
{
	const struct link_row *row = *state;
	struct signal_sender sender = {.pid = PID};
	struct party party = {.source = row->source, .process = row->process, .exe = "/told"};
	struct ancestor link;

	strncpy(sender.comm, row->comm, sizeof(sender.comm) - 1);
	link = sender_ancestor(&sender, &party);
	assert_int_equal(link.pid, PID);
	assert_text(link.comm, row->comm[0] ? row->comm : NULL);
	assert_string_equal(link.exe, "/told");
	assert_int_equal(link.start_usec, row->process ? OLD : PROCESS_START_UNKNOWN);
	assert_int_equal(link.source, row->source);
	assert_int_equal(link.alive, row->alive);
}

/* What the trace follows, and what it was when it was seen. */
#define FOLLOWED_AS(name, cgroup_, start, ...)                                                     \
	&(const struct process)                                                                    \
	{                                                                                          \
		.pid = PID, .followed = true, .start_usec = start, .comm = name,                   \
		.exe = (char *)"/usr/bin/server", .cmdline = (char *)"server -v",                  \
		.cgroup = (char *)cgroup_, __VA_ARGS__                                             \
	}
#define FOLLOWED_EXE(exe_, ...)                                                                    \
	&(const struct process)                                                                    \
	{                                                                                          \
		.pid = PID, .followed = true, .start_usec = OLD, .comm = "server",                 \
		.exe = (char *)exe_, .cgroup = (char *)CGROUP, __VA_ARGS__                         \
	}
#define FOLLOWED(start, ...) FOLLOWED_AS("server", CGROUP, start, __VA_ARGS__)

enum { PASSED = 32 };

static const struct followed_row {
	const char *name;
	const struct process *live, *earlier;
	const struct sighting *seen;
	enum process_source source;
	const char *exe, *cgroup;
	int reasons;
} followed_rows[] = {
	{"told all along", NULL, FOLLOWED(OLD, .cgroup_source = CGROUP_TOLD), NULL,
		PROCESS_SOURCE_TRACE, "/usr/bin/server", CGROUP, 0},
	{"told all along, however it is called", NULL,
		FOLLOWED_AS("worker", CGROUP, OLD, .cgroup_source = CGROUP_TOLD, .ids_known = true,
			.uid = 77),
		NULL, PROCESS_SOURCE_TRACE, "/usr/bin/server", CGROUP, 0},
	{"the pid lives on as another", SERVER(EVENT + SLACK),
		FOLLOWED(OLD, .cgroup_source = CGROUP_TOLD, .end_usec = EVENT + 1), NULL,
		PROCESS_SOURCE_TRACE, "/usr/bin/server", CGROUP, 0},
	{"born after the stamp", NULL, FOLLOWED(EVENT + 1, .cgroup_source = CGROUP_TOLD), NULL,
		PROCESS_SOURCE_TRACE, "/usr/bin/server", CGROUP, CLOSE},
	{"born after the stamp, but seen", NULL, NULL,
		&(const struct sighting){.process = FOLLOWED(EVENT + 1, .uid = 0),
			.exe = "/seen",
			.cgroup = CGROUP,
			.cgroup_source = CGROUP_TOLD},
		PROCESS_SOURCE_TRACE, "/usr/bin/server", CGROUP, 0},
	{"its cgroup was read, and no move was told since", NULL,
		FOLLOWED(OLD, .cgroup_source = CGROUP_READ), NULL, PROCESS_SOURCE_TRACE,
		"/usr/bin/server", CGROUP, 0},
	{"born into a cgroup that was not told", NULL, FOLLOWED_AS("server", NULL, OLD, .uid = 0),
		NULL, PROCESS_SOURCE_TRACE, "/usr/bin/server", NULL, NO_CGROUP},
	{"what exec was given", NULL,
		FOLLOWED(OLD, .cgroup_source = CGROUP_TOLD, .exe_passed = true), NULL,
		PROCESS_SOURCE_TRACE, "/usr/bin/server", CGROUP, PASSED},
	{"what exec was given, relative to nobody knows what", NULL,
		FOLLOWED_EXE("./server", .cgroup_source = CGROUP_TOLD, .exe_passed = true), NULL,
		PROCESS_SOURCE_TRACE, NULL, CGROUP, PASSED},
	{"another program since", NULL, NULL,
		&(const struct sighting){.process = FOLLOWED(OLD, .n_execs = 3), .n_execs = 2},
		PROCESS_SOURCE_TRACE, NULL, CGROUP, 0},
	{"seen, and nobody knows whom", NULL, FOLLOWED(OLD, .cgroup_source = CGROUP_TOLD),
		&(const struct sighting){.cgroup = CGROUP, .cgroup_source = CGROUP_TOLD},
		PROCESS_SOURCE_TRACE, "/usr/bin/server", CGROUP, 0},
};

static void test_followed_target(void **state)
{
	static const uint32_t reasons[] = {REASON_BIT(TARGET_SEED), 0,
		REASON_BIT(TARGET_START_CLOSE), REASON_BIT(TARGET_CGROUP_UNKNOWN), 0,
		REASON_BIT(TARGET_EXE_PASSED)};
	static const struct signal_target target = {.pid = PID, .comm = "a thread"};
	const struct followed_row *row = *state;
	const struct process_readings readings = {row->live, row->earlier, row->seen};
	struct party party;
	uint32_t expected = 0;

	for (int i = 0; i < 6; i++)
		expected |= row->reasons & 1 << i ? reasons[i] : 0;
	target_attribute(&target, &readings, EVENT, &party);
	assert_int_equal(party.source, row->source);
	assert_text(party.exe, row->exe);
	assert_text(party.cgroup, row->cgroup);
	assert_int_equal(party.reasons, expected);
}

/* The record's executable is the kernel's word; the command line is that of the same program. */
static const struct followed_sender_row {
	const char *name;
	const char *exe, *title; /* in the record */
	unsigned n_execs; /* at the event; 3 by now */
	const char *told_exe, *told_cmdline;
	bool passed;
} followed_sender_rows[] = {
	{"in the record", "/usr/bin/server", "server", 3, "/usr/bin/server", "server -v", false},
	{"another program than the record's", "/bin/x", NULL, 3, "/bin/x", NULL, false},
	{"another title than the command line", "/usr/bin/server", "client", 3, "/usr/bin/server",
		NULL, false},
	{"not in the record", NULL, NULL, 3, "/usr/bin/server", "server -v", true},
	{"not in the record, another program since", NULL, NULL, 2, NULL, NULL, false},
};

static void test_followed_sender(void **state)
{
	const struct followed_sender_row *row = *state;
	const struct signal_sender sender = {.pid = PID,
		.comm = "server",
		.exe = (char *)row->exe,
		.title = (char *)row->title,
		.title_len = row->title ? strlen(row->title) : 0};
	const struct sighting seen = {.process = FOLLOWED(OLD, .n_execs = 3, .exe_passed = true),
		.exe = "/seen",
		.cgroup = CGROUP,
		.cgroup_source = CGROUP_TOLD,
		.n_execs = row->n_execs};
	const struct process_readings readings = {.seen = &seen};
	struct party party;

	sender_attribute(&sender, &readings, EVENT, &party);
	assert_int_equal(party.source, PROCESS_SOURCE_TRACE);
	assert_text(party.exe, row->told_exe);
	assert_text(party.cmdline, row->told_cmdline);
	assert_int_equal(party.reasons, row->passed ? REASON_BIT(SENDER_EXE_PASSED) : 0);
}

int main(void)
{
	static const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_parent_without_a_name),
	};

	return ROWS_RUN(test_choice, choice_rows) + ROWS_RUN(test_sender, sender_rows) +
	       ROWS_RUN(test_target, target_rows) + ROWS_RUN(test_init, init_rows) +
	       ROWS_RUN(test_grandparent, grandparent_rows) + ROWS_RUN(test_title, title_rows) +
	       ROWS_RUN(test_parent, parent_rows) + ROWS_RUN(test_link, link_rows) +
	       ROWS_RUN(test_followed_target, followed_rows) +
	       ROWS_RUN(test_followed_sender, followed_sender_rows) +
	       cmocka_run_group_tests(tests, NULL, NULL);
}
