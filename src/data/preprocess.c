/* preprocess: see preprocess.h. Sums run in double over all rows, a strip of columns at a time: the loops
 * over a strip vectorise, and its sums stay in the cache without an allocation. */
#include "data/preprocess.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

enum { STRIP = 256 };

/* ---- statistics of the columns ---------------------------------------------------------------------- */

/* Means are sums of differences from the first row: exact for a constant column, whatever its length. */
static void fit_mean(size_t rows, int features, const real *x, real *mean) {
    for (int from = 0; from < features; from += STRIP) {
        double sum[STRIP] = {0};
        int width = features - from < STRIP ? features - from : STRIP;
        const real *first = x + from;
        for (size_t row = 0; row < rows; row++) {
            const real *at = first + row * (size_t)features;
            for (int j = 0; j < width; j++) sum[j] += (double)at[j] - (double)first[j];
        }
        for (int j = 0; j < width; j++) mean[from + j] = (real)((double)first[j] + sum[j] / (double)rows);
    }
}

/* Population standard deviations around `mean`; 1 for a constant column, so that it becomes 0 and not nan. */
static void fit_scale(size_t rows, int features, const real *x, const real *mean, real *scale) {
    for (int from = 0; from < features; from += STRIP) {
        double sum[STRIP] = {0}, squares[STRIP] = {0};
        int width = features - from < STRIP ? features - from : STRIP;
        for (size_t row = 0; row < rows; row++) {
            const real *at = x + from + row * (size_t)features;
            for (int j = 0; j < width; j++) {
                double difference = (double)at[j] - (double)mean[from + j];
                sum[j] += difference;
                squares[j] += difference * difference;
            }
        }
        for (int j = 0; j < width; j++) { /* the mean is rounded to real: what is left of it is taken out here */
            double left = sum[j] / (double)rows, variance = squares[j] / (double)rows - left * left;
            real deviation = (real)sqrt(variance > 0 ? variance : 0);
            scale[from + j] = deviation > 0 ? deviation : 1;
        }
    }
}

static void fit_range(size_t rows, int features, const real *x, real *low, real *high) {
    memcpy(low, x, (size_t)features * sizeof *low);
    memcpy(high, x, (size_t)features * sizeof *high);
    for (size_t row = 1; row < rows; row++) {
        const real *at = x + row * (size_t)features;
        for (int j = 0; j < features; j++) {
            low[j] = at[j] < low[j] ? at[j] : low[j];
            high[j] = at[j] > high[j] ? at[j] : high[j];
        }
    }
}

/* ---- center ------------------------------------------------------------------------------------------ */

static void center_fit(const void *p, size_t rows, int features, const real *x, real *const *vector) {
    (void)p;
    fit_mean(rows, features, x, vector[0]);
}

static void center(const void *p, size_t rows, int features, real *const *vector, real *x) {
    (void)p;
    const real *restrict mean = vector[0];
    for (size_t row = 0; row < rows; row++, x += features)
        for (int j = 0; j < features; j++) x[j] -= mean[j];
}

/* ---- standardize ------------------------------------------------------------------------------------- */

static void standardize_fit(const void *p, size_t rows, int features, const real *x, real *const *vector) {
    (void)p;
    fit_mean(rows, features, x, vector[0]);
    fit_scale(rows, features, x, vector[0], vector[1]);
}

static void standardize(const void *p, size_t rows, int features, real *const *vector, real *x) {
    (void)p;
    const real *restrict mean = vector[0], *restrict scale = vector[1];
    for (size_t row = 0; row < rows; row++, x += features)
        for (int j = 0; j < features; j++) x[j] = (x[j] - mean[j]) / scale[j];
}

/* ---- minmax ------------------------------------------------------------------------------------------ */

typedef struct MinMax {
    double low, high;
} MinMax;

static const Field minmax_fields[] = {FIELD_REAL(MinMax, low, .def = 0, .min = -1e6, .max = 1e6,
                                                 .help = "what a column's least training value becomes"),
                                      FIELD_REAL(MinMax, high, .def = 1, .min = -1e6, .max = 1e6,
                                                 .help = "what a column's greatest training value becomes"),
                                      {0}};

static bool minmax_check(const void *p, Error *err) {
    const MinMax *params = p;
    if (params->low < params->high) return true;
    return fail(err, "low: %.9g is not below high %.9g; set low below high", params->low, params->high);
}

static void minmax_fit(const void *p, size_t rows, int features, const real *x, real *const *vector) {
    (void)p;
    fit_range(rows, features, x, vector[0], vector[1]);
}

/* A column that was constant in training counts as one of range 1, as scikit-learn has it: it becomes low. */
static void minmax(const void *p, size_t rows, int features, real *const *vector, real *x) {
    const MinMax *params = p;
    const real low = (real)params->low, width = (real)(params->high - params->low);
    const real *restrict least = vector[0], *restrict most = vector[1];
    for (size_t row = 0; row < rows; row++, x += features)
        for (int j = 0; j < features; j++) {
            real range = most[j] > least[j] ? most[j] - least[j] : 1;
            x[j] = low + (x[j] - least[j]) / range * width;
        }
}

/* ---- scale ------------------------------------------------------------------------------------------- */

typedef struct Scale {
    double factor;
} Scale;

static const Field scale_fields[] = {
    FIELD_REAL(Scale, factor, .def = 1.0 / 255, .min = 0, .above_min = true, .max = 1e6,
               .help = "every value is multiplied by this; 1/255 takes bytes to 0 ... 1"),
    {0}};

static void scale_all(const void *p, size_t rows, int features, real *const *vector, real *x) {
    (void)vector;
    const real factor = (real)((const Scale *)p)->factor;
    for (size_t i = 0; i < rows * (size_t)features; i++) x[i] *= factor;
}

/* ---- chain ------------------------------------------------------------------------------------------- */

bool preprocess_fit(const Choice *choice, size_t rows, int features, const real *x, FittedPreprocess *out,
                    Error *err) {
    const Preprocess *row = preprocess_of(choice);
    *out = (FittedPreprocess){.choice = *choice, .features = features};
    Error wrong = {0};
    if (row->check && !row->check(choice_params(choice), &wrong)) {
        error_prefix(&wrong, "preprocess.%s.", row->head.name);
        error_move(err, &wrong);
        return false;
    }
    for (int v = 0; row->vectors[v]; v++) {
        out->vector[v] = calloc((size_t)features, sizeof(real));
        if (out->vector[v]) continue;
        preprocess_free(out);
        return fail(err, "preprocess.%s: needs more memory than the system gives", row->head.name);
    }
    if (row->fit) row->fit(choice_params(choice), rows, features, x, out->vector);
    return true;
}

void preprocess_apply(const FittedPreprocess *fitted, size_t rows, real *x) {
    preprocess_of(&fitted->choice)->apply(choice_params(&fitted->choice), rows, fitted->features, fitted->vector, x);
}

void preprocess_free(FittedPreprocess *fitted) {
    for (int v = 0; v < PREPROCESS_MOST_VECTORS; v++) free(fitted->vector[v]);
    *fitted = (FittedPreprocess){0};
}

/* To add a preprocessing: write its fit and apply above and its row here. */
static const Preprocess rows[] = {
    {{"center", "subtract each column's training mean", NO_PARAMS}, {"mean"}, NULL, center_fit, center},
    {{"standardize", "to mean 0 and population standard deviation 1 of the training rows", NO_PARAMS},
     {"mean", "scale"},
     NULL,
     standardize_fit,
     standardize},
    {{"minmax", "each column's training range to low ... high", PARAMS(MinMax, minmax_fields)},
     {"min", "max"},
     minmax_check,
     minmax_fit,
     minmax},
    {{"scale", "multiply every value by one factor", PARAMS(Scale, scale_fields)}, {0}, NULL, NULL, scale_all},
};
const Family preprocesses = FAMILY("preprocess", "transformations of the inputs, fitted on the training rows", rows);
