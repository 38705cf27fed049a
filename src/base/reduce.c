/* reduce: see reduce.h. Each loop keeps LANES partial results side by side, which compilers turn into vector
 * registers: the order of the additions is written out, so no compiler, width or alignment changes it. */
#include "base/reduce.h"

#include <math.h>
#include <string.h>

enum { LANES = 16, BLOCK = 256 };

/* What a sum adds up of two elements x and y. */
typedef enum Term { TERM_X, TERM_ABS, TERM_PRODUCT, TERM_DEVIATION, TERM_SQUARED_DEVIATION, TERM_ZERO } Term;

#define INLINE static inline __attribute__((always_inline))

INLINE real term(Term kind, real x, real y, real shift) {
    switch (kind) {
    case TERM_X:
        return x;
    case TERM_ABS:
        return x < 0 ? -x : x;
    case TERM_PRODUCT:
        return x * y;
    case TERM_DEVIATION:
        return x - shift;
    case TERM_SQUARED_DEVIATION:
        return (x - shift) * (x - shift);
    case TERM_ZERO:
        return x == 0 ? 1 : 0;
    }
    return 0;
}

/* All lanes as one value: left to themselves, gcc and clang turn the doubles into sixteen scalars. */
typedef real Lanes __attribute__((vector_size(LANES * sizeof(real))));
typedef double Totals __attribute__((vector_size(LANES * sizeof(double))));

/* The terms of at most BLOCK elements, lane by lane. The ragged end falls on the first lanes. */
INLINE Totals block_totals(Term kind, size_t n, const real *x, const real *y, real shift) {
    real lane[LANES] = {0};
    size_t whole = n / LANES * LANES;
    for (size_t i = 0; i < whole; i += LANES)
        for (int j = 0; j < LANES; j++) lane[j] += term(kind, x[i + (size_t)j], y[i + (size_t)j], shift);
    for (size_t i = whole; i < n; i++) lane[i - whole] += term(kind, x[i], y[i], shift);
    Lanes lanes;
    memcpy(&lanes, lane, sizeof lanes);
    return __builtin_convertvector(lanes, Totals);
}

/* The lanes meet once, at the end: doing so block by block cost more than the additions themselves. */
INLINE double sum(Term kind, size_t n, const real *x, const real *y, real shift) {
    Totals totals = {0};
    size_t i = 0;
    for (; i + BLOCK <= n; i += BLOCK) totals += block_totals(kind, BLOCK, x + i, y + i, shift);
    if (i < n) totals += block_totals(kind, n - i, x + i, y + i, shift);
    double half[LANES / 2];
    for (int j = 0; j < LANES / 2; j++) half[j] = totals[j] + totals[j + LANES / 2];
    return ((half[0] + half[4]) + (half[2] + half[6])) + ((half[1] + half[5]) + (half[3] + half[7]));
}

double reduce_sum(size_t n, const real *x) { return sum(TERM_X, n, x, x, 0); }
double reduce_sum_squares(size_t n, const real *x) { return sum(TERM_PRODUCT, n, x, x, 0); }
double reduce_sum_abs(size_t n, const real *x) { return sum(TERM_ABS, n, x, x, 0); }
double reduce_dot(size_t n, const real *x, const real *y) { return sum(TERM_PRODUCT, n, x, y, 0); }

size_t reduce_count_zero(size_t n, const real *x) { return (size_t)sum(TERM_ZERO, n, x, x, 0); }

/* The mean rounded to real is what is subtracted; what the rounding leaves is in the deviations' own mean. */
void reduce_moments(size_t n, const real *x, double *mean, double *variance) {
    double count = (double)n;
    real shift = (real)(reduce_sum(n, x) / count);
    double rest = sum(TERM_DEVIATION, n, x, x, shift) / count;
    double spread = sum(TERM_SQUARED_DEVIATION, n, x, x, shift) / count - rest * rest;
    *mean = (double)shift + rest;
    *variance = spread < 0 ? 0 : spread;
}

/* The least of sign * x, infinity when all are nan: comparisons with nan are false, so it never replaces one.
 * (Over LANES gcc 12 unrolls the inner loop first and then makes scalar code of it, 18 times slower.) */
INLINE real least(size_t n, const real *x, real sign) {
    enum { WIDE = 4 * LANES };
    real lane[WIDE];
    for (int j = 0; j < WIDE; j++) lane[j] = INFINITY;
    size_t whole = n / WIDE * WIDE;
    for (size_t i = 0; i < whole; i += WIDE)
        for (int j = 0; j < WIDE; j++) {
            real value = sign * x[i + (size_t)j];
            lane[j] = value < lane[j] ? value : lane[j];
        }
    for (size_t i = whole; i < n; i++) lane[0] = sign * x[i] < lane[0] ? sign * x[i] : lane[0];
    for (int j = 1; j < WIDE; j++) lane[0] = lane[j] < lane[0] ? lane[j] : lane[0];
    return lane[0];
}

void reduce_range(size_t n, const real *x, double *low, double *high) {
    double bottom = (double)least(n, x, 1), top = -(double)least(n, x, -1);
    bool none = bottom > top;
    *low = none ? NAN : bottom;
    *high = none ? NAN : top;
}

/* x - x is 0 for finite x and nan otherwise: whole blocks are asked first, their entries only when one
 * answers. */
size_t reduce_first_not_finite(size_t n, const real *x) {
    for (size_t i = 0; i < n; i += BLOCK) {
        size_t end = n - i < BLOCK ? n : i + BLOCK;
        int bad = 0;
        for (size_t j = i; j < end; j++) bad |= !(x[j] - x[j] == 0);
        for (size_t j = i; bad && j < end; j++)
            if (!isfinite(x[j])) return j;
    }
    return n;
}
