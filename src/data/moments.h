/* moments: statistics of the columns of a matrix x[rows][features], rows > 0. Sums run in double over all rows, in a
 * fixed order. Allocates only where it says so; knows nothing of what the columns are. */
#ifndef NNEXP_DATA_MOMENTS_H
#define NNEXP_DATA_MOMENTS_H

#include "base/error.h"
#include "base/pool.h"
#include "base/real.h"

#include <stddef.h>

/* mean[features], exact for a constant column, whatever its length. */
void column_means(size_t rows, int features, const real *x, real *mean);
/* scale[features]: population standard deviations around `mean`; 1 for a constant column, so that it becomes 0 and not
 * nan. */
void column_deviations(size_t rows, int features, const real *x, const real *mean, real *scale);
/* The same before they are rounded: mean[features] and population variance[features] (NULL: not wanted). */
void column_moments(size_t rows, int features, const real *x, double *mean, double *variance);
/* The extremes low[features], high[features]. */
void column_ranges(size_t rows, int features, const real *x, real *low, real *high);

/* out[features][count] = each column's quantiles at share[count] in [0, 1], linear between the values beside, as
 * numpy.quantile and scikit-learn have them. Allocates a column a job; fails when memory is out. The pool may be
 * NULL. */
bool column_quantiles(Pool *pool, size_t rows, int features, const real *x, int count, const double *share,
                      double *out, Error *err);

#endif
