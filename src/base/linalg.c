/* linalg: see linalg.h. */
#include "base/linalg.h"

#include <assert.h>
#include <cblas.h>
#include <lapacke.h>
#include <pthread.h>
#include <stdlib.h>
#include <string.h>

#ifdef REAL_IS_DOUBLE
#define GEMM cblas_dgemm
#else
#define GEMM cblas_sgemm
#endif

/* Of OpenMP builds of OpenBLAS; NULL in the others. */
extern void omp_set_num_threads(int threads) __attribute__((weak));

void linalg_pin_threads(void) {
    openblas_set_num_threads(1);
    if (omp_set_num_threads) omp_set_num_threads(1);
}

/* OpenBLAS builds the text anew, with strcat, in one buffer of its own at each call: two threads at it get "MAX_THREADS=64
 * MAX_THREADS=64", and runs on several threads other bytes in summary.json. So it is called once. */
static const char *version_text;
static void read_version(void) { version_text = openblas_get_config(); }

const char *linalg_version(void) {
    static pthread_once_t once = PTHREAD_ONCE_INIT;
    pthread_once(&once, read_version);
    return version_text;
}
const char *linalg_kernel(void) { return openblas_get_corename(); }

/* ---- transposing --------------------------------------------------------------------------------------- */

enum { TILE = 8 };
typedef real TileRow __attribute__((vector_size(TILE * sizeof(real))));

/* to = fromᵀ, 8 x 8, in three rounds that exchange ever larger pieces of two rows. */
static void transpose_tile(size_t rows, size_t columns, const real *from, real *to) {
    TileRow r[TILE], s[TILE];
    for (size_t i = 0; i < TILE; i++) memcpy(&r[i], from + i * columns, sizeof r[i]);
    for (size_t i = 0; i < TILE; i += 2) {
        s[i] = __builtin_shufflevector(r[i], r[i + 1], 0, 8, 1, 9, 4, 12, 5, 13);
        s[i + 1] = __builtin_shufflevector(r[i], r[i + 1], 2, 10, 3, 11, 6, 14, 7, 15);
    }
    for (size_t i = 0; i < TILE; i += 4)
        for (size_t j = 0; j < 2; j++) {
            r[i + 2 * j] = __builtin_shufflevector(s[i + j], s[i + j + 2], 0, 1, 8, 9, 4, 5, 12, 13);
            r[i + 2 * j + 1] = __builtin_shufflevector(s[i + j], s[i + j + 2], 2, 3, 10, 11, 6, 7, 14, 15);
        }
    for (size_t i = 0; i < TILE / 2; i++) {
        s[i] = __builtin_shufflevector(r[i], r[i + 4], 0, 1, 2, 3, 8, 9, 10, 11);
        s[i + 4] = __builtin_shufflevector(r[i], r[i + 4], 4, 5, 6, 7, 12, 13, 14, 15);
    }
    for (size_t i = 0; i < TILE; i++) memcpy(to + i * rows, &s[i], sizeof s[i]);
}

void transpose(int rows, int columns, const real *restrict from, real *restrict to) {
    size_t m = (size_t)rows, n = (size_t)columns, whole_m = m - m % TILE, whole_n = n - n % TILE;
    for (size_t r = 0; r < whole_m; r += TILE)
        for (size_t c = 0; c < whole_n; c += TILE) transpose_tile(m, n, from + r * n + c, to + c * m + r);
    for (size_t r = 0; r < m; r++)
        for (size_t c = r < whole_m ? whole_n : 0; c < n; c++) to[c * m + r] = from[r * n + c];
}

/* ---- products ------------------------------------------------------------------------------------------ */

typedef struct Product {
    int m, n, k;
    bool transpose_a, transpose_b, add;
    const real *a, *b;
    real *c;
    int rows, columns; /* of a part of c; the last ones are smaller */
} Product;

static int at_least_1(int n) { return n > 1 ? n : 1; }
static int at_most(int n, int most) { return n < most ? n : most; }
static int divide_up(int n, int by) { return (n + by - 1) / by; }

static void part(void *context, int job) {
    const Product *p = context;
    int across = divide_up(p->n, p->columns);
    int row = job / across * p->rows, column = job % across * p->columns;
    size_t a_row = p->transpose_a ? 1 : (size_t)p->k, b_column = p->transpose_b ? (size_t)p->k : 1;
    GEMM(CblasRowMajor, p->transpose_a ? CblasTrans : CblasNoTrans, p->transpose_b ? CblasTrans : CblasNoTrans,
         at_most(p->m - row, p->rows), at_most(p->n - column, p->columns), p->k, 1, p->a + (size_t)row * a_row,
         at_least_1(p->transpose_a ? p->m : p->k), p->b + (size_t)column * b_column,
         at_least_1(p->transpose_b ? p->k : p->n), p->add, p->c + (size_t)row * (size_t)p->n + column,
         at_least_1(p->n));
}

/* How many parts: each packs an operand of its own, so few. Measured on one thread: 1 to 3 % for two parts, 4
 * to 8 % for four; handing a part to a second thread takes about 10 microseconds. */
static int parts_of(const Product *p) {
    double flop = 2.0 * p->m * p->n * p->k;
    return flop < 16e6 ? 1 : flop < 1e9 ? 2 : flop < 16e9 ? 4 : 16;
}

static void run(Pool *pool, Product p) {
    enum { UNIT = 16 }; /* parts begin at its multiples */
    if (p.m <= 0 || p.n <= 0) return;
    int parts = parts_of(&p);
    p.rows = p.m;
    p.columns = p.n;
    int *longer = p.m >= p.n ? &p.rows : &p.columns;
    *longer = divide_up(divide_up(*longer, UNIT), parts) * UNIT;
    pool_run(pool, part, &p, divide_up(p.m, p.rows) * divide_up(p.n, p.columns));
}

void multiply(Pool *pool, int m, int n, int k, const real *a, const real *b, bool add, real *c) {
    run(pool, (Product){.m = m, .n = n, .k = k, .a = a, .b = b, .add = add, .c = c});
}

void multiply_at(Pool *pool, int m, int n, int k, const real *a, const real *b, real *c) {
    run(pool, (Product){.m = m, .n = n, .k = k, .a = a, .b = b, .c = c, .transpose_a = true});
}

/* OpenBLAS has no quick kernel for small products with bᵀ: transposing b first and taking its quick one for plain
 * operands measured 1.35 times faster at 32 x 64 x 64, 1.45 times at 32 x 64 x 10. For aᵀ it has one. */
enum { SMALL_ENTRIES = 16384, SMALL_PRODUCT = 1000000 };

static bool transposing_pays(int m, int n, int k) {
    return (double)m * n * k <= SMALL_PRODUCT && (double)n * k <= SMALL_ENTRIES;
}

void multiply_bt(Pool *pool, int m, int n, int k, const real *a, const real *b, real *c) {
    _Alignas(64) real plain[SMALL_ENTRIES];
    if (transposing_pays(m, n, k)) {
        transpose(n, k, b, plain);
        multiply(pool, m, n, k, a, plain, false, c);
    } else run(pool, (Product){.m = m, .n = n, .k = k, .a = a, .b = b, .c = c, .transpose_b = true});
}

/* ---- products of many rows ------------------------------------------------------------------------------ */

enum { BLOCK = MULTIPLY_ROWS_BLOCK, SPAN = 256 };

/* block[BLOCK][width] = the entries from `column` on of `rows` rows, less the offset; zeros below. */
static void take_block(int rows, int width, int k, const real *a, const real *offset, int column, real *block) {
    for (int row = 0; row < rows; row++) {
        const real *from = a + (size_t)row * (size_t)k + column;
        real *to = block + row * width;
        for (int j = 0; j < width; j++) to[j] = offset ? from[j] - offset[column + j] : from[j];
    }
    memset(block + rows * width, 0, (size_t)((BLOCK - rows) * width) * sizeof *block);
}

/* sum[BLOCK][width] of a block of rows: the result's entries from `column` on. */
static void sum_block(int rows, int column, int width, int n, int k, const real *a, const real *offset, const real *b,
                      bool transpose_b, real *sum) {
    _Alignas(64) real block[BLOCK * SPAN];
    for (int from = 0; from < k; from += SPAN) {
        int span = at_most(k - from, SPAN);
        size_t at =
            transpose_b ? (size_t)column * (size_t)k + (size_t)from : (size_t)from * (size_t)n + (size_t)column;
        take_block(rows, span, k, a, offset, from, block);
        GEMM(CblasRowMajor, CblasNoTrans, transpose_b ? CblasTrans : CblasNoTrans, BLOCK, width, span, 1, block, span,
             b + at, transpose_b ? k : n, from > 0, sum, width);
    }
}

void multiply_rows(size_t rows, int n, int k, const real *a, const real *offset, const real *b, bool transpose_b,
                   real *c) {
    _Alignas(64) real sum[BLOCK * SPAN];
    for (size_t row = 0; row < rows; row += BLOCK) {
        int count = rows - row < BLOCK ? (int)(rows - row) : BLOCK;
        for (int column = 0; column < n; column += SPAN) {
            int width = at_most(n - column, SPAN);
            sum_block(count, column, width, n, k, a + row * (size_t)k, offset, b, transpose_b, sum);
            for (int i = 0; i < count; i++)
                memcpy(c + (row + (size_t)i) * (size_t)n + column, sum + i * width, (size_t)width * sizeof *c);
        }
    }
}

/* ---- products in double ---------------------------------------------------------------------------------- */

typedef struct DoubleProduct {
    int m, n, k;
    const double *a, *b;
    double *c;
} DoubleProduct;

enum { STRIPE = 128 };

/* Tile `job` of the lower triangle, counted by rows of tiles. */
static void gram_tile(void *context, int job) {
    const DoubleProduct *p = context;
    int i = 0;
    while ((i + 1) * (i + 2) / 2 <= job) i++;
    int row = i * STRIPE, column = (job - i * (i + 1) / 2) * STRIPE;
    cblas_dgemm(CblasRowMajor, CblasTrans, CblasNoTrans, at_most(p->m - row, STRIPE), at_most(p->m - column, STRIPE),
                p->k, 1, p->a + row, p->m, p->a + column, p->m, 1, p->c + (size_t)row * (size_t)p->m + column, p->m);
}

void add_gram(Pool *pool, int n, int p, const double *x, double *c) {
    int stripes = divide_up(p, STRIPE);
    pool_run(pool, gram_tile, &(DoubleProduct){.m = p, .k = n, .a = x, .c = c}, stripes * (stripes + 1) / 2);
}

static void stripe_bt(void *context, int job) {
    const DoubleProduct *p = context;
    int row = job * STRIPE;
    cblas_dgemm(CblasRowMajor, CblasNoTrans, CblasTrans, at_most(p->m - row, STRIPE), p->n, p->k, 1,
                p->a + (size_t)row * (size_t)p->k, p->k, p->b, p->k, 0, p->c + (size_t)row * (size_t)p->n, p->n);
}

void multiply_bt_double(Pool *pool, int m, int n, int k, const double *a, const double *b, double *c) {
    pool_run(pool, stripe_bt, &(DoubleProduct){m, n, k, a, b, c}, divide_up(m, STRIPE));
}

/* ---- eigenvectors ---------------------------------------------------------------------------------------- */

static void swap_doubles(double *a, double *b, size_t n) {
    for (size_t i = 0; i < n; i++) {
        double kept = a[i];
        a[i] = b[i];
        b[i] = kept;
    }
}

bool symmetric_eigenvectors(int n, double *a, double *value, Error *err) {
    assert(n <= EIGENVECTORS_MOST);
    /* by columns the lower triangle is the upper one, and LAPACK's eigenvectors are rows; its smallest comes first */
    lapack_int status = LAPACKE_dsyevd(LAPACK_COL_MAJOR, 'V', 'U', n, a, n, value);
    if (status != 0)
        return fail(err,
                    "eigenvectors of a %d x %d matrix: LAPACK answers %d; its entries must be finite and memory must "
                    "hold it three times",
                    n, n, (int)status);
    for (int i = 0, j = n - 1; i < j; i++, j--) {
        swap_doubles(a + (size_t)i * (size_t)n, a + (size_t)j * (size_t)n, (size_t)n);
        swap_doubles(value + i, value + j, 1);
    }
    return true;
}

/* ---- QR ------------------------------------------------------------------------------------------------ */

static lapack_int factor(int rows, int columns, double *a, double *tau, bool *negative) {
    lapack_int status = LAPACKE_dgeqrf(LAPACK_ROW_MAJOR, rows, columns, a, columns, tau);
    if (status != 0) return status;
    for (int j = 0; j < columns; j++) negative[j] = a[(size_t)j * (size_t)columns + (size_t)j] < 0;
    return LAPACKE_dorgqr(LAPACK_ROW_MAJOR, rows, columns, columns, a, columns, tau);
}

bool orthonormal_columns(int rows, int columns, double *a, Error *err) {
    if (columns == 0) return true;
    double *tau = malloc((size_t)columns * sizeof *tau);
    bool *negative = malloc((size_t)columns * sizeof *negative);
    lapack_int status = tau && negative ? factor(rows, columns, a, tau, negative) : LAPACK_WORK_MEMORY_ERROR;
    for (int i = 0; status == 0 && i < rows; i++)
        for (int j = 0; j < columns; j++)
            if (negative[j]) a[(size_t)i * (size_t)columns + (size_t)j] *= -1;
    free(negative);
    free(tau);
    if (status == 0) return true;
    return fail(err,
                "QR of a %d x %d matrix: LAPACK answers %d; its entries must be finite and memory must hold it twice",
                rows, columns, (int)status);
}
