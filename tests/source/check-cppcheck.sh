#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-or-later
# SPDX-FileCopyrightText: The killauditd authors
#
# cppcheck finds nothing in the source.

set -eu
command -v cppcheck >/dev/null || exit 77
cd "${SRCDIR:-.}"
exec cppcheck --quiet --error-exitcode=1 --std=c11 --enable=warning,performance,portability \
	--inline-suppr --suppress=missingIncludeSystem -D_GNU_SOURCE -D__x86_64__ -I src src
