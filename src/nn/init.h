/* init: the family of weight initialisations. Draws come from a stream, so a layer's weights depend on seed and
 * layer alone. */
#ifndef NNEXP_NN_INIT_H
#define NNEXP_NN_INIT_H

#include "base/error.h"
#include "base/field.h"
#include "base/random.h"
#include "base/real.h"

struct Network;
struct Workspace;

/* The shape that an init fills and the fans it scales by. For a weight matrix rows = fan_in and columns =
 * fan_out (maxout: units · pieces); for a bias rows = 1, columns = units, and the fans are its weight's. */
typedef struct InitShape {
    int rows, columns, fan_in, fan_out;
} InitShape;

typedef struct Init {
    Variant head;
    /* Fills w[rows][columns]. */
    bool (*fill)(const void *p, Stream *stream, const InitShape *shape, real *w, Error *err);
    /* Data-driven second step, after every layer below is final: rescales layer `layer` (0-based) of the network
     * on x[rows][features]. NULL: none. */
    bool (*calibrate)(const void *p, struct Network *network, int layer, int rows, const real *x,
                      struct Workspace *work, Error *err);
    /* Parameters that do not go together: `FIELD: what is wrong; what to do`. NULL: all do. fill takes none of them. */
    bool (*check)(const void *p, Error *err);
    bool matrix_only; /* orthogonal, sparse, lsuv: no init for a bias */
    /* Variance of an entry for a shape (NAN: not independent entries of one variance); for list and tests. */
    double (*variance)(const void *p, const InitShape *shape);
} Init;

extern const Family inits;
static inline const Init *init_of(const Choice *choice) { return (const Init *)choice->variant; }

#endif
