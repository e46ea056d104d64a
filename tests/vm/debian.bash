# SPDX-License-Identifier: GPL-2.0-or-later
# SPDX-FileCopyrightText: The killauditd authors
# shellcheck shell=bash
#
# What build-image and build-deb share: the Debian releases, where their packages come from, and the
# cache for what takes minutes to make.

CACHE=${KILLAUDITD_CACHE:-/var/cache/killauditd-test}

# debian_codename RELEASE
debian_codename() {
	case $1 in
	11) echo bullseye ;;
	12) echo bookworm ;;
	13) echo trixie ;;
	*) echo "there is no Debian $1 here, only 11, 12 and 13" >&2; return 1 ;;
	esac
}

# debian_sources CODENAME: the lines for apt, from the servers that this host's own apt uses; none
# if it is no Debian host. mmdebstrap then knows the public ones.
debian_sources() {
	local host site security
	# shellcheck source=/dev/null
	host=$(. /etc/os-release && echo "${VERSION_CODENAME:-}")
	site=$(debian_site "$host" main) || return 0
	echo "deb $site $1 main"
	echo "deb $site $1-updates main"
	security=$(debian_site "$host-security" main) || return 0
	echo "deb $security $1-security main"
}

# debian_site SUITE COMPONENT
debian_site() {
	# shellcheck disable=SC2016 # apt's variables
	apt-get indextargets --format '$(SITE) $(RELEASE) $(COMPONENT)' 'Created-By: Packages' |
		awk -v suite="$1" -v component="$2" \
			'$2 == suite && $3 == component && !n++ { print $1 } END { exit !n }'
}

# cache_name KIND RELEASE SCRIPT...: a path whose name changes when the scripts do, comments aside,
# or what comes by standard input.
cache_name() {
	local kind=$1 release=$2 hash
	shift 2
	hash=$(cat "$@" - | grep -v '^[[:space:]]*#' | sha256sum)
	echo "$CACHE/$kind-$release-${hash:0:16}"
}

# cache_lock KIND RELEASE: one builds, the others wait for it. Until this process ends.
cache_lock() {
	mkdir -p "$CACHE"
	exec 7>"$CACHE/.$1-$2.lock"
	flock 7
}

# cache_tidy KIND RELEASE KEPT: those before it. The lock is held.
cache_tidy() {
	local old
	for old in "$CACHE/$1-$2"-*; do
		[[ $old == "$3" || ! -e $old ]] || rm -rf --one-file-system "$old"
	done
}
