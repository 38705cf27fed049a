/* Preprocessing against scikit-learn (tests/reference/preprocess.txt), and what every row promises. */
#include "data/preprocess.h"

#include "../reference/reference.h"
#include "base/random.h"
#include "data_files.h"

enum { ROWS = 12, OTHERS = 3, FEATURES = 5 };

static bool fit(const Choice *choice, size_t rows, int features, const real *x, FittedPreprocess *out, Error *err) {
    FitInput in = {.rows = rows, .features = features, .x = x};
    return preprocess_fit(choice, &in, out, err);
}

static void load(const ReferenceList *list, int count, real *out) {
    assert_int_equal(list->count, count);
    for (int i = 0; i < count; i++) out[i] = (real)list->number[i];
}

static void compare(const ReferenceCase *it, const char *key, const real *seen, double tolerance, double floor) {
    const ReferenceList *list = reference_list(it, key);
    for (int i = 0; i < list->count; i++)
        reference_near(it, key, i, (double)seen[i], list->number[i], tolerance, floor);
}

static void check_case(const ReferenceCase *it) {
    real x[ROWS * FEATURES], other[OTHERS * FEATURES];
    FittedPreprocess fitted;
    Error err = {0};
    load(reference_list(it, "x"), ROWS * FEATURES, x);
    load(reference_list(it, "other"), OTHERS * FEATURES, other);
    assert_true(fit(&it->choice, ROWS, FEATURES, x, &fitted, &err));
    assert_true(preprocess_apply(&fitted, ROWS, x, x, &err));
    assert_true(preprocess_apply(&fitted, OTHERS, other, other, &err));
    /* a mean near 1000 is kept as a float, within 3.1e-5 */
    compare(it, "x_out", x, 4e-5, 1);
    compare(it, "other_out", other, 4e-5, 1);
    if (fitted.tensors > 0) compare(it, "first", fitted.tensor[0].data, 2e-7, 1e-3);
    if (fitted.tensors > 1) compare(it, "second", fitted.tensor[1].data, 2e-6, 1e-3);
    preprocess_free(&fitted);
}

static void test_like_scikit_learn(void **state) {
    (void)state;
    FILE *file = reference_open("tests/reference/preprocess.txt");
    static ReferenceCase it;
    int cases = 0;
    for (; reference_next(file, &preprocesses, &it); cases++) check_case(&it);
    fclose(file);
    assert_int_equal(cases, 6);
}

static void fill(real *x, size_t count) {
    Stream stream = random_stream(5, PURPOSE_TEST, 0, 0);
    for (size_t i = 0; i < count; i++) x[i] = (real)random_normal(&stream);
}

/* Wider than a strip: each column is what it is alone. */
static void test_every_row_works_by_column(void **state) {
    (void)state;
    enum { WIDE = 601, FEW = 7 };
    real *x = malloc(FEW * WIDE * sizeof *x), *once = malloc(FEW * WIDE * sizeof *once), alone[FEW];
    fill(x, FEW * WIDE);
    for (int i = 0; i < preprocesses.count; i++) {
        Choice choice = choice_of(&preprocesses, family_row(&preprocesses, i)->name);
        FittedPreprocess wide, narrow;
        Error err = {0};
        memcpy(once, x, FEW * WIDE * sizeof *x);
        assert_true(fit(&choice, FEW, WIDE, x, &wide, &err));
        assert_true(preprocess_apply(&wide, FEW, once, once, &err));
        for (int j = 0; j < WIDE; j++) {
            for (int row = 0; row < FEW; row++) alone[row] = x[row * WIDE + j];
            assert_true(fit(&choice, FEW, 1, alone, &narrow, &err));
            assert_true(preprocess_apply(&narrow, FEW, alone, alone, &err));
            for (int row = 0; row < FEW; row++) assert_true(alone[row] == once[row * WIDE + j]);
            preprocess_free(&narrow);
        }
        preprocess_free(&wide);
    }
    free(x);
    free(once);
}

/* A constant column is no error, and becomes the same finite value in every row, however many rows there are.
 */
static void test_constant_columns(void **state) {
    (void)state;
    enum { MANY = 100003 };
    real *x = malloc(MANY * sizeof *x);
    static const struct {
        const char *name;
        real becomes;
    } expected[] = {{"center", 0}, {"standardize", 0}, {"minmax", 0}, {"scale", (real)0.1 * (real)(1.0 / 255)}};
    for (size_t i = 0; i < sizeof expected / sizeof expected[0]; i++) {
        Choice choice = choice_of(&preprocesses, expected[i].name);
        FittedPreprocess fitted;
        Error err = {0};
        for (size_t row = 0; row < MANY; row++) x[row] = (real)0.1;
        assert_true(fit(&choice, MANY, 1, x, &fitted, &err));
        assert_true(preprocess_apply(&fitted, MANY, x, x, &err));
        for (size_t row = 0; row < MANY; row++) assert_true(x[row] == expected[i].becomes);
        preprocess_free(&fitted);
    }
    free(x);
}

/* Sums beyond 2^24, where sums in float would no longer grow by each value. */
static void test_sums_in_double(void **state) {
    (void)state;
    enum { MANY = 1000000 };
    real *x = malloc(MANY * sizeof *x);
    for (size_t i = 0; i < MANY; i++) x[i] = i % 2 ? 3001 : 1000;
    Choice choice = choice_of(&preprocesses, "standardize");
    FittedPreprocess fitted;
    Error err = {0};
    assert_true(fit(&choice, MANY, 1, x, &fitted, &err));
    assert_true(fitted.tensor[0].data[0] == (real)2000.5);
    assert_true(fitted.tensor[1].data[0] == (real)1000.5);
    preprocess_free(&fitted);
    free(x);
}

/* The mean 16777217 is no float; the deviation must be measured from it all the same. */
static void test_deviation_from_a_rounded_mean(void **state) {
    (void)state;
    if (sizeof(real) != sizeof(float)) return;
    const real x[] = {16777216, 16777218};
    Choice choice = choice_of(&preprocesses, "standardize");
    FittedPreprocess fitted;
    Error err = {0};
    assert_true(fit(&choice, 2, 1, x, &fitted, &err));
    assert_true(fitted.tensor[1].data[0] == 1);
    preprocess_free(&fitted);
}

static void test_rows_are_documented(void **state) {
    (void)state;
    for (int i = 0; i < preprocesses.count; i++) {
        const Variant *row = family_row(&preprocesses, i);
        assert_true(row->help && *row->help && !strchr(row->help, '\n'));
        for (const Field *field = row->fields; field && field->name; field++)
            assert_true(field->help && *field->help);
    }
}

static void test_minmax_refuses_swapped_ends(void **state) {
    (void)state;
    Choice choice = choice_of(&preprocesses, "minmax");
    ((double *)choice.params.bytes)[0] = 2; /* low; high is 1 */
    real x[2] = {0, 1};
    FittedPreprocess fitted;
    Error err = {0};
    assert_false(fit(&choice, 2, 1, x, &fitted, &err));
    assert_messages(&err, "preprocess.minmax.low: 2 is not below high 1; set low below high");
}

int main(void) {
    cmocka_set_message_output(CM_OUTPUT_TAP);
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_like_scikit_learn),
        cmocka_unit_test(test_every_row_works_by_column),
        cmocka_unit_test(test_constant_columns),
        cmocka_unit_test(test_sums_in_double),
        cmocka_unit_test(test_deviation_from_a_rounded_mean),
        cmocka_unit_test(test_rows_are_documented),
        cmocka_unit_test(test_minmax_refuses_swapped_ends),
    };
    return cmocka_run_group_tests_name("preprocess", tests, NULL, NULL);
}
