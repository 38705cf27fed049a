/* linalg: matrix products and factorisations: the only file with cblas and lapacke. All matrices are dense and
 * row-major; A is [rows][inner], and so on. Results must not overlap operands. */
#ifndef NNEXP_BASE_LINALG_H
#define NNEXP_BASE_LINALG_H

#include "base/error.h"
#include "base/pool.h"
#include "base/real.h"

#include <stddef.h>

/* Pins OpenBLAS (pthread and OpenMP builds) to one thread in the calling thread; nnexp does the threading.
 * Every thread that multiplies calls it once. */
void linalg_pin_threads(void);
/* "OpenBLAS 0.3.21 …" and the kernel it picked, for --version and summary.json. From any thread. */
const char *linalg_version(void);
const char *linalg_kernel(void);

/* The products split their outputs at places that depend on the shape alone, and run the parts on `pool`
 * (NULL: in the caller): the same bits for any number of threads. */

/* c[m][n] = a[m][k] · b[k][n], plus what c holds when `add`. */
void multiply(Pool *pool, int m, int n, int k, const real *a, const real *b, bool add, real *c);
/* c[m][n] = aᵀ · b, a[k][m], b[k][n]. */
void multiply_at(Pool *pool, int m, int n, int k, const real *a, const real *b, real *c);
/* c[m][n] = a · bᵀ, a[m][k], b[n][k]. */
void multiply_bt(Pool *pool, int m, int n, int k, const real *a, const real *b, real *c);

/* c[rows][n] = (a - offset) · b, or · bᵀ: a[rows][k]; offset[k] is subtracted from each row (NULL: nothing); b[k][n], or
 * b[n][k] with `transpose_b`. In blocks of MULTIPLY_ROWS_BLOCK rows, the last one filled up: a row's bits do not depend
 * on how many others there are. In the caller's thread, without an allocation. */
enum { MULTIPLY_ROWS_BLOCK = 64 };
void multiply_rows(size_t rows, int n, int k, const real *a, const real *offset, const real *b, bool transpose_b,
                   real *c);

/* c[p][p] += xᵀ · x in double, x[n][p]: the lower triangle; what stands above is left in any state. Parts as above. */
void add_gram(Pool *pool, int n, int p, const double *x, double *c);
/* c[m][n] = a · bᵀ in double, a[m][k], b[n][k]. Parts as above. */
void multiply_bt_double(Pool *pool, int m, int n, int k, const double *a, const double *b, double *c);

/* to[columns][rows] = fromᵀ, from[rows][columns]. */
void transpose(int rows, int columns, const real *from, real *to);

/* Replaces a[rows][columns] (rows >= columns) by the Q of its QR factorisation, signs chosen so that R's
 * diagonal is positive: uniformly distributed over orthonormal columns when a is Gaussian (Mezzadri 2007). */
bool orthonormal_columns(int rows, int columns, double *a, Error *err);

/* LAPACK counts the work of dsyevd, 1 + 6n + 2n^2 numbers, in an int. */
enum { EIGENVECTORS_MOST = 32766 };

/* The eigenvectors of the symmetric a[n][n] (its lower triangle), which they replace, a row each, the largest
 * eigenvalue first; value[n]: the eigenvalues; n <= EIGENVECTORS_MOST. LAPACK's dsyevd, in the caller's thread. */
bool symmetric_eigenvectors(int n, double *a, double *value, Error *err);

#endif
