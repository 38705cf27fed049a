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
/* An entry that a step cannot take. */
typedef struct ChainRefusal {
    int step;
    size_t row;
    int input; /* of the step */
    real value;
} ChainRefusal;

/* Whether there is a step that cannot take every number. */
bool chain_refuses(const Chain *chain);
/* Applies the steps to x[rows][in], as chain_apply does, up to the first entry that one of them cannot take: then false,
 * and the entry in *out. False with an error, and out->step -1, when memory is out. What x holds then is of no use. */
bool chain_check(const Chain *chain, size_t rows, real *x, real *scratch, ChainRefusal *out, Error *err);
/* The names of a step's outputs, from[in] being those of its inputs; each, and the list, the caller's to free. NULL when
 * memory is out. */
char **chain_step_names(const FittedPreprocess *step, char *const *from);
void chain_free(Chain *chain);

#endif
