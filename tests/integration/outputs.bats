#!/usr/bin/env bats
# SPDX-License-Identifier: GPL-2.0-or-later
# SPDX-FileCopyrightText: The killauditd authors
#
# The outputs beside the journal: text, as the SystemTap recipe printed it, JSON, and none at all.

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
	start_target
}

teardown() {
	after_each
}

# send_from_shell [OPTION...]: by a shell that is there to be seen as the parent, its pid in
# SHELL_PID; all of them stay.
send_from_shell() {
	# shellcheck disable=SC2016 # expanded by the inner shell
	background_to "$LAB/said" bash -c 'echo "shell=$$"; "$@"; sleep 1' bash \
		"$LAB/bin/send" --stay 60 "$@" kill "$TARGET" 19
	wait_until 5 grep -q result= "$LAB/said"
	SENDER=$(sed -n 's/.*pid=//p' "$LAB/said")
	SHELL_PID=$(sed -n 's/shell=//p' "$LAB/said")
}

@test "text has the recipe's lines in the recipe's order" {
	local first
	start_killauditd --output text
	send_from_shell
	settle
	cat "$LAB/out"
	first=$(grep -nx "send($SENDER) send SIGSTOP to server($TARGET)" "$LAB/out" | cut -d: -f1)
	[ "$(wc -w <<<"$first")" -eq 1 ]
	sed -n "$((first + 1))p" "$LAB/out" | grep -qx "parent of sender: bash($SHELL_PID)"
	sed -n "$((first + 2))p" "$LAB/out" |
		grep -qE '^task_ancestry:.*=>bash\([0-9]+m[0-9.]+s\)=>send\([0-9]+m[0-9.]+s\)$'
	# What the recipe did not have stands below, indented, until the next send.
	sed -n "$((first + 3))p" "$LAB/out" | grep -qE '^[[:space:]]+[^[:space:]]'
	sed "1,$((first + 2))d; /^[[:space:]]/d; /^$/d" "$LAB/out" | head -n 1 |
		grep -qE '^[^ ]+\([0-9]+\) send [A-Z0-9+]+ to [^ ]+\([0-9]+\)$'
}

@test "text names the container of the target" {
	local id
	id=$(random_hex 64)
	container_start web "/docker/$id" /server
	start_killauditd --output text
	send kill "$CONTAINER_PID" 9
	settle
	grep -A9 -xF "send($SENDER) send SIGKILL to server($CONTAINER_PID)" "$LAB/out" |
		grep -E "^[[:space:]].*$id"
}

@test "text shows nothing but printable ASCII, whatever the names are" {
	start_killauditd --output text
	send_from_shell --comm "$(printf 'a\n\033[31m=>\xff' | to_hex)"
	settle
	grep -cF "a\\x0a\\x1b\\x5b31m\\x3d\\x3e\\xff($SENDER) send SIGSTOP to server($TARGET)" "$LAB/out"
	[ "$(LC_ALL=C grep -c '[^ -~	]' "$LAB/out")" -eq 0 ]
}

# The object for TARGET in the JSON output, in ENTRY.
object_of_target() {
	ENTRY=$(jq -c --arg pid "$TARGET" 'select(.TARGET_PID == $pid)' "$LAB/out")
	[ "$(grep -c . <<<"$ENTRY")" -eq 1 ]
}

@test "JSON is one object a line, every value a string or an array of strings" {
	start_killauditd --output json
	send_from_shell
	settle
	[ "$(jq -c . "$LAB/out" | wc -l)" -eq "$(wc -l <"$LAB/out")" ]
	# Names of others' processes may be of any bytes: those of our own here are text.
	jq -es 'def text: type == "string";
		map(select(.KILLAUDIT_TYPE == "signal") | del(.SENDER_ANCESTOR_COMM)) |
		all(.[]; type == "object" and
			all(.[]; text or (type == "array" and length > 1 and all(.[]; text))))' "$LAB/out"
	object_of_target
	expect SENDER_PID "$SENDER"
	expect SENDER_COMM send
	expect SENDER_PARENT_PID "$SHELL_PID"
	expect SENDER_PARENT_COMM bash
	expect SIGNAL 19
	expect SIGNAL_NAME SIGSTOP
	expect SYSLOG_IDENTIFIER killauditd
	expect MESSAGE_ID 7e84152dd91b4857b9ffa27b72f5137b
}

@test "JSON has the fields that the journal has" {
	start_killauditd --output json
	send_from_shell
	settle
	object_of_target
	field_names >"$LAB/json-fields"
	stop_killauditd
	start_target
	start_killauditd
	send_from_shell
	only_entry TARGET_PID="$TARGET"
	echo "$ENTRY"
	diff "$LAB/json-fields" <(field_names)
}

@test "JSON keeps bytes that are not UTF-8 as base64" {
	start_killauditd --output json
	send_from_shell --comm 61fffe
	settle
	object_of_target
	[ "$(jq -r .SENDER_COMM.base64 <<<"$ENTRY" | base64 -d | to_hex)" = 61fffe ]
	jq -es 'length > 0' "$LAB/out"
}

@test "null prints nothing and writes nothing" {
	start_killauditd --output null
	send_from_shell
	# Nothing to wait for: give it the time in which the other outputs have answered many times.
	sleep 2
	[ ! -s "$LAB/out" ]
	[ "$(count_entries)" -eq 0 ]
	stop_killauditd
	[ ! -s "$LAB/out" ]
}

@test "the outputs other than the journal write no entry" {
	start_killauditd --output json
	send kill "$TARGET" 19
	settle
	[ "$(count_entries)" -eq 0 ]
}

@test "a reader that has stopped reading does not keep it from ending in order" {
	mkfifo "$LAB/out"
	exec 7<>"$LAB/out" # somebody holds it, and reads nothing
	start_killauditd --output text
	# shellcheck disable=SC2016 # expanded by the inner shell
	bash -c 'for ((i = 0; i < 300; i++)); do kill -CONT "$1"; done' bash "$TARGET"
	wait_until 5 waits_for_reader
	stop_killauditd
	grep -qE 'stopped after [0-9]+ entries; not written [1-9]' "$LAB/log"
	[ -z "$(auditctl -l | grep killauditd)" ]
}

# Busy with nothing, while the pipe is full.
waits_for_reader() {
	grep -q poll "/proc/$KILLAUDITD_PID/wchan"
}

@test "a reader that has gone ends it, with status 1, and the rules with it" {
	local status=0
	mkfifo "$LAB/out"
	background head -n 1 "$LAB/out"
	start_killauditd --output text
	# shellcheck disable=SC2016 # expanded by the inner shell
	bash -c 'for ((i = 0; i < 20; i++)); do kill -CONT "$1"; sleep 0.05; done' bash "$TARGET"
	wait_until 10 is_dead "$KILLAUDITD_PID"
	wait "$KILLAUDITD_PID" || status=$?
	[ "$status" -eq 1 ]
	grep -q 'nobody reads the output' "$LAB/log"
	[ -z "$(auditctl -l | grep killauditd)" ]
}
