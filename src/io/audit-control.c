/* SPDX-License-Identifier: GPL-2.0-or-later */
/* SPDX-FileCopyrightText: The killauditd authors */

#include "io/audit-control.h"

#include <errno.h>
#include <libaudit.h>
#include <poll.h>
#include <stdlib.h>
#include <string.h>

/* The kernel answers at once; an answer that takes longer does not come. */
#define ANSWER_TIMEOUT_MSEC 5000

static void closep(int *fd)
{
	if (*fd >= 0)
		audit_close(*fd);
}

static int control_open(void)
{
	int fd = audit_open();

	return fd < 0 ? -errno : fd;
}

/* The next message on the socket that is not an acknowledgement. */
static int answer_receive(int fd, struct audit_reply *reply)
{
	for (;;) {
		struct pollfd poll_fd = {.fd = fd, .events = POLLIN};
		int r = poll(&poll_fd, 1, ANSWER_TIMEOUT_MSEC);

		if (r < 0 && errno == EINTR)
			continue;
		if (r < 0)
			return -errno;
		if (r == 0)
			return -ETIMEDOUT;
		r = audit_get_reply(fd, reply, GET_REPLY_NONBLOCKING, 0);
		if (r < 0)
			return r;
		if (r == 0 || (reply->type == NLMSG_ERROR && reply->error->error == 0))
			continue;
		if (reply->type == NLMSG_ERROR)
			return reply->error->error;
		return 0;
	}
}

int audit_control_get(struct audit_settings *ret)
{
	__attribute__((cleanup(closep))) int fd = control_open();
	struct audit_reply reply;
	int r;

	if (fd < 0)
		return fd;
	r = audit_request_status(fd);
	if (r < 0)
		return r;
	do {
		r = answer_receive(fd, &reply);
		if (r < 0)
			return r;
	} while (reply.type != AUDIT_GET);
	*ret = (struct audit_settings){
		.enabled = reply.status->enabled,
		.failure = reply.status->failure,
		.daemon_pid = reply.status->pid,
		.backlog_limit = reply.status->backlog_limit,
		.lost = reply.status->lost,
		.backlog = reply.status->backlog,
	};
	return 0;
}

static int setting_set(int (*set)(int fd, uint32_t value), uint32_t value)
{
	__attribute__((cleanup(closep))) int fd = control_open();
	int r;

	if (fd < 0)
		return fd;
	r = set(fd, value);
	return r < 0 ? r : 0;
}

int audit_control_set_enabled(uint32_t enabled)
{
	return setting_set(audit_set_enabled, enabled);
}

int audit_control_set_backlog_limit(uint32_t limit)
{
	return setting_set(audit_set_backlog_limit, limit);
}

void audit_rule_list_done(struct audit_rule_list *list)
{
	for (size_t i = 0; i < list->n; i++)
		free(list->rules[i]);
	free(list->rules);
	*list = (struct audit_rule_list){};
}

static struct audit_rule_data *rule_copy(const struct audit_rule_data *rule)
{
	size_t size = sizeof(*rule) + rule->buflen;
	struct audit_rule_data *copy = malloc(size);

	if (copy)
		memcpy(copy, rule, size);
	return copy;
}

static int rule_list_append(struct audit_rule_list *list, const struct audit_rule_data *rule)
{
	struct audit_rule_data **rules =
		reallocarray(list->rules, list->n + 1, sizeof(*list->rules));

	if (!rules)
		return -ENOMEM;
	list->rules = rules;
	rules[list->n] = rule_copy(rule);
	if (!rules[list->n])
		return -ENOMEM;
	list->n++;
	return 0;
}

int audit_control_list_rules(struct audit_rule_list *ret)
{
	__attribute__((cleanup(closep))) int fd = control_open();
	struct audit_rule_list list = {};
	struct audit_reply reply;
	int r;

	if (fd < 0)
		return fd;
	r = audit_request_rules_list_data(fd);
	while (r >= 0) {
		r = answer_receive(fd, &reply);
		if (r < 0 || reply.type == NLMSG_DONE)
			break;
		if (reply.type == AUDIT_LIST_RULES)
			r = rule_list_append(&list, reply.ruledata);
	}
	if (r < 0) {
		audit_rule_list_done(&list);
		return r;
	}
	*ret = list;
	return 0;
}

static int rule_change(int (*change)(int fd, struct audit_rule_data *rule, int flags, int action),
	const struct audit_rule_data *rule)
{
	__attribute__((cleanup(closep))) int fd = control_open();
	struct audit_rule_data *copy;
	int r;

	if (fd < 0)
		return fd;
	copy = rule_copy(rule); /* the library writes into it */
	if (!copy)
		return -ENOMEM;
	r = change(fd, copy, (int)rule->flags, (int)rule->action);
	free(copy);
	return r < 0 ? r : 0;
}

int audit_control_add_rule(const struct audit_rule_data *rule)
{
	return rule_change(audit_add_rule_data, rule);
}

int audit_control_delete_rule(const struct audit_rule_data *rule)
{
	return rule_change(audit_delete_rule_data, rule);
}
