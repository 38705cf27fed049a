/* loss: the family of training losses: mean loss over the rows of a batch and its gradient in one pass. */
#ifndef NNEXP_NN_LOSS_H
#define NNEXP_NN_LOSS_H

#include "base/field.h"
#include "base/real.h"

enum { LOSS_MOST_KINKS = 2 };

/* One batch. With s_r = weight[r] (1 without), every loss is sum_r s_r·c_r·loss_r / sum_r s_r·c_r, where
 * c_r = sum_c class_weight[c]·target[r][c] (1 without): what PyTorch divides by (a batch whose
 * weights are all zero has loss and gradient 0, where PyTorch has nan). loss_r is the sum over the outputs for
 * cross_entropy and hinge, their mean for the others.
 * cross_entropy smooths the target itself (t -> (1-e)·t + e/out) and then weighs each class's term by its
 * class_weight, as PyTorch does. */
typedef struct LossBatch {
    int rows, out;            /* out: logits a row */
    const real *logits;       /* [rows][out] */
    const real *target;       /* [rows][out]: one-hot (bce with out = 1: 0 or 1), or the values to be met */
    const real *weight;       /* [rows], or NULL */
    const real *class_weight; /* [out] (bce with out = 1: [2]), or NULL */
    double smoothing;         /* label smoothing; cross_entropy alone, elsewhere 0 */
} LossBatch;

/* How logits are read as probabilities of the classes: not at all, all together, or each by itself. */
typedef enum LossLink { LINK_NONE, LINK_SOFTMAX, LINK_SIGMOID } LossLink;

typedef struct Loss {
    Variant head;
    /* Returns the mean loss, accumulated in double. d[rows][out] = dL/dlogits, or NULL for the value alone. */
    double (*value)(const void *p, const LossBatch *batch, real *d);
    bool classification, regression; /* the tasks it serves */
    bool smooths;                    /* label_smoothing is allowed */
    bool hard_targets;               /* refuses mixed targets (hinge) */
    bool one_logit_for_two;          /* bce: two classes share one logit */
    LossLink link;
    /* Writes where the gradient or its slope jumps to out[LOSS_MOST_KINKS], returns how many: residuals z - target,
     * for hinge leads z_right - z_wrong. NULL: none. */
    int (*kinks)(const void *p, double *out);
} Loss;

extern const Family losses;
static inline const Loss *loss_of(const Choice *choice) { return (const Loss *)choice->variant; }
/* Logits of the output layer for that many classes (regression: targets). */
int loss_outputs(const Choice *choice, bool classification, int classes_or_targets);
/* sum_r s_r·c_r: what the mean loss of a batch was divided by. */
double loss_batch_weight(const LossBatch *batch);
/* How many rows have their largest logit (the lowest index among equals; bce with out = 1: logit > 0) at the
 * largest target. nan logits count as wrong. */
int loss_count_correct(const LossBatch *batch);

#endif
