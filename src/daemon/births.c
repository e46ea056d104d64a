/* SPDX-License-Identifier: GPL-2.0-or-later */
/* SPDX-FileCopyrightText: The killauditd authors */

#include "daemon/births.h"

#include <errno.h>
#include <inttypes.h>
#include <stdlib.h>
#include <string.h>

#include "core/process-event.h"
#include "daemon/kernel-setup.h"
#include "daemon/log.h"
#include "daemon/witness.h"
#include "io/clock-reader.h"
#include "io/connector-socket.h"

/* About 17,000 events, as the kernel counts them. */
#define RECEIVE_BUFFER   (16U << 20)
#define ANSWER_WAIT_USEC USEC_PER_SEC
/* In one go: many processors may make more than one can read. */
#define BATCHES_MAX 256

struct births {
	struct netlink_socket *socket;
	struct witness *witness;
	bool agreed;
	int refusal;
	uint32_t drops;
};

struct births *births_close(struct births *births)
{
	if (!births)
		return NULL;
	if (births->socket)
		netlink_socket_close(births->socket);
	free(births);
	return NULL;
}

static void hear(struct births *births, const struct process_event *event, const struct clocks *now)
{
	if (event->type == PROCESS_EVENT_ACK) {
		births->agreed = event->error == 0;
		births->refusal = event->error;
	} else {
		witness_hear(births->witness, event, now);
	}
}

int births_drain(struct births *births)
{
	struct process_event events[NETLINK_SOCKET_BATCH];
	struct clocks now = clocks_now();
	size_t n;
	int r = 1;

	for (int batch = 0; r > 0 && batch < BATCHES_MAX; batch++) {
		r = connector_socket_receive(births->socket, events, &n);
		for (size_t i = 0; i < n; i++)
			hear(births, &events[i], &now);
	}
	return r < 0 ? r : 0;
}

/* Without privilege there is no answer. */
static int wait_for_agreement(struct births *births)
{
	uint64_t until_usec = clocks_now().monotonic_usec + ANSWER_WAIT_USEC;
	int r = 0;

	while (r == 0 && !births->agreed && !births->refusal) {
		uint64_t now_usec = clocks_now().monotonic_usec;

		if (now_usec >= until_usec)
			return -EPERM;
		netlink_socket_wait(births->socket, (int)((until_usec - now_usec) / 1000 + 1));
		r = births_drain(births);
	}
	return r < 0 ? r : births->refusal;
}

static int begin(struct births *births, int fd)
{
	bool asked;
	int r = fd >= 0 ? connector_socket_adopt(fd, &births->socket)
			: connector_socket_open(RECEIVE_BUFFER, &births->socket);

	/* What was lost before was lost to who came before us. */
	if (r == 0)
		r = netlink_socket_drops(births->socket, &births->drops);
	if (r == 0)
		r = kernel_setup_listen(births->socket, &asked);
	return r == 0 && asked ? wait_for_agreement(births) : r;
}

struct births *births_open(int fd, struct witness *witness)
{
	struct births *births = calloc(1, sizeof(*births));
	int r = -ENOMEM;

	if (births) {
		births->witness = witness;
		r = begin(births, fd);
	}
	if (r == 0)
		return births;
	log_message("births and ends of processes are not told: %s (this needs CAP_NET_ADMIN, in "
		    "the host's own namespaces)",
		strerror(-r));
	return births_close(births);
}

int births_fd(const struct births *births)
{
	return netlink_socket_fd(births->socket);
}

void births_check(struct births *births)
{
	uint32_t drops;

	if (netlink_socket_drops(births->socket, &drops) < 0 || drops == births->drops)
		return;
	log_message("%" PRIu32 " births and ends of processes were lost: all are read anew",
		drops - births->drops);
	births->drops = drops;
	births_drain(births);
	if (witness_read_anew(births->witness) < 0)
		log_message("not all of them could be");
}
