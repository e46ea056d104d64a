#!/usr/bin/env bats
# SPDX-License-Identifier: GPL-2.0-or-later
# SPDX-FileCopyrightText: The killauditd authors
#
# Beside auditd, whatever becomes of it, and with somebody who removes or locks the rules. The tests
# are steps of one story: each goes on where the one before ended.
#
# shellcheck disable=SC2016 # is for the shell in there

bats_require_minimum_version 1.5.0
load lib

# auditctl is there also while auditd is not installed.
setup_file() {
	vm_boot audit=1
	guest 'dpkg -x /root/debs/auditd_*.deb /opt/auditd
		ln -s "$(find /opt/auditd -path "*sbin/auditctl")" /usr/local/sbin'
	vm_install
	guest 'systemctl enable --now killauditd'
	guest_put <(guest_programs) /root/kills
}

guest_programs() {
	cat <<-'END'
		# kills N: as many by a new shell; the target's pid. The last one is SIGKILL.
		kills() {
			bash -c 'sleep 600 & target=$!
				for ((i = 1; i < $1; i++)); do kill -WINCH "$target"; done
				kill -KILL "$target"; echo "$target"' kills "$1" 2>/dev/null
		}

		# kills_around COMMAND: 100 over 8 s and more, after the 20th the command. The times before
		# and after each are in /root/times, those of the command in /root/time.
		kills_around() {
			sleep 600 &
			target=$!
			for ((i = 1; i <= 100; i++)); do
				before=${EPOCHREALTIME/./}
				kill -WINCH "$target"
				echo "$before ${EPOCHREALTIME/./}"
				if ((i == 20)); then
					before=${EPOCHREALTIME/./}
					"$@" >/dev/null
					echo "$before ${EPOCHREALTIME/./}" >/root/time
				fi
				sleep 0.08
			done >/root/times
			kill -KILL "$target"
			echo "$target"
		}

		# entries TARGET [FIELD=VALUE...]: their number.
		entries() {
			journalctl -q -b -t killauditd KILLAUDIT_TYPE=signal TARGET_PID="$@" -o cat | wc -l
		}

		ours() {
			auditctl -l | grep -c key=killauditd
		}

		theirs() {
			auditctl -l | grep -v -e key=killauditd -e '^No rules'
		}

		# FIELD of the last entry of a type.
		last() {
			journalctl -q -b -t killauditd "KILLAUDIT_TYPE=$1" -n 1 -o json | jq -r ".$2"
		}
	END
}

in_guest() {
	guest ". /root/kills; $*"
}

rules_are_loaded() {
	guest_wait "${1:-10}" '. /root/kills; [ $(ours) = $(killauditd --print-rules | grep -c ^-a) ]'
}

# The last of N is told last.
entries_are_whole() {
	guest_wait 60 ". /root/kills; [ \$(entries $1 SIGNAL=9) = 1 ]"
	[ "$(in_guest "entries $1")" = "$2" ]
}

kills_are_told() {
	local target
	target=$(in_guest 'kills 50')
	entries_are_whole "$target" 50
}

log_is_whole() {
	[ "$(guest "ausearch --input-logs -k killauditd --raw | grep -c 'opid=$1 '")" = "$2" ]
}

kills_are_told_and_logged() {
	local target
	target=$(in_guest 'kills 50')
	entries_are_whole "$target" 50
	guest_wait 10 "grep -q 'type=OBJ_PID.* opid=$target ' /var/log/audit/audit.log"
	log_is_whole "$target" 50
}

auditd_is_well() {
	guest 'systemctl is-active auditd'
	guest '[ $(systemctl list-units --failed --plain --no-legend | wc -l) = 0 ]'
	run ! guest 'systemctl show -P ExecStartPost auditd | grep "status=[^0]"'
	guest '[ "$(auditctl -s | sed -n "s/^pid //p")" = $(pidof auditd) ]'
}

their_rule='-w /etc/hostname -p wa -k mine'

their_rules_are_untouched() {
	[ "$(in_guest theirs)" = "$their_rule" ]
	[ "$(guest cat /etc/audit/rules.d/mine.rules)" = "$their_rule" ]
	run ! guest 'grep -r killauditd /etc/audit'
}

# rules_removed_by COMMAND: what is not within the last gap has an entry, and not much more has not.
rules_removed_by() {
	local target outside entries removed removed_by start end
	target=$(in_guest "kills_around $1")
	guest_wait 60 ". /root/kills; [ \$(entries $target SIGNAL=9) = 1 ]"
	[ "$(in_guest last gap GAP_REASON)" = rules-removed ]
	start=$(in_guest last gap GAP_START_USEC) end=$(in_guest last gap GAP_END_USEC)
	read -r removed removed_by < <(guest cat /root/time)
	echo "removed from $removed to $removed_by, gap from $start to $end"
	# The kernel's clock for records is up to 10 ms late.
	((start >= removed - 10000 && start <= removed_by && end - start < 10000000))
	outside=$(guest "awk '\$2 < $start || \$1 > $end' /root/times | wc -l")
	entries=$(in_guest "entries $target SIGNAL=28")
	echo "$outside outside of the gap, $entries entries"
	((outside >= 20 && outside <= entries && entries < 100))
}

@test "without auditd, each kill has an entry" {
	run ! guest 'pidof auditd'
	kills_are_told
}

@test "without auditd, auditctl -D: the rules are back within 10 s, the gap is told" {
	guest "auditctl $their_rule"
	rules_removed_by 'auditctl -D'
	rules_are_loaded
	# He meant his own.
	[ "$(in_guest theirs)" = "" ]
	kills_are_told
}

@test "auditd is installed and started beside us" {
	guest 'apt-get install -y /root/debs/*.deb'
	auditd_is_well
	rules_are_loaded
	kills_are_told_and_logged
}

@test "augenrules --load: the rules are back within 10 s, the gap is told" {
	guest "echo '$their_rule' >/etc/audit/rules.d/mine.rules"
	rules_removed_by 'augenrules --load'
	rules_are_loaded
	their_rules_are_untouched
	kills_are_told_and_logged
}

@test "auditd is restarted" {
	guest 'systemctl restart auditd'
	auditd_is_well
	rules_are_loaded
	their_rules_are_untouched
	kills_are_told_and_logged
}

@test "both are started at boot, auditd first, and no rule is lost" {
	vm_reboot
	guest_wait 60 'systemctl is-active auditd killauditd'
	auditd_is_well
	rules_are_loaded 1
	their_rules_are_untouched
	run ! guest 'journalctl -q -b -t killauditd GAP_REASON=rules-removed | grep .'
	kills_are_told_and_logged
}

@test "rules that are removed for the 6th time are given up" {
	local time
	guest 'systemctl restart killauditd'
	for time in 1 2 3 4 5; do
		echo "time $time"
		guest 'auditctl -D'
		rules_are_loaded
	done
	guest 'auditctl -D'
	guest_wait 20 'journalctl -q -b -t killauditd COVERAGE_REASON=rules-missing | grep .'
	in_guest 'last coverage "COVERAGE_ROUTE[]"' | grep -x kill=blind
	# It looks every 5 s.
	sleep 6
	[ "$(in_guest ours)" = 0 ]
}

@test "given up, systemctl restart brings them back" {
	guest 'systemctl restart killauditd'
	rules_are_loaded 1
	[ "$(in_guest last gap GAP_REASON)" = rules-removed ]
	run ! in_guest 'last coverage COVERAGE_REASON | grep rules-missing'
	in_guest 'last coverage "COVERAGE_ROUTE[]"' | grep -x kill=ok
	kills_are_told_and_logged
}

@test "auditd is purged" {
	guest 'apt-get purge -y auditd'
	run ! guest 'pidof auditd'
	rules_are_loaded
	guest 'systemctl is-active killauditd'
	kills_are_told
}

@test "auditctl -e 2: it says that the rules are locked, and reads on" {
	guest 'auditctl -e 2'
	guest_wait 15 'journalctl -q -b -t killauditd COVERAGE_REASON=rules-locked | grep .'
	rules_are_loaded 1
	kills_are_told
}

@test "with locked rules, systemctl restart killauditd works" {
	guest 'systemctl restart killauditd'
	in_guest 'last coverage COVERAGE_REASON | grep rules-locked'
	kills_are_told
}

@test "with locked rules, systemctl stop ends without failure" {
	local unit
	guest 'systemctl stop killauditd'
	guest_wait 20 '[ "$(systemctl is-active killauditd-rules)" = inactive ]'
	for unit in killauditd.service killauditd.socket killauditd-connector.socket \
		killauditd-rules.service; do
		[ "$(guest "systemctl show -P ActiveState $unit")" = inactive ]
		[ "$(guest "systemctl show -P Result $unit")" = success ]
	done
	rules_are_loaded 1
	guest 'systemctl start killauditd'
	kills_are_told
}

@test "rules copied to where auditd loads them are there before the lock" {
	guest 'apt-get install -y /root/debs/*.deb
		cp /usr/share/killauditd/40-killauditd.rules /etc/audit/rules.d/
		echo "-e 2" >/etc/audit/rules.d/99-lock.rules'
	vm_reboot
	guest_wait 60 'systemctl is-active auditd killauditd'
	auditd_is_well
	[ "$(guest 'auditctl -s | sed -n "s/^enabled //p"')" = 2 ]
	rules_are_loaded 1
	run ! in_guest 'last coverage COVERAGE_REASON | grep rules-missing'
	kills_are_told_and_logged
}
