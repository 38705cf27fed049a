/* norm: see norm.h. Sums over rows run down a strip of STRIP columns at a time, in double, side by side; sums
 * over columns are base/reduce's. */
#include "nn/norm.h"

#include "base/reduce.h"

#include <math.h>

enum { STRIP = 64 };

typedef struct Batch {
    double eps, momentum;
} Batch;

typedef struct Layer {
    double eps;
} Layer;

static int strip_width(int columns, int from) { return columns - from < STRIP ? columns - from : STRIP; }

/* sum[width] of x[rows][width], its rows `stride` apart. */
static void sum_columns(int rows, int width, size_t stride, const real *x, double *sum) {
    for (int j = 0; j < width; j++) sum[j] = 0;
    for (int i = 0; i < rows; i++, x += stride)
        for (int j = 0; j < width; j++) sum[j] += (double)x[j];
}

/* sum[width] of x · y. */
static void dot_columns(int rows, int width, size_t stride, const real *x, const real *y, double *sum) {
    for (int j = 0; j < width; j++) sum[j] = 0;
    for (int i = 0; i < rows; i++, x += stride, y += stride)
        for (int j = 0; j < width; j++) sum[j] += (double)x[j] * (double)y[j];
}

/* sum[width] of (x - mean)². */
static void spread_columns(int rows, int width, size_t stride, const real *x, const double *mean, double *sum) {
    for (int j = 0; j < width; j++) sum[j] = 0;
    for (int i = 0; i < rows; i++, x += stride)
        for (int j = 0; j < width; j++) {
            double deviation = (double)x[j] - mean[j];
            sum[j] += deviation * deviation;
        }
}

/* dL/d(gain) and dL/d(shift), the same for every norm. */
static void grad_of_scale(const NormCall *call, const real *d, real *grad_gain, real *grad_shift) {
    double gain[STRIP], shift[STRIP];
    for (int from = 0; from < call->columns; from += STRIP) {
        int width = strip_width(call->columns, from);
        size_t stride = (size_t)call->columns;
        dot_columns(call->rows, width, stride, d + from, call->normalised + from, gain);
        sum_columns(call->rows, width, stride, d + from, shift);
        for (int j = 0; j < width; j++) {
            grad_gain[from + j] = (real)gain[j];
            grad_shift[from + j] = (real)shift[j];
        }
    }
}

/* ---- batch norm: Ioffe and Szegedy 2015 ---------------------------------------------------------------- */

/* Running statistics keep the unbiased variance, as PyTorch does; of a single row, the biased one. */
static void move_running(const NormCall *call, double momentum, int from, int width, const double *mean,
                         const double *variance) {
    double unbiased = call->rows > 1 ? (double)call->rows / (call->rows - 1) : 1;
    for (int j = 0; j < width; j++) {
        real *running_mean = &call->running_mean[from + j], *running_var = &call->running_var[from + j];
        *running_mean = (real)((1 - momentum) * (double)*running_mean + momentum * mean[j]);
        *running_var = (real)((1 - momentum) * (double)*running_var + momentum * variance[j] * unbiased);
    }
}

/* Mean and variance of the strip's columns: the batch's, or the running ones. */
static void batch_moments(const Batch *p, const NormCall *call, NormMode mode, int from, int width, double *mean,
                          double *variance) {
    if (mode == NORM_EVALUATE) {
        for (int j = 0; j < width; j++) {
            mean[j] = (double)call->running_mean[from + j];
            variance[j] = (double)call->running_var[from + j];
        }
        return;
    }
    const real *u = call->normalised + from;
    sum_columns(call->rows, width, (size_t)call->columns, u, mean);
    for (int j = 0; j < width; j++) mean[j] /= call->rows;
    spread_columns(call->rows, width, (size_t)call->columns, u, mean, variance);
    for (int j = 0; j < width; j++) variance[j] /= call->rows;
    if (mode == NORM_TRAIN) move_running(call, p->momentum, from, width, mean, variance);
    if (mode == NORM_FIT) move_running(call, 1, from, width, mean, variance);
}

static void batch_forward(const void *params, const NormCall *call, NormMode mode, real *z) {
    const Batch *p = params;
    double mean[STRIP], variance[STRIP];
    real centre[STRIP], inverse[STRIP], gain[STRIP], shift[STRIP];
    for (int from = 0; from < call->columns; from += STRIP) {
        int width = strip_width(call->columns, from);
        batch_moments(p, call, mode, from, width, mean, variance);
        for (int j = 0; j < width; j++) {
            centre[j] = (real)mean[j];
            inverse[j] = call->inverse_std[from + j] = (real)(1 / sqrt(variance[j] + p->eps));
            gain[j] = call->gain[from + j];
            shift[j] = call->shift[from + j];
        }
        for (int i = 0; i < call->rows; i++) {
            size_t at = (size_t)i * (size_t)call->columns + (size_t)from;
            real *restrict x = call->normalised + at, *restrict out = z + at;
            for (int j = 0; j < width; j++) {
                x[j] = (x[j] - centre[j]) * inverse[j];
                out[j] = x[j] * gain[j] + shift[j];
            }
        }
    }
}

/* With x the normalised value: du = gain / std · (d - mean(d) - x · mean(d · x)), means over the rows. */
static void batch_backward(const void *params, const NormCall *call, const real *d, real *du, real *grad_gain,
                           real *grad_shift) {
    (void)params;
    real factor[STRIP], mean_d[STRIP], mean_dx[STRIP];
    grad_of_scale(call, d, grad_gain, grad_shift);
    for (int from = 0; from < call->columns; from += STRIP) {
        int width = strip_width(call->columns, from);
        for (int j = 0; j < width; j++) {
            factor[j] = call->gain[from + j] * call->inverse_std[from + j];
            mean_d[j] = grad_shift[from + j] / (real)call->rows;
            mean_dx[j] = grad_gain[from + j] / (real)call->rows;
        }
        for (int i = 0; i < call->rows; i++) {
            size_t at = (size_t)i * (size_t)call->columns + (size_t)from;
            const real *restrict x = call->normalised + at, *restrict in = d + at;
            real *restrict out = du + at;
            for (int j = 0; j < width; j++) out[j] = factor[j] * (in[j] - mean_d[j] - x[j] * mean_dx[j]);
        }
    }
}

/* ---- layer norm: Ba, Kiros and Hinton 2016 ------------------------------------------------------------- */

static void layer_forward(const void *params, const NormCall *call, NormMode mode, real *z) {
    const Layer *p = params;
    (void)mode;
    for (int i = 0; i < call->rows; i++) {
        size_t columns = (size_t)call->columns;
        real *restrict x = call->normalised + (size_t)i * columns, *restrict out = z + (size_t)i * columns;
        double mean, variance;
        reduce_moments(columns, x, &mean, &variance);
        real centre = (real)mean, inverse = (real)(1 / sqrt(variance + p->eps));
        call->inverse_std[i] = inverse;
        for (size_t j = 0; j < columns; j++) {
            x[j] = (x[j] - centre) * inverse;
            out[j] = x[j] * call->gain[j] + call->shift[j];
        }
    }
}

/* As batch norm's, along a row, with g = d · gain in the place of d. */
static void layer_backward(const void *params, const NormCall *call, const real *d, real *du, real *grad_gain,
                           real *grad_shift) {
    (void)params;
    grad_of_scale(call, d, grad_gain, grad_shift);
    for (int i = 0; i < call->rows; i++) {
        size_t columns = (size_t)call->columns;
        const real *x = call->normalised + (size_t)i * columns, *in = d + (size_t)i * columns;
        real *g = du + (size_t)i * columns, inverse = call->inverse_std[i];
        for (size_t j = 0; j < columns; j++) g[j] = in[j] * call->gain[j];
        real mean_g = (real)(reduce_sum(columns, g) / call->columns);
        real mean_gx = (real)(reduce_dot(columns, g, x) / call->columns);
        for (size_t j = 0; j < columns; j++) g[j] = inverse * (g[j] - mean_g - x[j] * mean_gx);
    }
}

/* ---- the family ---------------------------------------------------------------------------------------- */

/* clang-format off */
static const Field batch_fields[] = {
    FIELD_REAL(Batch, eps, .def = 1e-5, .min = 0, .max = 1, .above_min = true, .help = "added to the variance"),
    FIELD_REAL(Batch, momentum, .def = 0.1, .min = 0, .max = 1, .help = "share of the newest batch in the running statistics"),
    {0}};
static const Field layer_fields[] = {
    FIELD_REAL(Layer, eps, .def = 1e-5, .min = 0, .max = 1, .above_min = true, .help = "added to the variance"),
    {0}};

/* To add a norm: write its two functions above and its row here. */
static const Norm rows[] = {
    {{"none",  "no normalisation",                     NO_PARAMS},                   .forward = NULL},
    {{"batch", "each unit over the rows of the batch", PARAMS(Batch, batch_fields)}, .forward = batch_forward, .backward = batch_backward, .uses_running = true},
    {{"layer", "each row over the units of the layer", PARAMS(Layer, layer_fields)}, .forward = layer_forward, .backward = layer_backward},
};
/* clang-format on */
const Family norms = FAMILY("norm", "normalisation between product and activation", rows);
