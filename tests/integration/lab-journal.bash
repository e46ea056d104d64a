# SPDX-License-Identifier: GPL-2.0-or-later
# SPDX-FileCopyrightText: The killauditd authors
# shellcheck shell=bash
#
# A journal to write to, and the entries of killauditd in it.
#
# Where systemd runs, its journal is used as it is. Elsewhere (a build machine, a container) the lab
# starts a journal daemon itself. Debian's switches auditing off when it starts, unless its Audit=
# is empty: then it leaves `enabled` as it finds it, 0 or 1 (tried with systemd 252). It then also
# stores the raw audit records, under another identifier, which does no harm.

JOURNALD=/lib/systemd/systemd-journald
JOURNALD_DROP_IN=/run/systemd/journald.conf.d/killauditd-test.conf
JOURNAL_FOLDERS=(/run/systemd/journald.conf.d /run/systemd/journal /run/log/journal)

journal_start() {
	local folder
	if runs systemd-journal; then
		[[ -S /run/systemd/journal/socket ]] && return
		say "a journal daemon runs, but has no socket"
		return 1
	fi
	for folder in "${JOURNAL_FOLDERS[@]}"; do
		[[ -e $folder ]] || echo "$folder" >>"$LAB/journal-folders"
		mkdir -p "$folder"
	done
	printf '[Journal]\nAudit=\nStorage=volatile\nRateLimitBurst=0\n' >"$JOURNALD_DROP_IN"
	# One that a daemon left behind would look like a journal.
	rm -f /run/systemd/journal/socket
	background "$JOURNALD"
	echo "$BACKGROUND_PID" >"$LAB/journald.pid"
	wait_until 10 test -S /run/systemd/journal/socket || return
	wait_until 10 journalctl --sync 2>/dev/null
}

journal_stop() {
	local folder
	[[ -e $LAB/journald.pid ]] || return 0
	stop_process "$(<"$LAB/journald.pid")"
	rm -f "$JOURNALD_DROP_IN" "$LAB/journald.pid"
	while read -r folder; do
		rm -rf "$folder"
	done < <(cat "$LAB/journal-folders" 2>/dev/null)
}

# entries [FIELD=VALUE...]: what the running (or last) killauditd wrote, one JSON object a line.
entries() {
	journalctl -q --no-pager --all -o json -t killauditd _PID="$KILLAUDITD_PID" "$@"
}

count_entries() {
	entries "$@" | wc -l
}

has_entry() {
	[[ $(count_entries "$@") -gt 0 ]]
}

# Waits until killauditd has written all that was sent so far: it sends one more signal and waits for
# that entry, for the order is kept. Works for every --output that writes. What
# start_target and send leave in variables is its own, not the test's.
settle() {
	# shellcheck disable=SC2034 # set by those two
	local TARGET TARGET_SAYS RESULT SENDER BACKGROUND_PID
	start_target
	send kill "$TARGET" 15
	if ! wait_until 15 has_told_of "$TARGET"; then
		say "killauditd does not tell of the signal sent last"
		return 1
	fi
}

# has_told_of PID: whether standard output or the journal names that target.
has_told_of() {
	grep -qw "$1" "$LAB/out" 2>/dev/null || has_entry "TARGET_PID=$1"
}

# only_entry [FIELD=VALUE...]: waits for what was sent so far, wants exactly one such entry, and
# puts it into ENTRY.
only_entry() {
	local n
	settle || return
	ENTRY=$(entries "$@")
	n=$(grep -c . <<<"$ENTRY" || true)
	[[ $n -eq 1 ]] || { say "$n entries for $*, not 1: $ENTRY"; return 1; }
}

# field NAME: its value in ENTRY, several values one a line; nothing if it is not there.
field() {
	jq -r --arg name "$1" '.[$name] // empty | if type == "array" then .[] else . end' \
		<<<"$ENTRY"
}

# field_hex NAME: the bytes of a field of one value, as hex. journalctl shows what is not UTF-8, or
# not printable, as an array of numbers.
field_hex() {
	local kind
	kind=$(jq -r --arg name "$1" '.[$name] | type' <<<"$ENTRY")
	case $kind in
	string) jq -r --arg name "$1" '.[$name] | @base64' <<<"$ENTRY" | base64 -d | to_hex ;;
	array) jq -r --arg name "$1" '.[$name][]' <<<"$ENTRY" | awk '{ printf "%02x", $1 }' ;;
	*) return 1 ;;
	esac
}

# The names of the fields of our own in ENTRY, sorted: not the journal's.
field_names() {
	jq -r 'keys[] | select(startswith("_") | not)' <<<"$ENTRY" | sort
}

# expect NAME VALUE: exactly that; expect NAME: not there at all.
expect() {
	local value
	value=$(field "$1")
	[[ $value == "${2-}" ]] && return
	say "$1 is '$value', not '${2-}', in: $ENTRY"
	return 1
}

# expect_match NAME REGEX
expect_match() {
	local value
	value=$(field "$1")
	[[ $value =~ $2 ]] && return
	say "$1 is '$value', which does not match '$2', in: $ENTRY"
	return 1
}

# expect_among NAME VALUE: one of the values of a field that may occur more than once.
expect_among() {
	field "$1" | grep -qxF -- "$2" && return
	say "$1 has no '$2' in: $ENTRY"
	return 1
}
