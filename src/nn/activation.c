/* activation: the rows of the family in activation.h, their loops, slopes and kinks. Definitions, defaults
 * and the derivative taken at a kink are PyTorch's. Owns nothing; a layer's learned parameters are the
 * network's. */
#include "nn/activation.h"

#include "base/vmath.h"

#include <math.h>
#include <string.h>

/* ---- loops over entries ---------------------------------------------------------------------------- */

static size_t entries(int rows, int units) { return (size_t)rows * (size_t)units; }

/* Most activations are two formulas: `value`, f(z), and `slope`, f'(z), which may also use a = f(z). These
 * macros turn them into NAME_forward and NAME_backward, plain loops without branches: compilers vectorise
 * them. */
#define ENTRYWISE_LOOPS(name, setup, value, slope)                                                                   \
    static void name##_forward(const void *params, const real *restrict w, int rows, int units,                      \
                               const real *restrict zs, real *restrict as) {                                         \
        (void)params, (void)w;                                                                                       \
        setup;                                                                                                       \
        for (size_t i = 0, n = entries(rows, units); i < n; i++) {                                                   \
            const real z = zs[i];                                                                                    \
            as[i] = (value);                                                                                         \
        }                                                                                                            \
    }                                                                                                                \
    static void name##_backward(const void *params, const real *restrict w, int rows, int units,                     \
                                const real *restrict zs, const real *restrict as, real *restrict ds) {               \
        (void)params, (void)w;                                                                                       \
        setup;                                                                                                       \
        for (size_t i = 0, n = entries(rows, units); i < n; i++) {                                                   \
            const real z = zs[i], a = as[i];                                                                         \
            (void)z, (void)a;                                                                                        \
            ds[i] *= (slope);                                                                                        \
        }                                                                                                            \
    }

/* Formulas of z and a. */
#define ENTRYWISE(name, value, slope) ENTRYWISE_LOOPS(name, , value, slope)
/* Formulas that read members of the parameter struct T as P(member). */
#define ENTRYWISE_WITH(T, name, value, slope) ENTRYWISE_LOOPS(name, const T p = *(const T *)params, value, slope)
#define P(member) ((real)p.member)

/* Comparisons are written so that nan falls through to z: a divergence must stay visible. */
static inline real above_zero(real z) { return z <= 0 ? 0 : z; } /* max(z, 0) */
static inline real below_zero(real z) { return z >= 0 ? 0 : z; } /* min(z, 0) */
static inline real clamp(real z, real low, real high) { return z < low ? low : z > high ? high : z; }
static inline real magnitude(real z) { return z < 0 ? -z : z; }
static inline real square(real z) { return z * z; }

/* ---- parameters ------------------------------------------------------------------------------------ */

typedef struct LeakyRelu {
    double slope;
} LeakyRelu;
static const Field leaky_relu_fields[] = {
    FIELD_REAL(LeakyRelu, slope, .def = 0.01, .min = 0, .max = 1, .help = "slope for z < 0"), {0}};

typedef struct Prelu {
    double start;
} Prelu;
static const Field prelu_fields[] = {FIELD_REAL(Prelu, start, .def = 0.25, .min = -100, .max = 100,
                                                .help = "the learned slope for z < 0 before the first update"),
                                     {0}};

typedef struct Elu {
    double alpha;
} Elu;
static const Field elu_fields[] = {
    FIELD_REAL(Elu, alpha, .def = 1, .min = 0, .max = 1e6, .help = "a tends to -alpha for low z"), {0}};

typedef struct Celu {
    double alpha;
} Celu;
static const Field celu_fields[] = {FIELD_REAL(Celu, alpha, .def = 1, .min = 1e-6, .max = 1e6,
                                               .help = "a tends to -alpha for low z, at slope 1 in 0"),
                                    {0}};

typedef struct Gelu {
    int approximate;
} Gelu;
enum { GELU_EXACT, GELU_TANH };
static const char *const gelu_names[] = {"none", "tanh", NULL};
static const Field gelu_fields[] = {FIELD_NAME(Gelu, approximate, .names = gelu_names, .def = GELU_EXACT,
                                               .help = "none: the error function; tanh: its approximation"),
                                    {0}};

typedef struct Softplus {
    double beta;
} Softplus;
static const Field softplus_fields[] = {
    FIELD_REAL(Softplus, beta, .def = 1, .min = 1e-6, .max = 1e6, .help = "sharpness: high beta nears relu"), {0}};

typedef struct Hardtanh {
    double min, max;
} Hardtanh;
static const Field hardtanh_fields[] = {
    FIELD_REAL(Hardtanh, min, .def = -1, .min = -1e6, .max = 0, .help = "a is never below"),
    FIELD_REAL(Hardtanh, max, .def = 1, .min = 1e-6, .max = 1e6, .help = "a is never above"),
    {0}};

typedef struct Maxout {
    int64_t pieces;
} Maxout;
static const Field maxout_fields[] = {FIELD_INT(Maxout, pieces, .def = 2, .min = 2, .max = 16,
                                                .help = "linear pieces a unit, each with its own weights"),
                                      {0}};

/* ---- formulas -------------------------------------------------------------------------------------- */

#define SQRT_HALF ((real)0.70710678118654752440)
#define INVERSE_SQRT_2PI ((real)0.39894228040143267794)

/* Klambauer et al. 2017, "Self-normalizing neural networks". */
#define SELU_ALPHA ((real)1.6732632423543772848)
#define SELU_SCALE ((real)1.0507009873554804934)

/* The standard normal distribution function, and its density. */
static inline real normal_below(real z) { return (real)0.5 * (1 + vmath_erf(z * SQRT_HALF)); }
static inline real normal_density(real z) { return INVERSE_SQRT_2PI * vmath_exp((real)-0.5 * z * z); }

/* Hendrycks and Gimpel 2016: normal_below(z) is about (1 + tanh u) / 2, u = sqrt(2/pi)·(z + 0.044715 z³). */
#define GELU_U ((real)0.79788456080286535588)
#define GELU_CUBIC ((real)0.044715)
static inline real gelu_tanh_t(real z) { return vmath_tanh(GELU_U * (z + GELU_CUBIC * z * z * z)); }
static inline real gelu_tanh_gate(real z) { return (real)0.5 * (1 + gelu_tanh_t(z)); }
static inline real gelu_tanh_slope(real z) {
    const real c = clamp(z, -20, 20); /* z² would overflow, and there the slope is 0 or 1 already */
    const real t = gelu_tanh_t(c), du = GELU_U * (1 + 3 * GELU_CUBIC * c * c);
    return (real)0.5 * (1 + t + c * (1 - t * t) * du);
}

/* mish = z·g, g = tanh(log(1 + exp z)) = n / m in powers of e = exp(-abs(z)), which cannot overflow. */
static inline real mish_n(real z, real e) { return z > 0 ? 1 + 2 * e : e * (e + 2); }
static inline real mish_m_minus_n(real z, real e) { return z > 0 ? 2 * e * e : 2; }
static inline real mish_value(real z) {
    const real e = vmath_exp(-magnitude(z)), n = mish_n(z, e);
    return z * (n / (n + mish_m_minus_n(z, e)));
}
static inline real mish_slope(real z) {
    const real e = vmath_exp(-magnitude(z)), n = mish_n(z, e), rest = mish_m_minus_n(z, e), m = n + rest;
    const real sigmoid = (z > 0 ? 1 : e) / (1 + e);
    return n / m + z * sigmoid * (rest / m) * ((n + m) / m); /* g + z·(1 - g²)·sigmoid(z) */
}

static inline real silu_slope(real z) {
    const real s = vmath_sigmoid(z);
    return s * (1 + z * (1 - s));
}

static inline real softplus_value(real z, real beta) {
    return above_zero(z) + vmath_log1p(vmath_exp(-magnitude(beta * z))) / beta;
}

/* PyTorch's vectorised kernel: the left slope at -3, the right one at 3. */
static inline real hardswish_slope(real z) { return z < -3 ? 0 : z >= 3 ? 1 : z / 3 + (real)0.5; }

static inline real elu_value(real z, real alpha) { return above_zero(z) + alpha * vmath_expm1(below_zero(z)); }
static inline real elu_slope(real z, real alpha) { return z > 0 ? 1 : alpha * vmath_exp(below_zero(z)); }
static inline real celu_value(real z, real alpha) {
    return above_zero(z) + alpha * vmath_expm1(below_zero(z) / alpha);
}

// clang-format off
/*        name         a = f(z)                           da/dz */
ENTRYWISE(identity,    z,                                 1)
ENTRYWISE(sigmoid,     vmath_sigmoid(z),                  a * (1 - a))
ENTRYWISE(tanh,        vmath_tanh(z),                     1 - a * a)
ENTRYWISE(relu,        above_zero(z),                     z <= 0 ? 0 : 1)
ENTRYWISE(selu,        SELU_SCALE * elu_value(z, SELU_ALPHA), SELU_SCALE * elu_slope(z, SELU_ALPHA))
ENTRYWISE(gelu_exact,  z * normal_below(z),               normal_below(z) + z * normal_density(z))
ENTRYWISE(gelu_tanh,   z * gelu_tanh_gate(z),             gelu_tanh_slope(z))
ENTRYWISE(silu,        z * vmath_sigmoid(z),              silu_slope(z))
ENTRYWISE(mish,        mish_value(z),                     mish_slope(z))
ENTRYWISE(softsign,    z / (1 + magnitude(z)),            1 / square(1 + magnitude(z)))
ENTRYWISE(relu6,       clamp(z, 0, 6),                    z <= 0 || z >= 6 ? 0 : 1)
ENTRYWISE(hardsigmoid, clamp(z + 3, 0, 6) / 6,            z <= -3 || z >= 3 ? 0 : (real)1 / 6)
ENTRYWISE(hardswish,   z * (clamp(z + 3, 0, 6) / 6),      hardswish_slope(z))
ENTRYWISE_WITH(LeakyRelu, leaky_relu, z > 0 ? z : P(slope) * z,       z > 0 ? 1 : P(slope))
ENTRYWISE_WITH(Elu,       elu,        elu_value(z, P(alpha)),         elu_slope(z, P(alpha)))
ENTRYWISE_WITH(Celu,      celu,       celu_value(z, P(alpha)),        vmath_exp(below_zero(z) / P(alpha)))
ENTRYWISE_WITH(Softplus,  softplus,   softplus_value(z, P(beta)),     vmath_sigmoid(P(beta) * z))
ENTRYWISE_WITH(Hardtanh,  hardtanh,   clamp(z, P(min), P(max)),       z <= P(min) || z >= P(max) ? 0 : 1)
ENTRYWISE_LOOPS(prelu, const real slope = w[0], z > 0 ? z : slope * z, z > 0 ? 1 : slope)
// clang-format on

/* ---- gelu: one of two formulas for the whole layer ------------------------------------------------- */

static bool gelu_is_tanh(const void *p) { return ((const Gelu *)p)->approximate == GELU_TANH; }

static void gelu_forward(const void *p, const real *w, int rows, int units, const real *z, real *a) {
    (gelu_is_tanh(p) ? gelu_tanh_forward : gelu_exact_forward)(p, w, rows, units, z, a);
}

static void gelu_backward(const void *p, const real *w, int rows, int units, const real *z, const real *a, real *d) {
    (gelu_is_tanh(p) ? gelu_tanh_backward : gelu_exact_backward)(p, w, rows, units, z, a, d);
}

/* ---- prelu: one learned slope a layer (He et al. 2015) ----------------------------------------------- */

static void prelu_start(const void *p, real *w) { w[0] = (real)((const Prelu *)p)->start; }

/* The sum of d·min(z, 0), in lanes side by side that compilers turn into vector registers. */
static void prelu_grad(const void *p, const real *w, int rows, int units, const real *z, const real *d, real *grad) {
    (void)p, (void)w;
    enum { LANES = 16 };
    double lane[LANES] = {0}, sum = 0;
    const size_t n = entries(rows, units), whole = n - n % LANES;
    for (size_t i = 0; i < whole; i += LANES)
        for (size_t k = 0; k < LANES; k++) lane[k] += (double)below_zero(z[i + k]) * (double)d[i + k];
    for (size_t i = whole; i < n; i++) lane[i - whole] += (double)below_zero(z[i]) * (double)d[i];
    for (int k = 0; k < LANES; k++) sum += lane[k];
    grad[0] = (real)sum;
}

/* ---- maxout: the largest of a unit's pieces (Goodfellow et al. 2013) ---------------------------------- */

static int maxout_pieces(const void *p) { return (int)((const Maxout *)p)->pieces; }

/* The first of the largest pieces; one that is nan wins. */
static int maxout_chosen(int pieces, const real *z) {
    int chosen = 0;
    for (int k = 1; k < pieces; k++)
        if (z[k] > z[chosen] || isnan(z[k])) chosen = k;
    return chosen;
}

static void maxout_forward(const void *p, const real *w, int rows, int units, const real *z, real *a) {
    (void)w;
    const int pieces = maxout_pieces(p);
    for (size_t i = 0, n = entries(rows, units); i < n; i++) {
        const real *own = z + i * (size_t)pieces;
        a[i] = own[maxout_chosen(pieces, own)];
    }
}

/* Spreads d in place, from the last unit backwards: the pieces of unit i start at or behind entry i. */
static void maxout_backward(const void *p, const real *w, int rows, int units, const real *z, const real *a,
                            real *d) {
    (void)w, (void)a;
    const int pieces = maxout_pieces(p);
    for (size_t i = entries(rows, units); i-- > 0;) {
        const real from_above = d[i];
        const size_t first = i * (size_t)pieces;
        const int chosen = maxout_chosen(pieces, z + first);
        for (int k = 0; k < pieces; k++) d[first + (size_t)k] = k == chosen ? from_above : 0;
    }
}

int activation_pieces(const Choice *choice) {
    const Activation *row = activation_of(choice);
    return row->pieces ? row->pieces(choice_params(choice)) : 1;
}

void activation_chosen(const Choice *choice, int rows, int units, const real *z, real *out) {
    if (activation_pieces(choice) == 1) memcpy(out, z, entries(rows, units) * sizeof *out);
    else maxout_forward(choice_params(choice), NULL, rows, units, z, out);
}

void activation_chosen_delta(const Choice *choice, int rows, int units, const real *z, const real *d, real *out) {
    const int pieces = activation_pieces(choice);
    const size_t n = entries(rows, units);
    if (pieces == 1) {
        memcpy(out, d, n * sizeof *out);
        return;
    }
    for (size_t i = 0; i < n; i++) {
        const size_t first = i * (size_t)pieces;
        out[i] = d[first + (size_t)maxout_chosen(pieces, z + first)];
    }
}

/* ---- largest slopes and kinks ------------------------------------------------------------------------ */

#define CONSTANT_SLOPE(name, value)                                                                                  \
    static double name(const void *p, const real *w) {                                                               \
        (void)p, (void)w;                                                                                            \
        return value;                                                                                                \
    }
CONSTANT_SLOPE(slope_1, 1)
CONSTANT_SLOPE(sigmoid_max_slope, 0.25)               /* at 0 */
CONSTANT_SLOPE(selu_max_slope, 1.7580993408473768599) /* scale·alpha, at 0 from below */
CONSTANT_SLOPE(silu_max_slope, 1.0998393201288669170) /* at 2.3993572805154677 */
CONSTANT_SLOPE(mish_max_slope, 1.0884981612517278612) /* at 1.4905711794854284595 */
CONSTANT_SLOPE(hardsigmoid_max_slope, 1.0 / 6)
CONSTANT_SLOPE(hardswish_max_slope, 1.5) /* at 3 from below */

static double elu_max_slope(const void *p, const real *w) {
    (void)w;
    return fmax(1, ((const Elu *)p)->alpha);
}

static double prelu_max_slope(const void *p, const real *w) {
    (void)p;
    return fmax(1, fabs((double)w[0]));
}

static double gelu_max_slope(const void *p, const real *w) {
    (void)w;
    return gelu_is_tanh(p) ? 1.1289930686587717654  /* at 1.4185040087908284 */
                           : 1.1289041451851547863; /* at sqrt 2 */
}

/* One kink at 0, if the slopes beside it differ. */
static int kink_at_0(bool is_kink, double *out) {
    out[0] = 0;
    return is_kink;
}

static int relu_kinks(const void *p, const real *w, double *out) {
    (void)p, (void)w;
    return kink_at_0(true, out);
}

static int leaky_relu_kinks(const void *p, const real *w, double *out) {
    (void)w;
    return kink_at_0(((const LeakyRelu *)p)->slope != 1, out);
}

static int prelu_kinks(const void *p, const real *w, double *out) {
    (void)p;
    return kink_at_0(w[0] != 1, out);
}

static int elu_kinks(const void *p, const real *w, double *out) {
    (void)w;
    return kink_at_0(((const Elu *)p)->alpha != 1, out);
}

static int relu6_kinks(const void *p, const real *w, double *out) {
    (void)p, (void)w;
    out[0] = 0, out[1] = 6;
    return 2;
}

static int hardsigmoid_kinks(const void *p, const real *w, double *out) {
    (void)p, (void)w;
    out[0] = -3, out[1] = 3;
    return 2;
}

static int hardtanh_kinks(const void *p, const real *w, double *out) {
    (void)w;
    const Hardtanh *bounds = p;
    out[0] = bounds->min, out[1] = bounds->max;
    return 2;
}

/* ---- the table --------------------------------------------------------------------------------------- */

#define LOOPS(name) .forward = name##_forward, .backward = name##_backward

/* To add an activation: write its two functions above (a line of ENTRYWISE does, where two formulas do) and
 * its row here. Gains are those of torch.nn.init.calculate_gain. */
// clang-format off
static const Activation rows[] = {
    {{"identity", "z: a linear layer", NO_PARAMS},
     LOOPS(identity), .max_slope = slope_1, .gain = 1},
    {{"sigmoid", "1 / (1 + exp(-z)): between 0 and 1, not zero-centred", NO_PARAMS},
     LOOPS(sigmoid), .max_slope = sigmoid_max_slope, .bounded = true, .gain = 1},
    {{"tanh", "tanh(z): between -1 and 1, zero-centred", NO_PARAMS},
     LOOPS(tanh), .max_slope = slope_1, .bounded = true, .gain = 5.0 / 3},
    {{"relu", "max(0, z)", NO_PARAMS},
     LOOPS(relu), .max_slope = slope_1, .kinks = relu_kinks, .gain = 1.41421356237309504880},
    {{"leaky_relu", "z, or slope * z below 0: cannot die", PARAMS(LeakyRelu, leaky_relu_fields)},
     LOOPS(leaky_relu), .max_slope = slope_1, .kinks = leaky_relu_kinks, .gain = 1.41414285699783534988},
    {{"prelu", "leaky_relu with one learned slope a layer, not decayed", PARAMS(Prelu, prelu_fields)},
     LOOPS(prelu), .max_slope = prelu_max_slope, .kinks = prelu_kinks, .gain = 1,
     .learned = 1, .learned_start = prelu_start, .learned_grad = prelu_grad},
    {{"elu", "z, or alpha * (exp(z) - 1) below 0", PARAMS(Elu, elu_fields)},
     LOOPS(elu), .max_slope = elu_max_slope, .kinks = elu_kinks, .gain = 1},
    {{"celu", "z, or alpha * (exp(z / alpha) - 1) below 0: smooth for any alpha", PARAMS(Celu, celu_fields)},
     LOOPS(celu), .max_slope = slope_1, .gain = 1},
    {{"selu", "elu scaled so that activations keep mean 0 and variance 1 (with lecun)", NO_PARAMS},
     LOOPS(selu), .max_slope = selu_max_slope, .kinks = relu_kinks, .gain = 0.75},
    {{"gelu", "z * normal distribution function(z)", PARAMS(Gelu, gelu_fields)},
     LOOPS(gelu), .max_slope = gelu_max_slope, .gain = 1},
    {{"silu", "z * sigmoid(z), also called swish", NO_PARAMS},
     LOOPS(silu), .max_slope = silu_max_slope, .gain = 1},
    {{"mish", "z * tanh(softplus(z))", NO_PARAMS},
     LOOPS(mish), .max_slope = mish_max_slope, .gain = 1},
    {{"softplus", "log(1 + exp(beta * z)) / beta: a smooth relu", PARAMS(Softplus, softplus_fields)},
     LOOPS(softplus), .max_slope = slope_1, .gain = 1},
    {{"softsign", "z / (1 + abs(z)): like tanh, with slower tails", NO_PARAMS},
     LOOPS(softsign), .max_slope = slope_1, .bounded = true, .gain = 1},
    {{"relu6", "min(max(0, z), 6)", NO_PARAMS},
     LOOPS(relu6), .max_slope = slope_1, .kinks = relu6_kinks, .bounded = true, .gain = 1},
    {{"hardtanh", "z clipped to min ... max", PARAMS(Hardtanh, hardtanh_fields)},
     LOOPS(hardtanh), .max_slope = slope_1, .kinks = hardtanh_kinks, .bounded = true, .gain = 1},
    {{"hardsigmoid", "z / 6 + 1/2 clipped to 0 ... 1", NO_PARAMS},
     LOOPS(hardsigmoid), .max_slope = hardsigmoid_max_slope, .kinks = hardsigmoid_kinks, .bounded = true, .gain = 1},
    {{"hardswish", "z * hardsigmoid(z)", NO_PARAMS},
     LOOPS(hardswish), .max_slope = hardswish_max_slope, .kinks = hardsigmoid_kinks, .gain = 1},
    {{"maxout", "the largest of so many linear pieces a unit", PARAMS(Maxout, maxout_fields)},
     LOOPS(maxout), .max_slope = slope_1, .pieces = maxout_pieces, .gain = 1},
};
// clang-format on
const Family activations = FAMILY("activation", "the function applied to z = x W + b, after the norm", rows);
