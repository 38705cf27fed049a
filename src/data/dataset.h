/* dataset: prepared data: features, targets and splits, const once built and shared read-only between runs.
 * Builds from CSV files by a DataRequest; knows nothing of configs, networks or losses. */
#ifndef NNEXP_DATA_DATASET_H
#define NNEXP_DATA_DATASET_H

#include "data/chain.h"
#include "image/augment.h"
#include "table/csv.h"

#include <stdint.h>

enum { DATA_MOST_COLUMNS = 64 };

typedef enum Task { TASK_AUTO, TASK_CLASSIFICATION, TASK_REGRESSION } Task;

/* All that decides what a dataset holds (the `data`, `preprocess` and `augment` sections and nothing else). Paths are
 * absolute. Plain values: two requests of equal bytes give the same dataset. */
typedef struct DataRequest {
    char file[FIELD_TEXT_BYTES], test[FIELD_TEXT_BYTES]; /* test "" = none */
    NumberOrText validation;                             /* a share in [0, 1), or a file */
    ColumnName label[DATA_MOST_COLUMNS];                 /* none: the last column */
    int label_count;
    Task task;          /* auto: one label column that is text, or whole numbers of at most 100 distinct values and
                  fewer than half as many as rows, is classification */
    int64_t train_rows; /* use so many training rows, stratified; 0 = all */
    CsvOptions csv;
    ColumnName ignore[DATA_MOST_COLUMNS], categorical[DATA_MOST_COLUMNS];
    int ignore_count, categorical_count;
    TextPool categories;  /* "column=value": fixes the categories of the columns it names, and their order */
    ColumnName weight[1]; /* sample weights: weight_count is 0 or 1 */
    int weight_count;
    ImageShape image; /* height 0: rows are no images */
    int64_t split_seed;
    Choice preprocess[PREPROCESS_MOST];
    int preprocess_count;
    Choice augment[AUGMENT_MOST]; /* as augment_plan takes them */
    int augment_count;
} DataRequest;

/* Rows of one split, in the file's order. Borrowed from the Dataset. */
typedef struct View {
    size_t rows;
    const real *x;        /* [rows][features], preprocessed once dataset_prepare is done; with augmentation, as
                             evaluation sees the images (the centre of ten crops) */
    const int32_t *label; /* [rows] class index; NULL for regression */
    const real *target;   /* [rows][targets]; NULL for classification */
    const real *weight;   /* [rows]; NULL when all are 1 */
    const real *raw;      /* [rows][raw_features]: the images, where augmentation wants them; else NULL */
} View;

typedef struct Dataset {
    Task task;
    int features, classes, targets;      /* classes 0 for regression, targets 0 for classification */
    char **feature_name;                 /* [features]: of the inputs as the chain leaves them */
    char **class_name;                   /* [classes], in order: numbers by value, texts by bytes */
    char **target_name;                  /* [targets] */
    int labels;                          /* the label columns, found out where the request left them open … */
    ColumnName label[DATA_MOST_COLUMNS]; /* … by name where the file has a header, else by index */
    int raw_features;                    /* before the chain … */
    char **raw_name;                     /* … and their names [raw_features] */
    ImageShape image;                    /* what a raw row is */
    View train, validation, test;        /* rows 0 where there is none */
    Augmentation augmentation;           /* fitted on train; no steps without `augment` */
    Chain chain;                         /* fitted on train */
    const struct Encoding *encoding;     /* how a file's rows became raw inputs */
    struct DatasetMemory *memory;        /* private: what the views point into */
} Dataset;

/* Reads, checks and splits; x is raw. Fails (PLACE first) on a file, label or cell that is wrong, one class only, fewer
 * rows than classes, a split left empty, NaN and infinite cells. A test or validation file is matched by column names
 * where both files have a header. The pool may be NULL. */
bool dataset_read(const DataRequest *request, Pool *pool, Dataset *out, Error *err);
/* Fits the augmentation and, on the training rows as evaluation sees them, the chain, and applies it to all; once. Fails
 * on pixels outside 0 … max where there is augmentation. On failure the dataset is to be freed. */
bool dataset_prepare(const DataRequest *request, Pool *pool, Dataset *dataset, Error *err);
/* Both. */
bool dataset_build(const DataRequest *request, Pool *pool, Dataset *out, Error *err);
void dataset_free(Dataset *dataset);

/* A hash of all that training can see: splits, features, labels, weights, names. */
uint64_t dataset_hash(const Dataset *dataset);

/* A stratified sample of at most `rows` training rows drawn with split_seed, ascending: index[rows] (the
 * caller gives room for min(rows, train rows)); returns how many. All rows when there are no more; 0 when
 * memory is out. */
size_t dataset_sample(const Dataset *dataset, size_t rows, uint64_t split_seed, int purpose, uint32_t *index);

#endif
