#!/usr/bin/env bats
# SPDX-License-Identifier: GPL-2.0-or-later
# SPDX-FileCopyrightText: The killauditd authors
#
# Kills of and in real runc containers: which container it was, by the control group that each
# runtime chooses, and pids as the host sees them.

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
	ID=$(random_hex 64)
}

teardown() {
	after_each
}

# container_is_known CGROUP_PATH: the entry of a signal from the host names container ID. Once for a
# container that was there before killauditd; it may be killed, for it was seen alive. And once for
# one that came after it, which is only stopped: /proc tells no more of a process once that is gone.
container_is_known() {
	container_start before "$1" /server
	start_killauditd
	container_is_told 9 SIGKILL
	runc --root "$LAB/runc" delete -f before
	container_start after "$1" /server
	container_is_told 19 SIGSTOP
}

# container_is_told NUMBER NAME: of the signal that is sent to its init.
container_is_told() {
	send kill "$CONTAINER_PID" "$1"
	only_entry TARGET_PID="$CONTAINER_PID"
	expect SIGNAL_NAME "$2"
	expect TARGET_CONTAINER_ID "$ID"
	expect TARGET_COMM server
	expect SENDER_CONTAINER_ID
	expect_match MESSAGE "to server\($CONTAINER_PID\) in container .*${ID:0:12}"
}

@test "a container of Docker's cgroupfs driver is known by its id" {
	container_is_known "/docker/$ID"
}

@test "a container of Docker's systemd driver is known by its id" {
	container_is_known "/system.slice/docker-$ID.scope"
}

@test "a container of a Kubernetes pod is known by its id" {
	container_is_known "/kubepods/burstable/pod6f2fd1b0-83c1-4c5c-9c1a-6a2f7ff0ab5d/$ID"
}

@test "a container of containerd under systemd is known by its id" {
	local pod=kubepods-burstable-pod6f2fd1b0_83c1_4c5c_9c1a_6a2f7ff0ab5d.slice
	container_is_known "/kubepods.slice/kubepods-burstable.slice/$pod/cri-containerd-$ID.scope"
}

@test "a container of CRI-O is known by its id" {
	local pod=kubepods-burstable-pod6f2fd1b0_83c1_4c5c_9c1a_6a2f7ff0ab5d.slice
	container_is_known "/kubepods.slice/kubepods-burstable.slice/$pod/crio-$ID.scope"
}

@test "a container of podman is known by its id" {
	container_is_known "/machine.slice/libpod-$ID.scope"
}

@test "a process outside of any container is told without one" {
	start_killauditd
	start_target
	send kill "$TARGET" 15
	only_entry TARGET_PID="$TARGET"
	expect TARGET_CONTAINER_ID
	expect SENDER_CONTAINER_ID
}

# start_container_of_two: init and its child; the child's pid on the host is in CHILD.
start_container_of_two() {
	container_start inside "/docker/$ID" /server 2
	CHILD=$(pgrep --ns "$CONTAINER_PID" --nslist pid -x server | grep -vx "$CONTAINER_PID")
}

# kill_inside SIGNAL: from inside the container, to the child, by the pid it has there, INNER; the
# sender's pid on the host is in SENDER, and there in INNER_SENDER.
kill_inside() {
	INNER=$(awk '$1 == "NSpid:" { print $NF }' "/proc/$CHILD/status")
	background_to "$LAB/said" container_run inside /send --stay 30 kill "$INNER" "$1"
	wait_until 10 test -s "$LAB/said"
	grep -q 'result=success' "$LAB/said"
	INNER_SENDER=$(sed 's/.*pid=//' "$LAB/said")
	SENDER=$(pgrep --ns "$CONTAINER_PID" --nslist pid -x send)
}

@test "a kill inside a container that came after killauditd is told the same way" {
	start_killauditd
	start_container_of_two
	kill_inside 19
	only_entry TARGET_PID="$CHILD"
	expect SENDER_PID "$SENDER"
	expect TARGET_CONTAINER_ID "$ID"
	expect SENDER_CONTAINER_ID "$ID"
}

@test "a kill inside a container is told with the host's pids and the container of both sides" {
	start_container_of_two
	start_killauditd
	kill_inside 9
	[ "$INNER_SENDER" != "$SENDER" ]
	only_entry TARGET_PID="$CHILD"
	expect SENDER_PID "$SENDER"
	expect SENDER_COMM send
	expect TARGET_COMM server
	expect TARGET_CONTAINER_ID "$ID"
	expect SENDER_CONTAINER_ID "$ID"
	[ "$(count_entries TARGET_PID="$INNER")" -eq 0 ]
	[ "$(count_entries SENDER_PID="$INNER_SENDER")" -eq 0 ]
}

@test "a kill from the host of a container's process that is not its init is told with it" {
	start_container_of_two
	start_killauditd
	send kill "$CHILD" 9
	only_entry TARGET_PID="$CHILD"
	expect TARGET_CONTAINER_ID "$ID"
}
