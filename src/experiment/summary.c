/* summary: see summary.h. */
#include "experiment/summary.h"

#include "base/json.h"
#include "base/linalg.h"
#include "experiment/version.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

/* ---- evidence ------------------------------------------------------------------------------------------ */

/* Adds each row's distances from `centre`, or their squares, to sum[features]: along the rows, as they lie in memory. */
static void add_distances(const Dataset *data, const double *centre, bool squared, double *sum) {
    size_t features = (size_t)data->features;
    for (size_t r = 0; r < data->train.rows; r++) {
        const real *row = data->train.x + r * features;
        for (size_t f = 0; f < features; f++) {
            double distance = (double)row[f] - centre[f];
            sum[f] += squared ? distance * distance : distance;
        }
    }
}

/* centre[features] = the columns' means, squares[features] = their sums of squared distances from them; both zero
 * before. A constant column's are exactly its value and 0: in double the sum of so many equal floats is exact. */
static void column_moments(const Dataset *data, double *centre, double *squares) {
    add_distances(data, squares, false, centre); /* from 0 */
    for (int f = 0; f < data->features; f++) centre[f] /= (double)data->train.rows;
    add_distances(data, centre, true, squares);
}

/* The largest std of the prepared input columns, also over the smallest, and the largest abs(mean)/std; constant
 * columns out. 0, 1 and 0 when there is no other. */
static bool input_scales(const Dataset *data, Evidence *out) {
    double largest = 0, smallest = INFINITY;
    size_t features = (size_t)data->features;
    double *centre = calloc(2 * features, sizeof *centre);
    if (!centre) return false;
    double *squares = centre + features;
    column_moments(data, centre, squares);
    out->input_scale_ratio = 1;
    out->input_mean_ratio = 0;
    for (size_t f = 0; f < features; f++) {
        double deviation = sqrt(squares[f] / (double)data->train.rows);
        if (!(deviation > 0)) continue;
        largest = fmax(largest, deviation);
        smallest = fmin(smallest, deviation);
        out->input_mean_ratio = fmax(out->input_mean_ratio, fabs(centre[f]) / deviation);
    }
    free(centre);
    out->input_std = largest;
    if (largest > 0) out->input_scale_ratio = largest / smallest;
    return true;
}

static double decoupled_decay(const Choice *optimizer) {
    const Optimizer *row = optimizer_of(optimizer);
    return row->decoupled_decay ? row->decoupled_decay(choice_params(optimizer)) : 0;
}

static Chosen chosen(const Settings *settings, const Dataset *data) {
    const ModelSettings *model = &settings->model;
    const TrainSettings *train = &settings->train;
    Chosen out = {.bias_init = model->bias_init.variant->name,
                  .norm = model->norm.variant->name,
                  .batch = settings_batch_rows(settings, data->train.rows),
                  .clip_norm = train->clip_norm,
                  .dropout = model->dropout,
                  .weight_decay = train->weight_decay,
                  .decoupled_decay = decoupled_decay(&train->optimizer),
                  .early_stop = train->early_stop.on,
                  .class_weight = train->class_weight_count > 0};
    for (int layer = 0; layer < model->hidden_count; layer++)
        out.init[layer] = model->init[model->init_count > 1 ? layer : 0].variant->name;
    out.init[model->hidden_count] = model->output_init[0].variant->name;
    for (int i = 0; i < settings->preprocess_count; i++) out.preprocess[i] = settings->preprocess[i].variant->name;
    return out;
}

static void class_rows(const Dataset *data, int64_t *rows) {
    for (size_t r = 0; data->train.label && r < data->train.rows; r++) rows[data->train.label[r]]++;
}

static bool read_log(const RunDirectory *directory, LogFile file, Table *out, Error *err) {
    char path[PATH_BYTES];
    return path_join(path, directory->path, log_file_name[file], err) && table_read(path, out, err);
}

bool summary_findings(const RunDirectory *directory, const Trainer *trainer, const RunState *state, Finding *found,
                      int *count, Error *err) {
    const Dataset *data = trainer->data;
    const TrainSettings *train = &trainer->settings->train;
    Table epochs = {0}, layers = {0};
    *count = 0;
    bool ok = read_log(directory, LOG_EPOCHS, &epochs, err) && read_log(directory, LOG_LAYERS, &layers, err);
    int64_t *rows = calloc((size_t)data->classes + 1, sizeof *rows);
    if (!rows) ok = fail(err, "no memory to review the logs");
    if (ok) {
        class_rows(data, rows);
        Evidence evidence = {.epochs = &epochs,
                             .layers = &layers,
                             .classification = data->task == TASK_CLASSIFICATION,
                             .has_validation = data->validation.rows > 0,
                             .classes = data->classes,
                             .class_rows = rows,
                             .train_rows = (int64_t)data->train.rows,
                             .lr = train->lr,
                             .chosen = chosen(trainer->settings, data),
                             .optimizer = train->optimizer.variant->name,
                             .status = run_status_name[state->status]};
        ok = input_scales(data, &evidence) || fail(err, "no memory to review the inputs");
        if (ok) *count = findings_review(&evidence, found);
    }
    free(rows);
    table_free(&epochs);
    table_free(&layers);
    return ok;
}

/* ---- the document -------------------------------------------------------------------------------------- */

static Json *number(double value) { return isfinite(value) ? json_new_number(value) : json_new_null(); }

static void set_score(Json *object, const char *prefix, double loss, double accuracy, bool classification) {
    char key[64];
    snprintf(key, sizeof key, "%s_loss", prefix);
    json_set(object, key, number(loss));
    snprintf(key, sizeof key, "%s_%s", prefix, classification ? "accuracy" : "rmse");
    json_set(object, key, number(accuracy));
}

static Json *row_json(const EpochRow *row, bool classification) {
    Json *json = json_new_object();
    json_set(json, "epoch", json_new_number((double)row->epoch));
    json_set(json, "lr", number(row->lr));
    set_score(json, "train", row->train_loss, row->train_accuracy, classification);
    set_score(json, "val", row->val_loss, row->val_accuracy, classification);
    json_set(json, "grad_norm", number(row->grad_norm));
    json_set(json, "weight_norm", number(row->weight_norm));
    json_set(json, "update_ratio", number(row->update_ratio));
    return json;
}

static Json *diverged_json(const RunState *state) {
    if (state->status != RUN_DIVERGED) return json_new_null();
    Json *json = json_new_object();
    bool not_finite = state->diverged == DIVERGED_NOT_FINITE;
    json_set(json, "by", json_new_text(not_finite ? "not_finite" : "loss_limit"));
    json_set(json, "epoch", json_new_number((double)state->diverged_epoch));
    json_set(json, "step", json_new_number((double)state->diverged_step));
    bool layer = not_finite && state->not_finite.layer > 0;
    json_set(json, "layer", layer ? json_new_number(state->not_finite.layer) : json_new_null());
    json_set(json, "tensor", json_new_text(not_finite ? state->not_finite.tensor : "loss"));
    return json;
}

static Json *findings_json(const Finding *found, int count) {
    Json *list = json_new_array();
    for (int i = 0; i < count; i++) {
        Json *json = json_new_object();
        json_set(json, "name", json_new_text(found[i].name));
        json_set(json, "severity", json_new_text(severity_name[found[i].severity]));
        json_set(json, "epoch", found[i].epoch < 0 ? json_new_null() : json_new_number((double)found[i].epoch));
        json_set(json, "layer", found[i].layer ? json_new_number(found[i].layer) : json_new_null());
        json_set(json, "evidence", json_new_text(found[i].evidence));
        json_set(json, "remedy", json_new_text(found[i].remedy));
        json_append(list, json);
    }
    return list;
}

static Json *data_json(const Dataset *data) {
    Json *json = json_new_object();
    json_set(json, "features", json_new_number(data->features));
    json_set(json, "train_rows", json_new_number((double)data->train.rows));
    json_set(json, "validation_rows", json_new_number((double)data->validation.rows));
    json_set(json, "test_rows", json_new_number((double)data->test.rows));
    Json *names = json_new_array();
    bool classification = data->task == TASK_CLASSIFICATION;
    for (int i = 0; i < (classification ? data->classes : data->targets); i++)
        json_append(names, json_new_text(classification ? data->class_name[i] : data->target_name[i]));
    json_set(json, classification ? "classes" : "targets", names);
    return json;
}

static Json *versions_json(void) {
    Json *json = json_new_object();
    json_set(json, "nnexp", json_new_text(NNEXP_VERSION));
    json_set(json, "blas", json_new_text(linalg_version()));
    json_set(json, "kernel", json_new_text(linalg_kernel()));
    json_set(json, "compiler", json_new_text(version_compiler()));
    return json;
}

static double parameter_count(const Network *network) {
    size_t count = 0;
    for (int s = 0; s < network->segments; s++) count += network->segment[s].count;
    return (double)count;
}

static Json *document(const Trainer *trainer, const RunState *state, Score test, const Finding *found, int count) {
    const Dataset *data = trainer->data;
    bool classification = data->task == TASK_CLASSIFICATION;
    Json *json = json_new_object();
    json_set(json, "name", json_new_text(trainer->settings->name));
    json_set(json, "status", json_new_text(run_status_name[state->status]));
    json_set(json, "epochs", json_new_number((double)state->epoch));
    json_set(json, "steps", json_new_number((double)state->step));
    json_set(json, "parameters", json_new_number(parameter_count(&trainer->network)));
    json_set(json, "best_epoch",
             state->best.epoch < 0 ? json_new_null() : json_new_number((double)state->best.epoch));
    json_set(json, "best", state->best.epoch < 0 ? json_new_null() : row_json(&state->best, classification));
    json_set(json, "final", row_json(&state->last, classification));
    if (data->test.rows) set_score(json, "test", test.loss, test.accuracy, classification);
    json_set(json, "diverged", diverged_json(state));
    json_set(json, "findings", findings_json(found, count));
    json_set(json, "data", data_json(data));
    json_set(json, "versions", versions_json());
    return json;
}

bool summary_write(const RunDirectory *directory, const Trainer *trainer, const RunState *state, Score test,
                   const Finding *found, int count, Error *err) {
    Json *json = document(trainer, state, test, found, count);
    char *text = json_print(json, true);
    bool ok = run_directory_write(directory, RUN_SUMMARY, text, strlen(text), err);
    free(text);
    json_free(json);
    return ok;
}
