/* encoding: see encoding.h. */
#include "data/encoding.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

enum { MOST_ERRORS = 20 };

static bool out_of_memory(const char *path, Error *err) {
    return fail(err, "%s: needs more memory than the system gives", path);
}

/* ---- reading ----------------------------------------------------------------------------------------- */

/* How a delimiter is told: `a tab`, `';'`. */
static void name_delimiter(char delimiter, char out[8]) {
    if (delimiter == '\t') strcpy(out, "a tab");
    else snprintf(out, 8, "'%c'", delimiter);
}

/* Refuses a file that is one column, under a name that holds another delimiter than the training file's. */
static bool check_delimiter(const Encoding *encoding, const Csv *csv, Error *err) {
    const char *name = csv->column[0].name, *at = csv->columns == 1 ? strpbrk(name, ",;|\t") : NULL;
    if (!at || *at == encoding->csv.delimiter) return true;
    for (int i = 0; i < encoding->columns.count; i++)
        if (strcmp(encoding->columns.name[i], name) == 0) return true;
    char seen[8], wanted[8];
    name_delimiter(*at, seen);
    name_delimiter(encoding->csv.delimiter, wanted);
    return fail(err,
                "%s: one column only; its delimiter seems to be %s, and that of %s is %s; write it with that one",
                csv->path, seen, encoding->columns.path, wanted);
}

static bool open_other(const Encoding *encoding, const char *path, const CsvOptions *options, Csv *csv, Error *err) {
    return csv_open(path, options, csv, err) && check_delimiter(encoding, csv, err);
}

static bool read_rows(const CsvOptions *options, Pool *pool, Csv *csv, Error *err) {
    if (!csv_read(options, pool, csv, err)) return false;
    if (csv->rows > 0) return true;
    if (options->missing == CSV_MISSING_DROP_ROW)
        return fail(err, "%s: no row is without a missing value; set data.missing to mean", csv->path);
    return fail(err, "%s: no rows below the header", csv->path);
}

static char *feature_name(const char *column, const char *level) {
    size_t size = strlen(column) + (level ? strlen(level) : 0) + 2;
    char *name = malloc(size);
    if (name) snprintf(name, size, level ? "%s=%s" : "%s", column, level);
    return name;
}

bool encoding_name_features(Encoding *encoding) {
    const Columns *columns = &encoding->columns;
    const Levels *category = encoding->coding.category;
    char **name = encoding->name = calloc((size_t)encoding->coding.features, sizeof *name);
    bool done = name;
    for (int i = 0; done && i < columns->count; i++) {
        const char *column = columns->name[i];
        if (columns->role[i] == ROLE_FEATURE) done &= (*name++ = feature_name(column, NULL)) != NULL;
        if (columns->role[i] != ROLE_CATEGORY) continue;
        for (int k = 0; k < category->count; k++) done &= (*name++ = feature_name(column, category->name[k])) != NULL;
        category++;
    }
    return done;
}

static bool settle(const DataRequest *request, Pool *pool, Csv *csv, Encoding *out, Rows *rows, Error *err) {
    if (!csv_open(request->file, &request->csv, csv, err)) return false;
    if (!columns_assign(request, csv, &out->columns, err)) return false;
    columns_use(&out->columns, csv);
    if (!csv_check_names(csv, err) || !read_rows(&request->csv, pool, csv, err) ||
        !coding_settle(request, csv, &out->columns, &out->coding, err) ||
        !rows_code(&out->columns, &out->coding, csv, rows, err))
        return false;
    out->columns.label_is_text &= out->coding.task == TASK_CLASSIFICATION; /* its use now follows the task */
    return encoding_name_features(out) || out_of_memory(request->file, err);
}

bool encoding_settle(const DataRequest *request, Pool *pool, Encoding *out, Rows *rows, Error *err) {
    Csv csv = {0};
    *out = (Encoding){.csv = request->csv};
    bool done = settle(request, pool, &csv, out, rows, err);
    csv_free(&csv);
    return done;
}

bool encoding_read(const Encoding *encoding, const char *path, Pool *pool, Rows *rows, Error *err) {
    Csv csv = {0};
    bool done = open_other(encoding, path, &encoding->csv, &csv, err) &&
                columns_match(&encoding->columns, &csv, err) && csv_check_names(&csv, err) &&
                read_rows(&encoding->csv, pool, &csv, err) &&
                rows_code(&encoding->columns, &encoding->coding, &csv, rows, err);
    csv_free(&csv);
    if (done) encoding_fill_missing(encoding, rows);
    return done;
}

/* from[inputs]: the column of the file that each input comes from. */
static void find_sources(const Encoding *encoding, const Csv *csv, int *from) {
    const Columns *columns = &encoding->columns;
    int features = 0, categories = 0;
    for (int i = 0; i < columns->count; i++) {
        if (columns->role[i] == ROLE_FEATURE) *from++ = columns_find_use(csv, CSV_FEATURE, features++);
        if (columns->role[i] != ROLE_CATEGORY) continue;
        int column = columns_find_use(csv, CSV_TEXT, categories);
        for (int k = encoding->coding.category[categories++].count; k > 0; k--) *from++ = column;
    }
}

/* Names the cells that became nans, from input `first` of all on: one for the inputs of a category. */
static void tell_missing(const Csv *csv, const Rows *rows, size_t features, size_t first, const int *from,
                         Error *err) {
    int told = 0;
    for (size_t i = first; i < rows->count * features && told < MOST_ERRORS; i++) {
        size_t j = i % features;
        int column = from[j];
        if (!isnan(rows->x[i]) || (j > 0 && from[j - 1] == column)) continue;
        fail(err, "%s:%u:%d: missing value in column '%s'; fill it in, or train with data.missing set to mean",
             csv->path, csv->line[i / features], column + 1, csv->column[column].name);
        told++;
    }
}

/* Missing inputs that no mean fills. */
static bool check_missing(const Encoding *encoding, const Csv *csv, const Rows *rows, Error *err) {
    size_t features = (size_t)encoding->coding.features, first = 0;
    if (encoding->missing_mean) return true;
    while (first < rows->count * features && !isnan(rows->x[first])) first++;
    if (first == rows->count * features) return true;
    int *from = malloc(features * sizeof *from);
    if (!from) return out_of_memory(csv->path, err);
    find_sources(encoding, csv, from);
    tell_missing(csv, rows, features, first, from, err);
    free(from);
    return false;
}

bool encoding_read_inputs(const Encoding *encoding, const char *path, Pool *pool, Rows *rows, Error *err) {
    Csv csv = {0};
    Columns present;
    CsvOptions options = encoding->csv;
    options.missing = CSV_MISSING_MEAN; /* keeps every row */
    *rows = (Rows){0};
    bool done = open_other(encoding, path, &options, &csv, err) &&
                columns_match_inputs(&encoding->columns, &csv, &present, err) &&
                read_rows(&options, pool, &csv, err) && rows_code(&present, &encoding->coding, &csv, rows, err) &&
                check_missing(encoding, &csv, rows, err);
    csv_free(&csv);
    if (done) encoding_fill_missing(encoding, rows);
    else rows_free(rows);
    return done;
}

void encoding_free(Encoding *encoding) {
    for (int j = 0; encoding->name && j < encoding->coding.features; j++) free(encoding->name[j]);
    free(encoding->name);
    free(encoding->missing_mean);
    free(encoding->low);
    free(encoding->high);
    columns_free(&encoding->columns);
    coding_free(&encoding->coding);
    *encoding = (Encoding){0};
}

/* ---- missing values ---------------------------------------------------------------------------------- */

/* The mean of the values that are there; false when there are none. */
static bool column_mean(const Rows *rows, size_t train_rows, size_t features, size_t j, real *mean) {
    double sum = 0;
    size_t count = 0;
    for (size_t row = 0; row < train_rows; row++) {
        real value = rows->x[row * features + j];
        if (isnan(value)) continue;
        sum += (double)value;
        count++;
    }
    *mean = count ? (real)(sum / (double)count) : 0;
    return count > 0;
}

bool encoding_fit_missing(Encoding *encoding, const Rows *rows, size_t train_rows, Error *err) {
    int before = err->count;
    size_t features = (size_t)encoding->coding.features;
    const char *path = encoding->columns.path;
    if (encoding->csv.missing != CSV_MISSING_MEAN) return true;
    encoding->missing_mean = calloc(features, sizeof(real));
    if (!encoding->missing_mean) return out_of_memory(path, err);
    for (size_t j = 0; j < features && err->count - before < MOST_ERRORS; j++)
        if (!column_mean(rows, train_rows, features, j, &encoding->missing_mean[j]))
            fail(err, "%s: no training row has a value in column '%s'; put it into data.ignore", path,
                 encoding->name[j]);
    return err->count == before;
}

void encoding_fill_missing(const Encoding *encoding, Rows *rows) {
    const real *mean = encoding->missing_mean;
    size_t features = (size_t)encoding->coding.features;
    if (!mean) return;
    for (size_t row = 0; row < rows->count; row++) {
        real *x = rows->x + row * features;
        for (size_t j = 0; j < features; j++)
            if (isnan(x[j])) x[j] = mean[j];
    }
}

/* ---- range ------------------------------------------------------------------------------------------- */

bool encoding_fit_range(Encoding *encoding, const Rows *rows, size_t train_rows, Error *err) {
    size_t features = (size_t)encoding->coding.features;
    if (features != 2) return true;
    encoding->low = malloc(features * sizeof(real));
    encoding->high = malloc(features * sizeof(real));
    if (!encoding->low || !encoding->high) return out_of_memory(encoding->columns.path, err);
    for (size_t j = 0; j < features; j++) encoding->low[j] = encoding->high[j] = rows->x[j];
    for (size_t i = 0; i < train_rows * features; i++) {
        real value = rows->x[i], *low = &encoding->low[i % features], *high = &encoding->high[i % features];
        *low = value < *low ? value : *low;
        *high = value > *high ? value : *high;
    }
    return true;
}
