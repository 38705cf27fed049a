/* predictor: see predictor.h. */
#include "experiment/predictor.h"

#include "base/file.h"
#include "base/json.h"
#include "base/reduce.h"
#include "base/text.h"
#include "experiment/model_file.h"
#include "experiment/model_inputs.h"
#include "experiment/run_directory.h"
#include "experiment/views.h"
#include "image/pixels.h"

#include <assert.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>

/* ---- which file ---------------------------------------------------------------------------------------- */

static bool find_run(const char *run, RunDirectory *directory, Error *err) {
    *directory = (RunDirectory){.lock = -1};
    if (strlen(run) + 64 > PATH_BYTES) return fail(err, "%.60s…: the path is too long", run);
    strcpy(directory->path, run);
    if (!file_exists(run)) return fail(err, "%s: no such directory; give the directory of a run", run);
    if (run_directory_has(directory, RUN_CONFIG)) return true;
    return fail(err, "%s: not a run (it has no config.json); give the directory of a run", run);
}

/* *had: a complete run kept best weights, as its summary names their epoch. */
static bool had_best(const RunDirectory *directory, bool *had, Error *err) {
    char path[PATH_BYTES], *text;
    size_t size;
    Error wrong = {0};
    run_directory_file(directory, RUN_SUMMARY, path);
    if (!file_read(path, &text, &size, err)) return false;
    Json *json = json_parse(text, size, &wrong);
    free(text);
    if (!json) {
        error_prefix(&wrong, "%s:", path);
        error_move(err, &wrong);
        return false;
    }
    const Json *epoch = json_type(json) == JSON_OBJECT ? json_get(json, "best_epoch") : NULL;
    *had = epoch && json_type(epoch) == JSON_NUMBER;
    json_free(json);
    return true;
}

/* Without best weights the last ones stand in only where there never were any. */
static bool check_no_best(const RunDirectory *directory, ModelPick pick, Error *err) {
    bool had;
    if (!had_best(directory, &had, err)) return false;
    if (had)
        return fail(err, "%s: best.safetensors is missing, though the run had one; restore it, or use --model last",
                    directory->path);
    if (pick != MODEL_BEST) return true;
    return fail(err, "%s: has no best.safetensors, as there was no finite validation loss; use --model last",
                directory->path);
}

/* The best weights may be asked for while the run goes on; anything else waits for its end. */
static bool find_model(const RunDirectory *directory, ModelPick pick, char *path, Error *err) {
    bool complete = run_directory_has(directory, RUN_SUMMARY), best = run_directory_has(directory, RUN_BEST);
    if (!complete && (pick != MODEL_BEST || !best))
        return fail(err, "%s: the run is not complete; finish it with --resume%s", directory->path,
                    best ? ", or use the best weights so far with --model best" : "");
    if (!best && pick != MODEL_LAST && !check_no_best(directory, pick, err)) return false;
    run_directory_file(directory, best && pick != MODEL_LAST ? RUN_BEST : RUN_MODEL, path);
    return true;
}

/* ---- opening ------------------------------------------------------------------------------------------- */

static int chain_in(const Predictor *predictor) {
    return augment_out(&predictor->augmentation, predictor->encoding.coding.features);
}

/* A dataset without rows: what the network's plan asks of one. */
static Dataset shape_of(Predictor *predictor) {
    const Columns *columns = &predictor->encoding.columns;
    const Coding *coding = &predictor->encoding.coding;
    bool classes = coding->task == TASK_CLASSIFICATION;
    for (int k = 0; k < columns->labels; k++) predictor->target_name[k] = columns->name[columns->label[k]];
    return (Dataset){.task = coding->task,
                     .features = chain_out(&predictor->chain, chain_in(predictor)),
                     .classes = classes ? coding->classes.count : 0,
                     .targets = coding->targets,
                     .class_name = coding->classes.name,
                     .target_name = predictor->target_name,
                     .raw_features = coding->features,
                     .raw_name = predictor->encoding.name,
                     .encoding = &predictor->encoding};
}

static void layout(Predictor *predictor) {
    Arena *arena = &predictor->arena;
    size_t widest = (size_t)chain_widest(&predictor->chain, chain_in(predictor));
    network_layout(&predictor->network, arena);
    work_layout(&predictor->work, &predictor->network, PREDICTOR_ROWS, arena);
    predictor->x = ARENA_TAKE(arena, real, PREDICTOR_ROWS * widest);
    predictor->scratch = ARENA_TAKE(arena, real, PREDICTOR_ROWS * widest);
    if (!predictor->augmentation.steps) return;
    image_feed_layout(&predictor->feed, &predictor->augmentation, &predictor->chain, predictor->work.pool, arena);
    predictor->image = ARENA_TAKE(arena, real, augment_work(&predictor->augmentation));
    size_t views = (size_t)predictor->augmentation.views;
    if (views > 1) predictor->views = ARENA_TAKE(arena, real, views * PREDICTOR_ROWS * (size_t)predictor->out);
}

static bool load_network(Predictor *predictor, Pool *pool, Error *err) {
    predictor->shape = shape_of(predictor);
    NetworkPlan plan = settings_network_plan(&predictor->settings, &predictor->shape);
    network_plan(&predictor->network, &plan);
    predictor->out = plan.outputs;
    predictor->work.pool = pool;
    layout(predictor);
    if (!arena_allocate(&predictor->arena, err)) return error_prefix(err, "%s: ", predictor->model);
    layout(predictor);
    Network *network = &predictor->network;
    if (!model_file_load(predictor->model, network, err)) return false;
    if (reduce_first_not_finite(network->parameters, network->theta) == network->parameters) return true;
    return fail(err, "%s: its weights are not finite, as the run diverged; use --model best, or train it anew",
                predictor->model);
}

static bool open_files(Predictor *predictor, const char *run, ModelPick pick, Pool *pool, Error *err) {
    RunDirectory directory;
    char config[PATH_BYTES];
    if (!find_run(run, &directory, err) || !find_model(&directory, pick, predictor->model, err)) return false;
    run_directory_file(&directory, RUN_CONFIG, config);
    if (!settings_load(config, NULL, 0, &predictor->settings, err)) return false;
    predictor->request = settings_data_request(&predictor->settings);
    const DataRequest *request = &predictor->request;
    if (!augment_plan(request->augment, request->augment_count, request->image, &predictor->augmentation, err))
        return error_prefix(err, "%s: ", config);
    return model_inputs_load(predictor->model, request, &predictor->augmentation, &predictor->encoding,
                             &predictor->chain, err) &&
           load_network(predictor, pool, err);
}

bool predictor_open(Predictor *predictor, const char *run, ModelPick pick, Pool *pool, Error *err) {
    memset(predictor, 0, sizeof *predictor);
    bool done = open_files(predictor, run, pick, pool, err);
    if (!done) predictor_close(predictor);
    return done;
}

void predictor_close(Predictor *predictor) {
    arena_free(&predictor->arena);
    chain_free(&predictor->chain);
    encoding_free(&predictor->encoding);
}

/* ---- a pass -------------------------------------------------------------------------------------------- */

/* What the chain is given of raw rows, as evaluation has it: of images that view. */
static void chain_inputs(Predictor *predictor, int view, int rows, const real *raw) {
    const Augmentation *augmentation = &predictor->augmentation;
    size_t from = (size_t)predictor->shape.raw_features, to = (size_t)chain_in(predictor);
    if (!augmentation->steps) memcpy(predictor->x, raw, (size_t)rows * from * sizeof *raw);
    for (size_t i = 0; augmentation->steps && i < (size_t)rows; i++)
        augment_evaluate(augmentation, view, raw + i * from, predictor->image, predictor->x + i * to);
}

bool predictor_inputs(Predictor *predictor, int rows, const real *raw, real *x, Error *err) {
    assert(rows <= PREDICTOR_ROWS);
    chain_inputs(predictor, 0, rows, raw);
    if (!chain_apply(&predictor->chain, (size_t)rows, predictor->x, predictor->scratch, err)) return false;
    memcpy(x, predictor->x, (size_t)rows * (size_t)predictor->shape.features * sizeof *x);
    return true;
}

/* As trainer_evaluate has it: the same bits. */
static const real *mean_logits(Predictor *predictor, int rows, const real *raw, Error *err) {
    const int views = predictor->augmentation.views;
    size_t logits = (size_t)rows * (size_t)predictor->out;
    for (int v = 0; v < views; v++) {
        if (!image_feed_evaluate(&predictor->feed, v, raw, (size_t)rows, predictor->x, err)) return NULL;
        const real *seen =
            network_forward(&predictor->network, &predictor->work, rows, predictor->x, PASS_EVALUATE, NULL);
        memcpy(predictor->views + (size_t)v * logits, seen, logits * sizeof *seen);
    }
    views_mean(loss_of(&predictor->settings.train.loss), views, rows, predictor->out, predictor->views,
               predictor->views);
    return predictor->views;
}

const real *predictor_logits(Predictor *predictor, int rows, const real *raw, Error *err) {
    assert(rows <= PREDICTOR_ROWS);
    if (predictor->augmentation.views > 1) return mean_logits(predictor, rows, raw, err);
    chain_inputs(predictor, 0, rows, raw);
    if (!chain_apply(&predictor->chain, (size_t)rows, predictor->x, predictor->scratch, err)) return NULL;
    return network_forward(&predictor->network, &predictor->work, rows, predictor->x, PASS_EVALUATE, NULL);
}

/* ---- what it cannot take --------------------------------------------------------------------------------- */

static void free_names(char **name, int count) {
    for (int j = 0; name && j < count; j++) free(name[j]);
    free(name);
}

/* The names of the chain's inputs: the columns', or of images that evaluation cuts or resizes those of their pixels. */
static char **chain_in_names(const Predictor *predictor) {
    const Augmentation *augmentation = &predictor->augmentation;
    ImageShape in = augmentation->in, out = augmentation->out;
    bool same = !augmentation->steps || (in.height == out.height && in.width == out.width);
    int count = chain_in(predictor);
    char **name = calloc((size_t)count, sizeof *name);
    for (int j = 0; name && j < count; j++) {
        char pixel[PIXEL_NAME_BYTES];
        if (!same) pixel_name(&out, j, pixel);
        name[j] = strdup(same ? predictor->encoding.name[j] : pixel);
        if (!name[j]) {
            free_names(name, j);
            return NULL;
        }
    }
    return name;
}

/* Names the column as the steps before have left it. */
static bool say_refused(const Predictor *predictor, const ChainRefusal *at, const char *what, size_t first,
                        Error *err) {
    const Chain *chain = &predictor->chain;
    int count = chain_in(predictor);
    char **name = chain_in_names(predictor);
    for (int k = 0; name && k < at->step; k++) {
        char **next = chain_step_names(&chain->step[k], name);
        free_names(name, count);
        name = next;
        count = chain->step[k].out;
    }
    if (!name) return fail(err, "needs more memory than the system gives");
    fail(err, "preprocess.%d: column '%s' of %s %zu: %.9g %s", at->step, name[at->input], what, first + at->row + 1,
         (double)at->value, preprocess_of(&chain->step[at->step].choice)->refusal);
    free_names(name, count);
    return false;
}

bool predictor_check(Predictor *predictor, const char *what, size_t first, int rows, const real *raw, Error *err) {
    const int views = predictor->augmentation.steps ? predictor->augmentation.views : 1;
    ChainRefusal at;
    if (!chain_refuses(&predictor->chain)) return true;
    for (int v = 0; v < views; v++) {
        chain_inputs(predictor, v, rows, raw);
        if (!chain_check(&predictor->chain, (size_t)rows, predictor->x, predictor->scratch, &at, err))
            return at.step >= 0 ? say_refused(predictor, &at, what, first, err) : false;
    }
    return true;
}

/* ---- reading logits -------------------------------------------------------------------------------------- */

int predictor_values(const Predictor *predictor) {
    const Dataset *shape = &predictor->shape;
    return shape->task == TASK_CLASSIFICATION ? shape->classes : shape->targets;
}

static double sigmoid(double z) { return (z < 0 ? exp(z) : 1) / (1 + exp(-fabs(z))); }

static void softmax(int n, const real *logits, double *value) {
    double most = (double)logits[0], sum = 0;
    for (int i = 1; i < n; i++) most = fmax(most, (double)logits[i]);
    for (int i = 0; i < n; i++) sum += value[i] = exp((double)logits[i] - most);
    for (int i = 0; i < n; i++) value[i] /= sum;
}

void predictor_read(const Predictor *predictor, const real *logits, double *value) {
    const Loss *loss = loss_of(&predictor->settings.train.loss);
    int values = predictor_values(predictor);
    if (loss->link == LINK_SOFTMAX) softmax(values, logits, value);
    else if (predictor->out < values) { /* one logit for two classes */ value[0] = sigmoid(-(double)logits[0]);
        value[1] = sigmoid((double)logits[0]);
    } else
        for (int i = 0; i < values; i++)
            value[i] = loss->link == LINK_SIGMOID ? sigmoid((double)logits[i]) : (double)logits[i];
}

int predictor_class(const Predictor *predictor, const real *logits) {
    int best = 0;
    if (isnan(logits[0])) return -1;
    if (predictor->out == 1) return logits[0] > 0;
    for (int i = 1; i < predictor->out; i++) {
        if (isnan(logits[i])) return -1;
        if (logits[i] > logits[best]) best = i;
    }
    return best;
}
