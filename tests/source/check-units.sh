#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-or-later
# SPDX-FileCopyrightText: The killauditd authors
#
# systemd understands the units, and what they leave open is no more than what their comments explain.

set -eu
cd "${BUILDDIR:-.}"
command -v systemd-analyze >/dev/null || { echo "systemd-analyze is missing"; exit 77; }
systemd-analyze --help | grep -q -- --offline || { echo "systemd-analyze is too old"; exit 77; }

work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
mkdir -p "$work/root/etc/systemd/system" "$work/root/usr/sbin"
cp systemd/killauditd.service systemd/killauditd-rules.service "$SRCDIR"/systemd/*.socket \
	"$work/root/etc/systemd/system"
broken=0

# Neither the program nor its manual pages are installed here.
if systemd-analyze verify "$work"/root/etc/systemd/system/killauditd* 2>&1 |
	grep -E '(^|/)killauditd[^ ]*:' | grep -vE "Command ('man |/.*/killauditd is not executable)"; then
	echo "^ systemd does not understand the units" >&2
	broken=1
fi

# left_open UNIT SCORE NAME...: what is left open, and no more, and the score is not above SCORE / 10.
left_open() {
	local unit=$work/root/etc/systemd/system/$1 score=$2 names
	shift 2
	systemd-analyze security --offline=true --no-pager --threshold="$score" "$unit" \
		>"$work/security" 2>&1 || { tail -n 1 "$work/security"; broken=1; }
	names=$(sed -n 's/^✗ \([^ ]*\).*/\1/p' "$work/security" | LC_ALL=C sort)
	diff <(printf '%s\n' "$@" | LC_ALL=C sort) <(echo "$names") || {
		echo "^ ${unit##*/} leaves open (>) what it should not, or no longer what it says (<)" >&2
		broken=1
	}
}
export LC_ALL=C.UTF-8
left_open killauditd.service 18 User=/DynamicUser= RestrictAddressFamilies=~AF_NETLINK \
	RestrictAddressFamilies=~AF_UNIX CapabilityBoundingSet=~CAP_SYS_PTRACE \
	CapabilityBoundingSet=~CAP_NET_ADMIN 'CapabilityBoundingSet=~CAP_AUDIT_*' ProtectProc= ProcSubset= \
	PrivateUsers= DeviceAllow=
left_open killauditd-rules.service 18 User=/DynamicUser= RestrictAddressFamilies=~AF_NETLINK \
	RestrictAddressFamilies=~AF_UNIX CapabilityBoundingSet=~CAP_NET_ADMIN \
	'CapabilityBoundingSet=~CAP_AUDIT_*' PrivateNetwork= ProtectProc= ProcSubset= PrivateUsers= \
	DeviceAllow=
exit "$broken"
