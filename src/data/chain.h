/* chain: preprocessing steps one after another: what the steps before have made is what the next is fitted on. */
#ifndef NNEXP_DATA_CHAIN_H
#define NNEXP_DATA_CHAIN_H

#include "data/preprocess.h"

/* Owns its steps. No steps: rows stay as they are. */
typedef struct Chain {
    int steps;
    FittedPreprocess step[PREPROCESS_MOST];
} Chain;

/* Features of its input, output and of the widest step between; `features` where there are no steps. */
int chain_out(const Chain *chain, int features);
int chain_widest(const Chain *chain, int features);

/* Transforms x[rows][chain_widest], which holds [rows][in] at its beginning, in place into [rows][out]; scratch is of the
 * same size. Fails as preprocess_apply does, with the step's key in front. */
bool chain_apply(const Chain *chain, size_t rows, real *x, real *scratch, Error *err);
void chain_free(Chain *chain);

#endif
