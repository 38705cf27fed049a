/* batch: the order of an epoch's rows, and gathering rows into a contiguous batch. */
#ifndef NNEXP_DATA_BATCH_H
#define NNEXP_DATA_BATCH_H

#include "data/dataset.h"

/* order[rows] = a permutation drawn with (seed, PURPOSE_ORDER, epoch), or 0 … rows-1 without `shuffle`. */
void batch_order(uint64_t seed, uint32_t epoch, bool shuffle, size_t rows, uint32_t *order);

/* Gathers rows index[0 … n) of a view: x[n][features] (NULL: not wanted); target[n][out] (classification: one-hot of `out`
 * classes, out = 1: the class number itself; regression: the values, out = targets); weight[n] (left alone
 * when the view has none). */
void batch_gather(const View *view, int features, int out, const uint32_t *index, size_t n, real *x, real *target,
                  real *weight);
/* The targets alone of rows first … first+n-1. */
void batch_targets(const View *view, int out, size_t first, size_t n, real *target);

/* Mixes each row's target[n][out], and weight[n] where the view has them, with its partner's (augment.h): targets and weights
 * are gathered already. */
void batch_mix(const View *view, int out, const AugmentMix *mix, size_t n, real *target, real *weight);

#endif
