/* collect: what a sweep leaves in its directory beside the cells: sweep.json, the plan; sweep.csv, the last process out writes
 * it. */
#ifndef NNEXP_SEARCH_COLLECT_H
#define NNEXP_SEARCH_COLLECT_H

#include "search/sweep_table.h"

/* Creates the directory and writes the plan into it. */
bool collect_plan(const Sweep *sweep, Error *err);

/* How every cell stands: out[cells]. */
void collect_outcomes(const Sweep *sweep, CellOutcome *out);

/* Writes sweep.csv. */
bool collect_write(const Sweep *sweep, const CellOutcome *outcome, Error *err);

#endif
