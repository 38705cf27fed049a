/* settings: see settings.h. The keys are in settings_fields.c, the checks in settings_check.c. */
#include "experiment/settings.h"

#include "base/file.h"
#include "base/text.h"
#include "config/read.h"
#include "config/show.h"
#include "experiment/document.h"
#include "nn/loss.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

/* ---- reading ----------------------------------------------------------------------------------------- */

/* Defaults that depend on other keys. */
static void resolve(Settings *settings, const char *path) {
    if (!*settings->name) {
        char stem[PATH_BYTES];
        path_stem(stem, path);
        text_copy(settings->name, sizeof settings->name, stem);
    }
    if (strcmp(settings->data.delimiter, "\\t") == 0) strcpy(settings->data.delimiter, "\t"); /* as shells pass it */
    if (isnan(settings->train.lr)) settings->train.lr = optimizer_of(&settings->train.optimizer)->lr;
    ModelSettings *model = &settings->model;
    if (model->output_init_count == 0 && model->init_count > 0) {
        model->output_init[0] = model->init[model->init_count - 1];
        model->output_init_count = 1;
    }
}

bool settings_read_keys(const Json *document, const char *path, Settings *out, Error *err) {
    if (!config_read(document, settings_fields, "", out, err)) return false;
    resolve(out, path);
    return settings_check(out, err);
}

bool settings_read(const Json *document, const char *path, Settings *out, Error *err) {
    Error inner = {0};
    bool ok = settings_read_keys(document, path, out, &inner);
    if (!ok) error_prefix(&inner, "%s: ", path);
    error_move(err, &inner);
    return ok;
}

bool settings_load(const char *path, const char *const *assignments, int count, Settings *out, Error *err) {
    Json *document = document_load(path, assignments, count, err);
    if (!document) return false;
    json_free(document_take_sweep(document));
    bool ok = settings_read(document, path, out, err);
    json_free(document);
    return ok;
}

Json *settings_show(const Settings *settings) { return config_show(settings_fields, settings); }

/* ---- what the layers below want to know -------------------------------------------------------------- */

ImageShape settings_image(const Settings *settings) {
    const ImageSettings *image = &settings->data.image;
    if (!image->on) return (ImageShape){0};
    return (ImageShape){(int)image->height, (int)image->width, (int)image->channels, (ImageLayout)image->layout,
                        image->max};
}

DataRequest settings_data_request(const Settings *settings) {
    const DataSettings *data = &settings->data;
    DataRequest request = {.validation = data->validation,
                           .label_count = data->label_count,
                           .task = (Task)data->task,
                           .train_rows = data->train_rows,
                           .csv = {(CsvHeader)data->header, data->delimiter[0], (CsvMissing)data->missing},
                           .ignore_count = data->ignore_count,
                           .categorical_count = data->categorical_count,
                           .weight_count = data->weight_count,
                           .split_seed = data->split_seed,
                           .image = settings_image(settings),
                           .preprocess_count = settings->preprocess_count,
                           .augment_count = settings->augment_count};
    memcpy(request.file, data->file, sizeof request.file);
    memcpy(request.test, data->test, sizeof request.test);
    memcpy(request.label, data->label, sizeof request.label);
    memcpy(request.ignore, data->ignore, sizeof request.ignore);
    memcpy(request.categorical, data->categorical, sizeof request.categorical);
    memcpy(request.weight, data->weight, sizeof request.weight);
    request.categories = data->categories;
    memcpy(request.preprocess, settings->preprocess, sizeof request.preprocess);
    memcpy(request.augment, settings->augment, sizeof request.augment);
    return request;
}

NetworkPlan settings_network_plan(const Settings *settings, const Dataset *data) {
    const ModelSettings *model = &settings->model;
    bool classification = data->task == TASK_CLASSIFICATION;
    int outputs = loss_outputs(&settings->train.loss, classification, classification ? data->classes : data->targets);
    NetworkPlan plan = {.features = data->features,
                        .hidden_layers = model->hidden_count,
                        .outputs = outputs,
                        .bias_init = model->bias_init,
                        .norm = model->norm,
                        .dropout = model->dropout};
    for (int i = 0; i < model->hidden_count; i++) {
        plan.hidden[i] = (int)model->hidden[i];
        plan.activation[i] = model->activation[model->activation_count == 1 ? 0 : i];
        plan.init[i] = model->init[model->init_count == 1 ? 0 : i];
    }
    plan.init[model->hidden_count] = model->output_init[0];
    return plan;
}

StepPlan settings_step_plan(const Settings *settings) {
    const TrainSettings *train = &settings->train;
    return (StepPlan){.optimizer = train->optimizer,
                      .weight_decay = train->weight_decay,
                      .l1 = train->l1,
                      .clip_norm = train->clip_norm};
}

LogPlan settings_log_plan(const Settings *settings, const Dataset *data) {
    const LogSettings *log = &settings->log;
    return (LogPlan){.classification = data->task == TASK_CLASSIFICATION,
                     .histograms = log->histograms,
                     .steps = log->steps || log->path.count > 0,
                     .path = &log->path};
}

int64_t settings_batch_rows(const Settings *settings, size_t train_rows) {
    int64_t batch = settings->train.batch;
    return batch == 0 || batch > (int64_t)train_rows ? (int64_t)train_rows : batch;
}

int64_t settings_steps_per_epoch(const Settings *settings, size_t train_rows) {
    int64_t batch = settings_batch_rows(settings, train_rows), rows = (int64_t)train_rows;
    return settings->train.drop_last ? rows / batch : (rows + batch - 1) / batch;
}
