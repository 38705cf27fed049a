/* test_light: a light run leaves the bytes of a plain one (timing.csv's apart) however it ends, is left, or is killed, and
 * costs no sync and few files on the way. Stands in front of fsync and rename, to count them and to be killed at the
 * one that is asked for, and of the clock, to make it run fast. */
#include "../slow/small_run.h"

#include <fcntl.h>
#include <signal.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <time.h>

static int syncs, renames;
static int kill_at = -1; /* SIGKILL comes before this rename, counted from 0 */
static double clock_speed = 1;

int fsync(int fd) {
    (void)fd;
    syncs++;
    return 0;
}

int rename(const char *from, const char *to) {
    if (renames++ == kill_at) kill(getpid(), SIGKILL);
    return renameat(AT_FDCWD, from, AT_FDCWD, to);
}

int clock_gettime(clockid_t clock, struct timespec *time) {
    int status = (int)syscall(SYS_clock_gettime, clock, time);
    double seconds = ((double)time->tv_sec + 1e-9 * (double)time->tv_nsec) * clock_speed;
    time->tv_sec = (time_t)seconds;
    time->tv_nsec = (long)(1e9 * (seconds - (double)time->tv_sec));
    return status;
}

static Settings settings;
static Dataset data;
static Error err;

static void load(const char *words) {
    Trial trial = {0};
    char copy[TRIAL_BYTES], *rest = NULL;
    snprintf(copy, sizeof copy, "%s", words);
    add_set(&trial, "log.checkpoint_every=1");
    for (char *word = strtok_r(copy, " ", &rest); word; word = strtok_r(NULL, " ", &rest)) add_set(&trial, word);
    err = (Error){0};
    if (!prepare(&trial, &settings, &data, &err)) fail_msg("%s: %s", words, err.text);
}

static void remove_run(const char *path) {
    char command[64];
    snprintf(command, sizeof command, "rm -rf %s", path);
    assert_int_equal(system(command), 0);
}

/* Runs, or goes on, in DIRECTORY, to the end or until so many epochs are done. */
static RunState go(const char *path, bool light, int64_t until) {
    RunState outcome;
    RunDirectory directory;
    RunOptions options = {.quiet = true, .light = light, .until = until, .outcome = &outcome};
    if (!run_directory_claim(&directory, path, CLAIM_RESUME, &err)) fail_msg("%s", err.text);
    int status = run_experiment(&settings, &data, &directory, &options, &err);
    run_directory_release(&directory);
    if (status != EXIT_DONE && status != EXIT_DIVERGED) fail_msg("status %d: %s", status, err.text);
    return outcome;
}

static void assert_same_run(const char *words) {
    if (system("diff -r -x timing.csv whole run") != 0) fail_msg("%s", words);
}

/* ---- bytes -------------------------------------------------------------------------------------------------- */

#define MIDDLE "train.epochs=20 train.lr=1.5 seed=3"
static const struct {
    const char *words;
    RunStatus status;
    bool best_in_the_middle;
} trials[] = {
    {MIDDLE, RUN_FINISHED, true},
    {MIDDLE " model.norm=batch train.optimizer=adam train.lr=0.2", RUN_FINISHED, true},
    {"train.epochs=50 train.lr=1.5 train.early_stop={\"patience\":3}", RUN_STOPPED_EARLY, true},
    {"train.epochs=50 train.lr=1e4 train.loss=mse train.diverge_factor=1e9", RUN_DIVERGED, false},
    {"train.epochs=5 data.validation=0", RUN_FINISHED, false},
    {"train.epochs=5 preprocess=[\"pca\"] log.histograms=false", RUN_FINISHED, false},
    {"train.epochs=0", RUN_FINISHED, false},
};
enum { TRIALS = sizeof trials / sizeof trials[0] };

static void same_bytes(void **state) {
    (void)state;
    for (int i = 0; i < TRIALS; i++) {
        load(trials[i].words);
        remove_run("whole run");
        RunState plain = go("whole", false, 0), light = go("run", true, 0);
        assert_same_run(trials[i].words);
        assert_int_equal(light.status, trials[i].status);
        assert_int_equal(light.best.epoch, plain.best.epoch);
        bool middle = plain.best.epoch > 0 && plain.best.epoch < plain.last.epoch;
        if (middle < trials[i].best_in_the_middle) fail_msg("%s: best is %d", trials[i].words, (int)plain.best.epoch);
        dataset_free(&data);
    }
}

/* What waits in memory goes with the checkpoint that it is left by. */
static void left_and_resumed(void **state) {
    (void)state;
    for (int i = 0; i < 3; i++) {
        load(trials[i].words);
        remove_run("whole");
        int64_t epochs = go("whole", false, 0).epoch;
        for (int64_t until = 1; until < epochs; until += 2) {
            remove_run("run");
            assert_int_equal(go("run", true, until).status, RUN_RUNNING);
            /* who goes on with it need not be light */
            go("run", until % 3 > 0, 0);
            assert_same_run(trials[i].words);
        }
        dataset_free(&data);
    }
}

/* ---- cost --------------------------------------------------------------------------------------------------- */

/* config, best, checkpoint, model, final, summary */
static void few_files_and_no_sync(void **state) {
    (void)state;
    load(MIDDLE);
    remove_run("run");
    syncs = renames = 0;
    go("run", true, 0);
    assert_int_equal(syncs, 0);
    assert_int_equal(renames, 6);
    remove_run("run");
    go("run", false, 0);
    assert_true(syncs > 5);
    assert_true(renames > 20);
    dataset_free(&data);
}

/* The clock decides how many checkpoints there are on the way, and nothing else. */
static void checkpoints_by_the_clock(void **state) {
    (void)state;
    load(MIDDLE);
    remove_run("run whole");
    go("whole", true, 0);
    clock_speed = 1e5;
    renames = 0;
    go("run", true, 0);
    clock_speed = 1;
    assert_true(renames > 20);
    assert_same_run(MIDDLE);
    dataset_free(&data);
}

/* ---- kills -------------------------------------------------------------------------------------------------- */

/* Runs in a child that is killed before its NTH rename, or, with NTH < 0, after so many microseconds. Returns whether
 * it was; not when it had ended before. */
static bool killed(int nth, useconds_t after) {
    pid_t child = fork();
    assert_true(child >= 0);
    if (child == 0) {
        renames = 0;
        kill_at = nth;
        clock_speed = 1e5; /* a checkpoint nearly every epoch */
        go("run", true, 0);
        _exit(0);
    }
    int status;
    if (nth < 0) {
        usleep(after);
        kill(child, SIGKILL);
    }
    assert_int_equal(waitpid(child, &status, 0), child);
    return WIFSIGNALED(status);
}

static void killed_at_each_file(void **state) {
    (void)state;
    for (int i = 0; i < 2; i++) {
        int nth = 0;
        load(trials[i].words);
        remove_run("whole run");
        go("whole", false, 0);
        for (; killed(nth, 0); nth++) {
            go("run", true, 0);
            assert_same_run(trials[i].words);
            remove_run("run");
        }
        assert_same_run(trials[i].words);
        assert_true(nth > 20);
        dataset_free(&data);
    }
}

static void killed_again_and_again(void **state) {
    (void)state;
    const char *words = "train.epochs=400 train.lr=1.5 log.histograms=false";
    int kills = 0;
    load(words);
    remove_run("whole run");
    go("whole", false, 0);
    for (useconds_t after = 2000; killed(-1, after); after += 2000) kills++;
    assert_same_run(words);
    assert_true(kills > 3);
    dataset_free(&data);
}

static int prepare_files(void **state) {
    (void)state;
    enter_directory();
    small_run_files();
    return 0;
}

static int remove_files(void **state) {
    (void)state;
    leave_directory();
    return 0;
}

int main(void) {
    cmocka_set_message_output(CM_OUTPUT_TAP);
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(same_bytes),
        cmocka_unit_test(left_and_resumed),
        cmocka_unit_test(few_files_and_no_sync),
        cmocka_unit_test(checkpoints_by_the_clock),
        cmocka_unit_test(killed_at_each_file),
        cmocka_unit_test(killed_again_and_again),
    };
    return cmocka_run_group_tests_name("light", tests, prepare_files, remove_files);
}
