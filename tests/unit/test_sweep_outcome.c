/* test_sweep_outcome: how a cell stands, from files that are whole, cut short, or something else. */
#include "sweep_files.h"

#include "base/file.h"

#include <ftw.h>
#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cmocka.h>

static char here[] = "/tmp/nnexp-test-XXXXXX";

static int enter(void **state) {
    (void)state;
    return mkdtemp(here) && chdir(here) == 0 ? 0 : -1;
}

static int remove_entry(const char *path, const struct stat *info, int type, struct FTW *walk) {
    (void)info, (void)type, (void)walk;
    return remove(path);
}

static int leave(void **state) {
    (void)state;
    return chdir("/") == 0 ? nftw(here, remove_entry, 8, FTW_DEPTH | FTW_PHYS) : -1;
}

/* cell/NAME; NULL removes it. */
static void put(const char *name, const char *text) {
    char path[64];
    Error err = {0};
    snprintf(path, sizeof path, "cell/%s", name);
    assert_true(directory_create("cell", &err));
    assert_true(text ? file_write_parts(path, &(FilePart){text, strlen(text)}, 1, false, &err)
                     : file_remove(path, &err));
}

#define HEADER "epoch,step,train_loss,val_loss,val_accuracy,grad_norm\n"
#define ROWS HEADER "0,0,2.5,2.25,0.5,nan\n1,4,1.5,1.25,0.75,1\n2,8,1,1.5,0.625,1\n"

static void assert_stands(CellStatus status, int64_t epochs, int64_t best_epoch) {
    CellOutcome outcome = outcome_read("cell");
    assert_int_equal(outcome.status, status);
    assert_int_equal(outcome.epochs, epochs);
    assert_int_equal(outcome.best_epoch, best_epoch);
}

static void test_whole(void **state) {
    (void)state;
    assert_stands(CELL_MISSING, 0, -1);
    put("epochs.csv", ROWS);
    assert_stands(CELL_UNFINISHED, 2, 1);
    put("summary.json", "{\"status\": \"finished\"}");
    assert_stands(CELL_FINISHED, 2, 1);
    CellOutcome outcome = outcome_read("cell");
    assert_float_equal(outcome.train_loss, 1, 0);
    assert_float_equal(outcome.val_loss, 1.5, 0);
    assert_float_equal(outcome.val_score, 0.625, 0);
    assert_false(outcome.rmse);
    put("summary.json", "{\"status\": \"diverged\"}");
    assert_stands(CELL_DIVERGED, 2, 1);
    put("summary.json", "{\"status\": \"stopped_early\"}");
    assert_stands(CELL_STOPPED_EARLY, 2, 1);
    put("error.txt", "an old one\n"); /* of a cell that has been run since */
    assert_stands(CELL_STOPPED_EARLY, 2, 1);
    put("error.txt", NULL);
}

/* A row is there when all of it is. */
static void test_rows_cut_short(void **state) {
    (void)state;
    const char *text = ROWS;
    put("summary.json", NULL);
    for (size_t size = 0; size <= strlen(text); size++) {
        char part[sizeof ROWS];
        size_t rows = 0;
        snprintf(part, sizeof part, "%.*s", (int)size, text);
        for (const char *at = part; (at = strchr(at, '\n')); at++) rows++;
        put("epochs.csv", part);
        if (rows < 2) assert_stands(CELL_MISSING, 0, -1);
        else assert_stands(CELL_UNFINISHED, (int64_t)rows - 2, rows == 2 ? 0 : 1);
    }
}

/* Two writes of which the first was cut, blocks of zeros after a power cut, rows of another time. */
static void test_rows_that_are_none(void **state) {
    (void)state;
    static const char *const tails[] = {
        "2,8,1,1\n",                         /* too few cells */
        "2,8,1,1,0.5,1,7\n",                 /* too many */
        "2,8,,1,0.5,1\n",                    /* an empty one */
        "2,8,1,1x,0.5,1\n",                  /* not a number */
        "2,8, 1,1,0.5,1\n",                  /* nor is this as logs print it */
        "2,8,13,12,83,9,1.5,1.25,0.75,1\n",  /* one row into another */
        "3,12,1,1,0.5,1\n",                  /* an epoch is missing */
        "1,4,1,1,0.5,1\n2,8,1,1,0.5,1\n",    /* one is there again */
        "\n2,8,1,1,0.5,1\n",                 /* an empty row */
        "2,8\n,1,1,0.5,1\n3,12,1,1,0.5,1\n", /* an end in the midst */
        "2,8,1,0.5,0.5\n3,12,1,0.25,0.5,1,1\n",
        "nan,8,1,1,0.5,1\n",
    };
    for (size_t i = 0; i < sizeof tails / sizeof tails[0]; i++) {
        char text[512];
        snprintf(text, sizeof text, "%s0,0,2.5,2.25,0.5,nan\n1,4,1.5,1.25,0.75,1\n%s", HEADER, tails[i]);
        put("epochs.csv", text);
        assert_stands(CELL_UNFINISHED, 1, 1);
    }
    put("epochs.csv", "train_loss,val_loss\n1,2\n");
    assert_stands(CELL_MISSING, 0, -1);
    put("epochs.csv", ROWS);
}

static void test_summaries_that_are_none(void **state) {
    (void)state;
    static const char *const texts[] = {
        "",  "{\"status\": \"finished\"",    "{\"status\": \"fini", "{}",
        "7", "{\"status\": \"unfinished\"}", "{\"status\": 1}",     "{\"status\": \"halved\"}"};
    for (size_t i = 0; i < sizeof texts / sizeof texts[0]; i++) {
        put("summary.json", texts[i]);
        assert_stands(CELL_UNFINISHED, 2, 1);
    }
    put("epochs.csv", NULL); /* a summary without its rows is none */
    put("summary.json", "{\"status\": \"finished\"}");
    assert_stands(CELL_MISSING, 0, -1);
    put("summary.json", NULL);
}

static void test_failures(void **state) {
    (void)state;
    put("error.txt", "nnexp: why\n");
    assert_stands(CELL_FAILED, 0, -1);
    put("epochs.csv", ROWS);
    assert_stands(CELL_FAILED, 2, 1);
    put("error.txt", NULL);
    put("epochs.csv", NULL);
    assert_int_equal(rmdir("cell"), 0);
    assert_int_equal(symlink("/dev/null", "cell"), 0); /* a file in its place */
    assert_stands(CELL_FAILED, 0, -1);
    assert_int_equal(unlink("cell"), 0);
}

static void test_at_an_epoch(void **state) {
    (void)state;
    CellOutcome outcome;
    put("epochs.csv", ROWS);
    assert_false(outcome_at("cell", 2, &outcome)); /* killed before it was known how epoch 2 had ended … */
    sweep_files_checkpoint("cell/checkpoint.safetensors", 1, RUN_RUNNING);
    assert_false(outcome_at("cell", 2, &outcome));
    sweep_files_checkpoint("cell/checkpoint.safetensors", 2, RUN_DIVERGED); /* … or before that was told */
    assert_false(outcome_at("cell", 2, &outcome));
    sweep_files_checkpoint("cell/checkpoint.safetensors", 2, RUN_RUNNING);
    assert_true(outcome_at("cell", 1, &outcome));
    assert_int_equal(outcome.epochs, 1);
    assert_float_equal(outcome.val_loss, 1.25, 0);
    assert_true(outcome_at("cell", 2, &outcome));
    assert_false(outcome_at("cell", 3, &outcome));
    put("summary.json", "{\"status\": \"stopped_early\"}");
    assert_true(outcome_at("cell", 3, &outcome)); /* its last */
    assert_int_equal(outcome.epochs, 2);
    put("summary.json", NULL);
    put("epochs.csv", "epoch,train_loss,val_loss,val_rmse\n0,1,2,3\n");
    sweep_files_checkpoint("cell/checkpoint.safetensors", 0, RUN_RUNNING);
    assert_true(outcome_at("cell", 0, &outcome));
    assert_true(outcome.rmse);
    assert_float_equal(outcome.val_score, 3, 0);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_whole),
        cmocka_unit_test(test_rows_cut_short),
        cmocka_unit_test(test_rows_that_are_none),
        cmocka_unit_test(test_summaries_that_are_none),
        cmocka_unit_test(test_failures),
        cmocka_unit_test(test_at_an_epoch),
    };
    return cmocka_run_group_tests(tests, enter, leave);
}
