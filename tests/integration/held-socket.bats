#!/usr/bin/env bats
# SPDX-License-Identifier: GPL-2.0-or-later
# SPDX-FileCopyrightText: The killauditd authors
#
# A socket that is kept while killauditd is away: what was queued there is told, and a gap says what a
# crash has lost.

# shellcheck disable=SC2030,SC2031 # a test is no subshell of another
load lib.bash

setup_file() {
	lab_start
	journal_start
	"${CC:-gcc}" -std=gnu17 -D_GNU_SOURCE -Wall -Wextra -O1 -o "$LAB/bin/hold-socket" \
		"$HERE/hold-socket.c"
	"${CC:-gcc}" -std=gnu17 -D_GNU_SOURCE -Wall -Wextra -O1 -shared -fPIC \
		-o "$LAB/bin/cut-short.so" "$HERE/cut-short.c" -ldl
}

teardown_file() {
	lab_stop
}

setup() {
	rm -f "$LAB/again" "$LAB/starts"
	mkfifo "$LAB/again"
	CUT_SHORT=$LAB/cut-short background env LD_PRELOAD="$LAB/bin/cut-short.so" \
		"$LAB/bin/hold-socket" "$LAB/again" "$KILLAUDITD" >"$LAB/starts" 2>"$LAB/log"
	HOLDER=$BACKGROUND_PID
	await 1
	start_target
}

teardown() {
	local pid
	pid=$(tail -n 1 "$LAB/starts")
	kill -TERM "$HOLDER" "$pid" 2>/dev/null || true
	wait_until 10 is_dead "$pid" || true
	"$KILLAUDITD" --unload-rules
	after_each
}

# await N: the Nth start is ready.
await() {
	wait_until 20 started "$1"
	PID=$(sed -n "$1p" "$LAB/starts")
}

started() {
	[ "$(grep -c '^killauditd: ready' "$LAB/log")" -ge "$1" ]
}

# kill_it SIGNAL: and it is gone.
kill_it() {
	kill "-$1" "$PID"
	wait_until 10 is_dead "$PID"
}

is_told() {
	journalctl -q -t killauditd TARGET_PID="$TARGET" SENDER_PID="$SENDER" -o json | grep -q .
}

# The gap entries of the start that runs, as lines of JSON.
gaps() {
	journalctl -q -t killauditd KILLAUDIT_TYPE=gap _PID="$PID" -o json
}

has_gap() {
	[ -n "$(gaps)" ]
}

@test "what is sent while it is restarted is told, and there is no gap" {
	kill_it TERM
	send kill "$TARGET" 18
	echo >"$LAB/again"
	await 2
	wait_until 10 is_told
	sleep 1
	[ -z "$(gaps)" ]
}

# Somebody else on this machine may send something in the second before.
@test "a crash when all was quiet is no gap" {
	local start without_gap=
	for start in 2 3 4 5 6; do
		sleep 2
		kill_it KILL
		send kill "$TARGET" 18
		echo >"$LAB/again"
		await "$start"
		wait_until 10 is_told
		sleep 1
		[ -n "$(gaps)" ] || { without_gap=1; break; }
	done
	[ -n "$without_gap" ]
}

@test "a crash in the middle of an event is a gap around it" {
	local before
	sleep 2
	before=$(date +%s%6N)
	touch "$LAB/cut-short"
	trap '' USR2
	send kill "$$" 12
	wait_until 10 is_dead "$PID"
	[ ! -e "$LAB/cut-short" ]
	echo >"$LAB/again"
	await 2
	send kill "$TARGET" 18
	wait_until 10 is_told
	gaps | jq -es --argjson before "$before" 'length == 1 and (.[0]
		| .GAP_REASON == "not-running" and (.GAP_START_USEC | tonumber) <= $before
		and (.GAP_END_USEC | tonumber) > $before)'
}

@test "rules that are removed before a crash are missed from then on, and that is a gap" {
	local before after
	sleep 2
	before=$(date +%s%6N)
	auditctl -l | grep 'key=killauditd$' | sed 's/^-a/-d/' | while read -ra rule; do
		auditctl "${rule[@]}"
	done
	kill -KILL "$PID"
	wait_until 10 is_dead "$PID"
	send kill "$TARGET" 18
	after=$(date +%s%6N)
	echo >"$LAB/again"
	await 2
	wait_until 10 has_gap
	gaps | jq -es --argjson before "$before" --argjson after "$after" 'any(.[];
		.GAP_REASON == "rules-removed" and (.GAP_START_USEC | tonumber) <= $before + 100000
		and (.GAP_END_USEC | tonumber) >= $after)'
}
