/* preprocess: see preprocess.h. Sums run in double over all rows, a strip of columns at a time: the loops
 * over a strip vectorise, and its sums stay in the cache without an allocation. */
#include "data/preprocess.h"

#include <assert.h>
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

static bool center_fit(const void *p, const FitInput *in, FittedPreprocess *out, Error *err) {
    (void)p;
    real *mean = fitted_add(out, "mean", 0, in->features, err);
    if (mean) fit_mean(in->rows, in->features, in->x, mean);
    return mean;
}

static bool center(const FittedPreprocess *fitted, size_t rows, const real *from, real *to, Error *err) {
    (void)err;
    const int features = fitted->in;
    const real *mean = fitted_get(fitted, "mean");
    for (size_t row = 0; row < rows; row++, from += features, to += features)
        for (int j = 0; j < features; j++) to[j] = from[j] - mean[j];
    return true;
}

/* ---- standardize ------------------------------------------------------------------------------------- */

static bool standardize_fit(const void *p, const FitInput *in, FittedPreprocess *out, Error *err) {
    real *scale = center_fit(p, in, out, err) ? fitted_add(out, "scale", 0, in->features, err) : NULL;
    if (scale) fit_scale(in->rows, in->features, in->x, fitted_get(out, "mean"), scale);
    return scale;
}

static bool standardize(const FittedPreprocess *fitted, size_t rows, const real *from, real *to, Error *err) {
    (void)err;
    const int features = fitted->in;
    const real *mean = fitted_get(fitted, "mean"), *scale = fitted_get(fitted, "scale");
    for (size_t row = 0; row < rows; row++, from += features, to += features)
        for (int j = 0; j < features; j++) to[j] = (from[j] - mean[j]) / scale[j];
    return true;
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

static bool minmax_fit(const void *p, const FitInput *in, FittedPreprocess *out, Error *err) {
    (void)p;
    real *low = fitted_add(out, "min", 0, in->features, err);
    real *high = low ? fitted_add(out, "max", 0, in->features, err) : NULL;
    if (high) fit_range(in->rows, in->features, in->x, low, high);
    return high;
}

/* A column that was constant in training counts as one of range 1, as scikit-learn has it: it becomes low. */
static bool minmax(const FittedPreprocess *fitted, size_t rows, const real *from, real *to, Error *err) {
    (void)err;
    const MinMax *params = choice_params(&fitted->choice);
    const int features = fitted->in;
    const real low = (real)params->low, width = (real)(params->high - params->low);
    const real *least = fitted_get(fitted, "min"), *most = fitted_get(fitted, "max");
    for (size_t row = 0; row < rows; row++, from += features, to += features)
        for (int j = 0; j < features; j++) {
            real range = most[j] > least[j] ? most[j] - least[j] : 1;
            to[j] = low + (from[j] - least[j]) / range * width;
        }
    return true;
}

/* ---- scale ------------------------------------------------------------------------------------------- */

typedef struct Scale {
    double factor;
} Scale;

static const Field scale_fields[] = {
    FIELD_REAL(Scale, factor, .def = 1.0 / 255, .min = 0, .above_min = true, .max = 1e6,
               .help = "every value is multiplied by this; 1/255 takes bytes to 0 ... 1"),
    {0}};

static bool scale_all(const FittedPreprocess *fitted, size_t rows, const real *from, real *to, Error *err) {
    (void)err;
    const real factor = (real)((const Scale *)choice_params(&fitted->choice))->factor;
    for (size_t i = 0; i < rows * (size_t)fitted->in; i++) to[i] = from[i] * factor;
    return true;
}

/* ---- fitted steps ------------------------------------------------------------------------------------ */

real *fitted_add(FittedPreprocess *fitted, const char *name, int rows, int columns, Error *err) {
    assert(fitted->tensors < PREPROCESS_MOST_TENSORS);
    real *data = calloc((size_t)(rows ? rows : 1) * (size_t)columns, sizeof *data);
    if (!data) {
        fail(err, "needs more memory than the system gives");
        return NULL;
    }
    FittedTensor *tensor = &fitted->tensor[fitted->tensors++];
    *tensor = (FittedTensor){.rows = rows, .columns = columns, .data = data};
    snprintf(tensor->name, sizeof tensor->name, "%s", name);
    return data;
}

const real *fitted_get(const FittedPreprocess *fitted, const char *name) {
    for (int t = 0; t < fitted->tensors; t++)
        if (strcmp(fitted->tensor[t].name, name) == 0) return fitted->tensor[t].data;
    return NULL;
}

static bool fit(const Preprocess *row, const Choice *choice, const FitInput *in, FittedPreprocess *out, Error *err) {
    const void *p = choice_params(choice);
    if (row->check && !row->check(p, err)) return error_prefix(err, "preprocess.%s.", row->head.name);
    if (row->for_image && in->image.height == 0) fail(err, "the rows are no images; set data.image");
    else if (!row->fit || row->fit(p, in, out, err)) return true;
    return error_prefix(err, "preprocess.%s: ", row->head.name);
}

bool preprocess_fit(const Choice *choice, const FitInput *in, FittedPreprocess *out, Error *err) {
    *out = (FittedPreprocess){.choice = *choice, .in = in->features, .out = in->features};
    Error wrong = {0};
    if (fit(preprocess_of(choice), choice, in, out, &wrong)) return true;
    error_move(err, &wrong);
    preprocess_free(out);
    return false;
}

bool preprocess_apply(const FittedPreprocess *fitted, size_t rows, const real *from, real *to, Error *err) {
    const Preprocess *row = preprocess_of(&fitted->choice);
    assert(row->in_place || from != to);
    return row->apply(fitted, rows, from, to, err);
}

void preprocess_free(FittedPreprocess *fitted) {
    for (int t = 0; t < fitted->tensors; t++) free(fitted->tensor[t].data);
    *fitted = (FittedPreprocess){0};
}

/* To add a preprocessing: write its fit and apply above and its row here. */
static const Preprocess rows[] = {
    {{"center", "subtract each column's training mean", NO_PARAMS}, NULL, center_fit, center, .in_place = true},
    {{"standardize", "to mean 0 and population standard deviation 1 of the training rows", NO_PARAMS},
     NULL,
     standardize_fit,
     standardize,
     .in_place = true},
    {{"minmax", "each column's training range to low ... high", PARAMS(MinMax, minmax_fields)},
     minmax_check,
     minmax_fit,
     minmax,
     .in_place = true},
    {{"scale", "multiply every value by one factor", PARAMS(Scale, scale_fields)},
     NULL,
     NULL,
     scale_all,
     .in_place = true},
};
const Family preprocesses = FAMILY("preprocess", "transformations of the inputs, fitted on the training rows", rows);
