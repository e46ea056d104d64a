#!/usr/bin/env bats
# SPDX-License-Identifier: GPL-2.0-or-later
# SPDX-FileCopyrightText: The killauditd authors
#
# What is read of the kernel's trace: everything, in order, decoded, also what happened while nobody
# read; and how much was lost. In an instance of its own, without killauditd and without audit.

# shellcheck disable=SC2030,SC2031 # a test is no subshell of another
# shellcheck disable=SC2016 # scripts for another shell
# shellcheck disable=SC2154 # stderr is of bats
bats_require_minimum_version 1.5.0
load lib.bash

setup_file() {
	[[ $EUID -eq 0 ]] || skip "needs root"
	tracefs_mount "$BATS_FILE_TMPDIR"
	export INSTANCE=killauditd-test-$$
	export FOLDER=/sys/kernel/tracing/instances/$INSTANCE
	export PRINT_TRACE=$BATS_FILE_TMPDIR/print-trace
	local flags
	read -ra flags < <(pkg-config --cflags --libs libtracefs libtraceevent)
	"${CC:-gcc}" -std=gnu17 -Wall -Wextra -O1 -D_GNU_SOURCE -I "$SOURCE/src" -o "$PRINT_TRACE" \
		"$HERE/print-trace.c" "$SOURCE/src/io/trace-source.c" \
		"$SOURCE/src/core/signal-seen.c" "${flags[@]}"
}

teardown_file() {
	tracefs_unmount "$BATS_FILE_TMPDIR"
}

teardown() {
	# Of a test that failed.
	[[ ! -d ${FOLDER:-/nowhere} ]] || rmdir "$FOLDER"
	[[ -z ${CGROUP:-} || ! -d $CGROUP ]] || rmdir "$CGROUP"
}

# trace [OPTION...] SCRIPT: what is told while the shell runs it, in $output, of which `told` has
# what is told of the processes whose pids it noted by `note`.
trace() {
	local script=${*: -1}
	export NOTES=$BATS_TEST_TMPDIR/notes
	: >"$NOTES"
	run --separate-stderr "$PRINT_TRACE" "${@:1:$#-1}" "$INSTANCE" bash -c '
		note() { echo "$1=$2" >>"$NOTES"; }
		until_state() {
			until [[ $(<"/proc/$1/stat") == *"(sleep) $2 "* ]]; do :; done
		}
		note shell "$$"
		'"$script"
	echo "$output"
	echo "$stderr"
	[ "$status" -eq 0 ]
	told=$output
	local line
	while read -r line; do
		told=$(sed -E "s/=${line#*=}( |\$)/=${line%%=*}\\1/g" <<<"$told")
	done <"$NOTES"
	told=$(grep -E "=($(cut -d= -f1 "$NOTES" | paste -sd'|'))( |\$)" <<<"$told")
	echo "--- told:"
	echo "$told"
}

# in_order PATTERN...: lines of `told` match these, in this order; others may be between them.
in_order() {
	local line
	while read -r line; do
		[[ $# -eq 0 || ! $line =~ ^$1$ ]] || shift
	done <<<"$told"
	[ $# -eq 0 ] || echo "not told, or not then: $1"
	[ $# -eq 0 ]
}

# A control group that is not there yet, of any hierarchy, in CGROUP; its number in HIERARCHY.
make_cgroup() {
	local type=$1 mount
	mount=$(awk -v type="$type" '$3 == type && $4 ~ /^rw|,rw/ { print $2; exit }' /proc/mounts)
	[[ -n $mount ]] || skip "no hierarchy of $type"
	export CGROUP=$mount/$INSTANCE
	mkdir "$CGROUP"
}

@test "the life of a process is told in order" {
	trace '
		trap : USR1
		sleep 30 &
		note child $!
		until_state $! S
		printf "other name" >/proc/$$/comm
		kill -USR1 $$
		kill $!
		wait
		exec /bin/true'
	in_order \
		'birth tid=shell maker=[0-9]+ comm=print-trace flags=[0-9a-f]+' \
		'exec tid=shell old=shell path=.*/bash' \
		'birth tid=child maker=shell comm=bash flags=[0-9a-f]+' \
		'rename tid=child comm=sleep' \
		'exec tid=child old=child path=.*/sleep' \
		'rename tid=shell comm=other name' \
		'signal current=shell target=shell comm=other name signal=10 code=0 group=1 interrupt=0 delivery=queued' \
		'signal current=shell target=child comm=sleep signal=15 code=0 group=1 interrupt=0 delivery=queued' \
		'rename tid=shell comm=true' \
		'exec tid=shell old=shell path=/bin/true'
	[[ $output == 'begin adopted=0 untold=0 writes=1'$'\n'* ]]
	[[ $output == *' lost=0' ]]
	[[ $output != *early* ]]
	[ ! -d "$FOLDER" ]
}

@test "what became of a signal is told" {
	trace '
		trap "" USR1 USR2
		kill -USR1 $$
		trap - USR2
		sleep 30 &
		note child $!
		until_state $! S
		kill -STOP $!
		until_state $! T
		kill -TERM $!
		kill -TERM $!
		kill -KILL $!
		wait'
	in_order \
		'signal .*target=shell .*signal=10 .*delivery=ignored' \
		'signal .*target=child .*signal=19 .*delivery=queued' \
		'signal .*target=child .*signal=15 .*delivery=queued' \
		'signal .*target=child .*signal=15 .*delivery=already-pending' \
		'signal .*target=child .*signal=9 .*delivery=queued'
}

@test "the kernel's SIGCHLD is not told, and somebody's is" {
	trace '
		(:)
		kill -CHLD $$
		kill -URG $$'
	[ "$(grep -c 'signal=17 code=[^0]' <<<"$output")" -eq 0 ]
	in_order 'signal .*target=shell .*signal=17 code=0 .*' 'signal .*target=shell .*signal=23 code=0 .*'
}

@test "a move between control groups is told, with its hierarchy and path" {
	local controller
	make_cgroup cgroup
	trace '
		echo $$ >"$CGROUP/cgroup.procs"
		cat /proc/self/cgroup >"$NOTES.cgroup"
		echo $$ >"${CGROUP%/*}/cgroup.procs"'
	controller=$(grep "/$INSTANCE\$" "$NOTES.cgroup")
	in_order \
		"move tid=shell hierarchy=${controller%%:*} path=${controller##*:}" \
		"move tid=shell hierarchy=${controller%%:*} path=.*"
	[[ $told != *"path=/$INSTANCE"*"path=/$INSTANCE"* ]]
}

@test "version 2 of control groups is hierarchy 0, and who writes cgroup.kill is told" {
	make_cgroup cgroup2
	[ -e "$CGROUP/cgroup.kill" ] || skip "no cgroup.kill"
	trace '
		sleep 30 &
		note child $!
		echo $! >"$CGROUP/cgroup.procs"
		echo 1 >"$CGROUP/cgroup.kill"
		wait'
	in_order \
		"move tid=child hierarchy=0 path=.*/$INSTANCE" \
		'signal current=shell target=child comm=[a-z]+ signal=9 code=0 group=0 interrupt=0 delivery=queued'
}

@test "what happened while nobody read is there, once" {
	"$PRINT_TRACE" --keep --quiet "$INSTANCE" true
	[ -d "$FOLDER" ]
	bash -c 'kill -CONT $$; echo $$' >"$BATS_TEST_TMPDIR/pid"
	run "$PRINT_TRACE" --keep "$INSTANCE"
	echo "$output"
	[[ $output == 'begin adopted=1 untold=0 writes=1'$'\n'* ]]
	[ "$(grep -c "^signal current=$(<"$BATS_TEST_TMPDIR/pid") .*signal=18 " <<<"$output")" -eq 1 ]
	# Another size of the buffers takes nothing away.
	bash -c 'kill -CONT $$; echo $$' >"$BATS_TEST_TMPDIR/pid"
	run "$PRINT_TRACE" --buffer 8388608 "$INSTANCE"
	[[ $output == 'begin adopted=1 untold=0 writes=1'$'\n'* ]]
	[ "$(grep -c "^signal current=$(<"$BATS_TEST_TMPDIR/pid") .*signal=18 " <<<"$output")" -eq 1 ]
	[ ! -d "$FOLDER" ]
}

@test "an instance that somebody switched off is no such, and writes again" {
	"$PRINT_TRACE" --keep --quiet "$INSTANCE"
	echo 0 >"$FOLDER/tracing_on"
	run "$PRINT_TRACE" --keep "$INSTANCE"
	[[ $output == 'begin adopted=0 untold=0 writes=1'$'\n'* ]]
	echo 0 >"$FOLDER/events/signal/signal_generate/filter"
	run "$PRINT_TRACE" --keep "$INSTANCE"
	[[ $output == 'begin adopted=0 untold=0 writes=1'$'\n'* ]]
	echo 0 >"$FOLDER/events/sched/sched_process_exec/enable"
	run "$PRINT_TRACE" "$INSTANCE"
	[[ $output == 'begin adopted=0 untold=0 writes=1'$'\n'* ]]
}

@test "what finds no room is counted, every single one" {
	local events lost
	trace --quiet --late --buffer 65536 'taskset -cp 0 $$ >/dev/null
		for ((i = 0; i < 5000; i++)); do kill -CONT $$; done' || true
	[[ $output =~ 'hole n='([0-9]+)' since_known=1' ]]
	[[ $output =~ 'end events='([0-9]+)' lost='([0-9]+) ]]
	events=${BASH_REMATCH[1]} lost=${BASH_REMATCH[2]}
	[ "$lost" -gt 2000 ]
	[ "$((events + lost))" -ge 5000 ]
}

@test "with somebody who reads meanwhile nothing is lost, from all processors in order" {
	run "$PRINT_TRACE" --quiet --buffer 1048576 "$INSTANCE" bash -c '
		for ((cpu = 0; cpu < $(nproc); cpu++)); do
			taskset -c $cpu bash -c "for ((i = 0; i < 20000; i++)); do kill -CONT \$\$; done" &
		done
		wait'
	echo "$output"
	[[ $output != *hole* && $output != *early* ]]
	[[ $output =~ 'end events='([0-9]+)' lost=0' ]]
	[ "${BASH_REMATCH[1]}" -ge "$(($(nproc) * 20000))" ]
}

# fails WHY COMMAND...
fails() {
	run --separate-stderr "${@:2}"
	echo "$status $output $stderr"
	[ "$status" -eq 1 ]
	[ -z "$output" ]
	[[ $stderr == "print-trace: $1" ]]
	[ ! -d "$FOLDER" ]
}

@test "why it cannot be read is told" {
	chmod 755 "$BATS_RUN_TMPDIR" "$BATS_FILE_TMPDIR"
	fails 'No such file or directory' \
		unshare -m sh -c "umount -l /sys/kernel/tracing; exec '$PRINT_TRACE' $INSTANCE"
	fails 'Read-only file system' \
		unshare -m sh -c "mount -o bind,remount,ro /sys/kernel/tracing; exec '$PRINT_TRACE' $INSTANCE"
	fails 'Permission denied' \
		setpriv --reuid 65534 --regid 65534 --clear-groups "$PRINT_TRACE" "$INSTANCE"
}

@test "no more is needed than to write the instances, as the service may" {
	run unshare -m sh -c "
		mount --bind /sys/kernel/tracing/instances /sys/kernel/tracing/instances
		mount -o bind,remount,ro /sys/kernel/tracing
		exec setpriv --bounding-set=-all --inh-caps=-all '$PRINT_TRACE' $INSTANCE true"
	echo "$output"
	[ "$status" -eq 0 ]
	[[ $output == 'begin adopted=0 untold=0 writes=1'$'\n'*exec* ]]
}
