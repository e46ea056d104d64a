/* SPDX-License-Identifier: GPL-2.0-or-later */
/* SPDX-FileCopyrightText: The killauditd authors */

/*
 * check-mix [--paired] TRUTH-FILE ENTRIES: holds what killauditd told of the sends of mix against
 * what was done: how often each target was told for each route and result, with which evidence, and
 * whether DELIVERY is what it had to be. --paired: every target that was reached must have the
 * evidence of audit and trace, and a DELIVERY. Status 1: not so.
 */
#include <err.h>
#include <inttypes.h>
#include <json-c/json.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <uthash.h>

#define N_COLUMNS_MAX 8

/* Of one key, how often it was and how often it was told. */
struct tally {
	char key[160];
	uint64_t n, n_told;
	UT_hash_handle hh;
};

static struct tally *sends; /* SENDER TARGET SIGNAL ROUTE RESULT */
static struct tally *deliveries; /* TARGET SIGNAL ROUTE RESULT DELIVERY */
static struct tally *routes; /* ROUTE RESULT */
static struct tally *pairings; /* ROUTE RESULT DELIVERY EVIDENCE */
static struct tally *held; /* TARGET SIGNAL ROUTE RESULT: DELIVERY can be said */
static struct tally *senders; /* SENDER */
static uint64_t n_unpaired, n_summed, n_gaps;

static struct tally *tally_at(struct tally **tallies, const char *key)
{
	struct tally *tally;

	HASH_FIND_STR(*tallies, key, tally);
	if (tally)
		return tally;
	tally = calloc(1, sizeof(*tally));
	if (!tally)
		err(1, "calloc");
	snprintf(tally->key, sizeof(tally->key), "%s", key);
	HASH_ADD_STR(*tallies, key, tally);
	return tally;
}

static bool is_known(struct tally *tallies, const char *key)
{
	struct tally *tally;

	HASH_FIND_STR(tallies, key, tally);
	return tally != NULL;
}

static FILE *open_file(const char *name)
{
	FILE *file = fopen(name, "re");

	if (!file)
		err(1, "%s", name);
	return file;
}

static void read_truth(const char *name)
{
	FILE *file = open_file(name);
	char line[512], key[160];

	while (fgets(line, sizeof(line), file)) {
		char *columns[N_COLUMNS_MAX], *rest = line;
		size_t n = 0;

		line[strcspn(line, "\n")] = '\0';
		while (n < N_COLUMNS_MAX && (columns[n] = strsep(&rest, "\t")))
			n++;
		if (n != 7)
			errx(1, "%s: a line has not 7 columns", name);
		snprintf(key, sizeof(key), "%s %s %s %s %s", columns[1], columns[2], columns[3],
			columns[4], columns[5]);
		if (strcmp(columns[0], "delivery") == 0) {
			tally_at(&deliveries, key)->n += strtoull(columns[6], NULL, 10);
			key[strlen(key) - strlen(columns[5]) - 1] = '\0';
			tally_at(&held, key);
			continue;
		}
		tally_at(&sends, key)->n += strtoull(columns[6], NULL, 10);
		tally_at(&senders, columns[1]);
		snprintf(key, sizeof(key), "%-18s %s", columns[4], columns[5]);
		tally_at(&routes, key)->n += strtoull(columns[6], NULL, 10);
	}
	fclose(file);
}

static const char *field(struct json_object *entry, const char *name)
{
	struct json_object *value;

	return json_object_object_get_ex(entry, name, &value) ? json_object_get_string(value) : "-";
}

static bool has_evidence(struct json_object *entry, const char *word)
{
	struct json_object *value;

	if (!json_object_object_get_ex(entry, "EVIDENCE", &value))
		return false;
	if (!json_object_is_type(value, json_type_array))
		return strcmp(json_object_get_string(value), word) == 0;
	for (size_t i = 0; i < json_object_array_length(value); i++)
		if (strcmp(json_object_get_string(json_object_array_get_idx(value, i)), word) == 0)
			return true;
	return false;
}

/* `sign` is -1 for one that counted and is told anew. */
static void take_signal(struct json_object *entry, int sign)
{
	const char *sender = field(entry, "SENDER_PID"), *target = field(entry, "TARGET_PID");
	const char *signal = field(entry, "SIGNAL"), *route = field(entry, "ROUTE");
	const char *result = field(entry, "RESULT"), *delivery = field(entry, "DELIVERY");
	uint64_t n = strtoull(field(entry, "REPEATED"), NULL, 10);
	bool audit = has_evidence(entry, "audit"), trace = has_evidence(entry, "trace");
	char key[160];

	if (n == 0)
		n = 1;
	/* Sums of unsigned numbers wrap, and come out right. */
	if (sign < 0)
		n = -n;
	if (!is_known(senders, sender))
		return;
	snprintf(key, sizeof(key), "%s %s %s %s %s", sender, target, signal, route, result);
	tally_at(&sends, key)->n_told += n;
	snprintf(key, sizeof(key), "%-18s %s", route, result);
	tally_at(&routes, key)->n_told += n;
	snprintf(key, sizeof(key), "%s %s %s %s", target, signal, route, result);
	if (is_known(held, key)) {
		snprintf(key, sizeof(key), "%s %s %s %s %s", target, signal, route, result,
			delivery);
		tally_at(&deliveries, key)->n_told += n;
	}
	snprintf(key, sizeof(key), "%-18s %-8s %-16s %s", route, result, delivery,
		audit && trace ? "audit+trace"
		: audit        ? "audit"
		: trace        ? "trace"
			       : "neither");
	tally_at(&pairings, key)->n_told += n;
	/* Nothing is generated where the call failed or the target was refused; in EAGAIN's case
	 * something is. */
	if (strcmp(delivery, "refused") != 0 && strcmp(target, "-") != 0 &&
		(strcmp(result, "success") == 0 || strcmp(result, "EAGAIN") == 0) &&
		(!audit || !trace || strcmp(delivery, "-") == 0))
		n_unpaired += n;
}

/* Those without audit's evidence may be told anew with it. */
struct amendable {
	char event_id[33];
	struct json_object *entry;
	UT_hash_handle hh;
};

static struct amendable *amendables;
static uint64_t n_amended;

static void amendable_add(struct json_object *entry)
{
	struct amendable *amendable = calloc(1, sizeof(*amendable));

	if (!amendable)
		err(1, "calloc");
	snprintf(amendable->event_id, sizeof(amendable->event_id), "%s", field(entry, "EVENT_ID"));
	amendable->entry = json_object_get(entry);
	HASH_ADD_STR(amendables, event_id, amendable);
}

static void amend(struct json_object *entry)
{
	struct amendable *amendable;

	HASH_FIND_STR(amendables, field(entry, "EVENT_ID"), amendable);
	if (!amendable)
		return;
	n_amended++;
	take_signal(amendable->entry, -1);
	HASH_DEL(amendables, amendable);
	json_object_put(amendable->entry);
	free(amendable);
}

static void read_entries(const char *name)
{
	FILE *file = open_file(name);
	char *line = NULL;
	size_t size = 0;

	while (getline(&line, &size, file) > 0) {
		struct json_object *entry = json_tokener_parse(line);
		const char *type = entry ? field(entry, "KILLAUDIT_TYPE") : "-";

		if (strcmp(type, "signal") == 0) {
			if (strcmp(field(entry, "AMENDS"), "1") == 0)
				amend(entry);
			else if (!has_evidence(entry, "audit"))
				amendable_add(entry);
			take_signal(entry, 1);
		} else if (strcmp(type, "summary") == 0) {
			n_summed += strtoull(field(entry, "COUNT"), NULL, 10);
		} else if (strcmp(type, "gap") == 0) {
			n_gaps++;
		}
		json_object_put(entry);
	}
	free(line);
	fclose(file);
}

static int tally_compare(const struct tally *a, const struct tally *b)
{
	return strcmp(a->key, b->key);
}

/* What differs; returns how many targets do. */
static uint64_t differences(struct tally *tallies, const char *what)
{
	uint64_t n_missing = 0, n_extra = 0, n_lines = 0;

	for (const struct tally *tally = tallies; tally; tally = tally->hh.next) {
		if (tally->n == tally->n_told)
			continue;
		if (tally->n > tally->n_told)
			n_missing += tally->n - tally->n_told;
		else
			n_extra += tally->n_told - tally->n;
		if (n_lines++ < 10)
			printf("    %s: %" PRIu64 " done, %" PRIu64 " told\n", tally->key, tally->n,
				tally->n_told);
	}
	printf("%s: %" PRIu64 " missing, %" PRIu64 " too many\n", what, n_missing, n_extra);
	return n_missing + n_extra;
}

int main(int argc, char *argv[])
{
	bool paired = argc == 4 && strcmp(argv[1], "--paired") == 0;
	uint64_t n_different;

	if (argc != 3 + paired)
		errx(64, "usage: check-mix [--paired] TRUTH-FILE ENTRIES");
	read_truth(argv[argc - 2]);
	read_entries(argv[argc - 1]);
	HASH_SORT(routes, tally_compare);
	HASH_SORT(sends, tally_compare);
	HASH_SORT(deliveries, tally_compare);
	HASH_SORT(pairings, tally_compare);
	printf("%-18s %-8s %8s %8s\n", "route", "result", "targets", "told");
	for (const struct tally *tally = routes; tally; tally = tally->hh.next)
		printf("%-27s %8" PRIu64 " %8" PRIu64 "\n", tally->key, tally->n, tally->n_told);
	printf("\n%-18s %-8s %-16s %-12s %8s\n", "route", "result", "delivery", "evidence", "told");
	for (const struct tally *tally = pairings; tally; tally = tally->hh.next)
		if (tally->n_told > 0)
			printf("%-57s %8" PRIu64 "\n", tally->key, tally->n_told);
	printf("\n");
	n_different = differences(sends, "targets by SENDER TARGET SIGNAL ROUTE RESULT");
	if (paired)
		n_different += differences(
			deliveries, "deliveries by TARGET SIGNAL ROUTE RESULT DELIVERY");
	printf("not paired: %" PRIu64 "; told anew: %" PRIu64 "; summed up: %" PRIu64
	       "; gaps told: %" PRIu64 "\n",
		n_unpaired, n_amended, n_summed, n_gaps);
	return n_different > 0 || (paired && n_unpaired > 0);
}
