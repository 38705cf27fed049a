/* predict_table: the CSV that nnexp predict writes: its columns, its cells, and the file, which appears whole or not at
 * all. */
#ifndef NNEXP_EXPERIMENT_PREDICT_TABLE_H
#define NNEXP_EXPERIMENT_PREDICT_TABLE_H

#include "base/file.h"
#include "experiment/predictor.h"

#include <stdio.h>

typedef struct PredictTable {
    FILE *file;
    const char *path;           /* NULL: standard output */
    char temporary[PATH_BYTES]; /* the file until it is whole */
    bool begun;                 /* the row has a cell */
} PredictTable;

/* `path` must outlive the table. */
bool predict_table_open(PredictTable *table, const char *path, Error *err);
/* Closes the file and, with `whole`, gives it its name; else removes it. */
bool predict_table_close(PredictTable *table, bool whole, Error *err);

/* A cell of prefix, text and suffix, quoted where RFC 4180 wants it. */
void predict_table_text(PredictTable *table, const char *prefix, const char *text, const char *suffix);
void predict_table_number(PredictTable *table, double value);
void predict_table_end_row(PredictTable *table);

/* The names of predict_table_prediction's and predict_table_truth's cells: `predicted`, `p_NAME` (`score_NAME`); NAME_predicted. */
void predict_table_prediction_names(PredictTable *table, const Predictor *predictor);
void predict_table_prediction(PredictTable *table, const Predictor *predictor, int class, const double *value);
/* `true`; NAME_true. */
void predict_table_truth_names(PredictTable *table, const Dataset *shape);
void predict_table_truth(PredictTable *table, const Dataset *shape, const View *view, size_t row);

#endif
