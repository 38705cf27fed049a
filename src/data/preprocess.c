/* preprocess: see preprocess.h. What the rows know of columns is in moments.h; those that turn or widen the inputs are
 * in decompose.h and onehot.h. */
#include "data/preprocess.h"

#include "data/decompose.h"
#include "data/moments.h"
#include "data/onehot.h"

#include <assert.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>

/* ---- center ------------------------------------------------------------------------------------------ */

static bool center_fit(const void *p, const FitInput *in, FittedPreprocess *out, Error *err) {
    (void)p;
    real *mean = fitted_add(out, "mean", 0, in->features, err);
    if (mean) column_means(in->rows, in->features, in->x, mean);
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
    if (scale) column_deviations(in->rows, in->features, in->x, fitted_get(out, "mean"), scale);
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

/* ---- per_channel ------------------------------------------------------------------------------------- */

typedef struct PerChannel {
    bool std;
} PerChannel;

static const Field per_channel_fields[] = {
    FIELD_BOOL(PerChannel, std, .def = true, .help = "divide by each channel's standard deviation"), {0}};

/* The channel of a row's entry `at`. */
static int channel_of(ImageShape image, int at) {
    return image.layout == IMAGE_HWC ? at % image.channels : at / (image.height * image.width);
}

/* A channel's mean is that of its columns; its variance the mean of theirs and of their means' squared distances. */
static void channel_moments(const FitInput *in, int channel, const double *mean, const double *variance,
                            double *channel_mean, double *channel_variance) {
    double pixels = (double)in->image.height * in->image.width, sum = 0, squares = 0;
    for (int j = 0; j < in->features; j++)
        if (channel_of(in->image, j) == channel) sum += mean[j];
    for (int j = 0; j < in->features; j++)
        if (channel_of(in->image, j) == channel)
            squares += variance[j] + (mean[j] - sum / pixels) * (mean[j] - sum / pixels);
    *channel_mean = sum / pixels;
    *channel_variance = squares / pixels;
}

/* Spread out over the pixels, so that they are applied as standardize's. */
static bool per_channel_fit(const void *p, const FitInput *in, FittedPreprocess *out, Error *err) {
    size_t features = (size_t)in->features;
    real *mean = fitted_add(out, "mean", 0, in->features, err);
    real *scale = mean ? fitted_add(out, "scale", 0, in->features, err) : NULL;
    double *moments = scale ? malloc(2 * features * sizeof *moments) : NULL;
    if (!moments) return scale && fail(err, "needs more memory than the system gives");
    column_moments(in->rows, in->features, in->x, moments, moments + features);
    for (int c = 0; c < in->image.channels; c++) {
        double centre, variance;
        channel_moments(in, c, moments, moments + features, &centre, &variance);
        real deviation = ((const PerChannel *)p)->std ? (real)sqrt(variance) : 1;
        for (int j = 0; j < in->features; j++) {
            if (channel_of(in->image, j) != c) continue;
            mean[j] = (real)centre;
            scale[j] = deviation > 0 ? deviation : 1;
        }
    }
    free(moments);
    return true;
}

/* ---- robust ------------------------------------------------------------------------------------------ */

typedef struct Robust {
    double low, high;
} Robust;

static const Field robust_fields[] = {FIELD_REAL(Robust, low, .def = 25, .min = 0, .max = 100, .unit = "percent",
                                                 .help = "the range begins at this percentile, below high"),
                                      FIELD_REAL(Robust, high, .def = 75, .min = 0, .max = 100, .unit = "percent",
                                                 .help = "the range ends at this one"),
                                      {0}};

static bool robust_check(const void *p, Error *err) {
    const Robust *params = p;
    if (params->low < params->high) return true;
    return fail(err, "low: %.9g is not below high %.9g; set low below high", params->low, params->high);
}

static bool robust_fit(const void *p, const FitInput *in, FittedPreprocess *out, Error *err) {
    const Robust *params = p;
    const double share[] = {0.5, params->low / 100, params->high / 100};
    real *median = fitted_add(out, "center", 0, in->features, err);
    real *scale = median ? fitted_add(out, "scale", 0, in->features, err) : NULL;
    double *found = scale ? malloc(3 * (size_t)in->features * sizeof *found) : NULL;
    if (!found) return scale && fail(err, "needs more memory than the system gives");
    bool done = column_quantiles(in->pool, in->rows, in->features, in->x, 3, share, found, err);
    for (int j = 0; done && j < in->features; j++) {
        real range = (real)(found[3 * j + 2] - found[3 * j + 1]);
        median[j] = (real)found[3 * j];
        scale[j] = range > 0 ? range : 1;
    }
    free(found);
    return done;
}

static bool robust(const FittedPreprocess *fitted, size_t rows, const real *from, real *to, Error *err) {
    (void)err;
    const int features = fitted->in;
    const real *median = fitted_get(fitted, "center"), *scale = fitted_get(fitted, "scale");
    for (size_t row = 0; row < rows; row++, from += features, to += features)
        for (int j = 0; j < features; j++) to[j] = (from[j] - median[j]) / scale[j];
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
    if (high) column_ranges(in->rows, in->features, in->x, low, high);
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

/* ---- log1p ------------------------------------------------------------------------------------------- */

typedef struct Log1p {
    bool symmetric;
} Log1p;

static const Field log1p_fields[] = {
    FIELD_BOOL(Log1p, symmetric, .help = "sign(x) log(1 + abs(x)): takes values of either sign"), {0}};

static size_t log1p_refused(const FittedPreprocess *fitted, size_t rows, const real *from) {
    size_t count = rows * (size_t)fitted->in, at = 0;
    if (((const Log1p *)choice_params(&fitted->choice))->symmetric) return count;
    while (at < count && from[at] > -1) at++;
    return at;
}

static bool log1p_all(const FittedPreprocess *fitted, size_t rows, const real *from, real *to, Error *err) {
    (void)err;
    bool symmetric = ((const Log1p *)choice_params(&fitted->choice))->symmetric;
    for (size_t i = 0; i < rows * (size_t)fitted->in; i++) {
        double x = (double)from[i];
        to[i] = (real)(symmetric ? copysign(log1p(fabs(x)), x) : log1p(x));
    }
    return true;
}

/* ---- clip -------------------------------------------------------------------------------------------- */

typedef enum ClipBy { CLIP_BY_VALUE, CLIP_BY_QUANTILE } ClipBy;

typedef struct Clip {
    int by; /* ClipBy */
    double low, high;
} Clip;

static const char *const clip_by_names[] = {[CLIP_BY_VALUE] = "value", [CLIP_BY_QUANTILE] = "quantile", NULL};
static const Field clip_fields[] = {
    FIELD_NAME(Clip, by, .names = clip_by_names, .def = CLIP_BY_VALUE,
               .help = "what low and high are: values, or quantiles of each training column, from 0 to 1"),
    FIELD_REAL(Clip, low, .nullable = true, .help = "nothing is left below this; null: no such limit"),
    FIELD_REAL(Clip, high, .nullable = true, .help = "nothing is left above this; null: no such limit"),
    {0}};

static bool clip_check_quantile(const char *name, double value, Error *err) {
    if (isnan(value) || (value >= 0 && value <= 1)) return true;
    return fail(err, "%s: %.9g is no quantile; use 0 to 1", name, value);
}

static bool clip_check(const void *p, Error *err) {
    const Clip *params = p;
    if (isnan(params->low) && isnan(params->high)) return fail(err, "low: neither low nor high is given; give one");
    if (params->low > params->high)
        return fail(err, "low: %.9g is above high %.9g; set low below high", params->low, params->high);
    return params->by == CLIP_BY_VALUE ||
           (clip_check_quantile("low", params->low, err) && clip_check_quantile("high", params->high, err));
}

/* limit[features] = the values, or the quantiles of the columns. */
static bool clip_limit(const FitInput *in, ClipBy by, double end, real *limit, Error *err) {
    double *found = malloc((size_t)in->features * sizeof *found);
    bool done = found || fail(err, "needs more memory than the system gives");
    if (done && by == CLIP_BY_QUANTILE)
        done = column_quantiles(in->pool, in->rows, in->features, in->x, 1, &end, found, err);
    for (int j = 0; done && j < in->features; j++) limit[j] = (real)(by == CLIP_BY_QUANTILE ? found[j] : end);
    free(found);
    return done;
}

/* A limit that is not given has no tensor; one that no number can pass is the last number. */
static bool clip_fit(const void *p, const FitInput *in, FittedPreprocess *out, Error *err) {
    const Clip *params = p;
    const double end[] = {params->low < -REAL_MAX ? -REAL_MAX : params->low,
                          params->high > REAL_MAX ? REAL_MAX : params->high};
    const char *const name[] = {"low", "high"};
    for (int i = 0; i < 2; i++) {
        real *limit = isnan(end[i]) ? NULL : fitted_add(out, name[i], 0, in->features, err);
        if (!isnan(end[i]) && (!limit || !clip_limit(in, (ClipBy)params->by, end[i], limit, err))) return false;
    }
    return true;
}

static bool clip_sound(const FittedPreprocess *fitted) {
    const Clip *params = choice_params(&fitted->choice);
    bool low = fitted_get(fitted, "low"), high = fitted_get(fitted, "high");
    return fitted->out == fitted->in && low == !isnan(params->low) && high == !isnan(params->high);
}

static bool clip(const FittedPreprocess *fitted, size_t rows, const real *from, real *to, Error *err) {
    (void)err;
    const int features = fitted->in;
    const real *low = fitted_get(fitted, "low"), *high = fitted_get(fitted, "high");
    for (size_t row = 0; row < rows; row++, from += features, to += features)
        for (int j = 0; j < features; j++) {
            real x = from[j];
            if (low && x < low[j]) x = low[j];
            to[j] = high && x > high[j] ? high[j] : x;
        }
    return true;
}

/* ---- per_row_norm ------------------------------------------------------------------------------------ */

typedef enum RowNorm { ROW_NORM_L1, ROW_NORM_L2, ROW_NORM_MAX } RowNorm;

typedef struct PerRowNorm {
    int norm; /* RowNorm */
} PerRowNorm;

static const char *const row_norm_names[] = {
    [ROW_NORM_L1] = "l1", [ROW_NORM_L2] = "l2", [ROW_NORM_MAX] = "max", NULL};
static const Field per_row_norm_fields[] = {
    FIELD_NAME(PerRowNorm, norm, .names = row_norm_names, .def = ROW_NORM_L2,
               .help =
                   "what becomes 1: l1 the sum of absolute values, l2 the length, max the largest absolute value"),
    {0}};

static double norm_of_row(RowNorm norm, int features, const real *x) {
    double sum = 0, largest = 0;
    for (int j = 0; j < features; j++) {
        double size = fabs((double)x[j]);
        sum += norm == ROW_NORM_L2 ? size * size : size;
        largest = size > largest ? size : largest;
    }
    return norm == ROW_NORM_MAX ? largest : norm == ROW_NORM_L2 ? sqrt(sum) : sum;
}

/* A row of zeros stays one. */
static bool per_row_norm(const FittedPreprocess *fitted, size_t rows, const real *from, real *to, Error *err) {
    (void)err;
    const int features = fitted->in;
    RowNorm which = (RowNorm)((const PerRowNorm *)choice_params(&fitted->choice))->norm;
    for (size_t row = 0; row < rows; row++, from += features, to += features) {
        double norm = norm_of_row(which, features, from);
        for (int j = 0; j < features; j++) to[j] = norm > 0 ? (real)((double)from[j] / norm) : from[j];
    }
    return true;
}

/* ---- fitted steps ------------------------------------------------------------------------------------ */

static bool fit(const Preprocess *row, const Choice *choice, const FitInput *in, FittedPreprocess *out, Error *err) {
    const void *p = choice_params(choice);
    if (row->check && !row->check(p, err)) return error_prefix(err, "preprocess.%d.", in->step);
    if (row->for_image && in->image.height == 0)
        fail(err, "'%s' is for images, and the rows are none here; set data.image", row->head.name);
    else if (!row->fit || row->fit(p, in, out, err)) return true;
    return error_prefix(err, "preprocess.%d: ", in->step);
}

bool preprocess_fit(const Choice *choice, const FitInput *in, FittedPreprocess *out, Error *err) {
    *out = (FittedPreprocess){.choice = *choice, .in = in->features, .out = in->features};
    Error wrong = {0};
    if (fit(preprocess_of(choice), choice, in, out, &wrong)) return true;
    error_move(err, &wrong);
    preprocess_free(out);
    return false;
}

size_t preprocess_refused(const FittedPreprocess *fitted, size_t rows, const real *from) {
    const Preprocess *row = preprocess_of(&fitted->choice);
    return row->refused ? row->refused(fitted, rows, from) : rows * (size_t)fitted->in;
}

bool preprocess_apply(const FittedPreprocess *fitted, size_t rows, const real *from, real *to, Error *err) {
    const Preprocess *row = preprocess_of(&fitted->choice);
    size_t in = (size_t)fitted->in, at = preprocess_refused(fitted, rows, from);
    assert(row->in_place || from != to);
    if (at == rows * in) return row->apply(fitted, rows, from, to, err);
    return fail(err, "row %zu, input %zu: %.9g %s", at / in + 1, at % in + 1, (double)from[at], row->refusal);
}

/* To add a preprocessing: write its fit and apply above and its row here. */
/* clang-format off */
static const Preprocess rows[] = {
    {{"center", "subtract each column's training mean", NO_PARAMS},
     .fit = center_fit, .apply = center, .in_place = true, .shape = {{"mean", .columns = FITTED_INPUTS}}},
    {{"standardize", "to mean 0 and population standard deviation 1 of the training rows", NO_PARAMS},
     .fit = standardize_fit, .apply = standardize, .in_place = true,
     .shape = {{"mean", .columns = FITTED_INPUTS}, {"scale", .columns = FITTED_INPUTS, .positive = true}}},
    {{"minmax", "each column's training range to low ... high", PARAMS(MinMax, minmax_fields)},
     .check = minmax_check, .fit = minmax_fit, .apply = minmax, .in_place = true,
     .shape = {{"min", .columns = FITTED_INPUTS}, {"max", .columns = FITTED_INPUTS}}},
    {{"scale", "multiply every value by one factor", PARAMS(Scale, scale_fields)},
     .apply = scale_all, .in_place = true},
    {{"robust", "subtract each column's median, divide by its range between two percentiles",
      PARAMS(Robust, robust_fields)},
     .check = robust_check, .fit = robust_fit, .apply = robust, .in_place = true,
     .shape = {{"center", .columns = FITTED_INPUTS}, {"scale", .columns = FITTED_INPUTS, .positive = true}}},
    {{"log1p", "log(1 + x), for values above -1", PARAMS(Log1p, log1p_fields)},
     .apply = log1p_all, .refused = log1p_refused,
     .refusal = "is not above -1, as log1p needs; shift the values, or set symmetric", .in_place = true},
    {{"clip", "cut values off at low and high", PARAMS(Clip, clip_fields)},
     .check = clip_check, .fit = clip_fit, .apply = clip, .in_place = true, .sound = clip_sound,
     .shape = {{"low", .columns = FITTED_INPUTS, .optional = true}, {"high", .columns = FITTED_INPUTS, .optional = true}}},
    {{"per_row_norm", "each row to norm 1; a row of zeros stays", PARAMS(PerRowNorm, per_row_norm_fields)},
     .apply = per_row_norm, .in_place = true},
    {{"mean_image", "subtract the mean training image (AlexNet); needs data.image", NO_PARAMS},
     .fit = center_fit, .apply = center, .in_place = true, .for_image = true,
     .shape = {{"mean", .columns = FITTED_INPUTS}}},
    {{"per_channel", "each channel's mean over pixels and rows to 0, its deviation to 1; needs data.image",
      PARAMS(PerChannel, per_channel_fields)},
     .fit = per_channel_fit, .apply = standardize, .in_place = true, .for_image = true,
     .shape = {{"mean", .columns = FITTED_INPUTS}, {"scale", .columns = FITTED_INPUTS, .positive = true}}},
    {{"pca", "the training rows' principal components in place of the inputs", PARAMS(Pca, pca_fields)},
     .check = pca_check, .fit = pca_fit, .apply = pca_apply, .name = pca_name, .shape = {COMPONENT_SHAPES},
     .sound = pca_sound},
    {{"whiten", "rotate and scale so that the training rows' covariance becomes 1", PARAMS(Whiten, whiten_fields)},
     .check = whiten_check, .fit = whiten_fit, .apply = whiten_apply, .name = whiten_name,
     .shape = {COMPONENT_SHAPES}, .sound = whiten_sound},
    {{"onehot", "a column of 0 and 1 for each value that an input has in the training rows",
      PARAMS(Onehot, onehot_fields)},
     .fit = onehot_fit, .apply = onehot_apply, .refused = onehot_refused,
     .refusal = "is no value of the training rows; correct it, or leave the row out", .name = onehot_name,
     .shape = {{"counts", .columns = FITTED_INPUTS}, {"categories", .columns = 'c'}}, .sound = onehot_sound},
};
/* clang-format on */
const Family preprocesses = FAMILY("preprocess", "transformations of the inputs, fitted on the training rows", rows);
