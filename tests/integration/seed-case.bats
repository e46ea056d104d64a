#!/usr/bin/env bats
# SPDX-License-Identifier: GPL-2.0-or-later
# SPDX-FileCopyrightText: The killauditd authors
#
# The case that this program exists for: a Docker container's server is killed by a pkill far down a
# chain of shells that a process with the odd name vGhyM0 began.

# shellcheck disable=SC2030,SC2031 # a test is no subshell of another
load lib.bash

setup_file() {
	lab_start
	journal_start
	docker_start
}

teardown_file() {
	lab_stop
}

# The container is older than killauditd.
setup() {
	docker run -d --name web --network none killauditd:test /server
	ID=$(docker inspect -f '{{.Id}}' web)
	WEB=$(docker inspect -f '{{.State.Pid}}' web)
	start_killauditd
}

teardown() {
	docker rm -f web
	after_each
}

# kill_web THEN: the chain, in which every shell does THEN after the kill, and something more, for a
# bash becomes the last command it is given. --ns: nothing but the container's own server can be hit.
kill_web() {
	local then="$1; true"
	local innermost="pkill -9 --ns $WEB server; $then"
	"$LAB/bin/vGhyM0" /bin/sh -c "bash -c 'bash -c \"$innermost\"; $then'; $then"
}

@test "who killed the container is told, and what is gone is marked and not invented" {
	kill -STOP "$KILLAUDITD_PID"
	sleep 1
	kill_web true
	sleep 1
	kill -CONT "$KILLAUDITD_PID"
	settle
	# As its user would ask, who knows the pid from `docker inspect` of before.
	ENTRY=$(journalctl -q -t killauditd TARGET_PID="$WEB" -o json --all)
	[ "$(wc -l <<<"$ENTRY")" -eq 1 ]
	expect _PID "$KILLAUDITD_PID"
	expect SENDER_COMM pkill
	expect SENDER_EXE "$(readlink -f "$(command -v pkill)")"
	expect SENDER_CMDLINE "pkill -9 --ns $WEB server"
	expect SENDER_UID 0
	expect SIGNAL 9
	expect SIGNAL_NAME SIGKILL
	expect ROUTE kill
	expect RESULT success
	expect TARGET_COMM server
	expect TARGET_CONTAINER_ID "$ID"
	[ "${#ID}" -eq 64 ]
	expect_match MESSAGE "^pkill\([0-9]+\) sent SIGKILL to server\($WEB\) in container .*${ID:0:12}"
	# Both were looked up after the fact.
	expect_match CERTAINTY '^(likely|unknown)$'
	expect_among CERTAINTY_REASON target-seed
	expect_among CERTAINTY_REASON sender-seed
	# Who was born of whom was told; which programs they ran could not be read any more.
	expect_match SENDER_ANCESTRY \
		'=>\?(\([^()]+\))?=>\?(\([^()]+\))?=>\?(\([^()]+\))?=>\?(\([^()]+\))?=>pkill(\([^()]+\))?$'
	expect SENDER_PARENT_COMM
	expect SENDER_CONTAINER_ID
	[[ $(field SENDER_ANCESTRY) != *vGhyM0* ]]
}

@test "the whole ancestry is told while the shells live" {
	kill_web 'sleep 1'
	only_entry TARGET_PID="$WEB"
	expect SENDER_COMM pkill
	expect SIGNAL_NAME SIGKILL
	expect TARGET_COMM server
	expect TARGET_CONTAINER_ID "$ID"
	expect_match SENDER_ANCESTRY \
		'=>vGhyM0\([^()]+\)=>sh\([^()]+\)=>bash\([^()]+\)=>bash\([^()]+\)=>pkill(\([^()]+\))?$'
	expect SENDER_PARENT_COMM bash
	expect_among SENDER_ANCESTOR_COMM vGhyM0
	expect_among SENDER_ANCESTOR_COMM sh
	expect_among SENDER_ANCESTOR_EXE "$LAB/bin/vGhyM0"
	[ "$(field SENDER_ANCESTRY_JSON | jq -c '.[-5:] | map(.comm)')" = \
		'["vGhyM0","sh","bash","bash","pkill"]' ]
	wait_until 5 web_has_ended
	[ "$(docker inspect -f '{{.State.ExitCode}}' web)" = 137 ]
}

web_has_ended() {
	[ "$(docker inspect -f '{{.State.Running}}' web)" = false ]
}

@test "a journal query for an ancestor's name finds all that a descendant did" {
	kill_web 'sleep 1'
	only_entry SENDER_ANCESTOR_COMM=vGhyM0
	expect TARGET_PID "$WEB"
}

@test "docker kill is told, with the target's container" {
	docker kill web
	settle
	# By dockerd, containerd-shim or runc: whoever of them makes the call.
	[ "$(count_entries TARGET_PID="$WEB" SIGNAL_NAME=SIGKILL TARGET_CONTAINER_ID="$ID")" -ge 1 ]
}
