/* surface: nnexp surface: a run's training loss over a grid of two of its weights, all else as training has left it. */
#ifndef NNEXP_EXPERIMENT_SURFACE_H
#define NNEXP_EXPERIMENT_SURFACE_H

#include "base/error.h"
#include "base/pool.h"

#include <stdint.h>

/* One of the two weights, and what it runs over. */
typedef struct SurfaceAxis {
    const char *weight; /* as parameter.h names it */
    bool given;         /* else low and high come from its way in steps.csv, or from the trained value */
    double low, high;
} SurfaceAxis;

typedef struct SurfacePlan {
    const char *run, *out; /* out NULL: standard output */
    SurfaceAxis axis[2];
    int64_t points; /* along either, at least 2 */
    Pool *pool;     /* may be NULL */
} SurfacePlan;

/* Writes the CSV `a,b,loss`, line by line from the lowest b on: the loss is epochs.csv's train_loss of epoch 0 at those
 * weights (evaluation mode, label smoothing and class weights in, penalties not), over the training rows that the run's
 * config names, by its fitted preprocessing. Whole or not at all where it is a file. *began: writing has begun. */
bool surface(const SurfacePlan *plan, bool *began, Error *err);

#endif
