/* test_linalg: the products against plain loops in double, at shapes of one part and of several; the same
 * bits for any number of threads; QR by its properties. */
#include "base/linalg.h"
#include "base/random.h"

#include <cblas.h>
#include <dlfcn.h>
#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stdatomic.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

typedef enum Kind { PLAIN, ADD, AT, BT, KINDS } Kind;
typedef struct Shape {
    int m, n, k;
} Shape;

/* From Gaussian entries; freed by the caller. */
static real *matrix(size_t size, uint32_t index) {
    Stream stream = random_stream(1, PURPOSE_TEST, 0, index);
    real *entries = malloc((size + 1) * sizeof *entries);
    assert_non_null(entries);
    for (size_t i = 0; i < size; i++) entries[i] = (real)random_normal(&stream);
    return entries;
}

static void run(Pool *pool, Kind kind, Shape s, const real *a, const real *b, real *c) {
    if (kind == AT) multiply_at(pool, s.m, s.n, s.k, a, b, c);
    else if (kind == BT) multiply_bt(pool, s.m, s.n, s.k, a, b, c);
    else multiply(pool, s.m, s.n, s.k, a, b, kind == ADD, c);
}

static double entry(Kind kind, Shape s, const real *a, const real *b, int i, int j, double *size) {
    double total = 0;
    *size = 1;
    for (int l = 0; l < s.k; l++) {
        double left =
            (double)(kind == AT ? a[(size_t)l * (size_t)s.m + (size_t)i] : a[(size_t)i * (size_t)s.k + (size_t)l]);
        double right =
            (double)(kind == BT ? b[(size_t)j * (size_t)s.k + (size_t)l] : b[(size_t)l * (size_t)s.n + (size_t)j]);
        total += left * right;
        *size += fabs(left * right);
    }
    return total;
}

/* Compares about `samples` entries, the last one among them; every entry must have been written. */
static void check_product(Kind kind, Shape s, size_t samples) {
    size_t size = (size_t)s.m * (size_t)s.n, stride = size / samples + 1;
    real *a = matrix((size_t)s.m * (size_t)s.k, 1), *b = matrix((size_t)s.k * (size_t)s.n, 2), *c = matrix(size, 3);
    real *before = matrix(size, 3);
    for (size_t i = 0; kind != ADD && i < size; i++) c[i] = (real)NAN;
    c[size] = 12345; /* one past the end */
    run(NULL, kind, s, a, b, c);
    assert_true(c[size] == 12345);
    for (size_t i = 0; i < size; i++) assert_false(isnan(c[i]));
    for (size_t back = 0; back < size; back += stride) {
        size_t at = size - 1 - back;
        double magnitude,
            expected = entry(kind, s, a, b, (int)(at / (size_t)s.n), (int)(at % (size_t)s.n), &magnitude);
        if (kind == ADD) expected += (double)before[at];
        assert_true(fabs((double)c[at] - expected) <= 1e-6 * magnitude);
    }
    free(a), free(b), free(c), free(before);
}

static void small_products_are_right(void **state) {
    (void)state;
    static const int sizes[] = {1, 2, 3, 10, 16, 17, 33, 64};
    for (Kind kind = 0; kind < KINDS; kind++)
        for (int i = 0; i < 8; i++)
            for (int j = 0; j < 8; j++)
                for (int l = 0; l < 8; l++) check_product(kind, (Shape){sizes[i], sizes[j], sizes[l]}, 1000);
}

/* Several parts: of whole and ragged columns, of rows, and four of them. */
static const Shape large[] = {{128, 256, 300}, {100, 413, 250}, {777, 64, 200}, {1024, 500, 1024}};
enum { LARGE = sizeof large / sizeof large[0] };

static void large_products_are_right(void **state) {
    (void)state;
    for (Kind kind = 0; kind < KINDS; kind++)
        for (int i = 0; i < LARGE; i++) check_product(kind, large[i], 500);
}

static void empty_products_are_safe(void **state) {
    (void)state;
    real a[4] = {1, 2, 3, 4}, b[4] = {5, 6, 7, 8};
    for (Kind kind = 0; kind < KINDS; kind++) {
        real c[4] = {1, 1, 1, 1};
        run(NULL, kind, (Shape){0, 2, 2}, a, b, c);
        run(NULL, kind, (Shape){2, 0, 2}, a, b, c);
        for (int i = 0; i < 4; i++) assert_true(c[i] == 1);
        run(NULL, kind, (Shape){2, 2, 0}, a, b, c);
        for (int i = 0; i < 4; i++) assert_true(c[i] == (kind == ADD ? 1 : 0));
    }
}

static void threads_do_not_change_bits(void **state) {
    (void)state;
    Error err = {0};
    for (int i = 0; i < LARGE; i++)
        for (Kind kind = 0; kind < KINDS; kind++) {
            Shape s = large[i];
            size_t size = (size_t)s.m * (size_t)s.n;
            real *a = matrix((size_t)s.m * (size_t)s.k, 1), *b = matrix((size_t)s.k * (size_t)s.n, 2);
            real *alone = matrix(size, 3), *together = matrix(size, 3);
            run(NULL, kind, s, a, b, alone);
            for (int threads = 1; threads <= 3; threads++) {
                Pool *pool = pool_create(threads, &err);
                if (kind == ADD) free(together), together = matrix(size, 3);
                run(pool, kind, s, a, b, together);
                assert_memory_equal(alone, together, size * sizeof *alone);
                pool_free(pool);
            }
            free(a), free(b), free(alone), free(together);
        }
}

/* Stands before the library's: notes how often and on what shapes it is called. */
static atomic_int calls;
static atomic_llong shapes;

void cblas_sgemm(CBLAS_LAYOUT layout, CBLAS_TRANSPOSE ta, CBLAS_TRANSPOSE tb, blasint m, blasint n, blasint k,
                 float alpha, const float *a, blasint lda, const float *b, blasint ldb, float beta, float *c,
                 blasint ldc) {
    static __typeof__(&cblas_sgemm) _Atomic library;
    if (!library) {
        void *symbol = dlsym(RTLD_NEXT, "cblas_sgemm");
        __typeof__(&cblas_sgemm) found;
        memcpy(&found, &symbol, sizeof symbol);
        library = found;
    }
    atomic_fetch_add(&calls, 1);
    atomic_fetch_add(&shapes, (long long)m * m * 7 + (long long)n * n * 3 + k);
    library(layout, ta, tb, m, n, k, alpha, a, lda, b, ldb, beta, c, ldc);
}

/* The bits of a product may depend on its shape: so threads must not decide the parts' shapes. */
static void parts_depend_on_the_shape_alone(void **state) {
    (void)state;
    static const Shape small = {64, 64, 64};
    Error err = {0};
    for (int i = -1; i < LARGE; i++) {
        Shape s = i < 0 ? small : large[i];
        real *a = matrix((size_t)s.m * (size_t)s.k, 1), *b = matrix((size_t)s.k * (size_t)s.n, 2);
        real *c = matrix((size_t)s.m * (size_t)s.n, 3);
        int parts = 0;
        long long sum = 0;
        for (int threads = 1; threads <= 3; threads++) {
            Pool *pool = pool_create(threads, &err);
            calls = 0;
            shapes = 0;
            run(pool, PLAIN, s, a, b, c);
            if (threads == 1) parts = calls, sum = shapes;
            assert_int_equal(calls, parts);
            assert_true(shapes == sum);
            pool_free(pool);
        }
        assert_true(i < 0 ? parts == 1 : parts > 1);
        free(a), free(b), free(c);
    }
}

static void transposes_swap_the_indices(void **state) {
    (void)state;
    static const int sizes[] = {0, 1, 3, 8, 9, 16, 23, 40};
    for (int i = 0; i < 8; i++)
        for (int j = 0; j < 8; j++) {
            size_t rows = (size_t)sizes[i], columns = (size_t)sizes[j];
            real *from = matrix(rows * columns, 1), *to = matrix(rows * columns, 2);
            real beyond = to[rows * columns] = 7;
            transpose(sizes[i], sizes[j], from, to);
            for (size_t r = 0; r < rows; r++)
                for (size_t c = 0; c < columns; c++) assert_true(to[c * rows + r] == from[r * columns + c]);
            assert_true(to[rows * columns] == beyond);
            free(from), free(to);
        }
}

static void openblas_is_pinned_and_named(void **state) {
    (void)state;
    linalg_pin_threads();
    assert_int_equal(openblas_get_num_threads(), 1);
    assert_int_equal(strncmp(linalg_version(), "OpenBLAS ", 9), 0);
    assert_true(strlen(linalg_kernel()) > 0);
}

/* Q has orthonormal columns, and R = QᵀA is upper triangular with a positive diagonal: that is Q alone. */
static void check_qr(int rows, int columns) {
    Error err = {0};
    Stream stream = random_stream(2, PURPOSE_TEST, 0, 0);
    double *a = malloc((size_t)(rows * columns) * sizeof *a), *q = malloc((size_t)(rows * columns) * sizeof *q);
    for (int i = 0; i < rows * columns; i++) q[i] = a[i] = random_normal(&stream);
    assert_true(orthonormal_columns(rows, columns, q, &err));
    for (int i = 0; i < columns; i++)
        for (int j = 0; j < columns; j++) {
            double product = 0, r = 0;
            for (int l = 0; l < rows; l++) {
                product += q[l * columns + i] * q[l * columns + j];
                r += q[l * columns + i] * a[l * columns + j];
            }
            assert_true(fabs(product - (i == j)) < 1e-12);
            if (i == j) assert_true(r > 0);
            if (i > j) assert_true(fabs(r) < 1e-11);
        }
    free(a), free(q);
}

/* The lower triangle of xᵀx added to what was there; the same bits for any number of threads. */
static void gram_products_are_right(void **state) {
    (void)state;
    enum { N = 37, P = 300 };
    double *x = malloc(N * P * sizeof *x), *c = calloc(P * P, sizeof *c), *d = calloc(P * P, sizeof *d);
    Stream stream = random_stream(2, PURPOSE_TEST, 0, 0);
    Error err = {0};
    Pool *pool = pool_create(3, &err);
    for (int i = 0; i < N * P; i++) x[i] = random_normal(&stream);
    for (int times = 0; times < 2; times++) {
        add_gram(NULL, N, P, x, c);
        add_gram(pool, N, P, x, d);
    }
    for (int i = 0; i < P; i++)
        for (int j = 0; j <= i; j++) {
            double sum = 0;
            for (int l = 0; l < N; l++) sum += x[l * P + i] * x[l * P + j];
            assert_true(fabs(c[i * P + j] - 2 * sum) < 1e-11);
            assert_true(c[i * P + j] == d[i * P + j]);
        }
    pool_free(pool);
    free(x), free(c), free(d);
}

static void double_products_are_right(void **state) {
    (void)state;
    enum { M = 200, N = 33, K = 21 };
    double a[M * K], b[N * K], c[M * N];
    Stream stream = random_stream(2, PURPOSE_TEST, 0, 0);
    for (int i = 0; i < M * K; i++) a[i] = random_normal(&stream);
    for (int i = 0; i < N * K; i++) b[i] = random_normal(&stream);
    multiply_bt_double(NULL, M, N, K, a, b, c);
    for (int i = 0; i < M; i++)
        for (int j = 0; j < N; j++) {
            double sum = 0;
            for (int l = 0; l < K; l++) sum += a[i * K + l] * b[j * K + l];
            assert_true(fabs(c[i * N + j] - sum) < 1e-12);
        }
}

/* Beyond a block of rows and a span of columns either way; nothing behind the end is touched. */
static void check_rows(size_t rows, int n, int k, bool transpose_b) {
    real *a = matrix(rows * (size_t)k, 1), *b = matrix((size_t)(n * k), 2), *offset = matrix((size_t)k, 3);
    real *c = matrix(rows * (size_t)n, 4);
    c[rows * (size_t)n] = 12345;
    multiply_rows(rows, n, k, a, offset, b, transpose_b, c);
    assert_true(c[rows * (size_t)n] == 12345);
    for (size_t i = 0; i < rows; i++)
        for (int j = 0; j < n; j++) {
            double sum = 0;
            for (int l = 0; l < k; l++)
                sum += ((double)a[i * (size_t)k + (size_t)l] - (double)offset[l]) *
                       (double)b[transpose_b ? j * k + l : l * n + j];
            assert_true(fabs((double)c[i * (size_t)n + (size_t)j] - sum) < 1e-5 * (k + 1));
        }
    free(a), free(b), free(c), free(offset);
}

static void products_of_many_rows_are_right(void **state) {
    (void)state;
    for (int transpose_b = 0; transpose_b < 2; transpose_b++) {
        check_rows(1, 1, 1, transpose_b);
        check_rows(64, 3, 256, transpose_b);
        check_rows(130, 300, 5, transpose_b);
        check_rows(65, 17, 600, transpose_b);
    }
}

/* A·v = value·v, the largest first, the vectors orthonormal; the upper triangle is not looked at. */
static void eigenvectors_are_right(void **state) {
    (void)state;
    enum { N = 30 };
    double a[N * N], v[N * N], value[N];
    Error err = {0};
    Stream stream = random_stream(2, PURPOSE_TEST, 0, 0);
    for (int i = 0; i < N; i++)
        for (int j = 0; j <= i; j++) a[i * N + j] = a[j * N + i] = random_normal(&stream);
    memcpy(v, a, sizeof a);
    for (int i = 0; i < N; i++)
        for (int j = i + 1; j < N; j++) v[i * N + j] = 1e9;
    assert_true(symmetric_eigenvectors(N, v, value, &err));
    for (int k = 0; k < N; k++) {
        if (k > 0) assert_true(value[k] < value[k - 1]);
        for (int i = 0; i < N; i++) {
            double sum = 0, product = 0;
            for (int j = 0; j < N; j++) {
                sum += a[i * N + j] * v[k * N + j];
                product += v[i * N + j] * v[k * N + j];
            }
            assert_true(fabs(sum - value[k] * v[k * N + i]) < 1e-12 * N);
            assert_true(fabs(product - (i == k)) < 1e-12);
        }
    }
    double broken[] = {1, 0, NAN, 1};
    assert_false(symmetric_eigenvectors(2, broken, value, &err));
    assert_string_equal(err.text, "eigenvectors of a 2 x 2 matrix: LAPACK answers -5; its entries must be finite and "
                                  "memory must hold it three times");
}

static void columns_become_orthonormal(void **state) {
    (void)state;
    check_qr(1, 1);
    check_qr(5, 5);
    check_qr(70, 3);
    check_qr(64, 40);
    Error err = {0};
    assert_true(orthonormal_columns(3, 0, NULL, &err));
}

static void a_matrix_with_nan_is_refused(void **state) {
    (void)state;
    Error err = {0};
    double a[] = {1, 2, 3, NAN, 5, 6};
    assert_false(orthonormal_columns(3, 2, a, &err));
    assert_string_equal(err.text, "QR of a 3 x 2 matrix: LAPACK answers -4; its entries must be finite and memory "
                                  "must hold it twice");
}

enum { ASKED = 20000 };

static void ask_version(void *context, int i) {
    char(*version)[256] = context;
    char now[256];
    for (int k = 0; k < ASKED; k++) {
        snprintf(now, sizeof now, "%s", linalg_version());
        if (strcmp(now, version[0]) != 0) strcpy(version[1 + i], now);
    }
}

static void threads_get_one_version(void **state) {
    (void)state;
    char version[5][256] = {{0}};
    Error err = {0};
    Pool *pool = pool_create(4, &err);
    assert_non_null(pool);
    snprintf(version[0], sizeof version[0], "%s", linalg_version());
    pool_run(pool, ask_version, version, 4);
    for (int i = 1; i < 5; i++) assert_string_equal(version[i], "");
    pool_free(pool);
}

int main(void) {
    cmocka_set_message_output(CM_OUTPUT_TAP);
    linalg_pin_threads();
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(small_products_are_right),        cmocka_unit_test(large_products_are_right),
        cmocka_unit_test(empty_products_are_safe),         cmocka_unit_test(threads_do_not_change_bits),
        cmocka_unit_test(parts_depend_on_the_shape_alone), cmocka_unit_test(transposes_swap_the_indices),
        cmocka_unit_test(openblas_is_pinned_and_named),    cmocka_unit_test(columns_become_orthonormal),
        cmocka_unit_test(a_matrix_with_nan_is_refused),    cmocka_unit_test(gram_products_are_right),
        cmocka_unit_test(double_products_are_right),       cmocka_unit_test(products_of_many_rows_are_right),
        cmocka_unit_test(eigenvectors_are_right),          cmocka_unit_test(threads_get_one_version),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
