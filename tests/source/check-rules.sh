#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-or-later
# SPDX-FileCopyrightText: The killauditd authors
#
# The rules file that is checked in is what the program prints.

set -eu
[ "$(uname -m)" = x86_64 ] || exit 77
"${BUILDDIR:-.}/killauditd" --print-rules | cmp - "${SRCDIR:-.}/rules/40-killauditd.rules"
