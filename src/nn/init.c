/* init: the rows of the family in init.h: what they draw, in which order, and with which variance. Weights
 * are [fan_in][columns] and are drawn row by row, one draw after the other, from the layer's own stream. */
#include "nn/init.h"

#include "base/arena.h"
#include "base/linalg.h"
#include "base/reduce.h"
#include "base/text.h"
#include "nn/network.h"

#include <math.h>

static size_t entries(const InitShape *shape) { return (size_t)shape->rows * (size_t)shape->columns; }
/* Where entry (r, c) of a [rows][columns] matrix lies. */
static size_t at(int r, int c, int columns) { return (size_t)r * (size_t)columns + (size_t)c; }

/* ---- fixed values and fixed scales ------------------------------------------------------------------- */

typedef struct Constant {
    double value;
} Constant;
static const Field constant_fields[] = {
    FIELD_REAL(Constant, value, .def = 0.01, .min = -1e6, .max = 1e6, .help = "of every entry"), {0}};

typedef struct Gaussian {
    double mean, std;
} Gaussian;
static const Field gaussian_fields[] = {
    FIELD_REAL(Gaussian, mean, .def = 0, .min = -1e6, .max = 1e6, .help = "mean"),
    FIELD_REAL(Gaussian, std, .def = 0.01, .min = 0, .max = 1e6, .help = "standard deviation"),
    {0}};

typedef struct Uniform {
    double low, high;
} Uniform;
static const Field uniform_fields[] = {
    FIELD_REAL(Uniform, low, .def = -0.05, .min = -1e6, .max = 1e6, .help = "lower bound"),
    FIELD_REAL(Uniform, high, .def = 0.05, .min = -1e6, .max = 1e6, .help = "upper bound, above low"),
    {0}};

static void set_all(const InitShape *shape, double value, real *w) {
    for (size_t i = 0, n = entries(shape); i < n; i++) w[i] = (real)value;
}

static bool zeros_fill(const void *p, Stream *stream, const InitShape *shape, real *w, Error *err) {
    (void)p, (void)stream, (void)err;
    set_all(shape, 0, w);
    return true;
}

static bool constant_fill(const void *p, Stream *stream, const InitShape *shape, real *w, Error *err) {
    (void)stream, (void)err;
    set_all(shape, ((const Constant *)p)->value, w);
    return true;
}

static double no_variance(const void *p, const InitShape *shape) {
    (void)p, (void)shape;
    return 0;
}

static bool gaussian_fill(const void *p, Stream *stream, const InitShape *shape, real *w, Error *err) {
    (void)err;
    const Gaussian *g = p;
    for (size_t i = 0, n = entries(shape); i < n; i++)
        w[i] = (real)(g->mean + g->std * random_normal(stream));
    return true;
}

static double gaussian_variance(const void *p, const InitShape *shape) {
    (void)shape;
    const Gaussian *g = p;
    return g->std * g->std;
}

static bool uniform_fill(const void *p, Stream *stream, const InitShape *shape, real *w, Error *err) {
    const Uniform *u = p;
    if (u->low >= u->high)
        return fail(err, "uniform: low %g is not below high %g; give low < high", u->low, u->high);
    for (size_t i = 0, n = entries(shape); i < n; i++)
        w[i] = (real)(u->low + (u->high - u->low) * random_uniform(stream));
    return true;
}

static double uniform_variance(const void *p, const InitShape *shape) {
    (void)shape;
    const Uniform *u = p;
    return (u->high - u->low) * (u->high - u->low) / 12;
}

/* ---- scaled by the fans: variance gain² · scale / fan -------------------------------------------------- */

enum { FAN_IN, FAN_OUT, FAN_AVG };
static const char *const fan_names[] = {"in", "out", "avg", NULL};
enum { NORMAL, UNIFORM, TRUNCATED };
static const char *const distribution_names[] = {"normal", "uniform", "truncated", NULL};

typedef struct Scaled {
    double gain;
    int distribution, fan;
} Scaled;
typedef struct VarianceScaling {
    double scale;
    int distribution, fan;
} VarianceScaling;

#define SCALED_FIELDS(T, default_fan)                                                                        \
    FIELD_NAME(T, distribution, .names = distribution_names, .def = NORMAL,                                  \
               .help = "truncated: at 2 sigma, rescaled to the same variance"),                              \
        FIELD_NAME(T, fan, .names = fan_names, .def = default_fan, .help = "inputs, outputs or their mean")
#define GAIN_FIELD                                                                                           \
    FIELD_REAL(Scaled, gain, .def = 1, .min = 0, .max = 1e6, .help = "multiplies the deviation")

static const Field fan_in_fields[] = {GAIN_FIELD, SCALED_FIELDS(Scaled, FAN_IN), {0}};
static const Field fan_avg_fields[] = {GAIN_FIELD, SCALED_FIELDS(Scaled, FAN_AVG), {0}};
static const Field variance_scaling_fields[] = {
    FIELD_REAL(VarianceScaling, scale, .def = 1, .min = 0, .max = 1e6, .help = "variance is scale / fan"),
    SCALED_FIELDS(VarianceScaling, FAN_IN),
    {0}};

static double fan_of(int fan, const InitShape *shape) {
    switch (fan) {
    case FAN_IN:
        return shape->fan_in;
    case FAN_OUT:
        return shape->fan_out;
    default:
        return ((double)shape->fan_in + shape->fan_out) / 2;
    }
}

/* N(0, 1) given abs(x) <= 2, divided by its own standard deviation. */
static double truncated_normal(Stream *stream) {
    const double own_std = 0.87962566103423978;
    double x;
    do x = random_normal(stream);
    while (fabs(x) > 2);
    return x / own_std;
}

/* One draw of mean 0 and variance 1. */
static double draw(int distribution, Stream *stream) {
    const double sqrt_3 = 1.7320508075688772935;
    switch (distribution) {
    case UNIFORM:
        return sqrt_3 * (2 * random_uniform(stream) - 1);
    case TRUNCATED:
        return truncated_normal(stream);
    default:
        return random_normal(stream);
    }
}

static bool draw_all(int distribution, double variance, Stream *stream, const InitShape *shape, real *w) {
    const double std = sqrt(variance);
    for (size_t i = 0, n = entries(shape); i < n; i++) w[i] = (real)(std * draw(distribution, stream));
    return true;
}

static double lecun_variance(const void *p, const InitShape *shape) {
    const Scaled *s = p;
    return s->gain * s->gain / fan_of(s->fan, shape);
}

static bool lecun_fill(const void *p, Stream *stream, const InitShape *shape, real *w, Error *err) {
    (void)err;
    return draw_all(((const Scaled *)p)->distribution, lecun_variance(p, shape), stream, shape, w);
}

static double he_variance(const void *p, const InitShape *shape) { return 2 * lecun_variance(p, shape); }

static bool he_fill(const void *p, Stream *stream, const InitShape *shape, real *w, Error *err) {
    (void)err;
    return draw_all(((const Scaled *)p)->distribution, he_variance(p, shape), stream, shape, w);
}

static double variance_scaling_variance(const void *p, const InitShape *shape) {
    const VarianceScaling *s = p;
    return s->scale / fan_of(s->fan, shape);
}

static bool variance_scaling_fill(const void *p, Stream *stream, const InitShape *shape, real *w,
                                  Error *err) {
    (void)err;
    const double variance = variance_scaling_variance(p, shape);
    return draw_all(((const VarianceScaling *)p)->distribution, variance, stream, shape, w);
}

/* ---- matrices whose entries depend on each other ------------------------------------------------------- */

typedef struct Orthogonal {
    double gain;
} Orthogonal;
static const Field orthogonal_fields[] = {
    FIELD_REAL(Orthogonal, gain, .def = 1, .min = 0, .max = 1e6, .help = "every singular value"), {0}};

typedef struct Sparse {
    double sparsity, std;
} Sparse;
static const Field sparse_fields[] = {
    FIELD_REAL(Sparse, sparsity, .def = 0.9, .min = 0, .max = 1,
               .help = "share of each unit's inputs at zero"),
    FIELD_REAL(Sparse, std, .def = 0.01, .min = 0, .max = 1e6, .help = "standard deviation of the others"),
    {0}};

typedef struct Lsuv {
    double variance, tolerance;
    int64_t iterations;
} Lsuv;
static const Field lsuv_fields[] = {
    FIELD_REAL(Lsuv, variance, .def = 1, .min = 1e-6, .max = 1e6, .help = "of x W + b over rows and units"),
    FIELD_REAL(Lsuv, tolerance, .def = 0.01, .min = 1e-5, .max = 1,
               .help = "relative error that is near enough"),
    FIELD_INT(Lsuv, iterations, .def = 10, .min = 1, .max = 1000, .help = "at most so many rescalings"),
    {0}};

static double not_independent(const void *p, const InitShape *shape) {
    (void)p, (void)shape;
    return NAN;
}

/* gain · Q of a Gaussian matrix: orthonormal columns, or rows where they are fewer (Saxe et al. 2014). */
static bool fill_orthogonal(double gain, Stream *stream, const InitShape *shape, real *w, Error *err) {
    const bool wide = shape->rows < shape->columns;
    const int tall = wide ? shape->columns : shape->rows, narrow = wide ? shape->rows : shape->columns;
    Arena scratch = {0};
    ARENA_TAKE(&scratch, double, entries(shape));
    if (!arena_allocate(&scratch, err)) return false;
    double *q = ARENA_TAKE(&scratch, double, entries(shape)); /* [tall][narrow] */
    for (size_t i = 0, n = entries(shape); i < n; i++) q[i] = random_normal(stream);
    const bool ok = orthonormal_columns(tall, narrow, q, err);
    for (int r = 0; ok && r < tall; r++)
        for (int c = 0; c < narrow; c++)
            w[wide ? at(c, r, tall) : at(r, c, narrow)] = (real)(gain * q[at(r, c, narrow)]);
    arena_free(&scratch);
    return ok;
}

static bool orthogonal_fill(const void *p, Stream *stream, const InitShape *shape, real *w, Error *err) {
    return fill_orthogonal(((const Orthogonal *)p)->gain, stream, shape, w, err);
}

/* Each column (unit) has ceil(sparsity · fan_in) zeros at places drawn without replacement (Martens 2010):
 * row r is one of them with chance (zeros still to place) / (rows left). */
static bool sparse_fill(const void *p, Stream *stream, const InitShape *shape, real *w, Error *err) {
    (void)err;
    const Sparse *s = p;
    for (int c = 0; c < shape->columns; c++) {
        int zeros = (int)ceil(s->sparsity * shape->rows);
        for (int r = 0; r < shape->rows; r++) {
            const bool zero = (int)random_below(stream, (uint32_t)(shape->rows - r)) < zeros;
            w[at(r, c, shape->columns)] = zero ? 0 : (real)(s->std * random_normal(stream));
            zeros -= zero;
        }
    }
    return true;
}

static bool lsuv_fill(const void *p, Stream *stream, const InitShape *shape, real *w, Error *err) {
    (void)p;
    return fill_orthogonal(1, stream, shape, w, err);
}

/* Population variance of x·W + b of a layer, before its norm, given its input a[rows][fan_in]. The layer's
 * own z in `work` is overwritten. */
static double product_variance(const Network *network, int layer, int rows, const real *a, Workspace *work) {
    const Layer *own = &network->layer[layer];
    const real *weight = layer_tensor(network, layer, TENSOR_WEIGHT, network->theta);
    const real *bias = layer_tensor(network, layer, TENSOR_BIAS, network->theta);
    real *z = work->layer[layer].z; /* [rows][columns] */
    multiply(work->pool, rows, own->columns, own->fan_in, a, weight, false, z);
    for (int r = 0; bias && r < rows; r++)
        for (int c = 0; c < own->columns; c++) z[at(r, c, own->columns)] += bias[c];
    double mean, variance;
    reduce_moments((size_t)rows * (size_t)own->columns, z, &mean, &variance);
    return variance;
}

static bool cannot_scale(double variance, int rows, Error *err) {
    char seen[32];
    text_print(seen, sizeof seen, variance);
    return fail(err, "lsuv: z has variance %s over %d rows; check the inputs, or use another init", seen,
                rows);
}

/* Mishkin and Matas 2016, "All you need is a good init", algorithm 1: divides the weights by the deviation of
 * the layer's z until its variance is near enough. More than one round is needed only where there are biases.
 */
static bool lsuv_calibrate(const void *p, Network *network, int layer, int rows, const real *x,
                           Workspace *work, Error *err) {
    const Lsuv *lsuv = p;
    if (layer > 0) network_forward_to(network, work, layer + 1, rows, x, PASS_PROBE, NULL);
    const real *a = layer > 0 ? work->layer[layer - 1].a : x;
    real *weight = layer_tensor(network, layer, TENSOR_WEIGHT, network->theta);
    const size_t n = (size_t)network->layer[layer].fan_in * (size_t)network->layer[layer].columns;
    for (int64_t i = 0; i < lsuv->iterations; i++) {
        const double variance = product_variance(network, layer, rows, a, work);
        if (!(variance > 0 && isfinite(variance))) return cannot_scale(variance, rows, err);
        if (fabs(variance / lsuv->variance - 1) <= lsuv->tolerance) return true;
        const real factor = (real)sqrt(lsuv->variance / variance);
        for (size_t k = 0; k < n; k++) weight[k] *= factor;
    }
    return true;
}

/* ---- the table --------------------------------------------------------------------------------------- */

/* To add an init: write its fill and variance above and its row here. */
// clang-format off
static const Init rows[] = {
    {{"zeros", "every entry 0", NO_PARAMS}, .fill = zeros_fill, .variance = no_variance},
    {{"constant", "one value everywhere: units stay equal, symmetry is not broken", PARAMS(Constant, constant_fields)},
     .fill = constant_fill, .variance = no_variance},
    {{"gaussian", "normal of given mean and deviation, whatever the fans", PARAMS(Gaussian, gaussian_fields)},
     .fill = gaussian_fill, .variance = gaussian_variance},
    {{"uniform", "uniform from low to high, whatever the fans", PARAMS(Uniform, uniform_fields)},
     .fill = uniform_fill, .variance = uniform_variance},
    {{"xavier", "variance 1 / fan_in, as lecun; PyTorch's xavier_normal_ is glorot", PARAMS(Scaled, fan_in_fields)},
     .fill = lecun_fill, .variance = lecun_variance},
    {{"lecun", "variance 1 / fan_in", PARAMS(Scaled, fan_in_fields)},
     .fill = lecun_fill, .variance = lecun_variance},
    {{"glorot", "variance 2 / (fan_in + fan_out): PyTorch's xavier_normal_", PARAMS(Scaled, fan_avg_fields)},
     .fill = lecun_fill, .variance = lecun_variance},
    {{"he", "variance 2 / fan_in, for relu: PyTorch's kaiming_normal_", PARAMS(Scaled, fan_in_fields)},
     .fill = he_fill, .variance = he_variance},
    {{"variance_scaling", "variance scale / fan", PARAMS(VarianceScaling, variance_scaling_fields)},
     .fill = variance_scaling_fill, .variance = variance_scaling_variance},
    {{"orthogonal", "gain times random orthonormal columns (or rows)", PARAMS(Orthogonal, orthogonal_fields)},
     .fill = orthogonal_fill, .variance = not_independent, .matrix_only = true},
    {{"sparse", "normal, but a share of each unit's inputs starts at zero", PARAMS(Sparse, sparse_fields)},
     .fill = sparse_fill, .variance = not_independent, .matrix_only = true},
    {{"lsuv", "orthogonal, then scaled to the given variance of z on the first rows", PARAMS(Lsuv, lsuv_fields)},
     .fill = lsuv_fill, .calibrate = lsuv_calibrate, .variance = not_independent, .matrix_only = true},
};
// clang-format on
const Family inits = FAMILY("init", "how weights and biases start", rows);
