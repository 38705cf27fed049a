/* inspect: see inspect.h. */
#include "experiment/inspect.h"

#include "data/lint.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

enum { ALL_CLASSES = 6, EXTREME_CLASSES = 3 }; /* so many are told each; of more, so many from both ends */

static const char *file_name(const char *path) {
    const char *slash = strrchr(path, '/');
    return slash && slash[1] ? slash + 1 : path;
}

static void tell_split(const char *before, size_t rows, const char *split, FILE *out) {
    fprintf(out, "%s%zu %s row%s", before, rows, split, rows == 1 ? "" : "s");
}

static void tell_rows(const char *file, const Dataset *raw, FILE *out) {
    fprintf(out, "%s", file_name(file));
    tell_split(": ", raw->train.rows, "training", out);
    if (raw->validation.rows > 0) tell_split(", ", raw->validation.rows, "validation", out);
    if (raw->test.rows > 0) tell_split(", ", raw->test.rows, "test", out);
    fprintf(out, "%s\n", raw->validation.rows == 0 ? ", no validation" : "");
}

static void tell_inputs(const Dataset *raw, const Census *census, FILE *out) {
    int constant = 0, binary = 0, whole = 0, other = 0;
    for (int j = 0; j < census->features; j++) {
        const ColumnFacts *column = &census->column[j];
        if (column->low == column->high) constant++;
        else if (column->whole && column->low == 0 && column->high == 1) binary++;
        else if (column->whole) whole++;
        else other++;
    }
    fprintf(out, "  inputs: %d", raw->raw_features);
    if (census->sources != raw->raw_features)
        fprintf(out, " of %d columns, the categorical ones spread out one-hot", census->sources);
    const char *before = ": ";
    const struct {
        int count;
        const char *what;
    } kinds[] = {
        {constant, "constant"}, {binary, "of 0 and 1"}, {whole, "of whole numbers"}, {other, "of other numbers"}};
    for (size_t k = 0; k < sizeof kinds / sizeof kinds[0]; k++)
        if (kinds[k].count > 0) fprintf(out, "%s%d %s", before, kinds[k].count, kinds[k].what), before = ", ";
    fprintf(out, "\n");
}

/* ---- the label ------------------------------------------------------------------------------------------ */

static int compare_counts(const void *a, const void *b, void *count) {
    int c = *(const int *)a, d = *(const int *)b;
    size_t x = ((const size_t *)count)[c], y = ((const size_t *)count)[d];
    return x != y ? (x < y) - (x > y) : c - d;
}

static void tell_class(const Dataset *raw, const size_t *count, int c, const char *before, FILE *out) {
    fprintf(out, "%s'%s' %zu (%.3g %%)", before, raw->class_name[c], count[c],
            100 * (double)count[c] / (double)raw->train.rows);
}

/* Largest first. */
static bool tell_classes(const Dataset *raw, size_t *count, FILE *out) {
    int classes = raw->classes, *order = malloc((size_t)classes * sizeof *order);
    if (!order) return false;
    for (int c = 0; c < classes; c++) order[c] = c;
    qsort_r(order, (size_t)classes, sizeof *order, compare_counts, count);
    fprintf(out, "  classes: %d", classes);
    for (int k = 0; k < classes; k++) {
        bool skipped = classes > ALL_CLASSES && k >= EXTREME_CLASSES && k < classes - EXTREME_CLASSES;
        bool after_gap = classes > ALL_CLASSES && k == classes - EXTREME_CLASSES;
        if (!skipped) tell_class(raw, count, order[k], k == 0 ? ": " : after_gap ? " … " : ", ", out);
    }
    size_t least = count[order[classes - 1]];
    if (least > 0) fprintf(out, "; largest to smallest %.3g", (double)count[order[0]] / (double)least);
    fprintf(out, "\n");
    free(order);
    return true;
}

static void tell_targets(const Dataset *raw, const Census *census, FILE *out) {
    for (int k = 0; k < raw->targets; k++)
        fprintf(out, "  target %s: mean %.4g, standard deviation %.4g\n", raw->target_name[k], census->target_mean[k],
                census->target_std[k]);
}

/* ---- all of it ------------------------------------------------------------------------------------------ */

static bool tell_lints(const Settings *settings, const DataRequest *request, const Dataset *raw, const Census *census,
                       FILE *out) {
    Lint *lint = malloc((size_t)lints.count * sizeof *lint);
    LintFacts facts = {raw, census, request, settings->train.class_weight_count > 0};
    int count = lint ? lints_review(&facts, lint) : 0;
    for (int i = 0; i < count; i++) fprintf(out, "  %s\n", lint[i].text);
    if (count == 0) fprintf(out, "  nothing to remark\n");
    free(lint);
    return lint;
}

bool inspect_data(const Settings *settings, const Dataset *raw, Pool *pool, FILE *out, Error *err) {
    Census census;
    DataRequest *request = malloc(sizeof *request);
    if (!request) return fail(err, "memory is out");
    *request = settings_data_request(settings);
    bool taken = census_take(raw, (uint64_t)request->split_seed, pool, &census, err), told = taken;
    if (taken) {
        tell_rows(request->file, raw, out);
        tell_inputs(raw, &census, out);
        tell_targets(raw, &census, out);
        told = raw->classes == 0 || tell_classes(raw, census.class_rows[0], out);
        told = (told && tell_lints(settings, request, raw, &census, out)) || fail(err, "memory is out");
        census_free(&census);
    }
    free(request);
    return told;
}
