/* fitted: what a step of preprocessing has learned: see preprocess.h. */
#include "data/preprocess.h"

#include "base/reduce.h"

#include <assert.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

real *fitted_add(FittedPreprocess *fitted, const char *name, int rows, int columns, Error *err) {
    assert(fitted->tensors < PREPROCESS_MOST_TENSORS);
    real *data = calloc((size_t)(rows ? rows : 1) * (size_t)columns, sizeof *data);
    if (!data) {
        fail(err, "needs more memory than the system gives");
        return NULL;
    }
    FittedTensor *tensor = &fitted->tensor[fitted->tensors++];
    *tensor = (FittedTensor){.rows = rows, .columns = columns, .data = data};
    snprintf(tensor->name, sizeof tensor->name, "%s", name);
    return data;
}

const FittedTensor *fitted_tensor(const FittedPreprocess *fitted, const char *name) {
    for (int t = 0; t < fitted->tensors; t++)
        if (strcmp(fitted->tensor[t].name, name) == 0) return &fitted->tensor[t];
    return NULL;
}

const real *fitted_get(const FittedPreprocess *fitted, const char *name) {
    const FittedTensor *tensor = fitted_tensor(fitted, name);
    return tensor ? tensor->data : NULL;
}

void preprocess_free(FittedPreprocess *fitted) {
    for (int t = 0; t < fitted->tensors; t++) free(fitted->tensor[t].data);
    *fitted = (FittedPreprocess){0};
}

/* ---- soundness ---------------------------------------------------------------------------------------- */

/* The sizes that letters have been found to stand for. */
typedef struct Sides {
    int size[128];
} Sides;

static bool side_fits(Sides *sides, char letter, int size) {
    int *known = &sides->size[(int)letter];
    if (*known == 0) *known = size;
    return *known == size;
}

static size_t entries(const FittedTensor *tensor) {
    return (size_t)(tensor->rows ? tensor->rows : 1) * (size_t)tensor->columns;
}

static bool tensor_fits(const FittedTensor *tensor, const FittedShape *shape, Sides *sides) {
    size_t count = entries(tensor);
    if (!side_fits(sides, shape->columns, tensor->columns) || (tensor->rows > 0) != (shape->rows != 0)) return false;
    if (shape->rows && !side_fits(sides, shape->rows, tensor->rows)) return false;
    for (size_t i = 0; shape->positive && i < count; i++)
        if (!(tensor->data[i] > 0)) return false;
    return reduce_first_not_finite(count, tensor->data) == count;
}

bool preprocess_sound(const FittedPreprocess *fitted) {
    const Preprocess *row = preprocess_of(&fitted->choice);
    Sides sides = {.size = {[FITTED_INPUTS] = fitted->in}};
    int found = 0;
    for (const FittedShape *shape = row->shape; shape->name; shape++) {
        const FittedTensor *tensor = fitted_tensor(fitted, shape->name);
        if (!tensor && shape->optional) continue;
        if (!tensor || !tensor_fits(tensor, shape, &sides)) return false;
        found++;
    }
    if (found != fitted->tensors) return false;
    return row->sound ? row->sound(fitted) : fitted->out == fitted->in;
}

bool preprocess_by_input(const FittedPreprocess *fitted, const char *tensor) {
    const FittedShape *shape = preprocess_of(&fitted->choice)->shape;
    while (shape->name && strcmp(shape->name, tensor) != 0) shape++;
    return shape->name && shape->columns == FITTED_INPUTS;
}
