/* student: Student's t: how far a mean of few numbers may lie from the truth by chance. Pure functions of numbers. */
#ifndef NNEXP_SEARCH_STUDENT_H
#define NNEXP_SEARCH_STUDENT_H

#include <stdint.h>

/* P(T > t) with `df` degrees of freedom (above 0), any t: half the regularized incomplete beta function
 * I(df / (df + t²); df / 2, 1 / 2), Abramowitz and Stegun 1964, 26.7.1, by the continued fraction 26.5.8. */
double student_tail(double t, double df);

/* The t with P(T > t) = tail, 0 < tail <= 0.5, so never below 0: its inverse. */
double student_quantile(double tail, double df);

/* Mean and sample standard deviation (n - 1 below) of x[n]; the deviation is nan for n < 2. */
typedef struct Sample {
    int64_t n;
    double mean, deviation;
} Sample;
Sample sample_of(const double *x, int64_t n);

/* deviation / sqrt(n): the standard error of the mean. */
double sample_error(const Sample *sample);

/* The t of the hypothesis that the truth is 0: mean / error. For differences of pairs, of the paired t-test. No
 * scatter: infinite with the mean's sign, and 0 where the mean is 0. */
double sample_t(const Sample *sample);

/* How many numbers of this mean and deviation it takes until the mean is further from 0 than chance brings it in a
 * share `tail` of all cases: the smallest n >= 2 with quantile(tail, n - 1) * deviation / sqrt(n) < |mean|. `most`
 * + 1 where even `most` do not do. */
int64_t sample_needed(const Sample *sample, double tail, int64_t most);

#endif
