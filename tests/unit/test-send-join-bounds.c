/* SPDX-License-Identifier: GPL-2.0-or-later */
/* SPDX-FileCopyrightText: The killauditd authors */

/* What is kept of sends, and for how long: it is bounded, and all of them are accounted for. */

#include "send-story.h"

/* As a process in a tight loop sends them. */
#define STORM      300000U
#define STORM_NSEC 1400U

static const struct step plain = {SEE, 0};

static struct send_seen storm_send(struct story *story, unsigned i)
{
	struct send_seen send = step_send(story, &plain);

	send.seen.monotonic_nsec += (uint64_t)i * STORM_NSEC;
	return send;
}

static bool storm_match(struct story *story, unsigned i, struct send_match *ret)
{
	struct signal_target target = {.pid = 200};
	const struct signal_event event = {
		.signal = SIGTERM,
		.result_known = true,
		.sender.pid = 100,
		.targets = &target,
		.n_targets = 1,
	};
	const struct send_window window = {
		.from_nsec = story_nsec(0) + (uint64_t)i * STORM_NSEC,
		.to_nsec = story_nsec(1000) + (uint64_t)i * STORM_NSEC,
		.trace_whole = true,
	};

	story->now.nsec = window.to_nsec;
	send_join_match(story->join, &event, &target, &window, &story->now, ret);
	return ret->send;
}

/* *vary makes each of them differ from the last. */
static void check_storm(void (*vary)(struct send_seen *send, unsigned i), size_t max_size)
{
	struct story story;
	struct send_match match;
	struct send_alone alone;
	uint64_t before_nsec = 0;
	unsigned i, n_varied = 0;

	story_begin(&story);
	for (i = 0; i < STORM; i++) {
		struct send_seen send = storm_send(&story, i);

		vary(&send, i);
		n_varied += send.seen.result != SIGNAL_RESULT_QUEUED;
		assert_int_equal(send_join_see(story.join, &send), 0);
		assert_true(send_join_size(story.join) <= max_size);
	}
	for (i = 0; i < STORM; i++) {
		uint64_t nsec, sent_nsec = story_nsec(0) + (uint64_t)i * STORM_NSEC;

		assert_true(storm_match(&story, i, &match));
		assert_false(match.amends);
		nsec = match.send->seen.monotonic_nsec;
		assert_true(nsec <= sent_nsec + 25 * MSEC && sent_nsec <= nsec + 25 * MSEC);
		n_varied -= match.delivery != DELIVERY_QUEUED;
		before_nsec = nsec > before_nsec ? nsec : before_nsec;
	}
	assert_int_equal(before_nsec, story_nsec(0) + (uint64_t)(STORM - 1) * STORM_NSEC);
	assert_int_equal(n_varied, 0);
	assert_int_equal(send_join_size(story.join), 0);
	story.now.nsec = UINT64_MAX;
	assert_false(send_join_expire(story.join, UINT64_MAX, &story.now, &alone));
	assert_int_equal(send_join_counts(story.join)->matched, STORM);
	assert_int_equal(send_join_counts(story.join)->missing, 0);
	story_end(&story);
}

static void vary_nothing(struct send_seen *send, unsigned i)
{
	(void)send;
	(void)i;
}

static void vary_threads(struct send_seen *send, unsigned i)
{
	send->seen.current = 100 + (pid_t)(i % 4);
}

/* A target that handles one now and then. */
static void vary_results(struct send_seen *send, unsigned i)
{
	if (i * 2654435761U >> 31)
		send->seen.result = SIGNAL_RESULT_ALREADY_PENDING;
}

static void test_storm(void **state)
{
	(void)state;
	check_storm(vary_nothing, STORM * STORM_NSEC / (20 * MSEC) + 1);
	check_storm(vary_threads, 256);
	check_storm(vary_results, 256);
}

/* They wait for nothing, but are told in the end, as one for each stretch of time. */
static void test_storm_without_audit(void **state)
{
	struct story story;
	struct send_alone alone;
	uint64_t n = 0, before_nsec = 0;

	(void)state;
	story_begin(&story);
	for (unsigned i = 0; i < STORM; i++) {
		struct send_seen send = storm_send(&story, i);

		assert_int_equal(send_join_see(story.join, &send), 0);
	}
	while (send_join_expire(story.join, story_nsec(5000), &story.now, &alone)) {
		assert_int_equal(alone.verdict, SEND_MISMATCH);
		assert_true(alone.send->seen.monotonic_nsec > before_nsec);
		assert_true(alone.last_nsec >= alone.send->seen.monotonic_nsec);
		before_nsec = alone.last_nsec;
		n += alone.count;
	}
	assert_int_equal(n, STORM);
	assert_int_equal(before_nsec, story_nsec(0) + (uint64_t)(STORM - 1) * STORM_NSEC);
	story_end(&story);
}

/* The newest go: of who waits longest, the record comes next. */
static void test_too_many_wait(void **state)
{
	const pid_t n = SEND_JOIN_WAITING_MAX;
	struct story story;
	struct send_seen send;

	(void)state;
	story_begin(&story);
	for (pid_t i = 0; i < n; i++)
		story_step(&story, &(struct step){SEE, 0, "waits", .target = 1000 + i});
	assert_int_equal(send_join_size(story.join), n);
	story_step(&story, &(struct step){SEE, 1, "alone", .target = 1000 + n});
	story_step(&story, &(struct step){SEE, 1, "kernel", .target = 100,
				   .class = SIGNAL_CLASS_KERNEL, .code = 1});
	assert_int_equal(send_join_counts(story.join)->crowded_out, 2);
	/* One more of them is no more. */
	story_step(&story, &(struct step){SEE, 1, "waits", .target = 1000 + n - 1});
	send = step_send(&story, &(struct step){SEE, 1, .target = 1000 + n});
	assert_int_equal(send_join_see(story.join, &send), SEND_ALONE); /* and is told nowhere */
	story_step(&story, &(struct step){MATCH, 0, "queued @0", .target = 1000});
	story_step(&story, &(struct step){SEE, 1, "waits", .target = 2000 + n});
	story_step(&story, &(struct step){MATCH, 1, "queued @1 amends 1", .target = 1000 + n});
	story_step(&story, &(struct step){MATCH, 1, "unknown missing", .target = 1000 + n});
	story_end(&story);
}

/* What is forgotten is not held against anybody. */
static void test_too_many_were_told(void **state)
{
	const pid_t n = SEND_JOIN_TOLD_MAX;
	struct story story;

	(void)state;
	story_begin(&story);
	story_step(&story, &(struct step){BORN, 0, .sender = 1, .target = 100});
	for (pid_t i = 0; i <= n + 9; i++)
		story_step(&story,
			&(struct step){SEE, 10, "alone", .target = 1000 + i, .blind = true});
	assert_int_equal(send_join_size(story.join), n);
	assert_int_equal(story.n_held, n);
	story_step(&story, &(struct step){MATCH, 10, "unknown", .target = 1009});
	story_step(&story, &(struct step){MATCH, 10, "queued @10 amends 11", .target = 1010});
	story_step(&story, &(struct step){MATCH, 16, "unknown missing", .target = 1009});
	story_end(&story);
}

/* Names are those of the moment, also when the process has gone on since; it is held for them. */
static void test_sightings_are_kept(void **state)
{
	char before[] = "/before", after[] = "/after";
	struct process process = {.pid = 200, .start_usec = 5, .comm = "before", .exe = before};
	struct story story;
	struct send_seen send;
	struct send_match match;

	(void)state;
	story_begin(&story);
	send = storm_send(&story, 0);
	sighting_take(&process, &send.target);
	assert_int_equal(send_join_see(story.join, &send), 0);
	assert_int_equal(story.n_held, 1);
	strcpy(process.comm, "after");
	process.exe = after;
	process.n_execs++;
	sighting_take(&process, &send.target);
	assert_int_equal(send_join_see(story.join, &send), 0);
	assert_int_equal(story.n_held, 2); /* for they differ */
	assert_true(storm_match(&story, 0, &match));
	assert_string_equal(match.send->target.comm, "before");
	assert_ptr_equal(match.send->target.exe, before);
	assert_ptr_equal(match.send->target.process, &process);
	assert_int_equal(story.n_held, 2); /* until the next call */
	assert_true(storm_match(&story, 0, &match));
	assert_string_equal(match.send->target.comm, "after");
	assert_ptr_equal(match.send->target.exe, after);
	assert_int_equal(story.n_held, 1);
	assert_false(storm_match(&story, 0, &match));
	assert_int_equal(story.n_held, 0);
	story_end(&story);
}

int main(void)
{
	static const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_sightings_are_kept),
		cmocka_unit_test(test_storm),
		cmocka_unit_test(test_storm_without_audit),
		cmocka_unit_test(test_too_many_wait),
		cmocka_unit_test(test_too_many_were_told),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
