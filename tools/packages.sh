# SPDX-License-Identifier: GPL-2.0-or-later
# SPDX-FileCopyrightText: The killauditd authors
# shellcheck shell=bash disable=SC2034
#
# The Debian packages that building, testing and the demonstration need, and how the missing ones
# are installed. tools/test and tools/demo read this file.

BUILD_PACKAGES=(
	autoconf automake gcc git libaudit-dev libauparse-dev libc6-dev libinih-dev libjson-c-dev
	libsystemd-dev libtraceevent-dev libtracefs-dev make pkg-config uthash-dev
)
CHECK_PACKAGES=(
	clang clang-format cppcheck debhelper fakeroot libclang-rt-14-dev libcmocka-dev lintian mandoc
	rpm shellcheck systemd xz-utils
)
LAB_PACKAGES=(
	auditd bats busybox-static docker.io jq procps runc systemd util-linux
)
VM_PACKAGES=(
	bats binutils busybox-static cpio debhelper debian-archive-keyring dpkg-dev e2fsprogs fakeroot
	jq libinih-dev libtraceevent-dev libtracefs-dev mmdebstrap openssh-client qemu-system-x86
	qemu-utils util-linux xz-utils zstd
)
DEMO_PACKAGES=(
	busybox-static jq procps runc util-linux
)

missing_packages() {
	local name
	for name in "$@"; do
		# shellcheck disable=SC2016 # dpkg-query's variable
		dpkg-query -W -f '${db:Status-Status}\n' "$name" 2>/dev/null | grep -qx installed ||
			echo "$name"
	done | sort -u
}

# install_packages NAME...: those that are missing, without starting the services in them: an audit
# daemon or a Docker that nobody asked for would change the machine. A subshell, so that its trap is
# its own.
install_packages() (
	policy=/usr/sbin/policy-rc.d
	mapfile -t missing < <(missing_packages "$@")
	[[ ${#missing[@]} -gt 0 ]] || exit 0
	if [[ $EUID -ne 0 ]]; then
		echo "these packages are missing, and only root can install them: ${missing[*]}" >&2
		exit 1
	fi
	if [[ ! -e $policy ]]; then
		trap 'rm -f "$policy"' EXIT
		printf '#!/bin/sh\nexit 101\n' >"$policy"
		chmod 755 "$policy"
	fi
	export DEBIAN_FRONTEND=noninteractive
	apt-get -q update
	apt-get -q -y install --no-install-recommends "${missing[@]}"
)

# copy_source FROM TO: what belongs to the project, without what was built in it, so that a build
# elsewhere leaves the checkout as it is.
copy_source() {
	mkdir -p "$2"
	if [[ -e $1/.git ]]; then
		# A file that is tracked but deleted is not there to be copied. Root may work in
		# anybody's checkout.
		git -c safe.directory="$1" -C "$1" ls-files -z -co --exclude-standard |
			tar -C "$1" -c --null --ignore-failed-read -T - | tar -C "$2" -x --no-same-owner
	else
		cp -R "$1/." "$2"
	fi
}
