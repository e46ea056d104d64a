#!/usr/bin/env bats
# SPDX-License-Identifier: GPL-2.0-or-later
# SPDX-FileCopyrightText: The killauditd authors
#
# The package is installed, upgraded, removed and purged, and leaves nothing. The tests are steps of
# one story: each goes on where the one before ended.
#
# shellcheck disable=SC2016 # is for the shell in there

bats_require_minimum_version 1.5.0
load lib

units='killauditd.service killauditd.socket killauditd-connector.socket killauditd-rules.service'

setup_file() {
	vm_boot audit=1
	guest 'dpkg -x /root/debs/auditd_*.deb /opt/auditd
		ln -s "$(find /opt/auditd -path "*sbin/auditctl")" /usr/local/sbin'
	kernel_state >"$BATS_FILE_TMPDIR/kernel"
}

# All rules, the settings that are ours to change, and who listens to audit and the connector.
kernel_state() {
	guest 'auditctl -l; auditctl -s | grep -E "^(enabled|backlog_limit) "
		awk "(\$2 == 9 || \$2 == 11) && \$4 !~ /^0*$/ {print \$2, \$4}" /proc/net/netlink | sort'
}

kernel_is_as_before() {
	kernel_state | diff "$BATS_FILE_TMPDIR/kernel" -
}

# kill_often: in the background, until /root/enough is there; then the target's pid and how many are
# in /root/kills. The last one is SIGKILL.
kill_often() {
	guest_put /dev/stdin /root/kill-often <<-'END'
		sleep 600 &
		target=$! n=1
		until [[ -e /root/enough ]]; do
			kill -WINCH "$target"
			n=$((n + 1))
			: >/root/begun
			sleep 0.1
		done
		kill -KILL "$target"
		echo "$target $n" >/root/kills
	END
	guest 'rm -f /root/enough /root/begun /root/kills
		setsid bash /root/kill-often </dev/null >/dev/null 2>&1 &'
	guest_wait 10 'test -e /root/begun'
}

# Each has an entry; the last of them is told last.
all_kills_are_told() {
	local target n
	guest 'touch /root/enough'
	guest_wait 20 'test -s /root/kills'
	read -r target n < <(guest cat /root/kills)
	guest_wait 60 "journalctl -q -t killauditd TARGET_PID=$target SIGNAL=9 | grep ."
	[ "$(guest "journalctl -q -t killauditd TARGET_PID=$target -o cat | wc -l")" = "$n" ]
	echo "$n kills"
}

gaps() {
	guest 'journalctl -q -t killauditd KILLAUDIT_TYPE=gap -o cat | wc -l'
}

# The runs of units.
runs() {
	guest "systemctl show -p Id,InvocationID,ActiveEnterTimestampMonotonic $*"
}

installed_version() {
	guest 'dpkg-query -W -f "\${Version}" killauditd'
}

nothing_is_left() {
	run guest 'ls -d /etc/killauditd* /var/lib/killauditd /run/killauditd \
		/usr/*/killauditd /usr/lib/systemd/*/*killauditd* /lib/systemd/system/killauditd*'
	[[ ! $output =~ (^|$'\n')/ ]]
	[ "$(guest 'find /etc/systemd /run/systemd /var/lib/systemd -name "*killauditd*" \
		! -path "/run/systemd/units/*"')" = "" ]
	[ "$(guest 'systemctl list-units --all --plain --no-legend "killauditd*"')" = "" ]
	run ! guest 'pidof killauditd'
	kernel_is_as_before
}

@test "installing enables and starts nothing" {
	vm_install
	[ "$(guest "systemctl is-enabled $units" | sort -u)" = disabled ]
	[ "$(guest "systemctl is-active $units" | sort -u)" = inactive ]
	run ! guest 'pidof killauditd'
	kernel_is_as_before
}

@test "systemctl enable --now killauditd starts all, now and at boot" {
	guest 'systemctl enable --now killauditd'
	[ "$(guest "systemctl is-enabled $units" | sort -u)" = enabled ]
	[ "$(guest "systemctl is-active $units" | sort -u)" = active ]
	run ! kernel_is_as_before
	kill_often
	all_kills_are_told
}

@test "killauditd --check-config finds nothing wrong in the configuration of the package" {
	run -0 guest 'killauditd --check-config 2>&1'
	[ "$output" = "" ]
}

@test "killauditd --check-config names file, line and value of what is wrong" {
	guest 'printf "[Audit]\n\nManageRules=perhaps\n" >/root/wrong.conf'
	run -78 guest 'killauditd --check-config --config /root/wrong.conf 2>&1'
	[[ $output == *"/root/wrong.conf:3: ManageRules=perhaps: "* ]]
	guest 'mkdir /etc/killauditd.conf.d
		printf "[Audit]\nReceiveBuffer=64X\n" >/etc/killauditd.conf.d/wrong.conf'
	run -78 guest 'killauditd --check-config 2>&1'
	[[ $output == *"/etc/killauditd.conf.d/wrong.conf:2: ReceiveBuffer=64X: "* ]]
}

@test "with a wrong configuration the service does not start, and loses nothing until it does" {
	kill_often
	run ! guest 'systemctl restart killauditd'
	[ "$(guest 'systemctl show -P ExecMainStatus killauditd')" = 78 ]
	guest 'rm /etc/killauditd.conf.d/wrong.conf'
	guest_wait 20 'systemctl is-active killauditd'
	all_kills_are_told
}

@test "a key that is not known is a warning only" {
	guest 'printf "[Audit]\nColour=blue\n" >/etc/killauditd.conf.d/unknown.conf'
	run -0 guest 'killauditd --check-config 2>&1'
	[[ $output == *"/etc/killauditd.conf.d/unknown.conf:2: warning: "*Colour* ]]
	guest 'systemctl restart killauditd && systemctl is-active killauditd'
}

@test "an upgrade restarts the service only, and no kill is lost" {
	local others=${units#* } before service gaps folder=$BATS_TEST_TMPDIR
	guest_get "$(guest 'ls /root/killauditd_*.deb')" "$folder/old.deb"
	dpkg-deb -R "$folder/old.deb" "$folder/tree"
	sed -i 's/^Version: .*/&+upgrade/' "$folder/tree/DEBIAN/control"
	dpkg-deb -b "$folder/tree" "$folder/new.deb"
	guest_put "$folder/new.deb" /root/new.deb

	guest 'echo "# edited" >>/etc/killauditd.conf'
	before=$(runs "$others") service=$(runs killauditd.service) gaps=$(gaps)
	kill_often
	guest 'dpkg -i /root/new.deb'
	[[ $(installed_version) == *+upgrade ]]
	all_kills_are_told
	[ "$(runs "$others")" = "$before" ]
	[ "$(runs killauditd.service)" != "$service" ]
	guest 'systemctl is-active killauditd'
	[ "$(gaps)" = "$gaps" ]
}

@test "an upgrade leaves an edited configuration as it is" {
	[ "$(guest 'tail -n 1 /etc/killauditd.conf')" = "# edited" ]
	guest 'test -e /etc/killauditd.conf.d/unknown.conf'
}

@test "an upgrade starts nothing that is not running" {
	guest 'systemctl stop killauditd'
	guest_wait 20 '[ "$(systemctl is-active killauditd-rules)" = inactive ]'
	guest 'dpkg -i /root/new.deb'
	[ "$(guest "systemctl is-active $units" | sort -u)" = inactive ]
	[ "$(guest "systemctl is-enabled $units" | sort -u)" = enabled ]
	kernel_is_as_before
}

@test "removing stops all, and the kernel is as before the installation" {
	guest 'systemctl start killauditd'
	kill_often
	guest 'apt-get remove -y killauditd'
	guest 'touch /root/enough'
	[ "$(guest "systemctl is-active $units" | sort -u)" = inactive ]
	[ "$(guest "systemctl is-failed $units" | sort -u)" = inactive ]
	run ! guest 'pidof killauditd'
	kernel_is_as_before
	guest 'ls /etc/killauditd.conf /etc/killauditd.conf.d/unknown.conf'
}

@test "purging leaves nothing" {
	guest 'apt-get purge -y killauditd'
	nothing_is_left
}

@test "purging while it runs leaves nothing" {
	vm_install
	guest 'systemctl enable --now killauditd'
	guest 'apt-get purge -y killauditd'
	nothing_is_left
}

@test "removing takes away the rules of a killauditd that was run by hand and crashed" {
	vm_install
	guest 'killauditd --output null >/dev/null 2>&1 & echo $! >/root/pid'
	guest_wait 20 'auditctl -l | grep key=killauditd'
	guest 'kill -KILL $(cat /root/pid)'
	guest 'auditctl -l | grep -q key=killauditd'
	guest 'dpkg -r killauditd'
	kernel_is_as_before
	guest 'dpkg -P killauditd'
	nothing_is_left
}
