#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-or-later
# SPDX-FileCopyrightText: The killauditd authors
#
# The source is laid out as .clang-format says.

set -eu
command -v clang-format >/dev/null || exit 77
cd "${SRCDIR:-.}"
find src tests bench doc -name '*.[ch]' -print0 | xargs -0 clang-format --dry-run -Werror --style=file
