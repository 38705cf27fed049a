/* rows: what one file's rows have become: features, classes or targets, weights. Knows no splits. */
#ifndef NNEXP_DATA_ROWS_H
#define NNEXP_DATA_ROWS_H

#include "data/columns.h"
#include "data/levels.h"

/* How values become numbers: settled by the training file, used on every file. Owns the levels. */
typedef struct Coding {
    Task task;
    Levels classes;
    int categories;   /* categorical columns, in the file's order */
    Levels *category; /* [categories] */
    int features;     /* inputs after one-hot */
    int targets;      /* of regression */
} Coding;

/* Owns all it points at. */
typedef struct Rows {
    size_t count;
    real *x;        /* [count][features]; missing: nan */
    int32_t *label; /* [count] class; NULL for regression */
    real *target;   /* [count][targets]; NULL for classification */
    real *weight;   /* [count]; NULL without a weight column */
} Rows;

/* Settles the coding by the training file, read with columns_use. Errors: a label that is no class, one class
 * only, a categorical column without a value, entries of data.categories that do not fit. Sets columns->label_is_text to what the task says. */
bool coding_settle(const DataRequest *request, Csv *csv, Columns *columns, Coding *out, Error *err);
void coding_free(Coding *coding);

/* Codes the rows of a file and takes its feature matrix over. Label columns of a CSV_PREDICTED file whose cells are
 * all empty are as good as absent. Errors name the place of an unseen class or
 * category, of a missing label and of a weight that is not above 0. */
bool rows_code(const Columns *columns, const Coding *coding, Csv *csv, Rows *out, Error *err);
/* Row i becomes what row order[i] was, in place: one row is copied aside. */
bool rows_permute(Rows *rows, const Coding *coding, const uint32_t *order, Error *err);
void rows_free(Rows *rows);

#endif
