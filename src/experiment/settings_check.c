/* settings_check: the checks of a config that look at several keys, or at keys and data. Pure: nothing is
 * read, changed or written, but for what only the data can say (settings_meet_data). */
#include "experiment/settings.h"

#include "base/text.h"
#include "data/categories.h"
#include "data/encoding.h"
#include "nn/loss.h"
#include "nn/parameter.h"

#include <limits.h>
#include <stdlib.h>
#include <string.h>

static const char *plural(int count) { return count == 1 ? "" : "s"; }

static void check_per_layer(const char *key, int count, int hidden, Error *err) {
    if (count <= 1 || count == hidden) return;
    fail(err, "model.%s: %d entries for %d hidden layer%s; give one, or one a hidden layer", key, count, hidden,
         plural(hidden));
}

/* Moves what a row's own check says of its parameters below the key `path`. */
static void check_row(bool (*check)(const void *p, Error *err), const Choice *choice, const char *path, Error *err) {
    Error inner = {0};
    if (!check || check(choice_params(choice), &inner)) return;
    error_prefix(&inner, "%s.", path);
    error_move(err, &inner);
}

static void check_preprocess(const Settings *settings, Error *err) {
    for (int i = 0; i < settings->preprocess_count; i++) {
        char path[64];
        snprintf(path, sizeof path, "preprocess.%d", i);
        check_row(preprocess_of(&settings->preprocess[i])->check, &settings->preprocess[i], path, err);
    }
}

static void check_augment(const Settings *settings, Error *err) {
    Augmentation plan;
    ImageShape image = settings_image(settings);
    if (image_values(image) > INT_MAX) {
        fail(err, "data.image: %d x %d x %d are more than %d values; correct it", image.height, image.width,
             image.channels, INT_MAX);
        return;
    }
    const Loss *loss = loss_of(&settings->train.loss);
    if (!augment_plan(settings->augment, settings->augment_count, image, &plan, err)) return;
    if (plan.mixup >= 0 && loss->hard_targets)
        fail(err, "augment.%d: '%s' takes no mixed targets; use cross_entropy, or leave mixup out", plan.mixup,
             loss->head.name);
}

static bool same_choice(const Choice *a, const Choice *b) {
    return a->variant == b->variant && memcmp(&a->params, &b->params, sizeof a->params) == 0;
}

static void check_inits(const ModelSettings *model, Error *err) {
    for (int i = 0; i < model->init_count; i++) {
        char path[64] = "model.init";
        if (model->init_count > 1) text_append(path, sizeof path, ".%d", i);
        check_row(init_of(&model->init[i])->check, &model->init[i], path, err);
    }
    const Choice *last = &model->init[model->init_count - 1], *output = &model->output_init[0];
    if (!same_choice(output, last)) /* the default is a copy, and has been told of */
        check_row(init_of(output)->check, output, "model.output_init", err);
    check_row(init_of(&model->bias_init)->check, &model->bias_init, "model.bias_init", err);
    if (init_of(&model->bias_init)->matrix_only)
        fail(err, "model.bias_init: '%s' is for matrices; use zeros, constant, uniform or gaussian",
             model->bias_init.variant->name);
}

static void check_model(const ModelSettings *model, Error *err) {
    check_per_layer("activation", model->activation_count, model->hidden_count, err);
    check_per_layer("init", model->init_count, model->hidden_count, err);
    check_inits(model, err);
    if (model->hidden_count > 0) return;
    const char *activation = model->activation[0].variant->name;
    if (strcmp(activation, "relu") != 0) /* the default, which nobody may have asked for */
        fail(err, "model.activation: there is no hidden layer for '%s'; add model.hidden or leave it out",
             activation);
    if (model->dropout > 0)
        fail(err, "model.dropout: there is no hidden layer to drop from; add model.hidden or leave it out");
    if (norm_of(&model->norm)->forward)
        fail(err, "model.norm: there is no hidden layer to normalise; add model.hidden or use 'none'");
}

static bool has_validation(const DataSettings *data) {
    return data->validation.is_text || data->validation.number > 0;
}

static void check_needs_validation(const Settings *settings, Error *err) {
    if (has_validation(&settings->data)) return;
    if (settings->train.early_stop.on)
        fail(err, "train.early_stop: there is no validation loss to watch; set data.validation, or leave it out");
    if (schedule_of(&settings->train.schedule)->after_epoch)
        fail(err,
             "train.schedule: '%s' watches the validation loss and there is none; set data.validation, or "
             "use another",
             settings->train.schedule.variant->name);
}

static bool is_constant(const Choice *schedule) { return strcmp(schedule->variant->name, "constant") == 0; }

static void check_rate(const TrainSettings *train, Error *err) {
    const Optimizer *optimizer = optimizer_of(&train->optimizer);
    const char *name = optimizer->head.name;
    check_row(schedule_of(&train->schedule)->check, &train->schedule, "train.schedule", err);
    if (optimizer->signs_only && train->clip_norm > 0 && train->l1 == 0 && train->weight_decay == 0)
        fail(err, "train.clip_norm: '%s' reads the gradient's signs alone, which clipping leaves; set it to 0", name);
    if (optimizer->first_lr_only && !is_constant(&train->schedule))
        fail(err,
             "train.schedule: '%s' cannot act: '%s' reads train.lr once, as its first step; use constant, or "
             "another optimizer",
             train->schedule.variant->name, name);
    if (!train->warmup.on) return;
    if (optimizer->first_lr_only)
        fail(err,
             "train.warmup: cannot act: '%s' reads train.lr once, as its first step; leave it out, or use "
             "another optimizer",
             name);
    if (train->warmup.epochs >= (double)train->epochs && train->epochs > 0)
        fail(err, "train.warmup.epochs: %g is not shorter than train.epochs %lld; shorten it", train->warmup.epochs,
             (long long)train->epochs);
}

static void check_class_weight(const TrainSettings *train, Error *err) {
    int count = train->class_weight_count;
    bool any = count == 0;
    for (int i = 0; i < count; i++) {
        any = any || train->class_weight[i] != 0;
        if (train->class_weight[i] == CLASS_WEIGHT_BALANCED && count > 1)
            fail(err, "train.class_weight.%d: 'balanced' stands for the whole list; give it alone, or numbers only",
                 i);
    }
    if (!any) fail(err, "train.class_weight: no class counts when all weights are 0; give one above 0");
}

static void check_train(const TrainSettings *train, Error *err) {
    const Optimizer *optimizer = optimizer_of(&train->optimizer);
    const void *params = choice_params(&train->optimizer);
    check_row(optimizer->check, &train->optimizer, "train.optimizer", err);
    check_rate(train, err);
    check_class_weight(train, err);
    if (train->weight_decay > 0 && optimizer->decoupled_decay && optimizer->decoupled_decay(params) > 0)
        fail(err, "train.weight_decay: %g together with the decoupled decay %g of '%s'; set one of them to 0",
             train->weight_decay, optimizer->decoupled_decay(params), optimizer->head.name);
    if (train->label_smoothing > 0 && !loss_of(&train->loss)->smooths)
        fail(err, "train.label_smoothing: '%s' cannot smooth its targets; use cross_entropy, or 0",
             train->loss.variant->name);
}

bool settings_check(const Settings *settings, Error *err) {
    int before = err->count;
    if (!*settings->data.file) fail(err, "data.file: the path is empty; give that of a CSV file");
    if (strlen(settings->data.delimiter) != 1 || strchr("\"\r\n.-+0123456789", settings->data.delimiter[0]))
        fail(err, "data.delimiter: expected one character such as ',' ';' or a tab, got '%s'",
             settings->data.delimiter);
    if (strchr(settings->name, '/') || strcmp(settings->name, ".") == 0 || strcmp(settings->name, "..") == 0)
        fail(err, "name: '%s' is no name of a directory; leave out the slash, or use --out", settings->name);
    check_preprocess(settings, err);
    check_augment(settings, err);
    check_model(&settings->model, err);
    check_train(&settings->train, err);
    check_needs_validation(settings, err);
    if (settings->log.path.count > PARAMETER_MOST)
        fail(err, "log.path: %d weights; at most %d can be followed", settings->log.path.count, PARAMETER_MOST);
    return err->count == before;
}

/* ---- with the data ------------------------------------------------------------------------------------ */

static void check_task(const Settings *settings, const Dataset *data, Error *err) {
    const Loss *loss = loss_of(&settings->train.loss);
    const char *name = loss->head.name;
    if (data->task == TASK_CLASSIFICATION && !loss->classification)
        fail(err,
             "train.loss: '%s' is for regression and the labels are classes; use cross_entropy, or set "
             "data.task",
             name);
    if (data->task == TASK_REGRESSION && !loss->regression)
        fail(err, "train.loss: '%s' is for classes and the labels are values; use mse, or set data.task", name);
    int weights = settings->train.class_weight_count;
    if (weights == 0) return;
    if (data->task == TASK_REGRESSION)
        fail(err, "train.class_weight: there are no classes in regression; leave it out");
    else if (settings->train.class_weight[0] != CLASS_WEIGHT_BALANCED && weights != data->classes)
        fail(err, "train.class_weight: %d weight%s for %d classes; give one a class", weights, plural(weights),
             data->classes);
}

static void check_batches(const Settings *settings, const Dataset *data, Error *err) {
    size_t rows = data->train.rows;
    int64_t batch = settings_batch_rows(settings, rows);
    if (batch > INT32_MAX)
        fail(err, "train.batch: %lld rows are more than a product can take; make it smaller", (long long)batch);
    if (settings_steps_per_epoch(settings, rows) > UINT32_MAX)
        fail(err, "train.batch: %lld makes too many updates an epoch; enlarge it", (long long)batch);
    if (settings->train.drop_last && settings->train.batch > (int64_t)rows)
        fail(err, "train.drop_last: the %zu training rows fill no batch of %lld; make train.batch smaller", rows,
             (long long)settings->train.batch);
    if (!norm_of(&settings->model.norm)->uses_running) return; /* batch norm */
    int64_t last = (int64_t)rows % batch;
    if (batch == 1) fail(err, "train.batch: batch norm cannot normalise a batch of one row; enlarge it");
    else if (last == 1 && !settings->train.drop_last)
        fail(err,
             "train.batch: %lld leaves a batch of one row, which batch norm cannot normalise; change it, or "
             "set train.drop_last",
             (long long)batch);
    if (settings->log.probe_rows == 1) fail(err, "log.probe_rows: batch norm needs at least 2; enlarge it");
}

/* Whether the network has the weights to be followed. */
static void check_path(const Settings *settings, const Dataset *data, Error *err) {
    ParameterList unused;
    if (settings->log.path.count == 0 || err->count > 0) return; /* what is wrong may be the network's shape */
    Network *network = malloc(sizeof *network);
    NetworkPlan plan = settings_network_plan(settings, data);
    if (!network) {
        fail(err, "log.path: memory is out");
        return;
    }
    network_plan(network, &plan);
    parameter_find_all(network, &settings->log.path, "log.path", &unused, err);
    free(network);
}

static void name_labels(Settings *settings, const Dataset *data) {
    settings->data.task = data->task;
    settings->data.label_count = data->labels;
    for (int i = 0; i < data->labels; i++) settings->data.label[i] = data->label[i];
}

bool settings_meet_data(Settings *settings, const Dataset *data, Error *err) {
    int before = err->count;
    check_task(settings, data, err);
    check_batches(settings, data, err);
    check_path(settings, data, err);
    name_labels(settings, data);
    if (data->encoding)
        categories_show(&data->encoding->columns, &data->encoding->coding, &settings->data.categories, err);
    return err->count == before;
}
