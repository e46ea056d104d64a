#!/usr/bin/env bats
# SPDX-License-Identifier: GPL-2.0-or-later
# SPDX-FileCopyrightText: The killauditd authors
#
# Names, paths and command lines are whatever their owner chose. They arrive byte for byte in their
# own field, forge nothing, and are escaped wherever a person reads them.

# shellcheck disable=SC2030,SC2031 # a test is no subshell of another
load lib.bash

# Names (at most 15 bytes) that mean something to some format on the way, as hex.
declare -gA NAMES=(
	[spaces]=$(printf ' a  b ' | to_hex)
	[quotes]=$(printf "\"it's\"" | to_hex)
	[newline]=$(printf 'a\nUID=0' | to_hex)
	[equals]=$(printf 'a=b' | to_hex)
	[hop]=$(printf 'init=>sh' | to_hex)
	[times]=$(printf 'sh(0m0.1s)=>x' | to_hex)
	[backslash]=$(printf '%s' $'a\\x41\\' | to_hex)
	[record]=$(printf 'x" pid=1 a="' | to_hex)
	[hexlike]=$(printf 'DEADBEEF' | to_hex)
	[null]=$(printf '(null)' | to_hex)
	[invalid_utf8]=61fffe62c3
	[utf8]=$(printf 'na\303\257ve' | to_hex)
	[control]=61011b5b33316d7f08
	[all_high]=808182838485868788898a8b8c8d8e
)

setup_file() {
	lab_start
	journal_start
}

teardown_file() {
	lab_stop
}

setup() {
	start_killauditd
	start_target
}

teardown() {
	after_each
}

# escaped HEX: as a person is to read it.
escaped() {
	local i byte
	for ((i = 0; i < ${#1}; i += 2)); do
		byte=${1:i:2}
		case $byte in
		3[0-9] | 4[1-9a-f] | 5[0-9a] | 6[1-9a-f] | 7[0-9a] | 2e | 5f | 3a | 2b | 40 | 2f | 2d)
			# shellcheck disable=SC2059 # the byte is the format
			printf "\\x$byte" ;;
		*)
			printf '\\x%s' "$byte" ;;
		esac
	done
}

# The hops of an ancestry, oldest first, without their times and without where the chain was cut.
hops() {
	field SENDER_ANCESTRY | sed 's/=>/\n/g; s/([^)\n]*)//g' | grep -vx '?'
}

json_hops() {
	field SENDER_ANCESTRY_JSON | jq 'map(select(.comm)) | length'
}

# one_line_of_text NAME: the field holds neither a control nor a non-ASCII byte.
one_line_of_text() {
	! jq --arg name "$1" '.[$name]' <<<"$ENTRY" | LC_ALL=C grep -q '[^ -~]\|\\[nrtbfu]'
}

@test "hostile sender names arrive byte for byte, are escaped for the eyes and forge nothing" {
	local plain_fields plain_hops which hex
	send_and_stay kill "$TARGET" 19
	only_entry SENDER_PID="$SENDER"
	plain_fields=$(field_names)
	plain_hops=$(hops | wc -l)
	for which in "${!NAMES[@]}"; do
		hex=${NAMES[$which]}
		send_and_stay --comm "$hex" kill "$TARGET" 19
		only_entry SENDER_PID="$SENDER"
		echo "name: $which"
		[ "$(field_hex SENDER_COMM)" = "$hex" ]
		[[ $(field MESSAGE) == "$(escaped "$hex")($SENDER) sent SIGSTOP to server($TARGET)"* ]]
		one_line_of_text MESSAGE
		one_line_of_text SENDER_ANCESTRY
		[ "$(hops | tail -n 1)" = "$(escaped "$hex")" ]
		[ "$(hops | wc -l)" -eq "$plain_hops" ]
		diff <(field_names) <(echo "$plain_fields")
		expect SENDER_UID 0
		expect TARGET_COMM server
	done
}

@test "the ancestry as JSON has as many hops as the one for the eyes, whatever the name" {
	local which
	for which in hop newline invalid_utf8 quotes; do
		send_and_stay --comm "${NAMES[$which]}" kill "$TARGET" 19
		only_entry SENDER_PID="$SENDER"
		echo "name: $which"
		[ "$(json_hops)" -eq "$(hops | wc -l)" ]
		[ "$(field SENDER_ANCESTRY_JSON | jq '.[-1].pid | tonumber')" -eq "$SENDER" ]
	done
}

@test "hostile target names arrive byte for byte and are escaped for the eyes" {
	local which hex
	for which in "${!NAMES[@]}"; do
		hex=${NAMES[$which]}
		start_target --comm "$hex"
		send kill "$TARGET" 9
		only_entry TARGET_PID="$TARGET"
		echo "name: $which"
		[ "$(field_hex TARGET_COMM)" = "$hex" ]
		[[ $(field MESSAGE) == *" sent SIGKILL to $(escaped "$hex")($TARGET)"* ]]
		one_line_of_text MESSAGE
	done
}

@test "hostile ancestors add no hop and no value" {
	local name=$'p=>q\nR=1 \xff' said
	cp "$LAB/bin/vGhyM0" "$LAB/bin/$name"
	background_to "$LAB/said" "$LAB/bin/$name" "$LAB/bin/send" --stay 60 kill "$TARGET" 19
	wait_until 5 test -s "$LAB/said"
	said=$(<"$LAB/said")
	SENDER=${said##*pid=}
	only_entry SENDER_PID="$SENDER"
	[ "$(hops | tail -n 2 | head -n 1)" = "$(escaped "$(printf %s "$name" | to_hex)")" ]
	[ "$(json_hops)" -eq "$(hops | wc -l)" ]
	one_line_of_text SENDER_ANCESTRY
	[ "$(field_hex SENDER_PARENT_COMM)" = "$(printf %s "$name" | to_hex)" ]
	expect R
}

@test "a hostile path of the executable arrives byte for byte" {
	local folder=$LAB/$'a "b" =>c\nSENDER_UID=7 \xff\xfe\x01'
	mkdir "$folder"
	cp "$LAB/bin/send" "$folder/send"
	background_to "$LAB/said" "$folder/send" --stay 60 kill "$TARGET" 19
	wait_until 5 test -s "$LAB/said"
	SENDER=$BACKGROUND_PID
	only_entry SENDER_PID="$SENDER"
	[ "$(field_hex SENDER_EXE)" = "$(printf %s "$folder/send" | to_hex)" ]
	expect SENDER_UID 0
	expect SENDER_COMM send
	one_line_of_text MESSAGE
	one_line_of_text SENDER_ANCESTRY
}

# Words for the end of a command line.
WORDS=(
	-- 'two  words' '' $'line\nSIGNAL_NAME=SIGFORGED' '"quoted"' "'" 'a=b=>c'
	$'\xff\xc3(\x01\x1b[31m\x7f' $'\\'
)

# command_line_arrives: as of the sender that ran with these words.
command_line_arrives() {
	[ "$(field_hex SENDER_CMDLINE)" = "$(printf %s "$*" | to_hex)" ]
	expect SIGNAL_NAME SIGSTOP
	one_line_of_text MESSAGE
}

@test "a hostile command line arrives byte for byte, its words joined by single spaces" {
	send_and_stay kill "$TARGET" 19 "${WORDS[@]}"
	only_entry SENDER_PID="$SENDER"
	command_line_arrives "$LAB/bin/send" --stay 60 kill "$TARGET" 19 "${WORDS[@]}"
}

@test "the command line of a sender that is gone comes from the audit record, byte for byte" {
	# A short name, for the kernel records 128 bytes.
	cd "$LAB/bin"
	kill -STOP "$KILLAUDITD_PID"
	./send kill "$TARGET" 19 "${WORDS[@]}"
	kill -CONT "$KILLAUDITD_PID"
	only_entry TARGET_PID="$TARGET"
	command_line_arrives ./send kill "$TARGET" 19 "${WORDS[@]}"
}

@test "a command line longer than the audit record's is whole while its sender lives" {
	local long
	long=$(printf '%0200d' 7)
	send_and_stay kill "$TARGET" 19 -- "$long"
	only_entry SENDER_PID="$SENDER"
	expect_match SENDER_CMDLINE " 19 -- $long\$"
}

@test "a sender with an empty name is told all the same" {
	send --comm '' kill "$TARGET" 9
	only_entry TARGET_PID="$TARGET"
	expect SENDER_PID "$SENDER"
	# Never an empty field.
	jq -e 'has("SENDER_COMM") | not' <<<"$ENTRY"
	[ "$(jq 'map_values(select(. == "" or . == [])) | length' <<<"$ENTRY")" -eq 0 ]
}
