/* lr_curve: see lr_curve.h. */
#include "search/lr_curve.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

const char *const lr_rule_name[LR_RULES] = {
    [LR_STEEPEST] = "steepest", [LR_VALLEY] = "valley", [LR_MINIMUM_TENTH] = "minimum_tenth", [LR_SLIDE] = "slide"};
const char *const lr_verdict_name[LR_VERDICTS] = {
    [LR_READABLE] = "readable", [LR_SHORT] = "short",           [LR_FLAT] = "flat",
    [LR_NOISY] = "noisy",       [LR_STILL_DOWN] = "still_down", [LR_FROM_START] = "from_start"};

static const double narrowest = 0.12, widest = 0.6, first_width = 0.3; /* decades */
static const double slope_noise = 0.1;                                 /* of the smoothed slope, in drops a decade */
static const double least_fall = 0.02;                                 /* of the loss at the start */
static const double most_noise = 0.5;                                  /* of the drop */
static const double least_score = 4;                        /* the steepest slope in its own standard deviations */
static const double least_rise = 0.25;                      /* of the drop, after the minimum */
static const double first_stretch = 0.5, edge = 0.3;        /* decades */
static const double slide_window = 0.15, slide_slope = 0.1; /* of the steps; drops a decade */
static const double valley_slope = 0.01;                    /* likewise */

/* What the reading works on. y: the losses, cut off above where they are part of the divergence. */
typedef struct Work {
    int n;
    double *smooth, *t, *y, *slope, *spread, *spare; /* [n] each; t = log10 lr */
    double gap;                                      /* decades from step to step */
    double start, drop;
    int minimum;
} Work;

/* ---- order ------------------------------------------------------------------------------------------- */

static int ascending(const void *a, const void *b) {
    double x = *(const double *)a, y = *(const double *)b;
    return (x > y) - (x < y);
}

double lr_curve_median(int n, double *values) {
    qsort(values, (size_t)n, sizeof *values, ascending);
    return n % 2 ? values[n / 2] : (values[n / 2 - 1] + values[n / 2]) / 2;
}

double lr_curve_recent(int n, const double *loss) {
    double last[LR_CURVE_RECENT];
    int count = n < LR_CURVE_RECENT ? n : LR_CURVE_RECENT;
    for (int i = 0; i < count; i++) {
        double value = loss[n - count + i];
        last[i] = isnan(value) ? INFINITY : value;
    }
    return lr_curve_median(count, last);
}

/* ---- smoothing --------------------------------------------------------------------------------------- */

double lr_curve_line(int n, const double *t, const double *y, double x, double width, double *slope, double *spread) {
    double s0 = 0, s1 = 0, s2 = 0, r0 = 0, r1 = 0, q0 = 0, q1 = 0, q2 = 0;
    for (int i = 0; i < n; i++) {
        double d = t[i] - x, u = d / width;
        if (fabs(u) > 4) continue;
        double w = exp(-0.5 * u * u);
        s0 += w, s1 += w * d, s2 += w * d * d;
        r0 += w * y[i], r1 += w * d * y[i];
        q0 += w * w, q1 += w * w * d, q2 += w * w * d * d;
    }
    double det = s0 * s2 - s1 * s1;
    *spread = sqrt(s0 * s0 * q2 - 2 * s0 * s1 * q1 + s1 * s1 * q0) / det;
    *slope = (s0 * r1 - s1 * r0) / det;
    return (s2 * r0 - s1 * r1) / det;
}

static void smooth(Work *work, double width) {
    int reach = (int)ceil(4 * width / work->gap) + 1;
    for (int i = 0; i < work->n; i++) {
        int first = i > reach ? i - reach : 0, last = i + reach < work->n ? i + reach + 1 : work->n;
        work->smooth[i] = lr_curve_line(last - first, work->t + first, work->y + first, work->t[i], width,
                                        &work->slope[i], &work->spread[i]);
    }
    work->minimum = 0;
    for (int i = 1; i < work->n; i++)
        if (work->smooth[i] < work->smooth[work->minimum]) work->minimum = i;
    work->drop = work->start - work->smooth[work->minimum];
}

/* A loss beyond the start by half the drop is divergence, however large: it must not weigh on the falling part. */
static void cut_off(Work *work, const double *loss, double limit) {
    for (int i = 0; i < work->n; i++) work->y[i] = loss[i] < limit ? loss[i] : limit;
}

/* Where the loss begins to fall. */
static int begin_of_fall(const Work *work) {
    int i = 0;
    while (i < work->minimum && work->smooth[i] > work->start - 0.1 * work->drop) i++;
    return i;
}

/* The standard deviation of steps first … end-1 about the curve, by the median of what a step lies off the line of
 * its neighbours, which few outliers move. */
static double noise_between(const Work *work, const double *loss, int first, int end) {
    int count = 0;
    for (int i = first + 1; i + 1 < end; i++) work->spare[count++] = fabs(loss[i] - (loss[i - 1] + loss[i + 1]) / 2);
    return count ? 1.4826 * lr_curve_median(count, work->spare) / sqrt(1.5) : 0;
}

/* Of the falling part, or of all before the minimum where that is more: few steps tell it badly. */
static double noise_of_fall(const Work *work, const double *loss) {
    int end = work->minimum + 1, first = begin_of_fall(work) - (int)ceil(first_stretch / work->gap);
    if (first < 0) first = 0;
    while (end - first < LR_CURVE_FEWEST && (first > 0 || end < work->n)) {
        if (first > 0) first--;
        if (end < work->n) end++;
    }
    return fmax(noise_between(work, loss, first, end), noise_between(work, loss, 0, end));
}

/* In the middle of many steps the variance of a local line's slope is noise² gap / (4 sqrt(pi) width³). */
static double width_for(const Work *work, double noise) {
    double wanted = slope_noise * work->drop;
    double width = cbrt(noise * noise * work->gap / (4 * sqrt(M_PI) * wanted * wanted));
    return width < narrowest ? narrowest : width < widest ? width : widest;
}

/* ---- the rules --------------------------------------------------------------------------------------- */

static int steepest(const Work *work) {
    int best = 0;
    for (int i = 1; i <= work->minimum; i++)
        if (work->slope[i] < work->slope[best]) best = i;
    return best;
}

static double valley(const Work *work) {
    int longest = 0, begin = 0, first = 0;
    for (int i = 1; i < work->n; i++) {
        if (work->smooth[i - 1] - work->smooth[i] < valley_slope * work->drop * work->gap) first = i;
        if (i - first > longest) longest = i - first, begin = first;
    }
    return work->t[begin] + longest * work->gap / 2;
}

static double slide(const Work *work) {
    int window = (int)fmax(1, round(slide_window * work->n)), right = work->minimum, left = right - window;
    while (left > 0 && fabs(work->slope[right] - work->slope[left]) > slide_slope * work->drop) right--, left--;
    return work->t[left > 0 ? left : 0];
}

static void apply_rules(const Work *work, double *rule) {
    rule[LR_STEEPEST] = pow(10, work->t[steepest(work)]);
    rule[LR_VALLEY] = pow(10, valley(work));
    rule[LR_MINIMUM_TENTH] = pow(10, work->t[work->minimum] - 1);
    rule[LR_SLIDE] = pow(10, slide(work));
}

/* ---- reading ----------------------------------------------------------------------------------------- */

/* Behind the minimum; a net whose units have died ends on a plateau, however high its loss was before. */
static bool rises_again(const Work *work) {
    double lowest = work->smooth[work->minimum];
    for (int i = work->minimum + 1; i < work->n; i++)
        if (work->smooth[i] - lowest >= least_rise * work->drop) return true;
    return false;
}

/* Order matters: a curve that is flat has noise beyond its drop too. */
static LrVerdict judge(const Work *work, const LrReading *reading, bool diverged) {
    int at = steepest(work);
    if (!(work->drop > least_fall * fabs(work->start))) return LR_FLAT;
    if (reading->noise > most_noise * work->drop ||
        -work->slope[at] < least_score * reading->noise * work->spread[at])
        return LR_NOISY;
    if (work->t[at] - work->t[0] < edge) return LR_FROM_START;
    return diverged || rises_again(work) ? LR_READABLE : LR_STILL_DOWN;
}

static Work begin(int n, const double *lr, const double *loss, double *smooth, double *scratch) {
    Work work = {.smooth = smooth,
                 .t = scratch,
                 .y = scratch + n,
                 .slope = scratch + 2 * n,
                 .spread = scratch + 3 * n,
                 .spare = scratch + 4 * n};
    while (work.n < n && isfinite(loss[work.n])) work.n++;
    for (int i = 0; i < n; i++) smooth[i] = NAN;
    for (int i = 0; i < work.n; i++) work.t[i] = log10(lr[i]);
    return work;
}

/* The median of the first half decade. */
static double start_of(const Work *work, const double *loss) {
    int count = 0;
    while (count < work->n && work->t[count] <= work->t[0] + first_stretch) work->spare[count] = loss[count], count++;
    return lr_curve_median(count, work->spare);
}

LrReading lr_curve_read(int n, const double *lr, const double *loss, bool diverged, double *smooth_out,
                        double *scratch) {
    Work work = begin(n, lr, loss, smooth_out, scratch);
    LrReading reading = {
        .verdict = LR_SHORT, .steps = work.n, .start = NAN, .lowest = NAN, .noise = NAN, .width = NAN};
    for (int r = 0; r < LR_RULES; r++) reading.rule[r] = NAN;
    if (work.n < LR_CURVE_FEWEST) return reading;
    work.gap = (work.t[work.n - 1] - work.t[0]) / (work.n - 1);
    work.start = start_of(&work, loss);
    cut_off(&work, loss, work.start);
    smooth(&work, first_width);
    double noise = noise_of_fall(&work, loss);
    cut_off(&work, loss, work.start + 0.5 * work.drop + 2 * noise);
    smooth(&work, reading.width = width_for(&work, noise));
    reading.start = work.start;
    reading.lowest = work.smooth[work.minimum];
    reading.noise = noise;
    reading.verdict = judge(&work, &reading, diverged || work.n < n);
    if (reading.verdict == LR_READABLE) apply_rules(&work, reading.rule);
    return reading;
}
