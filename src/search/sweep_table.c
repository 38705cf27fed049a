/* sweep_table: see sweep_table.h. */
#include "search/sweep_table.h"

#include "base/csv_out.h"

#include <stdlib.h>

static void put_axes(CsvOut *csv, const SweepPlan *plan, int64_t cell) {
    for (int i = 0; i < plan->axes; i++) {
        Json *value = plan_value(plan, cell, i);
        char *text = axis_text(value);
        csv_out_text(csv, "", text, "");
        free(text);
        json_free(value);
    }
}

static void put_header(CsvOut *csv, const SweepPlan *plan, const char *const *last) {
    csv_out_text(csv, "", "cell", "");
    for (int i = 0; i < plan->axes; i++) csv_out_text(csv, "", plan->axis[i].key, "");
    for (; *last; last++) csv_out_text(csv, "", *last, "");
    csv_out_end_row(csv);
}

static void put_figures(CsvOut *csv, const CellOutcome *outcome) {
    csv_out_number(csv, (double)outcome->epochs);
    csv_out_number(csv, outcome->best_epoch < 0 ? NAN : (double)outcome->best_epoch);
    csv_out_number(csv, outcome->train_loss);
    csv_out_number(csv, outcome->val_loss);
    csv_out_number(csv, outcome->val_score);
}

static void write_rows(const Sweep *sweep, const CellOutcome *outcome, const char *const *columns, bool figures,
                       FILE *out) {
    CsvOut csv = csv_out_on(out);
    put_header(&csv, sweep->plan, columns);
    for (int64_t cell = 0; cell < sweep->plan->cells; cell++) {
        char name[CELL_NAME_BYTES];
        if (!figures && sweep->chosen && !sweep->chosen[cell]) continue; /* a list of some cells */
        csv_out_number(&csv, (double)cell + 1);
        put_axes(&csv, sweep->plan, cell);
        csv_out_text(&csv, "", cell_status_name[outcome[cell].status], "");
        if (figures) put_figures(&csv, &outcome[cell]);
        cell_directory(&sweep->identity[cell], name);
        csv_out_text(&csv, "", name, "");
        csv_out_end_row(&csv);
    }
}

void sweep_table_write(const Sweep *sweep, const CellOutcome *outcome, FILE *out) {
    bool regression = false;
    for (int64_t cell = 0; cell < sweep->plan->cells; cell++) regression = regression || outcome[cell].rmse;
    const char *const columns[] = {"status",     "epochs",   "best_epoch",
                                   "train_loss", "val_loss", regression ? "val_rmse" : "val_accuracy",
                                   "dir",        NULL};
    write_rows(sweep, outcome, columns, true, out);
}

void sweep_table_list(const Sweep *sweep, const CellOutcome *outcome, FILE *out) {
    static const char *const columns[] = {"status", "dir", NULL};
    write_rows(sweep, outcome, columns, false, out);
}
