#!/usr/bin/env bats
# SPDX-License-Identifier: GPL-2.0-or-later
# SPDX-FileCopyrightText: The killauditd authors
#
# The audit rules: one set, whichever way it is printed or loaded.

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

# auditctl wants a file that nobody else can write to.
auditctl_load_file() {
	install -m 600 "$SOURCE/rules/40-killauditd.rules" "$LAB/40-killauditd.rules"
	auditctl -R "$LAB/40-killauditd.rules"
}

@test "--print-rules prints the rules file that is checked in" {
	[ "$(uname -m)" = x86_64 ] || skip "the file that is checked in is x86-64's"
	diff "$SOURCE/rules/40-killauditd.rules" <("$KILLAUDITD" --print-rules)
}

@test "auditctl accepts the rules file, and the kernel then has what --load-rules loads" {
	run auditctl_load_file
	echo "$output"
	[ "$status" -eq 0 ]
	[[ ${output,,} != *error* ]]
	auditctl -l >"$LAB/by-auditctl"
	[ "$(grep -c 'key=killauditd$' "$LAB/by-auditctl")" -gt 0 ]
	"$KILLAUDITD" --unload-rules
	diff "$LAB/foreign" <(auditctl -l)
	"$KILLAUDITD" --load-rules
	diff "$LAB/by-auditctl" <(auditctl -l)
}

@test "the rules cover the six system calls, for 64 and 32 bits" {
	local arch call rules
	"$KILLAUDITD" --load-rules
	rules=$(auditctl -l | grep 'key=killauditd$')
	for arch in b64 b32; do
		for call in kill tkill tgkill rt_sigqueueinfo rt_tgsigqueueinfo pidfd_send_signal; do
			echo "$arch $call"
			grep -- "arch=$arch" <<<"$rules" | grep -qE "[ ,]${call}[ ,]"
		done
	done
}

@test "loading twice loads once" {
	"$KILLAUDITD" --load-rules
	auditctl -l >"$LAB/once"
	"$KILLAUDITD" --load-rules
	diff "$LAB/once" <(auditctl -l)
}

@test "a rule that is missing from the set is added again" {
	local rule
	"$KILLAUDITD" --load-rules
	auditctl -l | sort >"$LAB/whole"
	rule=$(auditctl -l | grep 'key=killauditd$' | tail -n 1)
	# shellcheck disable=SC2086 # the words of a rule
	auditctl ${rule/#-a/-d}
	[ "$(auditctl -l | wc -l)" -eq $(($(wc -l <"$LAB/whole") - 1)) ]
	"$KILLAUDITD" --load-rules
	diff "$LAB/whole" <(auditctl -l | sort)
}

@test "unloading leaves somebody else's rules, and is fine when there is nothing to unload" {
	"$KILLAUDITD" --load-rules
	"$KILLAUDITD" --unload-rules
	diff "$LAB/foreign" <(auditctl -l)
	"$KILLAUDITD" --unload-rules
	diff "$LAB/foreign" <(auditctl -l)
}

@test "loading and unloading change none of the numbers" {
	audit_numbers >"$LAB/numbers"
	"$KILLAUDITD" --load-rules
	"$KILLAUDITD" --unload-rules
	diff "$LAB/numbers" <(audit_numbers)
}
