/* ranking and advice: the table and every remark, from outcomes made by hand. */
#include "search/ranking.h"

#include "search/advice.h"
#include "sweep_files.h"

#include <math.h>

static SweepFiles files;
static CellOutcome outcome[SWEEP_CELLS];

static void plan_of(const char *sweep) {
    char config[2048];
    snprintf(
        config, sizeof config,
        "{\"data\": {\"file\": \"x.csv\"}, \"model\": {\"hidden\": [8]}, \"train\": {\"epochs\": 10}, \"sweep\": %s}",
        sweep);
    sweep_files_make(&files, config);
    for (int64_t cell = 0; cell < files.plan->cells; cell++)
        outcome[cell] = (CellOutcome){CELL_MISSING, 0, -1, NAN, NAN, NAN, false};
}

static int clean(void **state) {
    (void)state;
    if (files.plan) sweep_files_free(&files);
    files.plan = NULL;
    return 0;
}

/* A cell of ten epochs, best at the eighth. */
static void ends(int64_t cell, CellStatus status, double loss) {
    outcome[cell] = (CellOutcome){status, 10, 8, 1, loss, 1 - loss, false};
}

static void finished(const double *curve) {
    for (int64_t cell = 0; cell < files.plan->cells; cell++) ends(cell, CELL_FINISHED, curve[cell]);
}

static char printed[1 << 16];

static const char *print(void (*what)(const Ranking *ranking, bool utf8, FILE *out), bool utf8) {
    Ranking ranking;
    Error *err = calloc(1, sizeof *err);
    FILE *out = fmemopen(printed, sizeof printed, "w");
    assert_non_null(out);
    if (!ranking_make(files.plan, outcome, &ranking, err)) fail_msg("%s", err->text);
    what(&ranking, utf8, out);
    fputc('\0', out);
    assert_int_equal(fclose(out), 0);
    ranking_free(&ranking);
    free(err);
    return printed;
}

static const char *table(void) { return print(ranking_table, true); }

/* The line of one remark, without its name; "" where it says nothing. */
static const char *remark(const char *name) {
    char *line = strtok((char *)print(advice_print, true), "\n");
    for (; line; line = strtok(NULL, "\n"))
        if (strncmp(line, name, strlen(name)) == 0 && line[strlen(name)] == ':') return line + strlen(name) + 2;
    return "";
}

/* ---- the table --------------------------------------------------------------------------------------------- */

/* Mean and standard error: 0.1, 0.12, 0.14 have 0.12 and 0.02 / sqrt(3). */
static void best_first_with_standard_errors(void **state) {
    (void)state;
    plan_of("{\"axes\": {\"train.lr\": [0.001, 0.1], \"model.activation\": [\"relu\", \"tanh\"]}, \"repeat\": 3}");
    finished((double[]){0.5, 0.6, 0.7, 0.4, 0.41, 0.42, 0.1, 0.12, 0.14, 0.3, 0.3, 0.3});
    assert_string_equal(table(), "rank  train.lr  model.activation  n       val_loss   val_accuracy\n"
                                 "   1       0.1  relu              3  0.120 ± 0.012  0.880 ± 0.012\n"
                                 "   2       0.1  tanh              3  0.300 ± 0.000  0.700 ± 0.000\n"
                                 "   3     0.001  tanh              3  0.410 ± 0.006  0.590 ± 0.006\n"
                                 "   4     0.001  relu              3  0.600 ± 0.058  0.400 ± 0.058\n");
    assert_non_null(strstr(print(ranking_table, false), "0.120 +- 0.012"));
}

static void one_seed_has_no_error(void **state) {
    (void)state;
    plan_of("{\"axes\": {\"train.lr\": [0.1, 0.2]}}");
    finished((double[]){123.456, 45.6789});
    assert_string_equal(table(), "rank  train.lr  n  val_loss  val_accuracy\n"
                                 "   1       0.2  1     45.68        -44.68\n"
                                 "   2       0.1  1    123.46       -122.46\n");
}

static void by_class_then_loss(void **state) {
    (void)state;
    plan_of("{\"axes\": {\"train.lr\": [1, 2, 3, 4, 5]}, \"repeat\": 2}");
    finished((double[]){0.1, 0.1, 0.2, 0.2, 0.3, 0.3, 0.1, 0.1, 0.1, 0.1});
    ends(0, CELL_DIVERGED, NAN), ends(1, CELL_DIVERGED, 1e30);
    ends(3, CELL_DIVERGED, -NAN);
    ends(6, CELL_HALVED, 0.1), ends(7, CELL_HALVED, 0.1), outcome[6].epochs = outcome[7].epochs = 2;
    ends(8, CELL_HALVED, 0.5), ends(9, CELL_HALVED, 0.5), outcome[8].epochs = outcome[9].epochs = 6;
    assert_string_equal(
        table(),
        "rank  train.lr  n         val_loss     val_accuracy\n"
        "   1         3  2  0.3000 ± 0.0000  0.7000 ± 0.0000\n"
        "   2         2  2           0.2000           0.8000  1 of 2 diverged\n"
        "   3         5  2  0.5000 ± 0.0000  0.5000 ± 0.0000  halved at epoch 6\n"
        "   4         4  2  0.1000 ± 0.0000  0.9000 ± 0.0000  halved at epoch 2\n"
        "   5         1  2                -                -  2 of 2 diverged\n"
        "those with diverged seeds stand after those without; their figures are of the other seeds\n"
        "halved ones stand after those that are complete: their figures are of the epoch they were left at\n");
}

static void twenty_lines(void **state) {
    char sweep[1024] = "{\"axes\": {\"train.lr\": [1";
    (void)state;
    for (int i = 2; i <= 23; i++) sprintf(sweep + strlen(sweep), ", %d", i);
    plan_of(strcat(sweep, "]}}"));
    double curve[23];
    for (int i = 0; i < 23; i++) curve[i] = 0.5 - 0.01 * i;
    finished(curve);
    outcome[22].status = CELL_MISSING;
    outcome[21].status = CELL_UNFINISHED;
    outcome[0].status = CELL_FAILED;
    assert_non_null(strstr(table(), "\n   1        21  1 "));
    assert_non_null(strstr(table(), "\n  20         2  1 "));
    assert_null(strstr(table(), "more: see"));
    assert_non_null(strstr(table(), "\nnot complete, of 23 cells: 1 failed, 1 unfinished, 1 missing\n"));
    ends(22, CELL_FINISHED, 0.01), ends(21, CELL_FINISHED, 0.02), ends(0, CELL_FINISHED, 0.9);
    assert_non_null(strstr(table(), "\n  20         4  1 "));
    assert_non_null(strstr(table(), "\nand 3 more: see sweep.csv\n"));
}

static void without_validation_by_train_loss(void **state) {
    (void)state;
    plan_of("{\"axes\": {\"train.lr\": [1, 2]}}");
    outcome[0] = (CellOutcome){CELL_FINISHED, 10, -1, 0.5, NAN, NAN, false};
    outcome[1] = (CellOutcome){CELL_FINISHED, 10, -1, 0.25, NAN, NAN, false};
    assert_string_equal(table(), "rank  train.lr  n  train_loss\n"
                                 "   1         2  1      0.2500\n"
                                 "   2         1  1      0.5000\n"
                                 "ranked by train_loss: there is no validation\n");
}

static void regression_shows_rmse(void **state) {
    (void)state;
    plan_of("{\"axes\": {\"train.lr\": [1, 2]}}");
    finished((double[]){0.1, 0.2});
    outcome[0].rmse = outcome[1].rmse = true;
    assert_non_null(strstr(table(), "val_loss  val_rmse\n"));
}

/* An escape sequence, a bell and a mark of direction in an axis' value; a value that is too long is cut. */
static void nothing_steers_the_terminal(void **state) {
    (void)state;
    plan_of("{\"axes\": {\"data.label\": [\"a\\u001b[2Jb\\u0007\", \"\\u202ec\", \"ü\", "
            "\"012345678901234üü67890123456789012345678ß\"]}}");
    finished((double[]){0.1, 0.2, 0.3, 0.4});
    assert_string_equal(table(), "rank  data.label                        n  val_loss  val_accuracy\n"
                                 "   1  a?[2Jb?                           1    0.1000        0.9000\n"
                                 "   2  ?c                                1    0.2000        0.8000\n"
                                 "   3  ü                                 1    0.3000        0.7000\n"
                                 "   4  012345678901234...6789012345678ß  1    0.4000        0.6000\n");
    for (const char *at = print(advice_print, true); *at; at++) assert_true(*at == '\n' || (unsigned char)*at >= 32);
}

static void nothing_done_yet(void **state) {
    (void)state;
    plan_of("{\"axes\": {\"train.lr\": [1, 2]}}");
    assert_string_equal(table(), "not complete, of 2 cells: 2 missing\n");
    assert_string_equal(print(advice_print, true), "");
}

/* ---- remarks ----------------------------------------------------------------------------------------------- */

static const char three[] = "{\"axes\": {\"train.lr\": [0.1, 0.2, 0.3]}, \"repeat\": 3}";

/* The best is the middle one. Differences to the first: 0.2, 0.21, 0.19: t = 0.2 / (0.01 / sqrt(3)) = 34.6; to the
 * third 0.05, 0.06, 0.04: t = 8.66. At 5 % / 2, one-sided, with 2 degrees of freedom t must exceed 4.303. */
static void a_clear_winner(void **state) {
    (void)state;
    plan_of(three);
    finished((double[]){0.3, 0.41, 0.29, 0.1, 0.2, 0.1, 0.15, 0.26, 0.14});
    assert_string_equal(remark("noise"),
                        "train.lr=0.2 is better than each of the others by more than the noise of 3 seeds "
                        "(paired by seed, 95 % for all together)");
    assert_string_equal(remark("edge"), "");
    assert_string_equal(remark("seeds"), "");
}

/* Without the pairs the two could not be told: the seeds differ by far more than the rates do. Differences to the
 * third: 0.03, 0.01, 0.02: mean 0.02, deviation 0.01, t = 3.46; four seeds would have 3.182 * 0.01 / 2 < 0.02. */
static void no_winner(void **state) {
    (void)state;
    plan_of(three);
    finished((double[]){0.3, 0.41, 0.29, 0.1, 0.2, 0.1, 0.13, 0.21, 0.12});
    assert_string_equal(remark("noise"),
                        "no winner: 3 seeds do not tell train.lr=0.2 from train.lr=0.3 (paired by seed, 95 % "
                        "for all comparisons together); about 4 would: --repeat 4");
}

static void equals_and_near_equals(void **state) {
    (void)state;
    plan_of("{\"axes\": {\"train.lr\": [0.1, 0.2], \"seed\": [5, 6, 7]}}");
    finished((double[]){0.1, 0.2, 0.3, 0.1, 0.2, 0.3});
    assert_string_equal(remark("noise"),
                        "no winner: 3 seeds do not tell train.lr=0.1 from train.lr=0.2 (paired by seed, 95 %); "
                        "to do so would take more than 10000 seeds: take any of them");
    finished((double[]){0.1, 0.2, 0.3, 0.101, 0.21, 0.293});
    assert_string_equal(remark("noise"),
                        "no winner: 3 seeds do not tell train.lr=0.1 from train.lr=0.2 (paired by seed, 95 %); "
                        "to do so would take about 112 seeds: take any of them");
    finished((double[]){0.1, 0.2, 0.3, 0.101, 0.21, 0.31});
    assert_string_equal(remark("noise"),
                        "no winner: 3 seeds do not tell train.lr=0.1 from train.lr=0.2 (paired by seed, 95 %); "
                        "about 4 would: --axis seed=linear:5:8:4");
}

static void many_alike_are_counted(void **state) {
    (void)state;
    plan_of("{\"axes\": {\"train.lr\": [1, 2, 3, 4, 5, 6, 7]}, \"repeat\": 2}");
    finished((double[]){0.1, 0.2, 0.15, 0.16, 0.17, 0.14, 0.2, 0.11, 0.1, 0.22, 0.12, 0.21, 0.11, 0.22});
    assert_string_equal(
        remark("noise"),
        "no winner: 2 seeds do not tell train.lr=1 from train.lr=5; train.lr=6; train.lr=7 (paired by "
        "seed, 95 % for all comparisons together); about 15 would: --repeat 15; nor from train.lr=2; "
        "train.lr=4; train.lr=3, which would take about 4142 seeds: take any of them");
    finished((double[]){0.1, 0.2, 0.2, 0.21, 0.2, 0.22, 0.2, 0.23, 0.2, 0.24, 0.2, 0.25, 0.2, 0.26});
    assert_string_equal(remark("noise"),
                        "no winner: 2 seeds do not tell train.lr=1 from train.lr=2; train.lr=3; train.lr=4; "
                        "train.lr=5; and 2 more (paired by seed, 95 % for all comparisons together); about 12 would: "
                        "--repeat 12");
}

/* Those with a diverged seed, or one left out, are not compared. */
static void only_whole_ones_are_compared(void **state) {
    (void)state;
    plan_of(three);
    finished((double[]){0.3, 0.41, 0.29, 0.1, 0.2, 0.1, 0.13, 0.21, 0.12});
    outcome[8].status = CELL_DIVERGED;
    assert_string_equal(
        remark("noise"),
        "train.lr=0.2 is better than the other by more than the noise of 3 seeds (paired by seed, 95 %)");
    outcome[8].status = CELL_UNFINISHED; /* it may still turn out otherwise */
    assert_string_equal(remark("noise"), "");
}

static void one_seed_says_nothing_of_noise(void **state) {
    (void)state;
    plan_of("{\"axes\": {\"train.lr\": [0.1, 0.2, 0.3]}}");
    finished((double[]){0.3, 0.2, 0.25});
    assert_string_equal(remark("seeds"),
                        "one seed each: how much of the differences is noise is not known; three would show "
                        "it: --repeat 3");
    assert_string_equal(remark("noise"), "");
}

/* Runs a sweep of one axis whose best is its first value or its last, and returns what is said of the edge. */
static const char *edge_of(const char *key, const char *values, bool last) {
    char sweep[512];
    double curve[SWEEP_CELLS];
    clean(NULL);
    snprintf(sweep, sizeof sweep, "{\"axes\": {\"%s\": %s}}", key, values);
    plan_of(sweep);
    int64_t cells = files.plan->cells;
    for (int64_t cell = 0; cell < cells; cell++) curve[cell] = 0.1 * (double)(last ? cells - cell : cell + 1);
    finished(curve);
    const char *said = remark("edge"), *argument = strstr(said, "--axis ");
    return argument ? argument + strlen("--axis ") : said;
}

static void edges_are_widened(void **state) {
    (void)state;
    assert_string_equal(edge_of("train.lr", "{\"log\": [1e-3, 1, 10]}", true), "train.lr=log:0.001:10:13");
    assert_string_equal(edge_of("train.lr", "{\"log\": [1e-3, 1, 10]}", false), "train.lr=log:0.0001:1:13");
    assert_string_equal(edge_of("train.lr", "{\"log\": [1e-3, 1, 4]}", true), "train.lr=log:0.001:100:6");
    assert_string_equal(edge_of("train.lr", "{\"log\": [1e-3, 3, 3]}", true), "train.lr=log:0.001:9000:5");
    assert_string_equal(edge_of("train.lr", "[0.1, 0.01, 0.03]", false), "train.lr=0.01,0.03,0.1,0.333,1.11");
    assert_string_equal(edge_of("model.dropout", "{\"linear\": [0.1, 0.4, 4]}", true),
                        "model.dropout=linear:0.1:0.6:6");
    assert_string_equal(edge_of("model.dropout", "{\"linear\": [0.1, 0.4, 4]}", false),
                        "model.dropout=linear:0:0.4:5");
    assert_string_equal(edge_of("train.batch", "[16, 32, 64]", true), "train.batch=16,32,64,128,256");
    assert_string_equal(edge_of("train.batch", "[2, 4, 8]", false), "train.batch=1,2,4,8");
    assert_string_equal(edge_of("train.batch", "{\"log\": [10, 100, 4]}", true), "train.batch=log:10:1000:7");
    /* a range that would give 51 for 50 is written out */
    assert_string_equal(edge_of("train.batch", "{\"linear\": [1, 38, 4]}", true), "train.batch=1,13,26,38,50,63");
}

/* Of two values one must be best, but what lies beyond it is as unknown; a momentum below 1 goes on by smaller steps. */
static void edges_of_short_lists(void **state) {
    (void)state;
    assert_string_equal(edge_of("train.lr", "[0.1, 0.2]", true), "train.lr=0.1,0.2,0.4,0.8");
    assert_string_equal(edge_of("train.batch", "[32, 16]", true), "train.batch=4,8,16,32");
    assert_string_equal(edge_of("train.optimizer.momentum", "[0, 0.5, 0.9]", true),
                        "train.optimizer.momentum=0,0.5,0.9,0.969");
}

static void an_edge_too_long_to_write(void **state) {
    char values[1024] = "[1";
    (void)state;
    for (int i = 2; i <= 61; i++) sprintf(values + strlen(values), ", %d", i * i);
    assert_string_equal(
        edge_of("train.batch", strcat(values, "]"), true),
        "the best train.batch, 3721, is at the upper edge of what was tried; further out there is more "
        "to try");
}

static void edges_without_a_beyond(void **state) {
    (void)state;
    assert_string_equal(edge_of("model.dropout", "[0, 0.2, 0.4]", false), "");       /* nothing below 0 */
    assert_string_equal(edge_of("train.optimizer.momentum", "[0, 0.5]", false), ""); /* nor here */
    assert_string_equal(edge_of("model.activation", "[\"relu\", \"tanh\", \"selu\"]", true), "");
    assert_string_equal(edge_of("seed", "[1, 2, 3]", true), "");
}

/* Seeds that do not tell the edge from values further in are told. */
static void an_edge_within_the_noise(void **state) {
    (void)state;
    plan_of(three);
    finished((double[]){0.3, 0.41, 0.29, 0.13, 0.21, 0.12, 0.1, 0.2, 0.1});
    assert_string_equal(remark("edge"),
                        "the best train.lr, 0.3, is at the upper edge of what was tried, though not told from "
                        "values further in; further out: --axis train.lr=0.1,0.2,0.3,0.4,0.5");
}

static void random_edges(void **state) {
    (void)state;
    plan_of("{\"axes\": {\"train.lr\": {\"log\": [0.001, 1]}}, \"mode\": \"random\", \"runs\": 200}");
    int64_t highest = 0;
    double most = 0;
    for (int64_t cell = 0; cell < 200; cell++) {
        ends(cell, CELL_FINISHED, 0.5);
        Json *value = plan_value(files.plan, cell, 0);
        if (json_number(value) > most) most = json_number(value), highest = cell;
        json_free(value);
    }
    outcome[highest].val_loss = 0.1;
    assert_non_null(
        strstr(remark("edge"), "is at the upper edge of what was tried; further out: --axis train.lr=log:0.001:10"));
}

static void divergence_has_a_rate(void **state) {
    (void)state;
    plan_of("{\"axes\": {\"model.activation\": [\"relu\", \"tanh\"], \"train.lr\": [0.1, 1, 10]}}");
    finished((double[]){0.1, 0.2, 0.3, 0.1, 0.2, 0.3});
    assert_string_equal(remark("divergence"), "");
    outcome[2].status = outcome[5].status = CELL_DIVERGED;
    assert_string_equal(remark("divergence"), "2 of 6 cells diverged: all 2 with train.lr from 10 up, none below");
    outcome[1].status = CELL_DIVERGED;
    assert_string_equal(remark("divergence"),
                        "3 of 6 cells diverged: 3 of the 4 with train.lr from 1 up, none below");
    outcome[0].status = CELL_DIVERGED; /* relu's, whatever the rate */
    outcome[5].status = CELL_FINISHED;
    assert_string_equal(remark("divergence"), "3 of 6 cells diverged");
}

static void all_diverged_wants_lower_rates(void **state) {
    (void)state;
    plan_of("{\"axes\": {\"train.lr\": [1, 10, 100]}}");
    for (int64_t cell = 0; cell < 3; cell++) ends(cell, CELL_DIVERGED, NAN);
    assert_string_equal(remark("divergence"),
                        "3 of 3 cells diverged: try lower rates: --axis train.lr=0.01,0.1,1,10,100");
    clean(NULL);
    plan_of("{\"axes\": {\"model.activation\": [\"relu\", \"tanh\"]}}");
    for (int64_t cell = 0; cell < 2; cell++) ends(cell, CELL_DIVERGED, NAN);
    assert_string_equal(remark("divergence"), "2 of 2 cells diverged: try lower rates");
}

/* ---- what does not compare ---------------------------------------------------------------------------------- */

/* The second loss is the smaller number, the first has the better accuracy. */
static void another_loss_is_ranked_by_accuracy(void **state) {
    (void)state;
    plan_of("{\"axes\": {\"train.loss\": [\"cross_entropy\", \"mse\"]}, \"repeat\": 2}");
    finished((double[]){0.5, 0.6, 0.1, 0.1});
    outcome[0].val_score = outcome[1].val_score = 0.9;
    outcome[2].val_score = outcome[3].val_score = 0.8;
    assert_string_equal(table(), "rank  train.loss     n     val_accuracy       val_loss\n"
                                 "   1  cross_entropy  2  0.9000 ± 0.0000  0.550 ± 0.050\n"
                                 "   2  mse            2  0.8000 ± 0.0000  0.100 ± 0.000\n"
                                 "ranked by val_accuracy: losses of different kinds do not compare\n");
    assert_string_equal(remark("noise"),
                        "train.loss=cross_entropy is better than the other by more than the noise of 2 "
                        "seeds (paired by seed, 95 %)");
    for (int64_t cell = 0; cell < 4; cell++) outcome[cell].rmse = true;
    assert_non_null(strstr(table(), "   1  mse            2  0.8000"));
}

/* Without validation there is no accuracy to go by. */
static void trained_losses_that_differ_are_told(void **state) {
    (void)state;
    plan_of("{\"axes\": {\"train.label_smoothing\": [0, 0.1, 0.2]}, \"repeat\": 2}");
    for (int64_t cell = 0; cell < 6; cell++)
        outcome[cell] = (CellOutcome){CELL_FINISHED, 10, -1, 0.1 + 0.1 * (double)cell, NAN, NAN, false};
    assert_string_equal(
        remark("mixed"),
        "cells with another train.label_smoothing are measured by another loss: their figures do not compare");
    assert_string_equal(remark("noise"), "");
    assert_string_equal(remark("edge"), "");
    finished((double[]){0.3, 0.31, 0.2, 0.21, 0.1, 0.11}); /* val_loss has no smoothing */
    assert_string_equal(remark("mixed"), "");
    assert_string_not_equal(remark("edge"), "");
}

static void other_rows_are_told(void **state) {
    (void)state;
    plan_of("{\"axes\": {\"data.split_seed\": [1, 2, 3], \"train.lr\": [0.1, 0.2]}}");
    finished((double[]){0.1, 0.2, 0.3, 0.4, 0.5, 0.6});
    assert_string_equal(remark("mixed"), "cells with another data.split_seed are measured on other rows or against "
                                         "other targets: their figures do not compare");
    assert_string_equal(remark("edge"), "");
    assert_string_equal(remark("seeds"), "");
    clean(NULL);
    plan_of("{\"axes\": {\"data.train_rows\": [100, 200, 300]}}"); /* leaves the validation rows as they are */
    finished((double[]){0.3, 0.2, 0.1});
    assert_string_equal(remark("mixed"), "");
}

/* A cell without validation beside others that have one has not diverged. */
static void unmeasured_ones_stand_last(void **state) {
    (void)state;
    plan_of("{\"axes\": {\"data.validation\": [0, 0.2]}}");
    finished((double[]){0, 0.2});
    outcome[0] = (CellOutcome){CELL_FINISHED, 10, -1, 0.5, NAN, NAN, false};
    assert_string_equal(table(), "rank  data.validation  n  val_loss  val_accuracy\n"
                                 "   1              0.2  1    0.2000        0.8000\n"
                                 "   2                0  1         -             -\n"
                                 "those without validation have no val_loss and stand last\n");
    assert_string_equal(remark("divergence"), "");
}

static void objects_are_short(void **state) {
    (void)state;
    plan_of("{\"axes\": {\"model.init\": [\"he\", {\"name\": \"variance_scaling\", \"scale\": 8}]}}");
    finished((double[]){0.1, 0.2});
    assert_non_null(strstr(table(), "   2  variance_scaling, scale: 8  1 "));
}

static void long_lists_keep_both_ends(void **state) {
    (void)state;
    plan_of("{\"axes\": {\"preprocess\": [[], [{\"name\": \"pca\", \"components\": 20}, \"standardize\"], "
            "[{\"name\": \"pca\", \"components\": 20}, {\"name\": \"standardize\", \"ddof\": 1}]]}}");
    finished((double[]){0.1, 0.2, 0.3});
    assert_non_null(strstr(table(), "   1  []                                1 "));
    assert_non_null(strstr(table(), "   2  [pca, component..., standardize]  1 "));
    assert_non_null(strstr(table(), "   3  [pca, component...dize, ddof: 1]  1 "));
}

static void how_long(void **state) {
    (void)state;
    plan_of("{\"axes\": {\"train.lr\": [1, 2, 3]}}");
    finished((double[]){0.1, 0.2, 0.3});
    assert_string_equal(remark("longer"), "");
    assert_string_equal(remark("shorter"), "");
    outcome[0].best_epoch = outcome[1].best_epoch = 10;
    assert_string_equal(remark("longer"),
                        "2 of 3 finished cells are best at their last epoch: more epochs may do better: "
                        "--set train.epochs=20");
    outcome[0].best_epoch = outcome[1].best_epoch = 5;
    assert_string_equal(remark("shorter"), "2 of 3 finished cells are best in the first half of their epochs, and "
                                           "the ranking is by the last: fewer epochs, or train.early_stop");
    outcome[0].status = outcome[1].status = CELL_STOPPED_EARLY;
    outcome[1].epochs = 7;
    assert_string_equal(remark("stopped"), "2 of 3 cells stopped early, after 7 to 10 epochs");
}

static void failures_and_halving(void **state) {
    (void)state;
    plan_of("{\"axes\": {\"train.lr\": [1, 2, 3]}, \"halving\": {}}");
    finished((double[]){0.1, 0.2, 0.3});
    outcome[1].status = CELL_HALVED;
    outcome[1].epochs = 2;
    outcome[2].status = CELL_FAILED;
    outcome[2].epochs = 1;
    assert_string_equal(remark("failed"),
                        "1 cell failed (3): error.txt in a cell's directory says why; the same command tries "
                        "it again");
    assert_string_equal(remark("halving"), "13 epochs trained of the 30 of a full sweep (43 %)");
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_teardown(best_first_with_standard_errors, clean),
        cmocka_unit_test_teardown(one_seed_has_no_error, clean),
        cmocka_unit_test_teardown(by_class_then_loss, clean),
        cmocka_unit_test_teardown(twenty_lines, clean),
        cmocka_unit_test_teardown(without_validation_by_train_loss, clean),
        cmocka_unit_test_teardown(regression_shows_rmse, clean),
        cmocka_unit_test_teardown(nothing_steers_the_terminal, clean),
        cmocka_unit_test_teardown(nothing_done_yet, clean),
        cmocka_unit_test_teardown(a_clear_winner, clean),
        cmocka_unit_test_teardown(no_winner, clean),
        cmocka_unit_test_teardown(equals_and_near_equals, clean),
        cmocka_unit_test_teardown(many_alike_are_counted, clean),
        cmocka_unit_test_teardown(only_whole_ones_are_compared, clean),
        cmocka_unit_test_teardown(one_seed_says_nothing_of_noise, clean),
        cmocka_unit_test_teardown(edges_are_widened, clean),
        cmocka_unit_test_teardown(edges_without_a_beyond, clean),
        cmocka_unit_test_teardown(edges_of_short_lists, clean),
        cmocka_unit_test_teardown(an_edge_too_long_to_write, clean),
        cmocka_unit_test_teardown(all_diverged_wants_lower_rates, clean),
        cmocka_unit_test_teardown(another_loss_is_ranked_by_accuracy, clean),
        cmocka_unit_test_teardown(trained_losses_that_differ_are_told, clean),
        cmocka_unit_test_teardown(other_rows_are_told, clean),
        cmocka_unit_test_teardown(unmeasured_ones_stand_last, clean),
        cmocka_unit_test_teardown(objects_are_short, clean),
        cmocka_unit_test_teardown(long_lists_keep_both_ends, clean),
        cmocka_unit_test_teardown(an_edge_within_the_noise, clean),
        cmocka_unit_test_teardown(random_edges, clean),
        cmocka_unit_test_teardown(divergence_has_a_rate, clean),
        cmocka_unit_test_teardown(how_long, clean),
        cmocka_unit_test_teardown(failures_and_halving, clean),
    };
    return cmocka_run_group_tests_name("ranking", tests, NULL, NULL);
}
