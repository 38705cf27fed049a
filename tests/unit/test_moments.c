/* Quantiles against sorted columns; means and variances against two passes in double. */
#include "data/moments.h"

#include "base/random.h"
#include "data_files.h"

#include <math.h>

enum { ROWS = 1001, FEATURES = 300 };

static int by_value(const void *a, const void *b) {
    double x = (double)*(const real *)a, y = (double)*(const real *)b;
    return (x > y) - (x < y);
}

/* Of few values (many equal), ascending, descending, and at random, by column. */
static void fill(size_t rows, real *x) {
    Stream stream = random_stream(9, PURPOSE_TEST, 0, 0);
    for (size_t row = 0; row < rows; row++)
        for (size_t j = 0; j < FEATURES; j++) {
            double value = j % 4 == 0   ? random_below(&stream, 3)
                           : j % 4 == 1 ? (double)row
                           : j % 4 == 2 ? -(double)row
                                        : random_normal(&stream);
            x[row * FEATURES + j] = (real)value;
        }
}

static void quantiles_are_those_of_sorted_columns(void **state) {
    (void)state;
    static const double share[] = {0.5, 0, 1, 0.25, 0.333};
    enum { SHARES = 5 };
    static const size_t lengths[] = {1, 2, 3, 10, ROWS};
    real *x = malloc(ROWS * FEATURES * sizeof *x), sorted[ROWS];
    double *seen = malloc(FEATURES * SHARES * sizeof *seen);
    Error err = {0};
    Pool *pool = pool_create(2, &err);
    for (size_t l = 0; l < sizeof lengths / sizeof lengths[0]; l++) {
        size_t rows = lengths[l];
        fill(rows, x);
        assert_true(column_quantiles(pool, rows, FEATURES, x, SHARES, share, seen, &err));
        for (size_t j = 0; j < FEATURES; j++) {
            for (size_t row = 0; row < rows; row++) sorted[row] = x[row * FEATURES + j];
            qsort(sorted, rows, sizeof *sorted, by_value);
            for (size_t k = 0; k < SHARES; k++) {
                double at = share[k] * (double)(rows - 1), part = at - floor(at);
                size_t below = (size_t)at, above = below + 1 < rows ? below + 1 : below;
                double wanted = (double)sorted[below] + part * ((double)sorted[above] - (double)sorted[below]);
                assert_true(fabs(seen[j * SHARES + k] - wanted) <= 1e-12 * fabs(wanted));
            }
        }
    }
    pool_free(pool);
    free(x), free(seen);
}

static void moments_are_those_of_two_passes(void **state) {
    (void)state;
    real *x = malloc(ROWS * FEATURES * sizeof *x);
    double mean[FEATURES], variance[FEATURES];
    fill(ROWS, x);
    column_moments(ROWS, FEATURES, x, mean, variance);
    for (size_t j = 0; j < FEATURES; j++) {
        double sum = 0, squares = 0;
        for (size_t row = 0; row < ROWS; row++) sum += (double)x[row * FEATURES + j];
        for (size_t row = 0; row < ROWS; row++) {
            double distance = (double)x[row * FEATURES + j] - sum / ROWS;
            squares += distance * distance;
        }
        assert_true(fabs(mean[j] - sum / ROWS) < 1e-10 && fabs(variance[j] - squares / ROWS) < 1e-9 * (1 + squares));
    }
    free(x);
}

int main(void) {
    cmocka_set_message_output(CM_OUTPUT_TAP);
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(quantiles_are_those_of_sorted_columns),
        cmocka_unit_test(moments_are_those_of_two_passes),
    };
    return cmocka_run_group_tests_name("moments", tests, NULL, NULL);
}
