/* predict_table: see predict_table.h. */
#include "experiment/predict_table.h"

#include "base/text.h"

#include <errno.h>
#include <string.h>

/* ---- the file ------------------------------------------------------------------------------------------ */

bool predict_table_open(PredictTable *table, const char *path, Error *err) {
    *table = (PredictTable){.file = stdout, .path = path};
    if (!path) return true;
    if (strlen(path) + 8 > PATH_BYTES) return fail(err, "%.60s…: the path is too long", path);
    snprintf(table->temporary, sizeof table->temporary, "%s.tmp", path);
    table->file = fopen(table->temporary, "we");
    return table->file || fail(err, "%s: cannot write: %s", path, strerror(errno));
}

bool predict_table_close(PredictTable *table, bool whole, Error *err) {
    if (!table->path) return true; /* what went wrong on standard output is told at the end of the program */
    bool written = !ferror(table->file);
    written = fclose(table->file) == 0 && written;
    if (whole && written && file_sync(table->temporary, err) && file_rename(table->temporary, table->path, err))
        return true;
    if (whole && !written) fail(err, "%s: cannot write; make room there, or choose another file", table->path);
    Error ignored = {0};
    file_remove(table->temporary, &ignored);
    return !whole;
}

/* ---- cells --------------------------------------------------------------------------------------------- */

static void next_cell(PredictTable *table) {
    if (table->begun) fputc(',', table->file);
    table->begun = true;
}

static bool needs_quotes(const char *text) {
    size_t length = strlen(text);
    return length == 0 || strpbrk(text, ",\"\r\n") || strchr(" \t", text[0]) || strchr(" \t", text[length - 1]);
}

void predict_table_text(PredictTable *table, const char *prefix, const char *text, const char *suffix) {
    FILE *file = table->file;
    bool quotes = needs_quotes(text);
    next_cell(table);
    fprintf(file, "%s%s", quotes ? "\"" : "", prefix);
    for (; *text; text++) {
        if (*text == '"') fputc('"', file);
        fputc(*text, file);
    }
    fprintf(file, "%s%s", suffix, quotes ? "\"" : "");
}

void predict_table_number(PredictTable *table, double value) {
    char text[32];
    text_print(text, sizeof text, value);
    next_cell(table);
    fputs(text, table->file);
}

void predict_table_end_row(PredictTable *table) {
    fputc('\n', table->file);
    table->begun = false;
}

/* ---- predictions --------------------------------------------------------------------------------------- */

void predict_table_prediction_names(PredictTable *table, const Predictor *predictor) {
    const Dataset *shape = &predictor->shape;
    bool scores = loss_of(&predictor->settings.train.loss)->link == LINK_NONE;
    for (int k = 0; k < shape->targets; k++) predict_table_text(table, "", shape->target_name[k], "_predicted");
    if (shape->targets) return;
    predict_table_text(table, "", "predicted", "");
    for (int c = 0; c < shape->classes; c++)
        predict_table_text(table, scores ? "score_" : "p_", shape->class_name[c], "");
}

void predict_table_prediction(PredictTable *table, const Predictor *predictor, int class, const double *value) {
    int values = predictor_values(predictor);
    if (predictor->shape.classes)
        predict_table_text(table, "", class < 0 ? "nan" : predictor->shape.class_name[class], "");
    for (int i = 0; i < values; i++) predict_table_number(table, value[i]);
}

void predict_table_truth_names(PredictTable *table, const Dataset *shape) {
    for (int k = 0; k < shape->targets; k++) predict_table_text(table, "", shape->target_name[k], "_true");
    if (shape->classes) predict_table_text(table, "", "true", "");
}

void predict_table_truth(PredictTable *table, const Dataset *shape, const View *view, size_t row) {
    size_t targets = (size_t)shape->targets;
    if (shape->classes) predict_table_text(table, "", shape->class_name[view->label[row]], "");
    for (size_t k = 0; k < targets; k++) predict_table_number(table, (double)view->target[row * targets + k]);
}
