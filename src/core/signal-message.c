/* SPDX-License-Identifier: GPL-2.0-or-later */
/* SPDX-FileCopyrightText: The killauditd authors */

#include "core/signal-message.h"

#include <string.h>

#include "core/buffer.h"
#include "core/escape.h"
#include "core/signal-entry.h"
#include "core/signal-name.h"

static void process_append(struct buffer *message, const char *comm, pid_t pid)
{
	if (comm[0])
		escape_name_append(message, comm, strlen(comm));
	else
		buffer_append_string(message, "?");
	buffer_printf(message, "(%d)", pid);
}

static bool is_refused(const struct attributed_signal *attributed)
{
	return (attributed->event->result_known && attributed->event->error) ||
	       attributed->delivery == DELIVERY_REFUSED;
}

static void sender_append(const struct attributed_signal *attributed, struct buffer *message)
{
	const struct signal_sender *sender = &attributed->event->sender;

	if (signal_is_by_kernel(attributed))
		buffer_append_string(message, "the kernel");
	else
		process_append(message, sender->comm, sender->pid);
}

static void result_append(const struct attributed_signal *attributed, struct buffer *message)
{
	const struct signal_event *event = attributed->event;
	char text[64];

	if (event->result_known && event->error)
		buffer_printf(message, " (%s)", error_name(event->error, text));
	else if (is_refused(attributed))
		buffer_append_string(message, " (refused)");
	else if (!event->result_known && !attributed->seen)
		buffer_append_string(message, " (result not known)");
}

void signal_message_format(const struct attributed_signal *attributed, struct buffer *message)
{
	const struct signal_event *event = attributed->event;
	const struct container_match *container = &attributed->target_party.container;
	char text[64];

	sender_append(attributed, message);
	buffer_printf(message, " %s %s%s to ", is_refused(attributed) ? "tried to send" : "sent",
		signal_name(event->signal, text),
		attributed->seen && attributed->class == SIGNAL_CLASS_CGROUP_KILL
			? " through cgroup.kill"
			: "");
	process_append(message, attributed->target->comm, attributed->target->pid);
	if (container->id[0])
		buffer_printf(message, " in container %.*s", CONTAINER_ID_SHORT_LEN, container->id);
	result_append(attributed, message);
	if (signal_is_by_kernel(attributed)) {
		buffer_append_string(message, " while ");
		process_append(message, event->sender.comm, event->sender.pid);
		buffer_append_string(message, " ran");
		return;
	}
	buffer_append_string(message, "; ancestry ");
	ancestry_format_names(attributed->ancestry, SIGNAL_MESSAGE_MAX - message->len, message);
}
