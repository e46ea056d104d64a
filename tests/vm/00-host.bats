#!/usr/bin/env bats
# SPDX-License-Identifier: GPL-2.0-or-later
# SPDX-FileCopyrightText: The killauditd authors
#
# The virtual machine is what the other tests take it for.
#
# shellcheck disable=SC2016 # is for the shell in there

bats_require_minimum_version 1.5.0
load lib

setup_file() {
	vm_boot audit=1
}

@test "systemd is PID 1, with control groups of version 2 only" {
	[ "$(guest cat /proc/1/comm)" = systemd ]
	[ "$(guest stat -f -c %T /sys/fs/cgroup)" = cgroup2fs ]
}

@test "the kernel has auditing, and no audit daemon is installed" {
	guest 'grep -qx CONFIG_AUDITSYSCALL=y /boot/config-$(uname -r)'
	guest 'grep -qw audit=1 /proc/cmdline && [ $(cat /proc/self/loginuid) = 0 ]'
	run ! guest 'dpkg -s auditd || command -v auditd || command -v auditctl'
}

@test "there is no compiler, no kernel headers, no debug symbols" {
	run guest 'command -v cc gcc clang tcc make'
	[ "$output" = "" ]
	run guest 'dpkg-query -f "\${Package}\n" -W | grep -E "^gcc-[0-9]*$|-headers-|-dbg$|-dbgsym$"'
	[ "$output" = "" ]
	run guest 'ls -d /usr/src/linux* /lib/modules/*/build /usr/lib/debug/.build-id'
	[[ ! $output =~ (^|$'\n')/ ]]
}

@test "podman runs a container" {
	guest 'podman run --rm --network=host --rootfs /c /bin/busybox true'
	run -3 guest 'podman run --rm --network=host --rootfs /c /bin/busybox sh -c "exit 3"'
}

@test "status, output and errors of a command come back, and files both ways" {
	run -7 guest 'echo "a  b"; echo c >&2; exit 7'
	[ "$output" = $'a  b\nc' ]
	head -c 100000 /dev/urandom >"$BATS_TEST_TMPDIR/sent"
	guest_put "$BATS_TEST_TMPDIR/sent" "/tmp/a file"
	guest_get "/tmp/a file" "$BATS_TEST_TMPDIR/got"
	cmp "$BATS_TEST_TMPDIR/sent" "$BATS_TEST_TMPDIR/got"
}

@test "it restarts, with other kernel arguments, and knows the journal of the boot before" {
	guest 'logger -t vm-test before the reboot'
	vm_reboot audit=0
	guest '! grep -qw audit=1 /proc/cmdline'
	guest 'journalctl -q -b -1 -t vm-test | grep "before the reboot"'
	guest 'journalctl -q -b -1 | grep "Reached target.*Reboot"'
}

@test "a power cut loses nothing that was on the disk" {
	guest 'logger -t vm-test before the power cut; journalctl --sync; echo kept >/root/kept; sync'
	vm_power_cut
	run ! guest true
	vm_start audit=1
	[ "$(guest cat /root/kept)" = kept ]
	guest 'journalctl -q -b -1 -t vm-test | grep "before the power cut"'
	run ! guest 'journalctl -q -b -1 | grep "Reached target.*Reboot"'
	vm_journal "$BATS_TEST_TMPDIR/journal"
	grep -q "before the reboot" "$BATS_TEST_TMPDIR/journal"
}
