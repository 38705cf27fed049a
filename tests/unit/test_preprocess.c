/* Preprocessing against scikit-learn and numpy (tests/reference/preprocess.txt), and what every row promises. */
#include "data/preprocess.h"

#include "../reference/reference.h"
#include "base/random.h"
#include "data_files.h"

static bool fit(const Choice *choice, size_t rows, int features, const real *x, FittedPreprocess *out, Error *err) {
    FitInput in = {.rows = rows, .features = features, .x = x};
    return preprocess_fit(choice, &in, out, err);
}

/* ---- scikit-learn -------------------------------------------------------------------------------------- */

enum { MOST = REFERENCE_NUMBERS };

typedef struct Sample {
    int rows, others, features, out;
    ImageShape image;
    real x[MOST], other[MOST];
} Sample;

static void load(const ReferenceList *list, int count, real *out) {
    assert_int_equal(list->count, count);
    for (int i = 0; i < count; i++) out[i] = (real)list->number[i];
}

static void load_sample(const ReferenceCase *it, Sample *sample) {
    const double *shape = reference_list(it, "shape")->number;
    const ReferenceList *image = reference_find(it, "image");
    *sample =
        (Sample){.rows = (int)shape[0], .others = (int)shape[1], .features = (int)shape[2], .out = (int)shape[3]};
    if (image)
        sample->image = (ImageShape){(int)image->number[0], (int)image->number[1], (int)image->number[2],
                                     image->number[3] > 0 ? IMAGE_CHW : IMAGE_HWC, 255};
    load(reference_list(it, "x"), sample->rows * sample->features, sample->x);
    load(reference_list(it, "other"), sample->others * sample->features, sample->other);
}

/* A mean near 1000 is kept as a float, within 3.1e-5; beside numbers of 100 a float has 7.6e-6. */
static void compare(const ReferenceCase *it, const char *key, int count, const real *seen, double tolerance) {
    const ReferenceList *list = reference_list(it, key);
    assert_int_equal(list->count, count);
    for (int i = 0; i < count; i++) reference_near(it, key, i, (double)seen[i], list->number[i], tolerance, 1);
}

static void compare_rows(const ReferenceCase *it, const char *key, const FittedPreprocess *fitted, int rows,
                         const real *from) {
    real to[MOST];
    Error err = {0};
    assert_true(preprocess_apply(fitted, (size_t)rows, from, to, &err));
    compare(it, key, rows * fitted->out, to, 4e-5);
}

static void check_case(const ReferenceCase *it) {
    Sample sample;
    load_sample(it, &sample);
    FittedPreprocess fitted;
    Error err = {0};
    FitInput in = {(size_t)sample.rows, sample.features, sample.x, sample.image, NULL, 0};
    if (!preprocess_fit(&it->choice, &in, &fitted, &err)) fail_msg("%s: %s", it->title, err.text);
    assert_int_equal(fitted.out, sample.out);
    compare_rows(it, "x_out", &fitted, sample.rows, sample.x);
    compare_rows(it, "other_out", &fitted, sample.others, sample.other);
    for (int t = 0; t < fitted.tensors; t++) {
        const FittedTensor *tensor = &fitted.tensor[t];
        if (reference_find(it, tensor->name))
            compare(it, tensor->name, (tensor->rows ? tensor->rows : 1) * tensor->columns, tensor->data, 2e-6);
    }
    preprocess_free(&fitted);
}

static void test_like_scikit_learn(void **state) {
    (void)state;
    FILE *file = reference_open("tests/reference/preprocess.txt");
    static ReferenceCase it;
    bool seen[64] = {false};
    int cases = 0;
    for (; reference_next(file, &preprocesses, &it); cases++) {
        check_case(&it);
        seen[(const Preprocess *)it.choice.variant - (const Preprocess *)preprocesses.rows] = true;
    }
    fclose(file);
    assert_int_equal(cases, 44);
    for (int i = 0; i < preprocesses.count; i++)
        if (!seen[i]) fail_msg("%s: has no reference values", family_row(&preprocesses, i)->name);
}

/* ---- every row ----------------------------------------------------------------------------------------- */

enum { ROWS = 200, SIDE = 2, CHANNELS = 3, FEATURES = SIDE * SIDE * CHANNELS };
static const ImageShape image = {SIDE, SIDE, CHANNELS, IMAGE_HWC, 255};

/* The row with parameters with which it can act. */
static Choice choice_at(int i) {
    const char *name = family_row(&preprocesses, i)->name;
    char text[64];
    snprintf(text, sizeof text, strcmp(name, "clip") == 0 ? "%s by=quantile low=0.1 high=0.8" : "%s", name);
    return reference_choice(&preprocesses, text);
}

/* Whole and half numbers from 0 to 5: few enough values for onehot. */
static void fill_steps(real *x, size_t count) {
    Stream stream = random_stream(5, PURPOSE_TEST, 0, 0);
    for (size_t i = 0; i < count; i++) x[i] = (real)0.5 * (real)random_below(&stream, 11);
}

static FittedPreprocess fitted_at(int i, size_t rows, const real *x, Pool *pool) {
    Choice choice = choice_at(i);
    FittedPreprocess fitted;
    Error err = {0};
    FitInput in = {rows, FEATURES, x, image, pool, 0};
    if (!preprocess_fit(&choice, &in, &fitted, &err)) fail_msg("%s", err.text);
    return fitted;
}

/* All rows in one call, freed by the caller. */
static real *applied(const FittedPreprocess *fitted, size_t rows, const real *x) {
    Error err = {0};
    real *to = malloc(rows * (size_t)fitted->out * sizeof *to);
    assert_non_null(to);
    if (!preprocess_apply(fitted, rows, x, to, &err)) fail_msg("%s", err.text);
    return to;
}

static void assert_same(const FittedPreprocess *fitted, const char *what, size_t count, const real *a,
                        const real *b) {
    if (memcmp(a, b, count * sizeof *a) != 0) fail_msg("%s: %s", fitted->choice.variant->name, what);
}

static void test_a_row_does_not_depend_on_the_others(void **state) {
    (void)state;
    static const size_t blocks[] = {1, 7, 64, 100};
    real x[ROWS * FEATURES];
    fill_steps(x, ROWS * FEATURES);
    for (int i = 0; i < preprocesses.count; i++) {
        FittedPreprocess fitted = fitted_at(i, ROWS, x, NULL);
        size_t out = (size_t)fitted.out;
        real *once = applied(&fitted, ROWS, x), *parts = malloc(ROWS * out * sizeof *parts);
        for (size_t b = 0; b < sizeof blocks / sizeof blocks[0]; b++) {
            Error err = {0};
            for (size_t row = 0; row < ROWS; row += blocks[b]) {
                size_t count = ROWS - row < blocks[b] ? ROWS - row : blocks[b];
                assert_true(preprocess_apply(&fitted, count, x + row * FEATURES, parts + row * out, &err));
            }
            assert_same(&fitted, "blocks", ROWS * out, once, parts);
        }
        free(once);
        free(parts);
        preprocess_free(&fitted);
    }
}

static void test_in_place(void **state) {
    (void)state;
    real x[ROWS * FEATURES], same[ROWS * FEATURES];
    fill_steps(x, ROWS * FEATURES);
    for (int i = 0; i < preprocesses.count; i++) {
        FittedPreprocess fitted = fitted_at(i, ROWS, x, NULL);
        Error err = {0};
        if (preprocess_of(&fitted.choice)->in_place) {
            assert_int_equal(fitted.out, FEATURES);
            real *once = applied(&fitted, ROWS, x);
            memcpy(same, x, sizeof x);
            assert_true(preprocess_apply(&fitted, ROWS, same, same, &err));
            assert_same(&fitted, "in place", ROWS * FEATURES, once, same);
            free(once);
        }
        preprocess_free(&fitted);
    }
}

static void test_any_number_of_threads(void **state) {
    (void)state;
    enum { MANY = 3000 };
    real *x = malloc(MANY * FEATURES * sizeof *x);
    fill_steps(x, MANY * FEATURES);
    for (int threads = 2; threads <= 3; threads++) {
        Error err = {0};
        Pool *pool = pool_create(threads, &err);
        assert_non_null(pool);
        for (int i = 0; i < preprocesses.count; i++) {
            FittedPreprocess alone = fitted_at(i, MANY, x, NULL), together = fitted_at(i, MANY, x, pool);
            for (int t = 0; t < alone.tensors; t++) {
                const FittedTensor *tensor = &alone.tensor[t];
                assert_same(&alone, tensor->name, (size_t)(tensor->rows ? tensor->rows : 1) * (size_t)tensor->columns,
                            tensor->data, together.tensor[t].data);
            }
            preprocess_free(&alone);
            preprocess_free(&together);
        }
        pool_free(pool);
    }
    free(x);
}

/* Two rows, a constant column among the others: all finite. */
static void test_two_rows(void **state) {
    (void)state;
    real x[2 * FEATURES];
    fill_steps(x, 2 * FEATURES);
    x[0] = x[FEATURES] = 3;
    for (int i = 0; i < preprocesses.count; i++) {
        FittedPreprocess fitted = fitted_at(i, 2, x, NULL);
        real *to = applied(&fitted, 2, x);
        for (int j = 0; j < 2 * fitted.out; j++) assert_true(isfinite((double)to[j]));
        free(to);
        preprocess_free(&fitted);
    }
}

static void test_names_of_outputs(void **state) {
    (void)state;
    static const struct {
        const char *name, *first, *last;
    } expected[] = {{"pca", "pc1", "pc3"},
                    {"whiten", "pc1", "pc3"},
                    {"whiten method=zca", "a", "c"},
                    {"onehot columns=0,2", "a=-1", "c=0.5"},
                    {"onehot columns=1", "a", "c"}};
    static const real x[] = {-1, 2, 0, -1, 3, 0.5, 4, 2, 0.5, 0, 0, 0};
    char *const inputs[] = {"a", "b", "c"};
    for (size_t i = 0; i < sizeof expected / sizeof expected[0]; i++) {
        char text[64], name[64];
        snprintf(text, sizeof text, "%s", expected[i].name);
        Choice choice = reference_choice(&preprocesses, text);
        FittedPreprocess fitted;
        Error err = {0};
        assert_true(fit(&choice, 4, 3, x, &fitted, &err));
        preprocess_of(&choice)->name(&fitted, 0, inputs, name, sizeof name);
        assert_string_equal(name, expected[i].first);
        preprocess_of(&choice)->name(&fitted, fitted.out - 1, inputs, name, sizeof name);
        assert_string_equal(name, expected[i].last);
        preprocess_free(&fitted);
    }
}

/* By value: 0 has no sign however the first row spells it, and no digits are shown but those that the value needs. */
static void test_onehot_names_are_values(void **state) {
    (void)state;
    static const char *const expected[] = {"k=-2.5", "k=0", "k=0.1", "k=100", "k=16777217", "k=1e+20"};
    const real x[] = {(real)-0.0, 0, (real)0.1, 100, (real)1e20, (real)-2.5, 0, (real)16777217};
    char *const inputs[] = {"k"};
    Choice choice = choice_of(&preprocesses, "onehot");
    FittedPreprocess fitted;
    Error err = {0};
    assert_true(fit(&choice, 8, 1, x, &fitted, &err));
    assert_int_equal(fitted.out, 6);
    for (int i = 0; i < 6; i++) {
        char name[64];
        preprocess_of(&choice)->name(&fitted, i, inputs, name, sizeof name);
        if (i == 4 && sizeof(real) == sizeof(float)) assert_string_equal(name, "k=16777216");
        else assert_string_equal(name, expected[i]);
    }
    preprocess_free(&fitted);
}

/* ---- by column ----------------------------------------------------------------------------------------- */

static void fill(real *x, size_t count) {
    Stream stream = random_stream(5, PURPOSE_TEST, 0, 0);
    for (size_t i = 0; i < count; i++) x[i] = (real)random_normal(&stream);
}

/* Wider than a strip: each column is what it is alone. */
static void test_columns_are_what_they_are_alone(void **state) {
    (void)state;
    enum { WIDE = 601, FEW = 7 };
    static const char *const names[] = {"center",
                                        "standardize",
                                        "minmax",
                                        "scale",
                                        "robust",
                                        "log1p symmetric=true",
                                        "clip by=quantile low=0.2 high=0.7"};
    real *x = malloc(FEW * WIDE * sizeof *x), *once = malloc(FEW * WIDE * sizeof *once), alone[FEW];
    fill(x, FEW * WIDE);
    for (size_t i = 0; i < sizeof names / sizeof names[0]; i++) {
        char text[64];
        snprintf(text, sizeof text, "%s", names[i]);
        Choice choice = reference_choice(&preprocesses, text);
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

/* ---- refusals ------------------------------------------------------------------------------------------ */

/* What preprocess_fit says of the step `text`, third in its chain, on x[rows][features]. */
static void refuses_fit(const char *text, size_t rows, int features, const real *x, const char *message) {
    char copy[128];
    snprintf(copy, sizeof copy, "%s", text);
    Choice choice = reference_choice(&preprocesses, copy);
    FittedPreprocess fitted;
    Error err = {0};
    FitInput in = {.rows = rows, .features = features, .x = x, .step = 2};
    assert_false(preprocess_fit(&choice, &in, &fitted, &err));
    assert_messages(&err, message);
    assert_int_equal(fitted.tensors, 0);
}

static void test_refused_parameters(void **state) {
    (void)state;
    const real x[] = {1, 2, 3, 4, 5, 6};
    refuses_fit("minmax low=2", 2, 1, x, "preprocess.2.low: 2 is not below high 1; set low below high");
    refuses_fit("robust low=75", 2, 1, x, "preprocess.2.low: 75 is not below high 75; set low below high");
    refuses_fit("clip", 2, 1, x, "preprocess.2.low: neither low nor high is given; give one");
    refuses_fit("clip low=2 high=1", 2, 1, x, "preprocess.2.low: 2 is above high 1; set low below high");
    refuses_fit("clip by=quantile low=0 high=1.5", 2, 1, x, "preprocess.2.high: 1.5 is no quantile; use 0 to 1");
    refuses_fit("clip by=quantile low=-0.1", 2, 1, x, "preprocess.2.low: -0.1 is no quantile; use 0 to 1");
    refuses_fit("mean_image", 2, 1, x,
                "preprocess.2: 'mean_image' is for images, and the rows are none here; set data.image");
    refuses_fit("per_channel", 2, 1, x,
                "preprocess.2: 'per_channel' is for images, and the rows are none here; set data.image");
    refuses_fit("pca components=1.5", 2, 1, x,
                "preprocess.2.components: 1.5 is neither whole nor a share below 1; use 1");
    refuses_fit("whiten method=zca components=1", 2, 1, x,
                "preprocess.2.components: zca turns back to all inputs; leave it out, or set method to pca");
    refuses_fit("onehot columns=0,3", 2, 3, x, "preprocess.2: columns: 3 is none of the 3 inputs; use -3 to 2");
    refuses_fit("onehot columns=-4", 2, 3, x, "preprocess.2: columns: -4 is none of the 3 inputs; use -3 to 2");
    refuses_fit("onehot columns=2,-1", 2, 3, x,
                "preprocess.2: columns: -1 names an input that is named before it; leave it out");
}

static void test_refused_data(void **state) {
    (void)state;
    const real x[] = {1, 2, 3, 2, 4, 6}, equal[] = {7, 8, 7, 8};
    real many[1001];
    for (int i = 0; i <= 1000; i++) many[i] = (real)(1000 - i);
    refuses_fit("pca", 1, 3, x, "preprocess.2: there is one training row, which has no variance; give more");
    refuses_fit("pca", 2, 2, equal,
                "preprocess.2: the training rows are all equal, and have no direction; leave it out");
    refuses_fit("pca components=2", 2, 3, x,
                "preprocess.2: components is 2 and the training rows span 1 dimension; use at most 1");
    refuses_fit("whiten components=4", 2, 3, x,
                "preprocess.2: components is 4 and the training rows span 1 dimension; use at most 1");
    refuses_fit("onehot", 1001, 1, many,
                "preprocess.2: columns: input 0 has more than 1000 values; choose the columns that have few");
}

/* Before any value is looked at. */
static void test_too_large_to_decompose(void **state) {
    (void)state;
    const real x[] = {1, 2};
    refuses_fit("pca", 50000, 40000, x,
                "preprocess.2: 40000 inputs and 50000 rows are more than LAPACK can decompose; use at most 32766 of "
                "one of them");
    refuses_fit("whiten", 32767, 32768, x,
                "preprocess.2: 32768 inputs and 32767 rows are more than LAPACK can decompose; use at most 32766 of "
                "one of them");
}

static void refuses_values(const char *text, const real *train, const real *x, const char *message) {
    char copy[64];
    snprintf(copy, sizeof copy, "%s", text);
    Choice choice = reference_choice(&preprocesses, copy);
    FittedPreprocess fitted;
    Error err = {0};
    real to[64];
    assert_true(fit(&choice, 2, 2, train, &fitted, &err));
    assert_false(preprocess_apply(&fitted, 2, x, to, &err));
    assert_messages(&err, message);
    preprocess_free(&fitted);
}

static void test_refused_values(void **state) {
    (void)state;
    const real train[] = {1, 2, 3, 4}, x[] = {1, 4, 3, -1};
    refuses_values("log1p", train, x,
                   "row 2, input 2: -1 is not above -1, as log1p needs; shift the values, or set symmetric");
    refuses_values("onehot", train, x,
                   "row 2, input 2: -1 is no value of the training rows; correct it, or leave the row out");
}

int main(void) {
    cmocka_set_message_output(CM_OUTPUT_TAP);
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_like_scikit_learn),
        cmocka_unit_test(test_a_row_does_not_depend_on_the_others),
        cmocka_unit_test(test_in_place),
        cmocka_unit_test(test_any_number_of_threads),
        cmocka_unit_test(test_two_rows),
        cmocka_unit_test(test_names_of_outputs),
        cmocka_unit_test(test_onehot_names_are_values),
        cmocka_unit_test(test_columns_are_what_they_are_alone),
        cmocka_unit_test(test_constant_columns),
        cmocka_unit_test(test_sums_in_double),
        cmocka_unit_test(test_deviation_from_a_rounded_mean),
        cmocka_unit_test(test_rows_are_documented),
        cmocka_unit_test(test_refused_parameters),
        cmocka_unit_test(test_refused_data),
        cmocka_unit_test(test_too_large_to_decompose),
        cmocka_unit_test(test_refused_values),
    };
    return cmocka_run_group_tests_name("preprocess", tests, NULL, NULL);
}
