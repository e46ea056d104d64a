#!/usr/bin/env bats
# SPDX-License-Identifier: GPL-2.0-or-later
# SPDX-FileCopyrightText: The killauditd authors
#
# The command line: what is printed, what is refused, and with which status.

bats_require_minimum_version 1.5.0
# shellcheck disable=SC2030,SC2031 # a test is no subshell of another
load lib.bash

setup_file() {
	lab_start
	journal_start
}

teardown_file() {
	lab_stop
}

teardown() {
	after_each
}

# Somebody without any privilege.
as_nobody() {
	setpriv --reuid 65534 --regid 65534 --clear-groups "$@"
}

# refused STATUS REGEX COMMAND...: with nothing on standard output and one line that says why.
refused() {
	local wanted=$1 regex=$2
	shift 2
	run --separate-stderr "$@"
	echo "status $status, stdout: $output, stderr: $stderr"
	[ "$status" -eq "$wanted" ]
	[ -z "$output" ]
	# getopt has the path, too, with which it was called.
	[[ $stderr =~ ^(/.*/)?'killauditd: ' ]]
	[[ $stderr =~ $regex ]]
}

# printed COMMAND...: status 0, and nothing but what was asked for.
printed() {
	run --separate-stderr "$@"
	echo "status $status, stdout: $output, stderr: $stderr"
	[ "$status" -eq 0 ]
	[ -n "$output" ]
	[ -z "$stderr" ]
}

@test "--help needs no privilege and names every option" {
	local option
	printed as_nobody "$KILLAUDITD" --help
	for option in output input keep-rules config check-config load-rules unload-rules \
		print-rules help version; do
		[[ $output == *--$option* ]]
	done
}

@test "--version needs no privilege" {
	printed as_nobody "$KILLAUDITD" --version
	[[ $output =~ ^killauditd\ [0-9] ]]
}

@test "--print-rules needs no privilege" {
	printed as_nobody "$KILLAUDITD" --print-rules
	[[ $output == *"-a always,exit"* ]]
}

@test "an unknown option is refused by name" {
	refused 64 '--no-such-option' "$KILLAUDITD" --no-such-option
	[[ $stderr == *[Tt]ry*--help* ]]
}

@test "an unknown output is refused by name" {
	refused 64 'carrier-pigeon' "$KILLAUDITD" --output carrier-pigeon
}

@test "an unknown input is refused by name" {
	refused 64 'crystal-ball' "$KILLAUDITD" --input crystal-ball
}

@test "an option without its value is refused by name" {
	refused 64 '--output' "$KILLAUDITD" --output
}

@test "an argument that is no option is refused by name" {
	refused 64 'surplus' "$KILLAUDITD" surplus
}

@test "without privilege it says which is missing" {
	refused 77 'CAP_AUDIT_(READ|CONTROL)|root' as_nobody "$KILLAUDITD" --output null
}

@test "loading and unloading rules without privilege say which is missing" {
	refused 77 'CAP_AUDIT_CONTROL|root' as_nobody "$KILLAUDITD" --load-rules
	refused 77 'CAP_AUDIT_CONTROL|root' as_nobody "$KILLAUDITD" --unload-rules
}

@test "a second instance is refused and names the first" {
	start_killauditd
	refused 1 "(^|[^0-9])$KILLAUDITD_PID([^0-9]|\$)" "$KILLAUDITD"
	stop_killauditd
}

@test "a stopped instance is no obstacle to the next" {
	start_killauditd
	stop_killauditd
	start_killauditd
	stop_killauditd
	start_killauditd
	crash_killauditd
	start_killauditd
	stop_killauditd
}

# config TEXT...: lines of a configuration file.
config() {
	printf '%s\n' "$@" >"$LAB/test.conf"
}

@test "a configuration that is right passes, and needs no privilege" {
	chmod 755 "$LAB"
	config '# comment' '[Audit]' 'Input=auto' 'ReceiveBuffer = 128M ; comment' 'ManageRules=no'
	run as_nobody "$KILLAUDITD" --check-config --config "$LAB/test.conf"
	echo "$output"
	[ "$status" -eq 0 ]
	[ -z "$output" ]
}

@test "a wrong value is refused with its file, line and what is allowed" {
	config '[Audit]' '' 'ReceiveBuffer=63K'
	refused 78 "$LAB/test.conf:3: ReceiveBuffer=63K: allowed is 64K to 1G" \
		"$KILLAUDITD" --check-config --config "$LAB/test.conf"
	config '[Audit]' 'ManageRules=maybe'
	refused 78 "$LAB/test.conf:2: ManageRules=maybe: allowed is auto or no" \
		"$KILLAUDITD" --config "$LAB/test.conf"
	config '[Audit]' 'nonsense'
	refused 78 "$LAB/test.conf:2: neither" "$KILLAUDITD" --config "$LAB/test.conf"
}

@test "a key or section that is not known is a warning with file and line" {
	config '[Audit]' 'Inptu=auto' '[Odd]' 'Input=auto'
	run "$KILLAUDITD" --check-config --config "$LAB/test.conf"
	echo "$output"
	[ "$status" -eq 0 ]
	[[ ${lines[0]} == *"$LAB/test.conf:2: warning: no such key: Inptu in [Audit]" ]]
	[[ ${lines[1]} == *"$LAB/test.conf:4: warning: no such key: Input in [Odd]" ]]
}

@test "files beside it are read in lexical order, and the last one wins" {
	config '[Audit]' 'ManageRules=maybe'
	mkdir -p "$LAB/test.conf.d"
	printf '[Audit]\nManageRules=no\n' >"$LAB/test.conf.d/10-a.conf"
	printf '[Audit]\nReceiveBuffer=x\n' >"$LAB/test.conf.d/20-b.conf"
	printf '[Audit]\nReceiveBuffer=y\n' >"$LAB/test.conf.d/30-c.other"
	run "$KILLAUDITD" --check-config --config "$LAB/test.conf"
	echo "$output"
	[ "$status" -eq 78 ]
	[[ ${lines[0]} == *"test.conf:2: ManageRules=maybe"* ]]
	[[ ${lines[1]} == *"test.conf.d/20-b.conf:2: ReceiveBuffer=x"* ]]
	[ "${#lines[@]}" -eq 2 ]
	rm -r "$LAB/test.conf.d"
}

@test "a configuration file that is named and not there is refused" {
	refused 78 "cannot read $LAB/none.conf: No such file" \
		"$KILLAUDITD" --check-config --config "$LAB/none.conf"
}
