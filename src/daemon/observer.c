/* SPDX-License-Identifier: GPL-2.0-or-later */
/* SPDX-FileCopyrightText: The killauditd authors */

#include "daemon/observer.h"

#include <errno.h>
#include <inttypes.h>
#include <linux/cn_proc.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "core/config.h"
#include "core/gap.h"
#include "core/process-event.h"
#include "daemon/kernel-setup.h"
#include "daemon/line.h"
#include "daemon/log.h"
#include "daemon/teller.h"
#include "daemon/witness.h"
#include "io/clock-reader.h"
#include "io/connector-socket.h"
#include "io/trace-source.h"

/* About 17,000 events, as the kernel counts them. */
#define RECEIVE_BUFFER   (16U << 20)
#define ANSWER_WAIT_USEC USEC_PER_SEC
/* In one go: many processors may make more than one can read. */
#define BATCHES_MAX      256
#define TRACE_EVENTS_MAX 65536
/* Signals of before all processes were read. */
#define EARLY_MAX 65536

struct observer {
	struct observer_settings settings;
	struct netlink_socket *socket; /* NULL: the connector cannot be had */
	bool agreed;
	int refusal;
	uint32_t drops;
	/* Ends that the connector told, until the trace has come to them. */
	struct process_event *ends;
	size_t n_ends, first_end, ends_max;

	struct trace_source *trace; /* NULL: not used */
	uint64_t until_nsec; /* how far it was read */
	uint64_t lost, lost_told;
	uint64_t lost_since_nsec, whole_since_nsec;

	bool begun;
	struct signal_seen *early;
	size_t n_early, early_max;
	uint64_t early_lost; /* for which there was no room */
};

struct observer *observer_close(struct observer *observer)
{
	if (!observer)
		return NULL;
	if (observer->socket)
		netlink_socket_close(observer->socket);
	trace_source_close(observer->trace, true);
	free(observer->ends);
	free(observer->early);
	free(observer);
	return NULL;
}

/* Room for one more; false: there is none. */
static bool make_room(void **items, size_t size, size_t n, size_t *max)
{
	size_t wanted = *max ? 2 * *max : 256;
	void *grown;

	if (n < *max)
		return true;
	grown = reallocarray(*items, wanted, size);
	if (!grown)
		return false;
	*items = grown;
	*max = wanted;
	return true;
}

static void see(struct observer *observer, const struct signal_seen *seen)
{
	if (observer->begun) {
		line_see(observer->settings.line, seen);
		return;
	}
	if (observer->n_early < EARLY_MAX &&
		make_room((void **)&observer->early, sizeof(*observer->early), observer->n_early,
			&observer->early_max))
		observer->early[observer->n_early++] = *seen;
	else
		observer->early_lost++;
}

void observer_begin(struct observer *observer)
{
	observer->begun = true;
	for (size_t i = 0; i < observer->n_early; i++)
		line_see(observer->settings.line, &observer->early[i]);
	free(observer->early);
	observer->early = NULL;
	observer->n_early = observer->early_max = 0;
	if (observer->early_lost)
		log_message("%" PRIu64 " signals of before the start were too many",
			observer->early_lost);
}

static void hear(
	struct observer *observer, const struct process_event *event, const struct clocks *now)
{
	if (event->type == PROCESS_EVENT_ACK) {
		observer->agreed = event->error == 0;
		observer->refusal = event->error;
	} else if (!observer->trace || event->type != PROCESS_EVENT_EXIT) {
		witness_hear(observer->settings.witness, event, now);
	} else if (make_room((void **)&observer->ends, sizeof(*event), observer->n_ends,
			   &observer->ends_max)) {
		observer->ends[observer->n_ends++] = *event;
	}
}

/* 0: nothing is left; 1: there may be more; or a negative errno. */
static int drain_connector(struct observer *observer, const struct clocks *now)
{
	struct process_event events[NETLINK_SOCKET_BATCH];
	size_t n;
	int r = 1;

	for (int batch = 0; r > 0 && batch < BATCHES_MAX; batch++) {
		r = connector_socket_receive(observer->socket, events, &n);
		for (size_t i = 0; i < n; i++)
			hear(observer, &events[i], now);
	}
	return r;
}

static void hear_ends_until(
	struct observer *observer, uint64_t monotonic_nsec, const struct clocks *now)
{
	while (observer->first_end < observer->n_ends &&
		observer->ends[observer->first_end].monotonic_nsec <= monotonic_nsec)
		witness_hear(
			observer->settings.witness, &observer->ends[observer->first_end++], now);
	if (observer->first_end == observer->n_ends)
		observer->first_end = observer->n_ends = 0;
}

static int drain_trace(struct observer *observer, const struct clocks *now)
{
	struct trace_event event;
	uint64_t lost, since_nsec;
	int r = 1;

	for (size_t n = 0; n < TRACE_EVENTS_MAX; n++) {
		r = trace_source_next(observer->trace, observer->until_nsec, &event);
		if (r <= 0)
			break;
		hear_ends_until(observer,
			event.is_signal ? event.signal.monotonic_nsec
					: event.process.monotonic_nsec,
			now);
		if (event.is_signal)
			see(observer, &event.signal);
		else
			witness_hear(observer->settings.witness, &event.process, now);
	}
	if (r == 0)
		hear_ends_until(observer, observer->until_nsec, now);
	if (r >= 0 && trace_source_lost(observer->trace, &lost, &since_nsec) == 0 &&
		since_nsec != UINT64_MAX) {
		if (observer->lost == observer->lost_told)
			observer->lost_since_nsec = since_nsec;
		observer->lost = lost;
		observer->whole_since_nsec = observer->until_nsec;
	}
	return r;
}

/* The trace's end is noted before the ends are read: what is stamped until then has been written by
 * all processors, and none of it comes before what it follows from. */
int observer_drain(struct observer *observer)
{
	struct clocks now = clocks_now();
	int connector = 0, trace = 0;

	if (observer->socket)
		connector = drain_connector(observer, &now);
	if (observer->trace) {
		if (observer->until_nsec < now.monotonic_usec * 1000)
			observer->until_nsec = now.monotonic_usec * 1000;
		trace = drain_trace(observer, &now);
	}
	if (observer->trace && trace == 0 && connector == 0)
		witness_settle(observer->settings.witness,
			observer->until_nsec / 1000 + now.boottime_usec - now.monotonic_usec);
	if (trace < 0 || connector < 0)
		return trace < 0 ? trace : connector;
	return trace || connector;
}

/* Without privilege there is no answer. */
static int wait_for_agreement(struct observer *observer)
{
	uint64_t until_usec = clocks_now().monotonic_usec + ANSWER_WAIT_USEC;
	int r = 0;

	while (r == 0 && !observer->agreed && !observer->refusal) {
		struct clocks now = clocks_now();

		if (now.monotonic_usec >= until_usec)
			return -EPERM;
		netlink_socket_wait(
			observer->socket, (int)((until_usec - now.monotonic_usec) / 1000 + 1));
		r = drain_connector(observer, &now);
		r = r > 0 ? 0 : r;
	}
	return r < 0 ? r : observer->refusal;
}

static int connect_to_ends(struct observer *observer)
{
	int fd = observer->settings.connector_fd;
	uint32_t kinds = observer->trace ? PROC_EVENT_EXIT : ~0U;
	bool asked;
	int r = fd >= 0 ? connector_socket_adopt(fd, &observer->socket)
			: connector_socket_open(RECEIVE_BUFFER, &observer->socket);

	if (r == 0)
		r = connector_socket_filter(observer->socket, kinds);
	/* What was lost before was lost to who came before us. */
	if (r == 0)
		r = netlink_socket_drops(observer->socket, &observer->drops);
	if (r == 0)
		r = kernel_setup_listen(observer->socket, &asked);
	return r == 0 && asked ? wait_for_agreement(observer) : r;
}

static const char *trace_error(int error)
{
	switch (-error) {
	case ENOENT:
		return "tracefs is not mounted";
	case EOPNOTSUPP:
		return "this kernel does not trace signals";
	case EROFS:
	case EACCES:
		return "tracefs is not open to this process (ReadWritePaths= of the unit)";
	case EPERM:
		return "this kernel is locked down";
	default:
		return strerror(-error);
	}
}

static int begin_trace(struct observer *observer)
{
	const struct config *config = observer->settings.config;
	const struct trace_settings settings = {.buffer_per_cpu = config->trace_buffer};
	int r;

	if (config->trace == CONFIG_TRACE_OFF)
		return 0;
	r = trace_source_open(&settings, &observer->trace);
	if (r == 0 && trace_source_untold(observer->trace)) {
		observer->trace = trace_source_close(observer->trace, true);
		r = -EOPNOTSUPP;
	}
	if (r < 0) {
		log_message("the trace cannot be had: %s", trace_error(r));
		return config->trace == CONFIG_TRACE_REQUIRED ? r : 0;
	}
	if (!trace_source_adopted(observer->trace))
		observer->whole_since_nsec = clocks_now().monotonic_usec * 1000;
	return witness_follow(observer->settings.witness);
}

int observer_open(const struct observer_settings *settings, struct observer **ret)
{
	struct observer *observer = calloc(1, sizeof(*observer));
	int r = -ENOMEM;

	if (observer) {
		observer->settings = *settings;
		r = begin_trace(observer);
	}
	if (r < 0) {
		if (settings->connector_fd >= 0)
			close(settings->connector_fd);
		observer_close(observer);
		return r;
	}
	r = connect_to_ends(observer);
	if (r < 0) {
		log_message("%s: %s (this needs CAP_NET_ADMIN, in the host's own namespaces)",
			observer->trace ? "ends of processes are not told"
					: "births and ends of processes are not told",
			strerror(-r));
		if (observer->socket)
			netlink_socket_close(observer->socket);
		observer->socket = NULL;
	}
	*ret = observer;
	return 0;
}

bool observer_is_traced(const struct observer *observer)
{
	return observer->trace;
}

bool observer_is_connected(const struct observer *observer)
{
	return observer->socket;
}

int observer_fd(const struct observer *observer)
{
	return observer->socket ? netlink_socket_fd(observer->socket) : -1;
}

uint64_t observer_whole_since(const struct observer *observer)
{
	return observer->trace ? observer->whole_since_nsec : UINT64_MAX;
}

static bool check_connector(struct observer *observer)
{
	uint32_t drops;

	if (!observer->socket || netlink_socket_drops(observer->socket, &drops) < 0 ||
		drops == observer->drops)
		return false;
	log_message("%" PRIu32 " births and ends of processes were lost: all are read anew",
		drops - observer->drops);
	observer->drops = drops;
	return true;
}

static bool check_trace(struct observer *observer)
{
	struct clocks now = clocks_now();
	struct gap gap = {.reason = GAP_TRACE_OVERRUN, .end_usec = now.realtime_usec};

	if (observer->lost == observer->lost_told)
		return false;
	gap.n_lost = observer->lost - observer->lost_told;
	gap.start_usec = clocks_realtime_of(
		&now, observer->lost_since_nsec / 1000 + now.boottime_usec - now.monotonic_usec);
	teller_tell_gap(observer->settings.teller, &gap, &now);
	observer->lost_told = observer->lost;
	return true;
}

void observer_check(struct observer *observer)
{
	bool connector = check_connector(observer), trace = check_trace(observer);

	if (!connector && !trace)
		return;
	observer_drain(observer);
	if (witness_read_anew(observer->settings.witness) < 0)
		log_message("not all processes could be read anew");
}
