#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-or-later
# SPDX-FileCopyrightText: The killauditd authors
#
# The folders are the rule: src/core is pure, one file alone knows libauparse, and nothing below
# looks up to what is above it.

set -eu
cd "${SRCDIR:-.}/src"
broken=0

# forbid WHY PATTERN FILE...
forbid() {
	local why=$1 pattern=$2
	shift 2
	if grep -nE "$pattern" "$@"; then
		echo "^ $why" >&2
		broken=1
	fi
}

mapfile -t core < <(find core -name '*.[ch]')
mapfile -t io < <(find io -name '*.[ch]')
mapfile -t all < <(find . -name '*.[ch]')
[ "${#core[@]}" -gt 0 ] && [ "${#io[@]}" -gt 0 ]

forbid 'core looks up' '#include "(io|daemon|cli)/' "${core[@]}"
forbid 'core touches the system' \
	'#include <(auparse|libaudit|unistd|fcntl|poll|dirent|sys/socket|sys/stat|sys/file|systemd/.*)(\.h)?>' \
	"${core[@]}"
forbid 'core asks a clock' '\<(time|clock_gettime|gettimeofday|localtime(_r)?) ?\(' "${core[@]}"
forbid 'core logs or prints' '\<(printf|fprintf|puts|perror|syslog|sd_journal_[a-z]+) ?\(' "${core[@]}"
# A static variable that is not const, outside of a function.
forbid 'core has a global' '^static (struct |unsigned |enum )?[a-z0-9_]+ \*?[a-z_]+(\[.*\])?( =.*)?;' "${core[@]}"
forbid 'io looks up' '#include "(daemon|cli)/' "${io[@]}"
forbid 'io logs' '\<(printf|fprintf|puts|perror|syslog|log_message) ?\(' "${io[@]}"

if [ "$(grep -l '#include <auparse.h>' "${all[@]}" | sort | tr '\n' ' ')" != './io/event-decoder.c ' ]; then
	echo 'libauparse has one user, io/event-decoder.c' >&2
	broken=1
fi
exit "$broken"
