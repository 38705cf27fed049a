/* test_sweep_processes: several processes on one sweep's directory at once. Every cell is run by one of them, whoever
 * comes last writes sweep.csv, and the files are those of a process alone. */
#include "search/collect.h"

#include <fcntl.h>
#include <ftw.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

#include <cmocka.h>

enum { CELLS = 16, MOST_PROCESSES = 4 };

static char here[] = "/tmp/nnexp-test-XXXXXX";

/* What the processes tell: shared memory. */
typedef struct Told {
    CellMark mark[MOST_PROCESSES][CELLS];
    bool wrote[MOST_PROCESSES];
} Told;
static Told *told;

static void put(const char *path, const char *text) {
    Error err = {0};
    assert_true(file_write_parts(path, &(FilePart){text, strlen(text)}, 1, false, &err));
}

static int enter(void **state) {
    (void)state;
    if (!mkdtemp(here) || chdir(here) != 0) return -1;
    told = mmap(NULL, sizeof *told, PROT_READ | PROT_WRITE, MAP_SHARED | MAP_ANONYMOUS, -1, 0);
    put("points.csv", "x,y,label\n1,2,a\n2,1,b\n3,1,b\n1,3,a\n2,2,a\n5,1,b\n0,1,a\n4,0,b\n");
    put("a.json", "{\"data\": {\"file\": \"points.csv\", \"validation\": 0.25}, \"model\": {\"hidden\": [3]},"
                  " \"train\": {\"batch\": 4, \"epochs\": 6}, \"sweep\": {\"axes\": {\"train.lr\": {\"log\": [0.001, "
                  "1, 16]}}}}");
    return 0;
}

static int remove_entry(const char *path, const struct stat *info, int type, struct FTW *walk) {
    (void)info, (void)type, (void)walk;
    return remove(path);
}

static int leave(void **state) {
    (void)state;
    munmap(told, sizeof *told);
    return chdir("/") == 0 ? nftw(here, remove_entry, 8, FTW_DEPTH | FTW_PHYS) : -1;
}

/* One process: runs the cells first … last in a directory, with so many threads. Returns 0 when all is well. */
static int run(const char *directory, int process, int64_t first, int64_t last, int threads) {
    static SweepPlan plan;
    static CellIdentity identity[CELLS];
    static Sweep sweep;
    static Error err;
    static bool chosen[CELLS];
    SweepProgress progress = {.quiet = true};
    Collection found = {0};
    Pool *pool = pool_create(threads, &err);
    if (!pool || !plan_load(&(PlanRequest){.config = "a.json"}, &plan, &err) || plan.cells != CELLS ||
        !identify_cells(&plan, pool, identity, &err))
        return 1;
    for (int64_t cell = first; cell <= last; cell++) chosen[cell] = true;
    sweep = (Sweep){.plan = &plan,
                    .identity = identity,
                    .pool = pool,
                    .progress = &progress,
                    .chosen = chosen,
                    .begin = collect_plan};
    strcpy(sweep.directory, directory);
    bool ok = sweep_run(&sweep, &err) == 0 && collect_end(&sweep, false, &found, &err);
    memcpy(told->mark[process], sweep.mark, sizeof told->mark[process]);
    told->wrote[process] = found.elsewhere == 0;
    error_print(&err, stderr);
    collection_free(&found);
    sweep_free(&sweep);
    plan_free(&plan);
    pool_free(pool);
    return ok && err.count == 0 ? 0 : 2;
}

typedef struct Share {
    int64_t first, last;
    int threads;
} Share;

static void run_all(const char *directory, const Share *share, int processes) {
    pid_t child[MOST_PROCESSES];
    memset(told, 0, sizeof *told);
    for (int i = 0; i < processes; i++)
        if ((child[i] = fork()) == 0) _exit(run(directory, i, share[i].first, share[i].last, share[i].threads));
    for (int i = 0; i < processes; i++) {
        int status;
        waitpid(child[i], &status, 0);
        assert_int_equal(status, 0);
    }
}

static void assert_same(const char *a, const char *b) {
    char *one, *other;
    size_t size, length;
    Error err = {0};
    assert_true(file_read(a, &one, &size, &err));
    assert_true(file_read(b, &other, &length, &err));
    assert_int_equal(size, length);
    assert_memory_equal(one, other, size);
    free(one);
    free(other);
}

static void assert_once(int processes) {
    int wrote = 0;
    for (int cell = 0; cell < CELLS; cell++) {
        int runs = 0;
        for (int i = 0; i < processes; i++) runs += told->mark[i][cell] == MARK_RUN;
        if (runs != 1) fail_msg("cell %d was run %d times", cell + 1, runs);
    }
    for (int i = 0; i < processes; i++) wrote += told->wrote[i];
    assert_true(wrote >= 1);
}

static void try_shares(const char *directory, const Share *share, int processes) {
    char path[64];
    run_all(directory, share, processes);
    assert_once(processes);
    snprintf(path, sizeof path, "%s/sweep.csv", directory);
    assert_same("alone/sweep.csv", path);
    snprintf(path, sizeof path, "%s/sweep.json", directory);
    assert_same("alone/sweep.json", path);
    snprintf(path, sizeof path, "%s/" DIRECTORY_LOCK_FILE, directory);
    assert_false(file_exists(path));
}

static void test_alone(void **state) {
    (void)state;
    run_all("alone", (Share[]){{0, CELLS - 1, 1}}, 1);
    assert_once(1);
}

static void test_all_on_all(void **state) {
    (void)state;
    const Share all = {0, CELLS - 1, 2};
    for (int round = 0; round < 3; round++) {
        char directory[32];
        snprintf(directory, sizeof directory, "all%d", round);
        try_shares(directory, (Share[]){all, all, all, {0, CELLS - 1, 1}}, 2 + round % 3);
    }
}

/* Parts that overlap: the last one out of all writes the whole. */
static void test_parts(void **state) {
    (void)state;
    for (int round = 0; round < 3; round++) {
        char directory[32];
        snprintf(directory, sizeof directory, "parts%d", round);
        try_shares(directory, (Share[]){{0, 7, 1}, {4, 12, 2}, {10, 15, 1}}, 3);
    }
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_alone),
        cmocka_unit_test(test_all_on_all),
        cmocka_unit_test(test_parts),
    };
    return cmocka_run_group_tests(tests, enter, leave);
}
