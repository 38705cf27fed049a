/* halving: successive halving (Jamieson and Talwalkar 2016, arXiv:1502.07943): how far each cell is to be run now,
 * as a pure function of how far all cells have come. Runs nothing.
 *
 * Rungs stand at min_epochs * factor^k epochs. At each one the configurations (a configuration's seeds stay
 * together) whose train.epochs is beyond it are ranked by the mean over their seeds of the measure (measure.h: val_loss
 * as a rule) after that epoch, and the best ceil(n / factor) of n go on. One that stopped early is ranked by
 * its last figures; one with seeds that have diverged or failed comes after those with fewer of them; of equals
 * the first in the plan is better. A configuration that is meant to end before the rung is not judged there.
 * Nobody passes a rung before all have reached it. */
#ifndef NNEXP_SEARCH_HALVING_H
#define NNEXP_SEARCH_HALVING_H

#include "search/identity.h"
#include "search/outcome.h"

/* A cell's target beside a number of epochs. */
enum { TARGET_END = 0 /* its own end */, TARGET_HALVED = -1 /* as far as it has come: it is left there */ };

/* out[plan->cells]: the target of each cell, as the files in the sweep's directory stand. Without halving the end
 * of all. Where cells that a rung waits for have not reached it, the others' target is that rung; so is that of a
 * cell that failed before it, which is tried again. */
bool halving_targets(const SweepPlan *plan, const CellIdentity *identity, const char *directory, int64_t *out,
                     Error *err);

/* The number of rungs of the longest cell; 0 without halving. A sweep that is run by rounds takes one more than
 * that. */
int64_t halving_rungs(const SweepPlan *plan);

/* train.epochs of a cell. */
int64_t halving_end(const SweepPlan *plan, int64_t cell);

/* The epochs that lie before all cells that are to come to `target`, which cells have now [count of them]: those
 * beyond it of the ones that will pass, when none is lost. For an ETA. */
double halving_ahead(const SweepPlan *plan, int64_t cells, int64_t target);

#endif
