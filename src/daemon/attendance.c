/* SPDX-License-Identifier: GPL-2.0-or-later */
/* SPDX-FileCopyrightText: The killauditd authors */

#include "daemon/attendance.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <systemd/sd-id128.h>

#include "core/absence.h"
#include "core/audit-guard.h"
#include "daemon/line.h"
#include "daemon/log.h"
#include "daemon/teller.h"
#include "io/heartbeat-file.h"
#include "io/mark-file.h"
#include "io/netlink-socket.h"
#include "io/service-manager.h"

/* A stamp is that of the entry of the call, two ticks early; its records come at the exit, and may
 * be queued this long in the kernel. So far back something may still come. */
#define SLACK_USEC 500000U

struct attendance {
	const struct netlink_socket *socket;
	struct teller *teller;
	bool kept, cannot_note;
	struct absence absence; /* before us */
	struct watch_mark earlier_mark;
	struct heartbeat earlier_heartbeat;
	bool open; /* whether something is missing before us, the next serial will show */
	struct watch_mark mark; /* ours */
	struct mark_file *mark_file;
	struct heartbeat_file *heartbeat;
	uint64_t seen_realtime_usec; /* of the last serial */
	uint32_t seen_serial;
	uint32_t checked_serial; /* the last one seen at the last check */
	uint64_t drops_checked_usec; /* CLOCK_BOOTTIME */
	uint64_t hold_usec; /* CLOCK_BOOTTIME; 0: none */
	unsigned heartbeat_failures;
};

static void cannot_note(struct attendance *attendance, const char *where, int error)
{
	log_message("cannot note in %s how far the watch has come: %s", where, strerror(-error));
	attendance->cannot_note = true;
}

static int read_earlier(struct attendance *attendance)
{
	struct absence *absence = &attendance->absence;
	const char *folder = service_manager_state_folder();
	struct buffer text = {};
	sd_id128_t boot;
	bool found;
	int r = sd_id128_get_boot(&boot);

	if (r < 0)
		return r;
	sd_id128_to_string(boot, absence->boot_id);
	/* Without it we watch all the same. */
	r = mark_file_open(&attendance->mark_file, &found, &attendance->earlier_mark);
	if (r < 0)
		cannot_note(attendance, "/run/killauditd", r);
	else if (found)
		absence->mark = &attendance->earlier_mark;
	if (!folder)
		return 0;
	if (heartbeat_file_read(folder, &text) == 0 && text.data &&
		heartbeat_parse(text.data, &attendance->earlier_heartbeat))
		absence->heartbeat = &attendance->earlier_heartbeat;
	buffer_done(&text);
	return 0;
}

int attendance_new(const struct netlink_socket *socket, struct teller *teller, bool kept,
	struct attendance **ret)
{
	struct attendance *attendance = calloc(1, sizeof(*attendance));
	int r;

	if (!attendance)
		return -ENOMEM;
	attendance->socket = socket;
	attendance->teller = teller;
	attendance->kept = kept;
	r = netlink_socket_cookie(socket, &attendance->absence.socket);
	if (r == 0)
		r = netlink_socket_drops(socket, &attendance->absence.drops);
	if (r == 0 && kept)
		r = read_earlier(attendance);
	if (r < 0) {
		attendance_free(attendance);
		return r;
	}
	*ret = attendance;
	return 0;
}

struct attendance *attendance_free(struct attendance *attendance)
{
	if (!attendance)
		return NULL;
	heartbeat_file_stop(attendance->heartbeat);
	mark_file_close(attendance->mark_file);
	free(attendance);
	return NULL;
}

static void write_mark(struct attendance *attendance)
{
	if (attendance->mark_file)
		mark_file_write(attendance->mark_file, &attendance->mark);
}

bool attendance_begin(
	struct attendance *attendance, const struct audit_state *found, const struct clocks *now)
{
	struct absence *absence = &attendance->absence;
	const char *folder = service_manager_state_folder();
	struct gap gaps[ABSENCE_GAPS_MAX];
	size_t n_gaps = 0;
	int r = 0;

	absence->now = *now;
	absence->rules_missing = found && found->missing_rules != 0;
	absence->auditing_off = found && found->enabled == 0;
	attendance->drops_checked_usec = now->boottime_usec;
	attendance->mark = (struct watch_mark){
		.socket = absence->socket,
		.handled_usec = now->boottime_usec,
		.drops = absence->drops,
	};
	if (!attendance->kept)
		return true;
	n_gaps = absence_gaps(absence, gaps);
	for (size_t i = 0; i < n_gaps; i++)
		teller_tell_gap(attendance->teller, &gaps[i], now);
	attendance->open = absence_is_open(absence);
	if (attendance->open) {
		attendance->mark.handled_usec = absence->mark->handled_usec;
		attendance->mark.serial = absence->mark->serial;
	}
	write_mark(attendance);
	if (folder)
		r = heartbeat_file_start(folder, absence->boot_id, &attendance->heartbeat);
	if (r < 0)
		cannot_note(attendance, folder, r);
	return !attendance->cannot_note;
}

static void close_absence(
	struct attendance *attendance, uint32_t serial, bool begins, const struct clocks *now)
{
	struct gap gap;

	attendance->open = false;
	if (absence_close(&attendance->absence, serial, begins, &gap))
		teller_tell_gap(attendance->teller, &gap, now);
}

void attendance_see(
	struct attendance *attendance, const struct audit_record *record, const struct clocks *now)
{
	if (attendance->seen_serial && !serial_is_after(record->serial, attendance->seen_serial))
		return;
	attendance->seen_serial = record->serial;
	attendance->seen_realtime_usec = record->time_msec * 1000;
	if (attendance->open && serial_is_after(record->serial, attendance->earlier_mark.serial))
		close_absence(attendance, record->serial, audit_record_begins(record), now);
}

static void note(struct attendance *attendance, uint64_t handled_usec)
{
	handled_usec = handled_usec > SLACK_USEC ? handled_usec - SLACK_USEC : 0;
	if (handled_usec > attendance->mark.handled_usec)
		attendance->mark.handled_usec = handled_usec;
	if (attendance->hold_usec && attendance->hold_usec < attendance->mark.handled_usec)
		attendance->mark.handled_usec = attendance->hold_usec;
	write_mark(attendance);
}

void attendance_hold(struct attendance *attendance, uint64_t boottime_usec)
{
	attendance->hold_usec = boottime_usec;
}

void attendance_end_batch(
	struct attendance *attendance, const struct line *line, const struct clocks *now)
{
	uint64_t realtime_usec = attendance->seen_realtime_usec;
	uint32_t serial = attendance->seen_serial;

	if (attendance->open || !serial)
		return;
	if (line_oldest_open(line, &serial, &realtime_usec))
		serial--;
	attendance->mark.serial = serial;
	attendance->mark.quiet = false;
	note(attendance, clocks_boottime_of(now, realtime_usec));
}

static void check_drops(struct attendance *attendance, const struct clocks *now)
{
	struct gap gap = {.reason = GAP_SOCKET_OVERRUN, .end_usec = now->realtime_usec};
	uint32_t drops;

	if (netlink_socket_drops(attendance->socket, &drops) < 0)
		return;
	gap.start_usec = clocks_realtime_of(now, attendance->drops_checked_usec - SLACK_USEC);
	gap.n_lost = drops - attendance->mark.drops;
	if (gap.n_lost > 0)
		teller_tell_gap(attendance->teller, &gap, now);
	attendance->mark.drops = drops;
	attendance->drops_checked_usec = now->boottime_usec;
}

static void check_heartbeat(struct attendance *attendance)
{
	int error;
	unsigned failures;

	if (!attendance->heartbeat)
		return;
	failures = heartbeat_file_failures(attendance->heartbeat, &error);
	if (failures > 0 && attendance->heartbeat_failures == 0)
		log_message("cannot write the heartbeat to the disk: %s", strerror(error));
	attendance->heartbeat_failures = failures;
}

void attendance_check(struct attendance *attendance, bool idle, const struct clocks *now)
{
	check_drops(attendance, now);
	check_heartbeat(attendance);
	if (!idle || attendance->open) {
		write_mark(attendance);
		return;
	}
	attendance->mark.quiet = attendance->seen_serial == attendance->checked_serial;
	attendance->checked_serial = attendance->seen_serial;
	note(attendance, now->boottime_usec);
}

void attendance_end(struct attendance *attendance, bool idle, const struct clocks *now)
{
	check_drops(attendance, now);
	if (attendance->open)
		close_absence(attendance, 0, false, now);
	attendance->hold_usec = 0; /* it was told */
	attendance->mark.stopped = true;
	note(attendance, idle ? now->boottime_usec : 0);
}
