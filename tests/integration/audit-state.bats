#!/usr/bin/env bats
# SPDX-License-Identifier: GPL-2.0-or-later
# SPDX-FileCopyrightText: The killauditd authors
#
# killauditd leaves the kernel's audit state as it found it, somebody else's rules byte for byte,
# also when it crashed in between and was started again.

# shellcheck disable=SC2030,SC2031 # a test is no subshell of another
load lib.bash

setup_file() {
	lab_start
	journal_start
}

teardown_file() {
	lab_stop
}

# Numbers that are nobody's default, so that one that was set to its default shows.
setup() {
	audit_add_foreign_rules
	audit_set failure 0
	audit_set backlog_limit 777
	audit_set backlog_wait_time 4321
}

teardown() {
	after_each
}

# begin ENABLED
begin() {
	audit_set enabled "$1"
	audit_state >"$LAB/before"
	[ "$(grep -c killauditd-test "$LAB/before")" -eq 2 ]
	grep -qx "enabled $1" "$LAB/before"
}

as_before() {
	diff "$LAB/before" <(audit_state)
}

# It works, and has changed something that it must take back.
works() {
	start_target
	send kill "$TARGET" 15
	only_entry TARGET_PID="$TARGET"
	auditctl -l | grep -q 'key=killauditd$'
	[ "$(audit_enabled)" -eq 1 ]
}

@test "after SIGTERM all is as before, with auditing off before" {
	begin 0
	start_killauditd
	works
	stop_killauditd
	as_before
}

@test "after SIGTERM all is as before, with auditing on before" {
	begin 1
	start_killauditd
	works
	stop_killauditd
	as_before
}

@test "after SIGKILL, a restart and SIGTERM all is as before, with auditing off before" {
	begin 0
	start_killauditd
	works
	crash_killauditd
	start_killauditd
	works
	stop_killauditd
	as_before
}

@test "after SIGKILL, a restart and SIGTERM all is as before, with auditing on before" {
	begin 1
	start_killauditd
	works
	crash_killauditd
	start_killauditd
	works
	stop_killauditd
	as_before
}

@test "after two crashes in a row all is as before" {
	begin 0
	start_killauditd
	crash_killauditd
	start_killauditd
	crash_killauditd
	start_killauditd
	works
	stop_killauditd
	as_before
}

@test "SIGINT, as from Ctrl-C, ends it as SIGTERM does" {
	begin 0
	start_killauditd --output null
	stop_killauditd INT
	as_before
}

@test "a rule that somebody adds while it runs stays, and auditing stays on for it" {
	begin 0
	start_killauditd
	auditctl -a always,exit -F arch=b64 -S swapoff -F auid=4242 -k killauditd-test
	stop_killauditd
	[ "$(audit_enabled)" -eq 1 ]
	auditctl -l | grep -q swapoff
	auditctl -d always,exit -F arch=b64 -S swapoff -F auid=4242 -k killauditd-test
	diff <(grep '^-' "$LAB/before") <(auditctl -l)
}

@test "--keep-rules leaves its rules when it ends" {
	begin 1
	start_killauditd --keep-rules
	auditctl -l >"$LAB/rules"
	stop_killauditd
	diff "$LAB/rules" <(auditctl -l)
	"$KILLAUDITD" --unload-rules
	as_before
}

@test "rules that were loaded beforehand stay until --unload-rules" {
	begin 1
	"$KILLAUDITD" --load-rules
	audit_state >"$LAB/loaded"
	grep -q 'key=killauditd$' "$LAB/loaded"
	start_killauditd
	works
	stop_killauditd
	diff "$LAB/loaded" <(audit_state)
	"$KILLAUDITD" --unload-rules
	as_before
}

@test "rules that were loaded beforehand stay after a crash and a restart too" {
	begin 1
	"$KILLAUDITD" --load-rules
	audit_state >"$LAB/loaded"
	start_killauditd
	crash_killauditd
	start_killauditd
	works
	stop_killauditd
	diff "$LAB/loaded" <(audit_state)
}

@test "a second instance that is refused changes nothing" {
	begin 0
	start_killauditd
	audit_state >"$LAB/running"
	run "$KILLAUDITD"
	[ "$status" -eq 1 ]
	diff "$LAB/running" <(audit_state)
	works
	stop_killauditd
	as_before
}

@test "rules are not unloaded beneath a daemon that runs" {
	begin 0
	start_killauditd
	run "$KILLAUDITD" --unload-rules
	[ "$status" -eq 1 ]
	[[ $output == *"running (pid $KILLAUDITD_PID)"* ]]
	works
	stop_killauditd
	as_before
}

@test "a rule with our key that is none of ours stays, and all else is as before" {
	local rule=(always,exit -F arch=b64 -S acct -F auid=4242 -F key=killauditd)
	auditctl -a "${rule[@]}"
	begin 0
	start_killauditd
	stop_killauditd
	as_before
	"$KILLAUDITD" --load-rules
	"$KILLAUDITD" --unload-rules
	as_before
	auditctl -d "${rule[@]}"
}

@test "a rule of others that goes while it runs does not keep auditing on" {
	local rule=(always,exit -F arch=b64 -S acct -F auid=4243 -F key=killauditd-test)
	begin 0
	auditctl -D -k killauditd-test
	auditctl -a "${rule[@]}"
	start_killauditd
	auditctl -d "${rule[@]}"
	stop_killauditd
	[ "$(audit_enabled)" -eq 0 ]
}

@test "loading beside unloading ends with rules and auditing on, or without both" {
	local i
	begin 0
	for ((i = 0; i < 10; i++)); do
		"$KILLAUDITD" --load-rules
		"$KILLAUDITD" --unload-rules &
		"$KILLAUDITD" --load-rules
		wait
		if auditctl -l | grep -q 'key=killauditd$'; then
			[ "$(audit_enabled)" -eq 1 ]
		else
			[ "$(audit_enabled)" -eq 0 ]
		fi
		"$KILLAUDITD" --unload-rules
		as_before
	done
}
