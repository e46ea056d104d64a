#!/usr/bin/env bats
# SPDX-License-Identifier: GPL-2.0-or-later
# SPDX-FileCopyrightText: The killauditd authors
#
# The first process as a sender: seen where auditing was on from the beginning, else said to be blind.

load lib
load killauditd

setup_file() {
	vm_boot
	vm_install
	guest 'systemctl enable killauditd'
	guest 'cat >/etc/systemd/system/victim.service' <<-'END'
		[Service]
		ExecStart=/bin/sleep 1000
	END
	vm_reboot audit=1
}

start_victim() {
	guest 'systemctl start victim; systemctl show -P MainPID victim'
}

sent_by_first_process() {
	guest "journalctl -q -t killauditd TARGET_PID=$1 SIGNAL_NAME=$2 SENDER_PID=1 -o json" |
		jq -es 'length == 1 and (.[0] | .SENDER_COMM == "systemd" and .ROUTE != null
			and .SENDER_ANCESTRY != null)'
}

@test "with audit=1, what systemctl kill sends comes from the first process" {
	victim=$(start_victim)
	guest 'systemctl kill -s HUP victim'
	guest_wait 20 "journalctl -q -t killauditd TARGET_PID=$victim | grep SIGHUP"
	sent_by_first_process "$victim" SIGHUP
}

@test "with audit=1, what systemctl stop sends comes from the first process" {
	victim=$(start_victim)
	guest 'systemctl stop victim'
	guest_wait 20 "journalctl -q -t killauditd TARGET_PID=$victim | grep SIGTERM"
	sent_by_first_process "$victim" SIGTERM
}

@test "with audit=1, nobody is blind" {
	guest 'journalctl -q -b -t killauditd KILLAUDIT_TYPE=coverage -o json' |
		jq -es 'length == 1 and (.[0].COVERAGE_BLIND_COMM == null
			and .[0].COVERAGE_BLIND_TASKS == null)'
}

@test "without audit=1, the first process and others are said to be blind" {
	vm_reboot audit_backlog_limit=64
	guest 'journalctl -q -b -t killauditd COVERAGE_REASON=blind-tasks -o json' |
		jq -es 'length == 1 and (.[0] | .PRIORITY == "4" and .COVERAGE_COMPLETE == "0"
			and (.COVERAGE_BLIND_COMM | index("systemd") and index("systemd-journal"))
			and (.COVERAGE_BLIND_TASKS | tonumber) >= 2
			and (.COVERAGE_BLIND_TASKS | tonumber) < 20)'
	guest 'journalctl -q -b -t killauditd -p warning' | grep "not seen as senders"
}

@test "without audit=1, the first process is not seen, and a shell is" {
	victim=$(start_victim)
	guest 'systemctl kill -s HUP victim'
	victim=$(start_victim)
	guest "kill -9 $victim"
	guest_wait 20 "journalctl -q -t killauditd TARGET_PID=$victim | grep SIGKILL"
	[ -z "$(guest 'journalctl -q -b -t killauditd SENDER_PID=1 TARGET_COMM=sleep')" ]
}
