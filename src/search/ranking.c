/* ranking: see ranking.h. */
#include "search/ranking.h"

void ranking_print(const SweepPlan *plan, const CellOutcome *outcome, FILE *out) {
    for (int64_t cell = 0; cell < plan->cells; cell++) {
        char axes[256];
        plan_describe(plan, cell, axes, sizeof axes);
        fprintf(out, "%s  %s  %.4g\n", axes, cell_status_name[outcome[cell].status], outcome[cell].val_loss);
    }
}
