/* SPDX-License-Identifier: GPL-2.0-or-later */
/* SPDX-FileCopyrightText: The killauditd authors */

#include "core/absence.h"

#include <ctype.h>
#include <errno.h>
#include <inttypes.h>
#include <stdlib.h>
#include <string.h>

#include "core/buffer.h"

bool serial_is_after(uint32_t serial, uint32_t other)
{
	return serial != other && serial - other < UINT32_C(1) << 31;
}

void heartbeat_format(const struct heartbeat *heartbeat, struct buffer *buffer)
{
	buffer_printf(buffer, "boot_id %s\nrealtime_usec %" PRIu64 "\nstate %s\n",
		heartbeat->boot_id, heartbeat->realtime_usec,
		heartbeat->stopped ? "stopped" : "running");
}

static bool skip(const char **at, const char *literal)
{
	size_t len = strlen(literal);

	if (strncmp(*at, literal, len) != 0)
		return false;
	*at += len;
	return true;
}

bool heartbeat_parse(const char *text, struct heartbeat *ret)
{
	struct heartbeat heartbeat = {};
	const char *at = text;
	char *end;

	if (!skip(&at, "boot_id "))
		return false;
	for (size_t i = 0; i < BOOT_ID_LEN; i++) {
		if (!isxdigit((unsigned char)*at))
			return false;
		heartbeat.boot_id[i] = *at++;
	}
	if (!skip(&at, "\nrealtime_usec ") || !isdigit((unsigned char)*at))
		return false;
	errno = 0;
	heartbeat.realtime_usec = strtoull(at, &end, 10);
	if (errno != 0 || heartbeat.realtime_usec > INT64_MAX)
		return false;
	at = end;
	heartbeat.stopped = strcmp(at, "\nstate stopped\n") == 0;
	if (!heartbeat.stopped && strcmp(at, "\nstate running\n") != 0)
		return false;
	*ret = heartbeat;
	return true;
}

static struct gap not_running(uint64_t start_usec, uint64_t end_usec)
{
	/* The wall clock may have been set back. */
	if (end_usec && end_usec < start_usec)
		start_usec = end_usec;
	return (struct gap){
		.reason = GAP_NOT_RUNNING, .start_usec = start_usec, .end_usec = end_usec};
}

static uint64_t boot_realtime_usec(const struct clocks *now)
{
	return clocks_realtime_of(now, 0);
}

/* The end of the boot before: when it was by force, then before the next heartbeat was due; when
 * killauditd was stopped before it, nobody knows. */
static struct gap earlier_boot_gap(const struct absence *absence)
{
	const struct heartbeat *heartbeat = absence->heartbeat;
	uint64_t start = heartbeat->realtime_usec, end;

	if (heartbeat->stopped)
		return not_running(start, 0);
	end = start + HEARTBEAT_INTERVAL_USEC + HEARTBEAT_SLACK_USEC;
	if (end > boot_realtime_usec(&absence->now))
		end = boot_realtime_usec(&absence->now);
	return not_running(start, end);
}

static size_t first_run_gaps(
	const struct absence *absence, struct gap gaps[static ABSENCE_GAPS_MAX])
{
	const struct heartbeat *heartbeat = absence->heartbeat;
	uint64_t start = boot_realtime_usec(&absence->now);
	size_t n = 0;

	if (heartbeat && strcmp(heartbeat->boot_id, absence->boot_id) == 0)
		start = heartbeat->realtime_usec; /* somebody removed the mark */
	else if (heartbeat)
		gaps[n++] = earlier_boot_gap(absence);
	gaps[n++] = not_running(start, absence->now.realtime_usec);
	return n;
}

static struct gap gap_since_mark(const struct absence *absence, enum gap_reason reason)
{
	struct gap gap = not_running(clocks_realtime_of(&absence->now, absence->mark->handled_usec),
		absence->now.realtime_usec);

	gap.reason = reason;
	return gap;
}

size_t absence_gaps(const struct absence *absence, struct gap gaps[static ABSENCE_GAPS_MAX])
{
	const struct watch_mark *mark = absence->mark;
	size_t n = 0;

	if (!mark)
		return first_run_gaps(absence, gaps);
	if (mark->socket != absence->socket) {
		gaps[0] = gap_since_mark(absence, GAP_NOT_RUNNING);
		return 1;
	}
	if (mark->drops != absence->drops) {
		gaps[n] = gap_since_mark(absence, GAP_SOCKET_OVERRUN);
		gaps[n++].n_lost = absence->drops - mark->drops;
	}
	if (absence->rules_missing)
		gaps[n++] = gap_since_mark(absence, GAP_RULES_REMOVED);
	if (absence->auditing_off)
		gaps[n++] = gap_since_mark(absence, GAP_AUDIT_DISABLED);
	return n;
}

bool absence_is_open(const struct absence *absence)
{
	const struct watch_mark *mark = absence->mark;

	/* Records that did not fit into the socket are told to be missing already. */
	return mark && mark->socket == absence->socket && mark->drops == absence->drops &&
	       !mark->stopped;
}

bool absence_close(const struct absence *absence, uint32_t serial, bool begins, struct gap *ret)
{
	const struct watch_mark *mark = absence->mark;

	/* The rest of an event whose beginning was taken and not told is no continuation. */
	if (mark->quiet && mark->serial && serial == mark->serial + 1 && serial && begins)
		return false;
	*ret = gap_since_mark(absence, GAP_NOT_RUNNING);
	return true;
}
