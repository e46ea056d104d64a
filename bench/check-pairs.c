/* SPDX-License-Identifier: GPL-2.0-or-later */
/* SPDX-FileCopyrightText: The killauditd authors */

/*
 * check-pairs [OPTION...] TRUTH-FILE ENTRIES: holds what killauditd told, one JSON object a line,
 * against what was done (truth.h), and prints a table: a row for each kind and form.
 *
 *     --right PERCENT    of the sends in each row: containers, names, executables, ancestry right
 *     --certain PERCENT  of the sends in each row: told with CERTAINTY=certain
 *     --want PART=PERCENT,...  of the sends in each row: this part right; the parts are those that
 *                        --list names
 *     --only KIND,...    rows that these are wanted of, each as KIND or KIND/FORM; else all
 *     --missing N        sends without an entry that are let pass, in all: 0
 *     --twice N          sends with more than one entry that are let pass: 0
 *     --list N           how many of the sends of which something is not right to show: 0
 *     --brief            only the row of all
 *
 * Status 0: all wanted is reached, and nothing is certain and wrong. 1: it is not.
 *
 * right, absent and wrong are three things: a field that is left out is no lie. Except that an
 * entry which is certain and names no container says that there is none.
 */
#include <err.h>
#include <errno.h>
#include <getopt.h>
#include <json-c/json.h>
#include <stdbool.h>
#include <stdlib.h>
#include <string.h>
#include <uthash.h>

#include "truth.h"

/* An entry further from the send than this is of another process with the same pid. */
#define WINDOW_USEC     5000000
#define N_ANCESTORS_MAX 16
#define WRONG_LISTED    10

enum part {
	SENDER_PID,
	SENDER_CONTAINER,
	SENDER_CGROUP,
	SENDER_COMM,
	SENDER_EXE,
	SENDER_START,
	TARGET_CONTAINER,
	TARGET_CGROUP,
	TARGET_COMM,
	TARGET_EXE,
	TARGET_START,
	ANCESTRY_COMM,
	ANCESTRY_EXE,
	ANCESTRY_START,
	N_PARTS
};

static const char *const part_names[] = {"sender-pid", "sender-container", "sender-cgroup",
	"sender-comm", "sender-exe", "sender-start", "target-container", "target-cgroup",
	"target-comm", "target-exe", "target-start", "ancestry-comm", "ancestry-exe",
	"ancestry-start"};

/* What `right` means: the rest has columns of its own. */
static const bool part_counts[N_PARTS] = {[SENDER_PID] = true,
	[SENDER_CONTAINER] = true,
	[SENDER_COMM] = true,
	[SENDER_EXE] = true,
	[TARGET_CONTAINER] = true,
	[TARGET_COMM] = true,
	[TARGET_EXE] = true,
	[ANCESTRY_COMM] = true};

enum answer { ABSENT, RIGHT, WRONG };

struct party {
	long pid;
	char *comm, *exe, *cgroup, *container; /* NULL: not held */
	uint64_t start_usec[2];
};

struct send {
	struct row *row;
	long signal;
	uint64_t usec;
	struct party sender, target;
	struct party ancestors[N_ANCESTORS_MAX]; /* oldest first */
	size_t n_ancestors;
	/* What was told. */
	unsigned n_entries;
	char event_id[33];
	bool certain;
	enum answer answers[N_PARTS];
	char *line; /* kept where it is to be listed */
	struct send *next; /* of the same target pid */
	UT_hash_handle hh; /* by target.pid: the first of them */
};

struct row {
	char name[64]; /* KIND/FORM */
	uint64_t n, n_told, n_twice, n_right, n_certain, n_certain_wrong;
	uint64_t n_right_of[N_PARTS];
	UT_hash_handle hh;
};

struct count {
	char name[128];
	uint64_t n;
	UT_hash_handle hh;
};

static struct {
	double right, certain;
	double parts[N_PARTS];
	char *only;
	uint64_t missing, twice, list;
	bool brief;
} options;

static struct send *by_target;
static struct send *sends; /* all, in the order of the file */
static size_t n_sends;
static struct row *rows;
static struct count *counts;
static uint64_t n_others;

static void count_up(const char *what, const char *value)
{
	struct count *count;
	char name[sizeof(count->name)];

	snprintf(name, sizeof(name), "%s=%s", what, value);
	HASH_FIND_STR(counts, name, count);
	if (!count) {
		count = calloc(1, sizeof(*count));
		if (!count)
			err(1, "calloc");
		memcpy(count->name, name, sizeof(name));
		HASH_ADD_STR(counts, name, count);
	}
	count->n++;
}

/* --- the truth ---------------------------------------------------------------------------------
 */

static char *text_or_null(char *text)
{
	return !text || strcmp(text, "-") == 0 ? NULL : strdup(text);
}

static void party_parse(char **columns, struct party *ret)
{
	ret->pid = strtol(columns[0], NULL, 10);
	ret->comm = text_or_null(columns[1]);
	ret->exe = text_or_null(columns[2]);
	ret->cgroup = text_or_null(columns[3]);
	ret->container = text_or_null(columns[4]);
	ret->start_usec[0] = strtoull(columns[5], NULL, 10);
	ret->start_usec[1] = strtoull(columns[6], NULL, 10);
}

static size_t split(char *line, char divider, char **ret, size_t max)
{
	const char dividers[2] = {divider, '\0'};
	size_t n = 0;
	char *word;

	while (n < max && (word = strsep(&line, dividers)))
		ret[n++] = word;
	return n;
}

static void ancestors_parse(char *text, struct send *send)
{
	char *links[N_ANCESTORS_MAX];
	char *words[5];

	if (strcmp(text, "-") == 0)
		return;
	send->n_ancestors = split(text, '>', links, N_ANCESTORS_MAX);
	for (size_t i = 0; i < send->n_ancestors; i++) {
		struct party *ancestor = &send->ancestors[i];

		if (split(links[i], ',', words, 5) != 5)
			errx(1, "an ancestor is not PID,COMM,EXE,START,START");
		ancestor->pid = strtol(words[0], NULL, 10);
		ancestor->comm = text_or_null(words[1]);
		ancestor->exe = text_or_null(words[2]);
		ancestor->start_usec[0] = strtoull(words[3], NULL, 10);
		ancestor->start_usec[1] = strtoull(words[4], NULL, 10);
	}
}

static struct row *row_of(const char *kind, const char *form)
{
	struct row *row;
	char name[sizeof(row->name)];

	snprintf(name, sizeof(name), "%s/%s", kind, form);
	HASH_FIND_STR(rows, name, row);
	if (!row) {
		row = calloc(1, sizeof(*row));
		if (!row)
			err(1, "calloc");
		memcpy(row->name, name, sizeof(name));
		HASH_ADD_STR(rows, name, row);
	}
	return row;
}

static FILE *open_file(const char *name)
{
	FILE *file = strcmp(name, "-") == 0 ? stdin : fopen(name, "re");

	if (!file)
		err(1, "%s", name);
	return file;
}

static void read_truth(const char *name)
{
	FILE *file = open_file(name);
	char *line = NULL;
	size_t size = 0, room = 0;
	ssize_t len;

	while ((len = getline(&line, &size, file)) > 0) {
		char *columns[19];

		line[strcspn(line, "\n")] = '\0';
		if (line[0] == '#' || line[0] == '\0')
			continue;
		if (split(line, '\t', columns, 19) != 19)
			errx(1, "%s: line %zu has not 19 columns", name, n_sends + 1);
		if (n_sends == room) {
			room = room ? 2 * room : 1024;
			sends = realloc(sends, room * sizeof(*sends));
			if (!sends)
				err(1, "realloc");
		}
		struct send *send = &sends[n_sends++];
		*send = (struct send){.row = row_of(columns[0], columns[1]),
			.signal = strtol(columns[2], NULL, 10),
			.usec = strtoull(columns[3], NULL, 10)};
		party_parse(columns + 4, &send->sender);
		party_parse(columns + 11, &send->target);
		ancestors_parse(columns[18], send);
		send->row->n++;
	}
	free(line);
	fclose(file);
	/* Now that they do not move any more. */
	for (size_t i = 0; i < n_sends; i++) {
		struct send *first;

		HASH_FIND(hh, by_target, &sends[i].target.pid, sizeof(long), first);
		if (first) {
			sends[i].next = first->next;
			first->next = &sends[i];
		} else {
			HASH_ADD(hh, by_target, target.pid, sizeof(long), &sends[i]);
		}
	}
}

/* --- the entries -------------------------------------------------------------------------------
 */

static const char *field(struct json_object *entry, const char *name)
{
	struct json_object *value;

	return json_object_object_get_ex(entry, name, &value) ? json_object_get_string(value)
							      : NULL;
}

static uint64_t number(struct json_object *entry, const char *name)
{
	const char *text = field(entry, name);

	return text ? strtoull(text, NULL, 10) : 0;
}

static void count_values(struct json_object *entry, const char *name)
{
	struct json_object *value;

	if (!json_object_object_get_ex(entry, name, &value)) {
		count_up(name, "");
	} else if (!json_object_is_type(value, json_type_array)) {
		count_up(name, json_object_get_string(value));
	} else {
		for (size_t i = 0; i < json_object_array_length(value); i++)
			count_up(name, json_object_get_string(json_object_array_get_idx(value, i)));
	}
}

static enum answer text_answer(const char *truth, const char *told)
{
	if (!truth)
		return RIGHT;
	return !told ? ABSENT : strcmp(truth, told) == 0 ? RIGHT : WRONG;
}

static enum answer start_answer(
	const struct party *truth, struct json_object *object, const char *name)
{
	struct json_object *value;
	uint64_t told;

	if (truth->start_usec[1] == 0)
		return RIGHT;
	if (!json_object_object_get_ex(object, name, &value))
		return ABSENT;
	told = strtoull(json_object_get_string(value), NULL, 10);
	return told >= truth->start_usec[0] && told <= truth->start_usec[1] ? RIGHT : WRONG;
}

static enum answer worse(enum answer a, enum answer b)
{
	static const int badness[] = {[ABSENT] = 1, [RIGHT] = 0, [WRONG] = 2};

	return badness[a] > badness[b] ? a : b;
}

/* A name of which only "?" or nothing is told, is absent. */
static void ancestry_answer(struct send *send, struct json_object *entry)
{
	const char *text = field(entry, "SENDER_ANCESTRY_JSON");
	struct json_object *links = text ? json_tokener_parse(text) : NULL;
	size_t n_told = links && json_object_is_type(links, json_type_array)
				? json_object_array_length(links)
				: 0;
	enum answer comm = RIGHT, exe = RIGHT, start = RIGHT;

	for (size_t i = 1; i <= send->n_ancestors; i++) {
		const struct party *truth = &send->ancestors[send->n_ancestors - i];
		struct json_object *link = NULL, *pid;

		/* The last one told is the sender. */
		if (i < n_told)
			link = json_object_array_get_idx(links, n_told - 1 - i);
		if (!link) {
			comm = worse(comm, ABSENT);
			exe = worse(exe, ABSENT);
			start = worse(start, ABSENT);
			break;
		}
		if (truth->pid > 0 && json_object_object_get_ex(link, "pid", &pid) &&
			json_object_get_int64(pid) != truth->pid)
			comm = WRONG;
		comm = worse(comm, text_answer(truth->comm, field(link, "comm")));
		exe = worse(exe, text_answer(truth->exe, field(link, "exe")));
		start = worse(start, start_answer(truth, link, "start_usec"));
	}
	send->answers[ANCESTRY_COMM] = comm;
	send->answers[ANCESTRY_EXE] = exe;
	send->answers[ANCESTRY_START] = start;
	json_object_put(links);
}

static bool is_right(const struct send *send)
{
	for (size_t i = 0; i < N_PARTS; i++)
		if (part_counts[i] && send->answers[i] != RIGHT)
			return false;
	return send->n_entries > 0;
}

static bool is_all_right(const struct send *send)
{
	for (size_t i = 0; i < N_PARTS; i++)
		if (send->answers[i] != RIGHT)
			return false;
	return send->n_entries > 0;
}

static bool is_certain_and_wrong(const struct send *send)
{
	if (!send->certain)
		return false;
	for (size_t i = 0; i < N_PARTS; i++)
		if (send->answers[i] == WRONG)
			return true;
	return send->answers[SENDER_CONTAINER] != RIGHT || send->answers[TARGET_CONTAINER] != RIGHT;
}

static void answer(struct send *send, struct json_object *entry, const char *line)
{
	const char *pid = field(entry, "SENDER_PID");
	const char *certainty = field(entry, "CERTAINTY");
	enum answer *answers = send->answers;

	answers[SENDER_PID] = !pid                                        ? ABSENT
			      : strtol(pid, NULL, 10) == send->sender.pid ? RIGHT
									  : WRONG;
	answers[SENDER_CONTAINER] =
		text_answer(send->sender.container, field(entry, "SENDER_CONTAINER_ID"));
	answers[SENDER_CGROUP] = text_answer(send->sender.cgroup, field(entry, "SENDER_CGROUP"));
	answers[SENDER_COMM] = text_answer(send->sender.comm, field(entry, "SENDER_COMM"));
	answers[SENDER_EXE] = text_answer(send->sender.exe, field(entry, "SENDER_EXE"));
	answers[SENDER_START] = start_answer(&send->sender, entry, "SENDER_START_USEC");
	answers[TARGET_CONTAINER] =
		text_answer(send->target.container, field(entry, "TARGET_CONTAINER_ID"));
	answers[TARGET_CGROUP] = text_answer(send->target.cgroup, field(entry, "TARGET_CGROUP"));
	answers[TARGET_COMM] = text_answer(send->target.comm, field(entry, "TARGET_COMM"));
	answers[TARGET_EXE] = text_answer(send->target.exe, field(entry, "TARGET_EXE"));
	answers[TARGET_START] = start_answer(&send->target, entry, "TARGET_START_USEC");
	ancestry_answer(send, entry);
	send->certain = certainty && strcmp(certainty, "certain") == 0;
	free(send->line);
	send->line = is_all_right(send) ? NULL : strdup(line);
}

static uint64_t distance(uint64_t a, uint64_t b)
{
	return a > b ? a - b : b - a;
}

/* Of those with this target pid at about this time, rather the one with that sender, too: when the
 * pid was given away at once, the stamp of audit is too coarse to tell. */
static struct send *send_find(struct json_object *entry)
{
	long pid = (long)number(entry, "TARGET_PID");
	long sender = (long)number(entry, "SENDER_PID");
	long signal = (long)number(entry, "SIGNAL");
	uint64_t usec = number(entry, "EVENT_MONOTONIC_USEC");
	struct send *send, *best = NULL;

	HASH_FIND(hh, by_target, &pid, sizeof(long), send);
	for (; send; send = send->next) {
		if (send->signal != signal || distance(send->usec, usec) > WINDOW_USEC)
			continue;
		if (best && (best->sender.pid == sender) != (send->sender.pid == sender)) {
			if (send->sender.pid == sender)
				best = send;
			continue;
		}
		if (!best || distance(send->usec, usec) < distance(best->usec, usec))
			best = send;
	}
	return best;
}

static void take_entry(struct json_object *entry, const char *line)
{
	const char *type = field(entry, "KILLAUDIT_TYPE");
	const char *id = field(entry, "EVENT_ID");
	struct send *send;

	if (!type)
		return;
	if (strcmp(type, "signal") != 0) {
		count_up("KILLAUDIT_TYPE", type);
		if (strcmp(type, "gap") == 0)
			count_values(entry, "GAP_REASON");
		if (strcmp(type, "coverage") == 0)
			count_values(entry, "COVERAGE_MODE");
		return;
	}
	send = send_find(entry);
	if (!send) {
		n_others++;
		return;
	}
	/* A later, fuller telling of the same event counts instead of the earlier. */
	if (send->n_entries == 0 || !id || !field(entry, "AMENDS") ||
		strcmp(send->event_id, id) != 0)
		send->n_entries++;
	snprintf(send->event_id, sizeof(send->event_id), "%s", id ? id : "");
	if (field(entry, "AMENDS"))
		count_up("AMENDS", field(entry, "AMENDS"));
	answer(send, entry, line);
	count_values(entry, "CERTAINTY");
	count_values(entry, "CERTAINTY_REASON");
	count_values(entry, "EVIDENCE");
	count_values(entry, "DELIVERY");
}

static void read_entries(const char *name)
{
	FILE *file = open_file(name);
	char *line = NULL;
	size_t size = 0;
	uint64_t n_bad = 0;

	while (getline(&line, &size, file) > 0) {
		struct json_object *entry = json_tokener_parse(line);

		if (entry)
			take_entry(entry, line);
		else
			n_bad++;
		json_object_put(entry);
	}
	if (n_bad > 0)
		warnx("%s: %" PRIu64 " lines are no JSON", name, n_bad);
	free(line);
	fclose(file);
}

/* --- the table ---------------------------------------------------------------------------------
 */

static double percent(uint64_t n, uint64_t of)
{
	return of > 0 ? 100.0 * (double)n / (double)of : 100;
}

static void sum_up(void)
{
	for (size_t i = 0; i < n_sends; i++) {
		const struct send *send = &sends[i];
		struct row *row = send->row;

		row->n_told += send->n_entries > 0;
		row->n_twice += send->n_entries > 1;
		row->n_right += is_right(send);
		row->n_certain += send->certain;
		row->n_certain_wrong += is_certain_and_wrong(send);
		for (size_t j = 0; j < N_PARTS; j++)
			row->n_right_of[j] += send->n_entries > 0 && send->answers[j] == RIGHT;
	}
}

static void row_print(const struct row *row)
{
	printf("%-20s %6" PRIu64 " %5" PRIu64 " %5" PRIu64 " %6.2f %6.2f %5" PRIu64 " |", row->name,
		row->n, row->n - row->n_told, row->n_twice, percent(row->n_right, row->n),
		percent(row->n_certain, row->n), row->n_certain_wrong);
	for (size_t i = SENDER_CONTAINER; i < N_PARTS; i++)
		printf("%s%6.2f", i == TARGET_CONTAINER || i == ANCESTRY_COMM ? " | " : " ",
			percent(row->n_right_of[i], row->n));
	printf("\n");
}

static void table_print(const struct row *all)
{
	printf("%-20s %6s %5s %5s %6s %6s %5s |%35s | %34s | %20s\n", "", "", "", "", "", "",
		"cert.", "sender", "target", "ancestry");
	printf("%-20s %6s %5s %5s %6s %6s %5s | %6s %6s %6s %6s %6s | %6s %6s %6s %6s %6s | %6s %6s "
	       "%6s\n",
		"kind/form", "sends", "miss", "twice", "right%", "cert.%", "wrong", "cont.",
		"cgroup", "comm", "exe", "start", "cont.", "cgroup", "comm", "exe", "start", "comm",
		"exe", "start");
	for (const struct row *row = rows; row && !options.brief; row = row->hh.next)
		row_print(row);
	row_print(all);
}

static void parts_print(const struct send *send)
{
	for (size_t i = 0; i < N_PARTS; i++)
		if (send->answers[i] != RIGHT)
			printf(" %s%s", part_names[i], send->answers[i] == WRONG ? "!" : "?");
}

static void send_list(const struct send *send)
{
	printf("%s: %s(%ld) to %s(%ld):", send->row->name, send->sender.comm, send->sender.pid,
		send->target.comm, send->target.pid);
	if (send->n_entries == 0)
		printf(" no entry\n");
	else
		parts_print(send);
	if (send->n_entries > 0)
		printf("\n    %s", send->line ? send->line : "\n");
}

static void lists_print(void)
{
	uint64_t n_wrong = 0, n_listed = 0;

	for (size_t i = 0; i < n_sends; i++) {
		if (is_certain_and_wrong(&sends[i])) {
			if (n_wrong++ < WRONG_LISTED) {
				printf("certain and wrong: ");
				send_list(&sends[i]);
			}
		} else if (!is_all_right(&sends[i]) && n_listed < options.list) {
			n_listed++;
			printf("not right: ");
			send_list(&sends[i]);
		}
	}
}

static void counts_print(void)
{
	struct count *count, *next;

	HASH_ITER(hh, counts, count, next)
		printf("%8" PRIu64 " %s\n", count->n, count->name);
	if (n_others > 0)
		printf("%8" PRIu64 " signal entries of others\n", n_others);
}

static int count_compare(const struct count *a, const struct count *b)
{
	return strcmp(a->name, b->name);
}

static int row_compare(const struct row *a, const struct row *b)
{
	return strcmp(a->name, b->name);
}

static bool row_wanted(const struct row *row)
{
	char list[256];
	char *rest = list, *word;

	if (!options.only)
		return true;
	snprintf(list, sizeof(list), "%s", options.only);
	while ((word = strsep(&rest, ","))) {
		size_t len = strlen(word);

		if (strncmp(row->name, word, len) == 0 &&
			(row->name[len] == '/' || row->name[len] == '\0'))
			return true;
	}
	return false;
}

static bool reached(const struct row *row, uint64_t n, double wanted, const char *what)
{
	if (percent(n, row->n) >= wanted)
		return true;
	printf("BELOW: %s: %.3f %% %s, not %g\n", row->name, percent(n, row->n), what, wanted);
	return false;
}

/* Says what is not reached. */
static bool judge(const struct row *all)
{
	bool good = true;

	for (const struct row *row = rows; row; row = row->hh.next) {
		if (!row_wanted(row))
			continue;
		good &= reached(row, row->n_right, options.right, "right");
		good &= reached(row, row->n_certain, options.certain, "certain");
		for (size_t i = 0; i < N_PARTS; i++)
			good &= reached(row, row->n_right_of[i], options.parts[i], part_names[i]);
	}
	if (all->n_certain_wrong > 0 || all->n - all->n_told > options.missing ||
		all->n_twice > options.twice) {
		printf("BELOW: %" PRIu64 " certain and wrong, %" PRIu64 " missing, %" PRIu64
		       " told twice\n",
			all->n_certain_wrong, all->n - all->n_told, all->n_twice);
		good = false;
	}
	return good;
}

static void parse_wanted(char *list)
{
	for (char *word = strtok(list, ","); word; word = strtok(NULL, ",")) {
		char *equals = strchr(word, '=');
		size_t part = 0;

		if (equals)
			*equals = '\0';
		while (part < N_PARTS && strcmp(part_names[part], word) != 0)
			part++;
		if (part == N_PARTS || !equals)
			errx(64, "%s is not PART=PERCENT", word);
		options.parts[part] = strtod(equals + 1, NULL);
	}
}

static void parse_options(int argc, char *argv[])
{
	static const struct option table[] = {{"right", required_argument, NULL, 'r'},
		{"certain", required_argument, NULL, 'c'}, {"want", required_argument, NULL, 'w'},
		{"only", required_argument, NULL, 'o'}, {"missing", required_argument, NULL, 'm'},
		{"twice", required_argument, NULL, 't'}, {"list", required_argument, NULL, 'l'},
		{"brief", no_argument, NULL, 'b'}, {0}};
	int letter;

	while ((letter = getopt_long(argc, argv, "", table, NULL)) != -1) {
		switch (letter) {
		case 'r':
			options.right = strtod(optarg, NULL);
			break;
		case 'c':
			options.certain = strtod(optarg, NULL);
			break;
		case 'w':
			parse_wanted(optarg);
			break;
		case 'o':
			options.only = optarg;
			break;
		case 'm':
			options.missing = strtoull(optarg, NULL, 10);
			break;
		case 't':
			options.twice = strtoull(optarg, NULL, 10);
			break;
		case 'l':
			options.list = strtoull(optarg, NULL, 10);
			break;
		case 'b':
			options.brief = true;
			break;
		default:
			exit(64);
		}
	}
	if (optind != argc - 2)
		errx(64,
			"usage: check-pairs [--right PERCENT] [--certain PERCENT] [--want PART=PERCENT,...] [--only KIND,...] "
			"[--missing N] [--twice N] [--list N] [--brief] TRUTH-FILE ENTRIES");
}

int main(int argc, char *argv[])
{
	struct row all = {.name = "all"};

	parse_options(argc, argv);
	read_truth(argv[optind]);
	if (n_sends == 0)
		errx(1, "%s: nothing was sent", argv[optind]);
	read_entries(argv[optind + 1]);
	sum_up();
	HASH_SORT(rows, row_compare);
	HASH_SORT(counts, count_compare);
	for (const struct row *row = rows; row; row = row->hh.next) {
		all.n += row->n;
		all.n_told += row->n_told;
		all.n_twice += row->n_twice;
		all.n_right += row->n_right;
		all.n_certain += row->n_certain;
		all.n_certain_wrong += row->n_certain_wrong;
		for (size_t i = 0; i < N_PARTS; i++)
			all.n_right_of[i] += row->n_right_of[i];
	}
	table_print(&all);
	counts_print();
	lists_print();
	return judge(&all) ? 0 : 1;
}
