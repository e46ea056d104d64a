#!/usr/bin/env bats
# SPDX-License-Identifier: GPL-2.0-or-later
# SPDX-FileCopyrightText: The killauditd authors
#
# One send that hits many: an entry for every target, all of one audit event.

# shellcheck disable=SC2030,SC2031 # a test is no subshell of another
load lib.bash

setup_file() {
	lab_start
	journal_start
}

teardown_file() {
	lab_stop
}

setup() {
	start_killauditd
}

teardown() {
	after_each
}

# members PGID: the pids of a process group, one a line, sorted.
members() {
	pgrep -g "$1" | sort
}

# all_told PIDS: entries of SENDER for exactly these targets, all of one event.
all_told() {
	local n
	n=$(wc -l <<<"$1")
	settle
	diff <(entries SENDER_PID="$SENDER" | jq -r .TARGET_PID | sort) - <<<"$1"
	[ "$(entries SENDER_PID="$SENDER" | jq -r .AUDIT_EVENT | sort -u | wc -l)" -eq 1 ]
	[ "$(entries SENDER_PID="$SENDER" | jq -r .N_TARGETS | sort -u)" = "$n" ]
	[ "$(entries SENDER_PID="$SENDER" | jq -r .EVENT_ID | sort -u | wc -l)" -eq "$n" ]
	[ "$(count_entries SENDER_PID="$SENDER" SIGNAL_NAME=SIGTERM RESULT=success ROUTE=kill)" -eq "$n" ]
}

@test "kill of a process group of 40 tells all 40 targets as one event" {
	local pids
	start_target 40
	pids=$(members "$TARGET")
	[ "$(wc -l <<<"$pids")" -eq 40 ]
	send kill "-$TARGET" 15
	[ "$RESULT" = success ]
	all_told "$pids"
	[ "$(count_entries SENDER_PID="$SENDER" TARGET_COMM=server)" -eq 40 ]
}

@test "kill(0) in a process group of 40 tells all 40, the sender among them" {
	local pids said
	# It sends one second after its group stands, so that the group can be seen first; and it
	# stays.
	background_to "$LAB/said" "$LAB/bin/send" --group 40 --wait 1 --stay 30 kill 0 15
	SENDER=$BACKGROUND_PID
	wait_until 5 group_is_complete "$SENDER"
	pids=$(members "$SENDER")
	wait_until 5 test -s "$LAB/said"
	said=$(<"$LAB/said")
	[ "$said" = "route=kill result=success pid=$SENDER" ]
	all_told "$pids"
	[ "$(count_entries SENDER_PID="$SENDER" TARGET_PID="$SENDER")" -eq 1 ]
}

group_is_complete() {
	[ "$(members "$1" | wc -l)" -eq 40 ]
}
