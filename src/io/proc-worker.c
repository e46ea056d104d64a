/* SPDX-License-Identifier: GPL-2.0-or-later */
/* SPDX-FileCopyrightText: The killauditd authors */

#include "io/proc-worker.h"

#include <errno.h>
#include <pthread.h>
#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include "core/process.h"
#include "io/proc-reader.h"

struct request {
	pid_t pid;
	bool awaited; /* by proc_worker_read(), which frees it, unless it has given up */
	bool given_up;
	int result; /* REQUEST_OPEN: not yet */
	struct process reading;
	struct request *next;
};

enum { REQUEST_OPEN = 2 };

struct queue {
	struct request *first, **end;
	size_t n;
};

/* Shared by its threads, of which one may hang for ever: the last one frees it. All but `root` is
 * under the lock. */
struct proc_worker {
	char *root;
	pthread_mutex_t lock;
	pthread_cond_t work, done;
	struct queue asked, answered;
	size_t n_threads, refs;
	unsigned active; /* number of the thread that works; others are to end */
	uint64_t busy_since_usec; /* 0: it waits for work */
	bool stopped;
};

struct thread {
	struct proc_worker *worker;
	struct proc_reader *reader;
	unsigned number;
};

static uint64_t now_usec(void)
{
	struct timespec now;

	clock_gettime(CLOCK_MONOTONIC, &now);
	return (uint64_t)now.tv_sec * 1000000 + (uint64_t)now.tv_nsec / 1000;
}

static void queue_put(struct queue *queue, struct request *request)
{
	request->next = NULL;
	*queue->end = request;
	queue->end = &request->next;
	queue->n++;
}

static void queue_put_first(struct queue *queue, struct request *request)
{
	request->next = queue->first;
	if (!queue->first)
		queue->end = &request->next;
	queue->first = request;
	queue->n++;
}

static struct request *queue_take(struct queue *queue)
{
	struct request *request = queue->first;

	if (!request)
		return NULL;
	queue->first = request->next;
	if (!queue->first)
		queue->end = &queue->first;
	queue->n--;
	return request;
}

static void request_free(struct request *request)
{
	if (request->result == 0)
		process_done(&request->reading);
	free(request);
}

static void queue_done(struct queue *queue)
{
	struct request *request;

	while ((request = queue_take(queue)))
		if (!request->awaited || request->given_up)
			request_free(request);
}

/* With the lock held, which it gives back. */
static void worker_unref(struct proc_worker *worker)
{
	bool last = --worker->refs == 0;

	pthread_mutex_unlock(&worker->lock);
	if (!last)
		return;
	queue_done(&worker->asked);
	queue_done(&worker->answered);
	pthread_cond_destroy(&worker->work);
	pthread_cond_destroy(&worker->done);
	pthread_mutex_destroy(&worker->lock);
	free(worker->root);
	free(worker);
}

/* With the lock held. */
static void request_answer(struct proc_worker *worker, struct request *request)
{
	if (request->given_up) {
		request_free(request);
	} else if (request->awaited) {
		pthread_cond_broadcast(&worker->done);
	} else if (request->result != 0) {
		request_free(request);
	} else {
		queue_put(&worker->answered, request);
	}
}

static bool is_wanted(const struct thread *thread)
{
	return !thread->worker->stopped && thread->worker->active == thread->number;
}

/* With the lock held, which it gives away while it reads. */
static void thread_read(struct thread *thread, struct request *request)
{
	struct proc_worker *worker = thread->worker;
	struct process reading;
	int result;

	worker->busy_since_usec = now_usec();
	pthread_mutex_unlock(&worker->lock);
	result = proc_reader_read(thread->reader, request->pid, PROC_READER_NAMES, &reading);
	pthread_mutex_lock(&worker->lock);
	if (is_wanted(thread))
		worker->busy_since_usec = 0;
	request->result = result;
	if (result == 0)
		request->reading = reading;
	request_answer(worker, request);
}

static void *thread_main(void *userdata)
{
	struct thread *thread = userdata;
	struct proc_worker *worker = thread->worker;
	struct request *request;

	pthread_mutex_lock(&worker->lock);
	while (is_wanted(thread)) {
		request = queue_take(&worker->asked);
		if (request && request->given_up)
			request_free(request);
		else if (request)
			thread_read(thread, request);
		else
			pthread_cond_wait(&worker->work, &worker->lock);
	}
	worker->n_threads--;
	worker_unref(worker);
	proc_reader_close(thread->reader);
	free(thread);
	return NULL;
}

/* With the lock held. The signals of the process are for its first thread. */
static int thread_start(struct proc_worker *worker)
{
	struct thread *thread = calloc(1, sizeof(*thread));
	sigset_t all, before;
	pthread_t id;
	int r;

	if (!thread)
		return -ENOMEM;
	r = proc_reader_open(worker->root, &thread->reader);
	if (r < 0) {
		free(thread);
		return r;
	}
	thread->worker = worker;
	thread->number = worker->active + 1;
	sigfillset(&all);
	pthread_sigmask(SIG_SETMASK, &all, &before);
	r = -pthread_create(&id, NULL, thread_main, thread);
	pthread_sigmask(SIG_SETMASK, &before, NULL);
	if (r < 0) {
		proc_reader_close(thread->reader);
		free(thread);
		return r;
	}
	pthread_detach(id);
	worker->active++;
	worker->busy_since_usec = 0;
	worker->n_threads++;
	worker->refs++;
	return 0;
}

int proc_worker_start(const char *root, struct proc_worker **ret)
{
	struct proc_worker *worker = calloc(1, sizeof(*worker));
	pthread_condattr_t attributes;
	int r = -ENOMEM;

	if (!worker)
		return -ENOMEM;
	worker->root = strdup(root);
	worker->asked.end = &worker->asked.first;
	worker->answered.end = &worker->answered.first;
	worker->refs = 1;
	pthread_mutex_init(&worker->lock, NULL);
	pthread_cond_init(&worker->work, NULL);
	pthread_condattr_init(&attributes);
	pthread_condattr_setclock(&attributes, CLOCK_MONOTONIC);
	pthread_cond_init(&worker->done, &attributes);
	pthread_condattr_destroy(&attributes);
	pthread_mutex_lock(&worker->lock);
	if (worker->root)
		r = thread_start(worker);
	if (r < 0) {
		worker_unref(worker);
		return r;
	}
	pthread_mutex_unlock(&worker->lock);
	*ret = worker;
	return 0;
}

struct proc_worker *proc_worker_stop(struct proc_worker *worker)
{
	if (!worker)
		return NULL;
	pthread_mutex_lock(&worker->lock);
	worker->stopped = true;
	pthread_cond_broadcast(&worker->work);
	worker_unref(worker);
	return NULL;
}

/* With the lock held. */
static void replace_who_hangs(struct proc_worker *worker)
{
	if (worker->busy_since_usec && worker->n_threads < PROC_WORKER_THREADS_MAX &&
		now_usec() > worker->busy_since_usec + PROC_WORKER_PATIENCE_USEC)
		thread_start(worker);
}

bool proc_worker_ask(struct proc_worker *worker, pid_t pid)
{
	struct request *request;

	pthread_mutex_lock(&worker->lock);
	request = worker->asked.n < PROC_WORKER_QUEUE_MAX ? calloc(1, sizeof(*request)) : NULL;
	if (request) {
		request->pid = pid;
		request->result = REQUEST_OPEN;
		queue_put(&worker->asked, request);
		pthread_cond_signal(&worker->work);
	}
	pthread_mutex_unlock(&worker->lock);
	return request;
}

void proc_worker_collect(struct proc_worker *worker,
	void (*visit)(const struct process *reading, void *userdata), void *userdata)
{
	struct request *request, *next;

	pthread_mutex_lock(&worker->lock);
	replace_who_hangs(worker);
	request = worker->answered.first;
	worker->answered = (struct queue){.end = &worker->answered.first};
	pthread_mutex_unlock(&worker->lock);
	for (; request; request = next) {
		next = request->next;
		visit(&request->reading, userdata);
		request_free(request);
	}
}

static struct timespec after(uint64_t wait_usec)
{
	uint64_t until_usec = now_usec() + wait_usec;

	return (struct timespec){
		.tv_sec = (time_t)(until_usec / 1000000),
		.tv_nsec = (long)(until_usec % 1000000 * 1000),
	};
}

int proc_worker_read(struct proc_worker *worker, pid_t pid, uint64_t wait_usec, struct process *ret)
{
	const struct timespec until = after(wait_usec);
	struct request *request = calloc(1, sizeof(*request));
	int r = 0;

	if (!request)
		return -ENOMEM;
	*request = (struct request){.pid = pid, .awaited = true, .result = REQUEST_OPEN};
	pthread_mutex_lock(&worker->lock);
	replace_who_hangs(worker);
	queue_put_first(&worker->asked, request);
	pthread_cond_signal(&worker->work);
	while (r == 0 && request->result == REQUEST_OPEN)
		r = pthread_cond_timedwait(&worker->done, &worker->lock, &until);
	if (request->result == REQUEST_OPEN) {
		request->given_up = true; /* whoever reads it, frees it */
		r = -ETIMEDOUT;
	} else {
		r = request->result;
		if (r == 0)
			*ret = request->reading;
		free(request);
	}
	pthread_mutex_unlock(&worker->lock);
	return r;
}
