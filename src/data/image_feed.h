/* image_feed: what the network is given where there is augmentation: raw rows -> augmented, or as evaluation sees them -> the
 * chain of preprocessing. Rows are split over a pool in blocks of a fixed size; nothing here allocates once it is laid
 * out. */
#ifndef NNEXP_DATA_IMAGE_FEED_H
#define NNEXP_DATA_IMAGE_FEED_H

#include "base/arena.h"
#include "data/chain.h"
#include "image/augment.h"

typedef struct ImageFeed {
    const Augmentation *augmentation; /* borrowed, as are chain and pool */
    const Chain *chain;
    Pool *pool;
    int features; /* after the chain */
    int jobs;
    size_t image_room, row_room; /* entries a job has of each */
    real *image;                 /* [jobs][image_room] */
    real *rows;                  /* [jobs][2][row_room] */
} ImageFeed;

/* Memory for as many jobs as the pool has threads; to be called twice, as arenas want it. */
void image_feed_layout(ImageFeed *feed, const Augmentation *augmentation, const Chain *chain, Pool *pool,
                       Arena *arena);

/* x[n][features] = training rows index[0 … n) as that epoch sees them, and what was mixed, mix[n]. Fails only where a
 * step of the chain does, with its key in front: a value that augmentation has made and the step cannot take, or memory. */
bool image_feed_train(const ImageFeed *feed, const AugmentSource *source, const uint32_t *index, size_t n, real *x,
                      AugmentMix *mix, Error *err);
/* x[n][features] = the images raw[n][values] as evaluation sees them. */
bool image_feed_evaluate(const ImageFeed *feed, int view, const real *raw, size_t n, real *x, Error *err);

#endif
