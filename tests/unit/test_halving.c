/* halving: how far each cell is to go, from files written by hand. */
#include "search/halving.h"

#include "sweep_files.h"

#include <math.h>

static SweepFiles files;
static int64_t target[SWEEP_CELLS];

/* Cells of 20 epochs under these rates; `more` goes into the sweep, after its axes. */
static void plan_of(const char *rates, const char *more) {
    char config[1024];
    snprintf(
        config, sizeof config,
        "{\"data\": {\"file\": \"x.csv\"}, \"train\": {\"epochs\": 20}, \"sweep\": {\"axes\": {\"train.lr\": %s}%s}}",
        rates, more);
    sweep_files_make(&files, config);
}

static int clean(void **state) {
    (void)state;
    if (files.plan) sweep_files_free(&files);
    files.plan = NULL;
    return 0;
}

/* A cell that has done `epochs` epochs at a loss that does not move. */
static void stands(int64_t cell, int epochs, double loss, const char *status) {
    double curve[64];
    for (int e = 0; e <= epochs; e++) curve[e] = loss;
    sweep_files_cell(&files, cell, "val_loss", curve, epochs + 1, status);
}

/* The targets on one line: numbers of epochs, E for the end, H for halved. */
static const char *targets(void) {
    static char text[4096];
    Error *err = calloc(1, sizeof *err);
    if (!halving_targets(files.plan, files.identity, files.directory, target, err)) fail_msg("%s", err->text);
    free(err);
    text[0] = '\0';
    for (int64_t cell = 0; cell < files.plan->cells; cell++) {
        char one[32];
        snprintf(one, sizeof one,
                 target[cell] == TARGET_END      ? "E"
                 : target[cell] == TARGET_HALVED ? "H"
                                                 : "%lld",
                 (long long)target[cell]);
        strcat(strcat(text, *text ? " " : ""), one);
    }
    return text;
}

#define HALVING ", \"halving\": {\"factor\": 3, \"min_epochs\": 2}"
#define NINE "[1, 2, 3, 4, 5, 6, 7, 8, 9]"

static void without_it_all_go_to_the_end(void **state) {
    (void)state;
    plan_of("[1, 2, 3]", "");
    stands(0, 2, 1, NULL);
    assert_string_equal(targets(), "E E E");
    assert_int_equal(halving_rungs(files.plan), 0);
}

/* Rungs at 2, 6 and 18 of 20 epochs; nine, three, one. */
static void the_best_third_goes_on(void **state) {
    (void)state;
    plan_of(NINE, HALVING);
    assert_int_equal(halving_rungs(files.plan), 3);
    assert_string_equal(targets(), "2 2 2 2 2 2 2 2 2");
    for (int64_t cell = 0; cell < 8; cell++) stands(cell, 2, 9 - (double)cell, NULL);
    stands(8, 1, 0.1, NULL);
    assert_string_equal(targets(), "2 2 2 2 2 2 2 2 2"); /* nobody passes before all are there */
    stands(8, 2, 1, NULL);
    assert_string_equal(targets(), "H H H H H H 6 6 6");
    stands(6, 6, 0.1, NULL), stands(7, 6, 3, NULL);
    assert_string_equal(targets(), "H H H H H H 6 6 6");
    stands(8, 6, 2, NULL);
    assert_string_equal(targets(), "H H H H H H E H H"); /* who is alone stops at no rung */
}

/* The loss at the rung decides, not the best so far, nor what came later. */
static void a_rung_is_judged_at_its_epoch(void **state) {
    (void)state;
    plan_of("[1, 2, 3]", HALVING);
    sweep_files_cell(&files, 0, "val_loss", (double[]){0.1, 0.1, 5}, 3, NULL);
    sweep_files_cell(&files, 1, "val_loss", (double[]){9, 9, 4, 9, 9, 9, 9}, 7, NULL);
    sweep_files_cell(&files, 2, "val_loss", (double[]){9, 9, 6, 0, 0, 0, 0}, 7, NULL);
    assert_string_equal(targets(), "H E H");
    sweep_files_cell(&files, 1, "val_loss", (double[]){9, 9, 4, NAN}, 4, "diverged"); /* later: too late to count */
    assert_string_equal(targets(), "H E H");
}

static void equals_stand_in_plan_order(void **state) {
    (void)state;
    plan_of("[1, 2, 3, 4]", HALVING);
    for (int64_t cell = 0; cell < 4; cell++) stands(cell, 2, 1, NULL);
    assert_string_equal(targets(), "6 6 H H"); /* ceil(4 / 3) */
}

static void the_lost_come_last(void **state) {
    (void)state;
    plan_of("[1, 2, 3, 4, 5, 6]", HALVING);
    stands(0, 1, 0.1, "diverged");
    sweep_files_fail(&files, 1);
    stands(2, 2, INFINITY, NULL);
    stands(3, 2, 5, NULL), stands(4, 2, 7, NULL), stands(5, 2, 6, NULL);
    /* the one that failed is tried again, up to the rung it never reached */
    assert_string_equal(targets(), "H 2 H 6 H 6");
    stands(1, 2, 0.5,
           NULL); /* what error.txt says no longer is about it once it is removed; until then it counts as there */
    assert_string_equal(targets(), "H 6 H 6 H H");
}

/* More places than survivors: the lost take the rest, and have no more to run. */
static void places_left_over(void **state) {
    (void)state;
    plan_of("[1, 2, 3, 4]", HALVING);
    for (int64_t cell = 0; cell < 3; cell++) stands(cell, 1, 1, "diverged");
    stands(3, 2, 8, NULL);
    assert_string_equal(targets(), "6 H H 6");
    clean(NULL);
    plan_of("[1, 2, 3, 4]", HALVING);
    for (int64_t cell = 0; cell < 4; cell++) stands(cell, 1, NAN, "diverged");
    assert_string_equal(targets(), "E H H H");
}

static void who_stopped_early_is_ranked_by_its_last(void **state) {
    (void)state;
    plan_of("[1, 2, 3]", HALVING);
    stands(0, 1, 3, "stopped_early"), stands(1, 2, 4, NULL), stands(2, 2, 5, NULL);
    assert_string_equal(targets(), "E H H");
    stands(1, 2, 2, NULL);
    assert_string_equal(targets(), "H E H");
}

static void seeds_stay_together(void **state) {
    (void)state;
    plan_of("[1, 2, 3]", ", \"repeat\": 2" HALVING);
    stands(0, 2, 1, NULL), stands(1, 2, 9, NULL); /* 5 */
    stands(2, 2, 4, NULL), stands(3, 2, 4, NULL); /* 4 */
    stands(4, 2, 0.1, NULL);
    assert_string_equal(targets(), "2 2 2 2 2 2");
    stands(5, 1, 9, "diverged"); /* one seed lost: behind those with none */
    assert_string_equal(targets(), "H H E E H H");
}

static void one_configuration_just_runs(void **state) {
    (void)state;
    plan_of("[1]", ", \"repeat\": 3" HALVING);
    assert_string_equal(targets(), "E E E");
}

static void a_factor_beyond_the_cells(void **state) {
    (void)state;
    plan_of("[1, 2, 3]", ", \"halving\": {\"factor\": 7, \"min_epochs\": 1}");
    for (int64_t cell = 0; cell < 3; cell++) stands(cell, 1, (double)cell, NULL);
    assert_string_equal(targets(), "E H H");
}

static void a_first_rung_at_the_end_is_none(void **state) {
    (void)state;
    plan_of("[1, 2, 3]", ", \"halving\": {\"factor\": 2, \"min_epochs\": 20}");
    assert_string_equal(targets(), "E E E");
    assert_int_equal(halving_rungs(files.plan), 0);
}

/* Who is meant to end before a rung is not judged there, and takes no place. */
static void of_different_lengths(void **state) {
    (void)state;
    sweep_files_make(
        &files,
        "{\"data\": {\"file\": \"x.csv\"}, \"sweep\": {\"axes\": {\"train.epochs\": [2, 3, 7, 20, 8]}" HALVING "}}");
    assert_string_equal(targets(), "E 2 2 2 2");
    for (int64_t cell = 1; cell < 5; cell++) stands(cell, 2, (double)cell, NULL);
    assert_string_equal(targets(), "E E E H H"); /* two of four; of those only one is meant to pass epoch 6 */
    assert_int_equal(halving_rungs(files.plan), 3);
}

static void without_validation_by_train_loss(void **state) {
    (void)state;
    plan_of("[1, 2, 3]", HALVING);
    for (int64_t cell = 0; cell < 3; cell++)
        sweep_files_cell(&files, cell, "train_loss", (double[]){5, 5, 5 - (double)cell}, 3, NULL);
    assert_string_equal(targets(), "H H E");
}

static void epochs_ahead(void **state) {
    (void)state;
    plan_of(NINE, HALVING);
    /* 9 cells to 2, then 3 from 2 to 6, 1 from 6 to 18 and to 20 */
    assert_true(halving_ahead(files.plan, 9, 2) == 3 * 4 + 1 * 12 + 1 * 2);
    assert_true(halving_ahead(files.plan, 3, TARGET_END) == 0);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_teardown(without_it_all_go_to_the_end, clean),
        cmocka_unit_test_teardown(the_best_third_goes_on, clean),
        cmocka_unit_test_teardown(a_rung_is_judged_at_its_epoch, clean),
        cmocka_unit_test_teardown(equals_stand_in_plan_order, clean),
        cmocka_unit_test_teardown(the_lost_come_last, clean),
        cmocka_unit_test_teardown(places_left_over, clean),
        cmocka_unit_test_teardown(who_stopped_early_is_ranked_by_its_last, clean),
        cmocka_unit_test_teardown(seeds_stay_together, clean),
        cmocka_unit_test_teardown(one_configuration_just_runs, clean),
        cmocka_unit_test_teardown(a_factor_beyond_the_cells, clean),
        cmocka_unit_test_teardown(a_first_rung_at_the_end_is_none, clean),
        cmocka_unit_test_teardown(of_different_lengths, clean),
        cmocka_unit_test_teardown(without_validation_by_train_loss, clean),
        cmocka_unit_test_teardown(epochs_ahead, clean),
    };
    return cmocka_run_group_tests_name("halving", tests, NULL, NULL);
}
