#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-or-later
# SPDX-FileCopyrightText: The killauditd authors
#
# The RPM has all that make install installs, and nothing else. (The Debian package takes whatever
# that is; tools/check-packages builds both and looks.) Both packages know each unit, and have the
# version of the program.

set -eu
source=$(realpath "${SRCDIR:-.}")
build=$(realpath "${BUILDDIR:-.}")
root=$(mktemp -d)
trap 'rm -rf "$root"' EXIT
broken=0

complain() {
	echo "$1" >&2
	broken=1
}

lib=/usr/lib/systemd
MAKEFLAGS='' make -s -C "$build" install DESTDIR="$root/installed" prefix=/usr exec_prefix=/usr \
	sbindir=/usr/sbin sysconfdir=/etc datarootdir=/usr/share datadir=/usr/share \
	docdir=/usr/share/doc/killauditd mandir=/usr/share/man systemdsystemunitdir=$lib/system \
	systemdcatalogdir=$lib/catalog journaldconfdir=$lib/journald.conf.d >/dev/null
(cd "$root/installed" && find . ! -type d | cut -c2- | LC_ALL=C sort) >"$root/installed.list"

sed -n '/^%files/,/^%changelog/p' "$source/rpm/killauditd.spec" |
	sed -e '/^%files/d' -e '/^%changelog/d' -e '/^%license/d' -e '/^%dir/d' -e '/^$/d' \
		-e 's/^%config(noreplace) //' -e 's/\*$//' -e "s|%{_unitdir}|$lib/system|" \
		-e "s|%{_journalcatalogdir}|$lib/catalog|" \
		-e "s|%{journaldconfdir}|$lib/journald.conf.d|" -e 's|%{_sbindir}|/usr/sbin|' \
		-e 's|%{_sysconfdir}|/etc|' -e 's|%{_datadir}|/usr/share|' \
		-e 's|%{_docdir}|/usr/share/doc|' -e 's|%{_mandir}|/usr/share/man|' |
	LC_ALL=C sort >"$root/spec.list"
diff -u "$root/installed.list" "$root/spec.list" ||
	complain "rpm/killauditd.spec (+) is not what make install installs (-)"

units=$(sed -n "s|^$lib/system/||p" "$root/installed.list")
[ -n "$units" ]
for unit in $units; do
	for file in debian/rules debian/killauditd.prerm; do
		grep -q "[ 	]$unit\( \|$\)" "$source/$file" || complain "$file does not know $unit"
	done
	grep -q "^%global units.* $unit\( \|$\)" "$source/rpm/killauditd.spec" ||
		complain "rpm/killauditd.spec does not stop $unit"
done

version=$("$build/killauditd" --version | grep -oE '[0-9]+(\.[0-9]+)+' | head -n 1)
grep -q "^Version: $version\$" "$source/rpm/killauditd.spec" ||
	complain "rpm/killauditd.spec is not of version $version"
head -n 1 "$source/debian/changelog" | grep -q "^killauditd (${version}[)~+-]" ||
	complain "debian/changelog is not of version $version"
exit "$broken"
