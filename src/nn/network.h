/* network: layers of products, norms and activations over one flat theta and one flat grad, forward beside
 * backward. Owns no memory: everything lies in the run's arena, laid out by network_layout and work_layout.
 * Knows nothing of losses, optimizers, epochs or files. */
#ifndef NNEXP_NN_NETWORK_H
#define NNEXP_NN_NETWORK_H

#include "base/arena.h"
#include "base/pool.h"
#include "base/real.h"
#include "nn/activation.h"
#include "nn/init.h"
#include "nn/norm.h"

enum { NETWORK_MOST_LAYERS = 129 }; /* hidden layers and the output layer */

/* What kind of parameters a tensor holds: the tail of its name in a file, layers.N.… */
typedef enum TensorKind {
    TENSOR_WEIGHT,     /* [fan_in][columns]; saved transposed, [columns, fan_in] */
    TENSOR_BIAS,       /* [columns] */
    TENSOR_NORM_GAIN,  /* [columns]: norm.weight */
    TENSOR_NORM_SHIFT, /* [columns]: norm.bias */
    TENSOR_LEARNED,    /* the activation's: activation.weight */
    TENSOR_KINDS
} TensorKind;

/* One tensor of theta. */
typedef struct Segment {
    int layer; /* 0-based */
    TensorKind kind;
    size_t offset, count; /* entries of theta; offsets are multiples of 16, the gaps stay zero */
    bool decayed;         /* weight decay and l1 apply: all but an activation's learned parameters */
} Segment;

typedef struct Layer {
    int fan_in, units, columns; /* columns = units · pieces (maxout), else units */
    Choice activation, norm, init;
    double dropout;                   /* share of activations dropped in training */
    int segment[TENSOR_KINDS];        /* index into Network.segment, -1: has none */
    real *running_mean, *running_var; /* [columns]; NULL unless the norm keeps them */
} Layer;

typedef struct Network {
    int features, layers; /* the last layer is the output layer: identity, no norm, no dropout */
    Layer layer[NETWORK_MOST_LAYERS];
    Choice bias_init;
    int segments;
    Segment segment[NETWORK_MOST_LAYERS * TENSOR_KINDS];
    size_t parameters;   /* entries of theta, gaps included */
    size_t running;      /* entries of the running statistics, all layers' together */
    real *theta, *grad;  /* [parameters] */
    real *running_stats; /* [running]: what the layers' running_mean and running_var point into */
} Network;

/* What to build: plain values. activation, init and norm: one a hidden layer. */
typedef struct NetworkPlan {
    int features, hidden_layers, outputs;
    int hidden[NETWORK_MOST_LAYERS - 1];
    Choice activation[NETWORK_MOST_LAYERS - 1];
    Choice init[NETWORK_MOST_LAYERS]; /* the last is the output layer's */
    Choice bias_init, norm;
    double dropout;
} NetworkPlan;

/* Sets shapes and segments from the plan; theta and grad are placed by network_layout. */
void network_plan(Network *network, const NetworkPlan *plan);
/* Bytes that network_layout and work_layout will take are counted by the arena's measuring pass. */
void network_layout(Network *network, Arena *arena);

/* Buffers of one pass over at most `capacity` rows, used in turn by training, evaluation and the probe. */
typedef struct LayerWork {
    real *z;           /* [rows][columns] input of the activation */
    real *a;           /* [rows][units] its output, after dropout; the output layer's is z itself */
    real *mask;        /* [rows][units] 0 or 1/(1-dropout); NULL without dropout */
    real *undropped;   /* [rows][units] a before dropout, which its derivative is taken from; NULL without */
    real *normalised;  /* [rows][columns]; NULL without norm */
    real *inverse_std; /* NULL without norm */
    real *delta;       /* [rows][columns]: dL/dz after network_backward */
} LayerWork;

typedef struct Workspace {
    int capacity;
    LayerWork layer[NETWORK_MOST_LAYERS];
    real *du; /* [rows][most columns]: dL/du below a norm; NULL when no layer has one */
    Pool *pool;
} Workspace;

void work_layout(Workspace *work, const Network *network, int capacity, Arena *arena);

/* Fills theta: weights by each layer's init (PURPOSE_INIT, index layer), biases (PURPOSE_BIAS), norms 1 and 0,
 * learned parameters at their start; then the data-driven inits, layer by layer, on x[rows][features]. */
bool network_init(Network *network, uint64_t seed, int rows, const real *x, Workspace *work, Error *err);

typedef enum PassMode { PASS_TRAIN, PASS_PROBE, PASS_FIT, PASS_EVALUATE } PassMode;

/* Which dropout masks a training pass draws. */
typedef struct PassAddress {
    uint64_t seed;
    uint32_t epoch, batch;
} PassAddress;

/* Runs x[rows][features] through the layers; returns the logits [rows][outputs] in work. `address` is needed by
 * PASS_TRAIN with dropout only. rows <= work->capacity. */
real *network_forward(const Network *network, Workspace *work, int rows, const real *x, PassMode mode,
                      const PassAddress *address);
/* The first `upto` layers alone (for calibration): returns the z of layer upto-1. */
real *network_forward_to(const Network *network, Workspace *work, int upto, int rows, const real *x, PassMode mode,
                         const PassAddress *address);
/* From dL/dlogits in the output layer's delta: every layer's delta = dL/dz, and network->grad = dL/dtheta. Only
 * after network_forward in a mode with batch statistics, on the same rows and x; `dropped`: that was PASS_TRAIN,
 * whose masks apply. */
void network_backward(Network *network, Workspace *work, int rows, const real *x, bool dropped);

/* The tensor's name in a file, "layers.1.weight". */
void segment_name(const Segment *segment, char *out, size_t size);
static inline real *layer_tensor(const Network *network, int layer, TensorKind kind, real *flat) {
    int segment = network->layer[layer].segment[kind];
    return segment < 0 ? NULL : flat + network->segment[segment].offset;
}

#endif
