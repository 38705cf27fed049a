/* census: facts of a raw dataset that its lints judge: every column over the training rows, rows that occur again,
 * and how well one column alone tells the label. Figures only: what they mean is for lint.h. Memory: some hundred
 * bytes a column and about 30 bytes a row; the matrix is not copied. */
#ifndef NNEXP_DATA_CENSUS_H
#define NNEXP_DATA_CENSUS_H

#include "data/dataset.h"

enum { CENSUS_SPLITS = 3 }; /* training, validation, test */

/* One raw input over the training rows. */
typedef struct ColumnFacts {
    real low, high;
    double mean, std;     /* population std */
    real common;          /* the value of most rows, where one value has half of them or more */
    size_t common_rows;   /* rows that have it */
    bool whole;           /* whole numbers alone */
    bool rising, falling; /* strictly, in the file's order */
    bool numbered;        /* whole numbers, no two equal, with few gaps: range < 2 rows */
    bool one_hot;         /* one category of a categorical column */
    int same_as;          /* the first column that equals it on every training row; -1: none before it */
    real quartile[3];     /* over the sample: at 1/4, 1/2, 3/4 */
    size_t far_rows;      /* rows CENSUS_FAR interquartile ranges or more beyond the quartiles; 0 where these agree */
    double code;          /* a stand-in for "missing" (-999, …) far from all other values, where code_rows > 0 */
    size_t code_rows;     /* rows that have it … */
    real rest_low, rest_high; /* … and where the others lie */
    uint32_t hash[2];         /* of its values, in order */
} ColumnFacts;

#define CENSUS_FAR 100.0

/* A column of the file that became inputs: one, or one a category. */
typedef struct Source {
    const char *name; /* borrowed of the dataset */
    int first, width;
    /* How well it tells the label alone, over the sample. Classification: the share of rows that the best rule of few
     * intervals gets right. Regression: the largest abs(r) with a target, of the values or of their ranks. */
    double tells;
    int intervals; /* of that rule */
    int target;    /* that target */
} Source;

/* Rows whose inputs occur more than once. */
typedef struct Repeats {
    size_t repeated;      /* training rows whose inputs an earlier training row has */
    size_t contradictory; /* training rows whose inputs occur with another class */
    size_t errors;        /* training rows that any classifier gets wrong for it */
    double unexplained;   /* regression: share of the targets' variance that lies between rows of equal inputs */
    size_t validation_in_train, test_in_train, test_in_validation; /* rows of the first that occur in the second */
} Repeats;

/* Owns columns, sources, class_rows. */
typedef struct Census {
    int features, sources;
    ColumnFacts *column;               /* [features] */
    Source *source;                    /* [sources] */
    size_t *class_rows[CENSUS_SPLITS]; /* [classes] each; NULL for regression */
    size_t sample;                     /* training rows of the sample: all, or CENSUS_SAMPLE stratified ones */
    double target_mean[DATA_MOST_COLUMNS], target_std[DATA_MOST_COLUMNS]; /* of training; regression */
    Repeats repeats;
} Census;

enum { CENSUS_SAMPLE = 4096 };

/* Takes the census of a dataset as dataset_read leaves it. The pool may be NULL. Fails when memory is out. */
bool census_take(const Dataset *data, uint64_t split_seed, Pool *pool, Census *out, Error *err);
void census_free(Census *census);

/* The parts, in files of their own; false: memory is out. */
/* (column_facts.c) All of a column's facts but one_hot, quartiles, far_rows. */
bool census_columns(const View *train, int features, Pool *pool, ColumnFacts *column);
/* (column_facts.c) far_rows and code, by the quartiles. */
bool census_far(const View *train, int features, ColumnFacts *column);
/* (label_alone.c) The quartiles, and what each source tells of the label. */
bool census_sample(const Dataset *data, uint64_t split_seed, Pool *pool, Census *census);
/* (repeats.c) target_std[targets] as in the census. */
bool census_repeats(const Dataset *data, const double *target_std, Pool *pool, Repeats *out);

#endif
