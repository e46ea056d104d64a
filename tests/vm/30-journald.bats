#!/usr/bin/env bats
# SPDX-License-Identifier: GPL-2.0-or-later
# SPDX-FileCopyrightText: The killauditd authors
#
# journald of Debian switches auditing off at each start of its own.

# shellcheck disable=SC2016 # expanded in the guest, or by jq
load lib
load killauditd

setup_file() {
	vm_boot
	vm_install
	guest 'systemctl restart systemd-journald; systemctl enable --now killauditd'
}

# The drop-in that killauditd ships, away or back; journald sees it at its next start.
drop_in() {
	guest "cd /usr/lib/systemd/journald.conf.d && mv $1 $2"
}

kill_somebody() {
	guest 'sh -c "sleep 1000 & kill -9 \$!; echo \$!"'
}

is_told() {
	guest_wait 20 "journalctl -q -t killauditd TARGET_PID=$1 | grep SIGKILL"
}

# Auditing is on again soon after the commands, and what was missed is a gap. Debian 13's journald
# leaves auditing alone.
comes_back_after() {
	local before now gap
	if [[ $VM_RELEASE == 13 ]]; then
		stays_on_after "$1"
		return
	fi
	before=$(gaps audit-disabled | wc -l)
	guest "$1"
	now=$(guest 'date +%s%6N')
	guest_wait 10 "journalctl -q -t killauditd GAP_REASON=audit-disabled -o cat | tail -n +$((before + 1)) | grep ."
	[ "$(enabled)" = 1 ]
	gap=$(gaps audit-disabled | tail -n +$((before + 1)))
	[ "$(wc -l <<<"$gap")" -eq 1 ]
	jq -e --argjson now "$now" '(.GAP_START_USEC | tonumber) < $now
		and (.GAP_END_USEC | tonumber) > (.GAP_START_USEC | tonumber)
		and (.GAP_END_USEC | tonumber) < $now + 10000000' <<<"$gap"
	is_told "$(kill_somebody)"
}

# Nothing is missed. Debian 11's journald does not know an Audit= with nothing.
stays_on_after() {
	local before
	if [[ $VM_RELEASE == 11 ]]; then
		comes_back_after "$1"
		return
	fi
	before=$(gaps audit-disabled | wc -l)
	guest "$1"
	[ "$(enabled)" = 1 ]
	is_told "$(kill_somebody)"
	sleep 6
	[ "$(enabled)" = 1 ]
	[ "$(gaps audit-disabled | wc -l)" -eq "$before" ]
}

# systemd starts nothing for a sixth time within 10 s, and a quick machine gets there.
forget='systemctl reset-failed systemd-journald'
restart="$forget; systemctl restart systemd-journald"
crash="$forget; systemctl kill -s KILL systemd-journald; sleep 1
	until systemctl is-active -q systemd-journald; do sleep 0.1; done"

@test "with the shipped drop-in, a restart of journald leaves auditing on" {
	stays_on_after "$restart"
}

@test "with the shipped drop-in, so does a crash of journald" {
	stays_on_after "$crash"
}

@test "without it, auditing is on again soon after a restart of journald" {
	drop_in 50-killauditd.conf away
	comes_back_after "$restart"
}

@test "without it, also after a crash of journald" {
	comes_back_after "$crash"
}

@test "without it and with auditd, auditing is on again after a restart of journald" {
	guest 'apt-get -q -y install /root/debs/*.deb'
	guest_wait 20 'systemctl is-active auditd'
	# Its start has removed all rules, and they are put back after 2 s of calm.
	guest_wait 20 'auditctl -l | grep key=killauditd'
	comes_back_after "$restart"
	guest 'systemctl is-active auditd'
}

@test "without it and with auditd, also after a crash of journald" {
	comes_back_after "$crash"
}

@test "with the drop-in and with auditd, journald leaves auditing on" {
	drop_in away 50-killauditd.conf
	comes_back_after "$restart; $restart" || true # the running journald knew nothing of it
	stays_on_after "$restart"
	stays_on_after "$crash"
}
