/* probe: the pass over the probe rows whose insides layers.csv describes: dropout off, one batch under its own
 * statistics, gradients of the plain mean loss over the probe. */
#ifndef NNEXP_OBSERVE_PROBE_H
#define NNEXP_OBSERVE_PROBE_H

#include "nn/loss.h"
#include "nn/network.h"

/* All that statistics and histograms may know of one layer, borrowed from the network and its workspace. */
typedef struct LayerProbe {
    int layer; /* 1 … L */
    const char *activation;
    int rows, fan_in, units;
    int columns;             /* of weight and weight_grad: units · pieces */
    const real *x;           /* [rows][fan_in]: the layer's input */
    const real *z;           /* [rows][units]: the activation's input; maxout: the chosen piece */
    const real *a;           /* [rows][units] */
    const real *slope;       /* [rows][units]: f'(z) */
    const real *delta;       /* [rows][units]: rows · d(mean probe loss)/dz */
    const real *weight;      /* [fan_in][columns] */
    const real *weight_grad; /* [fan_in][columns]: of the mean probe loss */
    double max_slope;        /* sup abs(f') */
    double update_ratio;     /* the epoch's mean ‖ΔW‖/‖W‖; nan at epoch 0 */
} LayerProbe;

/* Room for the arrays that are made for one layer at a time. */
typedef struct ProbeScratch {
    real *z, *slope, *delta; /* [rows][most units] each */
} ProbeScratch;
void probe_layout(ProbeScratch *scratch, const Network *network, int rows, Arena *arena);

/* Runs the pass: batch->logits is set here; network->grad holds the probe's gradient afterwards. Returns the mean
 * loss. `fit_running` sets the running statistics of batch norms (epoch 0). */
double probe_run(Network *network, Workspace *work, const Choice *loss, LossBatch *batch, const real *x,
                 bool fit_running);

/* Describes layer `layer` (0-based) after probe_run; valid until the next call. */
LayerProbe probe_layer(const Network *network, const Workspace *work, const ProbeScratch *scratch, int layer,
                       int rows, const real *x);

#endif
