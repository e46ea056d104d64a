#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-or-later
# SPDX-FileCopyrightText: The killauditd authors
#
# The manual pages are well-formed, and name every option that --help names and every reason that
# an entry can have.

set -eu
command -v mandoc >/dev/null || exit 77
cd "${SRCDIR:-.}"
mandoc -Tlint -Wwarning doc/*.[1-8]
for option in $("${BUILDDIR:-.}/killauditd" --help | grep -oE '^  --[a-z-]+'); do
	if ! grep -qF "Fl \\${option#-}" doc/killauditd.8; then
		echo "doc/killauditd.8 does not tell of $option" >&2
		exit 1
	fi
done

for reason in $(grep -oE '"(sender|target|cause)-[a-z-]+"' src/core/certainty.h | tr -d '"'); do
	if ! grep -qwF -- "$reason" doc/killauditd.8; then
		echo "doc/killauditd.8 does not explain $reason" >&2
		exit 1
	fi
done
