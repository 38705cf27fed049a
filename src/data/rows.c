/* rows: see rows.h. */
#include "data/rows.h"

#include "base/arena.h"
#include "base/text.h"
#include "data/categories.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

enum { MOST_ERRORS = 20, MOST_CLASSES_BY_RULE = 100 };

static void *allocate(size_t count, size_t size, Error *err) {
    size_t bytes;
    if (__builtin_mul_overflow(count, size, &bytes)) bytes = SIZE_MAX;
    if (!memory_check(bytes, err)) return NULL;
    void *block = calloc(count ? count : 1, size);
    if (!block) fail(err, "needs %zu bytes of memory, which the system refused", bytes);
    return block;
}

static int32_t *code_at(const Csv *csv, size_t row, int place) {
    return &csv->code[row * (size_t)csv->texts + (size_t)place];
}

/* ---- coding ------------------------------------------------------------------------------------------ */

static bool column_levels(const Csv *csv, int place, Levels *out, Error *err) {
    const Texts *texts = &csv->text[place];
    bool *used = allocate((size_t)texts->count, sizeof *used, err);
    if (!used) return error_prefix(err, "%s: ", csv->path);
    for (size_t row = 0; row < csv->rows; row++)
        if (*code_at(csv, row, place) >= 0) used[*code_at(csv, row, place)] = true;
    bool done = levels_build(texts, used, out);
    free(used);
    return done || fail(err, "%s: needs more memory than the system gives", csv->path);
}

static bool is_whole(double value) { return value == floor(value) && fabs(value) <= 0x1p53; }

static bool all_whole(const Levels *levels) {
    for (int i = 0; i < levels->count; i++)
        if (!is_whole(levels->value[i])) return false;
    return levels->numeric;
}

/* The rule of TASK_AUTO: see dataset.h. */
static Task guess_task(const Csv *csv, const Levels *levels) {
    bool few = levels->count <= MOST_CLASSES_BY_RULE && 2 * (size_t)levels->count < csv->rows;
    return !levels->numeric || (all_whole(levels) && few) ? TASK_CLASSIFICATION : TASK_REGRESSION;
}

/* Fails at the first row whose label `refused` refuses; true when there is none. */
static bool check_labels(const Csv *csv, int place, bool (*refused)(const char *text), const char *expected,
                         const char *hint, Error *err) {
    int column = columns_find_use(csv, CSV_TEXT, place);
    for (size_t row = 0; row < csv->rows; row++) {
        int32_t code = *code_at(csv, row, place);
        const char *text = code < 0 ? NULL : csv->text[place].text[code];
        if (text && refused(text))
            return fail(err, "%s:%u:%d: expected %s in column '%s', got '%.80s'; %s", csv->path, csv->line[row],
                        column + 1, expected, csv->column[column].name, text, hint);
    }
    return true;
}

static bool is_no_number(const char *text) {
    double value;
    return !text_number(text, strlen(text), &value) || !isfinite(value);
}

static bool is_not_whole(const char *text) {
    double value;
    return !text_number(text, strlen(text), &value) || !is_whole(value);
}

/* Whether the texts look like a column of measured numbers with a slip in it, rather than like classes. */
static bool mostly_numbers(const Levels *levels) {
    int numbers = 0;
    for (int i = 0; i < levels->count; i++) numbers += !is_no_number(levels->name[i]);
    return !levels->numeric && numbers > MOST_CLASSES_BY_RULE;
}

static bool check_classes(const DataRequest *request, const Csv *csv, int place, const Coding *coding, Error *err) {
    const Levels *classes = &coding->classes;
    const char *name = csv->column[columns_find_use(csv, CSV_TEXT, place)].name;
    if (request->task == TASK_AUTO && mostly_numbers(classes))
        return check_labels(csv, place, is_no_number, "a number",
                            "if these are classes, set data.task to classification", err);
    if (classes->numeric && !all_whole(classes))
        return check_labels(csv, place, is_not_whole, "a whole number as class",
                            "if this is a value, set data.task to regression", err);
    if (classes->count == 0) return fail(err, "%s: no label in column '%s'; set data.label", csv->path, name);
    if (classes->count == 1)
        return fail(err, "%s: one class only in column '%s': '%.80s'; classification needs two", csv->path, name,
                    classes->name[0]);
    return true;
}

static bool settle_label(const DataRequest *request, const Csv *csv, Columns *columns, Coding *out, Error *err) {
    out->task = TASK_REGRESSION;
    out->targets = columns->labels;
    if (!columns->label_is_text) return true;
    int place = csv->column[columns->label[0]].place;
    if (!column_levels(csv, place, &out->classes, err)) return false;
    out->task = request->task == TASK_AUTO ? guess_task(csv, &out->classes) : request->task;
    if (out->task == TASK_REGRESSION) return true;
    out->targets = 0;
    return check_classes(request, csv, place, out, err);
}

static bool settle_category(const DataRequest *request, const Csv *csv, const Columns *columns, int column,
                            Levels *out, Error *err) {
    if (!categories_given(request, columns, column, out, err)) return false;
    if (out->given) return true;
    levels_free(out);
    if (!column_levels(csv, csv->column[column].place, out, err)) return false;
    return out->count > 0 || fail(err, "%s: no value in the categorical column '%s'; put it into data.ignore",
                                  csv->path, csv->column[column].name);
}

bool coding_settle(const DataRequest *request, Csv *csv, Columns *columns, Coding *out, Error *err) {
    *out = (Coding){.category = allocate((size_t)csv->texts, sizeof *out->category, err), .features = csv->features};
    if (!out->category) return error_prefix(err, "%s: ", csv->path);
    bool done = settle_label(request, csv, columns, out, err);
    done = categories_check(request, columns, err) && done;
    for (int i = 0; i < columns->count; i++) {
        if (columns->role[i] != ROLE_CATEGORY) continue;
        Levels *levels = &out->category[out->categories++];
        done = settle_category(request, csv, columns, i, levels, err) && done;
        out->features += levels->count;
    }
    return done;
}

void coding_free(Coding *coding) {
    for (int i = 0; i < coding->categories; i++) levels_free(&coding->category[i]);
    free(coding->category);
    levels_free(&coding->classes);
    *coding = (Coding){0};
}

/* ---- rows -------------------------------------------------------------------------------------------- */

static bool missing_cell(const Csv *csv, size_t row, int column, Error *err) {
    return fail(err, "%s:%u:%d: missing value in column '%s'; fill it in, or %s", csv->path, csv->line[row],
                column + 1, csv->column[column].name,
                csv->purpose == CSV_PREDICTED ? "remove the column" : "set data.missing to drop_row");
}

/* Puts levels for the codes of a text column. Each unseen text is an error where it stands first. */
static bool recode(Csv *csv, int column, const Levels *levels, const char *what, Error *err) {
    int place = csv->column[column].place, before = err->count;
    const Texts *texts = &csv->text[place];
    int32_t *level = allocate((size_t)texts->count, sizeof *level, err);
    if (!level) return error_prefix(err, "%s: ", csv->path);
    for (int i = 0; i < texts->count; i++) level[i] = levels_find(levels, texts->text[i]);
    for (size_t row = 0; row < csv->rows && err->count - before < MOST_ERRORS; row++) {
        int32_t *code = code_at(csv, row, place);
        if (*code < 0) continue;
        if (level[*code] == -1) {
            fail(err, "%s:%u:%d: %s '%.80s' in column '%s' is not in %s", csv->path, csv->line[row], column + 1, what,
                 texts->text[*code], csv->column[column].name,
                 levels->given ? "data.categories; add it there, or correct it" : "the training data");
            level[*code] = -2;
        }
        *code = level[*code];
    }
    free(level);
    return err->count == before;
}

static bool take_classes(const Coding *coding, Csv *csv, Rows *out, Error *err) {
    int place = coding->categories, column = columns_find_use(csv, CSV_TEXT, place), before = err->count;
    if (!recode(csv, column, &coding->classes, "class", err)) return false;
    out->label = allocate(csv->rows, sizeof *out->label, err);
    for (size_t row = 0; out->label && row < csv->rows && err->count - before < MOST_ERRORS; row++) {
        out->label[row] = *code_at(csv, row, place);
        if (out->label[row] < 0) missing_cell(csv, row, column, err);
    }
    return err->count == before;
}

/* The value of label column k; nan where it is missing. */
static double label_value(const Columns *columns, const Csv *csv, size_t row, int k) {
    double value = NAN;
    if (!columns->label_is_text)
        return csv->number[row * (size_t)csv->numbers + (size_t)((columns->weight >= 0) + k)];
    int place = csv->texts - 1, code = *code_at(csv, row, place);
    if (code >= 0) text_number(csv->text[place].text[code], strlen(csv->text[place].text[code]), &value);
    return value;
}

/* Whether there are labels: in a file to be predicted those may be absent, or their cells all empty. */
static bool has_labels(const Columns *columns, const Csv *csv) {
    if (columns->labels == 0 || csv->purpose != CSV_PREDICTED) return columns->labels > 0;
    for (size_t row = 0; row < csv->rows; row++)
        for (int k = 0; k < columns->labels; k++)
            if (columns->label_is_text ? *code_at(csv, row, csv->texts - 1) >= 0
                                       : !isnan(label_value(columns, csv, row, k)))
                return true;
    return false;
}

static bool take_targets(const Columns *columns, const Coding *coding, const Csv *csv, Rows *out, Error *err) {
    int before = err->count, first = columns->label_is_text ? csv->texts - 1 : columns->weight >= 0;
    CsvUse use = columns->label_is_text ? CSV_TEXT : CSV_NUMBER;
    out->target = allocate(csv->rows * (size_t)coding->targets, sizeof *out->target, err);
    for (size_t row = 0; out->target && row < csv->rows; row++)
        for (int k = 0; k < coding->targets && err->count - before < MOST_ERRORS; k++) {
            real *target = &out->target[row * (size_t)coding->targets + (size_t)k];
            *target = (real)label_value(columns, csv, row, k);
            if (isnan(*target)) missing_cell(csv, row, columns_find_use(csv, use, first + k), err);
            else if (isinf(*target))
                fail(err, "%s:%u:%d: a label in column '%s' is beyond the range of numbers", csv->path,
                     csv->line[row], columns_find_use(csv, use, first + k) + 1,
                     csv->column[columns_find_use(csv, use, first + k)].name);
        }
    return err->count == before;
}

static bool take_weights(const Columns *columns, const Csv *csv, Rows *out, Error *err) {
    if (columns->weight < 0) return true;
    int before = err->count, column = columns_find_use(csv, CSV_NUMBER, 0);
    out->weight = allocate(csv->rows, sizeof *out->weight, err);
    for (size_t row = 0; out->weight && row < csv->rows && err->count - before < MOST_ERRORS; row++) {
        double weight = csv->number[row * (size_t)csv->numbers];
        out->weight[row] = (real)weight;
        if (isnan(weight)) missing_cell(csv, row, column, err);
        else if (!(out->weight[row] > 0) || isinf(out->weight[row]))
            fail(err, "%s:%u:%d: expected a weight above 0 in column '%s', got %g", csv->path, csv->line[row],
                 column + 1, csv->column[column].name, weight);
    }
    return err->count == before;
}

/* One row: numbers as they are, a category as one 1 among 0s, a missing one as nans. */
static void expand_row(const Columns *columns, const Coding *coding, const int32_t *code, const real *from,
                       real *to) {
    int category = 0;
    for (int i = 0; i < columns->count; i++) {
        if (columns->role[i] == ROLE_FEATURE) *to++ = *from++;
        if (columns->role[i] != ROLE_CATEGORY) continue;
        int count = coding->category[category].count, level = code[category];
        for (int k = 0; k < count; k++) *to++ = level < 0 ? (real)NAN : (real)(k == level);
        category++;
    }
}

/* Widens the matrix in place, from the last row on: each row's new place begins behind the rows still to
 * come. */
static bool expand(const Columns *columns, const Coding *coding, Csv *csv, Error *err) {
    size_t narrow = (size_t)csv->features, wide = (size_t)coding->features, bytes;
    if (__builtin_mul_overflow(csv->rows, wide * sizeof(real), &bytes)) bytes = SIZE_MAX;
    if (!memory_check(bytes - csv->rows * narrow * sizeof(real), err)) return false;
    real *from = allocate(narrow, sizeof *from, err), *x = from ? realloc(csv->feature, bytes) : NULL;
    if (x) csv->feature = x;
    for (size_t row = csv->rows; x && row-- > 0;) {
        memcpy(from, x + row * narrow, narrow * sizeof *from);
        expand_row(columns, coding, code_at(csv, row, 0), from, x + row * wide);
    }
    free(from);
    return x || fail(err, "needs %zu bytes of memory, which the system refused", bytes);
}

static bool take_features(const Columns *columns, const Coding *coding, Csv *csv, Rows *out, Error *err) {
    int before = err->count;
    for (int k = 0; k < coding->categories; k++)
        recode(csv, columns_find_use(csv, CSV_TEXT, k), &coding->category[k], "category", err);
    if (err->count > before) return false;
    if (coding->categories > 0) {
        Error wrong = {0};
        if (!expand(columns, coding, csv, &wrong)) error_prefix(&wrong, "%s: ", csv->path);
        error_move(err, &wrong);
    }
    out->x = csv->feature;
    csv->feature = NULL;
    return err->count == before;
}

bool rows_code(const Columns *columns, const Coding *coding, Csv *csv, Rows *out, Error *err) {
    *out = (Rows){.count = csv->rows};
    bool labels = !has_labels(columns, csv)             ? true
                  : coding->task == TASK_CLASSIFICATION ? take_classes(coding, csv, out, err)
                                                        : take_targets(columns, coding, csv, out, err);
    bool weights = take_weights(columns, csv, out, err), features = take_features(columns, coding, csv, out, err);
    return labels && weights && features;
}

void rows_free(Rows *rows) {
    free(rows->x);
    free(rows->label);
    free(rows->target);
    free(rows->weight);
    *rows = (Rows){0};
}

/* ---- order ------------------------------------------------------------------------------------------- */

/* Follows the permutation's cycles; `moved` [count] is scratch, `aside` holds a row. */
static void permute(void *block, size_t count, size_t bytes, const uint32_t *order, bool *moved, void *aside) {
    unsigned char *base = block;
    memset(moved, 0, count * sizeof *moved);
    for (size_t start = 0; base && start < count; start++) {
        if (moved[start]) continue;
        memcpy(aside, base + start * bytes, bytes);
        size_t at = start;
        for (; order[at] != start; at = order[at]) {
            memcpy(base + at * bytes, base + order[at] * bytes, bytes);
            moved[at] = true;
        }
        memcpy(base + at * bytes, aside, bytes);
        moved[at] = true;
    }
}

bool rows_permute(Rows *rows, const Coding *coding, const uint32_t *order, Error *err) {
    size_t x_bytes = (size_t)coding->features * sizeof *rows->x,
           y_bytes = (size_t)coding->targets * sizeof *rows->target;
    bool *moved = allocate(rows->count, sizeof *moved, err);
    void *aside = moved ? allocate(x_bytes + y_bytes + sizeof(int32_t), 1, err) : NULL;
    if (aside) {
        permute(rows->x, rows->count, x_bytes, order, moved, aside);
        permute(rows->target, rows->count, y_bytes, order, moved, aside);
        permute(rows->label, rows->count, sizeof *rows->label, order, moved, aside);
        permute(rows->weight, rows->count, sizeof *rows->weight, order, moved, aside);
    }
    free(moved);
    free(aside);
    return aside;
}
