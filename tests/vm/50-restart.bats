#!/usr/bin/env bats
# SPDX-License-Identifier: GPL-2.0-or-later
# SPDX-FileCopyrightText: The killauditd authors
#
# killauditd is restarted and crashes at random moments, while 100 processes a second are killed: each
# of the kills is told, or lies in a gap. KILLAUDITD_CRASHES says how many crashes (10).

# shellcheck disable=SC2016 # expanded in the guest, or by jq
load lib
load killauditd

crashes=${KILLAUDITD_CRASHES:-10}

setup_file() {
	vm_boot audit=1
	vm_install
	guest 'systemctl enable --now killauditd'
	guest 'cat >/root/killer' <<-'END'
		#!/usr/bin/perl
		# Kills children, 100 a second, until /root/enough is there; prints pid and time of each.
		use strict; use Time::HiRes qw(time sleep);
		$| = 1;
		my $next = time;
		until (-e "/root/enough") {
			my $child = fork;
			if ($child == 0) { sleep 100; exit }
			my $before = time;
			kill 9, $child;
			printf "%d %d %d\n", $child, $before * 1e6, time * 1e6;
			waitpid $child, 0;
			$next += 0.01;
			my $rest = $next - time;
			if ($rest > 0) { sleep $rest } else { $next = time }
		}
	END
	guest 'rm -f /root/enough; setsid perl /root/killer >/root/killed 2>/root/killer.err </dev/null &'
	guest_wait 10 'test -s /root/killed'
	guest 'systemctl restart killauditd'
	# In the guest, for an emulated machine is slow to log into; random within a second.
	guest_timeout=$((crashes * 10 + 60))
	GUEST_SECONDS=$guest_timeout guest "
		for i in \$(seq $crashes); do
			until systemctl is-active -q killauditd; do sleep 0.1; done
			perl -e 'select undef, undef, undef, rand'
			pid=\$(systemctl show -P MainPID killauditd)
			down=\$(date +%s%6N)
			kill -KILL \$pid || continue
			while [ \"\$(systemctl show -P MainPID killauditd)\" = \$pid ] ||
				! systemctl is-active -q killauditd; do sleep 0.1; done
			echo \$((\$(date +%s%6N) - down))
		done >/root/downtimes"
	sleep 2
	guest 'touch /root/enough; sleep 3'
	guest_wait 60 '! pgrep -x perl'
	guest 'journalctl --sync'
	guest_get /root/killed "$BATS_FILE_TMPDIR/killed"
	guest_get /root/downtimes "$BATS_FILE_TMPDIR/downtimes"
	guest 'journalctl -q -b -t killauditd -o json --output-fields=KILLAUDIT_TYPE,EVENT_ID,SIGNAL,TARGET_PID,SENDER_COMM,GAP_REASON,GAP_START_USEC,GAP_END_USEC,EVENT_REALTIME_USEC' \
		>"$BATS_FILE_TMPDIR/entries"
	# A gap from boot to the first start is not of interest here: nobody was killed then.
	jq -s '
		(map(select(.KILLAUDIT_TYPE == "gap" and .GAP_END_USEC != null)
			| {reason: .GAP_REASON, start: (.GAP_START_USEC | tonumber), end: (.GAP_END_USEC | tonumber)})) as $gaps
		| ([.[] | select(.SIGNAL == "9") | {key: .TARGET_PID, value: true}] | from_entries) as $told
		| ($kills | split("\n") | map(select(. != "") | split(" ")
			| {pid: .[0], before: (.[1] | tonumber), after: (.[2] | tonumber)})) as $kills
		| ($kills | map(select($told[.pid] | not))) as $untold
		| {
			kills: ($kills | length),
			told: (($kills | length) - ($untold | length)),
			lost: ($untold | map(. as $kill | select([$gaps[]
				| select(.start <= $kill.after and .end >= $kill.before)] | length == 0))),
			gaps: ($gaps | map(select(.end > $kills[0].before))
				| map(.start |= ([., $kills[0].before] | max)) | map(.end - .start)),
			ids: (map(.EVENT_ID | select(. != null)) | length),
			unique: (map(.EVENT_ID | select(. != null)) | unique | length),
		}' --rawfile kills "$BATS_FILE_TMPDIR/killed" "$BATS_FILE_TMPDIR/entries" \
		>"$BATS_FILE_TMPDIR/account"
	downtime=$(awk '{ sum += $1 } END { print sum }' "$BATS_FILE_TMPDIR/downtimes")
	echo "# $(jq -c --argjson down "$downtime" '{kills, told, lost: (.lost | length),
		gaps: (.gaps | length), gap_usec: (.gaps | add), down_usec: $down}' \
		"$BATS_FILE_TMPDIR/account")" >&3
}

account() {
	jq -e "$@" "$BATS_FILE_TMPDIR/account"
}

@test "it crashed as often as it should have, under load" {
	[ "$(wc -l <"$BATS_FILE_TMPDIR/downtimes")" -eq "$crashes" ]
	account --argjson n "$crashes" '.kills > $n * 50'
}

@test "each kill is told or lies in a gap" {
	account '.lost == []'
}

@test "99 % of the kills are told" {
	account '.told >= .kills * 0.99'
}

@test "the gaps are no longer than the downtimes and a second each" {
	downtime=$(awk '{ sum += $1 + 1000000 } END { print sum }' "$BATS_FILE_TMPDIR/downtimes")
	account --argjson downtime "$downtime" '(.gaps | add // 0) <= $downtime'
}

@test "no EVENT_ID is given twice" {
	account '.ids == .unique and .ids > .kills / 2'
}

@test "the socket was held all the time" {
	guest 'test "$(systemctl show -P NRestarts killauditd)" -ge '"$crashes"
	[ "$(gaps socket-overrun | wc -l)" -eq 0 ]
	guest '! journalctl -q -b -u killauditd.socket | grep -E "Closed|Failed"'
}
