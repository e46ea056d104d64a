/* SPDX-License-Identifier: GPL-2.0-or-later */
/* SPDX-FileCopyrightText: The killauditd authors */

/* What happens to sends, step by step, and what the join of audit and the trace says to each. */
#pragma once

#include "unit.h"

#include <signal.h>
#include <stdio.h>
#include <string.h>

#include "core/buffer.h"
#include "core/send-join.h"

#define MSEC UINT64_C(1000000)
/* All times of a story are milliseconds after this one; suspended before it were seven seconds. */
#define STORY_BEGINS_NSEC    UINT64_C(1000000000000)
#define STORY_SUSPENDED_NSEC UINT64_C(7000000000)

enum step_kind {
	SEE = 1, /* the trace did */
	MATCH, /* audit tells of one target */
	EXPIRE,
	BORN, /* `target`, child of `sender` as /proc says, and made by `thread`; in `cgroup` */
	ENDS, /* `target` */
};

#define NOBODY (-1) /* a sender whose thread is not known; or a target */

struct step {
	enum step_kind kind;
	uint64_t at; /* of MATCH: the stamp of the record */
	const char *expected;
	pid_t sender, target; /* 100 and 200 unless told */
	int signal; /* SIGTERM unless told */

	pid_t thread; /* of the sender, the first unless told */
	enum signal_class class;
	int code;
	enum signal_result result;
	bool blind, maybe, interrupt; /* else an audit event must come */
	const char *cgroup;

	enum signal_route route;
	bool with_info, result_unknown, incomplete, trace_lossy;
	uint32_t flags;
	int error;
	size_t n_targets; /* 1 unless told */
	uint64_t now; /* `at` unless told */

	uint64_t barrier;
};

struct story {
	struct send_join *join;
	struct process processes[8];
	size_t n_processes;
	int n_held;
	uint64_t n_told; /* all that are alone are told at once */
	struct send_now now;
};

static inline void story_hold(const struct process *process, void *userdata)
{
	struct story *story = userdata;

	assert_non_null(process);
	story->n_held++;
}

static inline void story_release(const struct process *process, void *userdata)
{
	struct story *story = userdata;

	assert_non_null(process);
	assert_true(--story->n_held >= 0);
}

static inline void story_begin(struct story *story)
{
	const struct send_join_holder holder = {story_hold, story_release, story};

	*story = (struct story){.now.suspended_nsec = STORY_SUSPENDED_NSEC};
	story->join = send_join_new(&holder);
	assert_non_null(story->join);
}

static inline void story_end(struct story *story)
{
	assert_null(send_join_free(story->join));
	assert_int_equal(story->n_held, 0);
}

static inline uint64_t story_nsec(uint64_t msec)
{
	return STORY_BEGINS_NSEC + msec * MSEC;
}

static inline uint64_t story_boottime_usec(uint64_t msec)
{
	return (story_nsec(msec) + STORY_SUSPENDED_NSEC) / 1000;
}

static inline struct process *story_process(struct story *story, pid_t pid)
{
	for (size_t i = story->n_processes; i-- > 0;)
		if (story->processes[i].pid == pid)
			return &story->processes[i];
	return NULL;
}

static inline struct sighting story_sighting(struct story *story, pid_t pid, const char *cgroup)
{
	struct process *process = story_process(story, pid);
	struct sighting sighting = {.pid = pid == NOBODY ? 0 : pid, .cgroup = cgroup};

	if (process)
		sighting_take(process, &sighting);
	return sighting;
}

static inline pid_t step_sender(const struct step *step)
{
	return step->sender ? step->sender : 100;
}

static inline pid_t step_target(const struct step *step)
{
	return step->target ? step->target : 200;
}

static inline struct send_seen step_send(struct story *story, const struct step *step)
{
	pid_t sender = step_sender(step), target = step_target(step);
	struct send_seen send = {
		.class = step->class,
		.seen =
			{
				.monotonic_nsec = story_nsec(step->at),
				.current = step->thread ? step->thread : sender,
				.target = target == NOBODY ? 200 : target,
				.target_comm = "server",
				.signal = step->signal ? step->signal : SIGTERM,
				.code = step->code,
				.group = step->class == SIGNAL_CLASS_KILL,
				.interrupt = step->interrupt,
				.result = step->result,
			},
		.sender = story_sighting(story, sender, NULL),
		.target = story_sighting(story, target, step->cgroup),
	};

	if (step->blind)
		send.partner = SEND_PARTNER_NONE;
	else
		send.partner = step->maybe ? SEND_PARTNER_POSSIBLE : SEND_PARTNER_CERTAIN;
	return send;
}

static inline void story_told(
	struct story *story, const struct send_seen *send, size_t count, uint64_t last_nsec)
{
	const struct event_id id = {4711, ++story->n_told};

	assert_int_equal(send_join_told(story->join, send, count, last_nsec, id, &story->now), 0);
}

static const char *const verdict_names[] = {
	"waits",
	[SEND_ALONE] = "alone",
	[SEND_MISMATCH] = "mismatch",
	[SEND_BY_KERNEL] = "kernel",
	[SEND_BY_PARENT_DEATH] = "parent's death",
	[SEND_BY_CGROUP_KILL] = "cgroup.kill",
};

static inline void story_see(struct story *story, const struct step *step, struct buffer *text)
{
	struct send_seen send = step_send(story, step);
	int r = send_join_see(story->join, &send);

	assert_true(r >= 0);
	buffer_append_string(text, verdict_names[r]);
	if (r > 0)
		story_told(story, &send, 1, send.seen.monotonic_nsec);
}

static inline void seen_format(const struct send_seen *send, struct buffer *text)
{
	buffer_printf(
		text, " @%u", (unsigned)((send->seen.monotonic_nsec - STORY_BEGINS_NSEC) / MSEC));
	if (send->seen.current != 100)
		buffer_printf(text, " by %d", send->seen.current);
}

static inline void story_match(struct story *story, const struct step *step, struct buffer *text)
{
	struct signal_target target = {.pid = step_target(step)};
	struct signal_event event = {
		.syscall.route = step->route,
		.signal = step->signal ? step->signal : SIGTERM,
		.with_info = step->with_info,
		.flags = step->flags,
		.result_known = !step->result_unknown,
		.error = step->error,
		.incomplete = step->incomplete,
		.sender.pid = step_sender(step),
		.targets = &target,
		.n_targets = step->n_targets ? step->n_targets : 1,
	};
	const struct send_window window = {
		.from_nsec = story_nsec(step->at) - 5 * MSEC,
		.to_nsec = story_nsec(step->at) + 1000 * MSEC,
		.trace_whole = !step->trace_lossy,
	};
	struct send_match match;
	const char *delivery;

	send_join_match(story->join, &event, &target, &window, &story->now, &match);
	delivery = signal_delivery_name(match.delivery);
	buffer_append_string(text, delivery ? delivery : "unknown");
	if (match.send)
		seen_format(match.send, text);
	if (match.guessed)
		buffer_append_string(text, " guessed");
	if (match.missing)
		buffer_append_string(text, " missing");
	if (match.amends) {
		assert_int_equal(match.id.instance, 4711);
		buffer_printf(text, " amends %u", (unsigned)match.id.count);
	}
}

/* All that there are. */
static inline void story_expire(struct story *story, const struct step *step, struct buffer *text)
{
	uint64_t barrier = step->barrier ? story_nsec(step->barrier) : 0;
	struct send_alone alone;

	buffer_append_string(text, "");
	while (send_join_expire(story->join, barrier, &story->now, &alone)) {
		buffer_printf(text, "%s%s", text->len ? ", " : "", verdict_names[alone.verdict]);
		seen_format(alone.send, text);
		if (alone.count > 1)
			buffer_printf(text, " x%zu", alone.count);
		story_told(story, alone.send, alone.count, alone.last_nsec);
	}
	if (text->len == 0)
		buffer_append_string(text, "none");
}

static inline void story_step(struct story *story, const struct step *step)
{
	struct buffer text = {};
	struct process *process;

	story->now.nsec = story_nsec(step->now ? step->now : step->at);
	switch (step->kind) {
	case SEE:
		story_see(story, step, &text);
		break;
	case MATCH:
		story_match(story, step, &text);
		break;
	case EXPIRE:
		story_expire(story, step, &text);
		break;
	case BORN:
		assert_true(story->n_processes < ELEMENTS(story->processes));
		process = &story->processes[story->n_processes++];
		process->pid = step->target;
		process->ppid = step->sender;
		process->maker = story_process(story, step->thread);
		process->start_usec = story_boottime_usec(step->at);
		process->cgroup = (char *)step->cgroup;
		return;
	case ENDS:
		story_process(story, step->target)->end_usec = story_boottime_usec(step->at);
		return;
	}
	assert_string_equal(text.data, step->expected);
	buffer_done(&text);
}
