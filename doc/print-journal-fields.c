/* SPDX-License-Identifier: GPL-2.0-or-later */
/* SPDX-FileCopyrightText: The killauditd authors */

/*
 * Prints the manual page of the fields: the file given, in which the line @FIELDS@ becomes the
 * table in journal-field.h.
 */
#include <stdbool.h>
#include <stdio.h>
#include <string.h>

#include "core/journal-field.h"

/* A section for each prefix, in the order of the page. The last takes what no other has. */
static const struct section {
	const char *prefix, *title, *about;
} sections[] = {
	{NULL, "The journal's own", "Those of systemd.journal-fields(7) that killauditd sets:"},
	{"SENDER_", "The sender", "The process that made the call:"},
	{"TARGET_", "The target", "The process that the signal was for:"},
	{"OBJECT_", "The unit", "Of the target, so that journalctl -u shows the entry with it:"},
	{"GAP_", "Gaps", "Only in entries of the type gap:"},
	{"COVERAGE_", "Coverage", "Only in entries of the type coverage:"},
	{"", "The entry and the signal", "What is told, and how surely:"},
};

#define N_SECTIONS (sizeof(sections) / sizeof(sections[0]))

static const char *const about[] = {
#define X(name, rank, many, about) about,
	JOURNAL_FIELDS(X)
#undef X
};

static size_t field_section(enum journal_field field)
{
	size_t section = 1;

	if (journal_field_well_known(field))
		return 0;
	while (strncmp(journal_field_name(field), sections[section].prefix,
		       strlen(sections[section].prefix)) != 0)
		section++;
	return section;
}

/* Text of ours, which mdoc must not take for a request or an escape. */
static void print_text(const char *text)
{
	if (*text == '.' || *text == '\'')
		fputs("\\&", stdout);
	for (; *text; text++) {
		if (*text == '\\')
			fputs("\\e", stdout);
		else
			putchar(*text);
	}
	putchar('\n');
}

static void print_section(size_t section)
{
	bool any = false;

	for (enum journal_field field = 0; field < N_JOURNAL_FIELDS; field++) {
		if (field_section(field) != section)
			continue;
		if (!any) {
			printf(".Ss %s\n", sections[section].title);
			print_text(sections[section].about);
			puts(".Bl -tag -width Ds -compact");
			any = true;
		}
		printf(".It Li %s", journal_field_name(field));
		if (journal_field_many(field))
			fputs(" Pq may repeat", stdout);
		if (journal_field_rank(field))
			printf(" Pq rank %u", journal_field_rank(field));
		putchar('\n');
		print_text(about[field]);
	}
	if (any)
		puts(".El");
}

int main(int argc, char *argv[])
{
	char line[1024];
	FILE *page = argc == 2 ? fopen(argv[1], "re") : NULL;

	if (!page) {
		fprintf(stderr, "usage: print-journal-fields PAGE\n");
		return 64;
	}
	while (fgets(line, sizeof(line), page)) {
		if (strcmp(line, "@FIELDS@\n") != 0) {
			fputs(line, stdout);
			continue;
		}
		print_section(0);
		print_section(N_SECTIONS - 1);
		for (size_t section = 1; section < N_SECTIONS - 1; section++)
			print_section(section);
	}
	return ferror(page) || fclose(page) != 0 || fflush(stdout) != 0;
}
