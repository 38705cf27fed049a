/* dataset: see dataset.h. The stages, in the order of dataset_build: read, settle, code, split, fill,
 * preprocess. */
#include "data/dataset.h"

#include "base/reduce.h"
#include "base/text.h"
#include "data/rows.h"
#include "data/split.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

/* The training file's rows lie as [train | validation | unused]; the others are files of their own. */
enum { FROM_FILE, FROM_VALIDATION, FROM_TEST, SOURCES };

struct DatasetMemory {
    Rows rows[SOURCES];
};

/* What dataset_build needs while it works. */
typedef struct Builder {
    const DataRequest *request;
    Csv csv; /* of the training file: its columns, and its rows until they are coded */
    Columns columns;
    Coding coding;
    Dataset *data;
    Rows *rows; /* [SOURCES]: the dataset's memory */
} Builder;

static bool out_of_memory(const Builder *builder, Error *err) {
    return fail(err, "%s: needs more memory than the system gives", builder->request->file);
}

/* Puts the data file in front of what went wrong. */
static bool at_file(const Builder *builder, Error *wrong, Error *err) {
    error_prefix(wrong, "%s: ", builder->request->file);
    error_move(err, wrong);
    return false;
}

/* ---- reading ----------------------------------------------------------------------------------------- */

static bool read_rows(const Builder *builder, Csv *csv, Error *err) {
    const CsvOptions *options = &builder->request->csv;
    if (!csv_read(options, NULL, csv, err)) return false;
    if (csv->rows > 0) return true;
    if (options->missing == CSV_MISSING_DROP_ROW)
        return fail(err, "%s: no row is without a missing value; set data.missing to mean", csv->path);
    return fail(err, "%s: no rows below the header", csv->path);
}

static bool read_file(Builder *builder, Error *err) {
    const DataRequest *request = builder->request;
    Csv *csv = &builder->csv;
    if (!csv_open(request->file, &request->csv, csv, err)) return false;
    if (!columns_assign(request, csv, &builder->columns, err)) return false;
    columns_use(&builder->columns, csv);
    return csv_check_names(csv, err) && read_rows(builder, csv, err) &&
           coding_settle(request, csv, &builder->columns, &builder->coding, err) &&
           rows_code(&builder->columns, &builder->coding, csv, &builder->rows[FROM_FILE], err);
}

static bool read_other(Builder *builder, const char *path, Rows *out, Error *err) {
    Csv csv;
    if (!csv_open(path, &builder->request->csv, &csv, err)) return false;
    bool done = columns_match(&builder->columns, &builder->csv, &csv, err) && csv_check_names(&csv, err) &&
                read_rows(builder, &csv, err) && rows_code(&builder->columns, &builder->coding, &csv, out, err);
    csv_free(&csv);
    return done;
}

static bool read_others(Builder *builder, Error *err) {
    const DataRequest *request = builder->request;
    builder->columns.label_is_text &= builder->coding.task == TASK_CLASSIFICATION;
    columns_use(&builder->columns, &builder->csv); /* the label's use now follows the task */
    bool done = true;
    if (request->validation.is_text)
        done = read_other(builder, request->validation.text, &builder->rows[FROM_VALIDATION], err);
    if (request->test[0]) done = read_other(builder, request->test, &builder->rows[FROM_TEST], err) && done;
    return done;
}

/* ---- splitting --------------------------------------------------------------------------------------- */

/* Strata: the classes, or all rows as one. */
typedef struct Strata {
    int classes;
    size_t *count, *take; /* [classes] */
    unsigned char *part;  /* [rows] */
} Strata;

static bool draw_validation(const Builder *builder, Strata *strata, Error *err) {
    const DataRequest *request = builder->request;
    const Rows *rows = &builder->rows[FROM_FILE];
    double share = request->validation.number;
    if (request->validation.is_text || share == 0) return true;
    split_count(rows->count, rows->label, strata->classes, strata->part, PART_TRAIN, strata->count);
    if (split_share(strata->classes, strata->count, share, strata->take) == 0)
        return fail(
            err,
            "%s: data.validation %g of %zu rows leaves no validation row, as each class keeps one for training; "
            "use a larger share, more rows or a validation file",
            request->file, share, rows->count);
    return split_draw(rows->count, rows->label, strata->classes, strata->take, (uint64_t)request->split_seed,
                      PURPOSE_SPLIT, PART_TRAIN, PART_VALIDATION, strata->part) ||
           out_of_memory(builder, err);
}

/* Leaves data.train_rows of the training rows and sets the others aside. */
static bool draw_subset(const Builder *builder, Strata *strata, Error *err) {
    const DataRequest *request = builder->request;
    const Rows *rows = &builder->rows[FROM_FILE];
    size_t train = 0, wanted = (size_t)request->train_rows;
    split_count(rows->count, rows->label, strata->classes, strata->part, PART_TRAIN, strata->count);
    for (int c = 0; c < strata->classes; c++) train += strata->count[c];
    if (wanted > train)
        return fail(err, "%s: data.train_rows is %zu and there are %zu training rows; use at most these",
                    request->file, wanted, train);
    if (wanted > 0 && wanted < (size_t)strata->classes)
        return fail(err, "%s: data.train_rows is %zu and there are %d classes; use a row of each at least",
                    request->file, wanted, strata->classes);
    if (train < 2 || wanted == 1)
        return fail(err, "%s: one training row; training needs two at least", request->file);
    if (wanted == 0 || wanted == train) return true;
    if (!split_quota(strata->classes, strata->count, wanted, 1, strata->take)) return out_of_memory(builder, err);
    /* the wanted rows are drawn out, the others put aside, and the wanted ones back: larger subsets hold
     * smaller ones */
    enum { PART_WANTED = PART_UNUSED + 1 };
    bool drawn = split_draw(rows->count, rows->label, strata->classes, strata->take, (uint64_t)request->split_seed,
                            PURPOSE_SUBSET, PART_TRAIN, PART_WANTED, strata->part);
    for (size_t row = 0; row < rows->count; row++) {
        if (strata->part[row] == PART_TRAIN) strata->part[row] = PART_UNUSED;
        if (strata->part[row] == PART_WANTED) strata->part[row] = PART_TRAIN;
    }
    return drawn || out_of_memory(builder, err);
}

/* Moves the rows into the order of the parts, each in the file's order. size[p] = rows of part p. */
static bool gather_parts(const Builder *builder, const unsigned char *part, size_t size[3], Error *err) {
    Rows *rows = &builder->rows[FROM_FILE];
    uint32_t *order = malloc(rows->count * sizeof *order);
    if (!order) return out_of_memory(builder, err);
    size_t filled = 0;
    for (int p = PART_TRAIN; p <= PART_UNUSED; p++) {
        size_t start = filled;
        for (size_t row = 0; row < rows->count; row++)
            if (part[row] == p) order[filled++] = (uint32_t)row;
        size[p] = filled - start;
    }
    Error wrong = {0};
    bool done = rows_permute(rows, &builder->coding, order, &wrong) || at_file(builder, &wrong, err);
    free(order);
    return done;
}

static bool split(const Builder *builder, size_t size[3], Error *err) {
    size_t rows = builder->rows[FROM_FILE].count, classes = (size_t)builder->coding.classes.count;
    if (builder->coding.task == TASK_REGRESSION) classes = 1;
    Strata strata = {.classes = (int)classes,
                     .count = calloc(classes, sizeof *strata.count),
                     .take = calloc(classes, sizeof *strata.take),
                     .part = calloc(rows, sizeof *strata.part)};
    bool done = (strata.count && strata.take && strata.part) || out_of_memory(builder, err);
    done = done && draw_validation(builder, &strata, err) && draw_subset(builder, &strata, err) &&
           gather_parts(builder, strata.part, size, err);
    free(strata.count);
    free(strata.take);
    free(strata.part);
    return done;
}

/* ---- views ------------------------------------------------------------------------------------------- */

static View view_of(const Rows *rows, const Coding *coding, size_t first, size_t count) {
    if (count == 0) return (View){0};
    return (View){.rows = count,
                  .x = rows->x + first * (size_t)coding->features,
                  .label = rows->label ? rows->label + first : NULL,
                  .target = rows->target ? rows->target + first * (size_t)coding->targets : NULL,
                  .weight = rows->weight ? rows->weight + first : NULL};
}

/* Sets the views; rows that no view shows give their memory back. */
static void set_views(const Builder *builder, const size_t size[3]) {
    Rows *file = &builder->rows[FROM_FILE];
    const Rows *validation = &builder->rows[FROM_VALIDATION], *test = &builder->rows[FROM_TEST];
    const Coding *coding = &builder->coding;
    file->count = size[PART_TRAIN] + size[PART_VALIDATION];
    real *less = realloc(file->x, file->count * (size_t)coding->features * sizeof *less);
    if (less) file->x = less;
    builder->data->train = view_of(file, coding, 0, size[PART_TRAIN]);
    builder->data->validation = validation->count ? view_of(validation, coding, 0, validation->count)
                                                  : view_of(file, coding, size[PART_TRAIN], size[PART_VALIDATION]);
    builder->data->test = view_of(test, coding, 0, test->count);
}

static char *feature_name(const char *column, const char *level) {
    size_t size = strlen(column) + (level ? strlen(level) : 0) + 2;
    char *name = malloc(size);
    if (name) snprintf(name, size, level ? "%s=%s" : "%s", column, level);
    return name;
}

static bool name_features(const Builder *builder, char **name) {
    const Columns *columns = &builder->columns;
    const Levels *category = builder->coding.category;
    bool done = true;
    for (int i = 0; i < columns->count; i++) {
        const char *column = builder->csv.column[i].name;
        if (columns->role[i] == ROLE_FEATURE) done &= (*name++ = feature_name(column, NULL)) != NULL;
        if (columns->role[i] != ROLE_CATEGORY) continue;
        for (int k = 0; k < category->count; k++) done &= (*name++ = feature_name(column, category->name[k])) != NULL;
        category++;
    }
    return done;
}

static ColumnName label_column(const Csv *csv, int column) {
    ColumnName label = {.index = column};
    label.by_index = !csv->has_header || !text_copy(label.name, sizeof label.name, csv->column[column].name);
    if (label.by_index) label.name[0] = '\0';
    else label.index = 0;
    return label;
}

static bool set_names(Builder *builder, Error *err) {
    Dataset *data = builder->data;
    Coding *coding = &builder->coding;
    data->task = coding->task;
    data->features = coding->features;
    data->targets = coding->targets;
    data->labels = builder->columns.labels;
    for (int k = 0; k < data->labels; k++) data->label[k] = label_column(&builder->csv, builder->columns.label[k]);
    data->feature_name = calloc((size_t)data->features, sizeof *data->feature_name);
    data->target_name = calloc((size_t)data->targets + 1, sizeof *data->target_name);
    bool done = data->feature_name && data->target_name && name_features(builder, data->feature_name);
    for (int k = 0; done && k < data->targets; k++)
        done = (data->target_name[k] = strdup(builder->csv.column[builder->columns.label[k]].name)) != NULL;
    if (coding->task == TASK_CLASSIFICATION) { /* the names change owner */
        data->classes = coding->classes.count;
        data->class_name = coding->classes.name;
        coding->classes.name = NULL;
        coding->classes.count = 0;
    }
    return done || out_of_memory(builder, err);
}

/* ---- values ------------------------------------------------------------------------------------------ */

static void fill_missing(Rows *rows, int features, const real *mean) {
    for (size_t row = 0; row < rows->count; row++) {
        real *x = rows->x + row * (size_t)features;
        for (int j = 0; j < features; j++)
            if (isnan(x[j])) x[j] = mean[j];
    }
}

/* Means of the values that are there, over the training rows alone. */
static bool fit_missing(const Builder *builder, real *mean, Error *err) {
    const View *train = &builder->data->train;
    int before = err->count, features = builder->data->features;
    for (int j = 0; j < features && err->count - before < 20; j++) {
        double sum = 0;
        size_t count = 0;
        for (size_t row = 0; row < train->rows; row++) {
            real value = train->x[row * (size_t)features + (size_t)j];
            if (isnan(value)) continue;
            sum += (double)value;
            count++;
        }
        mean[j] = count ? (real)(sum / (double)count) : 0;
        if (count == 0)
            fail(err, "%s: no training row has a value in column '%s'; put it into data.ignore",
                 builder->request->file, builder->data->feature_name[j]);
    }
    return err->count == before;
}

static bool replace_missing(const Builder *builder, Error *err) {
    if (builder->request->csv.missing != CSV_MISSING_MEAN) return true;
    real *mean = calloc((size_t)builder->data->features, sizeof *mean);
    if (!mean) return out_of_memory(builder, err);
    bool done = fit_missing(builder, mean, err);
    for (int s = 0; done && s < SOURCES; s++) fill_missing(&builder->rows[s], builder->data->features, mean);
    free(mean);
    return done;
}

static bool check_finite(const Builder *builder, const char *preprocess, Error *err) {
    const Dataset *data = builder->data;
    for (int s = 0; s < SOURCES; s++) {
        const Rows *rows = &builder->rows[s];
        size_t count = rows->count * (size_t)data->features, at = reduce_first_not_finite(count, rows->x);
        if (at < count)
            return fail(err, "%s: preprocess '%s' makes values of column '%s' infinite; scale them down before it",
                        builder->request->file, preprocess, data->feature_name[at % (size_t)data->features]);
    }
    return true;
}

static bool preprocess(const Builder *builder, Error *err) {
    const DataRequest *request = builder->request;
    Dataset *data = builder->data;
    for (int k = 0; k < request->preprocess_count; k++) {
        FittedPreprocess *fitted = &data->preprocess[k];
        Error wrong = {0};
        if (!preprocess_fit(&request->preprocess[k], data->train.rows, data->features, data->train.x, fitted, &wrong))
            return at_file(builder, &wrong, err);
        data->preprocesses++;
        for (int s = 0; s < SOURCES; s++) preprocess_apply(fitted, builder->rows[s].count, builder->rows[s].x);
        if (!check_finite(builder, request->preprocess[k].variant->name, err)) return false;
    }
    return true;
}

/* ---- public ------------------------------------------------------------------------------------------ */

bool dataset_build(const DataRequest *request, Dataset *out, Error *err) {
    *out = (Dataset){.memory = calloc(1, sizeof *out->memory)};
    Builder builder = {.request = request, .data = out};
    if (!out->memory) return out_of_memory(&builder, err);
    builder.rows = out->memory->rows;
    size_t size[3];
    bool done = read_file(&builder, err) && read_others(&builder, err) && split(&builder, size, err) &&
                set_names(&builder, err);
    if (done) set_views(&builder, size);
    done = done && replace_missing(&builder, err) && preprocess(&builder, err);
    csv_free(&builder.csv);
    columns_free(&builder.columns);
    coding_free(&builder.coding);
    if (!done) dataset_free(out);
    return done;
}

static void free_names(char **name, int count) {
    for (int i = 0; name && i < count; i++) free(name[i]);
    free(name);
}

void dataset_free(Dataset *dataset) {
    free_names(dataset->feature_name, dataset->features);
    free_names(dataset->class_name, dataset->classes);
    free_names(dataset->target_name, dataset->targets);
    for (int k = 0; k < dataset->preprocesses; k++) preprocess_free(&dataset->preprocess[k]);
    for (int s = 0; dataset->memory && s < SOURCES; s++) rows_free(&dataset->memory->rows[s]);
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

/* ---- hash -------------------------------------------------------------------------------------------- */

/* FNV-1a's step on words of eight bytes, with a shift that brings the high bits back down. */
static uint64_t mix(uint64_t hash, uint64_t word) {
    hash = (hash ^ word) * 0x100000001b3u;
    return hash ^ hash >> 32;
}

static uint64_t hash_bytes(uint64_t hash, const void *data, size_t size) {
    const unsigned char *at = data;
    hash = mix(hash, size);
    for (; at && size > 0; at += sizeof(uint64_t)) {
        uint64_t word = 0;
        size_t part = size < sizeof word ? size : sizeof word;
        memcpy(&word, at, part);
        hash = mix(hash, word);
        size -= part;
    }
    return hash;
}

static uint64_t hash_names(uint64_t hash, char *const *name, int count) {
    hash = mix(hash, (uint64_t)count);
    for (int i = 0; i < count; i++) hash = hash_bytes(hash, name[i], strlen(name[i]));
    return hash;
}

static uint64_t hash_view(uint64_t hash, const View *view, int features, int targets) {
    hash = hash_bytes(hash, view->x, view->rows * (size_t)features * sizeof *view->x);
    if (view->label) hash = hash_bytes(hash, view->label, view->rows * sizeof *view->label);
    if (view->target) hash = hash_bytes(hash, view->target, view->rows * (size_t)targets * sizeof *view->target);
    if (view->weight) hash = hash_bytes(hash, view->weight, view->rows * sizeof *view->weight);
    return hash;
}

uint64_t dataset_hash(const Dataset *dataset) {
    uint64_t hash = mix(0xcbf29ce484222325u, (uint64_t)dataset->task);
    hash = hash_names(hash, dataset->feature_name, dataset->features);
    hash = hash_names(hash, dataset->class_name, dataset->classes);
    hash = hash_names(hash, dataset->target_name, dataset->targets);
    hash = hash_view(hash, &dataset->train, dataset->features, dataset->targets);
    hash = hash_view(hash, &dataset->validation, dataset->features, dataset->targets);
    return hash_view(hash, &dataset->test, dataset->features, dataset->targets);
}
