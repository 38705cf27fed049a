/* loss: see loss.h. Formulas are PyTorch's where it has the loss. Selects are written so that nan logits give
 * a nan loss: `x <= 0 ? 0 : x` lets nan pass. */
#include "nn/loss.h"

#include "base/vmath.h"

#include <math.h>
#include <string.h>

#define INLINE static inline __attribute__((always_inline))

/* ---- weights of rows, and the mean over rows ---------------------------------------------------------- */

INLINE double dot(int n, const real *x, const real *y) {
    double sum = 0;
    for (int i = 0; i < n; i++) sum += (double)x[i] * (double)y[i];
    return sum;
}

/* c_r of loss.h. One logit for two classes has the weights of both. */
static double class_share(const LossBatch *b, const real *target) {
    if (!b->class_weight) return 1;
    if (b->out > 1) return dot(b->out, b->class_weight, target);
    double low = (double)b->class_weight[0], high = (double)b->class_weight[1];
    return low + (high - low) * (double)target[0];
}

static double sample_weight(const LossBatch *b, int r) { return b->weight ? (double)b->weight[r] : 1; }

static double row_weight(const LossBatch *b, int r) {
    return sample_weight(b, r) * class_share(b, b->target + (size_t)r * (size_t)b->out);
}

double loss_batch_weight(const LossBatch *b) {
    if (!b->weight && !b->class_weight) return b->rows;
    double sum = 0;
    for (int r = 0; r < b->rows; r++) sum += row_weight(b, r);
    return sum;
}

/* 0 when all weights are. */
static double inverse_weight(const LossBatch *b) {
    double sum = loss_batch_weight(b);
    return sum > 0 ? 1 / sum : 0;
}

/* The loss of one row, and d[out] = scale · its gradient unless d is NULL. */
typedef double RowLoss(const void *p, int out, const real *z, const real *target, double scale, real *d);

/* Inlined with a RowLoss that the compiler knows. */
INLINE double mean_over_rows(const void *p, const LossBatch *b, real *d, RowLoss *row_loss) {
    double inverse = inverse_weight(b), total = 0;
    for (int r = 0; r < b->rows; r++) {
        size_t at = (size_t)r * (size_t)b->out;
        double scale = inverse * row_weight(b, r);
        total += scale * row_loss(p, b->out, b->logits + at, b->target + at, scale, d ? d + at : NULL);
    }
    return total;
}

/* ---- cross-entropy ------------------------------------------------------------------------------------ */

/* What a row's logits are drawn to: q_c = w_c ((1 - e) t_c + e / out), with the class weights w. */
typedef struct Goal {
    real keep, spread;
    const real *class_weight;
} Goal;

static Goal goal_of(const LossBatch *b) {
    return (Goal){(real)(1 - b->smoothing), (real)(b->smoothing / b->out), b->class_weight};
}

INLINE real goal_at(const Goal *goal, const real *target, int c) {
    real share = goal->keep * target[c] + goal->spread;
    return goal->class_weight ? share * goal->class_weight[c] : share;
}

INLINE real largest(int n, const real *x) {
    real most = x[0];
    for (int i = 1; i < n; i++) most = x[i] > most ? x[i] : most;
    return most;
}

/* sum_c q_c (log sum_k e^(z_k - m) - (z_c - m)), m the largest logit: exact also where the loss is tiny, as
 * the sum is in double. */
static double row_entropy(const Goal *goal, int out, const real *z, const real *target) {
    double sum = 0, mass = 0, reached = 0;
    real most = largest(out, z);
    for (int c = 0; c < out; c++) {
        real below = z[c] - most, q = goal_at(goal, target, c);
        sum += (double)vmath_exp(below);
        mass += (double)q;
        reached += (double)q * (double)below;
    }
    return mass * log(sum) - reached;
}

static double entropy_alone(const LossBatch *b) {
    Goal goal = goal_of(b);
    double total = 0;
    for (int r = 0; r < b->rows; r++) {
        size_t at = (size_t)r * (size_t)b->out;
        total += sample_weight(b, r) * row_entropy(&goal, b->out, b->logits + at, b->target + at);
    }
    return total * inverse_weight(b);
}

/* d = z - m, the exponent of the softmax; returns sum_c q_c (z_c - m). */
INLINE double lower_row(const Goal *goal, int out, const real *z, const real *target, real *d) {
    double reached = 0;
    real most = largest(out, z);
    for (int c = 0; c < out; c++) {
        d[c] = z[c] - most;
        reached += (double)(goal_at(goal, target, c) * d[c]);
    }
    return reached;
}

/* From d = e^(z - m) to d = scale (softmax · sum_c q_c - q_c); returns log(sum of d) · sum_c q_c. */
INLINE double slope_row(const Goal *goal, int out, const real *target, real scale, real *d) {
    double sum = 0, mass = 0;
    for (int c = 0; c < out; c++) {
        sum += (double)d[c];
        mass += (double)goal_at(goal, target, c);
    }
    real share = scale * (real)(mass / sum);
    for (int c = 0; c < out; c++) d[c] = share * d[c] - scale * goal_at(goal, target, c);
    return mass * log(sum);
}

/* All exponentials of the batch in one flat loop: rows are often too short for whole vectors. */
static double entropy_and_slope(const LossBatch *b, real *restrict d) {
    Goal goal = goal_of(b);
    size_t out = (size_t)b->out, n = (size_t)b->rows * out;
    double inverse = inverse_weight(b), total = 0;
    for (int r = 0; r < b->rows; r++) {
        size_t at = (size_t)r * out;
        total -= sample_weight(b, r) * lower_row(&goal, b->out, b->logits + at, b->target + at, d + at);
    }
    for (size_t i = 0; i < n; i++) d[i] = vmath_exp(d[i]);
    for (int r = 0; r < b->rows; r++) {
        size_t at = (size_t)r * out;
        double weight = sample_weight(b, r);
        total += weight * slope_row(&goal, b->out, b->target + at, (real)(inverse * weight), d + at);
    }
    return total * inverse;
}

static double cross_entropy(const void *p, const LossBatch *b, real *d) {
    (void)p;
    return d ? entropy_and_slope(b, d) : entropy_alone(b);
}

/* ---- bce, hinge --------------------------------------------------------------------------------------- */

/* max(z, 0) - z t + log(1 + e^-|z|) */
INLINE real bce_term(real z, real target) {
    real size = z < 0 ? -z : z;
    return (z <= 0 ? 0 : z) - z * target + vmath_log1p(vmath_exp(-size));
}

/* Sum over rows of the row's weight times the sum of its terms; the terms in flat loops of a buffer's length,
 * since rows are often shorter than a vector. */
static double bce_sum(const LossBatch *b) {
    enum { BUFFER = 256 };
    real term[BUFFER];
    size_t n = (size_t)b->rows * (size_t)b->out;
    double total = 0, weight = 0;
    for (size_t from = 0, row = 0, left = 0; from < n; from += BUFFER) {
        size_t count = n - from < BUFFER ? n - from : BUFFER;
        for (size_t i = 0; i < count; i++) term[i] = bce_term(b->logits[from + i], b->target[from + i]);
        for (size_t i = 0; i < count; i++, left--) {
            if (left == 0) weight = row_weight(b, (int)row++), left = (size_t)b->out;
            total += weight * (double)term[i];
        }
    }
    return total;
}

static void bce_slope(const LossBatch *b, double scale, real *restrict d) {
    size_t n = (size_t)b->rows * (size_t)b->out;
    for (size_t i = 0; i < n; i++) d[i] = vmath_sigmoid(b->logits[i]) - b->target[i];
    for (int r = 0; r < b->rows; r++, d += b->out) {
        real slope = (real)(scale * row_weight(b, r));
        for (int c = 0; c < b->out; c++) d[c] *= slope;
    }
}

static double bce(const void *p, const LossBatch *b, real *d) {
    (void)p;
    double scale = inverse_weight(b) / b->out;
    if (d) bce_slope(b, scale, d);
    return scale * bce_sum(b);
}

typedef struct Hinge {
    double margin;
} Hinge;
static const Field hinge_fields[] = {
    FIELD_REAL(Hinge, margin, .def = 1, .min = 0, .max = 1e6, .above_min = true,
               .help = "lead over each wrong class that suffices"),
    {0},
};

INLINE int first_largest(int n, const real *x) {
    int at = 0;
    for (int i = 1; i < n; i++) at = x[i] > x[at] ? i : at;
    return at;
}

/* Weston and Watkins 1999: sum over the wrong classes of max(0, margin - lead); torch's multi_margin_loss
 * divides by the classes. */
INLINE double hinge_row(const void *p, int out, const real *z, const real *target, double scale, real *d) {
    real margin = (real)((const Hinge *)p)->margin;
    int right = first_largest(out, target), short_of = 0;
    double sum = 0;
    for (int c = 0; c < out; c++) {
        real lack = c == right ? 0 : margin - (z[right] - z[c]);
        bool lacks = !(lack <= 0);
        sum += lacks ? (double)lack : 0;
        short_of += lacks;
        if (d) d[c] = lacks ? (real)scale : 0;
    }
    if (d) d[right] = (real)(-scale * short_of);
    return sum;
}

static double hinge(const void *p, const LossBatch *b, real *d) { return mean_over_rows(p, b, d, hinge_row); }

static int hinge_kinks(const void *p, double *out) {
    out[0] = ((const Hinge *)p)->margin;
    return 1;
}

/* ---- losses of the residual e = z - target ------------------------------------------------------------ */

typedef struct Mse {
    double factor;
} Mse;
static const Field mse_fields[] = {
    FIELD_REAL(Mse, factor, .def = 1, .min = 0, .max = 1e6, .above_min = true, .help = "0.5 gives scikit-learn's"),
    {0},
};

INLINE double mse_row(const void *p, int out, const real *z, const real *target, double scale, real *d) {
    double factor = ((const Mse *)p)->factor / out, sum = 0;
    real slope = (real)(2 * factor * scale);
    for (int c = 0; c < out; c++) {
        real e = z[c] - target[c];
        sum += (double)e * (double)e;
        if (d) d[c] = slope * e;
    }
    return factor * sum;
}

static double mse(const void *p, const LossBatch *b, real *d) { return mean_over_rows(p, b, d, mse_row); }

INLINE double mae_row(const void *p, int out, const real *z, const real *target, double scale, real *d) {
    (void)p;
    real slope = (real)(scale / out);
    double sum = 0;
    for (int c = 0; c < out; c++) {
        real e = z[c] - target[c];
        sum += fabs((double)e);
        if (d) d[c] = e > 0 ? slope : e < 0 ? -slope : 0;
    }
    return sum / out;
}

static double mae(const void *p, const LossBatch *b, real *d) { return mean_over_rows(p, b, d, mae_row); }

static int mae_kinks(const void *p, double *out) {
    (void)p;
    out[0] = 0;
    return 1;
}

typedef struct Huber {
    double delta;
} Huber;
static const Field huber_fields[] = {
    FIELD_REAL(Huber, delta, .def = 1, .min = 0, .max = 1e6, .above_min = true,
               .help = "residual at which the square turns into a line"),
    {0},
};

/* e clamped to ±delta is the slope; the loss is clamped · (e - clamped / 2). */
INLINE double huber_row(const void *p, int out, const real *z, const real *target, double scale, real *d) {
    real delta = (real)((const Huber *)p)->delta, slope = (real)(scale / out);
    double sum = 0;
    for (int c = 0; c < out; c++) {
        real e = z[c] - target[c], clamped = e > delta ? delta : e < -delta ? -delta : e;
        sum += (double)clamped * ((double)e - 0.5 * (double)clamped);
        if (d) d[c] = slope * clamped;
    }
    return sum / out;
}

static double huber(const void *p, const LossBatch *b, real *d) { return mean_over_rows(p, b, d, huber_row); }

static int huber_kinks(const void *p, double *out) {
    out[0] = ((const Huber *)p)->delta;
    out[1] = -out[0];
    return 2;
}

/* ---- outputs, correct rows ---------------------------------------------------------------------------- */

int loss_outputs(const Choice *choice, bool classification, int classes_or_targets) {
    bool one = classification && classes_or_targets == 2 && loss_of(choice)->one_logit_for_two;
    return one ? 1 : classes_or_targets;
}

/* z[right] beats what comes before it and is not beaten by what comes after; comparisons with nan are false.
 */
INLINE bool row_correct(int out, const real *z, const real *target) {
    int right = first_largest(out, target), beaten = 0;
    for (int c = 0; c < right; c++) beaten += z[right] > z[c];
    for (int c = right; c < out; c++) beaten += z[right] >= z[c];
    return beaten == out;
}

static int count_correct_signs(const LossBatch *b) {
    int correct = 0;
    for (int r = 0; r < b->rows; r++) {
        bool high = b->target[r] > (real)0.5;
        correct += high ? b->logits[r] > 0 : b->logits[r] <= 0;
    }
    return correct;
}

int loss_count_correct(const LossBatch *b) {
    if (b->out == 1) return count_correct_signs(b);
    int correct = 0;
    for (int r = 0; r < b->rows; r++) {
        size_t at = (size_t)r * (size_t)b->out;
        correct += row_correct(b->out, b->logits + at, b->target + at);
    }
    return correct;
}

/* To add a loss: write its parameters and function above and its row here. */
/* clang-format off */
static const Loss rows[] = {
    {{"cross_entropy", "softmax and negative log-likelihood",          NO_PARAMS},                   .value = cross_entropy, .classification = true, .smooths = true, .link = LINK_SOFTMAX},
    {{"bce",           "sigmoid and binary cross-entropy, each logit", NO_PARAMS},                   .value = bce,           .classification = true, .one_logit_for_two = true, .link = LINK_SIGMOID},
    {{"hinge",         "multiclass SVM, summed over wrong classes",    PARAMS(Hinge, hinge_fields)}, .value = hinge,         .classification = true, .hard_targets = true, .kinks = hinge_kinks},
    {{"mse",           "mean squared error",                           PARAMS(Mse, mse_fields)},     .value = mse,           .classification = true, .regression = true},
    {{"mae",           "mean absolute error",                          NO_PARAMS},                   .value = mae,           .classification = true, .regression = true, .kinks = mae_kinks},
    {{"huber",         "squared near 0, absolute beyond delta",        PARAMS(Huber, huber_fields)}, .value = huber,         .classification = true, .regression = true, .kinks = huber_kinks},
};
/* clang-format on */
const Family losses = FAMILY("loss", "what training makes small", rows);
