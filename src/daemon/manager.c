/* SPDX-License-Identifier: GPL-2.0-or-later */
/* SPDX-FileCopyrightText: The killauditd authors */

#include "daemon/manager.h"

#include <errno.h>
#include <inttypes.h>
#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <systemd/sd-event.h>
#include <unistd.h>

#include "core/kernel-cmdline.h"
#include "daemon/attendance.h"
#include "daemon/keeper.h"
#include "daemon/kernel-setup.h"
#include "daemon/line.h"
#include "daemon/log.h"
#include "daemon/observer.h"
#include "daemon/teller.h"
#include "daemon/witness.h"
#include "io/audit-socket.h"
#include "io/clock-reader.h"
#include "io/journal-writer.h"
#include "io/service-manager.h"
#include "io/state-file.h"
#include "io/text-file.h"

/* Batches handled in one turn of the loop, so that a flood does not shut out the signals. */
#define BATCHES_PER_TURN 16
/* At the end, for what is queued then. Others' rules may keep the socket filled for ever. */
#define FINAL_USEC      (10 * USEC_PER_SEC)
#define FINAL_WAIT_MSEC 50
/* How often events that miss their end, and lost datagrams, are looked for. */
#define CHECK_INTERVAL_USEC 500000U
/* Drains in one go, so that a storm does not keep us. */
#define OBSERVER_TURNS 16
/* How often the trace is read where nothing else wakes us. */
#define TICK_USEC          10000U
#define TICK_ACCURACY_USEC 1000U
/* A record is made when the call ends: so long after the send, at the most. */
#define BARRIER_AGE_USEC 15000U

struct manager {
	const struct manager_options *options;
	sd_event *event;
	int daemon_lock_fd;
	struct netlink_socket *socket;
	bool passed; /* the socket, by the service manager; then the rules are a unit's, too */
	uint32_t portid;
	int connector_fd; /* passed by the service manager, or -1 */
	struct witness *witness;
	struct observer *observer;
	sd_event_source *tick; /* while the trace is used */
	struct teller teller;
	struct line *line;
	struct attendance *attendance;
	struct keeper keeper;
	bool begun; /* keeper and attendance have */
	enum status status;
};

/* Nobody takes the stream any more, or too slowly for us to end: what is left goes unwritten. */
static void check_output(struct manager *manager)
{
	if (!manager->teller.given_up || manager->teller.stopping)
		return;
	if (manager->teller.given_up == -EPIPE) {
		log_message("nobody reads the output any more");
		manager->status = STATUS_OTHER;
	}
	sd_event_exit(manager->event, 0);
}

static void handle_datagram(
	struct manager *manager, const struct netlink_datagram *datagram, const struct clocks *now)
{
	struct audit_record record;

	if (audit_record_parse(datagram->type, datagram->payload, datagram->len, &record) != 0)
		return; /* the group also carries messages that are not records */
	attendance_see(manager->attendance, &record, now);
	keeper_told(&manager->keeper, config_change_parse(&record),
		clocks_boottime_of(now, record.time_msec * 1000));
	line_push(manager->line, &record, now);
}

/* All that the other witnesses have told up to now, in bounds: what is not read then may be a
 * signal, and nothing counts as not seen. */
static int observe(struct manager *manager)
{
	int turns = observer_is_traced(manager->observer) ? OBSERVER_TURNS : 1, r;

	do
		r = observer_drain(manager->observer);
	while (r > 0 && --turns > 0);
	line_set_whole(
		manager->line, r == 0 ? observer_whole_since(manager->observer) : UINT64_MAX);
	line_set_audit(
		manager->line, manager->keeper.audit_since_usec, kernel_setup_switched_on_usec());
	return r;
}

/* What is queued, in batches. 0 when the queue is empty, 1 when it may not be, or a negative
 * errno. */
static int drain(struct manager *manager)
{
	struct netlink_datagram datagrams[NETLINK_SOCKET_BATCH];

	for (int batch = 0; batch < BATCHES_PER_TURN; batch++) {
		struct clocks now;
		size_t n;
		int r = netlink_socket_receive(manager->socket, datagrams, &n);

		if (r <= 0)
			return r;
		/* Only now: what an event names was told to be born before, and seen. */
		observe(manager);
		now = clocks_now();
		for (size_t i = 0; i < n; i++)
			handle_datagram(manager, &datagrams[i], &now);
		line_end_batch(manager->line, &now, false);
		attendance_hold(manager->attendance, keeper_away_since(&manager->keeper));
		attendance_end_batch(manager->attendance, manager->line, &now);
		check_output(manager);
	}
	return 1;
}

static int read_socket(struct manager *manager)
{
	int r = drain(manager);

	if (r < 0) {
		log_message("cannot read audit records: %s", strerror(-r));
		manager->status = STATUS_OTHER;
		sd_event_exit(manager->event, r);
	}
	return r;
}

static int on_audit(sd_event_source *source, int fd, uint32_t events, void *userdata)
{
	struct manager *manager = userdata;
	struct clocks now;

	(void)source;
	(void)fd;
	(void)events;
	if (read_socket(manager) >= 0) {
		now = clocks_now();
		keeper_check(&manager->keeper, &now);
	}
	return 0;
}

static int on_connector(sd_event_source *source, int fd, uint32_t events, void *userdata)
{
	struct manager *manager = userdata;
	int r = observe(manager);

	(void)fd;
	(void)events;
	if (r < 0) {
		log_message("births and ends of processes are not told any more: %s", strerror(-r));
		sd_event_source_set_enabled(source, SD_EVENT_OFF);
	}
	return 0;
}

/* Twice nothing waits in the kernel and the socket is empty: the records of all that was sent a
 * moment before have been read. */
static void prove_audit(struct manager *manager)
{
	uint64_t before_nsec = (clocks_now().monotonic_usec - BARRIER_AGE_USEC) * 1000;

	for (int i = 0; i < 2; i++)
		if (!kernel_setup_is_idle() || read_socket(manager) != 0)
			return;
	line_set_barrier(manager->line, before_nsec);
}

static int on_tick(sd_event_source *source, uint64_t usec, void *userdata)
{
	struct manager *manager = userdata;
	struct clocks now;

	(void)usec;
	observe(manager);
	if (line_waits(manager->line))
		prove_audit(manager);
	now = clocks_now();
	line_end_batch(manager->line, &now, false);
	check_output(manager);
	return sd_event_source_set_time_relative(source, TICK_USEC);
}

static int on_signal(sd_event_source *source, const struct signalfd_siginfo *info, void *userdata)
{
	struct manager *manager = userdata;

	(void)source;
	(void)info;
	return sd_event_exit(manager->event, 0);
}

static int on_check(sd_event_source *source, uint64_t usec, void *userdata)
{
	struct manager *manager = userdata;
	int queued = read_socket(manager);
	struct clocks now = clocks_now();

	(void)usec;
	observer_check(manager->observer);
	line_end_batch(manager->line, &now, false);
	attendance_hold(manager->attendance, keeper_away_since(&manager->keeper));
	attendance_end_batch(manager->attendance, manager->line, &now);
	attendance_check(manager->attendance, queued == 0, &now);
	keeper_check(&manager->keeper, &now);
	check_output(manager);
	return sd_event_source_set_time_relative(source, CHECK_INTERVAL_USEC);
}

static int add_tick(struct manager *manager)
{
	int r = sd_event_add_time_relative(manager->event, &manager->tick, CLOCK_MONOTONIC,
		TICK_USEC, TICK_ACCURACY_USEC, on_tick, manager);

	return r < 0 ? r : sd_event_source_set_enabled(manager->tick, SD_EVENT_ON);
}

static int loop_prepare(struct manager *manager)
{
	sigset_t *signals = &manager->teller.give_up_on;
	sd_event_source *check = NULL;
	int r;

	sigaddset(signals, SIGTERM);
	sigaddset(signals, SIGINT);
	if (sigprocmask(SIG_BLOCK, signals, NULL) < 0)
		return -errno;
	r = sd_event_default(&manager->event);
	if (r >= 0)
		r = sd_event_set_watchdog(manager->event, true);
	if (r >= 0)
		r = sd_event_add_signal(manager->event, NULL, SIGTERM, on_signal, manager);
	if (r >= 0)
		r = sd_event_add_signal(manager->event, NULL, SIGINT, on_signal, manager);
	if (r >= 0)
		r = sd_event_add_io(manager->event, NULL, netlink_socket_fd(manager->socket),
			EPOLLIN, on_audit, manager);
	if (r >= 0 && observer_is_connected(manager->observer))
		r = sd_event_add_io(manager->event, NULL, observer_fd(manager->observer), EPOLLIN,
			on_connector, manager);
	if (r >= 0 && observer_is_traced(manager->observer))
		r = add_tick(manager);
	if (r >= 0)
		r = sd_event_add_time_relative(manager->event, &check, CLOCK_MONOTONIC,
			CHECK_INTERVAL_USEC, 0, on_check, manager);
	if (r >= 0)
		r = sd_event_source_set_enabled(check, SD_EVENT_ON);
	if (r >= 0)
		r = sd_event_source_set_floating(check, true);
	sd_event_source_unref(check);
	return r;
}

static int get_sockets(struct manager *manager)
{
	const struct config *config = &manager->options->config;
	struct passed_socket passed[] = {{.name = "audit"}, {.name = "connector"}};
	int r = service_manager_take_sockets(passed, 2);

	if (r < 0)
		return r;
	manager->connector_fd = passed[1].fd;
	if (passed[0].fd >= 0 && config->input == CONFIG_INPUT_AUTO) {
		manager->passed = true;
		return audit_socket_adopt(passed[0].fd, &manager->socket);
	}
	if (passed[0].fd >= 0)
		close(passed[0].fd);
	return audit_socket_open(config->receive_buffer, &manager->socket);
}

static enum status open_socket(struct manager *manager)
{
	int r = get_sockets(manager);

	if (r >= 0)
		r = netlink_socket_portid(manager->socket, &manager->portid);
	if (r >= 0)
		return STATUS_OK;
	if (r == -EPERM || r == -EACCES) {
		log_message(
			"cannot listen to audit: not permitted: this needs CAP_AUDIT_READ (run it as "
			"root, on the host)");
		return STATUS_PRIVILEGE;
	}
	if (r == -EPROTONOSUPPORT) {
		log_message(
			"cannot listen to audit: this kernel has no audit subsystem: it was built "
			"without, or started with audit=0 (start it with audit=1)");
		return STATUS_UNAVAILABLE;
	}
	log_message("cannot listen to audit: %s",
		r == -EBADF ? "the socket named \"audit\" that was passed is none of audit"
			    : strerror(-r));
	return STATUS_OTHER;
}

static enum status lock_daemon(struct manager *manager)
{
	pid_t holder;
	int r = state_file_lock_daemon(&manager->daemon_lock_fd, &holder);

	if (r >= 0)
		return STATUS_OK;
	if (r == -EBUSY) {
		log_message("another killauditd is running already (pid %d): stop that one first",
			holder);
		return STATUS_OTHER;
	}
	log_message("cannot use /run/killauditd: %s (it is root's)", strerror(-r));
	return r == -EACCES || r == -EPERM ? STATUS_PRIVILEGE : STATUS_OTHER;
}

/* All processes are read when what happens to them is told already. */
static int prepare_observer(struct manager *manager)
{
	const struct observer_settings settings = {
		.config = &manager->options->config,
		.connector_fd = manager->connector_fd,
		.witness = manager->witness,
		.line = manager->line,
		.teller = &manager->teller,
	};
	int r = observer_open(&settings, &manager->observer);

	manager->connector_fd = -1;
	if (r >= 0 && observer_is_traced(manager->observer))
		r = line_trace(manager->line);
	if (r >= 0) {
		observer_drain(manager->observer); /* what it cannot read now, it may later */
		r = witness_seed(manager->witness);
	}
	if (r >= 0)
		observer_begin(manager->observer);
	return r;
}

static enum status prepare_parts(struct manager *manager)
{
	bool kept = manager->options->output == OUTPUT_JOURNAL;
	int r = teller_init(&manager->teller, manager->options->output);

	if (r >= 0)
		r = witness_new(&manager->witness);
	if (r >= 0) {
		manager->line = line_new(manager->witness, &manager->teller);
		r = manager->line ? 0 : -ENOMEM;
	}
	if (r >= 0)
		r = prepare_observer(manager);
	if (r >= 0)
		r = attendance_new(manager->socket, &manager->teller, kept, &manager->attendance);
	if (r >= 0)
		r = loop_prepare(manager);
	if (r >= 0)
		return STATUS_OK;
	log_message("cannot start: %s", strerror(-r));
	return STATUS_OTHER;
}

static enum status prepare_output(const struct manager *manager)
{
	if (manager->options->output != OUTPUT_JOURNAL || journal_writer_probe() == 0)
		return STATUS_OK;
	log_message("there is no journal on this host: /run/systemd/journal/socket is missing "
		    "(start systemd-journald, or use --output text)");
	return STATUS_OTHER;
}

/* A process that is older than auditing has no audit context as long as it runs, and what it sends
 * is not recorded. Where we did not switch it on ourselves, nobody knows when it was: then all that
 * is certain is the first process. */
static void find_blind_tasks(const struct manager *manager, struct blind_tasks *ret)
{
	uint64_t switched_on_usec = kernel_setup_switched_on_usec();
	const struct process *first;
	struct buffer cmdline = {};
	bool audited;

	*ret = (struct blind_tasks){};
	audited = text_file_read("/proc/cmdline", &cmdline) == 0 && cmdline.data &&
		  kernel_cmdline_audits(cmdline.data);
	buffer_done(&cmdline);
	if (audited)
		return;
	if (switched_on_usec) {
		witness_find_older(manager->witness, switched_on_usec, ret);
		return;
	}
	first = witness_read(manager->witness, 1, PROC_READER_BRIEF, 0).live;
	blind_tasks_add_comm(ret, first ? first->comm : "?");
	ret->n = COVERAGE_BLIND_UNKNOWN;
	witness_end_batch(manager->witness);
}

/* The rules, and then what we can say about them and about the time before us. */
static enum status begin(struct manager *manager)
{
	const struct config *config = &manager->options->config;
	enum status status = STATUS_OK;
	struct keeper *keeper = &manager->keeper;
	struct audit_state found;
	bool left_to_us = manager->passed && kernel_setup_read(&found) == 0;
	struct clocks now;
	int r;

	if (config->manage_rules)
		status = kernel_setup_load(!manager->passed, manager->portid);
	if (status != STATUS_OK)
		return status;
	*keeper = (struct keeper){
		.teller = &manager->teller,
		.owned = !manager->passed,
		.connected = observer_is_connected(manager->observer),
		.traced = observer_is_traced(manager->observer),
	};
	find_blind_tasks(manager, &keeper->blind);
	now = clocks_now();
	keeper->noted = attendance_begin(manager->attendance, left_to_us ? &found : NULL, &now);
	r = keeper_begin(keeper, !config->manage_rules, &now);
	if (r < 0) {
		log_message("cannot start: %s", strerror(-r));
		return STATUS_OTHER;
	}
	manager->begun = true;
	log_message("ready, watching kill, tkill, tgkill, rt_sigqueueinfo, rt_tgsigqueueinfo, "
		    "pidfd_send_signal");
	service_manager_ready();
	return STATUS_OK;
}

static enum status watch(struct manager *manager)
{
	enum status status = begin(manager), left = STATUS_OK;
	struct clocks now;
	int r;

	if (status == STATUS_OK) {
		r = sd_event_loop(manager->event);
		if (r < 0 && manager->status == STATUS_OK) {
			log_message("the event loop failed: %s", strerror(-r));
			manager->status = STATUS_OTHER;
		}
		service_manager_stopping();
		now = clocks_now();
		keeper_stop(&manager->keeper, &now);
		status = manager->status;
	}
	if (!manager->passed)
		left = kernel_setup_leave(manager->options->keep_rules, manager->portid);
	return status != STATUS_OK ? status : left;
}

/* What the kernel made before our rules went is still told, and what it is in the middle of making:
 * who comes next to a socket that is kept would find the rest only. True when nothing is queued. */
static bool read_rest(struct manager *manager)
{
	uint64_t until_usec = clocks_now().monotonic_usec + FINAL_USEC;
	uint64_t realtime_usec;
	uint32_t serial;

	for (;;) {
		int r = drain(manager);

		service_manager_alive();
		if (r < 0 || clocks_now().monotonic_usec >= until_usec)
			return r == 0;
		if (r == 0 && !line_oldest_open(manager->line, &serial, &realtime_usec))
			return true;
		if (r == 0)
			netlink_socket_wait(manager->socket, FINAL_WAIT_MSEC);
	}
}

static void finish(struct manager *manager)
{
	struct clocks now;
	bool idle;

	manager->teller.stopping = true;
	idle = read_rest(manager);
	observe(manager);
	now = clocks_now();
	line_end_batch(manager->line, &now, true);
	attendance_end_batch(manager->attendance, manager->line, &now);
	keeper_end(&manager->keeper, &now);
	attendance_end(manager->attendance, idle, &now);
	log_message("stopped after %" PRIu64 " entries; not written %" PRIu64
		    ", not understood %" PRIu64,
		manager->teller.entries, manager->teller.unwritten, line_malformed(manager->line));
}

static void manager_done(struct manager *manager)
{
	attendance_free(manager->attendance);
	sd_event_source_unref(manager->tick);
	observer_close(manager->observer);
	line_free(manager->line);
	teller_done(&manager->teller);
	witness_free(manager->witness);
	netlink_socket_close(manager->socket);
	sd_event_unref(manager->event);
	if (manager->connector_fd >= 0)
		close(manager->connector_fd);
	if (manager->daemon_lock_fd >= 0)
		close(manager->daemon_lock_fd);
}

enum status manager_run(const struct manager_options *options)
{
	struct manager manager = {.options = options, .daemon_lock_fd = -1, .connector_fd = -1};
	enum status status;

	status = prepare_output(&manager);
	if (status == STATUS_OK)
		status = open_socket(&manager);
	if (status == STATUS_OK)
		status = lock_daemon(&manager);
	if (status == STATUS_OK)
		status = prepare_parts(&manager);
	if (status == STATUS_OK) {
		status = watch(&manager);
		if (manager.begun)
			finish(&manager);
	}
	manager_done(&manager);
	return status;
}
