/* histogram: see histogram.h. */
#include "observe/histogram.h"

#include "base/reduce.h"

#include <assert.h>
#include <math.h>
#include <string.h>

enum { BLOCK = 256 };

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

/* The bin of each value, `bins` for one that is not finite. The guess is at most one off, by rounding,
 * because edges lie far apart beside double's precision; the edges themselves decide. Branch-free, so that it
 * vectorises. */
static void bins_of(const Grid *grid, int n, const real *values, int *bin) {
    const double last = grid->bins - 1;
    for (int i = 0; i < n; i++) {
        double value = values[i], guess = (value / 2 - grid->half_low) * grid->scale;
        guess = guess > 0 ? guess : 0;
        guess = guess < last ? guess : last;
        int at = (int)guess;
        at -= (value < grid->edge[at]) & (at > 0);
        at += (value >= grid->edge[at + 1]) & (at < grid->bins - 1);
        bin[i] = fabs(value) <= DBL_MAX ? at : grid->bins;
    }
}

void histogram_fill(Histogram *histogram, int bins, size_t n, const real *values) {
    Grid grid;
    int64_t count[HISTOGRAM_MOST_BINS + 1] = {0};
    int bin[BLOCK];
    assert(bins >= 1 && bins <= HISTOGRAM_MOST_BINS);
    finite_range(n, values, &histogram->low, &histogram->high);
    bool any = histogram->low <= histogram->high;
    if (!any) histogram->low = histogram->high = NAN;
    histogram->bins = !any ? 0 : histogram->low == histogram->high ? 1 : bins;
    grid_of(histogram, &grid);
    for (size_t done = 0; any && done < n; done += BLOCK) {
        int width = n - done < BLOCK ? (int)(n - done) : BLOCK;
        bins_of(&grid, width, values + done, bin);
        for (int i = 0; i < width; i++) count[bin[i]]++;
    }
    memcpy(histogram->count, count, sizeof histogram->count);
    histogram->not_finite = any ? count[histogram->bins] : (int64_t)n;
    if (histogram->bins < HISTOGRAM_MOST_BINS) histogram->count[histogram->bins] = 0;
}
