/* statistic: see statistic.h. The definitions are those of the run directory's layers.csv. A share never
 * counts an entry that is nan; means and deviations pass a nan on. */
#include "observe/statistic.h"

#include "base/reduce.h"

#include <math.h>

/* Columns whose signs or slopes are gathered at a time: rows are read along, not across. */
enum { BLOCK = 256 };

static const double saturated_slope = 0.05; /* of max abs(f') */
static const double dead_slope = 0.001;     /* of max abs(f') */

static size_t entries(const LayerProbe *probe) { return (size_t)probe->rows * (size_t)probe->units; }
static size_t weights(const LayerProbe *probe) { return (size_t)probe->fan_in * (size_t)probe->columns; }
static int smaller(int a, int b) { return a < b ? a : b; }

static double mean(size_t n, const real *x) { return reduce_sum(n, x) / (double)n; }
static double norm(size_t n, const real *x) { return sqrt(reduce_sum_squares(n, x)); }

static double deviation(size_t n, const real *x) {
    double average, variance;
    reduce_moments(n, x, &average, &variance);
    return sqrt(variance);
}

/* ---- z, a, f', delta -------------------------------------------------------------------------------- */

static double z_mean(const LayerProbe *probe) { return mean(entries(probe), probe->z); }
static double z_std(const LayerProbe *probe) { return deviation(entries(probe), probe->z); }
static double a_mean(const LayerProbe *probe) { return mean(entries(probe), probe->a); }
static double a_std(const LayerProbe *probe) { return deviation(entries(probe), probe->a); }

static double a_min(const LayerProbe *probe) {
    double low, high;
    reduce_range(entries(probe), probe->a, &low, &high);
    return low;
}

static double a_max(const LayerProbe *probe) {
    double low, high;
    reduce_range(entries(probe), probe->a, &low, &high);
    return high;
}

/* What is not a number is neither zero nor saturated nor dead: a share over such entries is none either, and a layer
 * that has blown up does not look like a healthy one. */
static bool any_nan(size_t n, const real *x) {
    int count = 0;
    for (size_t i = 0; i < n; i++) count |= x[i] != x[i];
    return count;
}

static double zero(const LayerProbe *probe) {
    if (any_nan(entries(probe), probe->a)) return NAN;
    return (double)reduce_count_zero(entries(probe), probe->a) / (double)entries(probe);
}

/* The limits are rounded to real, as the slopes are: a slope that equals the limit in the config equals it
 * here. */
static double saturated(const LayerProbe *probe) {
    const real limit = (real)(saturated_slope * probe->max_slope);
    const real *slope = probe->slope;
    size_t n = entries(probe);
    int64_t count = 0;
    if (any_nan(n, slope)) return NAN;
    for (size_t i = 0; i < n; i++) count += slope[i] < limit && slope[i] > -limit;
    return (double)count / (double)n;
}

static double dead(const LayerProbe *probe) {
    const real limit = (real)(dead_slope * probe->max_slope);
    int alive = 0;
    if (any_nan(entries(probe), probe->slope)) return NAN;
    for (int first = 0; first < probe->units; first += BLOCK) {
        int seen[BLOCK] = {0}, width = smaller(BLOCK, probe->units - first);
        for (int row = 0; row < probe->rows; row++) {
            const real *slope = probe->slope + (size_t)row * probe->units + first;
            for (int u = 0; u < width; u++) seen[u] |= !(slope[u] <= limit && slope[u] >= -limit);
        }
        for (int u = 0; u < width; u++) alive += seen[u];
    }
    return (double)(probe->units - alive) / (double)probe->units;
}

static double slope(const LayerProbe *probe) {
    return reduce_sum_abs(entries(probe), probe->slope) / (double)entries(probe);
}

static double delta_rms(const LayerProbe *probe) {
    return norm(entries(probe), probe->delta) / sqrt((double)entries(probe));
}

/* ---- weights and their gradient --------------------------------------------------------------------- */

static double weight_mean(const LayerProbe *probe) { return mean(weights(probe), probe->weight); }
static double weight_std(const LayerProbe *probe) { return deviation(weights(probe), probe->weight); }
static double weight_norm(const LayerProbe *probe) { return norm(weights(probe), probe->weight); }
static double grad_norm(const LayerProbe *probe) { return norm(weights(probe), probe->weight_grad); }
static double grad_mean(const LayerProbe *probe) { return mean(weights(probe), probe->weight_grad); }
static double grad_std(const LayerProbe *probe) { return deviation(weights(probe), probe->weight_grad); }

/* ---- signs ------------------------------------------------------------------------------------------- */

/* Bit 0: some entry is positive; bit 1: some entry is negative. Zeros and nan show in neither. */
static int sign_bit(real x) { return (x > 0) | (x < 0) << 1; }

static int signs(int n, const real *x) {
    int seen = 0;
    for (int i = 0; i < n; i++) seen |= sign_bit(x[i]);
    return seen;
}

static int count_signed(int n, const real *x) {
    int count = 0;
    for (int i = 0; i < n; i++) count += (x[i] > 0) | (x[i] < 0);
    return count;
}

/* A pair's gradients are delta·x: one delta, so the inputs' signs decide for all units of the row at once. */
static double same_sign_row(const LayerProbe *probe) {
    int64_t pairs = 0, same = 0;
    for (int row = 0; row < probe->rows; row++) {
        int seen = signs(probe->fan_in, probe->x + (size_t)row * probe->fan_in);
        if (!seen) continue;
        int units = count_signed(probe->units, probe->delta + (size_t)row * probe->units);
        pairs += units;
        if (seen != 3) same += units;
    }
    return pairs ? (double)same / (double)pairs : NAN;
}

/* Over the columns of the gradient: a maxout unit has one for each of its pieces. */
static double same_sign_batch(const LayerProbe *probe) {
    int64_t used = 0, same = 0;
    for (int first = 0; first < probe->columns; first += BLOCK) {
        int seen[BLOCK] = {0}, width = smaller(BLOCK, probe->columns - first);
        for (int i = 0; i < probe->fan_in; i++) {
            const real *grad = probe->weight_grad + (size_t)i * probe->columns + first;
            for (int c = 0; c < width; c++) seen[c] |= sign_bit(grad[c]);
        }
        for (int c = 0; c < width; c++) {
            used += seen[c] != 0;
            same += seen[c] == 1 || seen[c] == 2;
        }
    }
    return used ? (double)same / (double)used : NAN;
}

static double update_ratio(const LayerProbe *probe) { return probe->update_ratio; }

#define COLUMN(name, help)                                                                                           \
    { {#name, help, NO_PARAMS}, name }

/* To add a column: write its function above and its row here. The order is the file's. */
static const Statistic rows[] = {
    COLUMN(z_mean, "mean of z, the activation's input, over all probe rows and units"),
    COLUMN(z_std, "population standard deviation of z"),
    COLUMN(a_mean, "mean of the activation a over all probe rows and units"),
    COLUMN(a_std, "population standard deviation of a"),
    COLUMN(a_min, "smallest a"),
    COLUMN(a_max, "largest a"),
    COLUMN(zero, "share of entries of a that are exactly 0"),
    COLUMN(saturated, "share of entries with abs(f'(z)) < 0.05 * max abs(f')"),
    COLUMN(dead, "share of units with abs(f'(z)) <= 0.001 * max abs(f') on every probe row"),
    COLUMN(slope, "mean of abs(f'(z))"),
    COLUMN(delta_rms, "root mean square of delta = probe rows * d(mean probe loss)/dz"),
    COLUMN(weight_mean, "mean of the weights, bias not counted"),
    COLUMN(weight_std, "population standard deviation of the weights"),
    COLUMN(weight_norm, "L2 norm of the weights"),
    COLUMN(grad_norm, "L2 norm of dL/dW, the gradient of the mean loss over the probe"),
    COLUMN(grad_mean, "mean of dL/dW"),
    COLUMN(grad_std, "population standard deviation of dL/dW"),
    COLUMN(same_sign_row, "share of (row, unit) pairs whose incoming weight gradients all have one sign"),
    COLUMN(same_sign_batch, "share of units whose incoming gradients, summed over the probe, have one sign"),
    COLUMN(update_ratio, "mean over the epoch's steps of norm(dW) / norm(W); nan at epoch 0"),
};
const Family statistics = FAMILY("statistic", "the columns of layers.csv, one row a layer and epoch", rows);
