# SPDX-License-Identifier: GPL-2.0-or-later
# SPDX-FileCopyrightText: The killauditd authors

# KA_REQUIRE(PREFIX, MODULE, DEBIAN-PACKAGE)
# As PKG_CHECK_MODULES, but a missing module is only noted in $missing, so that configure can name
# all that is missing in one message.
AC_DEFUN([KA_REQUIRE],
	[PKG_CHECK_MODULES([$1], [$2], [], [missing="$missing
  $2 (Debian package $3)"])])
