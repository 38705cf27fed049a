/* histogram: equal bins over [min, max] of the finite values. */
#ifndef NNEXP_OBSERVE_HISTOGRAM_H
#define NNEXP_OBSERVE_HISTOGRAM_H

#include "base/real.h"

#include <stddef.h>
#include <stdint.h>

enum { HISTOGRAM_MOST_BINS = 1000 };

typedef struct Histogram {
    int bins;         /* 1 if min = max, 0 if no value is finite */
    double low, high; /* of the finite values */
    int64_t count[HISTOGRAM_MOST_BINS];
    int64_t not_finite;
} Histogram;

/* The last bin is closed. Bin i covers [edge(i), edge(i+1)), edge(i) = low + (high - low)·(i/bins) in double.
 */
void histogram_fill(Histogram *histogram, int bins, size_t n, const real *values);
double histogram_edge(const Histogram *histogram, int i);

#endif
