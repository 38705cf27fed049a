/* reduce: sums, squares and extremes of arrays, in a fixed order: 16 float lanes over blocks of at most 256
 * elements, each lane's blocks added up in double, the lanes last. A block's float error is at most 16 roundings; the result
 * depends on the data alone, never on threads or alignment. */
#ifndef NNEXP_BASE_REDUCE_H
#define NNEXP_BASE_REDUCE_H

#include "base/real.h"

#include <stdbool.h>
#include <stddef.h>

double reduce_sum(size_t n, const real *x);
double reduce_sum_squares(size_t n, const real *x);
double reduce_sum_abs(size_t n, const real *x);
double reduce_dot(size_t n, const real *x, const real *y);
/* Mean and population variance in two passes. n > 0. */
void reduce_moments(size_t n, const real *x, double *mean, double *variance);
/* Extremes of the values that are not nan; both nan when there are none. */
void reduce_range(size_t n, const real *x, double *low, double *high);
/* Index of the first entry that is nan or infinite, or n. */
size_t reduce_first_not_finite(size_t n, const real *x);
/* How many entries are exactly zero. */
size_t reduce_count_zero(size_t n, const real *x);

#endif
