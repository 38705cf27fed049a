/* test_pool: every job runs once, on any number of threads, awake or asleep; failures are told. */
#include "base/float_mode.h"
#include "base/pool.h"

#include <dlfcn.h>
#include <errno.h>
#include <float.h>
#include <pthread.h>
#include <sched.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stdatomic.h>
#include <stdint.h>
#include <string.h>
#include <unistd.h>

#include <cmocka.h>

enum { MOST_JOBS = 1000 };

typedef struct Work {
    atomic_int ran[MOST_JOBS];
    long input, output[MOST_JOBS]; /* plain: the pool has to order them */
    int microseconds;              /* that a job takes */
} Work;

static void job(void *context, int i) {
    Work *work = context;
    if (work->microseconds) usleep((useconds_t)work->microseconds);
    atomic_fetch_add(&work->ran[i], 1);
    work->output[i] = work->input + i;
}

static Pool *create(int threads) {
    Error err = {0};
    Pool *pool = pool_create(threads, &err);
    assert_non_null(pool);
    assert_int_equal(pool_threads(pool), threads);
    return pool;
}

static void run_once(Pool *pool, int jobs, long input, int microseconds) {
    static Work work;
    memset(&work, 0, sizeof work);
    work.input = input;
    work.microseconds = microseconds;
    pool_run(pool, job, &work, jobs);
    for (int i = 0; i < MOST_JOBS; i++) {
        assert_int_equal(atomic_load(&work.ran[i]), i < jobs);
        if (i < jobs) assert_int_equal(work.output[i], input + i);
    }
}

static void every_job_runs_once(void **state) {
    (void)state;
    static const int counts[] = {0, 1, 2, 3, 7, 64, MOST_JOBS};
    for (int threads = 1; threads <= 5; threads++) {
        Pool *pool = create(threads);
        for (int round = 0; round < 100; round++)
            for (int k = 0; k < 7; k++) run_once(pool, counts[k], round, 0);
        pool_free(pool);
    }
    run_once(NULL, 17, 3, 0);
}

/* After 2 ms the workers sleep; a job of 1 ms sends the caller to sleep. */
static void sleepers_are_woken(void **state) {
    (void)state;
    Pool *pool = create(3);
    for (int round = 0; round < 30; round++) {
        usleep(round % 3 * 1000);
        run_once(pool, 3, round, round % 2 * 1000);
    }
    pool_free(pool);
}

static void pools_end_awake_or_asleep(void **state) {
    (void)state;
    for (int round = 0; round < 20; round++) {
        Pool *pool = create(3);
        if (round % 2) usleep(1000);
        pool_free(pool);
    }
    pool_free(NULL);
}

/* Each of two jobs waits until the other has begun: one thread alone would never end. */
static void meet(void *context, int i) {
    atomic_int *here = context;
    (void)i;
    atomic_fetch_add(here, 1);
    for (int waited = 0; atomic_load(here) < 2 && waited < 20000; waited++) usleep(500);
    if (atomic_load(here) < 2) atomic_store(here, -1);
}

static void jobs_run_side_by_side(void **state) {
    (void)state;
    Pool *pool = create(2);
    for (int asleep = 0; asleep < 2; asleep++) {
        atomic_int here = 0;
        if (asleep) usleep(20000);
        pool_run(pool, meet, &here, 2);
        assert_int_equal(atomic_load(&here), 2);
    }
    pool_free(pool);
}

static void note_thread(void *context, int i) { ((pthread_t *)context)[i] = pthread_self(); }

static void one_thread_is_the_caller(void **state) {
    (void)state;
    pthread_t ran_on[3];
    Pool *one = create(1), *two = create(2);
    pool_run(one, note_thread, ran_on, 3);
    for (int i = 0; i < 3; i++) assert_true(pthread_equal(ran_on[i], pthread_self()));
    pool_run(two, note_thread, ran_on, 1); /* a single job is not worth waking anybody */
    assert_true(pthread_equal(ran_on[0], pthread_self()));
    pool_free(one);
    pool_free(two);
    assert_int_equal(pool_threads(NULL), 1);
}

/* A quarter of the least normal float, or 0 where these are flushed. */
static float quarter(void) {
    volatile float least = FLT_MIN;
    return least * 0.25F;
}

static void note_quarter(void *context, int i) {
    ((float *)context)[i] = quarter();
    usleep(100); /* so that each thread has some */
}

static void workers_round_as_the_caller_does(void **state) {
    (void)state;
    enum { JOBS = 64 };
    float seen[JOBS];
    Pool *pool = create(4);
    for (int turn = 0; turn < 4; turn++) {
        FloatMode before = float_mode();
        bool flushed = turn % 2 == 1;
        if (flushed) float_mode_flush();
        pool_run(pool, note_quarter, seen, JOBS);
        float_mode_set(before); /* while they are flushed they equal 0 */
        assert_true(quarter() > 0);
#if defined __x86_64__ || defined __aarch64__
        for (int i = 0; i < JOBS; i++) assert_int_equal(seen[i] == 0, flushed);
#endif
    }
    pool_free(pool);
}

static void processors_are_those_allowed(void **state) {
    (void)state;
    cpu_set_t before, one;
    assert_int_equal(sched_getaffinity(0, sizeof before, &before), 0);
    assert_int_equal(pool_processors(), CPU_COUNT(&before));
    CPU_ZERO(&one);
    for (int cpu = 0; cpu < CPU_SETSIZE && CPU_COUNT(&one) == 0; cpu++)
        if (CPU_ISSET(cpu, &before)) CPU_SET(cpu, &one);
    assert_int_equal(sched_setaffinity(0, sizeof one, &one), 0);
    assert_int_equal(pool_processors(), 1);
    assert_int_equal(sched_setaffinity(0, sizeof before, &before), 0);
}

/* Stands before the library's: refuses all but the first `allowed` threads. */
static int allowed = -1;

int pthread_create(pthread_t *thread, const pthread_attr_t *attr, void *(*start)(void *), void *argument) {
    typedef int (*Create)(pthread_t *, const pthread_attr_t *, void *(*)(void *), void *);
    if (allowed == 0) return EAGAIN;
    if (allowed > 0) allowed--;
    void *symbol = dlsym(RTLD_NEXT, "pthread_create");
    Create create_thread;
    memcpy(&create_thread, &symbol, sizeof symbol);
    return create_thread(thread, attr, start, argument);
}

static void threads_refused_are_told(void **state) {
    (void)state;
    Error err = {0};
    allowed = 2;
    assert_null(pool_create(5, &err));
    allowed = -1;
    assert_int_equal(err.count, 1);
    assert_string_equal(err.text, "cannot start thread 4 of 5: Resource temporarily unavailable; use fewer");
}

int main(void) {
    cmocka_set_message_output(CM_OUTPUT_TAP);
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(every_job_runs_once),          cmocka_unit_test(sleepers_are_woken),
        cmocka_unit_test(pools_end_awake_or_asleep),    cmocka_unit_test(jobs_run_side_by_side),
        cmocka_unit_test(one_thread_is_the_caller),     cmocka_unit_test(workers_round_as_the_caller_does),
        cmocka_unit_test(processors_are_those_allowed), cmocka_unit_test(threads_refused_are_told),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
