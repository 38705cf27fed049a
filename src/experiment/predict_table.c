/* predict_table: see predict_table.h. */
#include "experiment/predict_table.h"

#include "base/text.h"

#include <errno.h>
#include <string.h>

void predict_table_prediction_names(CsvOut *out, const Predictor *predictor) {
    const Dataset *shape = &predictor->shape;
    bool scores = loss_of(&predictor->settings.train.loss)->link == LINK_NONE;
    for (int k = 0; k < shape->targets; k++) csv_out_text(out, "", shape->target_name[k], "_predicted");
    if (shape->targets) return;
    csv_out_text(out, "", "predicted", "");
    for (int c = 0; c < shape->classes; c++) csv_out_text(out, scores ? "score_" : "p_", shape->class_name[c], "");
}

void predict_table_prediction(CsvOut *out, const Predictor *predictor, int class, const double *value) {
    int values = predictor_values(predictor);
    if (predictor->shape.classes) csv_out_text(out, "", class < 0 ? "nan" : predictor->shape.class_name[class], "");
    for (int i = 0; i < values; i++) csv_out_number(out, value[i]);
}

void predict_table_truth_names(CsvOut *out, const Dataset *shape) {
    for (int k = 0; k < shape->targets; k++) csv_out_text(out, "", shape->target_name[k], "_true");
    if (shape->classes) csv_out_text(out, "", "true", "");
}

void predict_table_truth(CsvOut *out, const Dataset *shape, const View *view, size_t row) {
    size_t targets = (size_t)shape->targets;
    if (shape->classes) csv_out_text(out, "", shape->class_name[view->label[row]], "");
    for (size_t k = 0; k < targets; k++) csv_out_number(out, (double)view->target[row * targets + k]);
}
