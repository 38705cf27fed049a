/* Principal components and whitening by what they promise: orthonormal directions of the largest variance, a covariance
 * of 1, the same from either matrix. Values of scikit-learn are in test_preprocess. */
#include "data/decompose.h"

#include "../reference/reference.h"
#include "base/random.h"
#include "data_files.h"

enum { P = 40 };

/* Rows along `rank` fixed directions of falling deviations 1, 1/2 …, about a mean of 5. */
static real *low_rank(size_t rows, int features, int rank) {
    Stream stream = random_stream(3, PURPOSE_TEST, 0, 0);
    double *direction = malloc((size_t)(rank * features) * sizeof *direction);
    real *x = malloc(rows * (size_t)features * sizeof *x);
    for (int i = 0; i < rank * features; i++) direction[i] = random_normal(&stream);
    for (size_t row = 0; row < rows; row++) {
        double at[P];
        for (int k = 0; k < rank; k++) at[k] = random_normal(&stream) / (k + 1);
        for (int j = 0; j < features; j++) {
            double sum = 5;
            for (int k = 0; k < rank; k++) sum += at[k] * direction[k * features + j];
            x[row * (size_t)features + (size_t)j] = (real)sum;
        }
    }
    free(direction);
    return x;
}

static FittedPreprocess fitted_of(const char *text, size_t rows, int features, const real *x) {
    char copy[64];
    snprintf(copy, sizeof copy, "%s", text);
    Choice choice = reference_choice(&preprocesses, copy);
    FittedPreprocess fitted;
    Error err = {0};
    FitInput in = {.rows = rows, .features = features, .x = x};
    if (!preprocess_fit(&choice, &in, &fitted, &err)) fail_msg("%s", err.text);
    return fitted;
}

static real *applied(const FittedPreprocess *fitted, size_t rows, const real *x) {
    Error err = {0};
    real *to = malloc(rows * (size_t)fitted->out * sizeof *to);
    assert_true(preprocess_apply(fitted, rows, x, to, &err));
    return to;
}

static double dot(int count, const real *a, const real *b) {
    double sum = 0;
    for (int i = 0; i < count; i++) sum += (double)a[i] * (double)b[i];
    return sum;
}

/* The covariance over `divisor` of y[rows][k] must be that of the deviations on the diagonal (NULL: 1), 0 beside it. */
static void check_covariance(size_t rows, int k, const real *y, double divisor, const real *deviation,
                             double tolerance) {
    for (int i = 0; i < k; i++)
        for (int j = 0; j <= i; j++) {
            double mean_i = 0, mean_j = 0, sum = 0,
                   expected = i != j      ? 0
                              : deviation ? pow((double)deviation[i], 2)
                                          : 1;
            for (size_t row = 0; row < rows; row++) {
                mean_i += (double)y[row * (size_t)k + (size_t)i] / (double)rows;
                mean_j += (double)y[row * (size_t)k + (size_t)j] / (double)rows;
            }
            for (size_t row = 0; row < rows; row++)
                sum += ((double)y[row * (size_t)k + (size_t)i] - mean_i) *
                       ((double)y[row * (size_t)k + (size_t)j] - mean_j);
            assert_true(fabs(mean_i) < tolerance);
            if (!(fabs(sum / divisor - expected) < tolerance * fmax(1, expected)))
                fail_msg("covariance of %d and %d is %.9g, not %.9g", i, j, sum / divisor, expected);
        }
}

static void check_orthonormal(const FittedPreprocess *fitted) {
    const FittedTensor *components = fitted_tensor(fitted, "components");
    for (int i = 0; i < components->rows; i++)
        for (int j = 0; j <= i; j++) {
            double product = dot(components->columns, components->data + (size_t)i * (size_t)components->columns,
                                 components->data + (size_t)j * (size_t)components->columns);
            assert_true(fabs(product - (i == j)) < 2e-6);
        }
}

/* Of both matrices: more rows than inputs, and fewer. */
static void test_components(void **state) {
    (void)state;
    static const struct {
        size_t rows;
        int features, rank, expected;
    } shapes[] = {{300, 12, 12, 12}, {300, P, 7, 7}, {9, P, 20, 8}, {30, P, 7, 7}, {P, P, 30, 30}};
    for (size_t i = 0; i < sizeof shapes / sizeof shapes[0]; i++) {
        size_t rows = shapes[i].rows;
        real *x = low_rank(rows, shapes[i].features, shapes[i].rank);
        FittedPreprocess fitted = fitted_of("pca", rows, shapes[i].features, x);
        real *y = applied(&fitted, rows, x);
        assert_int_equal(fitted.out, shapes[i].expected);
        assert_true(fitted.no_image);
        check_orthonormal(&fitted);
        check_covariance(rows, fitted.out, y, (double)rows - 1, fitted_get(&fitted, "deviation"), 2e-5);
        free(y);
        preprocess_free(&fitted);
        free(x);
    }
}

/* All components hold all there is: x = mean + y · components. */
static void test_reconstruction(void **state) {
    (void)state;
    enum { ROWS = 100, RANK = 9 };
    real *x = low_rank(ROWS, P, RANK);
    FittedPreprocess fitted = fitted_of("pca", ROWS, P, x);
    real *y = applied(&fitted, ROWS, x);
    const real *mean = fitted_get(&fitted, "mean"), *components = fitted_get(&fitted, "components");
    assert_int_equal(fitted.out, RANK);
    for (int row = 0; row < ROWS; row++)
        for (int j = 0; j < P; j++) {
            double back = (double)mean[j];
            for (int k = 0; k < RANK; k++) back += (double)y[row * RANK + k] * (double)components[k * P + j];
            assert_true(fabs(back - (double)x[row * P + j]) < 1e-5);
        }
    free(y);
    preprocess_free(&fitted);
    free(x);
}

/* The covariance of rows that are there thrice is that of the rows, and is found by the other matrix. */
static void test_both_matrices_agree(void **state) {
    (void)state;
    enum { ROWS = 20, COPIES = 3 };
    static const char *const steps[] = {"pca components=10", "whiten components=10 eps=0.01", "whiten method=zca"};
    real *x = low_rank(ROWS * COPIES, P, 30);
    for (int copy = 1; copy < COPIES; copy++) memcpy(x + copy * ROWS * P, x, ROWS * P * sizeof *x);
    for (int i = 0; i < 3; i++) {
        FittedPreprocess few = fitted_of(steps[i], ROWS, P, x), many = fitted_of(steps[i], ROWS * COPIES, P, x);
        const FittedTensor *a = fitted_tensor(&few, "components"), *b = fitted_tensor(&many, "components");
        assert_int_equal(fitted_tensor(&few, "deviation")->columns, ROWS - 1);
        assert_int_equal(fitted_tensor(&many, "deviation")->columns, ROWS - 1);
        for (int j = 0; j < a->rows * P; j++) assert_true(fabs((double)a->data[j] - (double)b->data[j]) < 2e-5);
        if (i > 0) { /* variances over n: the same */
            real *y = applied(&few, ROWS, x), *z = applied(&many, ROWS, x);
            for (int j = 0; j < ROWS * few.out; j++)
                assert_true(fabs((double)y[j] - (double)z[j]) < 1e-3 * fmax(1, fabs((double)y[j])));
            free(y);
            free(z);
        }
        preprocess_free(&few);
        preprocess_free(&many);
    }
    free(x);
}

static void test_whitened_covariance_is_one(void **state) {
    (void)state;
    enum { ROWS = 500, FEW = 6 };
    static const struct {
        const char *step;
        double divisor;
    } steps[] = {{"whiten eps=0", ROWS},
                 {"whiten eps=0 ddof=1", ROWS - 1},
                 {"whiten eps=0 components=3", ROWS},
                 {"whiten method=zca eps=0", ROWS},
                 {"whiten method=zca eps=0 ddof=1", ROWS - 1}};
    real *x = low_rank(ROWS, FEW, FEW);
    for (size_t i = 0; i < sizeof steps / sizeof steps[0]; i++) {
        FittedPreprocess fitted = fitted_of(steps[i].step, ROWS, FEW, x);
        real *y = applied(&fitted, ROWS, x);
        check_covariance(ROWS, fitted.out, y, steps[i].divisor, NULL, 2e-5);
        free(y);
        preprocess_free(&fitted);
    }
    free(x);
}

/* Of all whitenings zca's is the one that changes the rows least: its matrix is symmetric. */
static void test_zca_is_symmetric(void **state) {
    (void)state;
    enum { ROWS = 50, FEW = 5 };
    real *x = low_rank(ROWS, FEW, 3), unit[FEW * FEW] = {0};
    FittedPreprocess fitted = fitted_of("whiten method=zca eps=0.01", ROWS, FEW, x);
    const real *mean = fitted_get(&fitted, "mean");
    for (int i = 0; i < FEW * FEW; i++) unit[i] = mean[i % FEW] + (real)(i % (FEW + 1) == 0);
    real *w = applied(&fitted, FEW, unit);
    assert_false(fitted.no_image);
    for (int i = 0; i < FEW; i++)
        for (int j = 0; j < i; j++) assert_true(fabs((double)w[i * FEW + j] - (double)w[j * FEW + i]) < 1e-5);
    free(w);
    preprocess_free(&fitted);
    free(x);
}

/* x2 = -x1: the two entries of the component are as large, and rounding must not choose between them. */
static void test_signs(void **state) {
    (void)state;
    const real x[] = {1, -1, 2, -2, 3.5, -3.5, -7, 7};
    FittedPreprocess fitted = fitted_of("pca", 4, 2, x);
    const real *component = fitted_get(&fitted, "components");
    assert_int_equal(fitted.out, 1);
    assert_true(fabs((double)component[0] - sqrt(0.5)) < 1e-6 && fabs((double)component[1] + sqrt(0.5)) < 1e-6);
    preprocess_free(&fitted);
}

/* Deviations of 1 and 1e-4: products summed in float would lose the small one. */
static void test_small_directions_are_found(void **state) {
    (void)state;
    enum { ROWS = 1000 };
    real x[ROWS * 2];
    for (int i = 0; i < ROWS; i++) {
        x[2 * i] = i % 2 ? 1 : -1;
        x[2 * i + 1] = (real)(i % 4 < 2 ? 1e-4 : -1e-4);
    }
    FittedPreprocess fitted = fitted_of("whiten eps=0", ROWS, 2, x);
    real *y = applied(&fitted, ROWS, x);
    assert_int_equal(fitted.out, 2);
    for (int i = 0; i < 2 * ROWS; i++) assert_true(fabs(fabs((double)y[i]) - 1) < 1e-5);
    free(y);
    preprocess_free(&fitted);
}

/* Rows that span RANK directions at most, and one beside them: what does not vary in training comes out as 0, and where
 * it does, double arithmetic (Σ uᵢ uᵢᵀ (x - mean) / sqrt(varianceᵢ + eps)) is met to 1e-5 of the largest, whatever eps. */
static void check_zca_in_double(size_t rows, double eps) {
    enum { RANK = 7 };
    char step[64];
    real *x = low_rank(rows, P, RANK);
    snprintf(step, sizeof step, "whiten method=zca eps=%g", eps);
    FittedPreprocess fitted = fitted_of(step, rows, P, x);
    const FittedTensor *components = fitted_tensor(&fitted, "components");
    const real *mean = fitted_get(&fitted, "mean"), *deviation = fitted_get(&fitted, "deviation");
    double most = 0, worst = 0;
    for (int j = 0; j < P; j++) x[(rows - 1) * P + (size_t)j] += (real)(j % 3); /* beside the span */
    real *y = applied(&fitted, rows, x);
    for (size_t row = 0; row < rows; row++) {
        double wanted[P] = {0};
        for (int k = 0; k < components->rows; k++) {
            const real *u = components->data + k * P;
            double along = 0;
            for (int j = 0; j < P; j++) along += (double)u[j] * ((double)x[row * P + (size_t)j] - (double)mean[j]);
            for (int j = 0; j < P; j++)
                wanted[j] += (double)u[j] * along / sqrt((double)deviation[k] * (double)deviation[k] + eps);
        }
        for (int j = 0; j < P; j++) {
            most = fmax(most, fabs(wanted[j]));
            worst = fmax(worst, fabs((double)y[row * P + (size_t)j] - wanted[j]));
        }
    }
    if (!(worst < 1e-5 * most)) fail_msg("%zu rows, eps %g: off by %g of %g", rows, eps, worst, most);
    free(y);
    preprocess_free(&fitted);
    free(x);
}

static void test_zca_of_few_directions(void **state) {
    (void)state;
    static const double eps[] = {1e-2, 1e-5, 1e-8, 1e-10, 1e-12, 1e-14, 0};
    for (size_t i = 0; i < sizeof eps / sizeof eps[0]; i++) {
        check_zca_in_double(200, eps[i]);
        check_zca_in_double(20, eps[i]); /* fewer rows than inputs */
    }
}

/* Values whose squares no float holds, large and small. */
static void test_scale_does_not_matter(void **state) {
    (void)state;
    enum { ROWS = 20, FEW = 3 };
    static const double scales[] = {1, 0x1p66, 0x1p-80};
    static const char *const steps[] = {"whiten eps=0", "whiten method=zca eps=0"};
    real *x = low_rank(ROWS, FEW, FEW), scaled[ROWS * FEW];
    for (int i = 0; i < 2; i++) {
        FittedPreprocess one = fitted_of(steps[i], ROWS, FEW, x);
        real *wanted = applied(&one, ROWS, x);
        for (int k = 0; k < 3; k++) {
            for (int j = 0; j < ROWS * FEW; j++) scaled[j] = (real)((double)x[j] * scales[k]);
            FittedPreprocess other = fitted_of(steps[i], ROWS, FEW, scaled);
            real *got = applied(&other, ROWS, scaled);
            for (int j = 0; j < ROWS * FEW; j++) assert_true(fabs((double)got[j] - (double)wanted[j]) < 1e-5);
            for (int j = 0; j < FEW; j++)
                assert_true(fabs((double)fitted_get(&other, "deviation")[j] / scales[k] /
                                     (double)fitted_get(&one, "deviation")[j] -
                                 1) < 1e-6);
            free(got);
            preprocess_free(&other);
        }
        free(wanted);
        preprocess_free(&one);
    }
    free(x);
}

static void test_share_of_variance(void **state) {
    (void)state;
    enum { ROWS = 400, FEW = 8 };
    real *x = low_rank(ROWS, FEW, FEW);
    FittedPreprocess all = fitted_of("pca", ROWS, FEW, x);
    const real *deviation = fitted_get(&all, "deviation");
    double total = 0, sum = 0;
    for (int i = 0; i < FEW; i++) total += pow((double)deviation[i], 2);
    for (int i = 0; i < FEW - 1; i++) {
        char step[64];
        sum += pow((double)deviation[i], 2) / total;
        for (int side = -1; side <= 1; side += 2) {
            snprintf(step, sizeof step, "pca components=%.9f", sum + side * 1e-6);
            FittedPreprocess fitted = fitted_of(step, ROWS, FEW, x);
            assert_int_equal(fitted.out, i + 1 + (side > 0));
            assert_int_equal(fitted_tensor(&fitted, "deviation")->columns, FEW);
            preprocess_free(&fitted);
        }
    }
    preprocess_free(&all);
    free(x);
}

int main(void) {
    cmocka_set_message_output(CM_OUTPUT_TAP);
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_components),
        cmocka_unit_test(test_reconstruction),
        cmocka_unit_test(test_both_matrices_agree),
        cmocka_unit_test(test_whitened_covariance_is_one),
        cmocka_unit_test(test_zca_is_symmetric),
        cmocka_unit_test(test_signs),
        cmocka_unit_test(test_small_directions_are_found),
        cmocka_unit_test(test_zca_of_few_directions),
        cmocka_unit_test(test_scale_does_not_matter),
        cmocka_unit_test(test_share_of_variance),
    };
    return cmocka_run_group_tests_name("decompose", tests, NULL, NULL);
}
