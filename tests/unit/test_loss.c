/* test_loss: values and gradients against PyTorch (tests/reference/loss.py), nan, accuracy of tiny losses,
 * outputs, correct rows. Also compiled in double precision, by tests/double/test_loss.c, with finite
 * differences. */
#include "nn/loss.h"

#include <math.h>

#include "../reference/reference.h"

#ifdef REAL_IS_DOUBLE
static const double tolerance = 1e-13;
#else
static const double tolerance = 1e-6;
#endif

enum { MOST = REFERENCE_NUMBERS };

/* A batch that owns its arrays. */
typedef struct Sample {
    LossBatch batch;
    real logits[MOST], target[MOST], weight[MOST], class_weight[MOST];
} Sample;

static const real *fill(const ReferenceCase *it, const char *key, real *out) {
    const ReferenceList *list = reference_find(it, key);
    for (int i = 0; list && i < list->count; i++) out[i] = (real)list->number[i];
    return list ? out : NULL;
}

static void sample_of(const ReferenceCase *it, Sample *out) {
    const double *shape = reference_list(it, "shape")->number;
    out->batch = (LossBatch){.rows = (int)shape[0],
                             .out = (int)shape[1],
                             .logits = fill(it, "logits", out->logits),
                             .target = fill(it, "target", out->target),
                             .weight = fill(it, "weight", out->weight),
                             .class_weight = fill(it, "class_weight", out->class_weight),
                             .smoothing = reference_number(it, "smoothing")};
}

static double value_of(const Choice *choice, const LossBatch *batch, real *d) {
    return loss_of(choice)->value(choice_params(choice), batch, d);
}

static void compare(const ReferenceCase *it) {
    static Sample sample;
    real d[MOST];
    sample_of(it, &sample);
    double expected = reference_number(it, "value");
    reference_near(it, "value", 0, value_of(&it->choice, &sample.batch, d), expected, tolerance, 1e-3);
    reference_near(it, "value alone", 0, value_of(&it->choice, &sample.batch, NULL), expected, tolerance,
                   1e-3);
    const ReferenceList *list = reference_list(it, "d");
    assert_int_equal(list->count, sample.batch.rows * sample.batch.out);
    for (int i = 0; i < list->count; i++)
        reference_near(it, "d", i, (double)d[i], list->number[i], tolerance, 0.1);
}

static void every_loss_is_that_of_torch(void **state) {
    (void)state;
    FILE *file = reference_open("tests/reference/loss.txt");
    static ReferenceCase it;
    bool seen[64] = {false};
    while (reference_next(file, &losses, &it)) {
        compare(&it);
        seen[loss_of(&it.choice) - (const Loss *)losses.rows] = true;
    }
    fclose(file);
    for (int i = 0; i < losses.count; i++)
        if (!seen[i]) fail_msg("%s has no reference", family_row(&losses, i)->name);
}

/* Every logit in turn, in each row of the family, with and without the gradient. */
static void nan_logits_give_nan(void **state) {
    (void)state;
    const real target[6] = {0, 1, 0, 1, 0, 0};
    for (int i = 0; i < losses.count; i++)
        for (int at = 0; at < 6; at++) {
            real logits[6] = {1, -2, 3, 0.5, 7, -1}, d[6];
            logits[at] = (real)NAN;
            Choice choice = choice_of(&losses, family_row(&losses, i)->name);
            LossBatch batch = {.rows = 2, .out = 3, .logits = logits, .target = target};
            if (!isnan(value_of(&choice, &batch, d)))
                fail_msg("%s hides nan at %d", choice.variant->name, at);
            if (!isnan(value_of(&choice, &batch, NULL)))
                fail_msg("%s hides nan at %d", choice.variant->name, at);
        }
}

static void large_logits_stay_finite(void **state) {
    (void)state;
    const real logits[6] = {1e30f, -1e30f, 0, -5000, 5000, 5000}, target[6] = {1, 0, 0, 1, 0, 0};
    const char *const names[] = {"cross_entropy", "bce", "hinge", "mae", "huber"};
    for (int i = 0; i < 5; i++) {
        real d[6];
        Choice choice = choice_of(&losses, names[i]);
        LossBatch batch = {.rows = 2, .out = 3, .logits = logits, .target = target};
        assert_true(isfinite(value_of(&choice, &batch, d)));
        assert_true(isfinite(value_of(&choice, &batch, NULL)));
        for (int k = 0; k < 6; k++) assert_true(isfinite(d[k]));
    }
}

/* log(1 + e^-x) of a row that is nearly certain must not drown in the rounding of 1. */
static void tiny_losses_are_accurate(void **state) {
    (void)state;
    const char *const names[] = {"cross_entropy", "bce"};
    for (int i = 0; i < 2; i++) {
        const real two[2] = {20, 0}, first[2] = {1, 0}, one = 20, yes = 1;
        real d[2];
        Choice choice = choice_of(&losses, names[i]);
        LossBatch batch = {.rows = 1, .out = i ? 1 : 2, .logits = i ? &one : two, .target = i ? &yes : first};
        double expected = log1p(exp(-20.0)), seen = value_of(&choice, &batch, d);
        assert_true(fabs(seen - expected) <= 1e-6 * expected);
        assert_true(fabs(value_of(&choice, &batch, NULL) - expected) <= 1e-6 * expected);
    }
}

static void zero_weights_teach_nothing(void **state) {
    (void)state;
    const real logits[4] = {1, 2, 3, 4}, target[4] = {1, 0, 0, 1}, weight[2] = {0, 0};
    for (int i = 0; i < losses.count; i++) {
        real d[4] = {9, 9, 9, 9};
        Choice choice = choice_of(&losses, family_row(&losses, i)->name);
        LossBatch batch = {.rows = 2, .out = 2, .logits = logits, .target = target, .weight = weight};
        assert_true(value_of(&choice, &batch, d) == 0);
        for (int k = 0; k < 4; k++) assert_true(d[k] == 0);
    }
}

static void every_row_is_complete(void **state) {
    (void)state;
    for (int i = 0; i < losses.count; i++) {
        const Loss *row = (const Loss *)family_row(&losses, i);
        assert_true(row->head.name[0] && row->head.help[0] && row->value);
        assert_true(row->classification || row->regression);
        Choice choice = choice_of(&losses, row->head.name);
        double kinks[LOSS_MOST_KINKS];
        if (row->kinks) assert_in_range(row->kinks(choice_params(&choice), kinks), 1, LOSS_MOST_KINKS);
        for (const Field *field = row->head.fields; field && field->name; field++)
            assert_true(field->help[0]);
    }
}

static void outputs(void **state) {
    (void)state;
    Choice bce = choice_of(&losses, "bce"), mse = choice_of(&losses, "mse");
    assert_int_equal(loss_outputs(&bce, true, 2), 1);
    assert_int_equal(loss_outputs(&bce, true, 3), 3);
    assert_int_equal(loss_outputs(&mse, true, 2), 2);
    assert_int_equal(loss_outputs(&mse, false, 2), 2);
    assert_int_equal(loss_outputs(&mse, false, 1), 1);
}

static int correct(int rows, int out, const real *logits, const real *target) {
    LossBatch batch = {.rows = rows, .out = out, .logits = logits, .target = target};
    return loss_count_correct(&batch);
}

static void correct_rows(void **state) {
    (void)state;
    const real not_a_number = (real)NAN, first[3] = {1, 0, 0}, second[3] = {0, 1, 0},
               mixed[3] = {0.25f, 0, 0.75f};
    const real rising[3] = {1, 2, 3}, equal[3] = {1, 2, 2}, all_equal[3] = {0, 0, 0};
    assert_int_equal(correct(1, 3, rising, mixed), 1);
    assert_int_equal(correct(1, 3, rising, second), 0);
    assert_int_equal(correct(1, 3, equal, second), 1);
    assert_int_equal(correct(1, 3, equal, mixed), 0);
    assert_int_equal(correct(1, 3, all_equal, first), 1);
    assert_int_equal(correct(1, 3, all_equal, second), 0);
    const real shared[3] = {0.5, 0.5, 0}, falling[3] = {3, 2, 1};
    assert_int_equal(correct(1, 3, falling, shared), 1);
    for (int at = 0; at < 3; at++) {
        real broken[3] = {1, 5, 3};
        assert_int_equal(correct(1, 3, broken, second), 1);
        broken[at] = not_a_number;
        assert_int_equal(correct(1, 3, broken, second), 0);
    }
    const real pair[6] = {1, 2, 3, 3, 1, 2}, targets[6] = {0, 0, 1, 1, 0, 0};
    assert_int_equal(correct(2, 3, pair, targets), 2);
    const real single[6] = {1, -1, 0, 2, not_a_number, not_a_number}, bits[6] = {1, 0, 0, 0, 1, 0};
    assert_int_equal(correct(6, 1, single, bits), 3);
}

#ifdef REAL_IS_DOUBLE

static const double h = 1e-5;

/* Whether moving logit `at` by h may cross a kink. */
static bool near_kink(const Choice *choice, const LossBatch *b, int at) {
    double kinks[LOSS_MOST_KINKS];
    int count = loss_of(choice)->kinks ? loss_of(choice)->kinks(choice_params(choice), kinks) : 0;
    int row = at / b->out * b->out, right = row;
    for (int c = row; c < row + b->out; c++) right = b->target[c] > b->target[right] ? c : right;
    bool lead = loss_of(choice)->hard_targets, near = false;
    for (int c = row; c < row + b->out; c++)
        for (int k = 0; k < count; k++) {
            double x = lead ? b->logits[right] - b->logits[c] : b->logits[c] - b->target[c];
            near |= fabs(x - kinks[k]) <= 2 * h;
        }
    return near;
}

static void compare_with_differences(const ReferenceCase *it) {
    static Sample sample;
    real d[MOST];
    double norm = 0;
    sample_of(it, &sample);
    value_of(&it->choice, &sample.batch, d);
    for (int i = 0; i < sample.batch.rows * sample.batch.out; i++) {
        norm += fabs(d[i]);
        if (near_kink(&it->choice, &sample.batch, i)) continue;
        real at = sample.logits[i];
        sample.logits[i] = at + h;
        double above = value_of(&it->choice, &sample.batch, NULL);
        sample.logits[i] = at - h;
        double below = value_of(&it->choice, &sample.batch, NULL);
        sample.logits[i] = at;
        reference_near(it, "difference", i, d[i], (above - below) / (2 * h), 1e-6, 1e-2);
    }
    assert_true(norm > 0);
}

static void gradients_are_differences(void **state) {
    (void)state;
    FILE *file = reference_open("tests/reference/loss.txt");
    static ReferenceCase it;
    while (reference_next(file, &losses, &it)) compare_with_differences(&it);
    fclose(file);
}

#endif

int main(void) {
    cmocka_set_message_output(CM_OUTPUT_TAP);
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(every_row_is_complete),
        cmocka_unit_test(every_loss_is_that_of_torch),
        cmocka_unit_test(nan_logits_give_nan),
        cmocka_unit_test(large_logits_stay_finite),
        cmocka_unit_test(tiny_losses_are_accurate),
        cmocka_unit_test(zero_weights_teach_nothing),
        cmocka_unit_test(outputs),
        cmocka_unit_test(correct_rows),
#ifdef REAL_IS_DOUBLE
        cmocka_unit_test(gradients_are_differences),
#endif
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
