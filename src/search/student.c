/* student: see student.h. */
#include "search/student.h"

#include <math.h>

/* ---- the distribution ------------------------------------------------------------------------------------- */

/* lgamma keeps a sign for all threads. */
static double log_gamma(double x) {
    int sign;
    return lgamma_r(x, &sign);
}

/* The continued fraction of I(x; a, b), evaluated from its front (Lentz 1976, as modified by Thompson and Barnett
 * 1986). Quick for x < (a + 1) / (a + b + 2). */
static double beta_fraction(double x, double a, double b) {
    static const double tiny = 1e-300, enough = 1e-16;
    enum { MOST_TERMS = 100000 };
    double c = 1, d = 1 - (a + b) * x / (a + 1);
    d = 1 / (fabs(d) < tiny ? tiny : d);
    double f = d;
    for (int m = 1; m < MOST_TERMS; m++) {
        double even = m * (b - m) * x / ((a + 2 * m - 1) * (a + 2 * m)),
               odd = -(a + m) * (a + b + m) * x / ((a + 2 * m) * (a + 2 * m + 1)), step = 1;
        for (int half = 0; half < 2; half++) {
            double term = half ? odd : even;
            d = 1 + term * d;
            d = 1 / (fabs(d) < tiny ? tiny : d);
            c = 1 + term / c;
            if (fabs(c) < tiny) c = tiny;
            step = c * d;
            f *= step;
        }
        if (fabs(step - 1) <= enough) break;
    }
    return f;
}

/* I(x; a, b), of x and 1 - x, so that neither loses digits. */
static double beta_share(double x, double one_less_x, double a, double b) {
    if (!(x > 0)) return 0;
    if (!(one_less_x > 0)) return 1;
    double front = exp(log_gamma(a + b) - log_gamma(a) - log_gamma(b) + a * log(x) + b * log(one_less_x));
    if (x < (a + 1) / (a + b + 2)) return front * beta_fraction(x, a, b) / a;
    return 1 - front * beta_fraction(one_less_x, b, a) / b;
}

double student_tail(double t, double df) {
    double square = t * t;
    double half = isinf(square) ? 0 : 0.5 * beta_share(df / (df + square), square / (df + square), df / 2, 0.5);
    return t < 0 ? 1 - half : half;
}

double student_quantile(double tail, double df) {
    double low = 0, high = 1;
    if (tail >= 0.5) return 0;
    while (student_tail(high, df) > tail && high < 1e300) high *= 2;
    for (int i = 0; i < 200 && high - low > 1e-15 * high; i++) {
        double middle = low + (high - low) / 2;
        if (student_tail(middle, df) > tail) low = middle;
        else high = middle;
    }
    return low + (high - low) / 2;
}

/* ---- samples ---------------------------------------------------------------------------------------------- */

Sample sample_of(const double *x, int64_t n) {
    Sample sample = {n, NAN, NAN};
    double sum = 0, squares = 0;
    for (int64_t i = 0; i < n; i++) sum += x[i];
    if (n > 0) sample.mean = sum / (double)n;
    for (int64_t i = 0; i < n; i++) squares += (x[i] - sample.mean) * (x[i] - sample.mean);
    if (n > 1) sample.deviation = sqrt(squares / (double)(n - 1));
    return sample;
}

double sample_error(const Sample *sample) { return sample->deviation / sqrt((double)sample->n); }

double sample_t(const Sample *sample) {
    if (sample->deviation > 0) return sample->mean / sample_error(sample);
    return sample->mean == 0 ? 0 : copysign(INFINITY, sample->mean);
}

static int enough(const Sample *sample, double tail, int64_t n) {
    double t = student_quantile(tail, (double)(n - 1));
    return t * sample->deviation / sqrt((double)n) < fabs(sample->mean);
}

int64_t sample_needed(const Sample *sample, double tail, int64_t most) {
    int64_t low = 1, high = 2; /* low is too few; more than enough is enough, since both factors fall with n */
    if (!(fabs(sample->mean) > 0)) return most + 1;
    while (high < most && !enough(sample, tail, high)) low = high, high = 2 * high < most ? 2 * high : most;
    if (!enough(sample, tail, high)) return most + 1;
    while (high - low > 1) {
        int64_t middle = low + (high - low) / 2;
        if (enough(sample, tail, middle)) high = middle;
        else low = middle;
    }
    return high;
}
