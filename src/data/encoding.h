/* encoding: how the rows of a CSV file become raw inputs, labels and weights: settled by the training file, used on
 * every other file. Knows no splits and no preprocessing. */
#ifndef NNEXP_DATA_ENCODING_H
#define NNEXP_DATA_ENCODING_H

#include "base/json.h"
#include "data/rows.h"

/* Owns all it points at. */
typedef struct Encoding {
    Columns columns;
    Coding coding;
    CsvOptions csv;     /* how its files are read */
    real *missing_mean; /* [coding.features]: data.missing is mean; else NULL */
    real *low, *high;   /* [coding.features]: the training rows' range where they are points of a plane; else NULL */
    char **name;        /* [coding.features]: of the raw inputs: `column`, or `column=category` */
} Encoding;

/* Reads the training file, settles the encoding by it, and codes its rows. The pool may be NULL. */
bool encoding_settle(const DataRequest *request, Pool *pool, Encoding *out, Rows *rows, Error *err);
/* Reads another file by it: columns matched by name where both have a header, missing values filled. */
bool encoding_read(const Encoding *encoding, const char *path, Pool *pool, Rows *rows, Error *err);
/* Reads a file to be predicted: the labels and the weight may be absent (rows->label, target, weight: NULL). One row a
 * data row: a missing value is filled by its mean or, without one, an error, whatever data.missing says. */
bool encoding_read_inputs(const Encoding *encoding, const char *path, Pool *pool, Rows *rows, Error *err);
void encoding_free(Encoding *encoding);

/* Fits the means of the values that are there, over the first `train_rows` rows, where missing is mean. */
bool encoding_fit_missing(Encoding *encoding, const Rows *rows, size_t train_rows, Error *err);
/* Fills the missing values with them. */
void encoding_fill_missing(const Encoding *encoding, Rows *rows);

/* Keeps the range of the first `train_rows` rows where there are two inputs. */
bool encoding_fit_range(Encoding *encoding, const Rows *rows, size_t train_rows, Error *err);

/* (encoding_json.c) All but the classes and how files are read: what a model file keeps of it. The caller frees it. */
Json *encoding_show(const Encoding *encoding);
/* The encoding back from that, the list of class names, how files are read, and the training file's path for messages.
 * Free it. Errors name the damaged part, without a place. */
bool encoding_from(const Json *json, const Json *classes, const CsvOptions *csv, const char *path, Encoding *out,
                   Error *err);
/* Sets name[features] by columns and categories; false when memory is out. */
bool encoding_name_features(Encoding *encoding);

#endif
