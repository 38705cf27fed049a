/* augment_bench: images in plain arrays and augmentations from texts, for the tests of augmentation. */
#ifndef NNEXP_TESTS_AUGMENT_BENCH_H
#define NNEXP_TESTS_AUGMENT_BENCH_H

#include "image/augment.h"

#include "../reference/reference.h"

/* "NAME FIELD=VALUE …; NAME …": the steps, checked. */
static inline bool plan_of(const char *text, ImageShape shape, Augmentation *out, Error *err) {
    Choice choice[AUGMENT_MOST];
    char copy[512], *rest = copy, *step;
    int count = 0;
    snprintf(copy, sizeof copy, "%s", text);
    while ((step = strsep(&rest, ";"))) choice[count++] = reference_choice(&augments, step);
    return augment_plan(choice, count, shape, out, err);
}

static inline Augmentation augmentation_of(const char *text, ImageShape shape) {
    Augmentation out;
    Error err = {0};
    if (!plan_of(text, shape, &out, &err)) fail_msg("%s", err.text);
    return out;
}

/* x[rows][values]: random pixels in 0 … max. */
static inline real *random_images(ImageShape shape, size_t rows) {
    size_t values = rows * image_values(shape);
    real *x = malloc(values * sizeof *x);
    Stream stream = random_stream(11, PURPOSE_TEST, 0, 0);
    random_fill_uniform(&stream, values, x);
    for (size_t i = 0; i < values; i++) x[i] *= (real)shape.max;
    return x;
}

/* The row as the epoch sees it, in memory that is the caller's to free. */
static inline real *seen(const Augmentation *augmentation, const AugmentSource *source, uint32_t row,
                         AugmentMix *mix) {
    real *work = malloc(augment_work(augmentation) * sizeof *work);
    real *out = malloc(image_values(augmentation->out) * sizeof *out);
    AugmentMix drawn = augment_row(augmentation, source, row, work, out);
    if (mix) *mix = drawn;
    free(work);
    return out;
}

/* sum (count - expected)^2 / expected. */
static inline double chi_square(const int *count, int cells, double expected) {
    double sum = 0;
    for (int i = 0; i < cells; i++) sum += (count[i] - expected) * (count[i] - expected) / expected;
    return sum;
}

#endif
