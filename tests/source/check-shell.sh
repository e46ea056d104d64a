#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-or-later
# SPDX-FileCopyrightText: The killauditd authors
#
# The linter of shells finds nothing in the scripts.

set -eu
command -v shellcheck >/dev/null || exit 77
cd "${SRCDIR:-.}"
mapfile -t scripts < <(grep -rlE '^#!/(usr/bin/env |bin/)(ba)?sh' .ci tools tests bench --include='*' |
	grep -v '\.bats$')
mapfile -t -O "${#scripts[@]}" scripts < <(find tests tools bench -name '*.bash')
exec shellcheck -x "${scripts[@]}"
