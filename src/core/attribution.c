/* SPDX-License-Identifier: GPL-2.0-or-later */
/* SPDX-FileCopyrightText: The killauditd authors */

#include "core/attribution.h"

#include <string.h>

/* The reasons of one side, so that both share the code. */
struct side {
	uint32_t seed, gone, start_close, cgroup_unknown, names_seed, exe_passed;
};

static const struct side sender_side = {
	.seed = REASON_BIT(SENDER_SEED),
	.gone = REASON_BIT(SENDER_GONE),
	.start_close = REASON_BIT(SENDER_START_CLOSE),
	.cgroup_unknown = REASON_BIT(SENDER_CGROUP_UNKNOWN),
	.names_seed = REASON_BIT(SENDER_NAMES_SEED),
	.exe_passed = REASON_BIT(SENDER_EXE_PASSED),
};

static const struct side target_side = {
	.seed = REASON_BIT(TARGET_SEED),
	.gone = REASON_BIT(TARGET_GONE),
	.start_close = REASON_BIT(TARGET_START_CLOSE),
	.cgroup_unknown = REASON_BIT(TARGET_CGROUP_UNKNOWN),
	.names_seed = REASON_BIT(TARGET_NAMES_SEED),
	.exe_passed = REASON_BIT(TARGET_EXE_PASSED),
};

static bool started_by(const struct process *process, uint64_t usec)
{
	return process && process->start_usec <= usec + ATTRIBUTION_START_SLACK_USEC;
}

static bool same_process(const struct process *a, const struct process *b)
{
	return a && b && process_same(a, b);
}

/* A zombie has left its v1 cgroups, which then read as "/": no evidence that it was on the host. */
static const char *process_cgroup(const struct process *process)
{
	if (process->zombie && process->cgroup && strcmp(process->cgroup, "/") == 0)
		return NULL;
	return process->cgroup;
}

/* What the control group says. */
static void party_set_container(struct party *party, const struct side *side)
{
	if (!party->cgroup) {
		party->reasons |= side->cgroup_unknown;
		return;
	}
	container_match_find(party->cgroup, strlen(party->cgroup), &party->container);
	party->container_init = party->container.id[0] && party->process->namespaced &&
				party->process->namespace_pid == 1;
}

static void party_set_cgroup(
	struct party *party, const struct process_readings *readings, const struct side *side)
{
	party->cgroup = process_cgroup(party->process);
	if (!party->cgroup && same_process(party->process, readings->earlier)) {
		party->cgroup = process_cgroup(readings->earlier);
		if (party->cgroup)
			party->reasons |= side->seed;
	}
	party_set_container(party, side);
}

/* What the record of the event says of a process. */
struct evidence {
	const char *comm;
	const char *exe; /* NULL: not told */
	uint32_t uid, loginuid, session;
};

/* A reading from before the event may be of another process that had the same pid: what the record
 * says must not speak against it. A thread's name is its own, so the executable will do too. */
static bool evidence_agrees(const struct evidence *evidence, const struct process *process)
{
	if (process->ids_known && process->uid != evidence->uid)
		return false;
	if (process->login_known &&
		(process->loginuid != evidence->loginuid || process->session != evidence->session))
		return false;
	return !process->comm[0] || strcmp(process->comm, evidence->comm) == 0 ||
	       (process->exe && evidence->exe && strcmp(process->exe, evidence->exe) == 0);
}

static bool is_followed(const struct process *process)
{
	return process && process->followed;
}

/* Of a process that the trace follows, what it was at that moment is known, and needs no guess. */
static bool party_follow(const struct process_readings *readings, uint64_t event_usec,
	const struct side *side, struct party *party)
{
	const struct sighting *seen = readings->seen;
	const struct process *process = seen && seen->process ? seen->process : readings->earlier;

	if (!is_followed(process))
		return false;
	party->process = process;
	party->source = PROCESS_SOURCE_TRACE;
	party->cgroup = process->cgroup;
	/* The stamp of a record is early: another may have had the pid then. */
	if (!seen && process->start_usec > event_usec)
		party->reasons |= side->start_close;
	party_set_container(party, side);
	return true;
}

/* Which reading is of the process that the event names, and how sure that is. */
static void party_choose(const struct process_readings *readings, const struct evidence *evidence,
	uint64_t event_usec, const struct side *side, struct party *party)
{
	const struct process *live = readings->live, *earlier = readings->earlier;

	if (party_follow(readings, event_usec, side, party))
		return;
	if (started_by(live, event_usec)) {
		party->process = live;
		party->source = PROCESS_SOURCE_PROCFS;
		/* Its start is cut: it may have begun after the event, with the pid of another. */
		if (live->start_usec + PROCESS_START_RESOLUTION_USEC > event_usec)
			party->reasons |= side->start_close;
	} else if (started_by(earlier, event_usec) && evidence_agrees(evidence, earlier)) {
		party->process = earlier;
		party->source = PROCESS_SOURCE_SEED;
		party->reasons |= side->seed;
	} else {
		party->source = PROCESS_SOURCE_AUDIT;
		party->reasons |= side->gone;
		return;
	}
	party_set_cgroup(party, readings, side);
}

/* Names of a zombie are gone; an earlier reading of the same process under the same name has
 * them. */
static const struct process *party_names(
	struct party *party, const struct process_readings *readings, const struct side *side)
{
	const struct process *earlier = readings->earlier;

	if (party->process->exe || !same_process(party->process, earlier) || !earlier->exe ||
		strcmp(party->process->comm, earlier->comm) != 0)
		return party->process;
	if (!(party->reasons & side->seed))
		party->reasons |= side->names_seed;
	return earlier;
}

/* Names of a followed process are those of the program that it ran then. What that was is not kept
 * once it has executed another. */
static void party_set_traced_names(
	struct party *party, const struct sighting *seen, const struct side *side)
{
	const struct process *process = party->process;

	if (seen && seen->n_execs != process->n_execs)
		return;
	party->exe = process->exe;
	party->exe_deleted = process->exe_deleted;
	party->cmdline = process->cmdline;
	if (!party->exe || !process->exe_passed)
		return;
	party->reasons |= side->exe_passed;
	if (party->exe[0] != '/')
		party->exe = NULL; /* relative to a folder that is not known */
}

/* The executable of a reading, against the one in the record, to which the kernel appends a mark
 * when the file was unlinked by then. */
static bool same_exe(const struct process *names, const char *exe, bool *ret_deleted)
{
	static const char mark[] = " (deleted)";
	size_t len;

	if (!names->exe || !exe)
		return false;
	len = strlen(names->exe);
	if (strncmp(names->exe, exe, len) != 0)
		return false;
	*ret_deleted = names->exe_deleted && strcmp(exe + len, mark) == 0;
	return *ret_deleted || exe[len] == '\0';
}

/* The title is the beginning of the command line at the time of the event: the same executable may
 * have been started anew since, with other words. */
static bool title_agrees(const struct signal_sender *sender, const char *cmdline)
{
	return cmdline &&
	       (!sender->title || strncmp(cmdline, sender->title, sender->title_len) == 0);
}

static void sender_set_cmdline(
	const struct signal_sender *sender, const char *cmdline, bool cut, struct party *party)
{
	if (!title_agrees(sender, cmdline))
		return;
	party->cmdline = cmdline;
	if (cut)
		party->reasons |= REASON_BIT(SENDER_CMDLINE_CUT);
}

/* The executable in the record is the kernel's own word. */
static void sender_set_traced_names(const struct signal_sender *sender,
	const struct process_readings *readings, struct party *party)
{
	struct party traced = *party;

	party_set_traced_names(&traced, readings->seen, &sender_side);
	if (!sender->exe) {
		party->exe = traced.exe;
		party->exe_deleted = traced.exe_deleted;
		party->reasons = traced.reasons;
	}
	if (!sender->exe || same_exe(&(struct process){.exe = (char *)traced.exe,
					     .exe_deleted = traced.exe_deleted},
				    sender->exe, &party->exe_deleted))
		sender_set_cmdline(sender, traced.cmdline, party->process->cmdline_cut, party);
}

void sender_attribute(const struct signal_sender *sender, const struct process_readings *readings,
	uint64_t event_usec, struct party *ret)
{
	const struct evidence evidence = {
		sender->comm, sender->exe, sender->uid, sender->loginuid, sender->session};
	const struct process *names;

	*ret = (struct party){.exe = sender->exe};
	party_choose(readings, &evidence, event_usec, &sender_side, ret);
	if (!sender->comm[0])
		ret->reasons |= REASON_BIT(SENDER_COMM_UNKNOWN);
	if (!ret->process)
		return;
	if (ret->source == PROCESS_SOURCE_TRACE) {
		sender_set_traced_names(sender, readings, ret);
		return;
	}
	names = party_names(ret, readings, &sender_side);
	/* Another program may run in the process by now. */
	if (same_exe(names, sender->exe, &ret->exe_deleted)) {
		ret->exe = names->exe;
		sender_set_cmdline(sender, names->cmdline, names->cmdline_cut, ret);
	}
}

void target_attribute(const struct signal_target *target, const struct process_readings *readings,
	uint64_t event_usec, struct party *ret)
{
	const struct evidence evidence = {
		target->comm, NULL, target->uid, target->loginuid, target->session};
	const struct process *names;

	*ret = (struct party){};
	party_choose(readings, &evidence, event_usec, &target_side, ret);
	if (!ret->process)
		return;
	if (ret->source == PROCESS_SOURCE_TRACE) {
		party_set_traced_names(ret, readings->seen, &target_side);
		return;
	}
	names = party_names(ret, readings, &target_side);
	if (strcmp(names->comm, target->comm) != 0) {
		ret->reasons |= REASON_BIT(TARGET_COMM_CHANGED);
		return;
	}
	ret->exe = names->exe;
	ret->exe_deleted = names->exe_deleted;
	ret->cmdline = names->cmdline;
}

struct ancestor sender_ancestor(const struct signal_sender *sender, const struct party *party)
{
	return (struct ancestor){
		.pid = sender->pid,
		.comm = sender->comm[0] ? sender->comm : NULL,
		.exe = party->exe,
		.start_usec =
			party->process ? process_start_told(party->process) : PROCESS_START_UNKNOWN,
		.source = party->source,
		.alive = party->process && party->source != PROCESS_SOURCE_SEED &&
			 !party->process->zombie && !party->process->end_usec,
	};
}

struct ancestor parent_attribute(pid_t pid, const struct process_readings *readings,
	uint64_t child_start_usec, uint64_t event_usec, pid_t *ret_ppid)
{
	uint64_t latest = child_start_usec < event_usec ? child_start_usec : event_usec;
	struct ancestor ancestor = {.pid = pid, .start_usec = PROCESS_START_UNKNOWN};
	const struct process *process = NULL;

	if (is_followed(readings->earlier)) {
		process = readings->earlier;
		ancestor.source = PROCESS_SOURCE_TRACE;
		ancestor.alive = !process->end_usec;
	} else if (started_by(readings->live, latest)) {
		process = readings->live;
		ancestor.source = PROCESS_SOURCE_PROCFS;
		ancestor.alive = !process->zombie;
	} else if (started_by(readings->earlier, latest)) {
		process = readings->earlier;
		ancestor.source = PROCESS_SOURCE_SEED;
	}
	*ret_ppid = 0;
	if (process) {
		ancestor.comm = process->comm[0] ? process->comm : NULL;
		ancestor.exe = process->exe_passed && process->exe[0] != '/' ? NULL : process->exe;
		ancestor.start_usec = process_start_told(process);
		*ret_ppid = process->ppid;
		/* Who was its parent before it was put under another one. */
		if (same_process(process, readings->earlier))
			*ret_ppid = readings->earlier->ppid;
		else
			ancestor.reparented = process->ppid == 1;
	}
	return ancestor;
}
