#!/usr/bin/env bats
# SPDX-License-Identifier: GPL-2.0-or-later
# SPDX-FileCopyrightText: The killauditd authors
#
# What killauditd is for: installed and enabled, a container of a service is killed weeks later, and
# whoever asks is told by whom.

# shellcheck disable=SC2016 # expanded in the guest, or by jq
load lib
load killauditd

setup_file() {
	vm_boot audit=1
	vm_install
	guest 'systemctl enable --now killauditd'
	vm_reboot
	guest "ln -sf busybox /c/bin/sleep; cp /bin/bash /usr/local/bin/vGhyM0"
	guest 'cat >/etc/systemd/system/web.service' <<-'END'
		[Service]
		ExecStart=/usr/bin/podman run --name web --replace --network=host --cgroups=split --rootfs /c /bin/sleep 1000
	END
	guest 'systemctl daemon-reload; systemctl start web'
	guest_wait 60 'podman inspect -f "{{.State.Running}}" web | grep true'
	guest 'podman inspect -f "{{.State.Pid}}" web' >"$BATS_FILE_TMPDIR/target"
	# From far down a chain of shells, with the odd name of a trojan at its head.
	guest "vGhyM0 -c 'sh -c \"bash -c \\\"pkill -KILL --ns $(target) --nslist pid sleep; :\\\"; :\"; :'"
	guest_wait 30 'systemctl is-failed web'
}

target() {
	cat "$BATS_FILE_TMPDIR/target"
}

@test "after a reboot it runs, with all its units" {
	run guest 'systemctl is-enabled killauditd.service killauditd.socket \
		killauditd-connector.socket killauditd-rules.service | sort -u'
	[ "$output" = enabled ]
	run guest 'systemctl is-active killauditd.service killauditd.socket \
		killauditd-connector.socket killauditd-rules.service | sort -u'
	[ "$output" = active ]
	guest '! systemctl --failed --no-legend | grep killaudit'
}

@test "journalctl -t killauditd TARGET_PID= tells who killed it, from which ancestry" {
	run guest "journalctl -q -t killauditd TARGET_PID=$(target)"
	[[ $output =~ pkill\([0-9]+\)" sent SIGKILL to sleep($(target))" ]]
	# podman 3 of Debian 11 does not put the id into the path of a split control group.
	[[ $VM_RELEASE == 11 || $output =~ " in container "[0-9a-f]{12} ]]
	[[ $output =~ =\>vGhyM0=\>sh=\>bash=\>pkill ]]
}

@test "the entry has sender, container and login" {
	guest "journalctl -q -t killauditd TARGET_PID=$(target) -o json" >"$BATS_TEST_TMPDIR/entry"
	jq -es 'length == 1' "$BATS_TEST_TMPDIR/entry"
	jq -e '.SIGNAL_NAME == "SIGKILL" and .ROUTE == "kill" and .RESULT == "success"
		and .SENDER_COMM == "pkill" and .SENDER_EXE == "/usr/bin/pgrep"
		and .SENDER_LOGINUID == "0" and .SENDER_SESSION != "4294967295"
		and (.SENDER_ANCESTOR_COMM | index("vGhyM0") and index("sshd"))
		and (.TARGET_CGROUP | startswith("/system.slice/web.service/"))
		and .OBJECT_SYSTEMD_UNIT == "web.service"
		and (.CERTAINTY == "certain" or .CERTAINTY == "likely")' "$BATS_TEST_TMPDIR/entry"
	[[ $VM_RELEASE == 11 ]] || jq -e '.TARGET_CONTAINER_RUNTIME == "podman"
		and (("/libpod-payload-" + .TARGET_CONTAINER_ID) as $tail
			| .TARGET_CGROUP | endswith($tail))' \
		"$BATS_TEST_TMPDIR/entry"
}

@test "journalctl -u and systemctl status of the service show it" {
	guest "journalctl -q -u web" | grep -F "sent SIGKILL to sleep($(target))"
	run guest 'systemctl status web'
	[[ $output == *"sent SIGKILL to sleep($(target))"* ]]
	[[ $output == *"status=137"* ]]
}

@test "journalctl -x explains it" {
	run guest "journalctl -q -x -t killauditd TARGET_PID=$(target)"
	[[ $output == *"Subject: Process "*" sent signal 9 to process $(target)"* ]]
	[[ $output == *"Documentation: man:killauditd-journal-fields(7)"* ]]
	[[ $output == *"journalctl -t killauditd EVENT_ID="* ]]
}

@test "what a descendant of the trojan did is found by its name" {
	guest 'journalctl -q -t killauditd SENDER_ANCESTOR_COMM=vGhyM0' | grep -F "sleep($(target))"
}

@test "podman logs prints the lines of the application only" {
	guest 'podman run -d --name talk --network=host --log-driver journald --rootfs /c \
		/bin/busybox sh -c "echo one; echo two; exec sleep 1000" >/dev/null'
	guest_wait 60 'podman logs talk | grep two'
	[ "$(guest 'podman logs talk')" = $'one\ntwo' ]
	guest 'kill -KILL $(podman inspect -f "{{.State.Pid}}" talk)'
	guest_wait 30 'podman inspect -f "{{.State.ExitCode}}" talk | grep 137'
	guest_wait 30 'journalctl -q -t killauditd TARGET_COMM=sleep SIGNAL=9 -n 1 | grep bash'
	[ "$(guest 'podman logs talk')" = $'one\ntwo' ]
}

@test "after another reboot it is found still" {
	vm_reboot
	run guest "journalctl -q -t killauditd TARGET_PID=$(target)"
	[[ $output == *"sent SIGKILL to sleep($(target))"* ]]
	guest "journalctl -q -u web" | grep -F "sent SIGKILL to sleep($(target))"
}

@test "a start of the host is a gap until killauditd watches, and is told what is watched" {
	guest 'journalctl -q -b -t killauditd GAP_REASON=not-running -o json' |
		jq -es 'any(.[]; .GAP_END_USEC != null)'
	guest 'journalctl -q -b -t killauditd KILLAUDIT_TYPE=coverage -o json' |
		jq -es 'length == 1 and (.[0] | .COVERAGE_MODE == "audit+connector"
			and (.COVERAGE_ROUTE | index("kill=ok")) and .COVERAGE_BLIND_COMM == null)'
}

@test "systemctl stop stops all of it and leaves no rule" {
	guest 'systemctl stop killauditd'
	guest_wait 20 '[ "$(systemctl is-active killauditd.service killauditd.socket \
		killauditd-connector.socket killauditd-rules.service | sort -u)" = inactive ]'
	guest 'kill -CONT $$; sleep 2; ! systemctl is-active killauditd'
	[ "$(rules_loaded)" -eq 0 ]
	guest '! systemctl --failed --no-legend | grep killaudit'
}

@test "systemctl disable disables all of it" {
	guest 'systemctl disable killauditd'
	run guest 'systemctl is-enabled killauditd.service killauditd.socket \
		killauditd-connector.socket killauditd-rules.service | sort -u'
	[ "$output" = disabled ]
}
