/* SPDX-License-Identifier: GPL-2.0-or-later */
/* SPDX-FileCopyrightText: The killauditd authors */

#include "daemon/teller.h"

#include <errno.h>
#include <inttypes.h>
#include <string.h>
#include <systemd/sd-id128.h>

#include "daemon/log.h"

/* A failure that repeats is told again this often. */
#define COMPLAINT_INTERVAL_USEC (10 * USEC_PER_SEC)

int teller_init(struct teller *teller, enum output_mode output)
{
	sd_id128_t instance;
	int r = sd_id128_randomize(&instance);

	if (r < 0)
		return r;
	*teller = (struct teller){.output = output, .next_id.instance = instance.qwords[0]};
	sigemptyset(&teller->give_up_on);
	return 0;
}

void teller_done(struct teller *teller)
{
	journal_entry_done(&teller->entry);
	buffer_done(&teller->scratch);
}

static void complain(struct teller *teller, int error, const struct clocks *now)
{
	if (teller->complained_usec &&
		now->monotonic_usec < teller->complained_usec + COMPLAINT_INTERVAL_USEC)
		return;
	teller->complained_usec = now->monotonic_usec;
	log_message("cannot write an entry: %s (%" PRIu64 " lost so far)", strerror(-error),
		teller->unwritten);
}

static void write_entry(struct teller *teller, const struct clocks *now)
{
	int r;

	if (teller->given_up) {
		teller->unwritten++;
		return;
	}
	r = output_write(teller->output, &teller->entry,
		teller->stopping ? NULL : &teller->give_up_on, &teller->scratch);
	if (r == 0) {
		teller->entries++;
		return;
	}
	teller->unwritten++;
	if (teller->output != OUTPUT_JOURNAL && (r == -EPIPE || r == -ECANCELED))
		teller->given_up = r;
	else
		complain(teller, r, now);
}

/* A formatted entry, or the error that it met. */
static void finish_entry(struct teller *teller, int error, const struct clocks *now)
{
	if (error == 0)
		write_entry(teller, now);
	else
		teller->unwritten++;
}

static struct event_id begin_entry(struct teller *teller)
{
	struct event_id id = teller->next_id;

	teller->next_id.count++;
	journal_entry_clear(&teller->entry);
	return id;
}

void teller_tell_signal(
	struct teller *teller, struct attributed_signal *attributed, const struct clocks *now)
{
	struct event_id id = begin_entry(teller);

	if (!attributed->amends)
		attributed->id = id;
	finish_entry(teller, signal_entry_format(attributed, &teller->entry), now);
}

void teller_tell_gap(struct teller *teller, const struct gap *gap, const struct clocks *now)
{
	struct event_id id = begin_entry(teller);

	finish_entry(teller, gap_entry_format(gap, id, now, &teller->entry), now);
}

void teller_tell_coverage(
	struct teller *teller, const struct coverage *coverage, const struct clocks *now)
{
	struct event_id id = begin_entry(teller);

	finish_entry(teller, coverage_entry_format(coverage, id, now, &teller->entry), now);
}
