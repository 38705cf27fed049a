/* optimizer: the family of update rules. A row turns a piece of the gradient into the update to be added to
 * theta; it sees neither layers nor penalties (nn/step does those), so every row is a flat loop. */
#ifndef NNEXP_NN_OPTIMIZER_H
#define NNEXP_NN_OPTIMIZER_H

#include "base/error.h"
#include "base/field.h"
#include "base/real.h"

enum { OPTIMIZER_MOST_VECTORS = 4 };

/* A run of n consecutive parameters. state[v] points at the piece's part of vector v, zero before step 1. */
typedef struct OptimizerPiece {
    size_t n;
    const real *theta, *grad;
    real *state[OPTIMIZER_MOST_VECTORS];
    real *update; /* out: theta += update */
} OptimizerPiece;

typedef struct Optimizer {
    Variant head;
    /* lr: this step's rate; t: the step's number, from 1. Coefficients that depend on t alone (bias
     * corrections) are computed in double, once a call. */
    void (*step)(const void *p, const OptimizerPiece *piece, double lr, int64_t t);
    int (*vectors)(const void *p);            /* state vectors of theta's length: sgd has 0 without momentum */
    double (*decoupled_decay)(const void *p); /* adamw, lion: theta -= lr·decay·theta beside the update; NULL: none */
    /* Parameters that do not go together: `FIELD: what is wrong; what to do`. NULL: all do. */
    bool (*check)(const void *p, Error *err);
    double lr;          /* the default of train.lr */
    bool signs_only;    /* rprop: the size of the gradient does not matter, so clipping cannot act */
    bool first_lr_only; /* rprop: lr is the first step's size and never read again, so no schedule can act */
} Optimizer;

extern const Family optimizers;
static inline const Optimizer *optimizer_of(const Choice *choice) { return (const Optimizer *)choice->variant; }

#endif
