/* moments: see moments.h. A strip of columns at a time: the loops over a strip vectorise, and its sums stay in the
 * cache without an allocation. */
#include "data/moments.h"

#include <math.h>
#include <stdatomic.h>
#include <stdlib.h>
#include <string.h>

enum { STRIP = 256 };

static int width_from(int from, int features) { return features - from < STRIP ? features - from : STRIP; }

/* ---- means and deviations ---------------------------------------------------------------------------- */

/* Means are sums of differences from the first row: exact for a constant column. `x` is the strip's first entry. */
static void strip_means(size_t rows, int features, int width, const real *x, double *mean) {
    double sum[STRIP] = {0};
    for (size_t row = 0; row < rows; row++) {
        const real *at = x + row * (size_t)features;
        for (int j = 0; j < width; j++) sum[j] += (double)at[j] - (double)x[j];
    }
    for (int j = 0; j < width; j++) mean[j] = (double)x[j] + sum[j] / (double)rows;
}

/* What a rounded mean leaves of the sum of differences is taken out at the end. */
static void strip_variances(size_t rows, int features, int width, const real *x, const double *mean,
                            double *variance) {
    double sum[STRIP] = {0}, squares[STRIP] = {0};
    for (size_t row = 0; row < rows; row++) {
        const real *at = x + row * (size_t)features;
        for (int j = 0; j < width; j++) {
            double difference = (double)at[j] - mean[j];
            sum[j] += difference;
            squares[j] += difference * difference;
        }
    }
    for (int j = 0; j < width; j++) {
        double left = sum[j] / (double)rows, value = squares[j] / (double)rows - left * left;
        variance[j] = value > 0 ? value : 0;
    }
}

void column_means(size_t rows, int features, const real *x, real *mean) {
    for (int from = 0; from < features; from += STRIP) {
        double exact[STRIP];
        int width = width_from(from, features);
        strip_means(rows, features, width, x + from, exact);
        for (int j = 0; j < width; j++) mean[from + j] = (real)exact[j];
    }
}

void column_deviations(size_t rows, int features, const real *x, const real *mean, real *scale) {
    for (int from = 0; from < features; from += STRIP) {
        double around[STRIP], variance[STRIP];
        int width = width_from(from, features);
        for (int j = 0; j < width; j++) around[j] = (double)mean[from + j];
        strip_variances(rows, features, width, x + from, around, variance);
        for (int j = 0; j < width; j++) {
            real deviation = (real)sqrt(variance[j]);
            scale[from + j] = deviation > 0 ? deviation : 1;
        }
    }
}

void column_moments(size_t rows, int features, const real *x, double *mean, double *variance) {
    for (int from = 0; from < features; from += STRIP) {
        int width = width_from(from, features);
        strip_means(rows, features, width, x + from, mean + from);
        if (variance) strip_variances(rows, features, width, x + from, mean + from, variance + from);
    }
}

void column_ranges(size_t rows, int features, const real *x, real *low, real *high) {
    memcpy(low, x, (size_t)features * sizeof *low);
    memcpy(high, x, (size_t)features * sizeof *high);
    for (size_t row = 1; row < rows; row++) {
        const real *at = x + row * (size_t)features;
        for (int j = 0; j < features; j++) {
            low[j] = at[j] < low[j] ? at[j] : low[j];
            high[j] = at[j] > high[j] ? at[j] : high[j];
        }
    }
}

/* ---- quantiles --------------------------------------------------------------------------------------- */

static void swap(real *a, real *b) {
    real kept = *a;
    *a = *b;
    *b = kept;
}

static real median_of_3(real a, real b, real c) {
    real low = a < b ? a : b, high = a < b ? b : a;
    return c < low ? low : c > high ? high : c;
}

/* Moves the value of rank `rank` to x[rank], none above it before and none below it behind: quickselect with a
 * partition that many equal values do not slow down (Wirth 1976). */
static void select_rank(real *x, ptrdiff_t count, ptrdiff_t rank) {
    ptrdiff_t first = 0, last = count - 1;
    while (first < last) {
        real pivot = median_of_3(x[first], x[first + (last - first) / 2], x[last]);
        ptrdiff_t i = first, j = last;
        while (i <= j) {
            while (x[i] < pivot) i++;
            while (x[j] > pivot) j--;
            if (i <= j) swap(&x[i++], &x[j--]);
        }
        if (rank <= j) last = j;
        else if (rank >= i) first = i;
        else return;
    }
}

static double value_at_rank(real *x, size_t count, size_t rank) {
    select_rank(x, (ptrdiff_t)count, (ptrdiff_t)rank);
    return (double)x[rank];
}

/* Linear between the two ranks beside share * (count - 1). */
static double quantile(real *x, size_t count, double share) {
    double at = share * (double)(count - 1);
    size_t below = (size_t)at;
    double low = value_at_rank(x, count, below), part = at - (double)below;
    if (part == 0 || below + 1 == count) return low;
    return low + part * (value_at_rank(x, count, below + 1) - low);
}

typedef struct Quantiles {
    size_t rows;
    int features, count;
    const real *x;
    const double *share;
    double *out;
    atomic_bool failed;
} Quantiles;

static void quantiles_of_column(void *context, int column) {
    Quantiles *q = context;
    real *copy = malloc(q->rows * sizeof *copy);
    if (!copy) {
        q->failed = true;
        return;
    }
    for (size_t row = 0; row < q->rows; row++) copy[row] = q->x[row * (size_t)q->features + (size_t)column];
    for (int k = 0; k < q->count; k++)
        q->out[(size_t)column * (size_t)q->count + (size_t)k] = quantile(copy, q->rows, q->share[k]);
    free(copy);
}

bool column_quantiles(Pool *pool, size_t rows, int features, const real *x, int count, const double *share,
                      double *out, Error *err) {
    Quantiles q = {rows, features, count, x, share, out, false};
    pool_run(pool, quantiles_of_column, &q, features);
    return !q.failed || fail(err, "needs more memory than the system gives");
}
