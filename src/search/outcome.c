/* outcome: see outcome.h. */
#include "search/outcome.h"

#include "base/json.h"
#include "experiment/model_file.h"
#include "experiment/run_directory.h"
#include "observe/writer.h"
#include "search/whole.h"

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

/* The places of the columns in the header; -1: there is none. Returns how many columns the header has. */
static int find_columns(const char *header, int *place /* [COLUMNS] */) {
    int i;
    for (int c = 0; c < COLUMNS; c++) place[c] = -1;
    for (i = 0; *header && *header != '\n'; i++) {
        size_t length = strcspn(header, ",\n");
        for (int c = 0; c < COLUMNS; c++)
            if (strlen(column_name[c]) == length && strncmp(header, column_name[c], length) == 0) place[c] = i;
        header += length + (header[length] == ',');
    }
    return i;
}

/* As the logs print it: a number, nan, inf or -inf, and nothing beside it. */
static bool read_figure(const char *text, size_t length, double *out) {
    char *end;
    if (length == 0 || strchr(" \t\r", text[0])) return false;
    *out = strtod(text, &end);
    return end == text + length;
}

/* The numbers of a row at the columns' places; nan where there is no such column. False for a row that has no end, too
 * few or too many cells, or something else than a number in those: one cut short, or none. */
static bool read_row(const char *row, const int *place, int width, double *value /* [COLUMNS] */) {
    if (!strchr(row, '\n')) return false;
    for (int c = 0; c < COLUMNS; c++) value[c] = NAN;
    for (int i = 0; i < width; i++) {
        size_t length = strcspn(row, ",\n");
        if (row[length] != (i < width - 1 ? ',' : '\n')) return false;
        for (int c = 0; c < COLUMNS; c++)
            if (place[c] == i && !read_figure(row, length, &value[c])) return false;
        row += length + 1;
    }
    return true;
}

static void take_row(const double *value, CellOutcome *out) {
    out->epochs = (int64_t)value[COLUMN_EPOCH];
    out->train_loss = value[COLUMN_TRAIN_LOSS];
    out->val_loss = value[COLUMN_VAL_LOSS];
    out->val_score = value[out->rmse ? COLUMN_VAL_RMSE : COLUMN_VAL_ACCURACY];
}

/* Reads rows up to `epoch`: one an epoch, from 0; what comes after one that is missing or cut short is not looked at.
 * Returns whether there is any; *reached: the epoch is. */
static bool read_epochs(const char *text, int64_t epoch, CellOutcome *out, bool *reached) {
    int place[COLUMNS], width = find_columns(text, place);
    double best = INFINITY, value[COLUMNS];
    int64_t rows = 0;
    *reached = false;
    out->rmse = place[COLUMN_VAL_RMSE] >= 0;
    for (const char *row = strchr(text, '\n'); row && place[COLUMN_EPOCH] >= 0 && !*reached;
         row = strchr(row, '\n')) {
        if (!read_row(++row, place, width, value) || value[COLUMN_EPOCH] != (double)rows) break;
        take_row(value, out);
        rows++;
        if (out->val_loss < best) out->best_epoch = out->epochs;
        best = fmin(best, out->val_loss);
        *reached = out->epochs >= epoch;
    }
    return rows > 0;
}

/* ---- summary.json ----------------------------------------------------------------------------------------- */

/* The status that the summary gives; CELL_UNFINISHED where there is none that can be read. *epochs: those that it says;
 * -1: it says nothing of them. */
static CellStatus read_summary(const char *directory, int64_t *epochs) {
    char *text = text_of(directory, "summary.json");
    Error ignored = {0};
    Json *json = text ? json_parse(text, strlen(text), &ignored) : NULL;
    const Json *status = json && json_type(json) == JSON_OBJECT ? json_get(json, "status") : NULL;
    CellStatus found = CELL_UNFINISHED;
    for (CellStatus s = CELL_FINISHED; status && json_type(status) == JSON_TEXT && s <= CELL_DIVERGED; s++)
        if (strcmp(json_text(status), cell_status_name[s]) == 0) found = s;
    const Json *done = found == CELL_UNFINISHED ? NULL : json_get(json, "epochs");
    *epochs = done && json_type(done) == JSON_NUMBER ? (int64_t)json_number(done) : -1;
    json_free(json);
    free(text);
    return found;
}

/* The same, where the other files are whole. */
static CellStatus read_end(const char *directory) {
    int64_t epochs;
    CellStatus status = read_summary(directory, &epochs);
    return status != CELL_UNFINISHED && whole_damaged(directory, epochs) ? CELL_UNFINISHED : status;
}

const char *outcome_damaged(const char *directory) {
    int64_t epochs;
    read_summary(directory, &epochs);
    return whole_damaged(directory, epochs);
}

/* ---- a cell ------------------------------------------------------------------------------------------------ */

static const CellOutcome nothing = {CELL_MISSING, 0, -1, NAN, NAN, NAN, false};

static bool has_failed(const char *directory) {
    char path[PATH_BYTES];
    Error ignored = {0};
    return path_join(path, directory, RUN_ERROR_FILE, &ignored) && file_exists(path);
}

/* Whether something else than a directory that can be opened stands in the cell's place. */
static bool is_in_the_way(const char *directory) {
    bool exists, empty;
    Error ignored = {0};
    return !directory_state(directory, &exists, &empty, &ignored);
}

static bool look(const char *directory, int64_t epoch, CellOutcome *out, bool *reached) {
    char *epochs = text_of(directory, log_file_name[LOG_EPOCHS]);
    *out = nothing;
    *reached = false;
    bool any = epochs && read_epochs(epochs, epoch, out, reached);
    free(epochs);
    if (any) out->status = read_end(directory);
    if (out->status < CELL_FAILED && (has_failed(directory) || is_in_the_way(directory))) out->status = CELL_FAILED;
    return any;
}

CellOutcome outcome_read(const char *directory) {
    CellOutcome outcome;
    bool reached;
    look(directory, INT64_MAX, &outcome, &reached);
    return outcome;
}

/* Whether the run was left there, or later, to go on: its rows are written before it is known how the epoch ended, so that
 * a process that was killed in between may leave the rows of a run that had diverged there, and nothing that says so. */
static bool left_at(const char *directory, int64_t epoch) {
    char path[PATH_BYTES];
    RunState state = run_state_start();
    Error ignored = {0};
    return path_join(path, directory, run_file_name[RUN_CHECKPOINT], &ignored) &&
           checkpoint_state(path, &state, &ignored) && state.status == RUN_RUNNING && state.epoch >= epoch;
}

bool outcome_at(const char *directory, int64_t epoch, CellOutcome *out) {
    bool reached;
    if (!look(directory, epoch, out, &reached)) return false;
    return cell_complete(out) || (reached && left_at(directory, epoch));
}
