# SPDX-License-Identifier: GPL-2.0-or-later
# SPDX-FileCopyrightText: The killauditd authors
# shellcheck shell=bash
#
# Runs once before all bats files: compiles the test programs.

setup_suite() {
	# shellcheck source=/dev/null
	. "$BATS_TEST_DIRNAME/lib.bash"
	export PROGRAMS=$BATS_RUN_TMPDIR/programs
	mkdir "$PROGRAMS"
	build_programs "$PROGRAMS"
}
