/* preprocess: the family of fitted input transformations. `fit` sees training rows only, by its signature. */
#ifndef NNEXP_DATA_PREPROCESS_H
#define NNEXP_DATA_PREPROCESS_H

#include "base/error.h"
#include "base/field.h"
#include "base/real.h"

enum { PREPROCESS_MOST = 16, PREPROCESS_MOST_VECTORS = 2 };

typedef struct Preprocess {
    Variant head;
    /* The names of the fitted vectors of `features` entries each, NULL-terminated: saved as
     * preprocess.K.NAME. */
    const char *vectors[PREPROCESS_MOST_VECTORS + 1];
    /* Parameters that do not go together: `FIELD: what is wrong; what to do`. NULL: all do. */
    bool (*check)(const void *p, Error *err);
    /* Fits vector[v][features] on x[rows][features], rows > 0; NULL where there is nothing to fit. */
    void (*fit)(const void *p, size_t rows, int features, const real *x, real *const *vector);
    /* Transforms x[rows][features] in place. */
    void (*apply)(const void *p, size_t rows, int features, real *const *vector, real *x);
} Preprocess;

extern const Family preprocesses;
static inline const Preprocess *preprocess_of(const Choice *choice) { return (const Preprocess *)choice->variant; }

/* One fitted step of a chain; owns its vectors. */
typedef struct FittedPreprocess {
    Choice choice;
    int features;
    real *vector[PREPROCESS_MOST_VECTORS];
} FittedPreprocess;

bool preprocess_fit(const Choice *choice, size_t rows, int features, const real *x, FittedPreprocess *out,
                    Error *err);
void preprocess_apply(const FittedPreprocess *fitted, size_t rows, real *x);
void preprocess_free(FittedPreprocess *fitted);

#endif
