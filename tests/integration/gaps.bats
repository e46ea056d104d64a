#!/usr/bin/env bats
# SPDX-License-Identifier: GPL-2.0-or-later
# SPDX-FileCopyrightText: The killauditd authors
#
# Where something may be missing, an entry says so: of what, and from when to when.

# shellcheck disable=SC2030,SC2031 # a test is no subshell of another
load lib.bash

setup_file() {
	lab_start
}

teardown_file() {
	lab_stop
}

setup() {
	audit_add_foreign_rules
	auditctl -l >"$LAB/foreign"
}

teardown() {
	after_each
}

now_usec() {
	date +%s%6N
}

# gap REASON: the only one, in ENTRY.
gap() {
	ENTRY=$(jq -c --arg reason "$1" 'select(.GAP_REASON == $reason)' "$LAB/out")
	echo "$ENTRY"
	[ "$(grep -c . <<<"$ENTRY")" -eq 1 ]
}

has_gap() {
	jq -es --arg reason "$1" 'any(.[]; .GAP_REASON == $reason)' "$LAB/out" >/dev/null
}

# lies FROM TO: the gap begins soon before FROM, and ends soon after TO; audit's stamps and the look
# that finds it there again are not exact.
lies() {
	jq -e --argjson from "$1" --argjson to "$2" '(.GAP_START_USEC | tonumber) as $began
		| (.GAP_END_USEC | tonumber) as $ended
		| $began <= $to + 20000 and $began > $from - 6000000
		and $ended >= $to and $ended < $to + 10000000' <<<"$ENTRY"
}

# is_missing REASON: it is among those of the last coverage entry.
is_missing() {
	jq -es --arg reason "$1" 'map(select(.KILLAUDIT_TYPE == "coverage")) | last
		| .COVERAGE_REASON | arrays | any(. == $reason)' "$LAB/out" >/dev/null
}

# auditctl -D -k would take every key that begins like ours, too.
remove_our_rules() {
	local rule
	auditctl -l | grep 'key=killauditd$' | sed 's/^-a/-d/' | while read -ra rule; do
		auditctl "${rule[@]}"
	done
}

nothing_is_missing() {
	! is_missing rules-missing
}

has_our_rules() {
	[ "$(our_rules)" -gt 0 ]
}

our_rules() {
	auditctl -l | grep -c 'key=killauditd$' || true
}

@test "rules that somebody removes are back soon, and a gap tells the time without them" {
	local before after rules
	start_killauditd --output json
	rules=$(our_rules)
	before=$(now_usec)
	remove_our_rules
	after=$(now_usec)
	[ "$(our_rules)" -eq 0 ]
	wait_until 10 has_gap rules-removed
	[ "$(our_rules)" -eq "$rules" ]
	gap rules-removed
	lies "$before" "$after"
	# Not while somebody may be loading more of his own.
	jq -e '(.GAP_END_USEC | tonumber) - (.GAP_START_USEC | tonumber) >= 1900000' <<<"$ENTRY"
	start_target
	send kill "$TARGET" 9
	wait_until 5 grep -q "\"TARGET_PID\":\"$TARGET\"" "$LAB/out"
	stop_killauditd
	diff "$LAB/foreign" <(auditctl -l)
}

@test "one rule of ours that is removed is noticed, too" {
	start_killauditd --output json
	rules=$(our_rules)
	auditctl -d always,exit -F arch=b64 -S kill,rt_sigqueueinfo,pidfd_send_signal -F 'a1!=0' -F key=killauditd
	wait_until 10 has_gap rules-removed
	[ "$(our_rules)" -eq "$rules" ]
}

@test "rules that are removed again and again are given up, and that is told" {
	start_killauditd --output json
	for _ in 1 2 3 4 5; do
		remove_our_rules
		wait_until 10 has_our_rules
		sleep 0.6
	done
	remove_our_rules
	wait_until 10 is_missing rules-missing
	jq -se 'map(select(.COVERAGE_REASON)) | last | .PRIORITY == "4"
		and (.COVERAGE_ROUTE | index("kill=blind")) and .COVERAGE_COMPLETE == "0"' "$LAB/out"
	sleep 6
	[ "$(our_rules)" -eq 0 ]
	# Somebody else puts them back: they are watched again.
	"$KILLAUDITD" --load-rules
	wait_until 10 nothing_is_missing
}

@test "auditing that somebody switches off is on again at once, and a gap tells the time without it" {
	local before
	start_killauditd --output json
	before=$(now_usec)
	auditctl -e 0
	wait_until 10 has_gap audit-disabled
	[ "$(audit_enabled)" -eq 1 ]
	gap audit-disabled
	# It may be on again before auditctl has ended.
	lies "$before" "$before"
	jq -e '(.GAP_END_USEC | tonumber) - (.GAP_START_USEC | tonumber) < 2000000' <<<"$ENTRY"
	expect PRIORITY 4
	expect MESSAGE_ID 941f81d5b18248448d361815e31d9552
}

@test "with ManageRules=no nothing is put back, and what is missing is told" {
	printf '[Audit]\nManageRules=no\n' >"$LAB/own.conf"
	"$KILLAUDITD" --load-rules
	start_killauditd --output json --config "$LAB/own.conf"
	auditctl -e 0
	wait_until 10 is_missing audit-disabled
	sleep 1
	[ "$(audit_enabled)" -eq 0 ]
	auditctl -e 1
	wait_until 10 has_gap audit-disabled
	stop_killauditd
	[ "$(our_rules)" -gt 0 ]
	"$KILLAUDITD" --unload-rules
}

@test "records that the socket could not hold are counted in a gap" {
	local before after told lost
	printf '[Audit]\nReceiveBuffer=64K\n' >"$LAB/small.conf"
	start_killauditd --output json --config "$LAB/small.conf"
	start_target
	kill -STOP "$KILLAUDITD_PID"
	before=$(now_usec)
	bash -c 'for ((i = 0; i < 2000; i++)); do kill -CONT "$0"; done' "$TARGET"
	after=$(now_usec)
	kill -CONT "$KILLAUDITD_PID"
	wait_until 10 has_gap socket-overrun
	sleep 1
	gap socket-overrun
	lies "$before" "$after"
	expect GAP_UNIT records
	told=$(jq -c --arg pid "$TARGET" 'select(.TARGET_PID == $pid)' "$LAB/out" | wc -l)
	lost=$(jq -r .GAP_COUNT <<<"$ENTRY")
	echo "told $told, lost $lost records"
	# Each send is four records, of which all or some may be lost.
	[ "$lost" -gt 0 ]
	[ $((told * 4 + lost)) -ge 8000 ]
	[ "$told" -lt 2000 ]
}

@test "a start is told with what is watched, and a stop with nothing" {
	start_killauditd --output json
	stop_killauditd
	jq -se 'map(select(.KILLAUDIT_TYPE == "coverage")) | length == 2
		and (.[0] | .COVERAGE_MODE == "audit+connector" and (.COVERAGE_ROUTE | index("kill=ok"))
			and (.COVERAGE_ROUTE | index("cgroup.kill=blind")))
		and (.[1] | .COVERAGE_MODE == null and .COVERAGE_COMPLETE == "0"
			and (.COVERAGE_REASON | index("stopped"))
			and (.COVERAGE_ROUTE | index("kill=blind")))' "$LAB/out"
}

@test "who was older than auditing is told by name" {
	audit_set enabled 0 || auditctl -e 0
	start_target
	start_killauditd --output json
	jq -se 'map(select(.KILLAUDIT_TYPE == "coverage")) | .[0] | (.COVERAGE_BLIND_TASKS | tonumber) >= 2
		and (.COVERAGE_REASON | index("blind-tasks"))' "$LAB/out"
}
