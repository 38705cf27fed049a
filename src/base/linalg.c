/* linalg: see linalg.h. */
#include "base/linalg.h"

#include <cblas.h>
#include <lapacke.h>
#include <stdlib.h>

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

const char *linalg_version(void) { return openblas_get_config(); }
const char *linalg_kernel(void) { return openblas_get_corename(); }

/* ---- products ---------------------------------------------------------------------------------------------
 */

/* PART_FLOP: what a part has to do at least. A product's parts depend on m, n and k alone. */
enum { MOST_PARTS = 16, PART_FLOP = 4000000, PART_UNIT = 16 };

typedef struct Product {
    int m, n, k;
    bool transpose_a, transpose_b, add;
    const real *a, *b;
    real *c;
    bool by_rows; /* the parts are rows of c, else columns */
    int step;     /* rows or columns of a part */
} Product;

static int at_least_1(int n) { return n > 1 ? n : 1; }

/* One part: the rows or columns job * step … of c. */
static void part(void *context, int job) {
    const Product *p = context;
    int length = p->by_rows ? p->m : p->n, from = job * p->step;
    int count = length - from < p->step ? length - from : p->step;
    size_t a_row = p->transpose_a ? 1 : (size_t)p->k, b_column = p->transpose_b ? (size_t)p->k : 1;
    size_t row = p->by_rows ? (size_t)from : 0, column = p->by_rows ? 0 : (size_t)from;
    GEMM(CblasRowMajor, p->transpose_a ? CblasTrans : CblasNoTrans,
         p->transpose_b ? CblasTrans : CblasNoTrans, p->by_rows ? count : p->m, p->by_rows ? p->n : count,
         p->k, 1, p->a + row * a_row, at_least_1(p->transpose_a ? p->m : p->k), p->b + column * b_column,
         at_least_1(p->transpose_b ? p->k : p->n), p->add, p->c + row * (size_t)p->n + column,
         at_least_1(p->n));
}

static void run(Pool *pool, Product p) {
    if (p.m <= 0 || p.n <= 0) return;
    double flop = 2.0 * p.m * p.n * p.k;
    int wanted = flop < 2.0 * PART_FLOP                  ? 1
                 : flop > (double)MOST_PARTS * PART_FLOP ? MOST_PARTS
                                                         : (int)(flop / PART_FLOP);
    p.by_rows = p.m >= p.n;
    int length = p.by_rows ? p.m : p.n, units = (length + PART_UNIT - 1) / PART_UNIT;
    p.step = (units + wanted - 1) / wanted * PART_UNIT;
    pool_run(pool, part, &p, (length + p.step - 1) / p.step);
}

void multiply(Pool *pool, int m, int n, int k, const real *a, const real *b, bool add, real *c) {
    run(pool, (Product){.m = m, .n = n, .k = k, .a = a, .b = b, .add = add, .c = c});
}

void multiply_at(Pool *pool, int m, int n, int k, const real *a, const real *b, real *c) {
    run(pool, (Product){.m = m, .n = n, .k = k, .a = a, .b = b, .c = c, .transpose_a = true});
}

void multiply_bt(Pool *pool, int m, int n, int k, const real *a, const real *b, real *c) {
    run(pool, (Product){.m = m, .n = n, .k = k, .a = a, .b = b, .c = c, .transpose_b = true});
}

/* ---- QR ---------------------------------------------------------------------------------------------------
 */

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
    return fail(
        err,
        "QR of a %d x %d matrix: LAPACK answers %d; its entries must be finite and memory must hold it twice",
        rows, columns, (int)status);
}
