#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-or-later
# SPDX-FileCopyrightText: The killauditd authors
#
# The catalog is what the journal takes for one. It has each MESSAGE_ID of ours, explains each reason
# of a gap and of a loss of coverage, and uses no field that an entry can be without.

set -eu
cd "${SRCDIR:-.}"
catalog=systemd/killauditd.catalog
broken=0

complain() {
	echo "$catalog $1" >&2
	broken=1
}

for id in $(grep -rhoE '"[0-9a-f]{32}"' src/core --include='*.h' | tr -d '"' | sort -u); do
	grep -qx -- "-- $id" $catalog || complain "has no text for $id"
done

for table in gap coverage; do
	[ -e "src/core/$table.h" ] || continue
	reasons=$(sed -n 's/^\tX([A-Z_]*, "\([a-z-]*\)",.*/\1/p' "src/core/$table.h")
	for reason in $reasons; do
		grep -q "^$reason: " $catalog || complain "does not explain $reason"
	done
done

for field in $(grep -oE '@[A-Z_0-9]+@' $catalog | tr -d @ | sort -u); do
	grep -qE "^	X\($field, 0, false," src/core/journal-field.h ||
		complain "uses $field, which may be left out or repeated"
done

# As the journal reads it, in a root of its own.
if command -v journalctl >/dev/null; then
	root=$(mktemp -d)
	trap 'rm -rf "$root"' EXIT
	mkdir -p "$root/usr/lib/systemd/catalog" "$root/var/lib/systemd/catalog"
	cp $catalog "$root/usr/lib/systemd/catalog"
	journalctl --root="$root" --update-catalog
	ids=$(sed -n 's/^-- //p' $catalog)
	for id in $ids; do
		journalctl --root="$root" --dump-catalog "$id" | grep -q '^Subject: .' ||
			complain "is not read as text for $id"
	done
fi
exit "$broken"
