/* test_reduce: every reduction against plain loops in long double, at lengths around the lanes and blocks;
 * the order of the additions against bits written down here. */
#include "base/random.h"
#include "base/reduce.h"

#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

enum { MOST = 5000 };
static const size_t lengths[] = {0, 1, 2, 15, 16, 17, 31, 63, 64, 65, 255, 256, 257, 271, 272, 512, 1000, MOST};
enum { LENGTHS = sizeof lengths / sizeof lengths[0] };

static real x[MOST], y[MOST];

static void fill(real centre) {
    Stream stream = random_stream(1, PURPOSE_TEST, 0, 0);
    for (int i = 0; i < MOST; i++) {
        x[i] = centre + (real)random_normal(&stream);
        y[i] = (real)random_normal(&stream);
    }
}

static void assert_near(double seen, long double expected, long double scale) {
    if (!(fabsl(seen - expected) <= 1e-6L * scale)) fail_msg("%.17g is not %.17Lg", seen, expected);
}

static void sums_are_those_of_a_plain_loop(void **state) {
    (void)state;
    fill(0);
    for (int k = 0; k < LENGTHS; k++) {
        long double sum = 0, squares = 0, sizes = 0, dot = 0, dot_size = 0;
        for (size_t i = 0; i < lengths[k]; i++) {
            sum += x[i];
            squares += (long double)x[i] * x[i];
            sizes += fabsl(x[i]);
            dot += (long double)x[i] * y[i];
            dot_size += fabsl((long double)x[i] * y[i]);
        }
        assert_near(reduce_sum(lengths[k], x), sum, sizes);
        assert_near(reduce_sum_squares(lengths[k], x), squares, squares);
        assert_near(reduce_sum_abs(lengths[k], x), sizes, sizes);
        assert_near(reduce_dot(lengths[k], x, y), dot, dot_size);
    }
}

static void moments_survive_a_large_mean(void **state) {
    (void)state;
    static const real centres[] = {0, 10, 1000};
    for (int c = 0; c < 3; c++) {
        fill(centres[c]);
        for (int k = 1; k < LENGTHS; k++) {
            long double mean = 0, variance = 0;
            double seen_mean, seen_variance;
            for (size_t i = 0; i < lengths[k]; i++) mean += x[i];
            mean /= lengths[k];
            for (size_t i = 0; i < lengths[k]; i++) variance += (x[i] - mean) * (x[i] - mean);
            variance /= lengths[k];
            reduce_moments(lengths[k], x, &seen_mean, &seen_variance);
            assert_near(seen_mean, mean, 1);
            assert_near(seen_variance, variance, 2);
            assert_true(seen_variance >= 0);
        }
    }
    double mean, variance;
    for (int i = 0; i < MOST; i++) x[i] = (real)0.1;
    reduce_moments(MOST, x, &mean, &variance);
    assert_true(mean == (double)(real)0.1 && variance == 0);
}

/* Sixteen lanes, then halves, quarters …: any other order gives other bits. */
static void the_order_is_fixed(void **state) {
    (void)state;
    for (int i = 0; i < MOST; i++) {
        x[i] = (real)((i * 7919) % 1000) / 999 - (real)0.3;
        y[i] = (real)ldexp((double)x[i], i * 31 % 41 - 20); /* of many sizes: even sums in double round */
    }
    double mean, variance;
    reduce_moments(1000, x, &mean, &variance);
    const double seen[] = {reduce_sum(1000, x), reduce_sum_squares(MOST, x), reduce_sum_abs(777, x), mean, variance,
                           reduce_sum(100, y),  reduce_sum(MOST, y)};
    static const double expected[] = {0x1.8ffffee800000p+7, 0x1.34c01a7a00000p+9, 0x1.c246e17980000p+7,
                                      0x1.999997fced917p-3, 0x1.560445b22d0e5p-4, 0x1.1ecb0866c0800p+18,
                                      0x1.6fb4a5d0d3000p+25};
    for (int i = 0; i < 7; i++)
        if (seen[i] != expected[i]) fail_msg("number %d is %a, not %a", i, seen[i], expected[i]);
}

/* Squares of which no float is large or small enough, and what lies between. */
static void no_size_is_too_large_or_small(void **state) {
    (void)state;
    static const double sizes[] = {1e-44, 1e-38, 1e-30, 1e-25, 1e-20, 1e-19, 1e-18, 1, 1e18, 1e19, 1e25, 1e38};
    static const size_t counts[] = {1, 2, 17, 300, MOST};
    for (size_t s = 0; s < sizeof sizes / sizeof sizes[0]; s++)
        for (size_t k = 0; k < sizeof counts / sizeof counts[0]; k++) {
            size_t n = counts[k];
            for (size_t i = 0; i < n; i++) x[i] = (real)(sizes[s] * (1 + (double)(i % 7) / 7));
            long double sum = 0, squares = 0, spread = 0;
            double mean, variance;
            for (size_t i = 0; i < n; i++) sum += x[i], squares += (long double)x[i] * x[i];
            for (size_t i = 0; i < n; i++) spread += (x[i] - sum / n) * (x[i] - sum / n);
            assert_near(reduce_sum(n, x), sum, sum);
            assert_near(reduce_sum_abs(n, x), sum, sum);
            assert_near(reduce_sum_squares(n, x), squares, squares);
            assert_near(reduce_dot(n, x, x), squares, squares);
            reduce_moments(n, x, &mean, &variance);
            assert_near(mean, sum / n, sum / n);
            assert_near(variance, spread / n, spread / n + squares / n * 1e-7L);
        }
}

static void alignment_does_not_matter(void **state) {
    (void)state;
    _Alignas(64) static real copy[MOST + 16];
    fill(1);
    for (int k = 0; k < LENGTHS; k++)
        for (int shift = 0; shift < 16; shift++) {
            memcpy(copy + shift, x, lengths[k] * sizeof *x);
            assert_true(reduce_sum(lengths[k], copy + shift) == reduce_sum(lengths[k], x));
            assert_true(reduce_dot(lengths[k], copy + shift, y) == reduce_dot(lengths[k], x, y));
        }
}

static void ranges_leave_nan_out(void **state) {
    (void)state;
    double low, high;
    for (int k = 1; k < LENGTHS; k++)
        for (size_t at = 0; at < lengths[k]; at += 1 + lengths[k] / 7) {
            for (int i = 0; i < MOST; i++) x[i] = (real)NAN;
            x[at] = -3;
            reduce_range(lengths[k], x, &low, &high);
            assert_true(low == -3 && high == -3);
            x[lengths[k] - 1 - at] = 5;
            reduce_range(lengths[k], x, &low, &high);
            assert_true(high == 5 && low == (2 * at + 1 == lengths[k] ? 5 : -3));
        }
    x[2] = INFINITY, x[3] = -INFINITY;
    reduce_range(20, x, &low, &high);
    assert_true(low == -INFINITY && high == INFINITY);
    for (int i = 0; i < MOST; i++) x[i] = (real)NAN;
    reduce_range(MOST, x, &low, &high);
    assert_true(isnan(low) && isnan(high));
    reduce_range(0, x, &low, &high);
    assert_true(isnan(low) && isnan(high));
}

static void infinity_alone_is_a_range(void **state) {
    (void)state;
    const real plus[] = {INFINITY, (real)NAN}, minus[] = {-INFINITY, (real)NAN};
    double low, high;
    reduce_range(2, plus, &low, &high);
    assert_true(low == INFINITY && high == INFINITY);
    reduce_range(2, minus, &low, &high);
    assert_true(low == -INFINITY && high == -INFINITY);
}

static void the_first_not_finite_is_found(void **state) {
    (void)state;
    static const double bad[] = {NAN, INFINITY, -INFINITY};
    fill(0);
    x[0] = (real)(sizeof(real) == 4 ? 3e38 : 1e308);
    assert_int_equal(reduce_first_not_finite(MOST, x), MOST);
    assert_int_equal(reduce_first_not_finite(0, x), 0);
    static const size_t places[] = {0, 1, 255, 256, 300, MOST - 1};
    for (int p = 0; p < 6; p++)
        for (int b = 0; b < 3; b++) {
            real before = x[places[p]];
            x[places[p]] = (real)bad[b];
            assert_int_equal(reduce_first_not_finite(MOST, x), places[p]);
            assert_int_equal(reduce_first_not_finite(places[p], x), places[p]);
            x[places[p]] = before;
        }
}

static void zeros_are_counted(void **state) {
    (void)state;
    for (int i = 0; i < MOST; i++) x[i] = i % 3 == 0 ? 0 : i % 3 == 1 ? (real)-0.0 : (real)1e-30;
    x[2] = (real)NAN;
    for (int k = 0; k < LENGTHS; k++) assert_int_equal(reduce_count_zero(lengths[k], x), lengths[k] - lengths[k] / 3);
}

static void nan_and_infinity_show_in_sums(void **state) {
    (void)state;
    fill(0);
    x[MOST - 1] = INFINITY;
    assert_true(reduce_sum(MOST, x) == INFINITY && reduce_sum_squares(MOST, x) == INFINITY);
    x[3] = (real)NAN;
    double mean, variance;
    reduce_moments(MOST, x, &mean, &variance);
    assert_true(isnan(reduce_sum(MOST, x)) && isnan(reduce_sum_abs(MOST, x)) && isnan(mean) && isnan(variance));
}

int main(void) {
    cmocka_set_message_output(CM_OUTPUT_TAP);
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(sums_are_those_of_a_plain_loop),
        cmocka_unit_test(moments_survive_a_large_mean),
        cmocka_unit_test(the_order_is_fixed),
        cmocka_unit_test(no_size_is_too_large_or_small),
        cmocka_unit_test(alignment_does_not_matter),
        cmocka_unit_test(ranges_leave_nan_out),
        cmocka_unit_test(infinity_alone_is_a_range),
        cmocka_unit_test(the_first_not_finite_is_found),
        cmocka_unit_test(zeros_are_counted),
        cmocka_unit_test(nan_and_infinity_show_in_sums),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
