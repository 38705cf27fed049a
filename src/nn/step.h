/* step: from gradient to new parameters: norm, clipping, penalties, optimizer, decoupled decay; and the meters
 * that it fills while the values are in cache. */
#ifndef NNEXP_NN_STEP_H
#define NNEXP_NN_STEP_H

#include "nn/network.h"
#include "nn/optimizer.h"

typedef struct StepPlan {
    Choice optimizer;
    double weight_decay, l1; /* added to the gradient after clipping */
    double clip_norm;        /* 0: no clipping */
} StepPlan;

/* Plain accumulators over the steps of an epoch, reset as it begins. */
typedef struct Meters {
    int64_t steps, rows, correct;
    double loss;                                    /* sum of batch loss · rows */
    double squared_error;                           /* regression: sum over rows and outputs */
    double grad_norm, grad_norm_max;                /* sum over steps, and the largest */
    double update_ratio;                            /* sum over steps of ‖Δθ‖/‖θ‖ */
    double layer_update_ratio[NETWORK_MOST_LAYERS]; /* sums of ‖ΔW‖/‖W‖, weights alone */
    double lr;                                      /* of the last step, as are … */
    double last_grad_norm, last_update_ratio;       /* … these */
} Meters;

/* Where a number stopped being finite. */
typedef struct NotFinite {
    bool found;
    int layer;       /* 1-based; 0: the loss itself */
    char tensor[64]; /* "layers.2.weight", or "loss" */
} NotFinite;

/* State vectors of the optimizer: vectors · network->parameters entries. */
int step_vectors(const StepPlan *plan);

/* One update from network->grad; t counts from 1. `state`: the optimizer's vectors one after the other. */
void step_apply(const StepPlan *plan, Network *network, real *state, double lr, int64_t t, Meters *meters,
                NotFinite *not_finite);

/* Looks for the first tensor with an entry that is not finite. Returns whether there is one. */
bool step_find_not_finite(const Network *network, NotFinite *not_finite);

#endif
