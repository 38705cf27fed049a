/* sweep_progress: what is seen on stderr while a sweep goes on: a line a cell as it ends, and on a terminal a bar with ETA
 * below them. Not for several threads at once: the caller holds a lock. */
#ifndef NNEXP_SEARCH_SWEEP_PROGRESS_H
#define NNEXP_SEARCH_SWEEP_PROGRESS_H

#include "experiment/state.h"
#include "search/plan.h"

typedef struct SweepProgress {
    bool quiet;
    int64_t cells, done;
    double started;
} SweepProgress;

void sweep_progress_start(SweepProgress *progress, int64_t cells);
/* A cell has ended: `state` says how; NULL: it failed, or is another process'. */
void sweep_progress_cell(SweepProgress *progress, const SweepPlan *plan, int64_t cell, const RunState *state);
void sweep_progress_end(SweepProgress *progress);

#endif
