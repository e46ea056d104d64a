# SPDX-License-Identifier: GPL-2.0-or-later
# SPDX-FileCopyrightText: The killauditd authors
# shellcheck shell=bash
#
# Questions about killauditd and the kernel's audit state in a virtual machine.

# auditctl without auditd, which is not installed at first.
guest_auditctl() {
	# shellcheck disable=SC2016 # expanded in the guest
	guest '[ -e /opt/auditd ] || dpkg -x /root/debs/auditd_*.deb /opt/auditd
		PATH=$PATH:/sbin:/usr/sbin:/opt/auditd/sbin:/opt/auditd/usr/sbin auditctl '"$*"
}

# How many rules of ours there are.
rules_loaded() {
	guest_auditctl -l | grep -c -- '-F key=killauditd' || true
}

enabled() {
	guest_auditctl -s | sed -n 's/^enabled //p'
}

# gaps REASON [JOURNALCTL-OPTION...]: as lines of JSON.
gaps() {
	local reason=$1
	shift
	guest "journalctl -q -t killauditd GAP_REASON=$reason -o json $*"
}
