/* generate: the family of synthetic data sets behind `nnexp generate`. Row i is drawn from the stream of
 * (seed, i) alone, so that the first rows of a longer file are the shorter file. */
#ifndef NNEXP_DATA_GENERATE_H
#define NNEXP_DATA_GENERATE_H

#include "base/error.h"
#include "base/field.h"
#include "base/random.h"
#include "image/pixels.h"

#include <stdio.h>

/* A set of pictures: its features are pixels and its classes have names. */
typedef struct ImageSet {
    const char *label_name; /* of the last column */
    ImageShape (*grid)(const void *p);
    const char *(*class_name)(const void *p, int k); /* what stands in that column for 0 … classes-1 */
} ImageSet;

typedef struct Generator {
    Variant head;
    int64_t rows;                   /* the default of --rows */
    int (*features)(const void *p); /* input columns, named x1, x2, … */
    int (*classes)(const void *p);  /* the last column is `class`, 0 … classes-1; 0 (regression): it is `y` */
    /* One row: in[features], and the value or class number in *label. Draws come from `stream`, the row's
     * own. */
    void (*make)(const void *p, int64_t row, Stream *stream, double *in, double *label);
    const ImageSet *images; /* how the rows are pictures; NULL: they are none */
} Generator;

extern const Family generators;
static inline const Generator *generator_of(const Choice *choice) { return (const Generator *)choice->variant; }

/* Writes a header and `rows` rows as CSV; values as %.6g, never -0. Errors of writing are
 * `cannot write: REASON`: the caller knows the place. */
bool generate_csv(const Choice *generator, int64_t rows, uint64_t seed, FILE *out, Error *err);

#endif
