# SPDX-License-Identifier: GPL-2.0-or-later
# SPDX-FileCopyrightText: The killauditd authors
# shellcheck shell=bash
#
# Names in capitals are for the tests.
# shellcheck disable=SC2034
#
# The lab that the integration tests work in: one per bats file, made in setup_file, undone in
# teardown_file. It holds the lock on the machine's one audit state and puts that state back; what
# it starts it stops by pid. killauditd is started and stopped here too, and its entries are read.
#
#	lab-audit.bash		the audit state: lock, save, restore
#	lab-journal.bash	a journal daemon where none runs, and the entries in it
#	lab-containers.bash	runc and Docker
#
# LAB names the folder. Every process that is to live on is started with `background`, which writes
# its pid down there, so that lab_stop also works in another shell, after the tests were
# interrupted.

HERE=$(cd "$(dirname "${BASH_SOURCE[0]}")" && pwd)
SOURCE=$(cd "$HERE/../.." && pwd)
KILLAUDITD=${KILLAUDITD:-$(PATH=$PATH:/usr/sbin:/usr/local/sbin command -v killauditd || true)}
export HERE SOURCE KILLAUDITD

# shellcheck source=/dev/null
. "$HERE/lab-audit.bash"
# shellcheck source=/dev/null
. "$HERE/lab-journal.bash"
# shellcheck source=/dev/null
. "$HERE/lab-containers.bash"

say() {
	echo "lab: $*" >&2
}

# wait_until SECONDS COMMAND...: tries the command every 50 ms until it succeeds.
wait_until() {
	local tries=$(($1 * 20))
	shift
	while ! "$@"; do
		((tries-- > 0)) || return 1
		sleep 0.05
	done
}

# The 22nd field of /proc/PID/stat: with it a pid names one process for ever.
process_start() {
	local stat
	stat=$(cat "/proc/$1/stat" 2>/dev/null) || return 1
	# The name may hold anything: count from behind its closing parenthesis.
	awk '{ print $20 }' <<<"${stat##*) }"
}

# Gone, or a zombie that nobody has reaped yet.
is_dead() {
	local state
	state=$(sed 's/.*) //' "/proc/$1/stat" 2>/dev/null) || return 0
	[[ -z $state || $state == Z* ]]
}

# runs NAME: whether any process of that name lives.
runs() {
	local pid
	for pid in $(pgrep -x "$1"); do
		is_dead "$pid" || return 0
	done
	return 1
}

# stop_process PID [SIGNAL]: ends a process that this lab started, and waits until it is dead.
stop_process() {
	kill -"${2:-TERM}" "$1" 2>/dev/null || return 0
	wait_until 15 is_dead "$1" && return
	say "process $1 does not end: SIGKILL"
	kill -KILL "$1" 2>/dev/null || true
	wait_until 5 is_dead "$1"
}

# background COMMAND...: starts it, with its pid in BACKGROUND_PID and in the lab's list. It gets
# neither the lock nor the descriptors by which bats waits for the end of a test.
background() {
	"$@" 3>&- 4>&- 8>&- &
	BACKGROUND_PID=$!
	echo "$BACKGROUND_PID $(process_start "$BACKGROUND_PID")" >>"$LAB/pids"
}

# background_to FILE COMMAND...: the same with standard output in FILE.
background_to() {
	local file=$1
	shift
	background "$@" >"$file"
}

stop_background() {
	local pid start
	[[ -e $LAB/pids ]] || return 0
	while read -r pid start; do
		if [[ -n $start && $(process_start "$pid") == "$start" ]]; then
			stop_process "$pid" KILL
		fi
	done < <(tac "$LAB/pids")
	rm -f "$LAB/pids"
}

# Random hex digits, as many as asked for.
random_hex() {
	od -An -tx1 -N$((($1 + 1) / 2)) /dev/urandom | tr -d ' \n' | cut -c "1-$1"
}

# Standard input as hex digits.
to_hex() {
	od -An -v -tx1 | tr -d ' \n'
}

# build_programs FOLDER: compiles the test programs, static because they also run in containers.
build_programs() {
	local name
	for name in server vGhyM0 send leader-exits thread-exec pid-reuse; do
		"${CC:-gcc}" -std=gnu17 -Wall -Wextra -O1 -static -pthread -s -o "$1/$name" "$HERE/$name.c" ||
			return
	done
}

lab_start() {
	[[ $EUID -eq 0 ]] || { say "the integration tests need root"; return 1; }
	[[ -x $KILLAUDITD ]] || { say "no killauditd: name the program in KILLAUDITD"; return 1; }
	audit_lock || return
	LAB=$(mktemp -d "${TMPDIR:-/tmp}/killauditd-lab.XXXXXX") && export LAB || return
	chmod 755 "$LAB" && mkdir "$LAB/bin" || return
	if runs killauditd; then
		say "a killauditd runs on this machine: stop it first"
		return 1
	fi
	audit_save "$LAB/audit-before" || return
	cp "${PROGRAMS:?made by setup_suite.bash}"/* "$LAB/bin/" || return
}

# tracefs_mount FOLDER: where it is not mounted, which the folder remembers.
tracefs_mount() {
	[[ ! -d /sys/kernel/tracing/instances ]] || return 0
	mount -t tracefs tracefs /sys/kernel/tracing || return
	touch "$1/tracefs-mounted"
}

tracefs_unmount() {
	[[ -e $1/tracefs-mounted ]] || return 0
	umount /sys/kernel/tracing && rm -f "$1/tracefs-mounted"
}

# Undoes everything, in any state of the lab, as often as it is called.
lab_stop() {
	local status=0
	[[ -n ${LAB:-} && -d $LAB ]] || return 0
	killauditd_cleanup || status=1
	containers_stop || status=1
	docker_stop || status=1
	journal_stop || status=1
	stop_background || status=1
	tracefs_unmount "$LAB" || status=1
	cgroups_remove || status=1
	audit_restore "$LAB/audit-before" || status=1
	rm -rf --one-file-system "$LAB" || status=1
	audit_unlock
	return "$status"
}

# start_killauditd [OPTION...]: its standard output is in $LAB/out, its log in $LAB/log, its pid in
# KILLAUDITD_PID.
start_killauditd() {
	background "$KILLAUDITD" "$@" >"$LAB/out" 2>"$LAB/log"
	KILLAUDITD_PID=$BACKGROUND_PID
	echo "$KILLAUDITD_PID" >"$LAB/killauditd.pid"
	if ! wait_until 15 killauditd_settled || is_dead "$KILLAUDITD_PID"; then
		say "killauditd $* is not ready:"
		cat "$LAB/log" >&2
		return 1
	fi
}

killauditd_settled() {
	is_dead "$KILLAUDITD_PID" || grep -q '^killauditd: ready' "$LAB/log"
}

# stop_killauditd [SIGNAL]: SIGTERM, as systemd would, unless told otherwise; wants status 0.
stop_killauditd() {
	local status=0
	kill -"${1:-TERM}" "$KILLAUDITD_PID"
	if ! wait_until 15 is_dead "$KILLAUDITD_PID"; then
		say "killauditd does not end on SIG${1:-TERM}"
		return 1
	fi
	wait "$KILLAUDITD_PID" || status=$?
	rm -f "$LAB/killauditd.pid"
	[[ $status -eq 0 ]] || { say "killauditd ended with status $status"; cat "$LAB/log" >&2; }
	return "$status"
}

# Dies as in a crash: no chance to tidy.
crash_killauditd() {
	kill -KILL "$KILLAUDITD_PID"
	wait "$KILLAUDITD_PID" || true
	rm -f "$LAB/killauditd.pid"
}

# What a failed test left running.
killauditd_cleanup() {
	local pid
	[[ -e $LAB/killauditd.pid ]] || return 0
	pid=$(<"$LAB/killauditd.pid")
	kill -CONT "$pid" 2>/dev/null || true
	stop_process "$pid"
	rm -f "$LAB/killauditd.pid"
}

# After each test: the log of killauditd for the eyes of whoever looks into a failure (bats shows it
# only then), and the audit state as it was, so that no test depends on the one before.
after_each() {
	local status=0
	[[ ! -s $LAB/log ]] || sed 's/^/log: /' "$LAB/log"
	killauditd_cleanup || status=1
	containers_stop || status=1
	rm -f "$LAB/log" "$LAB/out"
	audit_restore "$LAB/audit-before" || status=1
	return "$status"
}

# A process called server to be killed; its pid in TARGET.
start_target() {
	local file
	file=$(mktemp "$LAB/target.XXXXXX")
	background_to "$file" "$LAB/bin/server" "$@"
	TARGET=$BACKGROUND_PID
	TARGET_SAYS=
	wait_until 5 test -s "$file" || { say "server does not start"; return 1; }
	TARGET_SAYS=$(<"$file")
	rm -f "$file"
}

# send ARGUMENT...: the test program of that name, run to its end; RESULT and SENDER from what it
# prints.
send() {
	local said
	said=$("$LAB/bin/send" "$@") || return
	RESULT=$(sed -n 's/.* result=\([^ ]*\) .*/\1/p' <<<"$said")
	SENDER=${said##*pid=}
	[[ -n $RESULT && -n $SENDER ]]
}

# send_and_stay ARGUMENT...: the same, but it is still alive when killauditd looks.
send_and_stay() {
	local file
	file=$(mktemp "$LAB/said.XXXXXX")
	background_to "$file" "$LAB/bin/send" --stay 60 "$@"
	SENDER=$BACKGROUND_PID
	wait_until 10 test -s "$file" || { say "send $* says nothing"; return 1; }
	RESULT=$(sed -n 's/.* result=\([^ ]*\) .*/\1/p' "$file")
	rm -f "$file"
}
