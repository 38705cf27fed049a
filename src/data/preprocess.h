/* preprocess: the family of fitted input transformations. `fit` sees training rows only, by its signature. Knows no
 * files, splits or networks; chains of steps are in chain.h. */
#ifndef NNEXP_DATA_PREPROCESS_H
#define NNEXP_DATA_PREPROCESS_H

#include "base/error.h"
#include "base/field.h"
#include "base/pool.h"
#include "base/real.h"
#include "image/image.h"

enum { PREPROCESS_MOST = 16, PREPROCESS_MOST_TENSORS = 4, FITTED_NAME_BYTES = 32 };

/* The training rows, as the steps before have left them. Borrowed. */
typedef struct FitInput {
    size_t rows; /* > 0 */
    int features;
    const real *x;    /* [rows][features] */
    ImageShape image; /* what a row is; height 0: no image, or one no longer */
    Pool *pool;       /* may be NULL */
    int step;         /* its place in the chain, for messages */
} FitInput;

/* What a step has learned: saved as preprocess.K.NAME. */
typedef struct FittedTensor {
    char name[FITTED_NAME_BYTES];
    int rows, columns; /* rows 0: a vector of `columns` entries */
    real *data;        /* owned */
} FittedTensor;

/* A fitted step; owns its tensors. */
typedef struct FittedPreprocess {
    Choice choice;
    int in, out;   /* features before and after it */
    bool no_image; /* its outputs are no pixels any more; known while a chain is fitted */
    int tensors;
    FittedTensor tensor[PREPROCESS_MOST_TENSORS];
} FittedPreprocess;

/* What a tensor must be: its sides are FITTED_INPUTS, or any size, the same wherever the letter is. */
enum { FITTED_INPUTS = 'p' };
typedef struct FittedShape {
    const char *name;   /* NULL ends a list */
    char rows, columns; /* rows 0: a vector */
    bool positive;      /* no entry is 0 or less: rows are divided by it */
    bool optional;      /* may be absent; `sound` says when */
} FittedShape;

typedef struct Preprocess {
    Variant head;
    /* Parameters that do not go together: `FIELD: what is wrong; what to do`. NULL: all do. */
    bool (*check)(const void *p, Error *err);
    /* Adds tensors (fitted_add) and sets out->out where that is not `in`. NULL: there is nothing to fit. Errors say what
     * is wrong, without a place. */
    bool (*fit)(const void *p, const FitInput *in, FittedPreprocess *out, Error *err);
    /* Transforms from[rows][in] to to[rows][out]. What a row becomes does not depend on the others. Fails only for want
     * of memory. */
    bool (*apply)(const FittedPreprocess *fitted, size_t rows, const real *from, real *to, Error *err);
    /* Index of the first entry of from[rows][in] that it cannot take, or rows * in. NULL: it takes every number. */
    size_t (*refused)(const FittedPreprocess *fitted, size_t rows, const real *from);
    FittedShape shape[PREPROCESS_MOST_TENSORS + 1]; /* the tensors of its fit, all of them … */
    /* … and what shapes cannot say, of tensors that have them; NULL: `out` is `in`, and there is no more to say. */
    bool (*sound)(const FittedPreprocess *fitted);
    const char *refusal; /* … and why, after the value: "is …; what to do" */
    bool in_place;       /* `to` may be `from` */
    bool for_image;      /* refused where data.image is not set */
    /* Writes the name of an output; from[in] are the names of the inputs. NULL: that of the input at its place. */
    void (*name)(const FittedPreprocess *fitted, int output, char *const *from, char *name, size_t size);
} Preprocess;

extern const Family preprocesses;
static inline const Preprocess *preprocess_of(const Choice *choice) { return (const Preprocess *)choice->variant; }

/* Fits one step. Errors begin with `preprocess.STEP: ` (of a check: `preprocess.STEP.FIELD: `). */
bool preprocess_fit(const Choice *choice, const FitInput *in, FittedPreprocess *out, Error *err);
/* Transforms from[rows][in] to to[rows][out]. Fails on a value that the step cannot take, told by its row and input, both
 * counted from 1, without a place. */
bool preprocess_apply(const FittedPreprocess *fitted, size_t rows, const real *from, real *to, Error *err);
/* Index of the first entry of from[rows][in] that the step cannot take, or rows * in. */
size_t preprocess_refused(const FittedPreprocess *fitted, size_t rows, const real *from);
/* Whether the columns of that tensor are the step's inputs. */
bool preprocess_by_input(const FittedPreprocess *fitted, const char *tensor);
/* Whether a step that was read from a file is one that its row can have fitted: what a fit gives, always is. */
bool preprocess_sound(const FittedPreprocess *fitted);
void preprocess_free(FittedPreprocess *fitted);

/* Room for a tensor of `rows` x `columns` (rows 0: a vector), zeroed; NULL, with an error, when memory is out. */
real *fitted_add(FittedPreprocess *fitted, const char *name, int rows, int columns, Error *err);
/* The tensor of that name, and its data; NULL when there is none. */
const FittedTensor *fitted_tensor(const FittedPreprocess *fitted, const char *name);
const real *fitted_get(const FittedPreprocess *fitted, const char *name);

#endif
