/* partition: see partition.h. */
#include "data/partition.h"

#include "data/split.h"

#include <stdlib.h>

static bool out_of_memory(const DataRequest *request, Error *err) {
    return fail(err, "%s: needs more memory than the system gives", request->file);
}

/* Strata: the classes, or all rows as one. */
typedef struct Strata {
    int classes;
    size_t *count, *take; /* [classes] */
    unsigned char *part;  /* [rows] */
} Strata;

static bool draw_validation(const DataRequest *request, const Rows *rows, Strata *strata, Error *err) {
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
           out_of_memory(request, err);
}

/* Leaves data.train_rows of the training rows and sets the others aside. */
static bool draw_subset(const DataRequest *request, const Rows *rows, Strata *strata, Error *err) {
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
    if (!split_quota(strata->classes, strata->count, wanted, 1, strata->take)) return out_of_memory(request, err);
    /* the wanted rows are drawn out, the others put aside, and the wanted ones back: larger subsets hold
     * smaller ones */
    enum { PART_WANTED = PART_UNUSED + 1 };
    bool drawn = split_draw(rows->count, rows->label, strata->classes, strata->take, (uint64_t)request->split_seed,
                            PURPOSE_SUBSET, PART_TRAIN, PART_WANTED, strata->part);
    for (size_t row = 0; row < rows->count; row++) {
        if (strata->part[row] == PART_TRAIN) strata->part[row] = PART_UNUSED;
        if (strata->part[row] == PART_WANTED) strata->part[row] = PART_TRAIN;
    }
    return drawn || out_of_memory(request, err);
}

/* Moves the rows into the order of the parts, each in the file's order. size[p] = rows of part p. */
static bool gather_parts(const DataRequest *request, const Coding *coding, const unsigned char *part, Rows *rows,
                         size_t size[3], Error *err) {
    uint32_t *order = malloc(rows->count * sizeof *order);
    if (!order) return out_of_memory(request, err);
    size_t filled = 0;
    for (int p = PART_TRAIN; p <= PART_UNUSED; p++) {
        size_t start = filled;
        for (size_t row = 0; row < rows->count; row++)
            if (part[row] == p) order[filled++] = (uint32_t)row;
        size[p] = filled - start;
    }
    Error wrong = {0};
    bool done = rows_permute(rows, coding, order, &wrong);
    if (!done) error_prefix(&wrong, "%s: ", request->file);
    error_move(err, &wrong);
    free(order);
    return done;
}

bool partition_rows(const DataRequest *request, const Coding *coding, Rows *rows, size_t size[3], Error *err) {
    size_t classes = coding->task == TASK_REGRESSION ? 1 : (size_t)coding->classes.count;
    Strata strata = {.classes = (int)classes,
                     .count = calloc(classes, sizeof *strata.count),
                     .take = calloc(classes, sizeof *strata.take),
                     .part = calloc(rows->count, sizeof *strata.part)};
    bool done = (strata.count && strata.take && strata.part) || out_of_memory(request, err);
    done = done && draw_validation(request, rows, &strata, err) && draw_subset(request, rows, &strata, err) &&
           gather_parts(request, coding, strata.part, rows, size, err);
    free(strata.count);
    free(strata.take);
    free(strata.part);
    return done;
}
