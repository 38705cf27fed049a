/* augment: microseconds a row of each augmentation on 32 x 32 x 3 images, and their share of the matrix products that a
 * training step of 3072-256-128-10 needs for a row (batch 128, one thread), measured in the same process turn by turn.
 * The bound is on flip + crop + color_jitter together; exits 1 beyond it. */
#include "image/augment.h"
#include "base/clock.h"
#include "base/linalg.h"

#include <cblas.h>
#include <stdio.h>
#include <stdlib.h>

enum { ROWS = 512, TURNS = 21, BATCH = 128, LAYERS = 3, MOST = 4 };
static const int width[LAYERS + 1] = {3072, 256, 128, 10};
static const double bound = 0.25;

/* What is timed, by names; the second list has parameters. */
typedef struct Item {
    const char *name, *step[MOST];
} Item;
static const Item together = {"flip + crop + color_jitter", {"flip", "crop", "color_jitter"}};

static real *filled(size_t n, double scale) {
    Stream stream = random_stream(1, PURPOSE_TEST, 0, 0);
    real *values = aligned_alloc(64, (n * sizeof *values + 63) / 64 * 64);
    random_fill_uniform(&stream, n, values);
    for (size_t i = 0; i < n; i++) values[i] *= (real)scale;
    return values;
}

/* ---- the products ---------------------------------------------------------------------------------------- */

typedef struct Products {
    real *a[LAYERS + 1], *d[LAYERS + 1], *w[LAYERS], *g[LAYERS];
} Products;

static void products_create(Products *p) {
    for (int i = 0; i <= LAYERS; i++) {
        p->a[i] = filled(BATCH * (size_t)width[i], 1);
        p->d[i] = filled(BATCH * (size_t)width[i], 1e-3);
        if (i == LAYERS) break;
        p->w[i] = filled((size_t)width[i] * (size_t)width[i + 1], 1e-3);
        p->g[i] = filled((size_t)width[i] * (size_t)width[i + 1], 1);
    }
}

static void products_step(const Products *p) {
    for (int i = 0; i < LAYERS; i++)
        cblas_sgemm(CblasRowMajor, CblasNoTrans, CblasNoTrans, BATCH, width[i + 1], width[i], 1, p->a[i], width[i],
                    p->w[i], width[i + 1], 0, p->a[i + 1], width[i + 1]);
    for (int i = LAYERS - 1; i >= 0; i--) {
        cblas_sgemm(CblasRowMajor, CblasTrans, CblasNoTrans, width[i], width[i + 1], BATCH, 1, p->a[i], width[i],
                    p->d[i + 1], width[i + 1], 0, p->g[i], width[i + 1]);
        if (i > 0)
            cblas_sgemm(CblasRowMajor, CblasNoTrans, CblasTrans, BATCH, width[i], width[i + 1], 1, p->d[i + 1],
                        width[i + 1], p->w[i], width[i + 1], 0, p->d[i], width[i]);
    }
}

static double products_row(const Products *p) {
    double started = clock_seconds();
    for (int row = 0; row < ROWS; row += BATCH) products_step(p);
    return (clock_seconds() - started) / ROWS * 1e6;
}

/* ---- the rows -------------------------------------------------------------------------------------------- */

typedef struct Timed {
    const char *name;
    Augmentation augmentation;
    double turn[TURNS];
} Timed;

static void timed_create(Timed *timed, const Item *item, const real *raw) {
    Choice choice[MOST];
    Error err = {0};
    int steps = 0;
    for (; steps < MOST && item->step[steps]; steps++) {
        choice[steps] = choice_of(&augments, item->step[steps]);
        *(double *)choice[steps].params.bytes = 1; /* p: every row */
    }
    timed->name = item->name;
    if (!augment_plan(choice, steps, (ImageShape){32, 32, 3, IMAGE_HWC, 255}, &timed->augmentation, &err)) {
        error_print(&err, stderr);
        exit(2);
    }
    augment_fit(&timed->augmentation, ROWS, raw);
}

static double augment_all(const Timed *timed, const real *raw, real *work, real *out, uint32_t epoch) {
    AugmentSource source = {raw, ROWS, 1, epoch};
    double started = clock_seconds();
    for (uint32_t row = 0; row < ROWS; row++)
        augment_row(&timed->augmentation, &source, row, work, out + row % BATCH * (size_t)width[0]);
    return (clock_seconds() - started) / ROWS * 1e6;
}

static int ascending(const void *a, const void *b) {
    double x = *(const double *)a, y = *(const double *)b;
    return (x > y) - (x < y);
}

static double median(double *values) {
    qsort(values, TURNS, sizeof *values, ascending);
    return values[TURNS / 2];
}

int main(void) {
    static Products products;
    static Timed timed[64];
    static double product[TURNS];
    int count = 0;
    linalg_pin_threads();
    real *raw = filled(ROWS * (size_t)width[0], 255), *out = filled(BATCH * (size_t)width[0], 1),
         *work = filled(4 * 3072, 1);
    products_create(&products);
    for (int i = 0; i < augments.count; i++) {
        const char *name = family_row(&augments, i)->name;
        timed_create(&timed[count++], &(Item){name, {name}}, raw);
    }
    timed_create(&timed[count++], &together, raw);
    for (int t = -1; t < TURNS; t++) {
        double seen = products_row(&products);
        if (t >= 0) product[t] = seen;
        for (int i = 0; i < count; i++) {
            seen = augment_all(&timed[i], raw, work, out, (uint32_t)(t + 2));
            if (t >= 0) timed[i].turn[t] = seen;
        }
    }
    double floor = median(product), share = 0;
    printf("%s, kernel %s; one thread, medians of %d turns\n", linalg_version(), linalg_kernel(), TURNS);
    printf("%-28s %8.2f us a row\n", "products of 3072-256-128-10", floor);
    for (int i = 0; i < count; i++) {
        double row = median(timed[i].turn);
        share = row / floor;
        printf("%-28s %8.2f us a row  %5.1f %% of the products\n", timed[i].name, row, 100 * share);
    }
    printf("bound on the last: %.0f %%\n", 100 * bound);
    return share <= bound ? 0 : 1;
}
