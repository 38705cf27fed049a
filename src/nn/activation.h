/* activation: the family of functions applied to each entry of z = x·W + b (after the norm, if there is one).
 * Rows take arrays, never scalars: one indirect call a layer and step. z, a and d never overlap. */
#ifndef NNEXP_NN_ACTIVATION_H
#define NNEXP_NN_ACTIVATION_H

#include "base/field.h"
#include "base/real.h"

enum { ACTIVATION_MOST_KINKS = 8 };

/* `p` is the row's parameter struct (NULL if it has none), `w` its learned parameters (NULL if it has none). */
typedef struct Activation {
    Variant head;
    /* a[rows][units] from z[rows][units * pieces]. */
    void (*forward)(const void *p, const real *w, int rows, int units, const real *z, real *a);
    /* In: d[rows][units] = dL/da. Out: d[rows][units * pieces] = dL/dz. */
    void (*backward)(const void *p, const real *w, int rows, int units, const real *z, const real *a, real *d);
    /* sup over z of abs(f'(z)), for the rule of `saturated` and `dead`. */
    double (*max_slope)(const void *p, const real *w);
    /* Writes the z where f' jumps to out[ACTIVATION_MOST_KINKS]; returns how many. NULL: none. */
    int (*kinks)(const void *p, const real *w, double *out);
    /* z columns per unit (maxout); NULL: 1. Unit u owns columns u*pieces … u*pieces + pieces-1. */
    int (*pieces)(const void *p);
    /* Learned parameters per layer (prelu: 1), their start values, and dL/dw, given d = dL/da *before* backward
     * turns it into dL/dz. Not decayed. learned == 0: the functions are NULL. */
    int learned;
    void (*learned_start)(const void *p, real *w);
    void (*learned_grad)(const void *p, const real *w, int rows, int units, const real *z, const real *d, real *grad);
    bool bounded; /* has a finite supremum and infimum */
    double gain;  /* torch.nn.init.calculate_gain where it has one, else 1 (leaky_relu: at its default) */
} Activation;

extern const Family activations;

static inline const Activation *activation_of(const Choice *choice) { return (const Activation *)choice->variant; }
/* Pieces of a choice: 1 but for maxout. */
int activation_pieces(const Choice *choice);
/* For maxout: out[rows][units] = the largest piece of z; for the others a copy of z. */
void activation_chosen(const Choice *choice, int rows, int units, const real *z, real *out);
/* For maxout: out[rows][units] = the entry of d[rows][units*pieces] that belongs to the chosen piece; else a copy. */
void activation_chosen_delta(const Choice *choice, int rows, int units, const real *z, const real *d, real *out);

#endif
