/* dataset: see dataset.h. The stages: encode the training file, partition its rows, fill, encode the other files;
 * then put images as evaluation sees them in place of those that training augments, fit and apply the chain. The hash is in dataset_hash.c. */
#include "data/dataset.h"

#include "base/arena.h"
#include "base/reduce.h"
#include "data/encoding.h"
#include "data/partition.h"
#include "data/split.h"
#include "data/view_trial.h"
#include "image/pixels.h"

#include <stdatomic.h>
#include <stdlib.h>
#include <string.h>

/* The training file's rows lie as [train | validation | unused]; the others are files of their own. */
enum { FROM_FILE, FROM_VALIDATION, FROM_TEST, SOURCES, BLOCK_ROWS = 256 };

struct DatasetMemory {
    Encoding encoding;
    Rows rows[SOURCES];
    size_t train, validation; /* rows of the parts of rows[FROM_FILE] */
    real *raw[SOURCES];       /* of augmented images: the training rows at least, or NULL */
    bool raw_all;             /* of all rows: evaluation looks at several views of each */
};

static bool out_of_memory(const Dataset *data, Error *err) {
    return fail(err, "%s: needs more memory than the system gives", data->encoding->columns.path);
}

/* Puts the data file in front of what went wrong. */
static bool at_file(const Dataset *data, Error *wrong, Error *err) {
    error_prefix(wrong, "%s: ", data->encoding->columns.path);
    error_move(err, wrong);
    return false;
}

/* ---- views ------------------------------------------------------------------------------------------- */

static View view_of(const Dataset *data, int source, size_t first, size_t count) {
    const struct DatasetMemory *memory = data->memory;
    const Rows *rows = &memory->rows[source];
    const real *raw = memory->raw_all || (source == FROM_FILE && first == 0) ? memory->raw[source] : NULL;
    if (count == 0) return (View){0};
    return (View){.rows = count,
                  .x = rows->x + first * (size_t)data->features,
                  .label = rows->label ? rows->label + first : NULL,
                  .target = rows->target ? rows->target + first * (size_t)data->targets : NULL,
                  .weight = rows->weight ? rows->weight + first : NULL,
                  .raw = raw ? raw + first * (size_t)data->raw_features : NULL};
}

static void set_views(Dataset *data) {
    const struct DatasetMemory *memory = data->memory;
    size_t validation = memory->rows[FROM_VALIDATION].count;
    data->train = view_of(data, FROM_FILE, 0, memory->train);
    data->validation = validation ? view_of(data, FROM_VALIDATION, 0, validation)
                                  : view_of(data, FROM_FILE, memory->train, memory->validation);
    data->test = view_of(data, FROM_TEST, 0, memory->rows[FROM_TEST].count);
}

/* ---- names ------------------------------------------------------------------------------------------- */

static ColumnName label_column(const Columns *columns, int column) {
    ColumnName label = {.index = column};
    const char *name = columns->name[column];
    label.by_index = !columns->named || strlen(name) >= sizeof label.name;
    if (label.by_index) return label;
    strcpy(label.name, name);
    label.index = 0;
    return label;
}

static bool set_names(Dataset *data, Error *err) {
    const Columns *columns = &data->encoding->columns;
    const Coding *coding = &data->encoding->coding;
    data->task = coding->task;
    data->features = data->raw_features = coding->features;
    data->raw_name = data->encoding->name;
    data->targets = coding->targets;
    data->labels = columns->labels;
    for (int k = 0; k < data->labels; k++) data->label[k] = label_column(columns, columns->label[k]);
    data->target_name = calloc((size_t)data->targets + 1, sizeof *data->target_name);
    if (!data->target_name) return out_of_memory(data, err);
    for (int k = 0; k < data->targets; k++) data->target_name[k] = columns->name[columns->label[k]];
    data->classes = coding->task == TASK_CLASSIFICATION ? coding->classes.count : 0;
    data->class_name = coding->classes.name;
    return true;
}

static void free_names(char **name, int count) {
    for (int i = 0; name && i < count; i++) free(name[i]);
    free(name);
}

static bool copy_names(Dataset *data, Error *err) {
    data->feature_name = calloc((size_t)data->features, sizeof *data->feature_name);
    bool done = data->feature_name;
    for (int j = 0; done && j < data->features; j++)
        done = (data->feature_name[j] = strdup(data->raw_name[j])) != NULL;
    return done || out_of_memory(data, err);
}

/* The names after a step. */
static bool rename_features(const FittedPreprocess *step, char ***names) {
    if (!preprocess_of(&step->choice)->name) return true;
    char **name = chain_step_names(step, *names);
    if (!name) return false;
    free_names(*names, step->in);
    *names = name;
    return true;
}

/* ---- reading ----------------------------------------------------------------------------------------- */

static bool read_others(const DataRequest *request, Pool *pool, struct DatasetMemory *memory, Error *err) {
    const Encoding *encoding = &memory->encoding;
    bool done = true;
    if (request->validation.is_text)
        done = encoding_read(encoding, request->validation.text, pool, &memory->rows[FROM_VALIDATION], err);
    if (request->test[0]) done = encoding_read(encoding, request->test, pool, &memory->rows[FROM_TEST], err) && done;
    return done;
}

static bool check_image(const DataRequest *request, const Encoding *encoding, Error *err) {
    ImageShape image = request->image;
    if (image.height == 0 || image_values(image) == (size_t)encoding->coding.features) return true;
    return fail(err, "%s: data.image is %d x %d x %d, which is %zu values, and a row has %d inputs; correct it",
                request->file, image.height, image.width, image.channels, image_values(image),
                encoding->coding.features);
}

/* Partitions the file's rows; those that no view shows give their memory back. */
static bool partition(const DataRequest *request, struct DatasetMemory *memory, Error *err) {
    size_t size[3];
    Rows *file = &memory->rows[FROM_FILE];
    if (!partition_rows(request, &memory->encoding.coding, file, size, err)) return false;
    memory->train = size[PART_TRAIN];
    memory->validation = size[PART_VALIDATION];
    file->count = memory->train + memory->validation;
    real *less = realloc(file->x, file->count * (size_t)memory->encoding.coding.features * sizeof *less);
    if (less) file->x = less;
    return true;
}

static bool read_all(const DataRequest *request, Pool *pool, struct DatasetMemory *memory, Error *err) {
    Encoding *encoding = &memory->encoding;
    Rows *file = &memory->rows[FROM_FILE];
    if (!encoding_settle(request, pool, encoding, file, err) || !check_image(request, encoding, err) ||
        !partition(request, memory, err) || !encoding_fit_missing(encoding, file, memory->train, err))
        return false;
    encoding_fill_missing(encoding, file);
    if (!encoding_fit_range(encoding, file, memory->train, err)) return false;
    return read_others(request, pool, memory, err);
}

bool dataset_read(const DataRequest *request, Pool *pool, Dataset *out, Error *err) {
    *out = (Dataset){.image = request->image, .memory = calloc(1, sizeof *out->memory)};
    if (!out->memory) return fail(err, "%s: needs more memory than the system gives", request->file);
    out->encoding = &out->memory->encoding;
    bool done = read_all(request, pool, out->memory, err) && set_names(out, err) && copy_names(out, err);
    if (done) set_views(out);
    else dataset_free(out);
    return done;
}

/* ---- images -------------------------------------------------------------------------------------------- */

/* A max that is far too large makes every change that is a share of it far too strong. */
static bool check_max(const Dataset *data, Error *err) {
    const size_t values = data->train.rows * (size_t)data->raw_features;
    const real *x = data->train.x;
    size_t top = 0;
    for (size_t i = 1; i < values; i++)
        if (x[i] > x[top]) top = i;
    if ((double)x[top] * 8 > data->image.max) return true;
    return fail(err,
                "%s: data.image.max is %.9g, and no training pixel is above %.9g; set it to what full brightness is",
                data->encoding->columns.path, data->image.max, (double)x[top]);
}

static bool check_pixels(const Dataset *data, Error *err) {
    const View *view[] = {&data->train, &data->validation, &data->test};
    static const char *const where[] = {"", " in a validation row", " in a test row"};
    Error wrong = {0};
    for (int v = 0; v < 3; v++)
        if (!pixels_check(data->image, view[v]->rows, view[v]->x, data->raw_name, where[v], &wrong))
            return at_file(data, &wrong, err);
    return check_max(data, err);
}

/* Pixels of another size have other names. */
static bool name_pixels(Dataset *data, ImageShape image, Error *err) {
    const int count = (int)image_values(image);
    char **name = calloc((size_t)count, sizeof *name), text[PIXEL_NAME_BYTES];
    bool done = name;
    for (int i = 0; done && i < count; i++) {
        pixel_name(&image, i, text);
        done = (name[i] = strdup(text)) != NULL;
    }
    free_names(data->feature_name, data->features);
    data->feature_name = name;
    data->features = name ? count : 0;
    return done || out_of_memory(data, err);
}

/* Keeps the first `keep` raw rows of a source, and puts in place of all what evaluation sees. */
static bool view_images(Dataset *data, int source, size_t keep, real *work, Error *err) {
    Rows *rows = &data->memory->rows[source];
    const size_t in = image_values(data->augmentation.in), out = image_values(data->augmentation.out);
    if (rows->count == 0) return true;
    if (!memory_check(rows->count * out * sizeof(real), err))
        return error_prefix(err, "%s: ", data->encoding->columns.path);
    real *x = malloc(rows->count * out * sizeof *x);
    if (!x) return out_of_memory(data, err);
    for (size_t row = 0; row < rows->count; row++)
        augment_evaluate(&data->augmentation, 0, rows->x + row * in, work, x + row * out);
    real *raw = rows->x;
    rows->x = x;
    data->memory->raw[source] = raw;
    if (keep == 0) {
        free(raw);
        data->memory->raw[source] = NULL;
    } else if (keep < rows->count) {
        real *less = realloc(raw, keep * in * sizeof *raw);
        if (less) data->memory->raw[source] = less;
    }
    return true;
}

static bool augment(const DataRequest *request, Dataset *data, Error *err) {
    Augmentation *augmentation = &data->augmentation;
    if (!augment_plan(request->augment, request->augment_count, data->image, augmentation, err)) return false;
    if (augmentation->steps == 0) return true;
    if (!check_pixels(data, err)) return false;
    augment_fit(augmentation, data->train.rows, data->train.x);
    data->memory->raw_all = augmentation->views > 1;
    real *work = malloc(augment_work(augmentation) * sizeof *work);
    bool done = work || out_of_memory(data, err);
    for (int s = 0; done && s < SOURCES; s++) {
        size_t keep = data->memory->raw_all ? data->memory->rows[s].count : s == FROM_FILE ? data->memory->train : 0;
        done = view_images(data, s, keep, work, err);
    }
    free(work);
    ImageShape in = augmentation->in, out = augmentation->out;
    if (done && (in.height != out.height || in.width != out.width)) done = name_pixels(data, out, err);
    if (done) set_views(data);
    return done;
}

/* ---- preparing --------------------------------------------------------------------------------------- */

static bool check_finite(const Dataset *data, const char *preprocess, Error *err) {
    for (int s = 0; s < SOURCES; s++) {
        const Rows *rows = &data->memory->rows[s];
        size_t count = rows->count * (size_t)data->features, at = reduce_first_not_finite(count, rows->x);
        if (at < count)
            return fail(err, "%s: preprocess '%s' makes values of column '%s' infinite; scale them down before it",
                        data->encoding->columns.path, preprocess, data->feature_name[at % (size_t)data->features]);
    }
    return true;
}

/* A step at work: blocks of rows, wherever they run. */
typedef struct Application {
    const FittedPreprocess *step;
    size_t rows;
    const real *from;
    real *to;
    atomic_bool failed;
} Application;

static void apply_block(void *context, int job) {
    Application *a = context;
    Error unused = {0}; /* what was refused has been told; what is left is memory */
    size_t row = (size_t)job * BLOCK_ROWS, count = a->rows - row < BLOCK_ROWS ? a->rows - row : BLOCK_ROWS;
    if (!preprocess_apply(a->step, count, a->from + row * (size_t)a->step->in, a->to + row * (size_t)a->step->out,
                          &unused))
        a->failed = true;
}

/* In place, or for a step that cannot do so into new memory. */
static bool apply_step(const FittedPreprocess *step, Pool *pool, Rows *rows, Error *err) {
    size_t bytes;
    bool in_place = preprocess_of(&step->choice)->in_place;
    if (__builtin_mul_overflow(rows->count, (size_t)step->out * sizeof(real), &bytes)) bytes = SIZE_MAX;
    if (!in_place && !memory_check(bytes, err)) return false;
    real *x = in_place ? rows->x : malloc(bytes);
    if (!x) return fail(err, "needs %zu bytes of memory, which the system refused", bytes);
    Application a = {step, rows->count, rows->x, x, false};
    pool_run(pool, apply_block, &a, (int)((rows->count + BLOCK_ROWS - 1) / BLOCK_ROWS));
    if (!in_place) free(rows->x);
    rows->x = x;
    return !a.failed || fail(err, "needs more memory than the system gives");
}

/* Names the column, and the split, of a value that the step cannot take. */
static bool tell_refusal(const Dataset *data, const FittedPreprocess *step, int source, const Refusal *seen,
                         Error *err) {
    const char *column = data->feature_name[seen->input], *why = preprocess_of(&step->choice)->refusal;
    char view[32] = "";
    if (seen->view > 0) snprintf(view, sizeof view, ", crop %d of %d", seen->view + 1, data->augmentation.views);
    if (source == FROM_FILE) /* the split has mixed these rows */
        return fail(err, "column '%s' of a %s row%s: %.9g %s", column,
                    seen->row < data->memory->train ? "training" : "validation", view, (double)seen->value, why);
    return fail(err, "column '%s' of row %zu of the %s file%s: %.9g %s", column, seen->row + 1,
                source == FROM_VALIDATION ? "validation" : "test", view, (double)seen->value, why);
}

/* The other views that evaluation looks at: training rows are evaluated before the first update, these long after. */
static bool check_views(const Dataset *data, const FittedPreprocess *step, int source, Pool *pool, Error *err) {
    const struct DatasetMemory *memory = data->memory;
    size_t first = source == FROM_FILE ? memory->train : 0, rows = memory->rows[source].count - first;
    if (!memory->raw_all || !preprocess_of(&step->choice)->refused || rows == 0) return true;
    bool found;
    Refusal refusal;
    const real *raw = memory->raw[source] + first * (size_t)data->raw_features;
    if (!view_trial(&data->augmentation, &data->chain, pool, rows, raw, &found, &refusal, err)) return false;
    refusal.row += first;
    return !found || tell_refusal(data, step, source, &refusal, err);
}

static bool check_taken(const Dataset *data, const FittedPreprocess *step, int source, Pool *pool, Error *err) {
    const Rows *rows = &data->memory->rows[source];
    size_t in = (size_t)step->in, at = preprocess_refused(step, rows->count, rows->x);
    if (at == rows->count * in) return check_views(data, step, source, pool, err);
    Refusal refusal = {at / in, 0, (int)(at % in), rows->x[at]};
    return tell_refusal(data, step, source, &refusal, err);
}

/* What a fit has found must be a number: rows divided by an infinite deviation would all be 0. */
static bool check_learned(const Dataset *data, const FittedPreprocess *step, Error *err) {
    for (int t = 0; t < step->tensors; t++) {
        const FittedTensor *tensor = &step->tensor[t];
        size_t columns = (size_t)tensor->columns, count = (size_t)(tensor->rows ? tensor->rows : 1) * columns;
        size_t at = reduce_first_not_finite(count, tensor->data);
        if (at == count) continue;
        const char *step_name = step->choice.variant->name, *path = data->encoding->columns.path;
        if (!preprocess_by_input(step, tensor->name))
            return fail(err, "%s: preprocess '%s' finds an infinite %s; scale the inputs down before it", path,
                        step_name, tensor->name);
        return fail(err, "%s: preprocess '%s' finds an infinite %s for column '%s'; scale it down before it", path,
                    step_name, tensor->name, data->feature_name[at % columns]);
    }
    return true;
}

/* Fits the next step of the chain and applies it to all rows. */
static bool add_step(Dataset *data, const Choice *choice, ImageShape *image, Pool *pool, Error *err) {
    FittedPreprocess *step = &data->chain.step[data->chain.steps];
    FitInput in = {data->train.rows, data->features, data->train.x, *image, pool, data->chain.steps};
    Error wrong = {0};
    if (!preprocess_fit(choice, &in, step, &wrong)) return at_file(data, &wrong, err);
    data->chain.steps++;
    if (!check_learned(data, step, err)) return false;
    for (int s = 0; s < SOURCES; s++) {
        Rows *rows = &data->memory->rows[s];
        if (rows->count == 0 || (check_taken(data, step, s, pool, &wrong) && apply_step(step, pool, rows, &wrong)))
            continue;
        error_prefix(&wrong, "preprocess.%d: ", in.step);
        return at_file(data, &wrong, err);
    }
    if (!rename_features(step, &data->feature_name)) return out_of_memory(data, err);
    data->features = step->out;
    set_views(data);
    if (step->no_image) *image = (ImageShape){0};
    return check_finite(data, choice->variant->name, err);
}

bool dataset_prepare(const DataRequest *request, Pool *pool, Dataset *data, Error *err) {
    if (!augment(request, data, err)) return false;
    ImageShape image = data->augmentation.out;
    for (int k = 0; k < request->preprocess_count; k++)
        if (!add_step(data, &request->preprocess[k], &image, pool, err)) return false;
    return true;
}

bool dataset_build(const DataRequest *request, Pool *pool, Dataset *out, Error *err) {
    if (!dataset_read(request, pool, out, err)) return false;
    bool done = dataset_prepare(request, pool, out, err);
    if (!done) dataset_free(out);
    return done;
}

void dataset_free(Dataset *dataset) {
    free_names(dataset->feature_name, dataset->features);
    free(dataset->target_name);
    chain_free(&dataset->chain);
    if (dataset->memory) encoding_free(&dataset->memory->encoding);
    for (int s = 0; dataset->memory && s < SOURCES; s++) {
        rows_free(&dataset->memory->rows[s]);
        free(dataset->memory->raw[s]);
    }
    free(dataset->memory);
    *dataset = (Dataset){0};
}

size_t dataset_sample(const Dataset *dataset, size_t rows, uint64_t split_seed, int purpose, uint32_t *index) {
    const View *train = &dataset->train;
    int classes = train->label ? dataset->classes : 1;
    size_t wanted = rows < train->rows ? rows : train->rows, filled = 0;
    size_t *count = malloc((size_t)classes * sizeof *count), *take = malloc((size_t)classes * sizeof *take);
    unsigned char *part = calloc(train->rows, sizeof *part);
    bool done = count && take && part;
    if (done) split_count(train->rows, train->label, classes, part, 0, count);
    done = done && split_quota(classes, count, wanted, 0, take) &&
           split_draw(train->rows, train->label, classes, take, split_seed, (Purpose)purpose, 0, 1, part);
    for (size_t row = 0; done && row < train->rows; row++)
        if (part[row] == 1) index[filled++] = (uint32_t)row;
    free(count);
    free(take);
    free(part);
    return filled;
}
