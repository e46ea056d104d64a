/* SPDX-License-Identifier: GPL-2.0-or-later */
/* SPDX-FileCopyrightText: The killauditd authors */

/*
 * Whole traces through the line from record to entry: data/NAME.audit holds records as auditd
 * writes them, under a header that tells their story, and data/NAME.expected the entries as JSON
 * that come of them where /proc has nothing to say. UPDATE_EXPECTED=1 writes the latter anew.
 */

#include <glob.h>
#include <libaudit.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "core/audit-record.h"
#include "core/entry-shape.h"
#include "core/event-assembly.h"
#include "core/event-fields.h"
#include "core/journal-entry.h"
#include "core/signal-entry.h"
#include "core/signal-event.h"
#include "io/event-decoder.h"
#include "unit/unit.h"

struct line {
	struct event_assembly *assembly;
	struct event_decoder *decoder;
	struct event_fields fields;
	struct journal_entry entry;
	struct buffer output;
	uint64_t count;
};

static void tell(struct line *line, const struct signal_event *event)
{
	static const struct process_readings nothing;
	struct ancestry ancestry = {.n_links = 1};
	struct attributed_signal attributed = {
		.realtime_usec = event->time_msec * 1000,
		.monotonic_usec = event->time_msec * 1000,
		.event = event,
		.ancestry = &ancestry,
	};

	sender_attribute(&event->sender, &nothing, 0, &attributed.sender_party);
	ancestry.links[0] = sender_ancestor(&event->sender, &attributed.sender_party);
	for (size_t i = 0; i < event->n_targets; i++) {
		attributed.id.count = line->count++;
		attributed.target = &event->targets[i];
		target_attribute(attributed.target, &nothing, 0, &attributed.target_party);
		journal_entry_clear(&line->entry);
		assert_int_equal(signal_entry_format(&attributed, &line->entry), 0);
		assert_int_equal(entry_shape_json(&line->entry, &line->output), 0);
	}
}

static void handle_event(struct line *line, struct audit_event *audit_event)
{
	struct signal_event event;

	assert_int_equal(event_fields_decode(line->decoder, audit_event, &line->fields), 0);
	if (signal_event_decode(&line->fields, &event) == 0) {
		tell(line, &event);
		signal_event_done(&event);
	}
	audit_event_free(audit_event);
}

static void handle_record(struct line *line, char *text)
{
	char type[64];
	int at = 0;
	struct audit_record record;
	struct audit_event *event;

	assert_int_equal(sscanf(text, "type=%63s msg=%n", type, &at), 1);
	assert_true(at > 0);
	assert_int_equal(audit_record_parse((uint16_t)audit_name_to_msg_type(type), text + at,
				 strlen(text + at), &record),
		0);
	assert_int_equal(event_assembly_push(
				 line->assembly, &record, audit_record_accept(&record), 0, &event),
		0);
	if (event)
		handle_event(line, event);
}

static void run(FILE *records, struct buffer *ret)
{
	struct line line = {
		.assembly = event_assembly_new(),
		.decoder = event_decoder_new(),
	};
	struct audit_event *event;
	char *text = NULL;
	size_t size = 0;

	while (getline(&text, &size, records) > 0)
		if (text[0] != '#' && text[0] != '\n')
			handle_record(&line, text);
	while ((event = event_assembly_expire(line.assembly, UINT64_MAX)))
		handle_event(&line, event);
	free(text);
	*ret = line.output;
	event_fields_done(&line.fields);
	journal_entry_done(&line.entry);
	event_decoder_free(line.decoder);
	event_assembly_free(line.assembly);
}

static char *read_all(const char *path)
{
	FILE *file = fopen(path, "r");
	char *text = NULL;
	size_t size = 0;

	if (!file)
		return NULL;
	if (getdelim(&text, &size, '\0', file) < 0) {
		free(text);
		text = strdup("");
	}
	fclose(file);
	return text;
}

static void check_trace(void **state)
{
	const char *path = *state;
	char *expected_path, *expected;
	struct buffer output;
	FILE *file = fopen(path, "r");

	assert_non_null(file);
	run(file, &output);
	fclose(file);
	assert_true(asprintf(&expected_path, "%.*s.expected",
			    (int)(strlen(path) - strlen(".audit")), path) > 0);
	if (getenv("UPDATE_EXPECTED")) {
		file = fopen(expected_path, "w");
		assert_non_null(file);
		if (output.len > 0)
			assert_int_equal(fwrite(output.data, output.len, 1, file), 1);
		assert_int_equal(fclose(file), 0);
	}
	expected = read_all(expected_path);
	assert_non_null(expected);
	assert_string_equal(output.data ? output.data : "", expected);
	free(expected);
	free(expected_path);
	buffer_done(&output);
}

int main(void)
{
	const char *srcdir = getenv("SRCDIR");
	struct CMUnitTest tests[64] = {};
	char pattern[4096];
	glob_t paths;
	int failed;

	snprintf(pattern, sizeof(pattern), "%s/tests/traces/data/*.audit", srcdir ? srcdir : ".");
	if (glob(pattern, 0, NULL, &paths) != 0 || paths.gl_pathc > ELEMENTS(tests)) {
		fprintf(stderr, "no traces, or too many: %s\n", pattern);
		return 1;
	}
	for (size_t i = 0; i < paths.gl_pathc; i++)
		tests[i] = (struct CMUnitTest){
			.name = strrchr(paths.gl_pathv[i], '/') + 1,
			.test_func = check_trace,
			.initial_state = paths.gl_pathv[i],
		};
	failed = _cmocka_run_group_tests("traces", tests, paths.gl_pathc, NULL, NULL);
	globfree(&paths);
	return failed;
}
