/* SPDX-License-Identifier: GPL-2.0-or-later */
/* SPDX-FileCopyrightText: The killauditd authors */

#include "daemon/manager.h"

#include <errno.h>
#include <inttypes.h>
#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <systemd/sd-daemon.h>
#include <systemd/sd-event.h>
#include <systemd/sd-id128.h>
#include <time.h>
#include <unistd.h>

#include "core/event-assembly.h"
#include "core/event-fields.h"
#include "core/journal-entry.h"
#include "core/signal-entry.h"
#include "core/signal-event.h"
#include "daemon/kernel-setup.h"
#include "daemon/log.h"
#include "daemon/witness.h"
#include "io/audit-control.h"
#include "io/audit-socket.h"
#include "io/event-decoder.h"
#include "io/journal-writer.h"
#include "io/state-file.h"

/* About 17,000 sends, at four records of 944 bytes each as the kernel counts them. */
#define RECEIVE_BUFFER (64U << 20)
/* Batches handled in one turn of the loop, so that a flood does not shut out the signals. */
#define BATCHES_PER_TURN 16
/* At the end, for what is queued then: more datagrams than the receive buffer holds. Others' rules
 * may keep it filled for ever. */
#define FINAL_TURNS 100
/* How often events that miss their end, and lost datagrams, are looked for. */
#define CHECK_INTERVAL_USEC 500000U
/* A failure that repeats is told again this often. */
#define COMPLAINT_INTERVAL_USEC 10000000U

/* One moment on the three clocks. */
struct clocks {
	uint64_t realtime_usec, monotonic_usec, boottime_usec;
};

struct manager {
	const struct manager_options *options;
	sd_event *event;
	sigset_t signals; /* that end us; blocked, and received by the loop */
	int daemon_lock_fd;
	struct audit_socket *socket;
	uint32_t portid;
	struct witness *witness;
	struct event_assembly *assembly;
	struct event_decoder *decoder;
	struct event_fields fields;
	struct journal_entry entry;
	struct buffer scratch;
	struct event_id next_id;
	struct {
		uint64_t entries, unwritten, malformed, drops;
	} count;
	bool auditing_off;
	bool stopping; /* the loop has ended: what is queued is told, if it can be now */
	bool output_given_up; /* nobody takes it */
	uint64_t complained_usec; /* of entries that could not be written */
	enum status status;
};

static uint64_t clock_usec(clockid_t clock)
{
	struct timespec now;

	clock_gettime(clock, &now);
	return (uint64_t)now.tv_sec * 1000000 + (uint64_t)now.tv_nsec / 1000;
}

static struct clocks clocks_now(void)
{
	return (struct clocks){
		.realtime_usec = clock_usec(CLOCK_REALTIME),
		.monotonic_usec = clock_usec(CLOCK_MONOTONIC),
		.boottime_usec = clock_usec(CLOCK_BOOTTIME),
	};
}

/* The moment of an event on another clock; 0 for one before that clock began. */
static uint64_t event_usec(
	uint64_t realtime_usec, const struct clocks *now, uint64_t clock_usec_now)
{
	uint64_t age = now->realtime_usec > realtime_usec ? now->realtime_usec - realtime_usec : 0;

	return clock_usec_now > age ? clock_usec_now - age : 0;
}

/* Nobody takes the stream any more, or too slowly for us to end: what is left goes unwritten. */
static void give_up_output(struct manager *manager, int error)
{
	manager->output_given_up = true;
	if (error == -EPIPE) {
		log_message("nobody reads the output any more");
		manager->status = STATUS_OTHER;
	}
	sd_event_exit(manager->event, 0);
}

static void write_entry(struct manager *manager, const struct clocks *now)
{
	int r = -ECANCELED;

	if (!manager->output_given_up)
		r = output_write(manager->options->output, &manager->entry,
			manager->stopping ? NULL : &manager->signals, &manager->scratch);
	if (r == 0) {
		manager->count.entries++;
		return;
	}
	manager->count.unwritten++;
	if (manager->output_given_up)
		return;
	if (manager->options->output != OUTPUT_JOURNAL && (r == -EPIPE || r == -ECANCELED)) {
		give_up_output(manager, r);
		return;
	}
	if (manager->complained_usec &&
		now->monotonic_usec < manager->complained_usec + COMPLAINT_INTERVAL_USEC)
		return;
	manager->complained_usec = now->monotonic_usec;
	log_message("cannot write an entry: %s (%" PRIu64 " lost so far)", strerror(-r),
		manager->count.unwritten);
}

static void tell_target(struct manager *manager, struct attributed_signal *attributed,
	uint64_t boottime_usec, const struct clocks *now)
{
	struct process_readings readings =
		witness_read(manager->witness, attributed->target->pid, PROC_READER_FULL);

	target_attribute(attributed->target, &readings, boottime_usec, &attributed->target_party);
	attributed->id = manager->next_id;
	manager->next_id.count++;
	journal_entry_clear(&manager->entry);
	if (signal_entry_format(attributed, &manager->entry) < 0) {
		manager->count.unwritten++;
		return;
	}
	write_entry(manager, now);
}

static void tell_event(
	struct manager *manager, const struct signal_event *event, const struct clocks *now)
{
	uint64_t realtime = event->time_msec * 1000;
	uint64_t boottime = event_usec(realtime, now, now->boottime_usec);
	struct process_readings readings =
		witness_read(manager->witness, event->sender.pid, PROC_READER_FULL);
	struct ancestry ancestry;
	struct attributed_signal attributed = {
		.realtime_usec = realtime,
		.monotonic_usec = event_usec(realtime, now, now->monotonic_usec),
		.event = event,
		.ancestry = &ancestry,
	};

	sender_attribute(&event->sender, &readings, boottime, &attributed.sender_party);
	witness_read_ancestry(
		manager->witness, &event->sender, &attributed.sender_party, boottime, &ancestry);
	for (size_t i = 0; i < event->n_targets; i++) {
		attributed.target = &event->targets[i];
		tell_target(manager, &attributed, boottime, now);
	}
}

static void handle_event(
	struct manager *manager, struct audit_event *audit_event, const struct clocks *now)
{
	struct signal_event event;
	int r = event_fields_decode(manager->decoder, audit_event, &manager->fields);

	if (r == 0)
		r = signal_event_decode(&manager->fields, &event);
	if (r == 0) {
		tell_event(manager, &event, now);
		signal_event_done(&event);
	} else if (r != SIGNAL_EVENT_NO_SIGNAL && r != SIGNAL_EVENT_NO_TARGET) {
		manager->count.malformed++;
	}
	audit_event_free(audit_event);
}

static void handle_datagram(
	struct manager *manager, const struct audit_datagram *datagram, const struct clocks *now)
{
	struct audit_record record;
	struct audit_event *event;

	if (audit_record_parse(datagram->type, datagram->text, datagram->len, &record) != 0)
		return; /* the group also carries messages that are not records */
	if (event_assembly_push(manager->assembly, &record, audit_record_accept(&record),
		    now->monotonic_usec, &event) < 0)
		manager->count.malformed++;
	if (event)
		handle_event(manager, event, now);
}

static void handle_expired(struct manager *manager, const struct clocks *now, uint64_t until_usec)
{
	struct audit_event *event;

	while ((event = event_assembly_expire(manager->assembly, until_usec)))
		handle_event(manager, event, now);
}

/* What is queued, in batches. 0 when the queue is empty, 1 when it may not be, or a negative
 * errno. */
static int drain(struct manager *manager)
{
	struct audit_datagram datagrams[AUDIT_SOCKET_BATCH];

	for (int batch = 0; batch < BATCHES_PER_TURN; batch++) {
		struct clocks now;
		size_t n;
		int r = audit_socket_receive(manager->socket, datagrams, &n);

		if (r <= 0)
			return r;
		now = clocks_now();
		for (size_t i = 0; i < n; i++)
			handle_datagram(manager, &datagrams[i], &now);
		handle_expired(manager, &now, now.monotonic_usec);
		witness_end_batch(manager->witness);
	}
	return 1;
}

static int on_audit(sd_event_source *source, int fd, uint32_t events, void *userdata)
{
	struct manager *manager = userdata;
	int r = drain(manager);

	(void)source;
	(void)fd;
	(void)events;
	if (r < 0) {
		log_message("cannot read audit records: %s", strerror(-r));
		manager->status = STATUS_OTHER;
		return sd_event_exit(manager->event, r);
	}
	return 0;
}

static int on_signal(sd_event_source *source, const struct signalfd_siginfo *info, void *userdata)
{
	struct manager *manager = userdata;

	(void)source;
	(void)info;
	return sd_event_exit(manager->event, 0);
}

static void check_drops(struct manager *manager)
{
	uint32_t drops;

	if (audit_socket_drops(manager->socket, &drops) < 0 || drops == manager->count.drops)
		return;
	log_message("records were lost: the receive buffer was full (%" PRIu32 " so far)", drops);
	manager->count.drops = drops;
}

static void check_enabled(struct manager *manager)
{
	struct audit_settings settings;
	bool off = audit_control_get(&settings) == 0 && settings.enabled == 0;

	if (off && !manager->auditing_off)
		log_message(
			"somebody has switched auditing off: nothing is seen until it is on again "
			"(auditctl -e 1)");
	else if (!off && manager->auditing_off)
		log_message("auditing is on again");
	manager->auditing_off = off;
}

static int on_check(sd_event_source *source, uint64_t usec, void *userdata)
{
	struct manager *manager = userdata;
	struct clocks now = clocks_now();

	(void)usec;
	handle_expired(manager, &now, now.monotonic_usec);
	witness_end_batch(manager->witness);
	check_drops(manager);
	check_enabled(manager);
	return sd_event_source_set_time_relative(source, CHECK_INTERVAL_USEC);
}

static int loop_prepare(struct manager *manager)
{
	sd_event_source *check = NULL;
	int r;

	sigemptyset(&manager->signals);
	sigaddset(&manager->signals, SIGTERM);
	sigaddset(&manager->signals, SIGINT);
	if (sigprocmask(SIG_BLOCK, &manager->signals, NULL) < 0)
		return -errno;
	r = sd_event_default(&manager->event);
	if (r >= 0)
		r = sd_event_add_signal(manager->event, NULL, SIGTERM, on_signal, manager);
	if (r >= 0)
		r = sd_event_add_signal(manager->event, NULL, SIGINT, on_signal, manager);
	if (r >= 0)
		r = sd_event_add_io(manager->event, NULL, audit_socket_fd(manager->socket), EPOLLIN,
			on_audit, manager);
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

static enum status open_socket(struct manager *manager)
{
	int r = audit_socket_open(RECEIVE_BUFFER, &manager->socket);

	if (r >= 0)
		r = audit_socket_portid(manager->socket, &manager->portid);
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
	log_message("cannot listen to audit: %s", strerror(-r));
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

static enum status prepare_parts(struct manager *manager)
{
	sd_id128_t instance;
	int r = sd_id128_randomize(&instance);

	manager->next_id.instance = instance.qwords[0];
	manager->assembly = event_assembly_new();
	manager->decoder = event_decoder_new();
	if (r >= 0 && (!manager->assembly || !manager->decoder))
		r = -ENOMEM;
	if (r >= 0)
		r = witness_new(&manager->witness);
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

/* What cannot be seen must be said. */
static void announce(const struct kernel_setup *setup)
{
	if (setup->n_missing > 0)
		log_message(
			"audit rules are locked until the next boot and %u of ours are not loaded: "
			"signals that they would show are not watched (put the output of "
			"--print-rules into /etc/audit/rules.d and restart the host)",
			setup->n_missing);
	if (setup->switched_on)
		log_message(
			"auditing was off: what runs already cannot be seen as a sender, only what it "
			"starts from now on (start the host with audit=1)");
	log_message("ready, watching kill, tkill, tgkill, rt_sigqueueinfo, rt_tgsigqueueinfo, "
		    "pidfd_send_signal");
	sd_notify(false, "READY=1");
}

static enum status watch(struct manager *manager)
{
	struct kernel_setup setup = {};
	enum status status, left;
	int r;

	status = kernel_setup_load(true, manager->portid, &setup);
	if (status == STATUS_OK) {
		announce(&setup);
		r = sd_event_loop(manager->event);
		if (r < 0 && manager->status == STATUS_OK) {
			log_message("the event loop failed: %s", strerror(-r));
			manager->status = STATUS_OTHER;
		}
		sd_notify(false, "STOPPING=1");
		status = manager->status;
	}
	left = kernel_setup_leave(manager->options->keep_rules, manager->portid);
	return status != STATUS_OK ? status : left;
}

/* What the kernel made before our rules went is still told. */
static void finish(struct manager *manager)
{
	struct clocks now;

	manager->stopping = true;
	for (int turn = 0; turn < FINAL_TURNS && drain(manager) > 0; turn++)
		;
	now = clocks_now();
	handle_expired(manager, &now, UINT64_MAX);
	witness_end_batch(manager->witness);
	check_drops(manager);
	log_message("stopped after %" PRIu64 " entries; not written %" PRIu64
		    ", not understood %" PRIu64,
		manager->count.entries, manager->count.unwritten, manager->count.malformed);
}

static void manager_done(struct manager *manager)
{
	audit_socket_close(manager->socket);
	witness_free(manager->witness);
	event_assembly_free(manager->assembly);
	event_decoder_free(manager->decoder);
	event_fields_done(&manager->fields);
	journal_entry_done(&manager->entry);
	buffer_done(&manager->scratch);
	sd_event_unref(manager->event);
	if (manager->daemon_lock_fd >= 0)
		close(manager->daemon_lock_fd);
}

enum status manager_run(const struct manager_options *options)
{
	struct manager manager = {.options = options, .daemon_lock_fd = -1};
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
		finish(&manager);
	}
	manager_done(&manager);
	return status;
}
