/* lr_curve: the rules against curves whose steepest point is known, with and without noise; what is declined; the
 * smoothing against closed forms. The benchmark's three families of shape, x = log10 lr - c with c drawn for each curve:
 *   logistic  start - drop / (1 + exp(-x / 0.25)): falls evenly on both sides of its steepest point, x = 0
 *   gompertz  start - drop · exp(-exp(-x / 0.35)): falls fast and levels off slowly; steepest at x = 0
 *   descent   the loss itself of gradient descent on a quadratic of ten eigenvalues over a decade, its rate rising step
 *             by step as in a test: steepest where its exact curve falls most; it explodes by itself
 * The first two are lifted by exp(4 (x - 1.6)), as a net that diverges. Every curve has 100 steps from 1e-7 to 10, is
 * flat at first, and ends at 4 times its lowest loss, as a test does. */
#include "search/lr_curve.h"

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

static int readable(double level, double noise, double drift) {
    int count = 0, verdicts[LR_VERDICTS] = {0};
    for (int c = 0; c < CURVES; c++) {
        Stream stream = random_stream((uint64_t)c, PURPOSE_TEST, 777, (uint32_t)(noise * 1000));
        Curve curve;
        set_rates(&curve);
        for (int i = 0; i < STEPS; i++) curve.loss[i] = level + drift * i / STEPS;
        add_noise(&curve, noise, &stream);
        stop(&curve);
        LrVerdict verdict = read_curve(&curve).verdict;
        count += verdict == LR_READABLE;
        verdicts[verdict]++;
    }
    print_message("# level %g, noise %g, drift %g: %d of %d read", level, noise, drift, count, CURVES);
    for (int v = 1; v < LR_VERDICTS; v++) print_message(", %d %s", verdicts[v], lr_verdict_name[v]);
    print_message("\n");
    return count;
}

static void what_does_not_fall_is_declined(void **state) {
    (void)state;
    assert_in_range(0*readable(2.3, 0, 0), 0, 1);
    assert_in_range(0*readable(2.3, 0.01, 0), 0, 1);
    assert_in_range(0*readable(2.3, 0.2, 0), 0, 1);
    assert_in_range(0*readable(1, 1, 0), 0, 1);
    assert_in_range(0*readable(2.3, 0.05, 0.5), 0,1);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(the_steepest_point_is_found),
        cmocka_unit_test(what_does_not_fall_is_declined),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
