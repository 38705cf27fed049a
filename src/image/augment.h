/* augment: the family of random changes to training images that leave their meaning: pixels change, the label does not
 * (mixup alone mixes it). Steps work on raw images, before preprocessing, in the order of the list. What a row draws is
 * addressed by (seed, step, epoch, row): never by its batch, nor by the order of work. Knows no files, splits or networks;
 * batches are in image_feed.h.
 *
 * Evaluation sees no random change, but the same size: a crop's centre, or its ten crops; a resized crop's whole image. */
#ifndef NNEXP_IMAGE_AUGMENT_H
#define NNEXP_IMAGE_AUGMENT_H

#include "base/error.h"
#include "base/field.h"
#include "base/random.h"
#include "image/image.h"

enum { AUGMENT_MOST = 16, AUGMENT_TEN = 10 };

/* One step of the list. */
typedef struct AugmentStep {
    Choice choice;
    ImageShape in, out;
    double fitted[3][3]; /* pca_color: eigenvalue times eigenvector, in units of max */
} AugmentStep;

/* All steps: a plain value. No steps: nothing is augmented. */
typedef struct Augmentation {
    int steps;
    AugmentStep step[AUGMENT_MOST];
    ImageShape in, out; /* of the images, and of what the network is to see */
    int views;          /* of an image at evaluation: 1, or AUGMENT_TEN */
    int mixup;          /* the step that mixes; -1: none does */
} Augmentation;

typedef struct Augment {
    Variant head; /* every parameter struct begins with `double p`, the probability */
    /* Parameters that do not go together, or not with an image of that shape: `FIELD: what is wrong; what to do`. */
    bool (*check)(const void *p, ImageShape image, Error *err);
    /* The shape afterwards; NULL: the same. A row that has it also has `evaluate`. */
    ImageShape (*shape)(const void *p, ImageShape image);
    /* Learns from all training images, rows as the file has them; NULL: nothing to learn. */
    void (*fit)(AugmentStep *step, ImageShape image, size_t rows, const real *x);
    /* Changes from[channels][height][width] into `to`; in place, `to` is scratch of the same size. NULL: mixup. */
    void (*apply)(const AugmentStep *step, Stream *stream, real *from, real *to);
    /* What evaluation, and a training image that the step's p passes by, sees in place of it; NULL: the image itself. */
    void (*evaluate)(const AugmentStep *step, int view, const real *from, real *to);
    /* At evaluation; NULL: 1. */
    int (*views)(const void *p);
    bool in_place, colour; /* colour: three channels are needed */
} Augment;

extern const Family augments;
static inline const Augment *augment_of(const Choice *choice) { return (const Augment *)choice->variant; }

/* Checks a list against the shape of the images (height 0: there are none). Errors begin with `augment.K`. */
bool augment_plan(const Choice *choices, int count, ImageShape image, Augmentation *out, Error *err);
/* Lets the steps learn from the training images: x[rows][values of augmentation->in]. */
void augment_fit(Augmentation *augmentation, size_t rows, const real *x);

/* Values of a row as the chain gets it; `features` where there are no steps. */
int augment_out(const Augmentation *augmentation, int features);
/* Values of the largest image on the way. */
size_t augment_widest(const Augmentation *augmentation);
/* Entries of the caller's memory that one row needs at a time. */
size_t augment_work(const Augmentation *augmentation);

/* The training rows, and which epoch's draws. */
typedef struct AugmentSource {
    const real *raw; /* [rows][values of in] */
    size_t rows;
    uint64_t seed;
    uint32_t epoch;
} AugmentSource;

/* share of the row itself; the rest is `partner`'s. share 1: nothing was mixed. Never exactly 1/2, so that the heavier
 * label is always one. */
typedef struct AugmentMix {
    uint32_t partner;
    real share;
} AugmentMix;

/* out[values of augmentation->out] = training row `row` as that epoch sees it. mixup's partner is any training row, as
 * the steps before mixup leave it under its own draws. */
AugmentMix augment_row(const Augmentation *augmentation, const AugmentSource *source, uint32_t row, real *work,
                       real *out);
/* out[values of augmentation->out] = an image as evaluation sees it: 0 <= view < augmentation->views, 0 the centre. */
void augment_evaluate(const Augmentation *augmentation, int view, const real *raw, real *work, real *out);

/* lambda of Beta(alpha, alpha): two gamma variates by Marsaglia and Tsang 2000, in logarithms, so that no alpha underflows. */
double augment_beta(Stream *stream, double alpha);

#endif
