/* predict_table: the columns of the CSV that nnexp predict writes. */
#ifndef NNEXP_EXPERIMENT_PREDICT_TABLE_H
#define NNEXP_EXPERIMENT_PREDICT_TABLE_H

#include "base/csv_out.h"
#include "experiment/predictor.h"

/* The names of predict_table_prediction's and predict_table_truth's cells: `predicted`, `p_NAME` (`score_NAME`);
 * NAME_predicted. */
void predict_table_prediction_names(CsvOut *out, const Predictor *predictor);
void predict_table_prediction(CsvOut *out, const Predictor *predictor, int class, const double *value);
/* `true`; NAME_true. */
void predict_table_truth_names(CsvOut *out, const Dataset *shape);
void predict_table_truth(CsvOut *out, const Dataset *shape, const View *view, size_t row);

#endif
