/* test_schedule_resume: runs whose rate has a memory, or counts updates over the whole run, are left after every one of
 * their epochs and resumed: every byte but timing.csv's is that of the unbroken run. */
#include "small_run.h"

enum { EPOCHS = 14 };

static Settings settings;
static Dataset data;
static Error err;

/* In DIRECTORY, to the end or until so many epochs are done. Returns how it ended or was left. */
static RunState go(const char *path, ClaimMode mode, int64_t until) {
    RunState outcome;
    RunDirectory directory;
    RunOptions options = {.quiet = true, .resume = mode == CLAIM_RESUME, .until = until, .outcome = &outcome};
    if (!run_directory_claim(&directory, path, mode, &err)) fail_msg("%s", err.text);
    int status = run_experiment(&settings, &data, &directory, &options, &err);
    run_directory_release(&directory);
    if (status != EXIT_DONE) fail_msg("status %d: %s", status, err.text);
    return outcome;
}

static void broken_at(const char *words, int64_t first, int64_t second) {
    assert_int_equal(system("rm -rf run"), 0);
    RunState left = go("run", CLAIM_NEW, first);
    assert_int_equal(left.status, RUN_RUNNING);
    assert_int_equal(left.epoch, first);
    if (second > first) go("run", CLAIM_RESUME, second);
    assert_int_equal(go("run", CLAIM_RESUME, 0).status, RUN_FINISHED);
    if (system("diff -r -x timing.csv whole run") != 0)
        fail_msg("%s: left after %d and %d epochs", words, (int)first, (int)second);
}

/* How many rates there are in a run's epochs.csv. */
static int rates(const char *path) {
    char command[256];
    int count = 0;
    snprintf(command, sizeof command, "sed 1,2d %s/epochs.csv | cut -d , -f 3 | sort -u | wc -l", path);
    FILE *pipe = popen(command, "r");
    assert_non_null(pipe);
    assert_int_equal(fscanf(pipe, "%d", &count), 1);
    pclose(pipe);
    return count;
}

static void try_schedule(const char *words) {
    Trial trial = {0};
    char copy[TRIAL_BYTES], *rest = NULL;
    snprintf(copy, sizeof copy, "%s", words);
    add_set(&trial, "train.epochs=14");
    add_set(&trial, "log.checkpoint_every=1");
    for (char *word = strtok_r(copy, " ", &rest); word; word = strtok_r(NULL, " ", &rest)) add_set(&trial, word);
    err = (Error){0};
    if (!prepare(&trial, &settings, &data, &err)) fail_msg("%s: %s", words, err.text);
    assert_int_equal(system("rm -rf whole"), 0);
    go("whole", CLAIM_NEW, 0);
    if (rates("whole") < 3) fail_msg("%s: the rate hardly changes", words);
    for (int64_t first = 1; first < EPOCHS; first++) broken_at(words, first, first + 1 + first % 4);
    dataset_free(&data);
}

static void every_epoch(void **state) {
    (void)state;
    static const char *const trials[] = {
        "train.lr=0.5 train.schedule={\"name\":\"plateau\",\"patience\":0,\"factor\":0.5,\"threshold\":0.1}",
        "train.lr=0.5 "
        "train.schedule={\"name\":\"plateau\",\"patience\":1,\"factor\":0.7,\"threshold\":0.2,\"cooldown\":2}",
        "train.optimizer=adam train.schedule={\"name\":\"plateau\",\"patience\":0,\"threshold\":0.3} "
        "train.warmup={\"epochs\":1.5}",
        "train.optimizer=adam train.lr=0.1 "
        "train.schedule={\"name\":\"plateau\",\"patience\":0,\"factor\":0.8,\"threshold\":0.05}",
        "train.lr=0.3 train.batch=4 "
        "train.schedule={\"name\":\"plateau\",\"patience\":0,\"factor\":0.9,\"threshold\":0}",
        "train.schedule=one_cycle",
        "train.schedule={\"name\":\"one_cycle\",\"unit\":\"epoch\",\"anneal\":\"linear\"} train.optimizer=nadam",
        "train.schedule={\"name\":\"cyclic\",\"up\":5,\"down\":9,\"mode\":\"triangular2\"}",
        "train.schedule={\"name\":\"cyclic\",\"up\":3,\"mode\":\"exp_range\",\"gamma\":0.97} "
        "train.warmup={\"epochs\":2}",
        "train.schedule={\"name\":\"cosine_restarts\",\"first\":3,\"multiplier\":2}",
        "train.schedule={\"name\":\"cosine_restarts\",\"first\":7,\"unit\":\"step\"} train.warmup={\"epochs\":1.3}",
        "train.schedule={\"name\":\"cosine\",\"unit\":\"step\"} train.warmup={\"epochs\":5.5,\"start\":0.1}",
    };
    for (size_t i = 0; i < sizeof trials / sizeof trials[0]; i++) try_schedule(trials[i]);
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
    const struct CMUnitTest tests[] = {cmocka_unit_test(every_epoch)};
    return cmocka_run_group_tests_name("schedule_resume", tests, prepare_files, remove_files);
}
