/* widen: an axis that reaches further than one whose edge was best, as an argument of --axis. */
#ifndef NNEXP_SEARCH_WIDEN_H
#define NNEXP_SEARCH_WIDEN_H

#include "search/plan.h"

typedef enum Edge { EDGE_NONE, EDGE_LOW, EDGE_HIGH } Edge;

enum { WIDEN_BYTES = 2048 };

/* out[WIDEN_BYTES] = "train.lr=log:0.001:100:6": the numeric axis with all its values and, beyond the edge, steps
 * as the outermost one: for a range that is even in the logarithm about a decade, for other ranges about a third,
 * for a list two. False where the config of `cell` takes none of the new values, or the axis has too many to write
 * down. */
bool widen_axis(const SweepPlan *plan, int64_t cell, int axis, Edge edge, char *out);

#endif
