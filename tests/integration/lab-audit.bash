# SPDX-License-Identifier: GPL-2.0-or-later
# SPDX-FileCopyrightText: The killauditd authors
# shellcheck shell=bash
#
# The audit state of the kernel, of which there is one per machine: the lock for it, and how it is
# saved, shown and put back. Rules that are neither killauditd's nor the tests' own are never
# touched.

AUDIT_LOCK=/run/lock/killauditd-audit.lock
AUDIT_KEYS=(killauditd killauditd-test)
# Where killauditd notes what it has changed in the kernel, and its folder.
KERNEL_CHANGES=/run/killauditd/kernel-changes

# Descriptor 8 holds the lock. Whoever runs the tests and holds it already says so in
# KILLAUDITD_LOCKED.
audit_lock() {
	[[ -z ${KILLAUDITD_LOCKED:-} ]] || return 0
	mkdir -p "${AUDIT_LOCK%/*}"
	exec 8>"$AUDIT_LOCK"
	flock -w 900 8 || { say "somebody holds $AUDIT_LOCK for 15 minutes"; return 1; }
}

audit_unlock() {
	[[ -n ${KILLAUDITD_LOCKED:-} ]] || exec 8>&-
}

# The numbers of `auditctl -s` that killauditd might change.
audit_numbers() {
	auditctl -s | grep -E '^(enabled|failure|rate_limit|backlog_limit|backlog_wait_time) '
}

# All that must be the same before and after.
audit_state() {
	audit_numbers
	auditctl -l
}

# audit_save FILE: what audit_restore goes back to.
audit_save() {
	audit_state >"$1" || return
	if [[ $(audit_enabled) == 2 ]]; then
		say "the audit configuration is locked until the next boot (enabled 2)"
		return 1
	fi
	if [[ -e $KERNEL_CHANGES ]]; then
		say "a killauditd crashed: $KERNEL_CHANGES is there (start and stop it once)"
		return 1
	fi
	[[ ! -d ${KERNEL_CHANGES%/*} ]] || touch "$1.folder"
}

audit_enabled() {
	audit_number enabled
}

audit_number() {
	auditctl -s | awk -v name="$1" '$1 == name { print $2 }'
}

audit_delete_rules_of() {
	# A key without rules is an error to auditctl, not to us.
	auditctl -D -k "$1" >/dev/null 2>&1 || true
}

# audit_restore FILE: puts the numbers back, removes killauditd's and the tests' rules and looks
# whether all is as it was.
audit_restore() {
	local before=$1 key name value
	[[ -e $before ]] || return 0
	for key in "${AUDIT_KEYS[@]}"; do
		audit_delete_rules_of "$key"
	done
	while read -r name value; do
		[[ $(audit_number "$name") == "$value" ]] || audit_set "$name" "$value" >/dev/null
	done < <(grep -E '^[a-z_]+ [0-9]+$' "$before")
	rm -f "$KERNEL_CHANGES"
	[[ -e $before.folder ]] || rm -rf "${KERNEL_CHANGES%/*}"
	diff "$before" <(audit_state) || { say "the audit state is not as it was"; return 1; }
}

audit_set() {
	case $1 in
	enabled) auditctl -e "$2" ;;
	failure) auditctl -f "$2" ;;
	rate_limit) auditctl -r "$2" ;;
	backlog_limit) auditctl -b "$2" ;;
	backlog_wait_time) auditctl --backlog_wait_time "$2" ;;
	esac
}

# Two rules as an administrator may have them, which no test sets off, under the tests' own key.
audit_add_foreign_rules() {
	auditctl -a always,exit -F arch=b64 -S acct -F auid=4242 -k killauditd-test
	auditctl -w /etc/killauditd-test -p wa -k killauditd-test
}
