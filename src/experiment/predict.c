/* predict: see predict.h. */
#include "experiment/predict.h"

#include "base/text.h"
#include "data/batch.h"
#include "experiment/predict_report.h"
#include "experiment/predict_table.h"
#include "image/pixels.h"

#include <stdlib.h>
#include <string.h>

typedef struct Job {
    const PredictPlan *plan;
    Predictor predictor;
    CsvOut table;
    double *value, *truth; /* [values] of a row */
} Job;

static bool out_of_memory(Error *err) { return fail(err, "needs more memory than the system gives"); }

static size_t block_rows(size_t left) { return left < PREDICTOR_ROWS ? left : PREDICTOR_ROWS; }

/* ---- a file -------------------------------------------------------------------------------------------- */

typedef struct FileJob {
    Job *job;
    Rows rows;
    View view;
    bool labelled;
    Tally tally;
    real *target, *unused; /* [PREDICTOR_ROWS][out] */
} FileJob;

/* Adds a block's loss as trainer_evaluate does, so that the sum has the same bits. */
static void add_loss(FileJob *it, const real *logits, size_t first, int rows) {
    const Predictor *predictor = &it->job->predictor;
    const Choice *loss = &predictor->settings.train.loss;
    batch_targets(&it->view, predictor->out, first, (size_t)rows, it->target);
    LossBatch batch = {.rows = rows,
                       .out = predictor->out,
                       .logits = logits,
                       .target = it->target,
                       .weight = it->view.weight ? it->view.weight + first : NULL};
    double weight = loss_batch_weight(&batch);
    it->tally.loss += loss_of(loss)->value(choice_params(loss), &batch, it->unused) * weight;
    it->tally.weight += weight;
}

static void add_row(FileJob *it, size_t row, int class) {
    Job *job = it->job;
    const Dataset *shape = &job->predictor.shape;
    if (shape->classes) {
        tally_class(&it->tally, it->view.label[row], class);
        return;
    }
    for (int k = 0; k < shape->targets; k++)
        job->truth[k] = (double)it->view.target[row * (size_t)shape->targets + (size_t)k];
    tally_values(&it->tally, job->value, job->truth);
}

static void write_rows(FileJob *it, const real *logits, size_t first, size_t rows) {
    Job *job = it->job;
    const Predictor *predictor = &job->predictor;
    for (size_t i = 0; i < rows; i++) {
        const real *row = logits + i * (size_t)predictor->out;
        int class = predictor->shape.classes ? predictor_class(predictor, row) : 0;
        predictor_read(predictor, row, job->value);
        predict_table_prediction(&job->table, predictor, class, job->value);
        if (it->labelled) {
            predict_table_truth(&job->table, &predictor->shape, &it->view, first + i);
            add_row(it, first + i, class);
        }
        csv_out_end_row(&job->table);
    }
}

static bool predict_rows(FileJob *it, Error *err) {
    Job *job = it->job;
    Predictor *predictor = &job->predictor;
    size_t features = (size_t)predictor->shape.raw_features;
    predict_table_prediction_names(&job->table, predictor);
    if (it->labelled) predict_table_truth_names(&job->table, &predictor->shape);
    csv_out_end_row(&job->table);
    for (size_t first = 0, rows; first < it->view.rows; first += rows) {
        rows = block_rows(it->view.rows - first);
        const real *logits = predictor_logits(predictor, (int)rows, it->view.x + first * features, err);
        if (!logits) return error_prefix(err, "%s: ", job->plan->data);
        if (it->labelled) add_loss(it, logits, first, (int)rows);
        write_rows(it, logits, first, rows);
    }
    return true;
}

static void report(const FileJob *it) {
    const PredictPlan *plan = it->job->plan;
    char title[2 * PATH_BYTES + 16];
    if (plan->quiet) return;
    snprintf(title, sizeof title, "%s on %s", it->job->predictor.model, plan->data);
    FILE *out = plan->out ? stdout : stderr;
    if (it->labelled) tally_print(&it->tally, title, out);
    else fprintf(out, "%s\n%zu row%s without labels\n", title, it->view.rows, it->view.rows == 1 ? "" : "s");
}

/* From the rows on; the table is open. */
static bool write_file(FileJob *it, Error *err) {
    Job *job = it->job;
    const Dataset *shape = &job->predictor.shape;
    size_t n = PREDICTOR_ROWS * (size_t)job->predictor.out;
    it->target = malloc(n * sizeof *it->target);
    it->unused = malloc(n * sizeof *it->unused);
    bool done = (it->target && it->unused) || out_of_memory(err);
    done = done && tally_create(&it->tally, it->labelled ? shape->classes : 0, it->labelled ? shape->targets : 0,
                                shape->classes ? shape->class_name : shape->target_name, err);
    done = done && predict_rows(it, err);
    free(it->target);
    free(it->unused);
    return done;
}

/* Where the run augmented: pixels on another scale than those it learned from would be taken for dark or bright. */
static bool check_pixels(const Job *job, const Rows *rows, Error *err) {
    Error wrong = {0};
    const Predictor *predictor = &job->predictor;
    if (!predictor->augmentation.steps ||
        pixels_check(predictor->request.image, rows->count, rows->x, predictor->encoding.name, "", &wrong))
        return true;
    error_prefix(&wrong, "%s: ", job->plan->data);
    error_move(err, &wrong);
    return false;
}

/* Before anything is written: whether the chain can take the rows. */
static bool check_rows(FileJob *it, Error *err) {
    Predictor *predictor = &it->job->predictor;
    size_t features = (size_t)predictor->shape.raw_features;
    for (size_t first = 0, rows; first < it->view.rows; first += rows) {
        rows = block_rows(it->view.rows - first);
        if (!predictor_check(predictor, "row", first, (int)rows, it->view.x + first * features, err))
            return error_prefix(err, "%s: ", it->job->plan->data);
    }
    return true;
}

static bool predict_file(Job *job, bool *began, Error *err) {
    const PredictPlan *plan = job->plan;
    FileJob it = {.job = job};
    if (!encoding_read_inputs(&job->predictor.encoding, plan->data, plan->pool, &it.rows, err)) return false;
    it.view = (View){it.rows.count, it.rows.x, it.rows.label, it.rows.target, it.rows.weight, NULL};
    it.labelled = it.rows.label || it.rows.target;
    bool done = check_pixels(job, &it.rows, err) && check_rows(&it, err) && csv_out_open(&job->table, plan->out, err);
    if (done) {
        *began = true;
        done = write_file(&it, err);
        done = csv_out_close(&job->table, done, err) && done;
    }
    if (done) report(&it);
    tally_free(&it.tally);
    rows_free(&it.rows);
    return done;
}

/* ---- the plane ------------------------------------------------------------------------------------------ */

static bool check_plane(const Job *job, const char *option, Error *err) {
    const Encoding *encoding = &job->predictor.encoding;
    if (encoding->coding.features == 2 && encoding->low && encoding->high) return true;
    return fail(err, "%s: --%s needs a model of two inputs, and this one has %d", job->plan->run, option,
                encoding->coding.features);
}

/* The input of that name; -1 for none. */
static int find_input(const Job *job, const char *name, Error *err) {
    char *const *input = job->predictor.encoding.name;
    for (int j = 0; j < 2; j++)
        if (strcmp(input[j], name) == 0) return j;
    fail(err, "%s: --grid: no input '%s'; the inputs are '%s' and '%s'", job->plan->run, name, input[0], input[1]);
    return -1;
}

/* Point i of n over the training rows' range and a tenth of it on either side (1 for a constant input). */
static real grid_point(const Encoding *encoding, int input, int64_t i, int64_t n) {
    double low = (double)encoding->low[input], high = (double)encoding->high[input];
    double margin = high > low ? 0.1 * (high - low) : 1;
    return (real)(low - margin + (high - low + 2 * margin) * (double)i / (double)(n - 1));
}

static bool write_block(Job *job, int across, const real *x, int rows, Error *err) {
    Predictor *predictor = &job->predictor;
    const real *logits = predictor_logits(predictor, rows, x, err);
    if (!logits) return error_prefix(err, "%s: --grid: ", job->plan->run);
    for (int i = 0; i < rows; i++) {
        const real *row = logits + (size_t)i * (size_t)predictor->out;
        predictor_read(predictor, row, job->value);
        csv_out_number(&job->table, (double)x[2 * i + across]);
        csv_out_number(&job->table, (double)x[2 * i + 1 - across]);
        predict_table_prediction(&job->table, predictor,
                                 predictor->shape.classes ? predictor_class(predictor, row) : 0, job->value);
        csv_out_end_row(&job->table);
    }
    return true;
}

/* The points of the grid in blocks, line by line from the lowest y on; `across` is the input along x. */
typedef struct Points {
    int across;
    size_t at; /* the first point of the block */
    int rows;
    real x[2 * PREDICTOR_ROWS];
} Points;

/* The next block; false at the end. */
static bool next_points(const Job *job, Points *points) {
    const Encoding *encoding = &job->predictor.encoding;
    const int64_t n = job->plan->grid_size;
    const int across = points->across;
    points->at += (size_t)points->rows;
    points->rows = (int)block_rows((size_t)(n * n) - points->at);
    for (int i = 0; i < points->rows; i++) {
        int64_t at = (int64_t)points->at + i;
        points->x[2 * i + across] = grid_point(encoding, across, at % n, n);
        points->x[2 * i + 1 - across] = grid_point(encoding, 1 - across, at / n, n);
    }
    return points->rows > 0;
}

static bool check_grid(Job *job, int across, Error *err) {
    Points points = {.across = across};
    while (next_points(job, &points))
        if (!predictor_check(&job->predictor, "point", points.at, points.rows, points.x, err))
            return error_prefix(err, "%s: --grid: ", job->plan->run);
    return true;
}

static bool write_grid(Job *job, int across, Error *err) {
    const Encoding *encoding = &job->predictor.encoding;
    Points points = {.across = across};
    csv_out_text(&job->table, "", encoding->name[across], "");
    csv_out_text(&job->table, "", encoding->name[1 - across], "");
    predict_table_prediction_names(&job->table, &job->predictor);
    csv_out_end_row(&job->table);
    while (next_points(job, &points))
        if (!write_block(job, across, points.x, points.rows, err)) return false;
    return true;
}

static bool predict_grid(Job *job, bool *began, Error *err) {
    const PredictPlan *plan = job->plan;
    if (!check_plane(job, "grid", err)) return false;
    int x = find_input(job, plan->grid[0], err), y = find_input(job, plan->grid[1], err);
    if (x < 0 || y < 0) return false;
    if (x == y) return fail(err, "%s: --grid: '%s' twice; name both inputs", plan->run, plan->grid[0]);
    if (!check_grid(job, x, err) || !csv_out_open(&job->table, plan->out, err)) return false;
    *began = true;
    bool done = write_grid(job, x, err);
    return csv_out_close(&job->table, done, err) && done;
}

/* ---- the run's own points ------------------------------------------------------------------------------- */

static void write_points(Job *job, const Dataset *data, const View *view, const char *split) {
    for (size_t row = 0; row < view->rows; row++) {
        csv_out_text(&job->table, "", split, "");
        for (int j = 0; j < 2; j++) csv_out_number(&job->table, (double)view->x[2 * row + (size_t)j]);
        predict_table_truth(&job->table, data, view, row);
        csv_out_end_row(&job->table);
    }
}

static bool write_splits(Job *job, const Dataset *data, Error *err) {
    if (!csv_out_open(&job->table, job->plan->out, err)) return false;
    csv_out_text(&job->table, "", "split", "");
    for (int j = 0; j < 2; j++) csv_out_text(&job->table, "", data->raw_name[j], "");
    predict_table_truth_names(&job->table, data);
    csv_out_end_row(&job->table);
    write_points(job, data, &data->train, "train");
    write_points(job, data, &data->validation, "validation");
    return csv_out_close(&job->table, true, err);
}

/* Whether the data still have the inputs that the run had. */
static bool same_inputs(const Job *job, const Dataset *data, Error *err) {
    char *const *name = job->predictor.encoding.name;
    if (data->raw_features == 2 && strcmp(data->raw_name[0], name[0]) == 0 && strcmp(data->raw_name[1], name[1]) == 0)
        return true;
    return fail(err, "%s: its columns have changed since the run; restore them", job->predictor.request.file);
}

static bool predict_points(Job *job, bool *began, Error *err) {
    Dataset data;
    if (!check_plane(job, "points", err) || !dataset_read(&job->predictor.request, job->plan->pool, &data, err))
        return false;
    bool done = *began = same_inputs(job, &data, err);
    done = done && write_splits(job, &data, err);
    dataset_free(&data);
    return done;
}

/* ---- all ------------------------------------------------------------------------------------------------ */

static bool predict_by(Job *job, bool *began, Error *err) {
    size_t values = (size_t)predictor_values(&job->predictor);
    job->value = calloc(values, sizeof *job->value);
    job->truth = calloc(values, sizeof *job->truth);
    bool done = (job->value && job->truth) || out_of_memory(err);
    if (done)
        done = job->plan->points    ? predict_points(job, began, err)
               : job->plan->grid[0] ? predict_grid(job, began, err)
                                    : predict_file(job, began, err);
    free(job->value);
    free(job->truth);
    return done;
}

bool predict(const PredictPlan *plan, bool *began, Error *err) {
    Job *job = calloc(1, sizeof *job);
    *began = false;
    if (!job) return out_of_memory(err);
    job->plan = plan;
    bool done = predictor_open(&job->predictor, plan->run, plan->pick, plan->pool, err);
    if (done) {
        done = predict_by(job, began, err);
        predictor_close(&job->predictor);
    }
    free(job);
    return done;
}
