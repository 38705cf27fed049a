/* histogram: see histogram.h. */
#include "observe/histogram.h"

#include "base/reduce.h"

#include <assert.h>
#include <math.h>
#include <string.h>

/* Values at a time; tables counted into in turn, because adding twice to one count waits for the first. */
enum { BLOCK = 256, TABLES = 4 };

/* What one pass needs to know. Halves are taken so that no difference of two values overflows. */
typedef struct Grid {
    int bins;
    double half_low, scale;
    double edge[HISTOGRAM_MOST_BINS + 1];
} Grid;

double histogram_edge(const Histogram *histogram, int i) {
    if (i == histogram->bins) return histogram->high;
    double half_low = histogram->low / 2, half_width = histogram->high / 2 - half_low;
    return 2 * (half_low + half_width * ((double)i / histogram->bins));
}

/* Extremes of the finite values: reduce_range leaves out nan alone. */
static void finite_range(size_t n, const real *values, double *low, double *high) {
    reduce_range(n, values, low, high);
    if (!isinf(*low) && !isinf(*high)) return;
    *low = INFINITY, *high = -INFINITY;
    for (size_t i = 0; i < n; i++) {
        if (!isfinite(values[i])) continue;
        *low = fmin(*low, values[i]);
        *high = fmax(*high, values[i]);
    }
}

static void grid_of(const Histogram *histogram, Grid *grid) {
    grid->bins = histogram->bins;
    grid->half_low = histogram->low / 2;
    grid->scale = histogram->bins / (histogram->high / 2 - grid->half_low);
    for (int i = 0; i <= grid->bins; i++) grid->edge[i] = histogram_edge(histogram, i);
}

/* The bin of each value, `bins` for one that is not finite. True when some value lies so near an inner edge
 * that rounding may have put it on the wrong side. Branch-free, so that it vectorises. */
static bool guess_bins(const Grid *grid, int n, const real *values, int *bin) {
    const double half_low = grid->half_low, scale = grid->scale, top = grid->bins - 0.5, near = 1e-9;
    int unsure = 0;
    for (int i = 0; i < n; i++) {
        double value = values[i], guess = (value / 2 - half_low) * scale;
        guess = guess > 0 ? guess : 0;
        guess = guess < top ? guess : top;
        unsure |= (guess > 0.5) & (fabs(guess - (int)(guess + 0.5)) < near);
        bin[i] = fabs(value) <= DBL_MAX ? (int)guess : grid->bins;
    }
    return unsure;
}

/* The edges themselves decide; the guess is at most one off, because they lie far apart beside double's
 * precision. */
static void settle_bins(const Grid *grid, int n, const real *values, int *bin) {
    for (int i = 0; i < n; i++) {
        int at = bin[i];
        if (at == grid->bins) continue;
        at -= at > 0 && values[i] < grid->edge[at];
        at += at < grid->bins - 1 && values[i] >= grid->edge[at + 1];
        bin[i] = at;
    }
}

/* counts[bin] of all values; the last is of those that are not finite. */
static void count_values(const Grid *grid, size_t n, const real *values, int64_t *counts) {
    int64_t table[TABLES][HISTOGRAM_MOST_BINS + 1] = {0};
    int bin[BLOCK];
    for (size_t done = 0; done < n; done += BLOCK) {
        int width = n - done < BLOCK ? (int)(n - done) : BLOCK;
        if (guess_bins(grid, width, values + done, bin)) settle_bins(grid, width, values + done, bin);
        for (int i = 0; i < width; i++) table[i % TABLES][bin[i]]++;
    }
    for (int i = 0; i <= grid->bins; i++) {
        counts[i] = 0;
        for (int t = 0; t < TABLES; t++) counts[i] += table[t][i];
    }
}

void histogram_fill(Histogram *histogram, int bins, size_t n, const real *values) {
    Grid grid;
    int64_t counts[HISTOGRAM_MOST_BINS + 1];
    assert(bins >= 1 && bins <= HISTOGRAM_MOST_BINS);
    *histogram = (Histogram){.not_finite = (int64_t)n};
    finite_range(n, values, &histogram->low, &histogram->high);
    if (!(histogram->low <= histogram->high)) {
        histogram->low = histogram->high = NAN;
        return;
    }
    histogram->bins = histogram->low == histogram->high ? 1 : bins;
    grid_of(histogram, &grid);
    count_values(&grid, n, values, counts);
    memcpy(histogram->count, counts, (size_t)histogram->bins * sizeof *counts);
    histogram->not_finite = counts[histogram->bins];
}
