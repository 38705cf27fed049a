/* lr_curve: what the curve of a learning-rate range test says: its smoothing, its slope against log lr, the rules
 * that people read it by, and whether it can be read at all. Pure functions of two arrays: knows no nets, no files.
 *
 * Smoothing is a local line with Gaussian weights, centred: it has no lag, and none at the ends either. Its width
 * follows the noise of the falling part, so that noise moves the slope by about a tenth of the drop a decade. */
#ifndef NNEXP_SEARCH_LR_CURVE_H
#define NNEXP_SEARCH_LR_CURVE_H

#include <stdbool.h>

enum { LR_CURVE_FEWEST = 20 /* steps that make a curve */, LR_CURVE_RECENT = 5, LR_CURVE_SCRATCH = 5 };

/* The rules, all read off the smoothed curve before its minimum. */
typedef enum LrRule {
    LR_STEEPEST, /* the most negative slope against log lr: where the suggestion starts from */
    LR_VALLEY,   /* the middle of the longest stretch that falls, everywhere by a hundredth of the drop a decade */
    LR_MINIMUM_TENTH, /* a tenth of the rate of the minimum */
    LR_SLIDE, /* the left end of a window of 15 % of the sweep, slid down from the minimum until the slopes at its
                         two ends differ by at most a tenth of the drop a decade */
    LR_RULES
} LrRule;
extern const char *const lr_rule_name[LR_RULES];

typedef enum LrVerdict {
    LR_READABLE,
    LR_SHORT,      /* fewer than LR_CURVE_FEWEST steps before it diverged */
    LR_FLAT,       /* falls by less than a fiftieth of the loss at its start */
    LR_NOISY,      /* its fall does not stand out of its noise */
    LR_STILL_DOWN, /* has not risen again at its end */
    LR_FROM_START, /* falls fastest at its very beginning */
    LR_VERDICTS
} LrVerdict;
extern const char *const lr_verdict_name[LR_VERDICTS];

typedef struct LrReading {
    LrVerdict verdict;
    int steps;             /* that are read: all before the first loss that is not finite */
    double start, lowest;  /* smoothed loss in the first half decade, and at its minimum */
    double noise;          /* standard deviation of a step's loss about the curve, in the falling part */
    double width;          /* of the smoothing: standard deviation of its weights in decades */
    double rule[LR_RULES]; /* rates; nan unless the curve is readable */
} LrReading;

/* Reads loss[n] at rising rates lr[n], spaced evenly in log lr. `diverged`: the test ended because the loss went off.
 * smooth[n] gets the smoothed losses (nan behind the steps that are read); scratch has room for LR_CURVE_SCRATCH ·
 * n. */
LrReading lr_curve_read(int n, const double *lr, const double *loss, bool diverged, double *smooth, double *scratch);

/* The local line at log10 rate x through (t[n], y[n]): its value, its slope a decade, and the slope's standard
 * deviation for independent errors of y of 1. */
double lr_curve_line(int n, const double *t, const double *y, double x, double width, double *slope, double *spread);

/* The median of the last LR_CURVE_RECENT of loss[n] (of all when there are fewer): what ends a test when it exceeds
 * some multiple of its own lowest value. nan counts as infinite. */
double lr_curve_recent(int n, const double *loss);

/* The median of values[n]; sorts them. n > 0; the mean of the middle two when n is even. */
double lr_curve_median(int n, double *values);

#endif
