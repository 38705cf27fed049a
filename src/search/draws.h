/* draws: random mode's values: each draw depends on those before it alone, so that more runs leave the first ones
 * what they were, and none comes twice. */
#ifndef NNEXP_SEARCH_DRAWS_H
#define NNEXP_SEARCH_DRAWS_H

#include "search/plan.h"

/* How many different draws the first plan->drawn axes allow; infinite where one of them is a continuum. */
double draws_possible(const SweepPlan *plan);

/* Fills plan->draw, [runs][drawn], from the base's seed: other seeds, other draws. runs is at most draws_possible. */
bool draws_make(SweepPlan *plan, Error *err);

#endif
