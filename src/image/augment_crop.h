/* augment_crop: the rows of augment.c that change an image's size, and what evaluation sees in their place; with what the
 * rows have in common. For augment.c alone. */
#ifndef NNEXP_IMAGE_AUGMENT_CROP_H
#define NNEXP_IMAGE_AUGMENT_CROP_H

#include "image/augment.h"

#include <math.h>

/* The first of every row's parameters. */
#define P_FIELD(T, chance)                                                                                           \
    FIELD_REAL(T, p, .def = chance, .min = 0, .above_min = true, .max = 1, .help = "probability, each row and epoch")

enum { MOST_PIXELS = 1 << 14 };

static inline size_t pixels_of(ImageShape image) { return (size_t)image.height * (size_t)image.width; }

static inline double draw_between(Stream *stream, double low, double high) {
    return low + (high - low) * random_uniform(stream);
}

/* Uniform in low … high, both included. */
static inline int draw_whole(Stream *stream, int low, int high) {
    return low + (int)random_below(stream, (uint32_t)(high - low) + 1);
}

/* torchvision's factors: uniform in [max(0, 1 - x), 1 + x]. */
static inline double draw_factor(Stream *stream, double x) { return draw_between(stream, fmax(0, 1 - x), 1 + x); }

typedef struct Crop {
    double p;
    int64_t pad, height, width;
    int padding, evaluate;
} Crop;

typedef struct ResizedCrop {
    double p;
    int64_t height, width;
    double min_scale, max_scale, min_ratio, max_ratio;
} ResizedCrop;

extern const Field crop_fields[], resized_crop_fields[];

bool crop_check(const void *params, ImageShape image, Error *err);
ImageShape crop_shape(const void *params, ImageShape image);
int crop_views(const void *params);
void crop(const AugmentStep *step, Stream *stream, real *from, real *to);
void crop_evaluate(const AugmentStep *step, int view, const real *from, real *to);

bool resized_crop_check(const void *params, ImageShape image, Error *err);
ImageShape resized_crop_shape(const void *params, ImageShape image);
void resized_crop(const AugmentStep *step, Stream *stream, real *from, real *to);
void resized_crop_evaluate(const AugmentStep *step, int view, const real *from, real *to);

#endif
