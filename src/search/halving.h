/* halving: successive halving (Jamieson and Talwalkar 2016, arXiv:1502.07943): how far each cell is to be run now, as a pure
 * function of how far all cells have come. Runs nothing. */
#ifndef NNEXP_SEARCH_HALVING_H
#define NNEXP_SEARCH_HALVING_H

#include "search/identity.h"

/* A cell's target beside a number of epochs. */
enum { TARGET_END = 0 /* its own end */, TARGET_HALVED = -1 /* as far as it has come: it is left there */ };

/* out[plan->cells]: the target of each cell, as the files in the sweep's directory stand. Without halving the end of all.
 * Where cells that a rung waits for have not reached it, the others' target is that rung. */
bool halving_targets(const SweepPlan *plan, const CellIdentity *identity, const char *directory, int64_t *out,
                     Error *err);

#endif
