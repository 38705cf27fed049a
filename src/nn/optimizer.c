/* optimizer: see optimizer.h. The rules are PyTorch's where it has the optimizer; sources of the others stand
 * by them. Entries of padding have theta = grad = 0 and get the update 0 from every rule. */
#include "nn/optimizer.h"

#include <math.h>

#define RATE(T, m, preset, about) FIELD_REAL(T, m, .def = (preset), .min = 0, .max = 1, .help = about)
#define BETA(T, m, preset, about)                                                                            \
    FIELD_REAL(T, m, .def = (preset), .min = 0, .max = 1, .below_max = true, .help = about)
/* Never 0: entries whose gradient was always 0 would be 0 / 0. */
#define EPS(T, preset)                                                                                       \
    FIELD_REAL(T, eps, .def = (preset), .min = 1e-30, .max = 1, .help = "added to the divisor")

static int one_vector(const void *p) {
    (void)p;
    return 1;
}

static int two_vectors(const void *p) {
    (void)p;
    return 2;
}

/* average = keep·average + take·x */
static inline real blend(real keep, real average, real take, real x) { return keep * average + take * x; }

static inline real root(real x) { return _Generic(x, float : sqrtf, double : sqrt)(x); }

/* 1, -1, or x itself: 0, nan. */
static inline real sign(real x) { return x > 0 ? 1 : x < 0 ? -1 : x; }
static inline real larger(real x, real y) { return x > y ? x : y; }

/* ---- sgd ---------------------------------------------------------------------------------------------- */

typedef struct Sgd {
    double momentum, dampening;
    bool nesterov;
} Sgd;
static const Field sgd_fields[] = {
    BETA(Sgd, momentum, 0, "share of the last velocity that is kept"),
    RATE(Sgd, dampening, 0, "1 - dampening is the gradient's share in the velocity"),
    FIELD_BOOL(Sgd, nesterov, .help = "look ahead: step along gradient + momentum times velocity"),
    {0},
};

static int sgd_vectors(const void *p) { return ((const Sgd *)p)->momentum > 0; }

static void sgd_plain(const OptimizerPiece *piece, double lr) {
    const real *restrict grad = piece->grad;
    real *restrict update = piece->update;
    real rate = (real)-lr;
    for (size_t i = 0; i < piece->n; i++) update[i] = rate * grad[i];
}

/* The first velocity is the gradient, undampened. */
static void sgd(const void *p, const OptimizerPiece *piece, double lr, int64_t t) {
    const Sgd *s = p;
    if (s->momentum == 0) {
        sgd_plain(piece, lr);
        return;
    }
    const real *restrict grad = piece->grad;
    real *restrict velocity = piece->state[0], *restrict update = piece->update;
    real rate = (real)-lr, keep = (real)s->momentum, take = t == 1 ? 1 : (real)(1 - s->dampening);
    real along_grad = s->nesterov ? 1 : 0, along_velocity = s->nesterov ? keep : 1;
    for (size_t i = 0; i < piece->n; i++) {
        velocity[i] = blend(keep, velocity[i], take, grad[i]);
        update[i] = rate * blend(along_velocity, velocity[i], along_grad, grad[i]);
    }
}

static bool sgd_check(const void *p, Error *err) {
    const Sgd *s = p;
    if (s->nesterov && (s->momentum == 0 || s->dampening != 0))
        return fail(
            err, "nesterov: true with momentum %.9g and dampening %.9g; set momentum above 0 and dampening 0",
            s->momentum, s->dampening);
    if (s->dampening != 0 && s->momentum == 0)
        return fail(
            err, "dampening: %.9g has no effect with momentum 0; set momentum above 0 or leave dampening out",
            s->dampening);
    return true;
}

/* ---- adagrad, rmsprop, adadelta ----------------------------------------------------------------------- */

typedef struct Adagrad {
    double lr_decay, initial_accumulator, eps;
} Adagrad;
static const Field adagrad_fields[] = {
    FIELD_REAL(Adagrad, lr_decay, .def = 0, .min = 0, .max = 1e6, .help = "k in lr / (1 + k (step - 1))"),
    FIELD_REAL(Adagrad, initial_accumulator, .def = 0, .min = 0, .max = 1e6,
               .help = "where the sums of squares start"),
    EPS(Adagrad, 1e-10),
    {0},
};

static void adagrad(const void *p, const OptimizerPiece *piece, double lr, int64_t t) {
    const Adagrad *s = p;
    const real *restrict grad = piece->grad;
    real *restrict sum = piece->state[0], *restrict update = piece->update;
    real rate = (real)(-lr / (1 + (double)(t - 1) * s->lr_decay)), eps = (real)s->eps;
    real start = t == 1 ? (real)s->initial_accumulator : 0;
    for (size_t i = 0; i < piece->n; i++) {
        sum[i] += start + grad[i] * grad[i];
        update[i] = rate * grad[i] / (root(sum[i]) + eps);
    }
}

typedef struct Rmsprop {
    double alpha, eps, momentum;
    bool centered;
} Rmsprop;
static const Field rmsprop_fields[] = {
    BETA(Rmsprop, alpha, 0.99, "share of the mean square that is kept"),
    EPS(Rmsprop, 1e-8),
    BETA(Rmsprop, momentum, 0, "share of the last velocity that is kept"),
    FIELD_BOOL(Rmsprop, centered, .help = "divide by the standard deviation, not the root mean square"),
    {0},
};

static int rmsprop_vectors(const void *p) {
    const Rmsprop *s = p;
    return 1 + s->centered + (s->momentum > 0);
}

/* update = grad / rms */
static void rmsprop_scale(const Rmsprop *s, const OptimizerPiece *piece) {
    const real *restrict grad = piece->grad;
    real *restrict square = piece->state[0], *restrict update = piece->update;
    real keep = (real)s->alpha, take = (real)(1 - s->alpha), eps = (real)s->eps;
    for (size_t i = 0; i < piece->n; i++) {
        square[i] = blend(keep, square[i], take, grad[i] * grad[i]);
        update[i] = grad[i] / (root(square[i]) + eps);
    }
}

/* update = grad / standard deviation; rounding can bring the variance below 0. */
static void rmsprop_scale_centered(const Rmsprop *s, const OptimizerPiece *piece) {
    const real *restrict grad = piece->grad;
    real *restrict square = piece->state[0], *restrict mean = piece->state[1],
                   *restrict update = piece->update;
    real keep = (real)s->alpha, take = (real)(1 - s->alpha), eps = (real)s->eps;
    for (size_t i = 0; i < piece->n; i++) {
        square[i] = blend(keep, square[i], take, grad[i] * grad[i]);
        mean[i] = blend(keep, mean[i], take, grad[i]);
        update[i] = grad[i] / (root(larger(square[i] - mean[i] * mean[i], 0)) + eps);
    }
}

static void rmsprop(const void *p, const OptimizerPiece *piece, double lr, int64_t t) {
    (void)t;
    const Rmsprop *s = p;
    (s->centered ? rmsprop_scale_centered : rmsprop_scale)(s, piece);
    real *restrict update = piece->update, *restrict velocity = piece->state[1 + s->centered];
    real rate = (real)-lr, keep = (real)s->momentum;
    if (s->momentum == 0) {
        for (size_t i = 0; i < piece->n; i++) update[i] *= rate;
        return;
    }
    for (size_t i = 0; i < piece->n; i++) {
        velocity[i] = keep * velocity[i] + update[i];
        update[i] = rate * velocity[i];
    }
}

typedef struct Adadelta {
    double rho, eps;
} Adadelta;
static const Field adadelta_fields[] = {
    BETA(Adadelta, rho, 0.9, "share of the mean squares that is kept"),
    EPS(Adadelta, 1e-6),
    {0},
};

static void adadelta(const void *p, const OptimizerPiece *piece, double lr, int64_t t) {
    (void)t;
    const Adadelta *s = p;
    const real *restrict grad = piece->grad;
    real *restrict square = piece->state[0], *restrict moved = piece->state[1],
                   *restrict update = piece->update;
    real rate = (real)-lr, keep = (real)s->rho, take = (real)(1 - s->rho), eps = (real)s->eps;
    for (size_t i = 0; i < piece->n; i++) {
        square[i] = blend(keep, square[i], take, grad[i] * grad[i]);
        real move = root(moved[i] + eps) / root(square[i] + eps) * grad[i];
        moved[i] = blend(keep, moved[i], take, move * move);
        update[i] = rate * move;
    }
}

/* ---- adam and its kin --------------------------------------------------------------------------------- */

typedef struct Adam {
    double beta1, beta2, eps, weight_decay, momentum_decay;
    bool amsgrad;
} Adam;
#define BETA1(preset) BETA(Adam, beta1, preset, "share of the mean gradient that is kept")
#define BETA2(preset) BETA(Adam, beta2, preset, "share of the mean squared gradient that is kept")
#define AMSGRAD FIELD_BOOL(Adam, amsgrad, .help = "divide by the largest mean square so far")
#define DECAY(preset)                                                                                        \
    FIELD_REAL(Adam, weight_decay, .def = (preset), .min = 0, .max = 1e6,                                    \
               .help = "decoupled: theta -= lr weight_decay theta; not together with train.weight_decay")
static const Field adam_fields[] = {BETA1(0.9), BETA2(0.999), EPS(Adam, 1e-8), AMSGRAD, {0}};
static const Field adamw_fields[] = {BETA1(0.9), BETA2(0.999), EPS(Adam, 1e-8), AMSGRAD, DECAY(0.01), {0}};
static const Field radam_fields[] = {BETA1(0.9), BETA2(0.999), EPS(Adam, 1e-8), {0}};
static const Field lion_fields[] = {BETA1(0.9), BETA2(0.99), DECAY(0), {0}};
static const Field nadam_fields[] = {
    BETA1(0.9),
    BETA2(0.999),
    EPS(Adam, 1e-8),
    FIELD_REAL(Adam, momentum_decay, .def = 0.004, .min = 0, .max = 1e6,
               .help = "how fast beta1 is warmed up"),
    {0},
};

static double adam_decay(const void *p) { return ((const Adam *)p)->weight_decay; }
static int adam_vectors(const void *p) { return 2 + ((const Adam *)p)->amsgrad; }

/* What bias correction divides a running mean by after t steps. */
static double filled(double beta, int64_t t) { return 1 - pow(beta, (double)t); }

/* The rates of a step by moments: update = (by_mean·mean + by_grad·grad) / (scale·sqrt(square) + eps). */
typedef struct Rates {
    real by_mean, by_grad, scale;
} Rates;

static void step_by_moments(const Adam *s, const OptimizerPiece *piece, Rates rates) {
    const real *restrict grad = piece->grad;
    real *restrict mean = piece->state[0], *restrict square = piece->state[1],
                   *restrict update = piece->update;
    real keep1 = (real)s->beta1, take1 = (real)(1 - s->beta1), eps = (real)s->eps;
    real keep2 = (real)s->beta2, take2 = (real)(1 - s->beta2);
    for (size_t i = 0; i < piece->n; i++) {
        mean[i] = blend(keep1, mean[i], take1, grad[i]);
        square[i] = blend(keep2, square[i], take2, grad[i] * grad[i]);
        real along = rates.by_mean * mean[i] + rates.by_grad * grad[i];
        update[i] = along / (rates.scale * root(square[i]) + eps);
    }
}

static void step_by_mean(const Adam *s, const OptimizerPiece *piece, real rate) {
    const real *restrict grad = piece->grad;
    real *restrict mean = piece->state[0], *restrict square = piece->state[1],
                   *restrict update = piece->update;
    real keep1 = (real)s->beta1, take1 = (real)(1 - s->beta1);
    real keep2 = (real)s->beta2, take2 = (real)(1 - s->beta2);
    for (size_t i = 0; i < piece->n; i++) {
        mean[i] = blend(keep1, mean[i], take1, grad[i]);
        square[i] = blend(keep2, square[i], take2, grad[i] * grad[i]);
        update[i] = rate * mean[i];
    }
}

/* Reddi et al. 2018 (arXiv:1904.09237): divides by the largest square so far. */
static void step_by_largest(const Adam *s, const OptimizerPiece *piece, Rates rates) {
    step_by_mean(s, piece, rates.by_mean);
    const real *restrict square = piece->state[1];
    real *restrict largest = piece->state[2], *restrict update = piece->update, eps = (real)s->eps;
    for (size_t i = 0; i < piece->n; i++) {
        largest[i] = larger(largest[i], square[i]);
        update[i] /= rates.scale * root(largest[i]) + eps;
    }
}

static void adam(const void *p, const OptimizerPiece *piece, double lr, int64_t t) {
    const Adam *s = p;
    Rates rates = {.by_mean = (real)(-lr / filled(s->beta1, t)),
                   .scale = (real)(1 / sqrt(filled(s->beta2, t)))};
    (s->amsgrad ? step_by_largest : step_by_moments)(s, piece, rates);
}

/* Dozat 2016; the momentum of step t is beta1 (1 - 0.96^(t·momentum_decay) / 2). torch 1.13 has one factor
 * too many in the second product below, corrected since; this is the formula of its documentation. */
static double warm_momentum(const Adam *s, int64_t t) {
    return s->beta1 * (1 - 0.5 * pow(0.96, (double)t * s->momentum_decay));
}

/* The product of the momenta of steps 1 … t. It depends on t alone, so there is nothing to save; and it needs
 * no t factors: after some dozens (52 by default) it is as good as 0, or its factors are as good as beta1. */
static double momentum_product(const Adam *s, int64_t t) {
    double product = 1, ratio = pow(0.96, s->momentum_decay), cold = ratio;
    int64_t i = 1;
    for (; i <= t && product > 1e-18 && cold > 1e-18; i++, cold *= ratio)
        product *= s->beta1 * (1 - 0.5 * cold);
    return product * pow(s->beta1, (double)(t + 1 - i));
}

static void nadam(const void *p, const OptimizerPiece *piece, double lr, int64_t t) {
    const Adam *s = p;
    double now = warm_momentum(s, t), next = warm_momentum(s, t + 1), product = momentum_product(s, t);
    step_by_moments(s, piece,
                    (Rates){.by_mean = (real)(-lr * next / (1 - product * next)),
                            .by_grad = (real)(-lr * (1 - now) / (1 - product)),
                            .scale = (real)(1 / sqrt(filled(s->beta2, t)))});
}

/* Liu et al. 2020 (arXiv:1908.03265): plain momentum until the mean square rests on enough steps. */
static void radam(const void *p, const OptimizerPiece *piece, double lr, int64_t t) {
    const Adam *s = p;
    double rate = -lr / filled(s->beta1, t), full = filled(s->beta2, t);
    double most = 2 / (1 - s->beta2) - 1, length = most - 2 * (double)t * (1 - full) / full;
    if (length <= 5) {
        step_by_mean(s, piece, (real)rate);
        return;
    }
    double rectified = sqrt((length - 4) * (length - 2) * most / ((most - 4) * (most - 2) * length));
    step_by_moments(s, piece, (Rates){.by_mean = (real)(rate * rectified * sqrt(full)), .scale = 1});
}

/* Chen et al. 2023, arXiv:2302.06675. */
static void lion(const void *p, const OptimizerPiece *piece, double lr, int64_t t) {
    (void)t;
    const Adam *s = p;
    const real *restrict grad = piece->grad;
    real *restrict mean = piece->state[0], *restrict update = piece->update;
    real rate = (real)-lr, keep1 = (real)s->beta1, take1 = (real)(1 - s->beta1);
    real keep2 = (real)s->beta2, take2 = (real)(1 - s->beta2);
    for (size_t i = 0; i < piece->n; i++) {
        update[i] = rate * sign(blend(keep1, mean[i], take1, grad[i]));
        mean[i] = blend(keep2, mean[i], take2, grad[i]);
    }
}

/* ---- rprop -------------------------------------------------------------------------------------------- */

/* Riedmiller and Braun 1993, in the form of PyTorch: after a change of sign the entry rests for a step. */
typedef struct Rprop {
    double eta_minus, eta_plus, step_min, step_max;
} Rprop;
static const Field rprop_fields[] = {
    FIELD_REAL(Rprop, eta_minus, .def = 0.5, .min = 0, .max = 1, .above_min = true, .below_max = true,
               .help = "factor on the step when the gradient changes sign"),
    FIELD_REAL(Rprop, eta_plus, .def = 1.2, .min = 1, .max = 1000, .above_min = true,
               .help = "factor on the step when it keeps its sign"),
    FIELD_REAL(Rprop, step_min, .def = 1e-6, .min = 0, .max = 1e6, .help = "smallest step"),
    FIELD_REAL(Rprop, step_max, .def = 50, .min = 0, .max = 1e6, .above_min = true, .help = "largest step"),
    {0},
};

/* The product of signs, not of gradients, tells the change: it cannot underflow. */
static void rprop(const void *p, const OptimizerPiece *piece, double lr, int64_t t) {
    const Rprop *s = p;
    const real *restrict grad = piece->grad;
    real *restrict last = piece->state[0], *restrict size = piece->state[1], *restrict update = piece->update;
    real minus = (real)s->eta_minus, plus = (real)s->eta_plus, low = (real)s->step_min,
         high = (real)s->step_max;
    real start = t == 1 ? (real)lr : 0;
    for (size_t i = 0; i < piece->n; i++) {
        real way = sign(grad[i]), agreement = way * last[i];
        real wanted = (size[i] + start) * (agreement > 0 ? plus : agreement < 0 ? minus : 1);
        real bounded = wanted < low ? low : wanted;
        last[i] = agreement < 0 ? 0 : way;
        size[i] = bounded > high ? high : bounded;
        update[i] = -last[i] * size[i];
    }
}

static bool rprop_check(const void *p, Error *err) {
    const Rprop *s = p;
    if (s->step_min <= s->step_max) return true;
    return fail(err, "step_min: %.9g is above step_max %.9g; set step_min to at most step_max", s->step_min,
                s->step_max);
}

/* To add an optimizer: write its parameters and functions above and its row here. */
/* clang-format off */
static const Optimizer rows[] = {
    {{"sgd",      "gradient descent, with momentum if asked",          PARAMS(Sgd, sgd_fields)},           .step = sgd,      .vectors = sgd_vectors,     .lr = 0.01, .check = sgd_check},
    {{"adagrad",  "divides by the root of the sum of squares",         PARAMS(Adagrad, adagrad_fields)},   .step = adagrad,  .vectors = one_vector,      .lr = 0.01},
    {{"rmsprop",  "divides by the root of a running mean square",      PARAMS(Rmsprop, rmsprop_fields)},   .step = rmsprop,  .vectors = rmsprop_vectors, .lr = 0.01},
    {{"adadelta", "takes its scale from the updates so far",           PARAMS(Adadelta, adadelta_fields)}, .step = adadelta, .vectors = two_vectors,     .lr = 1},
    {{"adam",     "running mean over root of running mean square",     PARAMS(Adam, adam_fields)},         .step = adam,     .vectors = adam_vectors,    .lr = 0.001},
    {{"adamw",    "adam with decoupled weight decay",                  PARAMS(Adam, adamw_fields)},        .step = adam,     .vectors = adam_vectors,    .lr = 0.001, .decoupled_decay = adam_decay},
    {{"nadam",    "adam with Nesterov's look ahead",                   PARAMS(Adam, nadam_fields)},        .step = nadam,    .vectors = two_vectors,     .lr = 0.002},
    {{"radam",    "adam that starts without its mean square",          PARAMS(Adam, radam_fields)},        .step = radam,    .vectors = two_vectors,     .lr = 0.001},
    {{"lion",     "the sign of a running mean",                        PARAMS(Adam, lion_fields)},         .step = lion,     .vectors = one_vector,      .lr = 0.0001, .decoupled_decay = adam_decay},
    {{"rprop",    "a step of its own for each weight, by signs alone", PARAMS(Rprop, rprop_fields)},       .step = rprop,    .vectors = two_vectors,     .lr = 0.01, .check = rprop_check, .first_lr_only = true},
};
/* clang-format on */
const Family optimizers = FAMILY("optimizer", "how gradients become updates", rows);
