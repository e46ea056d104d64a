/* SPDX-License-Identifier: GPL-2.0-or-later */
/* SPDX-FileCopyrightText: The killauditd authors */

#include "daemon/kernel-setup.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "core/audit-guard.h"
#include "core/audit-rules.h"
#include "core/buffer.h"
#include "core/kernel-changes.h"
#include "daemon/log.h"
#include "io/audit-control.h"
#include "io/clock-reader.h"
#include "io/connector-socket.h"
#include "io/netlink-listeners.h"
#include "io/state-file.h"

/* Records that wait for the kernel's own thread. The default of 64 is 16 sends, and who sends more
 * waits; Debian's rules for auditd have the same 8192. */
#define BACKLOG_LIMIT 8192U

/* The state file and the kernel, read under the lock and written back together. */
struct session {
	int lock_fd;
	uint32_t portid; /* ours in the multicast group */
	struct kernel_changes changes;
	struct audit_settings settings;
	struct audit_rule_list rules;
};

static enum status failed(const char *what, int error)
{
	switch (-error) {
	case EPROTONOSUPPORT:
		log_message(
			"%s: this kernel has no audit subsystem: it was built without, or started "
			"with audit=0 (start it with audit=1)",
			what);
		return STATUS_UNAVAILABLE;
	case ECONNREFUSED:
		log_message("%s: not in the host's own user namespace, and audit can be had only "
			    "there: run killauditd on the host, not in a container",
			what);
		return STATUS_UNAVAILABLE;
	case EPERM:
	case EACCES:
		log_message(
			"%s: not permitted: this needs CAP_AUDIT_CONTROL in the host's own user "
			"and pid namespaces (run it as root, on the host)",
			what);
		return STATUS_PRIVILEGE;
	default:
		log_message("%s: %s", what, strerror(-error));
		return STATUS_OTHER;
	}
}

static enum status failed_folder(int error)
{
	log_message("cannot use /run/killauditd: %s (it is root's)", strerror(-error));
	return error == -EACCES || error == -EPERM ? STATUS_PRIVILEGE : STATUS_OTHER;
}

static void session_done(struct session *session)
{
	audit_rule_list_done(&session->rules);
	if (session->lock_fd >= 0)
		close(session->lock_fd);
}

static enum status session_open(struct session *session, uint32_t portid)
{
	struct buffer text = {};
	int r;

	*session = (struct session){.lock_fd = -1, .portid = portid};
	/* Without privilege this says so better than the lock does; what it tells is read again
	 * under the lock, for another run may be changing it. */
	r = audit_control_get(&session->settings);
	if (r < 0)
		return failed("cannot read the audit settings", r);
	r = state_file_lock_changes(&session->lock_fd);
	if (r >= 0)
		r = state_file_read(&text);
	if (r < 0) {
		buffer_done(&text);
		return failed_folder(r);
	}
	kernel_changes_parse(text.data, &session->changes);
	buffer_done(&text);
	r = audit_control_get(&session->settings);
	if (r < 0)
		return failed("cannot read the audit settings", r);
	r = audit_control_list_rules(&session->rules);
	return r < 0 ? failed("cannot list the audit rules", r) : STATUS_OK;
}

static enum status session_save(const struct session *session)
{
	struct buffer text = {};
	int r;

	if (kernel_changes_any(&session->changes))
		kernel_changes_format(&session->changes, &text);
	r = text.failed ? -ENOMEM : state_file_write(text.data, text.len);
	buffer_done(&text);
	return r < 0 ? failed_folder(r) : STATUS_OK;
}

static bool list_has_rule(const struct audit_rule_list *list, const struct audit_rule_data *rule)
{
	for (size_t i = 0; i < list->n; i++)
		if (audit_rule_equal(list->rules[i], rule))
			return true;
	return false;
}

static enum status session_company(const struct session *session, struct audit_company *ret)
{
	uint32_t *portids;
	size_t n;
	int r;

	*ret = (struct audit_company){.daemon_pid = session->settings.daemon_pid};
	for (size_t i = 0; i < session->rules.n; i++)
		ret->rules = audit_company_add_rule(ret->rules, session->rules.rules[i]);
	r = netlink_listeners_read(&portids, &n);
	if (r < 0)
		return failed("cannot see who else listens to audit", r);
	for (size_t i = 0; i < n && ret->n_listeners < AUDIT_LISTENERS_MAX; i++)
		if (portids[i] != session->portid)
			ret->listeners[ret->n_listeners++] = portids[i];
	free(portids);
	return STATUS_OK;
}

/* Once per settings: what was found by the run that changed them first is what counts. */
static enum status settings_plan(struct session *session)
{
	struct kernel_changes *changes = &session->changes;
	bool first = !changes->enabled_changed && !changes->backlog_limit_changed;

	if (session->settings.enabled == 0 && !changes->enabled_changed) {
		changes->enabled_changed = true;
		changes->switched_on_usec = clocks_now().boottime_usec;
	}
	/* With an audit daemon there, its administrator chose the limit. 0 is none at all. */
	if (session->settings.daemon_pid == 0 && session->settings.backlog_limit > 0 &&
		session->settings.backlog_limit < BACKLOG_LIMIT) {
		changes->backlog_limit = session->settings.backlog_limit;
		changes->backlog_limit_changed = true;
	}
	if (!first || (!changes->enabled_changed && !changes->backlog_limit_changed))
		return STATUS_OK;
	return session_company(session, &changes->company);
}

static enum status settings_apply(const struct session *session)
{
	const struct kernel_changes *changes = &session->changes;
	int r = 0;

	if (changes->backlog_limit_changed && session->settings.backlog_limit < BACKLOG_LIMIT)
		r = audit_control_set_backlog_limit(BACKLOG_LIMIT);
	if (r == 0 && session->settings.enabled == 0)
		r = audit_control_set_enabled(1);
	return r < 0 ? failed("cannot switch auditing on", r) : STATUS_OK;
}

static enum status rules_add(const struct session *session)
{
	for (size_t i = 0; i < audit_rules_count(); i++) {
		union audit_rule rule;
		int r;

		audit_rule_fill(i, &rule);
		if (list_has_rule(&session->rules, &rule.data))
			continue;
		r = audit_control_add_rule(&rule.data);
		if (r < 0 && r != -EEXIST)
			return failed("cannot add an audit rule", r);
	}
	return STATUS_OK;
}

static uint32_t rules_missing(const struct audit_rule_list *list)
{
	uint32_t missing = 0;

	for (size_t i = 0; i < audit_rules_count(); i++) {
		union audit_rule rule;

		audit_rule_fill(i, &rule);
		if (!list_has_rule(list, &rule.data))
			missing |= UINT32_C(1) << i;
	}
	return missing;
}

/* -a task,never of any form: it may hold for some processes only, and then for those. */
static bool tasks_excluded(const struct audit_rule_list *rules)
{
	for (size_t i = 0; i < rules->n; i++)
		if ((rules->rules[i]->flags & ~AUDIT_FILTER_PREPEND) == AUDIT_FILTER_TASK &&
			rules->rules[i]->action == AUDIT_NEVER)
			return true;
	return false;
}

bool kernel_setup_is_idle(void)
{
	struct audit_settings settings;

	return audit_control_get(&settings) == 0 && settings.backlog == 0;
}

int kernel_setup_read(struct audit_state *ret)
{
	struct audit_settings settings;
	struct audit_rule_list rules;
	int r = audit_control_get(&settings);

	if (r == 0)
		r = audit_control_list_rules(&rules);
	if (r < 0)
		return r;
	*ret = (struct audit_state){
		.enabled = settings.enabled,
		.missing_rules = rules_missing(&rules),
		.tasks_excluded = tasks_excluded(&rules),
	};
	audit_rule_list_done(&rules);
	return 0;
}

static enum status load(struct session *session, bool owned)
{
	enum status status;

	if (session->settings.enabled == 2)
		return STATUS_OK;
	if (owned)
		session->changes.added_rules |= rules_missing(&session->rules);
	else
		session->changes.added_rules = 0;
	status = settings_plan(session);
	if (status == STATUS_OK)
		status = session_save(session);
	if (status == STATUS_OK)
		status = rules_add(session);
	if (status == STATUS_OK)
		status = settings_apply(session);
	return status;
}

enum status kernel_setup_load(bool owned, uint32_t portid)
{
	struct session session;
	enum status status = session_open(&session, portid);

	if (status == STATUS_OK)
		status = load(&session, owned);
	session_done(&session);
	return status;
}

static enum status repair(struct session *session, bool owned, bool add_rules, bool enable)
{
	enum status status = STATUS_OK;
	int r = 0;

	if (add_rules && owned) {
		session->changes.added_rules |= rules_missing(&session->rules);
		status = session_save(session);
	}
	if (add_rules && status == STATUS_OK)
		status = rules_add(session);
	if (enable && status == STATUS_OK && session->settings.enabled == 0)
		r = audit_control_set_enabled(1);
	return r < 0 ? failed("cannot switch auditing on", r) : status;
}

enum status kernel_setup_repair(bool owned, bool add_rules, bool enable)
{
	struct session session;
	enum status status = session_open(&session, 0);

	if (status == STATUS_OK)
		status = repair(&session, owned, add_rules, enable);
	session_done(&session);
	return status;
}

/* Who asked and is gone cannot take it back: kernels before 6.6 count on. */
static void forget_connector(struct session *session)
{
	struct netlink_socket *socket;

	if (!session->changes.connector || connector_socket_open(0, &socket) < 0)
		return;
	connector_socket_listen(socket, false);
	netlink_socket_close(socket);
	session->changes.connector = 0;
}

static int listen_and_note(
	struct session *session, const struct netlink_socket *socket, uint64_t cookie)
{
	forget_connector(session);
	session->changes.connector = cookie;
	if (session_save(session) != STATUS_OK)
		return -EIO;
	return connector_socket_listen(socket, true);
}

int kernel_setup_listen(const struct netlink_socket *socket, bool *ret_asked)
{
	struct session session;
	uint64_t cookie;
	int r = netlink_socket_cookie(socket, &cookie);

	if (r < 0)
		return r;
	if (session_open(&session, 0) != STATUS_OK) {
		session_done(&session);
		return -EIO;
	}
	*ret_asked = session.changes.connector != cookie;
	if (*ret_asked)
		r = listen_and_note(&session, socket, cookie);
	session_done(&session);
	return r;
}

uint64_t kernel_setup_switched_on_usec(void)
{
	struct kernel_changes changes;
	struct buffer text = {};

	if (state_file_read(&text) < 0) {
		buffer_done(&text);
		return 0;
	}
	kernel_changes_parse(text.data, &changes);
	buffer_done(&text);
	return changes.switched_on_usec;
}

/* Those of ours that are among `added`, or all. *ret_left: some of ours remain. */
static enum status rules_remove(
	const struct session *session, uint32_t added, bool all, bool *ret_left)
{
	*ret_left = false;
	for (size_t i = 0; i < session->rules.n; i++) {
		const struct audit_rule_data *loaded = session->rules.rules[i];
		bool remove = all;
		int r;

		if (!audit_rule_is_ours(loaded))
			continue;
		for (size_t k = 0; k < audit_rules_count() && !remove; k++) {
			union audit_rule rule;

			audit_rule_fill(k, &rule);
			remove = (added & UINT32_C(1) << k) && audit_rule_equal(loaded, &rule.data);
		}
		if (!remove) {
			*ret_left = true;
			continue;
		}
		r = audit_control_delete_rule(loaded);
		if (r < 0 && r != -ENOENT)
			return failed("cannot remove an audit rule of ours", r);
	}
	return STATUS_OK;
}

static enum status settings_restore(struct session *session)
{
	struct kernel_changes *changes = &session->changes;
	struct audit_company company;
	enum status status = session_company(session, &company);
	int r = 0;

	if (status != STATUS_OK)
		return status;
	if (audit_company_unchanged(&changes->company, &company)) {
		if (changes->enabled_changed && session->settings.enabled == 1)
			r = audit_control_set_enabled(0);
		if (r == 0 && changes->backlog_limit_changed &&
			session->settings.backlog_limit == BACKLOG_LIMIT)
			r = audit_control_set_backlog_limit(changes->backlog_limit);
	} else {
		log_message(
			"others use audit otherwise than when its settings were changed: they stay as they are");
	}
	if (r < 0)
		return failed("cannot put the audit settings back", r);
	changes->enabled_changed = false;
	changes->backlog_limit_changed = false;
	return STATUS_OK;
}

static enum status unload(struct session *session, bool all, bool keep)
{
	enum status status = STATUS_OK;
	bool left = true;

	forget_connector(session);
	if (session->settings.enabled == 2) {
		log_message(
			"the audit rules are locked until the next boot: leaving them as they are");
		return session_save(session);
	}
	if (!keep)
		status = rules_remove(session, session->changes.added_rules, all, &left);
	if (status != STATUS_OK)
		return status;
	session->changes.added_rules = 0;
	if (!left && (session->changes.enabled_changed || session->changes.backlog_limit_changed))
		status = settings_restore(session);
	return status == STATUS_OK ? session_save(session) : status;
}

enum status kernel_setup_leave(bool keep, uint32_t portid)
{
	struct session session;
	enum status status = session_open(&session, portid);

	if (status == STATUS_OK)
		status = unload(&session, false, keep);
	session_done(&session);
	return status;
}

enum status kernel_setup_unload(void)
{
	struct session session;
	enum status status = session_open(&session, 0);
	int daemon_fd = -1;
	pid_t daemon;
	int r;

	if (status == STATUS_OK) {
		r = state_file_lock_daemon(&daemon_fd, &daemon);
		if (r == -EBUSY) {
			log_message(
				"killauditd is running (pid %d) and needs its rules: stop it first",
				daemon);
			status = STATUS_OTHER;
		} else if (r < 0) {
			status = failed_folder(r);
		}
	}
	if (status == STATUS_OK)
		status = unload(&session, true, false);
	session_done(&session);
	if (daemon_fd >= 0)
		close(daemon_fd);
	return status;
}
