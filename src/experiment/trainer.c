/* trainer: see trainer.h. */
#include "experiment/trainer.h"

#include "base/float_mode.h"
#include "base/reduce.h"
#include "data/batch.h"
#include "experiment/model_file.h"
#include "experiment/views.h"

#include <math.h>
#include <string.h>

enum { EVALUATION_ROWS = 256 };

/* ---- building ---------------------------------------------------------------------------------------- */

static int capacity(const Trainer *trainer) {
    int64_t rows = trainer->batch;
    if (trainer->probe_rows > rows) rows = trainer->probe_rows;
    if (EVALUATION_ROWS > rows) rows = EVALUATION_ROWS;
    return (int)rows;
}

static bool is_augmented(const Dataset *data) { return data->augmentation.steps > 0; }
static bool several_views(const Dataset *data) { return data->augmentation.views > 1; }

static void layout_augmentation(Trainer *trainer) {
    const Dataset *data = trainer->data;
    Arena *arena = &trainer->arena;
    image_feed_layout(&trainer->feed, &data->augmentation, &data->chain, trainer->work.pool, arena);
    trainer->mix = ARENA_TAKE(arena, AugmentMix, (size_t)trainer->batch);
    trainer->failure = ARENA_TAKE(arena, Error, 1);
    if (several_views(data))
        trainer->views =
            ARENA_TAKE(arena, real, (size_t)data->augmentation.views * EVALUATION_ROWS * (size_t)trainer->out);
}

static void layout(Trainer *trainer) {
    const Dataset *data = trainer->data;
    Arena *arena = &trainer->arena;
    Network *network = &trainer->network;
    size_t rows = (size_t)capacity(trainer), features = (size_t)data->features, out = (size_t)trainer->out;
    network_layout(network, arena);
    trainer->optimizer_state = ARENA_TAKE(arena, real, (size_t)step_vectors(&trainer->step) * network->parameters);
    work_layout(&trainer->work, network, (int)rows, arena);
    probe_layout(&trainer->scratch, network, trainer->probe_rows, arena);
    trainer->order = ARENA_TAKE(arena, uint32_t, data->train.rows);
    trainer->x = ARENA_TAKE(arena, real, (several_views(data) ? rows : (size_t)trainer->batch) * features);
    trainer->target = ARENA_TAKE(arena, real, rows * out);
    trainer->weight = ARENA_TAKE(arena, real, rows);
    trainer->probe_x = ARENA_TAKE(arena, real, (size_t)trainer->probe_rows * features);
    trainer->probe_target = ARENA_TAKE(arena, real, (size_t)trainer->probe_rows * out);
    if (trainer->settings->train.class_weight_count)
        trainer->class_weight = ARENA_TAKE(arena, real, (size_t)data->classes);
    if (is_augmented(data)) layout_augmentation(trainer);
}

void trainer_class_weights(const TrainSettings *train, const Dataset *data, real *out) {
    if (train->class_weight[0] != CLASS_WEIGHT_BALANCED) {
        for (int c = 0; c < data->classes; c++) out[c] = (real)train->class_weight[c];
        return;
    }
    for (int c = 0; c < data->classes; c++) {
        size_t rows = 0;
        for (size_t r = 0; r < data->train.rows; r++) rows += data->train.label[r] == c;
        out[c] = (real)((double)data->train.rows / ((double)data->classes * (double)rows));
    }
}

static bool gather_probe(Trainer *trainer, Error *err) {
    size_t most = (size_t)trainer->probe_rows;
    uint32_t *index = trainer->order; /* free until the first epoch */
    size_t rows =
        dataset_sample(trainer->data, most, (uint64_t)trainer->settings->data.split_seed, PURPOSE_PROBE, index);
    if (rows != most) return fail(err, "no memory to draw the probe");
    batch_gather(&trainer->data->train, trainer->data->features, trainer->out, index, rows, trainer->probe_x,
                 trainer->probe_target, trainer->weight);
    return true;
}

static bool start_network(Trainer *trainer, Error *err) {
    const Settings *settings = trainer->settings;
    return network_init(&trainer->network, (uint64_t)settings->seed, trainer->probe_rows, trainer->probe_x,
                        &trainer->work, err) ||
           error_prefix(err, "model.init: ");
}

bool trainer_load_from(Trainer *trainer, Error *err) {
    const char *path = trainer->settings->model.from;
    return !*path || model_file_load(path, &trainer->network, err) || error_prefix(err, "model.from: ");
}

bool trainer_create(Trainer *trainer, const Settings *settings, const Dataset *data, Pool *pool, Error *err) {
    *trainer = (Trainer){.settings = settings, .data = data, .step = settings_step_plan(settings)};
    NetworkPlan plan = settings_network_plan(settings, data);
    network_plan(&trainer->network, &plan);
    trainer->out = plan.outputs;
    trainer->batch = settings_batch_rows(settings, data->train.rows);
    trainer->steps_per_epoch = settings_steps_per_epoch(settings, data->train.rows);
    int64_t probe = settings->log.probe_rows, rows = (int64_t)data->train.rows;
    trainer->probe_rows = (int)(probe < rows ? probe : rows);
    trainer->work.pool = pool;
    layout(trainer);
    if (!arena_allocate(&trainer->arena, err)) return error_prefix(err, "model: ");
    layout(trainer);
    if (trainer->class_weight) trainer_class_weights(&settings->train, data, trainer->class_weight);
    if (gather_probe(trainer, err) && start_network(trainer, err)) return true;
    trainer_free(trainer);
    return false;
}

void trainer_free(Trainer *trainer) { arena_free(&trainer->arena); }

/* ---- training ------------------------------------------------------------------------------------------ */

static LossBatch loss_batch(const Trainer *trainer, const View *view, int rows, bool as_trained) {
    return (LossBatch){.rows = rows,
                       .out = trainer->out,
                       .target = trainer->target,
                       .weight = view->weight ? trainer->weight : NULL,
                       .class_weight = as_trained ? trainer->class_weight : NULL,
                       .smoothing = as_trained ? trainer->settings->train.label_smoothing : 0};
}

static double squared_error(const LossBatch *batch) {
    double sum = 0;
    size_t n = (size_t)batch->rows * (size_t)batch->out;
    for (size_t i = 0; i < n; i++) {
        double error = (double)batch->logits[i] - (double)batch->target[i];
        sum += error * error;
    }
    return sum;
}

/* Adds a batch to the epoch's accuracy, or to its squared error. */
static void count(const Trainer *trainer, const LossBatch *batch, int64_t *correct, double *squares) {
    if (trainer->data->task == TASK_CLASSIFICATION) *correct += loss_count_correct(batch);
    else *squares += squared_error(batch);
}

/* Forward, loss and backward of one gathered batch. Returns the loss. */
static double train_batch(Trainer *trainer, const PassAddress *address, int rows, Meters *meters) {
    const Choice *loss = &trainer->settings->train.loss;
    Network *network = &trainer->network;
    LossBatch batch = loss_batch(trainer, &trainer->data->train, rows, true);
    batch.logits = network_forward(network, &trainer->work, rows, trainer->x, PASS_TRAIN, address);
    real *delta = trainer->work.layer[network->layers - 1].delta;
    double value = loss_of(loss)->value(choice_params(loss), &batch, delta);
    count(trainer, &batch, &meters->correct, &meters->squared_error);
    meters->loss += value * rows;
    meters->rows += rows;
    network_backward(network, &trainer->work, rows, trainer->x, true);
    return value;
}

static double rate(const Trainer *trainer, const RunState *state) {
    const TrainSettings *train = &trainer->settings->train;
    return schedule_rate(&train->schedule, &train->warmup, &state->schedule, train->lr, state->step,
                         trainer->steps_per_epoch, train->epochs);
}

/* The rows' own images, or what augmentation makes of them. */
static bool gather(Trainer *trainer, const PassAddress *address, const uint32_t *index, size_t rows) {
    const Dataset *data = trainer->data;
    const View *train = &data->train;
    if (!is_augmented(data)) {
        batch_gather(train, data->features, trainer->out, index, rows, trainer->x, trainer->target, trainer->weight);
        return true;
    }
    AugmentSource source = {train->raw, train->rows, address->seed, address->epoch};
    if (!image_feed_train(&trainer->feed, &source, index, rows, trainer->x, trainer->mix, trainer->failure))
        return false;
    batch_gather(train, data->features, trainer->out, index, rows, NULL, trainer->target, trainer->weight);
    batch_mix(train, trainer->out, trainer->mix, rows, trainer->target, trainer->weight);
    return true;
}

static bool train_batches(Trainer *trainer, RunState *state, Meters *meters, TrainerWatch *watch, void *context) {
    const Settings *settings = trainer->settings;
    const View *train = &trainer->data->train;
    PassAddress address = {.seed = (uint64_t)settings->seed, .epoch = (uint32_t)(state->epoch + 1)};
    *meters = (Meters){.lr = NAN};
    batch_order(address.seed, address.epoch, settings->train.shuffle, train->rows, trainer->order);
    for (int64_t i = 0; i < trainer->steps_per_epoch; i++) {
        size_t first = (size_t)(i * trainer->batch), left = train->rows - first;
        int rows = (int)(left < (size_t)trainer->batch ? left : (size_t)trainer->batch);
        if (!gather(trainer, &address, trainer->order + first, (size_t)rows)) return false;
        address.batch = (uint32_t)i;
        double loss = train_batch(trainer, &address, rows, meters), lr = rate(trainer, state);
        state->step++;
        step_apply(&trainer->step, &trainer->network, trainer->optimizer_state, lr, state->step, meters,
                   &state->not_finite);
        if (!isfinite(loss)) state->not_finite = (NotFinite){true, 0, "loss"};
        const bool finite = !state->not_finite.found;
        const TrainerUpdate update = {i + 1, loss, lr, meters->last_grad_norm, meters->last_update_ratio, finite};
        const bool go_on = !watch || watch(context, &update);
        if (!finite || !go_on) return !finite;
    }
    return true;
}

bool trainer_epoch(Trainer *trainer, RunState *state, Meters *meters, TrainerWatch *watch, void *context) {
    FloatMode before = float_mode_flush();
    bool whole = train_batches(trainer, state, meters, watch, context);
    float_mode_set(before);
    return whole;
}

/* ---- measuring ----------------------------------------------------------------------------------------- */

/* The logits of rows first … first+rows-1 of a view of the data: of each image's views the mean. NULL on failure. */
static const real *evaluate_rows(Trainer *trainer, const View *view, size_t first, int rows) {
    const Augmentation *augmentation = &trainer->data->augmentation;
    size_t features = (size_t)trainer->data->features, in = image_values(augmentation->in);
    size_t logits = (size_t)rows * (size_t)trainer->out;
    Workspace *work = &trainer->work;
    if (!several_views(trainer->data))
        return network_forward(&trainer->network, work, rows, view->x + first * features, PASS_EVALUATE, NULL);
    for (int v = 0; v < augmentation->views; v++) {
        const real *raw = view->raw + first * in;
        if (!image_feed_evaluate(&trainer->feed, v, raw, (size_t)rows, trainer->x, trainer->failure)) return NULL;
        const real *seen = network_forward(&trainer->network, work, rows, trainer->x, PASS_EVALUATE, NULL);
        memcpy(trainer->views + (size_t)v * logits, seen, logits * sizeof *seen);
    }
    views_mean(loss_of(&trainer->settings->train.loss), augmentation->views, rows, trainer->out, trainer->views,
               trainer->views);
    return trainer->views;
}

Score trainer_evaluate(Trainer *trainer, const View *view, bool as_trained) {
    const Choice *loss = &trainer->settings->train.loss;
    double sum = 0, weight = 0, squares = 0;
    int64_t correct = 0;
    real *unused = trainer->work.layer[trainer->network.layers - 1].delta; /* with the slopes it is the faster loop */
    if (view->rows == 0) return (Score){NAN, NAN};
    for (size_t first = 0; first < view->rows; first += EVALUATION_ROWS) {
        int rows = (int)(view->rows - first < EVALUATION_ROWS ? view->rows - first : EVALUATION_ROWS);
        batch_targets(view, trainer->out, first, (size_t)rows, trainer->target);
        if (view->weight) memcpy(trainer->weight, view->weight + first, (size_t)rows * sizeof *trainer->weight);
        LossBatch batch = loss_batch(trainer, view, rows, as_trained);
        batch.logits = evaluate_rows(trainer, view, first, rows);
        if (!batch.logits) return (Score){NAN, NAN};
        double batch_weight = loss_batch_weight(&batch);
        sum += loss_of(loss)->value(choice_params(loss), &batch, unused) * batch_weight;
        weight += batch_weight;
        count(trainer, &batch, &correct, &squares);
    }
    double rows = (double)view->rows;
    bool classes = trainer->data->task == TASK_CLASSIFICATION;
    return (Score){sum / weight, classes ? (double)correct / rows : sqrt(squares / (rows * trainer->out))};
}

double trainer_probe(Trainer *trainer, bool fit_running) {
    LossBatch batch = {.rows = trainer->probe_rows, .out = trainer->out, .target = trainer->probe_target};
    return probe_run(&trainer->network, &trainer->work, &trainer->settings->train.loss, &batch, trainer->probe_x,
                     fit_running);
}

LayerProbe trainer_probe_layer(const Trainer *trainer, int layer) {
    return probe_layer(&trainer->network, &trainer->work, &trainer->scratch, layer, trainer->probe_rows,
                       trainer->probe_x);
}

double trainer_weight_norm(const Trainer *trainer) {
    return sqrt(reduce_sum_squares(trainer->network.parameters, trainer->network.theta));
}
