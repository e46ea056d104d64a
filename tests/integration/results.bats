#!/usr/bin/env bats
# SPDX-License-Identifier: GPL-2.0-or-later
# SPDX-FileCopyrightText: The killauditd authors
#
# What became of a send: refused, nobody there, already dead; and the sends that are not told at
# all.

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

@test "a refused kill is told, with who tried" {
	local said
	said=$(setpriv --reuid 65534 --regid 65534 --clear-groups "$LAB/bin/send" kill "$TARGET" 9)
	[[ $said == *result=EPERM* ]]
	only_entry TARGET_PID="$TARGET"
	expect SENDER_PID "${said##*pid=}"
	expect SENDER_UID 65534
	expect SIGNAL_NAME SIGKILL
	expect RESULT EPERM
	expect DELIVERY refused
	expect PRIORITY 5
	expect_match MESSAGE 'send\([0-9]+\) tried to send SIGKILL to server\([0-9]+\).*\(EPERM\)'
	kill -0 "$TARGET"
}

@test "a kill of nobody gives no entry" {
	local nobody
	nobody=$(($(</proc/sys/kernel/pid_max) - 1))
	while [ -d /proc/$nobody ]; do nobody=$((nobody - 1)); done
	send kill "$nobody" 15
	[ "$RESULT" = ESRCH ]
	settle
	[ "$(count_entries SENDER_PID="$SENDER")" -eq 0 ]
	[ "$(count_entries TARGET_PID="$nobody")" -eq 0 ]
}

@test "a kill of a process that is dead already is told with the result its sender got" {
	start_target zombie
	send kill "$TARGET_SAYS" 15
	only_entry TARGET_PID="$TARGET_SAYS"
	expect SENDER_PID "$SENDER"
	expect RESULT "$RESULT"
	expect TARGET_COMM server
}

@test "a process that kills itself is told, without a command line that nobody wrote" {
	local signal
	# It dies in the call, and then the kernel records its title as (null).
	for signal in 15 9; do
		background "$LAB/bin/send" kill self "$signal"
		SENDER=$BACKGROUND_PID
		only_entry SENDER_PID="$SENDER"
		expect TARGET_PID "$SENDER"
		expect SENDER_COMM send
		expect_match SENDER_CMDLINE "^($LAB/bin/send kill self $signal)?\$"
	done
}

@test "signal 0 gives no entry" {
	send kill "$TARGET" 0
	[ "$RESULT" = success ]
	send tgkill "$TARGET" 0
	send pidfd_send_signal "$TARGET" 0
	settle
	[ "$(count_entries TARGET_PID="$TARGET")" -eq 0 ]
}

@test "SIGURG that a thread sends to its own process, as Go's runtime does, gives no entry" {
	send tgkill self 23
	[ "$RESULT" = success ]
	settle
	[ "$(count_entries SENDER_PID="$SENDER")" -eq 0 ]
}

@test "killauditd's own start and end tell of no signal" {
	settle
	[ "$(count_entries SENDER_COMM=killauditd)" -eq 0 ]
	[ "$(count_entries TARGET_COMM=killauditd)" -eq 0 ]
}
