/* test_norm: both norms against PyTorch (tests/reference/norm.py), the modes of the running statistics, and,
 * in double precision (tests/double/test_norm.c), gradients against central differences. */
#include "nn/norm.h"

#include "../reference/reference.h"

#ifdef REAL_IS_DOUBLE
static const double tolerance = 1e-12;
#else
static const double tolerance = 3e-6;
#endif

enum { MOST = 512 };

/* A call and everything it points at. */
typedef struct Trial {
    NormCall call;
    real gain[MOST], shift[MOST], running_mean[MOST], running_var[MOST], inverse_std[MOST];
    real normalised[MOST], z[MOST], d[MOST], du[MOST], grad_gain[MOST], grad_shift[MOST];
} Trial;

static void point(Trial *trial, int rows, int columns) {
    trial->call = (NormCall){.rows = rows,
                             .columns = columns,
                             .gain = trial->gain,
                             .shift = trial->shift,
                             .running_mean = trial->running_mean,
                             .running_var = trial->running_var,
                             .normalised = trial->normalised,
                             .inverse_std = trial->inverse_std};
}

static void load(const ReferenceCase *it, const char *key, real *out) {
    const ReferenceList *list = reference_find(it, key);
    for (int i = 0; list && i < list->count; i++) out[i] = (real)list->number[i];
}

static void compare(const ReferenceCase *it, const char *key, const real *seen, double floor_) {
    const ReferenceList *list = reference_list(it, key);
    for (int i = 0; i < list->count; i++)
        reference_near(it, key, i, (double)seen[i], list->number[i], tolerance, floor_);
}

static void forward(const Choice *choice, Trial *trial, NormMode mode) {
    norm_of(choice)->forward(choice_params(choice), &trial->call, mode, trial->z);
}

static void backward(const Choice *choice, Trial *trial) {
    norm_of(choice)->backward(choice_params(choice), &trial->call, trial->d, trial->du, trial->grad_gain,
                              trial->grad_shift);
}

static void check_case(const ReferenceCase *it) {
    static Trial trial;
    int rows = (int)reference_number(it, "rows"), columns = reference_list(it, "gain")->count;
    point(&trial, rows, columns);
    load(it, "u", trial.normalised);
    load(it, "d", trial.d);
    load(it, "gain", trial.gain);
    load(it, "shift", trial.shift);
    load(it, "start_mean", trial.running_mean);
    load(it, "start_var", trial.running_var);
    forward(&it->choice, &trial, NORM_TRAIN);
    backward(&it->choice, &trial);
    compare(it, "z", trial.z, 2);
    compare(it, "grad_u", trial.du, 8);
    compare(it, "grad_gain", trial.grad_gain, 8);
    compare(it, "grad_shift", trial.grad_shift, 8);
    if (norm_of(&it->choice)->uses_running) {
        compare(it, "running_mean", trial.running_mean, 1);
        compare(it, "running_var", trial.running_var, 1);
    }
    load(it, "u", trial.normalised);
    forward(&it->choice, &trial, NORM_EVALUATE);
    compare(it, "evaluated", trial.z, 8);
}

static void both_norms_match_torch(void **state) {
    (void)state;
    static ReferenceCase it;
    FILE *file = reference_open("tests/reference/norm.txt");
    int cases = 0;
    for (; reference_next(file, &norms, &it); cases++) check_case(&it);
    fclose(file);
    assert_int_equal(cases, 6);
}

/* Columns 1 3 5 and 2 2 8: means 3 and 4, population variances 8/3 and 8, unbiased 4 and 12. */
static Trial three_rows(void) {
    static const real u[] = {1, 2, 3, 2, 5, 8};
    Trial trial = {.gain = {1, 1}, .running_mean = {7, -7}, .running_var = {2, 3}};
    memcpy(trial.normalised, u, sizeof u);
    return trial;
}

static void assert_running(const Trial *trial, double mean0, double mean1, double var0, double var1) {
    assert_true(fabs((double)trial->running_mean[0] - mean0) < 1e-6);
    assert_true(fabs((double)trial->running_mean[1] - mean1) < 1e-6);
    assert_true(fabs((double)trial->running_var[0] - var0) < 1e-6);
    assert_true(fabs((double)trial->running_var[1] - var1) < 1e-6);
}

static void modes_move_the_running_statistics_or_not(void **state) {
    (void)state;
    static const NormMode modes[] = {NORM_TRAIN, NORM_PROBE, NORM_FIT, NORM_EVALUATE};
    static const double expected[4][4] = {
        {6.6, -5.9, 2.2, 3.9},
        {7, -7, 2, 3},
        {3, 4, 4, 12},
        {7, -7, 2, 3},
    };
    Choice batch = choice_of(&norms, "batch");
    for (int i = 0; i < 4; i++) {
        Trial trial = three_rows();
        point(&trial, 3, 2);
        forward(&batch, &trial, modes[i]);
        assert_running(&trial, expected[i][0], expected[i][1], expected[i][2], expected[i][3]);
        double mean = modes[i] == NORM_EVALUATE ? 7 : 3, variance = modes[i] == NORM_EVALUATE ? 2 : 8.0 / 3;
        assert_true(fabs((double)trial.z[0] - (1 - mean) / sqrt(variance + 1e-5)) < 1e-6);
        assert_true(trial.z[0] == trial.normalised[0]);
    }
}

/* The last batch may be a single row: its unbiased variance would be 0/0. */
static void one_row_is_no_division_by_zero(void **state) {
    (void)state;
    Choice batch = choice_of(&norms, "batch");
    Trial trial = three_rows();
    trial.d[0] = trial.d[1] = 1;
    point(&trial, 1, 2);
    forward(&batch, &trial, NORM_TRAIN);
    backward(&batch, &trial);
    assert_running(&trial, 6.4, -6.1, 1.8, 2.7);
    for (int j = 0; j < 2; j++) assert_true(trial.z[j] == 0 && trial.du[j] == 0 && trial.grad_shift[j] == 1);
}

static void constant_input_stays_finite(void **state) {
    (void)state;
    static const char *const names[] = {"batch", "layer"};
    static const real shift[] = {4, 5, 6}, d[] = {1, -1, 2, 3, 5, 8};
    for (int i = 0; i < 2; i++) {
        Choice choice = choice_of(&norms, names[i]);
        Trial trial = three_rows();
        memcpy(trial.shift, shift, sizeof shift);
        memcpy(trial.d, d, sizeof d);
        trial.gain[2] = 1;
        point(&trial, 2, 3);
        for (int j = 0; j < 6; j++) trial.normalised[j] = (real)0.1;
        forward(&choice, &trial, NORM_TRAIN);
        backward(&choice, &trial);
        for (int j = 0; j < 6; j++) assert_true(fabs((double)(trial.z[j] - trial.shift[j % 3])) < 1e-4);
        for (int j = 0; j < 6; j++) assert_true(isfinite(trial.du[j]));
    }
}

static void nan_shows(void **state) {
    (void)state;
    for (int i = 0; i < norms.count; i++) {
        Choice choice = choice_of(&norms, family_row(&norms, i)->name);
        if (!norm_of(&choice)->forward) continue;
        Trial trial = three_rows();
        point(&trial, 3, 2);
        trial.normalised[0] = (real)NAN;
        forward(&choice, &trial, NORM_TRAIN);
        assert_true(isnan(trial.z[0]));
    }
}

static void every_row_is_complete(void **state) {
    (void)state;
    for (int i = 0; i < norms.count; i++) {
        const Norm *norm = (const Norm *)family_row(&norms, i);
        assert_true(norm->head.help && norm->head.help[0]);
        assert_true((norm->forward == NULL) == (norm->backward == NULL));
    }
    Choice none = choice_of(&norms, "none");
    assert_null(norm_of(&none)->forward);
}

#ifdef REAL_IS_DOUBLE

/* What the gradients are of: sum(z * d), with u in `source`. */
static double objective(const Choice *choice, Trial *trial, const real *source) {
    size_t n = (size_t)(trial->call.rows * trial->call.columns);
    memcpy(trial->normalised, source, n * sizeof *source);
    forward(choice, trial, NORM_PROBE);
    double total = 0;
    for (size_t i = 0; i < n; i++) total += trial->z[i] * trial->d[i];
    return total;
}

static void assert_slope(const Choice *choice, Trial *trial, const real *source, real *entry, real analytic) {
    const double h = 1e-5;
    real before = *entry;
    *entry = before + h;
    double above = objective(choice, trial, source);
    *entry = before - h;
    double below = objective(choice, trial, source);
    *entry = before;
    assert_true(fabs((above - below) / (2 * h) - analytic) < 1e-7 * fmax(1, fabs(analytic)));
}

static void gradients_are_central_differences(void **state) {
    (void)state;
    enum { ROWS = 6, COLUMNS = 67, N = ROWS * COLUMNS };
    static const char *const names[] = {"batch", "layer"};
    static Trial trial;
    static real source[N], du[N], grad_gain[COLUMNS], grad_shift[COLUMNS];
    point(&trial, ROWS, COLUMNS);
    for (int i = 0; i < N; i++) source[i] = sin(1.7 * i * i) + 3, trial.d[i] = cos(2.3 * i * i);
    for (int j = 0; j < COLUMNS; j++) trial.gain[j] = 1 + 0.5 * sin(j), trial.shift[j] = cos(j);
    for (int k = 0; k < 2; k++) {
        Choice choice = choice_of(&norms, names[k]);
        objective(&choice, &trial, source);
        backward(&choice, &trial);
        memcpy(du, trial.du, sizeof du);
        memcpy(grad_gain, trial.grad_gain, sizeof grad_gain);
        memcpy(grad_shift, trial.grad_shift, sizeof grad_shift);
        for (int i = 0; i < N; i++) assert_slope(&choice, &trial, source, &source[i], du[i]);
        for (int j = 0; j < COLUMNS; j++) {
            assert_slope(&choice, &trial, source, &trial.gain[j], grad_gain[j]);
            assert_slope(&choice, &trial, source, &trial.shift[j], grad_shift[j]);
        }
        assert_true(fabs(du[0]) > 1e-3 && fabs(grad_gain[0]) > 1e-3);
    }
}

#endif

int main(void) {
    cmocka_set_message_output(CM_OUTPUT_TAP);
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(every_row_is_complete),
        cmocka_unit_test(both_norms_match_torch),
        cmocka_unit_test(modes_move_the_running_statistics_or_not),
        cmocka_unit_test(one_row_is_no_division_by_zero),
        cmocka_unit_test(constant_input_stays_finite),
        cmocka_unit_test(nan_shows),
#ifdef REAL_IS_DOUBLE
        cmocka_unit_test(gradients_are_central_differences),
#endif
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
