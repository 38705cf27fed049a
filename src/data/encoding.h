/* encoding: how the rows of a CSV file become raw inputs, labels and weights: settled by the training file, used on
 * every other file. Knows no splits and no preprocessing. */
#ifndef NNEXP_DATA_ENCODING_H
#define NNEXP_DATA_ENCODING_H

#include "data/rows.h"

/* Owns all it points at. */
typedef struct Encoding {
    Columns columns;
    Coding coding;
    CsvOptions csv;     /* how its files are read */
    real *missing_mean; /* [coding.features]: data.missing is mean; else NULL */
    char **name;        /* [coding.features]: of the raw inputs: `column`, or `column=category` */
} Encoding;

/* Reads the training file, settles the encoding by it, and codes its rows. The pool may be NULL. */
bool encoding_settle(const DataRequest *request, Pool *pool, Encoding *out, Rows *rows, Error *err);
/* Reads another file by it: columns matched by name where both have a header, missing values filled. */
bool encoding_read(const Encoding *encoding, const char *path, Pool *pool, Rows *rows, Error *err);
void encoding_free(Encoding *encoding);

/* Fits the means of the values that are there, over the first `train_rows` rows, where missing is mean. */
bool encoding_fit_missing(Encoding *encoding, const Rows *rows, size_t train_rows, Error *err);
/* Fills the missing values with them. */
void encoding_fill_missing(const Encoding *encoding, Rows *rows);

#endif
