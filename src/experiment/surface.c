/* surface: see surface.h. */
#include "experiment/surface.h"

#include "base/csv_out.h"
#include "data/batch.h"
#include "experiment/predictor.h"
#include "experiment/trainer.h"
#include "experiment/weight_extent.h"
#include "nn/parameter.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

typedef struct Job {
    const SurfacePlan *plan;
    Predictor predictor;
    Dataset data;          /* raw */
    SurfaceAxis axis[2];   /* with ranges */
    real *weight[2];       /* into theta */
    real *x;               /* [rows][features], as the chain leaves them; NULL where evaluation takes several views */
    real *target, *unused; /* [PREDICTOR_ROWS][out] */
    real *class_weight;    /* [classes], or NULL */
    CsvOut table;
} Job;

static int block_rows(size_t left) { return (int)(left < PREDICTOR_ROWS ? left : PREDICTOR_ROWS); }

/* ---- the data ------------------------------------------------------------------------------------------ */

static bool same_names(int count, char *const *a, char *const *b) {
    for (int i = 0; i < count; i++)
        if (strcmp(a[i], b[i]) != 0) return false;
    return true;
}

/* Whether the data still have the inputs and the classes that the run had. */
static bool check_same(const Job *job, Error *err) {
    const Dataset *now = &job->data, *then = &job->predictor.shape;
    if (now->task == then->task && now->raw_features == then->raw_features && now->classes == then->classes &&
        now->targets == then->targets && same_names(now->raw_features, now->raw_name, then->raw_name) &&
        same_names(now->classes, now->class_name, then->class_name))
        return true;
    return fail(err, "%s: its columns or classes have changed since the run; restore them",
                job->predictor.request.file);
}

/* Rows that the chain cannot take, and, of images of one view, what it makes of all. */
static bool prepare_rows(Job *job, Error *err) {
    Predictor *predictor = &job->predictor;
    const View *train = &job->data.train;
    size_t raw = (size_t)predictor->shape.raw_features, features = (size_t)predictor->shape.features;
    bool once = predictor->augmentation.views <= 1;
    if (once && !(job->x = malloc(train->rows * features * sizeof *job->x))) return fail(err, "memory is out");
    for (size_t first = 0; first < train->rows; first += PREDICTOR_ROWS) {
        int rows = block_rows(train->rows - first);
        const real *from = train->x + first * raw;
        if (!predictor_check(predictor, "training row", first, rows, from, err) ||
            (once && !predictor_inputs(predictor, rows, from, job->x + first * features, err)))
            return error_prefix(err, "%s: ", predictor->request.file);
    }
    return true;
}

static bool make_buffers(Job *job, Error *err) {
    const Predictor *predictor = &job->predictor;
    size_t entries = PREDICTOR_ROWS * (size_t)predictor->out;
    bool weighs_classes = predictor->settings.train.class_weight_count > 0;
    job->target = malloc(entries * sizeof *job->target);
    job->unused = malloc(entries * sizeof *job->unused);
    if (weighs_classes) job->class_weight = malloc((size_t)job->data.classes * sizeof *job->class_weight);
    if (!job->target || !job->unused || (weighs_classes && !job->class_weight)) return fail(err, "memory is out");
    if (weighs_classes) trainer_class_weights(&predictor->settings.train, &job->data, job->class_weight);
    return true;
}

/* ---- the grid ------------------------------------------------------------------------------------------ */

/* Where nothing is said: the way in steps.csv and a tenth of it on either side; or about the trained value as far as it
 * is large, at least 1. */
static bool settle_range(const Job *job, int which, SurfaceAxis *axis, Error *err) {
    bool found;
    double trained = (double)*job->weight[which];
    if (axis->given) return true;
    if (!weight_extent(job->plan->run, axis->weight, &found, &axis->low, &axis->high, err)) return false;
    double margin = 0.1 * (axis->high - axis->low);
    if (!found || !(axis->high > axis->low)) {
        margin = fmax(1, fabs(trained));
        axis->low = axis->high = trained;
    }
    axis->low -= margin;
    axis->high += margin;
    return true;
}

static bool find_weights(Job *job, Error *err) {
    Network *network = &job->predictor.network;
    size_t index[2];
    for (int i = 0; i < 2; i++) {
        job->axis[i] = job->plan->axis[i];
        Error wrong = {0};
        if (!parameter_find(network, job->axis[i].weight, &index[i], &wrong)) {
            error_prefix(&wrong, "%s: --weights: ", job->plan->run);
            error_move(err, &wrong);
            return false;
        }
        job->weight[i] = network->theta + index[i];
    }
    if (index[0] == index[1])
        return fail(err, "%s: --weights: '%s' twice; name two weights", job->plan->run, job->axis[0].weight);
    return settle_range(job, 0, &job->axis[0], err) && settle_range(job, 1, &job->axis[1], err);
}

static real grid_point(const SurfaceAxis *axis, int64_t i, int64_t points) {
    double share = (double)i / (double)(points - 1);
    return (real)(axis->low * (1 - share) + axis->high * share);
}

/* ---- the loss ------------------------------------------------------------------------------------------ */

static const real *logits_of(Job *job, size_t first, int rows, Error *err) {
    Predictor *predictor = &job->predictor;
    const Dataset *shape = &predictor->shape;
    if (!job->x)
        return predictor_logits(predictor, rows, job->data.train.x + first * (size_t)shape->raw_features, err);
    return network_forward(&predictor->network, &predictor->work, rows, job->x + first * (size_t)shape->features,
                           PASS_EVALUATE, NULL);
}

/* As trainer_evaluate has it: the same bits. */
static bool measure(Job *job, double *loss, Error *err) {
    const TrainSettings *settings = &job->predictor.settings.train;
    const View *train = &job->data.train;
    double sum = 0, weight = 0;
    for (size_t first = 0; first < train->rows; first += PREDICTOR_ROWS) {
        int rows = block_rows(train->rows - first);
        LossBatch batch = {.rows = rows,
                           .out = job->predictor.out,
                           .logits = logits_of(job, first, rows, err),
                           .target = job->target,
                           .weight = train->weight ? train->weight + first : NULL,
                           .class_weight = job->class_weight,
                           .smoothing = settings->label_smoothing};
        if (!batch.logits) return error_prefix(err, "%s: ", job->predictor.request.file);
        batch_targets(train, batch.out, first, (size_t)rows, job->target);
        double batch_weight = loss_batch_weight(&batch);
        sum += loss_of(&settings->loss)->value(choice_params(&settings->loss), &batch, job->unused) * batch_weight;
        weight += batch_weight;
    }
    *loss = sum / weight;
    return true;
}

static bool write_point(Job *job, int64_t a, int64_t b, Error *err) {
    double loss = NAN;
    *job->weight[0] = grid_point(&job->axis[0], a, job->plan->points);
    *job->weight[1] = grid_point(&job->axis[1], b, job->plan->points);
    if (!measure(job, &loss, err)) return false;
    csv_out_number(&job->table, (double)*job->weight[0]);
    csv_out_number(&job->table, (double)*job->weight[1]);
    csv_out_number(&job->table, loss);
    csv_out_end_row(&job->table);
    return true;
}

static bool write_grid(Job *job, Error *err) {
    static const char *const columns[] = {"a", "b", "loss"};
    for (int i = 0; i < 3; i++) csv_out_text(&job->table, "", columns[i], "");
    csv_out_end_row(&job->table);
    for (int64_t b = 0; b < job->plan->points; b++)
        for (int64_t a = 0; a < job->plan->points; a++)
            if (!write_point(job, a, b, err)) return false;
    return true;
}

/* ---- all ------------------------------------------------------------------------------------------------ */

static bool with_data(Job *job, bool *began, Error *err) {
    if (!check_same(job, err) || !prepare_rows(job, err) || !make_buffers(job, err) ||
        !csv_out_open(&job->table, job->plan->out, err))
        return false;
    *began = true;
    bool done = write_grid(job, err);
    return csv_out_close(&job->table, done, err) && done;
}

static bool with_model(Job *job, bool *began, Error *err) {
    if (!find_weights(job, err) || !dataset_read(&job->predictor.request, job->plan->pool, &job->data, err))
        return false;
    bool done = with_data(job, began, err);
    free(job->x);
    free(job->target);
    free(job->class_weight);
    free(job->unused);
    dataset_free(&job->data);
    return done;
}

bool surface(const SurfacePlan *plan, bool *began, Error *err) {
    Job *job = calloc(1, sizeof *job);
    *began = false;
    if (!job) return fail(err, "memory is out");
    job->plan = plan;
    bool done = predictor_open(&job->predictor, plan->run, MODEL_LAST, plan->pool, err);
    if (done) {
        done = with_model(job, began, err);
        predictor_close(&job->predictor);
    }
    free(job);
    return done;
}
