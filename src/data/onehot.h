/* onehot: the row of `preprocesses` that spreads chosen inputs out, a column for each value that they have in the
 * training rows. Texts are spread out by data.categorical, while they are read; this is for numbers that name things. */
#ifndef NNEXP_DATA_ONEHOT_H
#define NNEXP_DATA_ONEHOT_H

#include "data/preprocess.h"

enum { ONEHOT_MOST_COLUMNS = 64, ONEHOT_MOST_VALUES = 1000 };

typedef struct Onehot {
    int64_t columns[ONEHOT_MOST_COLUMNS]; /* of the step's inputs, negative from the end; none: all */
    int columns_count;
} Onehot;

extern const Field onehot_fields[];

/* The members of the row; see data/preprocess.h. Fits
 *     counts [in] (how many values of each input; 0: it stays one column), categories [sum of counts], ascending.
 * An input's columns stand where it stood. */
bool onehot_fit(const void *p, const FitInput *in, FittedPreprocess *out, Error *err);
size_t onehot_refused(const FittedPreprocess *fitted, size_t rows, const real *from);
bool onehot_apply(const FittedPreprocess *fitted, size_t rows, const real *from, real *to, Error *err);
bool onehot_sound(const FittedPreprocess *fitted);
void onehot_name(const FittedPreprocess *fitted, int output, char *const *from, char *name, size_t size);

#endif
