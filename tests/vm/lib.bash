# SPDX-License-Identifier: GPL-2.0-or-later
# SPDX-FileCopyrightText: The killauditd authors
# shellcheck shell=bash
#
# Virtual machines for the tests: each bats file has one, of its own disk.
#
#	vm_boot [KERNEL-ARGUMENT...]	a new machine, until it can be logged into
#	guest 'COMMANDS'		by root's shell there; output and status come back
#	guest_put FILE PATH, guest_get PATH FILE
#	guest_wait SECONDS 'COMMANDS'	until they succeed
#	vm_install			killauditd's package, as a user installs it
#	vm_reboot [KERNEL-ARGUMENT...]	as by its administrator; other arguments if any are given
#	vm_power_cut			without a warning; then vm_start
#	vm_start [KERNEL-ARGUMENT...]	the same disk again
#	vm_journal FILE			of all boots
#	vm_stop				and nothing is left of it
#
# VM_IMAGE names the folder that tests/vm/prepare made. After a failed test or setup_file,
# teardown_file leaves the journal and the console in VM_LOGS.
#
# The processor is emulated, and slow: what will happen some time is waited for with guest_wait.

VM_MEMORY=${VM_MEMORY:-1024}
# A machine that everybody has forgotten ends after this many seconds.
VM_LIFETIME=${VM_LIFETIME:-3600}
VM_BOOT_SECONDS=${VM_BOOT_SECONDS:-240}
GUEST_SECONDS=${GUEST_SECONDS:-120}

vm_say() {
	echo "vm: $*" >&2
}

# vm_until SECONDS COMMAND...
vm_until() {
	local end=$((SECONDS + $1))
	shift
	until "$@"; do
		((SECONDS < end)) || return 1
		sleep 0.2
	done
}

vm_boot() {
	[[ -e ${VM_IMAGE:-}/disk.img ]] || { vm_say "VM_IMAGE names no prepared image"; return 1; }
	VM=$(mktemp -d "${VM_FOLDER:-${TMPDIR:-/tmp}}/killauditd-vm.XXXXXX") && export VM || return
	VM_RELEASE=$(<"$VM_IMAGE/release") && export VM_RELEASE
	: >"$VM/setting-up"
	qemu-img create -q -f qcow2 -F raw -b "$(realpath "$VM_IMAGE")/disk.img" "$VM/disk" || return
	vm_start "$@"
}

# The emulator's pid, if it still is that.
vm_pid() {
	local pid
	pid=$(cat "$VM/pid" 2>/dev/null) && grep -qF "$VM/pid" "/proc/$pid/cmdline" 2>/dev/null &&
		echo "$pid"
}

vm_is_off() {
	! vm_pid >/dev/null
}

# All but what the caller gives is for speed.
vm_kernel_arguments() {
	echo "root=/dev/vda rw console=ttyS0 quiet panic=-1 mitigations=off cryptomgr.notests" \
		"net.ifnames=0 $*"
}

# Not bats' descriptors, by which it waits for the end of a test.
vm_qemu() {
	local port=$1
	shift
	timeout -k 10 "$VM_LIFETIME" qemu-system-x86_64 -machine q35,i8042=off \
		-accel tcg,thread=single -cpu max,la57=off,svm=off -smp 1 -m "$VM_MEMORY" \
		-nodefaults -display none -no-reboot \
		-pidfile "$VM/pid" -serial "file:$VM/console.now" \
		-drive "file=$VM/disk,if=virtio,format=qcow2,cache=unsafe,discard=unmap" \
		-nic "user,model=virtio-net-pci,restrict=on,hostfwd=tcp:127.0.0.1:$port-:22" \
		-kernel "$VM_IMAGE/kernel" -initrd "$VM_IMAGE/initrd" \
		-append "$(vm_kernel_arguments "$@")" </dev/null >"$VM/qemu.log" 2>&1 3>&- 4>&- 7>&- &
	# Or the shell would tell of a power cut.
	disown
}

vm_start() {
	local port tries
	vm_is_off || { vm_say "the machine is on"; return 1; }
	[[ $# -eq 0 && -e $VM/arguments ]] || echo "$*" >"$VM/arguments"
	cat "$VM/console.now" >>"$VM/console" 2>/dev/null || true
	for ((tries = 0; tries < 20; tries++)); do
		# A port below those that the kernel gives to anybody.
		port=$((10000 + RANDOM % 20000))
		rm -f "$VM/pid"
		# shellcheck disable=SC2046 # words
		vm_qemu "$port" $(<"$VM/arguments")
		vm_until 10 test -s "$VM/pid" -o -s "$VM/qemu.log"
		grep -q 'host forwarding' "$VM/qemu.log" || break
	done
	echo "$port" >"$VM/port"
	if ! vm_until "$VM_BOOT_SECONDS" vm_logged_in_or_off || vm_is_off; then
		vm_say "no login; the end of the console:"
		cat "$VM/qemu.log" "$VM/ssh.log" >&2 2>/dev/null
		tail -n 30 "$VM/console.now" | tr -cd '[:print:]\n' >&2
		: >"$VM/failed"
		return 1
	fi
}

vm_logged_in_or_off() {
	vm_is_off || vm_log_in
}

# One connection for all calls: a new one would cost a second of cryptography. A dead machine is
# noticed within half a minute.
vm_log_in() {
	local banner
	# Whoever connects before sshd is there waits for long, and not for an answer.
	{ read -r -t 3 banner; } 2>/dev/null <"/dev/tcp/127.0.0.1/$(<"$VM/port")" || return 1
	[[ $banner == SSH-* ]] || return 1
	vm_ssh -o ControlMaster=yes -o ServerAliveInterval=5 -o ServerAliveCountMax=6 -fN \
		</dev/null >"$VM/ssh.log" 2>&1 3>&- 4>&- 7>&-
}

vm_ssh() {
	ssh -F none -i "$VM_IMAGE/key" -p "$(<"$VM/port")" -l root -o ControlPath="$VM/ssh" \
		-o IdentitiesOnly=yes -o BatchMode=yes -o ConnectTimeout=30 -o LogLevel=ERROR \
		-o StrictHostKeyChecking=no -o UserKnownHostsFile=/dev/null \
		-o KexAlgorithms=curve25519-sha256 "$@" 127.0.0.1
}

vm_log_out() {
	vm_ssh -O exit >/dev/null 2>&1 || true
	rm -f "$VM/ssh"
}

guest() {
	timeout --foreground "$GUEST_SECONDS" ssh -F none -S "$VM/ssh" -o BatchMode=yes \
		-o LogLevel=ERROR -o ProxyCommand=false vm "$*" 3>&- 4>&-
}

guest_put() {
	guest "cat >$(printf %q "$2")" <"$1"
}

guest_get() {
	guest "cat $(printf %q "$1")" >"$2" </dev/null
}

guest_wait() {
	local seconds=$1
	shift
	vm_until "$seconds" guest "{ $*; } >/dev/null 2>&1" </dev/null ||
		{ vm_say "not within $seconds s: $*"; return 1; }
}

# All that it depends on is there. apt-get install ./killauditd_*.deb does it too, three times as
# slowly.
vm_install() {
	guest 'dpkg -i ./killauditd_*.deb' </dev/null
}

vm_reboot() {
	guest 'systemctl reboot' </dev/null >/dev/null 2>&1 || true
	if ! vm_until 120 vm_is_off; then
		vm_say "the machine does not go down"
		vm_power_cut
		: >"$VM/failed"
		return 1
	fi
	vm_log_out
	vm_start "$@"
}

vm_power_cut() {
	local pid
	if pid=$(vm_pid); then
		kill -KILL "$pid"
		vm_until 10 vm_is_off || return
	fi
	vm_log_out
}

vm_journal() {
	guest 'journalctl --no-pager -o short-precise' </dev/null >"$1"
}

vm_keep_logs() {
	mkdir -p "$1"
	cat "$VM/console" "$VM/console.now" "$VM/qemu.log" >"$1/console" 2>/dev/null
	vm_journal "$1/journal" 2>/dev/null || vm_journal_from_disk "$1/journal"
	vm_say "journal and console are in $1"
}

# The journal of a machine that is dead.
vm_journal_from_disk() {
	vm_power_cut
	qemu-img convert -f qcow2 -O raw "$VM/disk" "$VM/raw" && mkdir -p "$VM/root" || return
	e2fsck -fy "$VM/raw" >/dev/null 2>&1
	debugfs -R "rdump /var/log/journal $VM/root" "$VM/raw" >/dev/null 2>&1
	journalctl --no-pager -o short-precise -D "$VM/root/journal" >"$1" 2>&1
}

vm_stop() {
	[[ -n ${VM:-} && -d $VM ]] || return 0
	vm_power_cut
	rm -rf --one-file-system "$VM"
}

# For bats: a file that has its own calls these in it.
teardown() {
	[[ ! -d ${VM:-} ]] || rm -f "$VM/setting-up"
	[[ -n ${BATS_TEST_COMPLETED:-} || ! -d ${VM:-} ]] || : >"$VM/failed"
}

teardown_file() {
	# No test has ended where setup_file failed.
	[[ ! -e ${VM:-}/failed && ! -e ${VM:-}/setting-up ]] ||
		vm_keep_logs "${VM_LOGS:-${TMPDIR:-/tmp}/killauditd-vm-logs}/$(basename \
			"$BATS_TEST_FILENAME" .bats)-$VM_RELEASE"
	vm_stop
}
