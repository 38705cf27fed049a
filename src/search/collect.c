/* collect: see collect.h. */
#include "search/collect.h"

#include <stdlib.h>
#include <string.h>

bool collect_plan(const Sweep *sweep, Error *err) {
    char path[PATH_BYTES];
    if (!directory_create(sweep->directory, err) || !path_join(path, sweep->directory, "sweep.json", err))
        return false;
    Json *json = plan_show(sweep->plan);
    char *text = json_print(json, true);
    bool ok = file_write_atomic(path, text, strlen(text), err);
    free(text);
    json_free(json);
    return ok;
}

void collect_outcomes(const Sweep *sweep, CellOutcome *out) {
    for (int64_t cell = 0; cell < sweep->plan->cells; cell++) out[cell] = sweep_outcome(sweep, cell);
}

bool collect_write(const Sweep *sweep, const CellOutcome *outcome, Error *err) {
    char path[PATH_BYTES];
    return path_join(path, sweep->directory, "sweep.csv", err) && sweep_table_write(sweep, outcome, path, err);
}
