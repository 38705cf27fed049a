/* view_trial: whether a chain's last step takes every view of images that evaluation will look at: asked before training,
 * as the answer would otherwise come after it. Changes nothing; names no columns. */
#ifndef NNEXP_DATA_VIEW_TRIAL_H
#define NNEXP_DATA_VIEW_TRIAL_H

#include "data/chain.h"
#include "image/augment.h"

/* The first value of the first row that is not taken. */
typedef struct Refusal {
    size_t row; /* of those that were tried */
    int view, input;
    real value; /* as the steps before leave it */
} Refusal;

/* Tries views 1 … of raw[rows][values of augmentation->in]; view 0 is whatever training has made of the rows. *found:
 * whether there is a refusal, which is then in *out, the same whatever the number of threads. False when memory is out,
 * with an error without a place. The pool may be NULL. */
bool view_trial(const Augmentation *augmentation, const Chain *chain, Pool *pool, size_t rows, const real *raw,
                bool *found, Refusal *out, Error *err);

#endif
