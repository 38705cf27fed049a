/* predict: nnexp predict: a run's predictions for the rows of a CSV file, or for the points of a plane, as CSV, and
 * how they meet the labels. */
#ifndef NNEXP_EXPERIMENT_PREDICT_H
#define NNEXP_EXPERIMENT_PREDICT_H

#include "experiment/predictor.h"

#include <stdio.h>

typedef struct PredictPlan {
    const char *run, *out; /* out NULL: standard output */
    ModelPick pick;
    const char *data;    /* a file … */
    const char *grid[2]; /* … or the inputs along x and y … */
    int64_t grid_size;   /* points along either */
    bool points;         /* … or the run's own training and validation rows */
    bool quiet;          /* no report */
    Pool *pool;          /* may be NULL */
} PredictPlan;

/* Writes the CSV, but nothing where a step of the chain refuses a value, and whole or not at all where it is a file,
 * and the report, where there are labels, to stdout or, where the CSV goes there, to stderr. *began: writing has begun. */
bool predict(const PredictPlan *plan, bool *began, Error *err);

#endif
