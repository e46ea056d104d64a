# SPDX-License-Identifier: GPL-2.0-or-later
# SPDX-FileCopyrightText: The killauditd authors
# shellcheck shell=bash
#
# What the scripts here share that need the live kernel: the lock, killauditd with its entries in
# $work/entries, load, and all of it undone. They set `killauditd` and `work` before.
#
# shellcheck disable=SC2154 # killauditd and work

live_pid_max=
live_daemon=
live_burners=()

# Descriptor 9 holds the lock.
live_lock() {
	exec 9>/run/lock/killauditd-audit.lock
	flock 9
}

# Rules, and pids that do not repeat.
live_prepare() {
	live_pid_max=$(</proc/sys/kernel/pid_max)
	echo 4194304 >/proc/sys/kernel/pid_max
	"$killauditd" --load-rules
}

live_start() {
	live_lock
	live_prepare
}

# All as it was, and the lock is free.
live_restore() {
	if [[ -n $live_pid_max ]]; then
		echo "$live_pid_max" >/proc/sys/kernel/pid_max
		"$killauditd" --unload-rules
	fi
	live_pid_max=
	exec 9>&-
}

live_finish() {
	live_idle
	if [[ -n $live_daemon ]]; then
		kill "$live_daemon" 2>/dev/null || true
		wait "$live_daemon" || true
	fi
	live_restore
	rm -rf "$work"
}

# live_killauditd [OPTION...]: until it says that it is ready.
live_killauditd() {
	local i
	"$killauditd" --output json "$@" >"$work/entries" 2>"$work/log" 9>&- &
	live_daemon=$!
	for ((i = 0; i < 100; i++)); do
		grep -q ': ready' "$work/log" && return
		kill -0 "$live_daemon" 2>/dev/null || break
		sleep 0.1
	done
	cat "$work/log" >&2
	return 1
}

live_cpu_usec() { # of the process $1, from its ticks of 10 ms
	awk -v hz="$(getconf CLK_TCK)" '{ sub(/.*\) /, ""); printf "%d\n", ($12 + $13) * 1000000 / hz }' \
		"/proc/$1/stat"
}

# Until it has written nothing for half a second; then it ends. LIVE_USED says what it used.
live_killauditd_stop() {
	local before=-1 now rss
	while now=$(stat -c %s "$work/entries"); [[ $now != "$before" ]]; do
		before=$now
		sleep 0.5
	done
	rss=$(awk '$1 == "VmHWM:" { print $2 }' "/proc/$live_daemon/status")
	echo "killauditd: $(live_cpu_usec "$live_daemon") us of CPU, $rss kB at most"
	kill "$live_daemon"
	wait "$live_daemon" || true
	live_daemon=
	grep -E 'lost|stopped|gap' "$work/log" | sed 's/^/    /' || true
}

# All processors busy, until live_idle.
live_busy() {
	local i
	for ((i = $(nproc); i > 0; i--)); do
		(while :; do :; done) 9>&- &
		live_burners+=($!)
	done
}

live_idle() {
	local pid
	for pid in "${live_burners[@]}"; do
		kill "$pid" 2>/dev/null || true
		wait "$pid" 2>/dev/null || true
	done
	live_burners=()
}
