/* norm: the family of normalisations between product and activation. All work on u[rows][columns] = x·W + b and
 * give z = gain · normalised + shift, gain and shift [columns] learned (from 1 and 0). */
#ifndef NNEXP_NN_NORM_H
#define NNEXP_NN_NORM_H

#include "base/field.h"
#include "base/real.h"

/* NORM_TRAIN: statistics of the batch, running ones moved. NORM_PROBE: statistics of the batch, running ones not
 * touched. NORM_FIT: as probe, and the running ones are set to the batch's. NORM_EVALUATE: running ones. */
typedef enum NormMode { NORM_TRAIN, NORM_PROBE, NORM_FIT, NORM_EVALUATE } NormMode;

typedef struct NormCall {
    int rows, columns;
    const real *gain, *shift;         /* [columns] */
    real *running_mean, *running_var; /* [columns]; batch norm alone */
    real *normalised;                 /* [rows][columns]: in u, out (u - mean)/std, kept for backward */
    real *inverse_std;                /* [columns] (batch) or [rows] (layer): room for the larger */
} NormCall;

typedef struct Norm {
    Variant head;
    /* z[rows][columns] from call->normalised, which holds u. NULL: no norm. */
    void (*forward)(const void *p, const NormCall *call, NormMode mode, real *z);
    /* In: d[rows][columns] = dL/dz. Out: du[rows][columns] = dL/du under batch statistics, and the gradients of
     * gain and shift. d and du do not overlap. */
    void (*backward)(const void *p, const NormCall *call, const real *d, real *du, real *grad_gain, real *grad_shift);
    bool uses_running; /* keeps running statistics */
} Norm;

extern const Family norms;
static inline const Norm *norm_of(const Choice *choice) { return (const Norm *)choice->variant; }

#endif
