/* generate: the family of synthetic data sets behind `nnexp generate`. */
#ifndef NNEXP_DATA_GENERATE_H
#define NNEXP_DATA_GENERATE_H

#include "base/error.h"
#include "base/field.h"
#include "base/random.h"

#include <stdio.h>

typedef struct Generator {
    Variant head;
    int64_t rows;                                   /* the default of --rows */
    int (*features)(const void *p);                 /* input columns */
    void (*name)(const void *p, int column, char *out, size_t size); /* names of inputs and, last, of the label */
    /* Row `row` of `rows`: in[features] and the label, or class number (classes > 0), in *label. Draws come from
     * `stream`, which is the row's own. */
    void (*make)(const void *p, int64_t row, int64_t rows, Stream *stream, double *in, double *label);
    int (*classes)(const void *p);                  /* 0: the label is a value (regression) */
} Generator;

extern const Family generators;

/* Writes a header and `rows` rows as CSV; values as %.6g. */
bool generate_csv(const Choice *generator, int64_t rows, uint64_t seed, FILE *out, Error *err);

#endif
