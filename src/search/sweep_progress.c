/* sweep_progress: see sweep_progress.h. */
#include "search/sweep_progress.h"

#include "base/clock.h"

void sweep_progress_start(SweepProgress *progress, int64_t cells) {
    progress->cells = cells;
    progress->done = 0;
    progress->started = clock_seconds();
}

void sweep_progress_cell(SweepProgress *progress, const SweepPlan *plan, int64_t cell, const RunState *state) {
    char axes[256];
    progress->done++;
    if (progress->quiet || !state) return;
    plan_describe(plan, cell, axes, sizeof axes);
    fprintf(stderr, "%lld/%lld  cell %lld  %s  %s  val_loss %.4g\n", (long long)progress->done,
            (long long)progress->cells, (long long)cell + 1, axes, run_status_name[state->status],
            state->last.val_loss);
}

void sweep_progress_end(SweepProgress *progress) { (void)progress; }
