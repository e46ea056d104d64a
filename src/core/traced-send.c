/* SPDX-License-Identifier: GPL-2.0-or-later */
/* SPDX-FileCopyrightText: The killauditd authors */

#include "core/traced-send.h"

#include <signal.h>
#include <string.h>

#include "core/certainty.h"

bool traced_send_kernel_is_told(int signal)
{
	switch (signal) {
	case SIGHUP:
	case SIGINT:
	case SIGQUIT:
	case SIGABRT:
	case SIGKILL:
	case SIGTERM:
	case SIGSTOP:
		return true;
	default:
		return false;
	}
}

/* A program that was started since may have changed them. */
static bool ids_are_earlier(const struct process *process)
{
	return process && process->ids_known && !process->read;
}

static void sender_fill(const struct send_seen *send, struct signal_sender *sender)
{
	const struct process *process = send->sender.process;

	*sender = (struct signal_sender){
		.pid = send->sender.pid ? send->sender.pid : send->seen.current,
		.ids_unknown = !process || !process->ids_known,
		.login_unknown = !process || !process->login_known,
	};
	memcpy(sender->comm, send->sender.comm, sizeof(sender->comm));
	if (!process)
		return;
	sender->ppid = process->ppid;
	sender->uid = process->uid;
	sender->euid = process->euid;
	sender->loginuid = process->loginuid;
	sender->session = process->session;
}

static void target_fill(const struct send_seen *send, struct signal_target *target)
{
	const struct process *process = send->target.process;

	*target = (struct signal_target){
		.pid = send->target.pid ? send->target.pid : send->seen.target,
		.uid_unknown = !process || !process->ids_known,
		.login_unknown = !process || !process->login_known,
	};
	memcpy(target->comm, send->seen.target_comm, sizeof(target->comm));
	if (!process)
		return;
	target->uid = process->uid;
	target->loginuid = process->loginuid;
	target->session = process->session;
}

static bool is_by_somebody(enum send_verdict verdict)
{
	return verdict == SEND_ALONE || verdict == SEND_MISMATCH;
}

uint32_t traced_send_fill(const struct send_seen *send, enum send_verdict verdict,
	struct signal_event *ret_event, struct signal_target *ret_target)
{
	uint32_t reasons = 0;

	*ret_event = (struct signal_event){
		.traced = true,
		.signal = send->seen.signal,
		.targets = ret_target,
		.n_targets = 1,
	};
	sender_fill(send, &ret_event->sender);
	target_fill(send, ret_target);
	if (ids_are_earlier(send->target.process))
		reasons |= REASON_BIT(TARGET_IDS_EARLIER);
	if (!is_by_somebody(verdict))
		return reasons;
	if (ids_are_earlier(send->sender.process))
		reasons |= REASON_BIT(SENDER_IDS_EARLIER);
	if (!send->sender.pid)
		reasons |= REASON_BIT(SENDER_THREAD_UNKNOWN);
	if (send->class == SIGNAL_CLASS_QUEUE)
		reasons |= REASON_BIT(SENDER_CODE_CHOSEN);
	return reasons;
}
