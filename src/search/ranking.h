/* ranking: a sweep's outcome for people: the table of its configurations, best first, and what can be said of it. */
#ifndef NNEXP_SEARCH_RANKING_H
#define NNEXP_SEARCH_RANKING_H

#include "search/sweep.h"

#include <stdio.h>

/* Prints the ranked table, mean ± standard error over seeds, then the advice. */
void ranking_print(const SweepPlan *plan, const CellOutcome *outcome /* [cells] */, FILE *out);

#endif
