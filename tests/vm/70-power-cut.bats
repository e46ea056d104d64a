#!/usr/bin/env bats
# SPDX-License-Identifier: GPL-2.0-or-later
# SPDX-FileCopyrightText: The killauditd authors
#
# The host goes down without a warning.

# shellcheck disable=SC2016 # expanded in the guest
load lib
load killauditd

setup_file() {
	vm_boot audit=1
	vm_install
	guest 'systemctl enable --now killauditd'
	guest_wait 10 'test -s /var/lib/killauditd/heartbeat'
}

@test "a heartbeat is on the disk every 10 s" {
	first=$(guest 'cat /var/lib/killauditd/heartbeat')
	guest_wait 15 "! grep -qF '$(sed -n 's/^realtime_usec //p' <<<"$first")' /var/lib/killauditd/heartbeat"
}

@test "after a power cut, the journal is readable and a gap covers the time from the last heartbeat" {
	guest 'sh -c "sleep 1000 & sleep 1; kill -9 \$!"'
	guest_wait 20 'journalctl -q -t killauditd TARGET_COMM=sleep | grep SIGKILL'
	guest 'journalctl --sync'
	# Between two heartbeats.
	heartbeat=$(guest 'cat /var/lib/killauditd/heartbeat')
	guest_wait 15 "! grep -qF '$(sed -n 's/^realtime_usec //p' <<<"$heartbeat")' /var/lib/killauditd/heartbeat"
	sleep 4
	cut=$(guest 'date +%s%6N')
	vm_power_cut
	sleep 20
	vm_start audit=1
	guest_wait 60 'systemctl is-active killauditd'
	guest 'journalctl -q -b -1 -t killauditd TARGET_COMM=sleep' | grep SIGKILL
	gaps not-running -b >"$BATS_TEST_TMPDIR/gaps"
	booted=$(guest 'echo $(($(date +%s%6N) - $(cut -d. -f1 /proc/uptime) * 1000000))')
	# One from the last heartbeat over the cut, but not while the host was down; one from boot.
	jq -es --argjson cut "$cut" --argjson booted "$booted" 'map({
			start: (.GAP_START_USEC | tonumber), end: (.GAP_END_USEC | tonumber)})
		| length == 2
		and any(.[]; .start <= $cut and .start > $cut - 12000000
			and .end >= $cut and .end <= .start + 12000000)
		and any(.[]; .start > $booted - 3000000 and .start < $booted + 3000000
			and .end > .start)' "$BATS_TEST_TMPDIR/gaps"
}

@test "after an orderly reboot, the gap begins with the stop, and its end is not known" {
	guest 'journalctl --sync'
	vm_reboot
	guest_wait 60 'systemctl is-active killauditd'
	stopped=$(guest 'journalctl -q -b -1 -t killauditd COVERAGE_REASON=stopped -o json' |
		jq -r .EVENT_REALTIME_USEC)
	gaps not-running -b | jq -es --argjson stopped "$stopped" 'length == 2
		and any(.[]; .GAP_END_USEC == null
			and (.GAP_START_USEC | tonumber) - $stopped > -1000000
			and (.GAP_START_USEC | tonumber) - $stopped < 3000000)'
}
