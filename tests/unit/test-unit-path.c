/* SPDX-License-Identifier: GPL-2.0-or-later */
/* SPDX-FileCopyrightText: The killauditd authors */

#include <string.h>

#include "rows.h"

#include "core/unit-path.h"

#define H20 "0123456789abcdef0123"
#define H   H20 H20 H20 "4567"

#define USER  "/user.slice/user-1000.slice/user@1000.service"
#define X50   "xxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxx"
#define X247  X50 X50 X50 X50 "xxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxx"
#define X248  X247 "x"
#define POD   "/kubepods.slice/kubepods-burstable.slice/kubepods-burstable-podf6f2.slice"
#define CHARS "a-z_A:Z.0\\x2d9@x"

static const struct path_row {
	const char *name;
	const char *path;
	const char *unit, *user_unit;
} path_rows[] = {
	{"a service", "/system.slice/web.service", "web.service", ""},
	{"a scope", "/machine.slice/libpod-" H ".scope", "libpod-" H ".scope", ""},
	{"a socket", "/system.slice/ssh.socket", "ssh.socket", ""},
	{"a mount", "/system.slice/var-lib.mount", "var-lib.mount", ""},
	{"swap", "/system.slice/dev-vda2.swap", "dev-vda2.swap", ""},
	{"the first process", "/init.scope", "init.scope", ""},
	{"a service outside of slices", "/web.service", "web.service", ""},
	{"a service below many slices", "/a.slice/a-b.slice/a-b-c.slice/web.service", "web.service",
		""},
	{"a session", "/user.slice/user-1000.slice/session-6.scope", "session-6.scope", ""},
	{"an instance", "/system.slice/system-getty.slice/getty@tty1.service", "getty@tty1.service",
		""},
	{"a cgroup of its own below", "/system.slice/web.service/payload", "web.service", ""},
	{"below one of its own", "/system.slice/web.service/a/b/c", "web.service", ""},
	{"a container below a service", "/system.slice/web.service/libpod-payload-" H,
		"web.service", ""},
	{"a unit within a unit", "/system.slice/docker-" H ".scope/system.slice/ssh.service",
		"docker-" H ".scope", ""},
	{"crun's container", "/machine.slice/libpod-" H ".scope/container", "libpod-" H ".scope",
		""},
	{"a pod's", POD "/cri-containerd-" H ".scope", "cri-containerd-" H ".scope", ""},
	{"slices alone", "/user.slice/user-1000.slice", "", ""},
	{"one slice", "/system.slice", "", ""},
	{"root", "/", "", ""},
	{"empty", "", "", ""},
	{"docker, cgroupfs driver", "/docker/" H, "", ""},
	{"docker, cgroupfs driver, with systemd inside", "/docker/" H "/init.scope", "", ""},
	{"docker below a slice, cgroupfs driver", "/system.slice/docker/" H "/web.service", "", ""},
	{"a pod, cgroupfs driver", "/kubepods/podf6f2/" H, "", ""},
	{"a folder between slices", "/a.slice/b/c.slice/web.service", "", ""},
	{"lxc", "/lxc.payload.c1/system.slice/ssh.service", "", ""},
	{"seen from another namespace", "/../web.service", "", ""},

	{"of a user", USER "/app.slice/editor.service", "user@1000.service", "editor.service"},
	{"of a user, below no slice", USER "/init.scope", "user@1000.service", "init.scope"},
	{"of a user, below many slices", USER "/app.slice/app-a.slice/app-a-b.slice/x.scope",
		"user@1000.service", "x.scope"},
	{"of a user, with a cgroup below", USER "/app.slice/editor.service/x/y.service",
		"user@1000.service", "editor.service"},
	{"rootless podman's", USER "/user.slice/libpod-" H ".scope/container", "user@1000.service",
		"libpod-" H ".scope"},
	{"the user's manager itself", USER, "user@1000.service", ""},
	{"the user's slices alone", USER "/app.slice", "user@1000.service", ""},
	{"in no unit of the user's", USER "/app.slice/x/y.service", "user@1000.service", ""},
	{"the user's manager does not nest", USER "/user@1001.service/x.service",
		"user@1000.service", "user@1001.service"},
	{"a service with a name alike", "/system.slice/myuser@1000.service/app.slice/x.service",
		"myuser@1000.service", ""},
	{"another service of the user's",
		"/user.slice/user-1000.slice/user-runtime-dir@1000.service/x.service",
		"user-runtime-dir@1000.service", ""},
	{"a scope with a name alike", "/user.slice/user@1000.scope/x.service", "user@1000.scope",
		""},

	{"escaped service", "/system.slice/_cpu.service", "cpu.service", ""},
	{"escaped slice", "/_cpu.slice/_memory.slice/web.service", "web.service", ""},
	{"escaped: one underscore alone", "/__x.service", "_x.service", ""},
	{"underscores elsewhere stay", "/a_b.slice/a_.service", "a_.service", ""},
	{"an escaped user manager", "/_user@1000.service/_x.service", "user@1000.service",
		"x.service"},
	{"an underscore alone", "/_/web.service", "", ""},

	{"no slash at the beginning", "system.slice/web.service", "web.service", ""},
	{"slash at the end", "/system.slice/web.service/", "web.service", ""},
	{"slashes", "///system.slice//web.service//x", "web.service", ""},
	{"nothing but slashes", "////", "", ""},

	{"all that names are made of", "/" CHARS ".service", CHARS ".service", ""},
	{"a space", "/web server.service", "", ""},
	{"a line feed", "/web\n.service", "", ""},
	{"a control character", "/web\x1b.service", "", ""},
	{"a byte above ASCII", "/web\xc3\xa4.service", "", ""},
	{"a percent sign", "/web%i.service", "", ""},
	{"an equals sign", "/a=b.service", "", ""},
	{"in the user's name, invalid", USER "/x y.service", "user@1000.service", ""},
	{"a suffix alone", "/.service", "", ""},
	{"no suffix", "/web", "", ""},
	{"another suffix", "/web.target", "", ""},
	{"a suffix without a dot", "/webservice", "", ""},
	{"a suffix in capitals", "/web.SERVICE", "", ""},
	{"a suffix with more behind it", "/web.services", "", ""},
	{"a suffix in the middle", "/web.service.d", "", ""},
	{"a slice's suffix alone", "/.slice/web.service", "", ""},
	{"as long as may be", "/" X247 ".service", X247 ".service", ""},
	{"a byte too long", "/" X248 ".service", "", ""},
	{"as long as may be, escaped", "/_" X247 ".service", X247 ".service", ""},
	{"much too long", "/" X248 X248 X248 ".service", "", ""},
	{"a user's as long as may be", USER "/" X247 ".service", "user@1000.service",
		X247 ".service"},
	{"a user's, a byte too long", USER "/" X248 ".service", "user@1000.service", ""},
};

static void test_path(void **state)
{
	const struct path_row *row = *state;
	size_t len = strlen(row->path);
	struct unit_path found;
	/* Nothing ends it: what is behind it is somebody else's. */
	char *path = malloc(len ? len : 1);

	assert_non_null(path);
	memcpy(path, row->path, len);
	memset(&found, '?', sizeof(found));
	unit_path_find(path, len, &found);
	assert_string_equal(found.unit, row->unit);
	assert_string_equal(found.user_unit, row->user_unit);
	free(path);
}

/* The length decides, and not what stands behind it. */
static const struct length_row {
	const char *name;
	const char *path;
	size_t len;
	const char *unit, *user_unit;
} length_rows[] = {
	{"nothing", "/web.service", 0, "", ""},
	{"the slash", "/web.service", 1, "", ""},
	{"a byte too few", "/web.service", 11, "", ""},
	{"a longer name", "/web.service.service", 12, "web.service", ""},
	{"a name in the middle", "/a.slice/web.service/b.service", 20, "web.service", ""},
	{"the slice before", "/a.slice/web.service", 9, "", ""},
	{"a user's cut off", "/user@1.service/x.service", 15, "user@1.service", ""},
	{"a user's cut before its end", "/user@1.service/x.service", 24, "user@1.service", ""},
	{"a user's whole", "/user@1.service/x.service/y", 25, "user@1.service", "x.service"},
	{"a NUL in a name", "/web\0.service", 13, "", ""},
	{"a NUL behind a name", "/web.service\0", 13, "", ""},
	{"a NUL in what is below", "/web.service/\0", 14, "web.service", ""},
};

static void test_length(void **state)
{
	const struct length_row *row = *state;
	struct unit_path found;

	unit_path_find(row->path, row->len, &found);
	assert_string_equal(found.unit, row->unit);
	assert_string_equal(found.user_unit, row->user_unit);
}

int main(void)
{
	return ROWS_RUN(test_path, path_rows) + ROWS_RUN(test_length, length_rows);
}
