/* SPDX-License-Identifier: GPL-2.0-or-later */
/* SPDX-FileCopyrightText: The killauditd authors */

#include "io/trace-source.h"

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <inttypes.h>
#include <kbuffer.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <tracefs.h>
#include <unistd.h>

/* common_flags: TRACE_FLAG_HARDIRQ, _SOFTIRQ and _NMI of the kernel. */
#define FLAGS_INTERRUPT (0x08 | 0x10 | 0x40)
/* Padding at the very end of a page may have no room for its length, which is looked at. */
#define PAGE_SLACK 16
#define FIELDS_MAX 6

/* Signals of which there are many, and that nobody misses: see the header. 32 to 34 are those by
 * which C libraries cancel threads and change their credentials. */
#define SIGNAL_FILTER                                                                              \
	"!(sig==23 && code==-6) && !(sig==17 && code>0) && !(sig==28 && code==128) && "            \
	"!(sig>=32 && sig<=34 && code==-6)"

enum tracepoint_id {
	TRACEPOINT_SIGNAL,
	TRACEPOINT_BIRTH,
	TRACEPOINT_RENAME,
	TRACEPOINT_EXEC,
	TRACEPOINT_MOVE,
	TRACEPOINT_TRANSFER, /* a move, by the kernel: version 1 empties a cpuset */
	N_TRACEPOINTS,
};

static const struct tracepoint {
	const char *system, *name;
	const char *fields[FIELDS_MAX + 1]; /* in the order in which they are decoded */
	unsigned tells; /* bits of trace_source_untold() */
} tracepoints[N_TRACEPOINTS] = {
	[TRACEPOINT_SIGNAL] = {"signal", "signal_generate",
		{"sig", "code", "comm", "pid", "group", "result"}, 0},
	[TRACEPOINT_BIRTH] = {"task", "task_newtask", {"pid", "comm", "clone_flags"},
		1U << PROCESS_EVENT_BIRTH},
	[TRACEPOINT_RENAME] = {"task", "task_rename", {"pid", "newcomm"},
		1U << PROCESS_EVENT_RENAME},
	[TRACEPOINT_EXEC] = {"sched", "sched_process_exec", {"pid", "old_pid", "filename"},
		1U << PROCESS_EVENT_EXEC},
	[TRACEPOINT_MOVE] = {"cgroup", "cgroup_attach_task", {"pid", "dst_root", "dst_path"},
		1U << PROCESS_EVENT_MOVE},
	[TRACEPOINT_TRANSFER] = {"cgroup", "cgroup_transfer_tasks", {"pid", "dst_root", "dst_path"},
		0},
};

struct field {
	unsigned offset, size;
};

/* Where this kernel has what in the record of one tracepoint. */
struct layout {
	bool told;
	uint16_t type; /* common_type of its records */
	struct field fields[FIELDS_MAX];
};

struct cpu {
	int fd, number;
	struct kbuffer *kbuffer;
	char *page;
	const char *record; /* the next one, in `page`; NULL: nothing was left */
	uint64_t taken_nsec; /* stamp of the last one that was given out */
	uint64_t looked_nsec; /* the same, when the losses were looked at */
	uint64_t lost;
	size_t n_pages; /* read since there was nothing, or since the losses were looked at */
	bool filled; /* so many that it may have been full */
};

struct trace_source {
	struct tracefs_instance *instance;
	bool adopted;
	unsigned untold;
	struct field common_type, common_flags, common_pid;
	struct layout layouts[N_TRACEPOINTS];
	size_t page_size, pages_per_cpu;
	struct cpu *cpus;
	uint64_t *stamps; /* of each CPU's record, UINT64_MAX where there is none */
	size_t n_cpus;
	uint64_t until_nsec;
	struct cpu *given; /* whose record was given out last */
	uint64_t others_nsec; /* no record of another CPU is earlier */
};

/* --- the files of the instance ------------------------------------------------------------ */

static int failed(void)
{
	return errno ? -errno : -EIO;
}

static int file_write(const struct trace_source *source, const char *file, const char *value)
{
	errno = 0;
	return tracefs_instance_file_write(source->instance, file, value) < 0 ? failed() : 0;
}

/* NULL: errno says why. */
static char *file_read(const struct trace_source *source, const char *file)
{
	char *text;

	errno = 0;
	text = tracefs_instance_file_read(source->instance, file, NULL);
	if (!text && !errno)
		errno = ENODATA;
	return text;
}

/* 1, 0 or a negative errno. */
static int file_begins(const struct trace_source *source, const char *file, const char *with)
{
	char *text = file_read(source, file);
	int r = text ? strncmp(text, with, strlen(with)) == 0 : -errno;

	free(text);
	return r;
}

static int64_t file_number(const struct trace_source *source, const char *file)
{
	char *text = file_read(source, file);
	int64_t number = text ? strtoll(text, NULL, 10) : -errno;

	free(text);
	return number;
}

static void enable_file(const struct tracepoint *tracepoint, char *buf, size_t size)
{
	snprintf(buf, size, "events/%s/%s/enable", tracepoint->system, tracepoint->name);
}

/* 1, 0 or a negative errno. */
static int clock_is_set(const struct trace_source *source)
{
	char *clocks = file_read(source, "trace_clock");
	int r = clocks ? strstr(clocks, "[mono]") != NULL : -errno;

	free(clocks);
	return r;
}

/* To set the clock clears the buffers, even to what it is. */
static int set_clock(const struct trace_source *source)
{
	int r = clock_is_set(source);

	return r == 0 ? file_write(source, "trace_clock", "mono") : r < 0 ? r : 0;
}

/* The kernel rounds up to whole pages. */
static int set_buffer_size(struct trace_source *source, size_t bytes)
{
	int64_t wanted_kb = (int64_t)(bytes / 1024);
	int64_t page_kb = (int64_t)(source->page_size / 1024) + 1;
	int64_t kb = file_number(source, "buffer_size_kb");
	char text[24];
	int r = 0;

	if (kb < wanted_kb || kb > wanted_kb + page_kb) {
		snprintf(text, sizeof(text), "%" PRId64, wanted_kb);
		r = file_write(source, "buffer_size_kb", text);
	}
	source->pages_per_cpu = bytes / source->page_size;
	return r;
}

static int set_events(const struct trace_source *source)
{
	char file[64];
	int r = file_write(source, "events/signal/signal_generate/filter", SIGNAL_FILTER);

	for (size_t i = 0; i < N_TRACEPOINTS && r == 0; i++) {
		if (!source->layouts[i].told)
			continue;
		enable_file(&tracepoints[i], file, sizeof(file));
		r = file_write(source, file, "1");
	}
	return r;
}

int trace_source_writes(const struct trace_source *source)
{
	char file[64];
	int r = clock_is_set(source);

	if (r > 0)
		r = file_begins(source, "tracing_on", "1");
	if (r > 0)
		r = file_begins(source, "events/signal/signal_generate/filter", SIGNAL_FILTER);
	for (size_t i = 0; i < N_TRACEPOINTS && r > 0; i++) {
		if (!source->layouts[i].told)
			continue;
		enable_file(&tracepoints[i], file, sizeof(file));
		r = file_begins(source, file, "1");
	}
	return r;
}

static int instance_set(struct trace_source *source, size_t buffer_per_cpu)
{
	/* Since Linux 6.8 an instance may have larger pages than memory has. */
	int64_t page_kb = file_number(source, "buffer_subbuf_size_kb");
	int r;

	source->page_size = page_kb > 0 ? (size_t)page_kb * 1024 : (size_t)getpagesize();
	source->adopted =
		!tracefs_instance_is_new(source->instance) && trace_source_writes(source) > 0;
	r = set_clock(source);
	if (r == 0)
		r = set_buffer_size(source, buffer_per_cpu ? buffer_per_cpu : TRACE_BUFFER_PER_CPU);
	if (r == 0)
		r = file_write(source, "options/overwrite", "0"); /* what was first is kept */
	if (r == 0)
		r = set_events(source);
	return r == 0 ? file_write(source, "tracing_on", "1") : r;
}

/* Where the library does not find it, it tries to mount it, which is not our business. */
static int tracefs_look(void)
{
	int r = access("/sys/kernel/tracing/instances", F_OK) == 0 ? 0 : -errno;

	return r == -ENOENT && access("/sys/kernel/debug/tracing/instances", F_OK) == 0 ? 0 : r;
}

static int instance_open(struct trace_source *source, const char *name)
{
	errno = 0;
	source->instance = tracefs_instance_create(name ? name : TRACE_INSTANCE);
	return source->instance ? 0 : failed();
}

/* --- where this kernel has what ----------------------------------------------------------- */

static bool field_find(const struct tep_format_field *format, struct field *ret)
{
	if (!format || format->size <= 0)
		return false;
	*ret = (struct field){(unsigned)format->offset, (unsigned)format->size};
	return true;
}

static bool fields_find(struct tep_event *event, const struct tracepoint *tracepoint,
	struct trace_source *source, struct layout *ret)
{
	if (!field_find(tep_find_common_field(event, "common_type"), &source->common_type) ||
		!field_find(tep_find_common_field(event, "common_flags"), &source->common_flags) ||
		!field_find(tep_find_common_field(event, "common_pid"), &source->common_pid))
		return false;
	for (size_t i = 0; tracepoint->fields[i]; i++)
		if (!field_find(tep_find_field(event, tracepoint->fields[i]), &ret->fields[i]))
			return false;
	ret->type = (uint16_t)event->id;
	return true;
}

static struct tep_event *event_parse(struct tep_handle *tep, const struct tracepoint *tracepoint)
{
	char file[64];
	char *format;
	int len = 0;

	snprintf(file, sizeof(file), "events/%s/%s/format", tracepoint->system, tracepoint->name);
	format = tracefs_instance_file_read(NULL, file, &len);
	if (format)
		tep_parse_event(tep, format, (unsigned long)len, tracepoint->system);
	free(format);
	return tep_find_event_by_name(tep, tracepoint->system, tracepoint->name);
}

/* One by one: tracefs_local_events_system() reads the symbols of the whole kernel, too, which takes
 * 100 ms and 20 MB. */
static int layouts_find(struct trace_source *source)
{
	struct tep_handle *tep = tep_alloc();

	if (!tep)
		return -ENOMEM;
	for (size_t i = 0; i < N_TRACEPOINTS; i++) {
		struct tep_event *event = event_parse(tep, &tracepoints[i]);
		struct layout *layout = &source->layouts[i];

		layout->told = event && fields_find(event, &tracepoints[i], source, layout);
		if (!layout->told)
			source->untold |= tracepoints[i].tells;
	}
	tep_free(tep);
	return source->layouts[TRACEPOINT_SIGNAL].told ? 0 : -EOPNOTSUPP;
}

/* --- the buffers of the processors -------------------------------------------------------- */

static void cpu_done(struct cpu *cpu)
{
	if (cpu->kbuffer)
		kbuffer_free(cpu->kbuffer);
	free(cpu->page);
	if (cpu->fd >= 0)
		close(cpu->fd);
}

static int cpu_open(const struct trace_source *source, int folder, int number, struct cpu *cpu)
{
	char file[40];

	*cpu = (struct cpu){.number = number};
	snprintf(file, sizeof(file), "cpu%d/trace_pipe_raw", number);
	cpu->fd = openat(folder, file, O_RDONLY | O_NONBLOCK | O_CLOEXEC);
	if (cpu->fd < 0)
		return -errno;
	/* x86-64 and arm64 */
	cpu->kbuffer = kbuffer_alloc(KBUFFER_LSIZE_8, KBUFFER_ENDIAN_LITTLE);
	cpu->page = calloc(1, source->page_size + PAGE_SLACK);
	if (cpu->kbuffer && cpu->page)
		return 0;
	cpu_done(cpu);
	return -ENOMEM;
}

static int cpu_add(struct trace_source *source, int folder, int number)
{
	struct cpu *cpus = reallocarray(source->cpus, source->n_cpus + 1, sizeof(*cpus));
	int r;

	if (!cpus)
		return -ENOMEM;
	source->cpus = cpus;
	r = cpu_open(source, folder, number, &cpus[source->n_cpus]);
	if (r == 0)
		source->n_cpus++;
	return r;
}

/* Also of those that are not there yet: each that may ever be has a folder. */
static int cpus_add(struct trace_source *source, DIR *folder)
{
	const struct dirent *entry;
	int number, r = 0;
	char after;

	while (r == 0 && (entry = readdir(folder)))
		if (sscanf(entry->d_name, "cpu%d%c", &number, &after) == 1)
			r = cpu_add(source, dirfd(folder), number);
	if (r == 0 && source->n_cpus == 0)
		r = -ENXIO;
	return r;
}

static int cpus_open(struct trace_source *source)
{
	char *path = tracefs_instance_get_file(source->instance, "per_cpu");
	DIR *folder = path ? opendir(path) : NULL;
	int r = folder ? cpus_add(source, folder) : failed();

	if (folder)
		closedir(folder);
	tracefs_put_tracing_file(path);
	if (r < 0)
		return r;
	source->stamps = malloc(source->n_cpus * sizeof(*source->stamps));
	if (!source->stamps)
		return -ENOMEM;
	for (size_t i = 0; i < source->n_cpus; i++)
		source->stamps[i] = UINT64_MAX;
	return 0;
}

/* Takes what the kernel has, also of a page that it still writes. */
static int cpu_read(struct trace_source *source, struct cpu *cpu)
{
	uint64_t *stamp = &source->stamps[cpu - source->cpus];
	unsigned long long nsec;

	for (cpu->record = NULL; !cpu->record;) {
		ssize_t n = read(cpu->fd, cpu->page, source->page_size);

		if (n < 0 && errno == EINTR)
			continue;
		/* ENODEV: it was never there yet. */
		if (n < 0 && errno != EAGAIN && errno != ENODEV)
			return -errno;
		if (n <= 0) {
			cpu->n_pages = 0;
			*stamp = UINT64_MAX;
			return 0;
		}
		if (++cpu->n_pages >= source->pages_per_cpu / 2)
			cpu->filled = true;
		if (kbuffer_load_subbuffer(cpu->kbuffer, cpu->page) == 0)
			cpu->record = kbuffer_read_event(cpu->kbuffer, &nsec);
	}
	*stamp = nsec;
	return 0;
}

static int cpu_advance(struct trace_source *source, struct cpu *cpu)
{
	unsigned long long nsec;

	cpu->record = kbuffer_next_event(cpu->kbuffer, &nsec);
	if (!cpu->record)
		return cpu_read(source, cpu);
	source->stamps[cpu - source->cpus] = nsec;
	return 0;
}

/* --- records ------------------------------------------------------------------------------ */

static uint64_t number_read(const char *record, struct field field)
{
	uint64_t number = 0; /* little-endian, so that shorter ones need no care */

	memcpy(&number, record + field.offset, field.size < 8 ? field.size : 8);
	return number;
}

static int int_read(const char *record, struct field field)
{
	return (int)(uint32_t)number_read(record, field);
}

static void comm_read(const char *record, struct field field, char ret[static COMM_SIZE])
{
	memcpy(ret, record + field.offset, field.size < COMM_SIZE ? field.size : COMM_SIZE);
	ret[COMM_SIZE - 1] = '\0';
}

/* A __data_loc: where in the record it is, and above that how long, with the final NUL. */
static const char *string_read(const char *record, size_t size, struct field field)
{
	uint32_t location = (uint32_t)number_read(record, field);
	size_t offset = location & 0xffff, len = location >> 16;

	if (len == 0 || offset + len > size || record[offset + len - 1] != '\0')
		return NULL;
	return record + offset;
}

static void signal_decode(const struct trace_source *source, const char *record, uint64_t nsec,
	struct signal_seen *ret)
{
	const struct field *fields = source->layouts[TRACEPOINT_SIGNAL].fields;

	*ret = (struct signal_seen){
		.monotonic_nsec = nsec,
		.current = int_read(record, source->common_pid),
		.target = int_read(record, fields[3]),
		.signal = int_read(record, fields[0]),
		.code = int_read(record, fields[1]),
		.group = int_read(record, fields[4]) != 0,
		.interrupt = (number_read(record, source->common_flags) & FLAGS_INTERRUPT) != 0,
		.result = (enum signal_result)int_read(record, fields[5]),
	};
	comm_read(record, fields[2], ret->target_comm);
}

static void process_decode(const struct trace_source *source, enum tracepoint_id id,
	const char *record, size_t size, struct process_event *ret)
{
	const struct field *fields = source->layouts[id].fields;

	ret->tid = int_read(record, fields[0]);
	switch (id) {
	case TRACEPOINT_BIRTH:
		ret->type = PROCESS_EVENT_BIRTH;
		ret->maker = int_read(record, source->common_pid);
		comm_read(record, fields[1], ret->comm);
		ret->clone_flags = number_read(record, fields[2]);
		ret->flags_told = true;
		break;
	case TRACEPOINT_RENAME:
		ret->type = PROCESS_EVENT_RENAME;
		comm_read(record, fields[1], ret->comm);
		break;
	case TRACEPOINT_EXEC:
		ret->type = PROCESS_EVENT_EXEC;
		ret->old_tid = int_read(record, fields[1]);
		ret->path = string_read(record, size, fields[2]);
		break;
	case TRACEPOINT_MOVE:
	case TRACEPOINT_TRANSFER:
		ret->type = PROCESS_EVENT_MOVE;
		ret->hierarchy = int_read(record, fields[1]);
		ret->path = string_read(record, size, fields[2]);
		break;
	case TRACEPOINT_SIGNAL:
	case N_TRACEPOINTS:
		break;
	}
}

static enum tracepoint_id tracepoint_of(const struct trace_source *source, const char *record)
{
	uint16_t type = (uint16_t)number_read(record, source->common_type);
	enum tracepoint_id id = 0;

	while (id < N_TRACEPOINTS &&
		(!source->layouts[id].told || source->layouts[id].type != type))
		id++;
	return id;
}

/* Whether it is one of ours: others may have switched on more. */
static bool record_decode(const struct trace_source *source, const struct cpu *cpu, uint64_t nsec,
	struct trace_event *ret)
{
	enum tracepoint_id id = tracepoint_of(source, cpu->record);

	if (id == N_TRACEPOINTS)
		return false;
	ret->is_signal = id == TRACEPOINT_SIGNAL;
	if (ret->is_signal) {
		signal_decode(source, cpu->record, nsec, &ret->signal);
	} else {
		ret->process = (struct process_event){.monotonic_nsec = nsec};
		process_decode(source, id, cpu->record, (size_t)kbuffer_event_size(cpu->kbuffer),
			&ret->process);
	}
	return true;
}

/* --- all processors, in order ------------------------------------------------------------- */

/* Of a CPU that had nothing left. */
static int cpus_read(struct trace_source *source)
{
	int r = 0;

	for (size_t i = 0; i < source->n_cpus && r == 0; i++)
		if (!source->cpus[i].record)
			r = cpu_read(source, &source->cpus[i]);
	return r;
}

/* The one with the earliest record, or NULL. */
static struct cpu *cpus_first(struct trace_source *source)
{
	uint64_t first_nsec = UINT64_MAX;
	size_t first = 0;

	source->others_nsec = UINT64_MAX;
	for (size_t i = 0; i < source->n_cpus; i++) {
		uint64_t nsec = source->stamps[i];

		if (nsec < first_nsec) {
			source->others_nsec = first_nsec;
			first_nsec = nsec;
			first = i;
		} else if (nsec < source->others_nsec) {
			source->others_nsec = nsec;
		}
	}
	return first_nsec == UINT64_MAX ? NULL : &source->cpus[first];
}

/* Beyond what was given out last. */
static int advance(struct trace_source *source, uint64_t until_nsec, struct cpu **ret)
{
	struct cpu *cpu = source->given;
	int r = 0;

	source->given = NULL;
	if (cpu)
		r = cpu_advance(source, cpu);
	if (r == 0 && until_nsec != source->until_nsec) {
		r = cpus_read(source);
		source->until_nsec = until_nsec;
		cpu = NULL;
	}
	/* One CPU often has many in a row. */
	if (!cpu || source->stamps[cpu - source->cpus] > source->others_nsec)
		cpu = cpus_first(source);
	*ret = cpu;
	return r;
}

int trace_source_next(
	struct trace_source *source, uint64_t until_monotonic_nsec, struct trace_event *ret)
{
	struct cpu *cpu;
	uint64_t nsec;

	do {
		int r = advance(source, until_monotonic_nsec, &cpu);

		if (r < 0)
			return r;
		if (!cpu || !cpu->record)
			return 0;
		nsec = source->stamps[cpu - source->cpus];
		if (nsec > until_monotonic_nsec)
			return 0;
		source->given = cpu;
		cpu->taken_nsec = nsec;
	} while (!record_decode(source, cpu, nsec, ret));
	return 1;
}

/* --- what was lost ------------------------------------------------------------------------ */

/* With overwrite=0 `dropped events` alone counts; the others would be somebody's doing. */
static uint64_t losses_sum(const char *stats)
{
	static const char *const counters[] = {
		"\noverrun: ", "\ncommit overrun: ", "\ndropped events: "};
	uint64_t sum = 0;

	for (size_t i = 0; i < sizeof(counters) / sizeof(counters[0]); i++) {
		const char *counter = strstr(stats, counters[i]);

		if (counter)
			sum += strtoull(counter + strlen(counters[i]), NULL, 10);
	}
	return sum;
}

static int cpu_look(const struct trace_source *source, const struct cpu *cpu, uint64_t *ret_lost)
{
	char file[40];
	char *stats;

	snprintf(file, sizeof(file), "per_cpu/cpu%d/stats", cpu->number);
	stats = file_read(source, file);
	if (!stats)
		return -errno;
	*ret_lost = losses_sum(stats);
	free(stats);
	return 0;
}

/* A buffer loses only while it is full, and what it is full of is read before what comes after the
 * loss: so a look is due only where about as much was read at a stretch. */
int trace_source_lost(struct trace_source *source, uint64_t *ret_total, uint64_t *ret_since_nsec)
{
	uint64_t total = 0, since_nsec = UINT64_MAX;

	for (size_t i = 0; i < source->n_cpus; i++) {
		struct cpu *cpu = &source->cpus[i];
		uint64_t lost = cpu->lost;
		int r = cpu->filled ? cpu_look(source, cpu, &lost) : 0;

		if (r < 0)
			return r;
		if (lost > cpu->lost && cpu->looked_nsec < since_nsec)
			since_nsec = cpu->looked_nsec;
		if (cpu->filled)
			cpu->n_pages = 0;
		cpu->filled = false;
		cpu->lost = lost;
		cpu->looked_nsec = cpu->taken_nsec;
		total += lost;
	}
	*ret_total = total;
	*ret_since_nsec = since_nsec;
	return 0;
}

static int losses_begin(struct trace_source *source)
{
	int r = 0;

	for (size_t i = 0; i < source->n_cpus && r == 0; i++)
		r = cpu_look(source, &source->cpus[i], &source->cpus[i].lost);
	return r;
}

/* --- its life ----------------------------------------------------------------------------- */

static int begin(struct trace_source *source, const struct trace_settings *settings)
{
	int r = tracefs_look();

	if (r == 0)
		r = layouts_find(source);
	if (r == 0)
		r = instance_open(source, settings->instance);
	if (r == 0)
		r = instance_set(source, settings->buffer_per_cpu);
	if (r == 0)
		r = cpus_open(source);
	return r == 0 ? losses_begin(source) : r;
}

int trace_source_open(const struct trace_settings *settings, struct trace_source **ret)
{
	struct trace_source *source = calloc(1, sizeof(*source));
	int r = source ? begin(source, settings) : -ENOMEM;

	if (r == 0)
		*ret = source;
	else if (source)
		trace_source_close(
			source, source->instance && tracefs_instance_is_new(source->instance));
	return r;
}

struct trace_source *trace_source_close(struct trace_source *source, bool remove)
{
	if (!source)
		return NULL;
	for (size_t i = 0; i < source->n_cpus; i++)
		cpu_done(&source->cpus[i]);
	free(source->cpus);
	free(source->stamps);
	if (source->instance && remove) {
		/* Where somebody has a file of it open, it stays, but writes no more. */
		file_write(source, "events/enable", "0");
		tracefs_instance_destroy(source->instance);
	}
	if (source->instance)
		tracefs_instance_free(source->instance);
	free(source);
	return NULL;
}

bool trace_source_adopted(const struct trace_source *source)
{
	return source->adopted;
}

unsigned trace_source_untold(const struct trace_source *source)
{
	return source->untold;
}
