/* widen: an axis that reaches further than one whose edge was best, as an argument of --axis. */
#ifndef NNEXP_SEARCH_WIDEN_H
#define NNEXP_SEARCH_WIDEN_H

#include "search/plan.h"

typedef enum Edge { EDGE_NONE, EDGE_LOW, EDGE_HIGH } Edge;

enum { WIDEN_BYTES = 2048 };

typedef enum Widened {
    WIDENED_NOT,  /* the config takes nothing beyond */
    WIDENED_LONG, /* it does, but the axis has too many values to write down */
    WIDENED
} Widened;

/* out[WIDEN_BYTES] = "train.lr=log:0.001:100:6": the numeric axis with all its values and, beyond the edge, steps
 * as the outermost one: for a range that is even in the logarithm about a decade, for other ranges about a third,
 * for a list two. Where the config of `cell` does not take the first of them, smaller steps. */
Widened widen_axis(const SweepPlan *plan, int64_t cell, int axis, Edge edge, char *out);

#endif
