# SPDX-License-Identifier: GPL-2.0-or-later
# SPDX-FileCopyrightText: The killauditd authors
# shellcheck shell=bash
#
# shellcheck disable=SC2034
# Real containers: runc with any cgroup path, and Docker with a daemon of the lab's own. Their root
# holds a static busybox and the test programs.

# The root folder that all containers of a lab share.
make_rootfs() {
	[[ ! -d $LAB/rootfs ]] || return 0
	mkdir -p "$LAB/rootfs/bin" "$LAB/rootfs/proc" "$LAB/rootfs/sys" "$LAB/rootfs/dev"
	cp /bin/busybox "$LAB/rootfs/bin/busybox"
	ln -s busybox "$LAB/rootfs/bin/sh"
	cp "$LAB"/bin/* "$LAB/rootfs/"
}

# note_cgroups PATH: writes down which folders on the way to this control group are not there yet,
# in every hierarchy; whoever makes them seldom removes them.
note_cgroups() {
	local root path
	while read -r root; do
		path=$1
		while [[ -n $path && ! -e $root$path ]]; do
			echo "$root$path"
			path=${path%/*}
		done
	done < <(awk '$3 == "cgroup" || $3 == "cgroup2" { print $2 }' /proc/mounts) >>"$LAB/cgroups"
}

cgroups_remove() {
	local folder
	[[ -e $LAB/cgroups ]] || return 0
	# The longest first: children before parents.
	while read -r folder; do
		[[ ! -d $folder ]] || rmdir "$folder" || say "control group $folder is still in use"
	done < <(sort -ur "$LAB/cgroups")
	rm -f "$LAB/cgroups"
}

# container_start ID CGROUP_PATH COMMAND...: the host's pid of its init is in CONTAINER_PID.
container_start() {
	local id=$1 path=$2 bundle=$LAB/bundle-$1
	shift 2
	make_rootfs && mkdir "$bundle" || return
	note_cgroups "$path"
	runc spec -b "$bundle" || return
	jq --arg root "$LAB/rootfs" --arg path "$path" \
		'.root = { path: $root, readonly: true }
		| .linux.cgroupsPath = $path
		| .process.terminal = false
		| .process.args = $ARGS.positional
		| del(.process.rlimits)' \
		"$bundle/config.json" --args "$@" >"$bundle/config.new" || return
	mv "$bundle/config.new" "$bundle/config.json"
	if ! runc --root "$LAB/runc" run -d -b "$bundle" "$id" \
		</dev/null >"$bundle/out" 2>&1 3>&- 4>&- 8>&-; then
		say "runc cannot start the container: $(cat "$bundle/out")"
		return 1
	fi
	CONTAINER_PID=$(runc --root "$LAB/runc" state "$id" | jq .pid)
	wait_until 5 test -s "$bundle/out"
}

# container_run ID COMMAND...: in a container that runs already.
container_run() {
	runc --root "$LAB/runc" exec "$@" 3>&- 4>&- 8>&-
}

containers_stop() {
	local id
	[[ -d $LAB/runc ]] || return 0
	while read -r id; do
		runc --root "$LAB/runc" delete -f "$id" && rm -rf "$LAB/bundle-$id"
	done < <(runc --root "$LAB/runc" list -q)
	rm -rf "$LAB"/bundle-*
}

docker() {
	command docker -H "unix://$LAB/docker/socket" "$@"
}

docker_start() {
	local folder=$LAB/docker
	make_rootfs && mkdir "$folder" || return
	note_cgroups /docker
	background dockerd --data-root "$folder/data" --exec-root "$folder/exec" \
		--host "unix://$folder/socket" --pidfile "$folder/pid" \
		--iptables=false --bridge=none >"$folder/log" 2>&1
	if ! wait_until 30 docker_answers; then
		say "dockerd does not start:"
		tail "$folder/log" >&2
		return 1
	fi
	tar -C "$LAB/rootfs" -c . | docker import - killauditd:test >/dev/null
}

docker_answers() {
	docker version >/dev/null 2>&1
}

docker_stop() {
	local pid id
	[[ -e $LAB/docker/pid ]] || return 0
	pid=$(<"$LAB/docker/pid")
	for id in $(timeout 10 docker ps -aq 2>/dev/null); do
		docker rm -f "$id" >/dev/null
	done
	stop_process "$pid"
	# A daemon that had to be killed leaves these behind.
	awk -v lab="$LAB/" 'index($2, lab) == 1 { print $2 }' /proc/mounts | sort -r |
		xargs -r umount -l
	rm -rf "$LAB/docker"
}
