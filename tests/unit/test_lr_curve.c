/* lr_curve: the rules against curves whose steepest point is known, with and without noise; what is declined; its
 * parts against closed forms; the walk over the short runs. The benchmark's three families of shape, x = log10 lr - c with c drawn for each curve:
 *   logistic  start - drop / (1 + exp(-x / 0.25)): falls evenly on both sides of its steepest point, x = 0
 *   gompertz  start - drop · exp(-exp(-x / 0.35)): falls fast and levels off slowly; steepest at x = 0
 *   descent   the loss itself of gradient descent on a quadratic of ten eigenvalues over a decade, its rate rising step
 *             by step as in a test: steepest where its exact curve falls most; it explodes by itself
 * The first two are lifted by 0.01 exp(4 (x - 1)), as a net that diverges. Every curve has 100 steps from 1e-7 to 10, is
 * flat at first, and ends at 4 times its lowest loss, as a test does. */
#include "search/range_test.h"

#include "base/random.h"

#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>

#include <cmocka.h>

enum { STEPS = 100, CURVES = 200, EIGENVALUES = 10 };
static const double low = -7, high = 1; /* log10 of the rates */

typedef struct Curve {
    int n;
    double lr[STEPS], loss[STEPS], smooth[STEPS], steepest; /* log10 of the rate */
    bool diverged;
} Curve;

typedef struct Shape {
    const char *name;
    double (*loss)(double x); /* drop 1, start 1.2; NULL: descent */
} Shape;

static double rise(double x) { return 0.01 * exp(4 * (x - 1)); }
static double logistic(double x) { return 1.2 - 1 / (1 + exp(-x / 0.25)) + rise(x); }
static double gompertz(double x) { return 1.2 - exp(-exp(-x / 0.35)) + rise(x); }

static void set_rates(Curve *curve) {
    curve->n = STEPS;
    for (int i = 0; i < STEPS; i++) curve->lr[i] = pow(10, low + (high - low) * i / (STEPS - 1));
}

static double position(const Curve *curve, int i) { return log10(curve->lr[i]); }

static void follow(Curve *curve, double (*loss)(double x), double c) {
    for (int i = 0; i < STEPS; i++) curve->loss[i] = loss(position(curve, i) - c);
    curve->steepest = c;
}

/* x_k(t+1) = x_k(t) (1 - lr lambda_k); loss 0.2 + the mean of lambda x² over its start. */
static void descend(Curve *curve, double c) {
    double x[EIGENVALUES], most = 0;
    for (int k = 0; k < EIGENVALUES; k++) x[k] = 1;
    for (int i = 0; i < STEPS; i++) {
        double sum = 0, all = 0;
        for (int k = 0; k < EIGENVALUES; k++) {
            double lambda = pow(10, -c - 1 + k / (EIGENVALUES - 1.0));
            sum += lambda * x[k] * x[k], all += lambda;
            x[k] *= 1 - curve->lr[i] * lambda;
        }
        curve->loss[i] = 0.2 + sum / all;
        if (i > 0 && curve->loss[i - 1] - curve->loss[i] > most) {
            most = curve->loss[i - 1] - curve->loss[i];
            curve->steepest = (position(curve, i - 1) + position(curve, i)) / 2;
        }
    }
}

static void add_noise(Curve *curve, double deviation, Stream *stream) {
    for (int i = 0; i < curve->n; i++) curve->loss[i] += deviation * random_normal(stream);
}

/* As a range test ends: at 4 times the lowest recent loss. */
static void stop(Curve *curve) {
    double lowest = INFINITY;
    curve->diverged = false;
    for (int i = 1; i <= curve->n; i++) {
        double recent = lr_curve_recent(i, curve->loss);
        if (recent < lowest) lowest = recent;
        if (i < LR_CURVE_RECENT || recent <= 4 * lowest) continue;
        curve->n = i, curve->diverged = true;
    }
}

static LrReading read_curve(Curve *curve) {
    static double scratch[LR_CURVE_SCRATCH * STEPS];
    return lr_curve_read(curve->n, curve->lr, curve->loss, curve->diverged, curve->smooth, scratch);
}

typedef struct Bench {
    int declined;
    double median, nine_in_ten; /* of the distances, declined ones infinite, in decades */
} Bench;

static Bench measure(const Shape *shape, double noise) {
    double off[CURVES];
    Bench bench = {0};
    for (int c = 0; c < CURVES; c++) {
        Stream stream = random_stream((uint64_t)c, PURPOSE_TEST, (uint32_t)(noise * 100), 0);
        double middle = -3.5 + 2 * random_uniform(&stream);
        Curve curve;
        set_rates(&curve);
        if (shape->loss) follow(&curve, shape->loss, middle);
        else descend(&curve, middle);
        add_noise(&curve, noise, &stream);
        stop(&curve);
        LrReading reading = read_curve(&curve);
        off[c] = reading.verdict == LR_READABLE ? fabs(log10(reading.rule[LR_STEEPEST]) - curve.steepest) : INFINITY;
        bench.declined += reading.verdict != LR_READABLE;
    }
    bench.median = lr_curve_median(CURVES, off);
    bench.nine_in_ten = off[CURVES * 9 / 10 - 1];
    return bench;
}

static void the_steepest_point_is_found(void **state) {
    (void)state;
    static const Shape shapes[] = {{"logistic", logistic}, {"gompertz", gompertz}, {"descent", NULL}};
    static const double noises[] = {0, 0.05, 0.2};
    for (size_t s = 0; s < 3; s++)
        for (size_t k = 0; k < 3; k++) {
            Bench bench = measure(&shapes[s], noises[k]);
            print_message("# %s, noise %g of the drop: median %.3f, nine in ten %.3f decades, %d of %d declined\n",
                          shapes[s].name, noises[k], bench.median, bench.nine_in_ten, bench.declined, CURVES);
            assert_true(bench.median <= 0.3);
            assert_true(bench.nine_in_ten <= 0.7);
        }
}

/* ---- what is declined ---------------------------------------------------------------------------------- */

/* How many of the curves of `level` and noise alone are read. */
static int readable(double level, double noise, double drift) {
    int count = 0;
    for (int c = 0; c < CURVES; c++) {
        Stream stream = random_stream((uint64_t)c, PURPOSE_TEST, 777, (uint32_t)(noise * 1000));
        Curve curve;
        set_rates(&curve);
        for (int i = 0; i < STEPS; i++) curve.loss[i] = level + drift * i / STEPS;
        add_noise(&curve, noise, &stream);
        stop(&curve);
        count += read_curve(&curve).verdict == LR_READABLE;
    }
    print_message("# level %g, noise %g, drift %g: %d of %d read\n", level, noise, drift, count, CURVES);
    return count;
}

static void what_does_not_fall_is_declined(void **state) {
    (void)state;
    assert_int_equal(readable(2.3, 0, 0), 0);
    assert_int_equal(readable(2.3, 0.01, 0), 0);
    assert_int_equal(readable(2.3, 0.05, 0.5), 0);
    assert_true(readable(2.3, 0.2, 0) <= 1);
    assert_true(readable(1, 1, 0) <= 2);
}

/* The verdict on a logistic fall about c, its steps from low to high, cut to n and lifted or not. */
static LrVerdict verdict(double c, int n, double drop, bool lifted, bool diverged, LrReading *reading) {
    Curve curve = {.diverged = diverged};
    set_rates(&curve);
    curve.n = n;
    for (int i = 0; i < STEPS; i++) {
        double x = position(&curve, i) - c;
        curve.loss[i] = 1.2 - drop / (1 + exp(-x / 0.25)) + (lifted ? fmin(rise(x), 3) : 0);
    }
    *reading = read_curve(&curve);
    return reading->verdict;
}

static void a_curve_that_misses_a_part_is_declined_for_it(void **state) {
    (void)state;
    LrReading reading;
    assert_int_equal(verdict(-3, STEPS, 1, true, false, &reading), LR_READABLE);
    assert_int_equal(verdict(-3, STEPS, 1, false, false, &reading), LR_STILL_DOWN);
    for (int r = 0; r < LR_RULES; r++) assert_true(isnan(reading.rule[r]));
    assert_int_equal(verdict(-3, STEPS, 1, false, true, &reading), LR_READABLE);
    assert_int_equal(verdict(-7, STEPS, 1, true, false, &reading), LR_FROM_START);
    assert_int_equal(verdict(-3, STEPS, 0.03, false, true, &reading), LR_READABLE);
    assert_int_equal(verdict(-3, STEPS, 0.02, false, true, &reading), LR_FLAT);
    assert_int_equal(verdict(-3, LR_CURVE_FEWEST - 1, 1, true, true, &reading), LR_SHORT);
    assert_int_equal(reading.steps, LR_CURVE_FEWEST - 1);
}

static void losses_behind_one_that_is_not_finite_are_not_read(void **state) {
    (void)state;
    Curve curve = {.diverged = false};
    set_rates(&curve);
    follow(&curve, logistic, -3);
    curve.loss[70] = NAN;
    for (int i = 71; i < STEPS; i++) curve.loss[i] = -1e9;
    LrReading reading = read_curve(&curve);
    assert_int_equal(reading.steps, 70);
    assert_int_equal(reading.verdict, LR_READABLE); /* not finite is diverged */
    assert_true(isfinite(curve.smooth[69]) && isnan(curve.smooth[70]) && isnan(curve.smooth[99]));
    assert_true(fabs(log10(reading.rule[LR_STEEPEST]) + 3) < 0.1);
}

/* Without noise: logistic about -3, lifted so that its minimum is at x = 1.03 or so. */
static void the_other_rules_are_where_they_should_be(void **state) {
    (void)state;
    LrReading reading;
    verdict(-3, STEPS, 1, true, false, &reading);
    double at[LR_RULES], lowest = INFINITY, minimum = 0;
    for (int r = 0; r < LR_RULES; r++) at[r] = log10(reading.rule[r]);
    for (double x = 0; x < 3; x += 0.001)
        if (logistic(x) < lowest) lowest = logistic(x), minimum = x;
    assert_true(fabs(at[LR_STEEPEST] + 3) < 0.05);
    assert_true(fabs(at[LR_MINIMUM_TENTH] - (-3 + minimum - 1)) < 0.1);
    /* falls by a hundredth of the drop a decade from x = 0.25 ln(0.01 / 4) on */
    assert_true(fabs(at[LR_VALLEY] - (-3 + (0.25 * log(0.01 * 0.25) + minimum) / 2)) < 0.2);
    assert_true(at[LR_SLIDE] < at[LR_STEEPEST] && at[LR_SLIDE] > -6);
}

/* ---- its parts ----------------------------------------------------------------------------------------- */

static void a_line_is_smoothed_to_itself(void **state) {
    (void)state;
    double t[9], y[9], slope, spread;
    for (int i = 0; i < 9; i++) t[i] = 0.1 * i, y[i] = 3 - 2 * t[i];
    for (int i = 0; i < 9; i++) { /* at its ends too */
        assert_true(fabs(lr_curve_line(9, t, y, t[i], 0.2, &slope, &spread) - y[i]) < 1e-12);
        assert_true(fabs(slope + 2) < 1e-12);
    }
}

/* Least squares of three points, weights e, 1, e for e = exp(-1/2): slope (y2 - y0) / 2, variance 1/2. */
static void the_slope_has_its_standard_deviation(void **state) {
    (void)state;
    double t[] = {-1, 0, 1}, y[] = {1, 5, 2}, slope, spread, e = exp(-0.5);
    double value = lr_curve_line(3, t, y, 0, 1, &slope, &spread);
    assert_true(fabs(value - (e * 1 + 5 + e * 2) / (1 + 2 * e)) < 1e-12);
    assert_true(fabs(slope - 0.5) < 1e-12);
    assert_true(fabs(spread - sqrt(0.5)) < 1e-12);
}

static void recent_losses_are_judged_by_their_median(void **state) {
    (void)state;
    double loss[] = {9, 1, 2, 100, 3, 2, NAN, NAN, NAN};
    assert_true(lr_curve_recent(1, loss) == 9);
    assert_true(lr_curve_recent(2, loss) == 5);
    assert_true(lr_curve_recent(5, loss) == 3);
    assert_true(lr_curve_recent(6, loss) == 2);
    assert_true(isinf(lr_curve_recent(9, loss)));
}

/* Where the walk goes after `n` rates of three seeds each; INFINITY: diverged. */
static int way(int n, double loss[][3]) {
    RangeRate rate[4] = {{0}};
    for (int r = 0; r < n; r++) {
        double sorted[3] = {loss[r][0], loss[r][1], loss[r][2]};
        rate[r].runs = 3;
        rate[r].loss = lr_curve_median(3, sorted);
        for (int i = 0; i < 3; i++)
            rate[r].run[i] =
                (LrRun){.val_loss = loss[r][i], .status = isinf(loss[r][i]) ? RUN_DIVERGED : RUN_FINISHED};
    }
    return range_walk(n, rate);
}

static void the_walk_goes_on_while_the_best_is_outermost(void **state) {
    (void)state;
    double off = INFINITY;
    assert_int_equal(way(3, (double[][3]){{3, 3, 3}, {1, 1, 1}, {2, 2, 2}}), 0);
    assert_int_equal(way(3, (double[][3]){{1, 1, 1}, {2, 2, 2}, {3, 3, 3}}), -1);
    assert_int_equal(way(3, (double[][3]){{3, 3, 3}, {2, 2, 2}, {1, 1, 1}}), 1);
    assert_int_equal(way(4, (double[][3]){{3, 3, 3}, {2, 2, 2}, {1, 1, 1}, {off, off, off}}), 0);
    assert_int_equal(way(3, (double[][3]){{off, off, off}, {off, off, off}, {off, off, off}}), -1);
    assert_int_equal(way(3, (double[][3]){{1, 1, 1}, {off, off, off}, {off, off, off}}), -1);
    assert_int_equal(way(1, (double[][3]){{1, 1, 1}}), -1);
}

/* By seed: each seed's runs share their order and initial draws. */
static void the_walk_goes_on_past_a_rate_that_is_worse_for_some_seeds_alone(void **state) {
    (void)state;
    double off = INFINITY;
    assert_int_equal(way(3, (double[][3]){{9, 9, 9}, {1, 2, 5}, {2, 3, 4}}), 1);
    assert_int_equal(way(3, (double[][3]){{9, 9, 9}, {1, 2, 5}, {2, 3, 5.1}}), 0);
    assert_int_equal(way(3, (double[][3]){{2, 3, 4}, {1, 2, 5}, {9, 9, 9}}), -1);
    assert_int_equal(way(3, (double[][3]){{2, 3, 4}, {1, 2, 5}, {2, 3, 4}}), 1);
    assert_int_equal(way(3, (double[][3]){{9, 9, off}, {1, 2, off}, {2, 3, off}}), 0);
    assert_int_equal(way(3, (double[][3]){{9, 9, 9}, {1, 2, 5}, {off, off, 4}}), 0); /* diverges mostly */
}

static void rates_have_three_digits(void **state) {
    (void)state;
    assert_true(range_round(0.0178949) == 0.0179);
    assert_true(range_round(1.23456e-5) == 1.23e-5);
    assert_true(range_round(9.999) == 10);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(the_steepest_point_is_found),
        cmocka_unit_test(what_does_not_fall_is_declined),
        cmocka_unit_test(a_curve_that_misses_a_part_is_declined_for_it),
        cmocka_unit_test(losses_behind_one_that_is_not_finite_are_not_read),
        cmocka_unit_test(the_other_rules_are_where_they_should_be),
        cmocka_unit_test(a_line_is_smoothed_to_itself),
        cmocka_unit_test(the_slope_has_its_standard_deviation),
        cmocka_unit_test(recent_losses_are_judged_by_their_median),
        cmocka_unit_test(the_walk_goes_on_while_the_best_is_outermost),
        cmocka_unit_test(the_walk_goes_on_past_a_rate_that_is_worse_for_some_seeds_alone),
        cmocka_unit_test(rates_have_three_digits),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
