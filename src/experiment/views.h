/* views: one output of several: what a network makes of the ten crops of an image, averaged. */
#ifndef NNEXP_EXPERIMENT_VIEWS_H
#define NNEXP_EXPERIMENT_VIEWS_H

#include "nn/loss.h"

enum { VIEWS_MOST = 16 };

/* mean[rows][out] of logits[views][rows][out]: the logits of the mean probability under a loss that has probabilities
 * (for softmax their logarithms), else the mean output. Works in double; may be in place of the first view. */
void views_mean(const Loss *loss, int views, int rows, int out, const real *logits, real *mean);

#endif
