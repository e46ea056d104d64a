#!/usr/bin/env bats
# SPDX-License-Identifier: GPL-2.0-or-later
# SPDX-FileCopyrightText: The killauditd authors
#
# Processes that are not what their pid says: whose first thread left, that another thread executed,
# that got the pid of one just killed; and senders that audit does not see.

# shellcheck disable=SC2030,SC2031 # a test is no subshell of another
load lib.bash

setup_file() {
	lab_start
	journal_start
	tracefs_mount "$LAB"
	printf '[Trace]\nUse=required\n' >"$LAB/trace.conf"
}

teardown_file() {
	lab_stop
}

teardown() {
	task_rule_remove
	rm -f "$LAB/orders"
	after_each
}

# A rule for new tasks takes no key, by which the lab would remove it.
task_rule_add() {
	auditctl -a task,never >/dev/null
	touch "$LAB/task-rule"
}

task_rule_remove() {
	[[ -e $LAB/task-rule ]] || return 0
	auditctl -d task,never >/dev/null
	rm -f "$LAB/task-rule"
}

# needs_trace: where killauditd does not read the trace, audit's blind senders are not told.
needs_trace() {
	[[ $(entries KILLAUDIT_TYPE=coverage | jq -r .COVERAGE_MODE | tail -1) == *trace* ]] ||
		skip "killauditd does not read the trace"
}

# start_said COMMAND...: in the background, until it has printed something, which is in SAID.
start_said() {
	local file
	file=$(mktemp "$LAB/said.XXXXXX")
	background_to "$file" "$@"
	wait_until 10 test -s "$file" || { say "$* says nothing"; return 1; }
	SAID=$(<"$file")
	rm -f "$file"
}

# make_cgroup ID: of a container with that id; its folder in CGROUP.
make_cgroup() {
	note_cgroups "/docker/$1"
	CGROUP=$(awk '$3 == "cgroup2" { print $2; exit }' /proc/mounts)/docker/$1
	mkdir -p "$CGROUP"
}

@test "a process whose first thread left is told when its other threads are killed" {
	start_killauditd
	start_said "$LAB/bin/leader-exits"
	TARGET=$BACKGROUND_PID
	send kill "$TARGET" 9
	[ "$RESULT" = success ]
	wait_until 5 is_dead "$TARGET"
	only_entry TARGET_PID="$TARGET"
	expect SENDER_PID "$SENDER"
	expect SENDER_COMM send
	expect TARGET_COMM leader-exits
	expect RESULT success
}

@test "kill of a thread whose process has lost its first thread names the process" {
	start_killauditd
	start_said "$LAB/bin/leader-exits"
	TARGET=$BACKGROUND_PID
	send tkill "$TARGET" 9 "${SAID#tid=}"
	[ "$RESULT" = success ]
	only_entry TARGET_PID="$TARGET"
	expect TARGET_COMM worker
	expect ROUTE tkill
}

@test "a process whose first thread left kills" {
	start_killauditd
	start_target
	start_said "$LAB/bin/leader-exits" "$TARGET" 9
	SENDER=$BACKGROUND_PID
	only_entry TARGET_PID="$TARGET"
	expect SENDER_PID "$SENDER"
	expect SENDER_COMM worker
	expect SENDER_EXE "$LAB/bin/leader-exits"
	expect TARGET_COMM server
}

@test "a program that a thread executed is killed under its own name" {
	start_killauditd
	start_said "$LAB/bin/thread-exec" "$LAB/bin/server" 1
	TARGET=$BACKGROUND_PID
	send kill "$TARGET" 9
	only_entry TARGET_PID="$TARGET"
	expect TARGET_COMM server
	expect TARGET_EXE "$LAB/bin/server"
	expect SENDER_PID "$SENDER"
}

@test "a program that a thread executed kills under its own name" {
	start_killauditd
	start_target
	background "$LAB/bin/thread-exec" "$LAB/bin/send" kill "$TARGET" 9
	SENDER=$BACKGROUND_PID
	wait_until 5 is_dead "$TARGET"
	only_entry TARGET_PID="$TARGET"
	expect SENDER_PID "$SENDER"
	expect SENDER_COMM send
	expect SENDER_EXE "$LAB/bin/send"
	expect_match SENDER_ANCESTRY '=>send\([^=]*$'
}

@test "two that are killed one after the other with the same pid are told apart" {
	local rounds=20 a b folder_a n
	a=$(random_hex 64) b=$(random_hex 64)
	make_cgroup "$a"
	folder_a=$CGROUP
	make_cgroup "$b"
	start_killauditd
	"$LAB/bin/pid-reuse" "$rounds" "$folder_a" "$CGROUP" >"$LAB/reused"
	[ "$(wc -l <"$LAB/reused")" -eq "$rounds" ]
	settle
	for n in 1 2; do
		[ "$(count_entries TARGET_COMM="reuse-$n")" -eq "$rounds" ]
		[ "$(count_entries TARGET_COMM="reuse-$n" SENDER_COMM="killer-$n")" -eq "$rounds" ]
		diff <(entries TARGET_COMM="reuse-$n" |
			jq -r '"target=\(.TARGET_PID) sender=\(.SENDER_PID)"') "$LAB/reused"
	done
	# Without the trace this can be guessed wrong, but not be certain and wrong.
	[ "$(count_entries CERTAINTY=certain TARGET_COMM=reuse-1 TARGET_CONTAINER_ID="$b")" -eq 0 ]
	[ "$(count_entries CERTAINTY=certain TARGET_COMM=reuse-2 TARGET_CONTAINER_ID="$a")" -eq 0 ]
	[ "$(count_entries CERTAINTY=certain SENDER_COMM=killer-1 SENDER_CONTAINER_ID="$a")" -eq 0 ]
	[ "$(count_entries CERTAINTY=certain SENDER_COMM=killer-2 SENDER_CONTAINER_ID="$b")" -eq 0 ]
	needs_trace
	# Into which group they were born is not told, and they live too short to be read for sure:
	# then it is not told, never wrong.
	[ "$(count_entries TARGET_COMM=reuse-1 TARGET_CONTAINER_ID="$b")" -eq 0 ]
	[ "$(count_entries TARGET_COMM=reuse-2 TARGET_CONTAINER_ID="$a")" -eq 0 ]
	[ "$(count_entries SENDER_COMM=killer-1 SENDER_CONTAINER_ID="$a")" -eq 0 ]
	[ "$(count_entries SENDER_COMM=killer-2 SENDER_CONTAINER_ID="$b")" -eq 0 ]
}

# blind_shell: a shell that audit does not see, as one that is older than auditing, which kills what
# it is told to; in SHELL_PID. Once a kernel has audited, every new process is seen, also while
# auditing is off: only a rule for new tasks makes one blind then.
blind_shell() {
	local folder id
	id=$(random_hex 64)
	make_cgroup "$id"
	folder=$CGROUP
	SHELL_CONTAINER=$id
	mkfifo "$LAB/orders"
	task_rule_add
	background bash -c 'exec -a old-shell bash -c "
		echo 0 >\"$1/cgroup.procs\"
		read -r pid <\"$2\"
		kill -9 \"\$pid\"
		read -r _ <\"$2\"
		: \"\$2\"" _ "$1" "$2"' _ "$folder" "$LAB/orders"
	SHELL_PID=$BACKGROUND_PID
	wait_until 5 grep -qx "$SHELL_PID" "$folder/cgroup.procs"
}

# The shell kills TARGET and lives on until it is told so.
blind_kill() {
	echo "$TARGET" >"$LAB/orders"
	wait_until 5 is_dead "$TARGET"
}

blind_end() {
	stop_process "$SHELL_PID" KILL
}

expect_blind_kill() {
	only_entry TARGET_PID="$TARGET"
	expect_among EVIDENCE trace
	! field EVIDENCE | grep -qx audit
	expect SENDER_PID "$SHELL_PID"
	expect SENDER_COMM bash
	expect SENDER_CONTAINER_ID "$SHELL_CONTAINER"
	expect_match SENDER_ANCESTRY '=>bash\([^=]*$'
	expect SIGNAL_NAME SIGKILL
	expect SIGNAL_CODE SI_USER
	expect DELIVERY queued
	expect TARGET_COMM server
}

@test "a shell that is older than auditing kills: told from the trace" {
	blind_shell
	task_rule_remove
	start_killauditd --config "$LAB/trace.conf"
	start_target
	blind_kill
	settle
	[ "$(count_entries SENDER_PID="$SHELL_PID" EVIDENCE=audit)" -eq 0 ]
	needs_trace
	expect_blind_kill
	blind_end
}

@test "on a host whose rules make every task blind kills are told from the trace" {
	local said
	blind_shell
	start_killauditd --config "$LAB/trace.conf"
	needs_trace
	start_target
	blind_kill
	expect_blind_kill
	blind_end
	start_target
	said=$("$LAB/bin/send" kill "$TARGET" 9)
	only_entry TARGET_PID="$TARGET"
	expect SENDER_PID "${said##*pid=}"
	expect SENDER_COMM send
	expect_among EVIDENCE trace
}
