#!/usr/bin/env bats
# SPDX-License-Identifier: GPL-2.0-or-later
# SPDX-FileCopyrightText: The killauditd authors
#
# Every system call by which a process sends a signal gives an entry that says which one it was.

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
	start_target
}

teardown() {
	after_each
}

# sent_by ROUTE: one entry, with the sender, the target and the signal.
sent_by() {
	send "$1" "$TARGET" 15
	[ "$RESULT" = success ]
	only_entry TARGET_PID="$TARGET"
	expect ROUTE "$1"
	expect SENDER_PID "$SENDER"
	expect SENDER_COMM send
	expect SENDER_EXE "$LAB/bin/send"
	expect SENDER_UID 0
	expect TARGET_COMM server
	expect SIGNAL 15
	expect SIGNAL_NAME SIGTERM
	expect RESULT success
	expect N_TARGETS 1
	expect KILLAUDIT_TYPE signal
	expect MESSAGE_ID 7e84152dd91b4857b9ffa27b72f5137b
	expect_among EVIDENCE audit
	expect_match EVENT_ID '^[0-9a-f]{32}$'
	expect_match AUDIT_EVENT '^[0-9]+\.[0-9]{3}:[0-9]+$'
	expect_match MESSAGE "^send\($SENDER\) sent SIGTERM to server\($TARGET\)"
}

@test "a signal sent by kill is told with its route" {
	sent_by kill
}

@test "a signal sent by tkill is told with its route" {
	sent_by tkill
}

@test "a signal sent by tgkill is told with its route" {
	sent_by tgkill
}

@test "a signal sent by rt_sigqueueinfo is told with its route" {
	sent_by rt_sigqueueinfo
}

@test "a signal sent by rt_tgsigqueueinfo is told with its route" {
	sent_by rt_tgsigqueueinfo
}

@test "a signal sent by pidfd_send_signal is told with its route" {
	sent_by pidfd_send_signal
}

@test "a signal sent by the 32-bit kill is told as kill" {
	local status=0
	send int80-kill "$TARGET" 15 || status=$?
	[ "$status" -ne 69 ] || skip "this kernel has no 32-bit system calls: int 0x80 faults"
	[ "$status" -eq 0 ]
	only_entry TARGET_PID="$TARGET"
	expect ROUTE kill
	expect SENDER_PID "$SENDER"
	expect SIGNAL_NAME SIGTERM
	expect RESULT success
}

@test "six signals to one target are six entries, each with an EVENT_ID of its own" {
	local route
	for route in kill tkill tgkill rt_sigqueueinfo rt_tgsigqueueinfo pidfd_send_signal; do
		# SIGSTOP: the target stays.
		send "$route" "$TARGET" 19
	done
	settle
	[ "$(count_entries TARGET_PID="$TARGET")" -eq 6 ]
	[ "$(entries TARGET_PID="$TARGET" | jq -r .EVENT_ID | sort -u | wc -l)" -eq 6 ]
}
