/* pool: see pool.h. Two counters carry a call: `left` hands out its jobs, `unfinished` says when it is over.
 * Whoever takes left from r > 0 owns job jobs - r of the present call, which cannot end before that job does:
 * so what the call wrote into the pool may be read after the taking, and needs no lock. */
#include "base/pool.h"

#include "base/clock.h"
#include "base/float_mode.h"
#include "base/linalg.h"

#include <assert.h>
#include <pthread.h>
#include <sched.h>
#include <stdatomic.h>
#include <stdlib.h>
#include <string.h>

#define SPIN_SECONDS 50e-6

struct Pool {
    int threads, started; /* workers: threads - 1 */
    pthread_t *workers;
    pthread_mutex_t mutex; /* for the two conditions alone */
    pthread_cond_t wake, done;
    PoolJob job;
    void *context;
    int jobs;
    FloatMode mode; /* the caller's */
    atomic_bool stop;
    _Alignas(64) atomic_int left; /* jobs nobody took yet; at most `threads` below zero */
    _Alignas(64) atomic_int unfinished;
    _Alignas(64) atomic_int sleepers; /* workers that wait for `wake`, or are about to */
    atomic_bool caller_sleeps;        /* likewise for `done` */
};

static void pause_briefly(void) {
#if defined __x86_64__ || defined __i386__
    __builtin_ia32_pause();
#elif defined __aarch64__
    __asm__ volatile("yield");
#endif
}

static bool has_work(Pool *pool) { return atomic_load(&pool->left) > 0 || atomic_load(&pool->stop); }
static bool is_over(Pool *pool) { return atomic_load(&pool->unfinished) == 0; }

/* Returns whether the condition came true while spinning. */
static bool spin(Pool *pool, bool (*condition)(Pool *)) {
    double until = clock_seconds() + SPIN_SECONDS;
    do {
        for (int i = 0; i < 64; i++) {
            if (condition(pool)) return true;
            pause_briefly();
        }
    } while (clock_seconds() < until);
    return false;
}

static void work(Pool *pool) {
    while (atomic_load(&pool->left) > 0) {
        int taken = atomic_fetch_sub(&pool->left, 1);
        if (taken <= 0) return;
        float_mode_set(pool->mode);
        pool->job(pool->context, pool->jobs - taken);
        if (atomic_fetch_sub(&pool->unfinished, 1) == 1 && atomic_load(&pool->caller_sleeps)) {
            pthread_mutex_lock(&pool->mutex);
            pthread_cond_signal(&pool->done);
            pthread_mutex_unlock(&pool->mutex);
        }
    }
}

/* The sleeper says so before it looks at the counter, its waker changes the counter before it looks for
 * sleepers: one of the two sees the other. */
static void sleep_until_work(Pool *pool) {
    pthread_mutex_lock(&pool->mutex);
    atomic_fetch_add(&pool->sleepers, 1);
    while (!has_work(pool)) pthread_cond_wait(&pool->wake, &pool->mutex);
    atomic_fetch_sub(&pool->sleepers, 1);
    pthread_mutex_unlock(&pool->mutex);
}

static void sleep_until_over(Pool *pool) {
    pthread_mutex_lock(&pool->mutex);
    atomic_store(&pool->caller_sleeps, true);
    while (!is_over(pool)) pthread_cond_wait(&pool->done, &pool->mutex);
    atomic_store(&pool->caller_sleeps, false);
    pthread_mutex_unlock(&pool->mutex);
}

static void wake_workers(Pool *pool) {
    if (atomic_load(&pool->sleepers) == 0) return;
    pthread_mutex_lock(&pool->mutex);
    pthread_cond_broadcast(&pool->wake);
    pthread_mutex_unlock(&pool->mutex);
}

static void *worker(void *argument) {
    Pool *pool = argument;
    linalg_pin_threads();
    while (!atomic_load(&pool->stop)) {
        if (!spin(pool, has_work)) sleep_until_work(pool);
        work(pool);
    }
    return NULL;
}

Pool *pool_create(int threads, Error *err) {
    assert(threads >= 1);
    Pool *pool = aligned_alloc(64, sizeof *pool);
    pthread_t *workers = calloc((size_t)threads, sizeof *workers);
    if (!pool || !workers) {
        free(pool);
        free(workers);
        fail(err, "no memory for %d threads; use fewer", threads);
        return NULL;
    }
    memset(pool, 0, sizeof *pool);
    pool->threads = threads;
    pool->workers = workers;
    pthread_mutex_init(&pool->mutex, NULL);
    pthread_cond_init(&pool->wake, NULL);
    pthread_cond_init(&pool->done, NULL);
    for (; pool->started < threads - 1; pool->started++) {
        int status = pthread_create(&workers[pool->started], NULL, worker, pool);
        if (status == 0) continue;
        fail(err, "cannot start thread %d of %d: %s; use fewer", pool->started + 2, threads, strerror(status));
        pool_free(pool);
        return NULL;
    }
    return pool;
}

void pool_free(Pool *pool) {
    if (!pool) return;
    atomic_store(&pool->stop, true);
    wake_workers(pool);
    for (int i = 0; i < pool->started; i++) pthread_join(pool->workers[i], NULL);
    pthread_cond_destroy(&pool->done);
    pthread_cond_destroy(&pool->wake);
    pthread_mutex_destroy(&pool->mutex);
    free(pool->workers);
    free(pool);
}

int pool_threads(const Pool *pool) { return pool ? pool->threads : 1; }

void pool_run(Pool *pool, PoolJob job, void *context, int jobs) {
    if (pool_threads(pool) == 1 || jobs <= 1) {
        for (int i = 0; i < jobs; i++) job(context, i);
        return;
    }
    pool->job = job;
    pool->context = context;
    pool->jobs = jobs;
    pool->mode = float_mode();
    atomic_store(&pool->unfinished, jobs);
    atomic_store(&pool->left, jobs);
    wake_workers(pool);
    work(pool);
    if (!spin(pool, is_over)) sleep_until_over(pool);
}

int pool_processors(void) {
    cpu_set_t allowed;
    if (sched_getaffinity(0, sizeof allowed, &allowed) != 0) return 1;
    int count = CPU_COUNT(&allowed);
    return count > 0 ? count : 1;
}
