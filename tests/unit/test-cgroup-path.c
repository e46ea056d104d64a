/* SPDX-License-Identifier: GPL-2.0-or-later */
/* SPDX-FileCopyrightText: The killauditd authors */

#include <string.h>

#include "rows.h"

#include "core/cgroup-path.h"

/* 64 hexadecimal digits, and fewer. */
#define H20 "0123456789abcdef0123"
#define H61 H20 H20 H20 "4"
#define H62 H61 "5"
#define H   H62 "67"
#define H2  "5fb8adf9ee62" H20 H20 "89abcdef0123"

#define U     "f6f2d169-f2ae-4afa-95ed-06ff2ed6b288"
#define Us    "f6f2d169_f2ae_4afa_95ed_06ff2ed6b288"
#define SLICE "/kubepods.slice/kubepods-burstable.slice/kubepods-burstable-pod" Us ".slice"
#define USER  "/user.slice/user-1000.slice/user@1000.service"

static const struct path_row {
	const char *name;
	const char *path;
	const char *id, *runtime;
} path_rows[] = {
	{"docker, systemd driver", "/system.slice/docker-" H ".scope", H, "docker"},
	{"docker, cgroupfs driver", "/docker/" H, H, "docker"},
	{"docker, rootless", USER "/user.slice/docker-" H ".scope", H, "docker"},
	{"docker below a parent of its own", "/docker-ce/docker/" H, H, "docker"},
	{"docker --cgroup-parent", "/any/" H, H, NULL},
	{"nothing but an id", "/" H, H, NULL},
	{"of a hosted runner", "/actions_job/" H, H, NULL},
	{"docker, init moved down", "/system.slice/docker-" H ".scope/init", H, "docker"},
	{"docker, its cgroup was removed under a zombie",
		"/system.slice/docker-" H ".scope (deleted)", H, "docker"},
	{"docker with systemd inside", "/system.slice/docker-" H ".scope/init.scope", H, "docker"},
	{"docker, a cgroup of its own below", "/docker/" H "/ns", H, "docker"},
	{"docker in docker: the outer one", "/docker/" H "/docker/" H2, H, "docker"},
	{"seen from another namespace", "/../docker-" H ".scope", H, "docker"},
	{"seen from two below", "/../../kubepods-besteffort-pod" Us ".slice/docker-" H ".scope", H,
		"docker"},
	{"docker below kubelet", SLICE "/docker-" H ".scope", H, "docker"},
	{"containerd below kubelet", SLICE "/cri-containerd-" H ".scope", H, "containerd"},
	{"a guaranteed pod", "/kubepods.slice/kubepods-pod" Us ".slice/cri-containerd-" H ".scope",
		H, "containerd"},
	{"kubelet with a root of its own",
		"/kubelet.slice/kubelet-kubepods.slice/kubelet-kubepods-besteffort.slice/"
		"kubelet-kubepods-besteffort-pod" Us ".slice/cri-containerd-" H ".scope",
		H, "containerd"},
	{"a pod's id with both separators",
		"/kubepods.slice/kubepods-burstable-podf6f2d169_f2ae_4afa-95ed_06ff2ed6b288.slice/"
		"cri-containerd-" H ".scope",
		H, "containerd"},
	{"containerd, mixed driver",
		"/system.slice/containerd.service/kubepods-besteffort-pod" Us
		".slice:cri-containerd:" H,
		H, "containerd"},
	{"mixed driver at the top", "/kubepods-pod" Us ".slice:cri-containerd:" H, H, "containerd"},
	{"mixed driver, a cgroup below", "/x.slice:cri-containerd:" H "/init", H, "containerd"},
	{"mixed driver around docker", "/x.slice:cri-containerd:" H "/docker/" H2, H, "containerd"},
	{"pod, cgroupfs driver", "/kubepods/besteffort/pod" U "/" H, H, NULL},
	{"guaranteed pod, cgroupfs driver", "/kubepods/pod" U "/" H, H, NULL},
	{"static pod", "/kubepods/besteffort/podd76e26fba3bf2bfd215eb29011d55250/" H, H, NULL},
	{"pod with a cgroup of its own below", "/kubepods/pod" U "/" H "/kube-proxy", H, NULL},
	{"cri-o, systemd driver", SLICE "/crio-" H ".scope", H, "cri-o"},
	{"cri-o with crun", SLICE "/crio-" H ".scope/container", H, "cri-o"},
	{"cri-o, cgroupfs driver", "/kubepods/besteffort/pod" U "/crio-" H, H, "cri-o"},
	{"kind: docker around a pod",
		"/system.slice/docker-" H ".scope/kubelet/kubepods/burstable/pod" U "/" H2, H,
		"docker"},
	{"kind: docker around systemd's pods",
		"/system.slice/docker-" H ".scope" SLICE "/cri-containerd-" H2 ".scope", H,
		"docker"},
	{"kind: docker around a service",
		"/system.slice/docker-" H ".scope/system.slice/containerd.service", H, "docker"},
	{"podman", "/machine.slice/libpod-" H ".scope", H, "podman"},
	{"podman with crun", "/machine.slice/libpod-" H ".scope/container", H, "podman"},
	{"podman, rootless", USER "/user.slice/libpod-" H ".scope/container", H, "podman"},
	{"podman, cgroupfs driver", "/libpod_parent/libpod-" H, H, "podman"},
	{"podman below a service of its own", "/system.slice/web.service/libpod-payload-" H, H,
		"podman"},
	{"podman, rootless with v1", USER "/podman-1234.scope/" H, H, NULL},

	{"root", "/", ""},
	{"empty", "", ""},
	{"a service", "/system.slice/nginx.service", ""},
	{"the first process", "/init.scope", ""},
	{"a session", "/user.slice/user-1000.slice/session-6.scope", ""},
	{"a session, seen from elsewhere", "/../../user.slice/user-501.slice/session-3.scope", ""},
	{"a terminal with an id in its name",
		USER "/app.slice/app-org.gnome.Terminal.slice/vte-spawn-" U ".scope", ""},
	{"the runtime itself", "/system.slice/containerd.service", ""},
	{"the folder of containers", "/docker", ""},
	{"a mount of docker's", "/system.slice/var-lib-docker-overlay-" H62 "-merged.mount", ""},
	{"a mount of containerd's",
		"/system.slice/run-containerd-io.containerd.runtime.v1.linux-k8s.io-" H
		"-rootfs.mount",
		""},
	{"a mount of cri-o's", SLICE "/crio-" H ".mount", ""},
	{"cri-o's monitor", SLICE "/crio-conmon-" H ".scope", ""},
	{"cri-o's monitor, cgroupfs driver", "/kubepods/pod" U "/crio-conmon-" H, ""},
	{"podman's monitor", "/machine.slice/libpod-conmon-" H ".scope", ""},
	{"podman's monitors", "/libpod_parent/conmon", ""},
	{"podman's monitor below a service", "/system.slice/web.service/runtime", ""},
	{"podman's payload in no scope", "/web.service/libpod-payload-" H ".scope", ""},
	{"61 digits", "/kubepods/pod" U "/crio-" H61, ""},
	{"63 digits", "/docker/" H62 "6", ""},
	{"65 digits", "/docker/" H "8", ""},
	{"128 digits", "/docker/" H H2, ""},
	{"capital digits", "/docker/" H62 "6A", ""},
	{"not hexadecimal at the end", "/docker/" H62 "6g", ""},
	{"not hexadecimal at the start", "/docker/z" H62 "6", ""},
	{"characters beside the digits", "/docker/" H62 "/:", ""},
	{"docker without the scope", "/system.slice/docker-" H, ""},
	{"docker with another end", "/system.slice/docker-" H ".stuff", ""},
	{"docker with more at the end", "/system.slice/docker-" H ".scopes", ""},
	{"docker with more at the start", "/system.slice/xdocker-" H ".scope", ""},
	{"docker in capitals", "/system.slice/Docker-" H ".scope", ""},
	{"id with an end", "/kubepods/pod" U "/" H ".aaaa", ""},
	{"nobody's prefix", "/system.slice/nerdctl-" H ".scope", ""},
	{"containerd without the scope", SLICE "/cri-containerd-" H, ""},
	{"containerd with a short id", SLICE "/cri-containerd-" H61 ".scope", ""},
	{"mixed driver without a slice", "/:cri-containerd:" H, ""},
	{"mixed driver of another", "/x.slice:cri-docker:" H, ""},
	{"mixed driver with a short id", "/x.slice:cri-containerd:" H61, ""},
	{"mixed driver, not hexadecimal", "/x.slice:cri-containerd:" H62 "6g", ""},
	{"mixed driver over two segments", "/x.slice:cri-containerd:/" H61, ""},
	{"a builder's id", "/system.slice/docker-r0h6s4w0hbxqxyjtzt8wpwu3c.scope", ""},
	{"a task's id", "/docker/" H20 "0123456789ab-0123456789", ""},
	{"an id of groups", "/docker/01234567-0123-4567-890a-bcde", ""},
	{"an id over two segments", "/docker/" H20 "/" H20 H20 "4567", ""},
	{"lxc", "/lxc.payload.c1/system.slice/ssh.service", ""},
	{"nspawn", "/machine.slice/machine-deb\\x2d12.scope/payload", ""},
};

static void test_path(void **state)
{
	const struct path_row *row = *state;
	struct container_match match;
	size_t len = strlen(row->path);
	/* Nothing ends it: what is behind it is somebody else's. */
	char *path = malloc(len ? len : 1);

	memcpy(path, row->path, len);
	memset(&match, '?', sizeof(match));
	container_match_find(path, len, &match);
	assert_string_equal(match.id, row->id);
	assert_text(match.runtime, row->runtime);
	free(path);
}

static const struct text_row {
	const char *name;
	const char *text;
	const char *path; /* NULL: none */
} text_rows[] = {
	{"v2", "0::/system.slice/docker-" H ".scope\n", "/system.slice/docker-" H ".scope"},
	{"v2, root", "0::/\n", "/"},
	{"v2, a service", "0::/system.slice/nginx.service\n", "/system.slice/nginx.service"},
	{"no line feed at the end", "0::/init.scope", "/init.scope"},
	{"v1, docker in all of them",
		"12:memory:/docker/" H "\n2:cpu,cpuacct:/docker/" H "\n1:name=systemd:/docker/" H
		"\n",
		"/docker/" H},
	{"v1, systemd's line says most of those without a container",
		"12:memory:/user.slice\n1:name=systemd:/user.slice/user-0.slice/session-31207.scope\n",
		"/user.slice/user-0.slice/session-31207.scope"},
	{"v1, systemd's line comes first",
		"13:name=systemd:/user/1000.user/c2.session\n12:memory:/user/1000.user\n",
		"/user/1000.user/c2.session"},
	{"v1, one line alone names a container",
		"12:memory:/\n4:pids:/kubepods/pod" U "/" H "\n1:name=systemd:/system.slice\n",
		"/kubepods/pod" U "/" H},
	{"v1, containers differ: systemd's line",
		"12:memory:/docker/" H2 "\n1:name=systemd:/docker/" H "\n", "/docker/" H},
	{"v1, containers differ, none is systemd's: the first",
		"12:memory:/docker/" H "\n4:pids:/docker/" H2 "\n1:name=systemd:/\n", "/docker/" H},
	{"v1, no container, systemd's is the root: the first other",
		"12:memory:/\n4:pids:/a\n3:cpu:/b\n1:name=systemd:/\n", "/a"},
	{"v1, root in all of them", "12:memory:/\n1:name=systemd:/\n", "/"},
	{"hybrid, v2 says most",
		"12:memory:/user.slice\n1:name=systemd:/user.slice/x.scope\n0::/system.slice/y\n",
		"/system.slice/y"},
	{"hybrid, v2 is the root", "12:memory:/a\n1:name=systemd:/user.slice/x.scope\n0::/\n",
		"/user.slice/x.scope"},
	{"hybrid, a container in v1 alone", "12:memory:/docker/" H "\n0::/system.slice/y\n",
		"/docker/" H},
	{"hybrid, containers differ: v2",
		"12:memory:/docker/" H2 "\n1:name=systemd:/docker/" H2 "\n0::/docker/" H "\n",
		"/docker/" H},
	{"hybrid, systemd's names a container, v2 does not",
		"1:name=systemd:/docker/" H "\n0::/init.scope\n", "/docker/" H},
	{"colons belong to the path",
		"11:devices:/system.slice/containerd.service/x.slice:cri-containerd:" H "\n",
		"/system.slice/containerd.service/x.slice:cri-containerd:" H},
	{"another named hierarchy is not systemd's",
		"3:name=systemx:/a\n2:name=systemd2:/b\n1:name=systemd:/c\n", "/c"},
	{"nor is a shorter name", "2:name=system:/a\n1:name=systemd:/c\n", "/c"},
	{"lines of another form are passed over", "\nx\n0:\n0::\n0::x\n7:a\n1:b:/c\n", "/c"},
	{"empty", "", NULL},
	{"line feeds", "\n\n", NULL},
	{"no path", "0::\n", NULL},
	{"a path without a slash", "0::x\n", NULL},
	{"one colon", "0:/x\n", NULL},
	{"the second colon is on the next line", "0:/x\n:/y\n", NULL},
};

static void test_text(void **state)
{
	const struct text_row *row = *state;
	size_t text_len = strlen(row->text), len = 77;
	char *text = malloc(text_len ? text_len : 1);
	const char *path = "untouched";
	bool found;

	memcpy(text, row->text, text_len);
	found = cgroup_text_choose(text, text_len, &path, &len);
	assert_int_equal(found, !!row->path);
	if (row->path) {
		assert_int_equal(len, strlen(row->path));
		assert_memory_equal(path, row->path, len);
		assert_true(path >= text && path + len <= text + text_len);
	} else {
		assert_string_equal(path, "untouched");
		assert_int_equal(len, 77);
	}
	free(text);
}

int main(void)
{
	return ROWS_RUN(test_path, path_rows) + ROWS_RUN(test_text, text_rows);
}
