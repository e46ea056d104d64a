#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-or-later
# SPDX-FileCopyrightText: The killauditd authors
#
# The manual pages are well-formed, name every option that --help names and every reason that an entry
# can have, and the one of the fields is what the table of the fields makes of it.

set -eu
cd "${SRCDIR:-.}"
build=${BUILDDIR:-.}
page=doc/killauditd-journal-fields.7

if ! "$build/doc/print-journal-fields" "$page.in" | cmp - "$page"; then
	echo "$page is not what the table makes of it: make update-manpages" >&2
	exit 1
fi

for option in $("$build/killauditd" --help | grep -oE '^  --[a-z-]+'); do
	if ! grep -qF "Fl \\${option#-}" doc/killauditd.8; then
		echo "doc/killauditd.8 does not tell of $option" >&2
		exit 1
	fi
done

# Reasons of uncertainty, of a gap and of a loss of coverage, each in its own table.
for table in certainty gap coverage; do
	[ -e "src/core/$table.h" ] || continue
	reasons=$(sed -n 's/^\tX([A-Z_]*, "\([a-z-]*\)",.*/\1/p' "src/core/$table.h")
	for reason in $reasons; do
		if ! grep -qE "^\.It Li (.* )?$reason( |$)" "$page"; then
			echo "$page does not explain $reason" >&2
			exit 1
		fi
	done
done

command -v mandoc >/dev/null || exit 77
mandoc -Tlint -Wwarning doc/*.[1-8]
