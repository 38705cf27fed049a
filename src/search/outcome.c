/* outcome: see outcome.h. */
#include "search/outcome.h"

#include "base/file.h"
#include "base/json.h"
#include "base/text.h"
#include "observe/writer.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

const char *const cell_status_name[CELL_STATUSES] = {
    [CELL_MISSING] = "missing",   [CELL_UNFINISHED] = "unfinished",       [CELL_FAILED] = "failed",
    [CELL_FINISHED] = "finished", [CELL_STOPPED_EARLY] = "stopped_early", [CELL_DIVERGED] = "diverged",
    [CELL_HALVED] = "halved"};

/* The file's text, or NULL. The caller frees it. */
static char *text_of(const char *directory, const char *name) {
    char path[PATH_BYTES], *text;
    size_t size;
    Error ignored = {0};
    return path_join(path, directory, name, &ignored) && file_exists(path) && file_read(path, &text, &size, &ignored)
               ? text
               : NULL;
}

/* ---- epochs.csv ------------------------------------------------------------------------------------------- */

enum { COLUMN_EPOCH, COLUMN_TRAIN_LOSS, COLUMN_VAL_LOSS, COLUMN_VAL_ACCURACY, COLUMN_VAL_RMSE, COLUMNS };
static const char *const column_name[COLUMNS] = {"epoch", "train_loss", "val_loss", "val_accuracy", "val_rmse"};

/* The places of the columns in the header; -1: there is none. */
static void find_columns(const char *header, int *place /* [COLUMNS] */) {
    for (int c = 0; c < COLUMNS; c++) place[c] = -1;
    for (int i = 0; *header && *header != '\n'; i++) {
        size_t length = strcspn(header, ",\n");
        for (int c = 0; c < COLUMNS; c++)
            if (strlen(column_name[c]) == length && strncmp(header, column_name[c], length) == 0) place[c] = i;
        header += length + (header[length] == ',');
    }
}

static double cell_at(const char *row, int place) {
    if (place < 0) return NAN;
    for (; place > 0; place--) row += strcspn(row, ",\n") + 1;
    return strtod(row, NULL);
}

/* Reads rows up to `epoch`; a row without its end is none. Returns whether there is any; *reached: the epoch is. */
static bool read_epochs(const char *text, int64_t epoch, CellOutcome *out, bool *reached) {
    int place[COLUMNS];
    bool any = false;
    double best = INFINITY;
    find_columns(text, place);
    *reached = false;
    out->rmse = place[COLUMN_VAL_RMSE] >= 0;
    for (const char *row = strchr(text, '\n'); row && strchr(++row, '\n') && !*reached; row = strchr(row, '\n')) {
        any = true;
        out->epochs = (int64_t)cell_at(row, place[COLUMN_EPOCH]);
        out->train_loss = cell_at(row, place[COLUMN_TRAIN_LOSS]);
        out->val_loss = cell_at(row, place[COLUMN_VAL_LOSS]);
        out->val_score = cell_at(row, place[out->rmse ? COLUMN_VAL_RMSE : COLUMN_VAL_ACCURACY]);
        if (out->val_loss < best) out->best_epoch = out->epochs;
        best = fmin(best, out->val_loss);
        *reached = out->epochs >= epoch;
    }
    return any;
}

/* ---- summary.json ----------------------------------------------------------------------------------------- */

/* The status that the summary gives; CELL_UNFINISHED where there is none that can be read. */
static CellStatus read_summary(const char *directory) {
    char *text = text_of(directory, "summary.json");
    Error ignored = {0};
    Json *json = text ? json_parse(text, strlen(text), &ignored) : NULL;
    const Json *status = json && json_type(json) == JSON_OBJECT ? json_get(json, "status") : NULL;
    CellStatus found = CELL_UNFINISHED;
    for (CellStatus s = CELL_FINISHED; status && json_type(status) == JSON_TEXT && s <= CELL_DIVERGED; s++)
        if (strcmp(json_text(status), cell_status_name[s]) == 0) found = s;
    json_free(json);
    free(text);
    return found;
}

/* ---- a cell ------------------------------------------------------------------------------------------------ */

static const CellOutcome nothing = {CELL_MISSING, 0, -1, NAN, NAN, NAN, false};

static bool look(const char *directory, int64_t epoch, CellOutcome *out, bool *reached) {
    char *epochs = text_of(directory, log_file_name[LOG_EPOCHS]);
    *out = nothing;
    *reached = false;
    bool any = epochs && read_epochs(epochs, epoch, out, reached);
    free(epochs);
    if (any) out->status = read_summary(directory);
    char *error = out->status < CELL_FAILED ? text_of(directory, CELL_ERROR_FILE) : NULL;
    if (error) out->status = CELL_FAILED;
    free(error);
    return any;
}

CellOutcome outcome_read(const char *directory) {
    CellOutcome outcome;
    bool reached;
    look(directory, INT64_MAX, &outcome, &reached);
    return outcome;
}

bool outcome_at(const char *directory, int64_t epoch, CellOutcome *out) {
    bool reached;
    return look(directory, epoch, out, &reached) && (reached || cell_complete(out));
}
