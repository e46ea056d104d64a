#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-or-later
# SPDX-FileCopyrightText: The killauditd authors
#
# Every input that was ever worth keeping, through its target once more.

set -eu
for corpus in "${SRCDIR:-.}"/tests/fuzz/*.corpus; do
	target=$(basename "$corpus" .corpus)
	"${BUILDDIR:-.}/tests/fuzz/$target" "$corpus"/*
done
