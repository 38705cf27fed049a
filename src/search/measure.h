/* measure: the figure by which the cells of a plan compare, and what keeps figures from comparing at all. Pure functions
 * of the plan's axes and the cells' outcomes; ranks nothing. */
#ifndef NNEXP_SEARCH_MEASURE_H
#define NNEXP_SEARCH_MEASURE_H

#include "search/outcome.h"
#include "search/plan.h"

typedef enum Measure {
    MEASURE_VAL_LOSS,
    MEASURE_VAL_SCORE, /* accuracy, or rmse in regression: where an axis changes what a loss is */
    MEASURE_TRAIN_LOSS /* where nobody has a validation split */
} Measure;

/* validated: whether any cell has been measured on validation rows. */
Measure measure_of(const SweepPlan *plan, bool validated);

/* A cell's figure, lower is better: an accuracy comes as its negative. nan where the cell has none. */
double measure_figure(Measure measure, const CellOutcome *outcome);

/* The axis that makes figures of this measure mean different things in different cells: another loss, or other rows that
 * are measured. NULL: they compare. */
const Axis *measure_mixed_by(const SweepPlan *plan, Measure measure);

#endif
