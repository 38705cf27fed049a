/* decompose: see decompose.h.
 *
 * With n rows of p inputs the covariance has p x p entries and the Gram matrix of the centred rows n x n, and their
 * eigenvalues other than 0 are the same: the smaller one is decomposed. If u is a unit eigenvector of the Gram matrix
 * with eigenvalue s², then Xᵀu / s is one of the covariance (its right singular vector). Both are summed in double:
 * float sums lose directions whose deviation is below 3e-4 of the largest. */
#include "data/decompose.h"

#include "base/arena.h"
#include "base/linalg.h"
#include "data/moments.h"

#include <float.h>
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { STRIP = 512 };

static const char *const method_names[] = {[WHITEN_PCA] = "pca", [WHITEN_ZCA] = "zca", NULL};

#define COMPONENTS_HELP "so many, by variance; below 1: as many as hold this share of it; all: that have any"
const Field pca_fields[] = {FIELD_REAL(Pca, components, .min = 0, .above_min = true, .max = 1e6, .word = "all",
                                       .word_value = COMPONENTS_ALL, .help = COMPONENTS_HELP),
                            {0}};

const Field whiten_fields[] = {
    FIELD_NAME(Whiten, method, .names = method_names, .def = WHITEN_PCA,
               .help = "pca: along the components; zca: turned back, so that rows stay near what they were"),
    FIELD_REAL(Whiten, components, .min = 0, .above_min = true, .max = 1e6, .word = "all",
               .word_value = COMPONENTS_ALL, .help = "pca: " COMPONENTS_HELP),
    FIELD_REAL(Whiten, eps, .def = 1e-5, .min = 0, .max = 1e6,
               .help = "added to each variance: CS231n has 1e-5, scikit-learn 0"),
    FIELD_INT(Whiten, ddof, .def = 0, .min = 0, .max = 1,
              .help = "the variance is over rows - ddof: CS231n has 0, scikit-learn 1"),
    {0}};

static bool components_check(double components, Error *err) {
    if (components < 1 || components == floor(components)) return true;
    return fail(err, "components: %.9g is neither whole nor a share below 1; use %.0f", components,
                floor(components));
}

bool pca_check(const void *p, Error *err) { return components_check(((const Pca *)p)->components, err); }

bool whiten_check(const void *p, Error *err) {
    const Whiten *params = p;
    if (params->method == WHITEN_ZCA && params->components != COMPONENTS_ALL)
        return fail(err, "components: zca turns back to all inputs; leave it out, or set method to pca");
    return components_check(params->components, err);
}

/* ---- the spectrum -------------------------------------------------------------------------------------- */

/* The work of a fit. Owns its matrices. */
typedef struct Spectrum {
    const FitInput *in;
    bool gram;     /* decomposes rows x rows */
    int size;      /* of the matrix: the smaller of rows and features */
    double *mean;  /* [features] */
    double *value; /* [size]: sums of squares along the directions, the largest first */
    double *a;     /* [size][size]: the matrix, then its eigenvectors, a row each */
    double *strip; /* [STRIP][longer side's strip]: centred entries, for the products */
    int rank;      /* directions that have any variance */
} Spectrum;

static void spectrum_free(Spectrum *s) {
    free(s->mean);
    free(s->value);
    free(s->a);
    free(s->strip);
}

static bool spectrum_create(Spectrum *s, const FitInput *in, Error *err) {
    bool gram = in->rows < (size_t)in->features;
    size_t size = gram ? in->rows : (size_t)in->features;
    if (size > EIGENVECTORS_MOST)
        return fail(err, "%d inputs and %zu rows are more than LAPACK can decompose; use at most %d of one of them",
                    in->features, in->rows, EIGENVECTORS_MOST);
    *s = (Spectrum){.in = in, .gram = gram, .size = (int)size};
    if (!memory_check(3 * size * size * sizeof(double), err)) return false; /* LAPACK's work is two more of a */
    s->mean = malloc((size_t)in->features * sizeof *s->mean);
    s->value = malloc(size * sizeof *s->value);
    s->a = calloc(size * size, sizeof *s->a);
    s->strip = malloc(STRIP * size * sizeof *s->strip);
    return (s->mean && s->value && s->a && s->strip) || fail(err, "needs more memory than the system gives");
}

/* strip[count][features] = centred rows from `first` on. */
static void take_rows(const Spectrum *s, size_t first, int count) {
    size_t features = (size_t)s->in->features;
    for (size_t row = 0; row < (size_t)count; row++) {
        const real *from = s->in->x + (first + row) * features;
        double *to = s->strip + row * features;
        for (size_t j = 0; j < features; j++) to[j] = (double)from[j] - s->mean[j];
    }
}

/* strip[count][rows] = centred columns from `first` on. */
static void take_columns(const Spectrum *s, size_t first, int count) {
    size_t features = (size_t)s->in->features, rows = s->in->rows;
    for (size_t row = 0; row < rows; row++) {
        const real *from = s->in->x + row * features + first;
        for (size_t j = 0; j < (size_t)count; j++) s->strip[j * rows + row] = (double)from[j] - s->mean[first + j];
    }
}

static int strip_from(size_t at, size_t end) { return end - at < STRIP ? (int)(end - at) : STRIP; }

/* a = the centred rows' products: of columns (the covariance, times rows), or of rows. */
static void sum_products(const Spectrum *s) {
    size_t end = s->gram ? (size_t)s->in->features : s->in->rows;
    for (size_t at = 0; at < end; at += STRIP) {
        int count = strip_from(at, end);
        if (s->gram) take_columns(s, at, count);
        else take_rows(s, at, count);
        add_gram(s->in->pool, count, s->size, s->strip, s->a);
    }
}

/* A direction counts when its deviation is above 16 roundings of the largest: what is less may be rounding alone. */
static int rank_of(const Spectrum *s) {
    double rounding = 16 * (sizeof(real) == sizeof(float) ? (double)FLT_EPSILON : DBL_EPSILON);
    double longer = fmax((double)s->in->rows, s->in->features);
    double least = fmax(rounding * rounding, longer * DBL_EPSILON) * s->value[0];
    int rank = 0;
    while (rank < s->size && s->value[rank] > least) rank++;
    return rank;
}

static bool decompose(Spectrum *s, const FitInput *in, Error *err) {
    if (in->rows < 2) return fail(err, "there is one training row, which has no variance; give more");
    if (!spectrum_create(s, in, err)) return false;
    column_moments(in->rows, in->features, in->x, s->mean, NULL);
    sum_products(s);
    if (!symmetric_eigenvectors(s->size, s->a, s->value, err)) return false;
    s->rank = rank_of(s);
    return s->rank > 0 || fail(err, "the training rows are all equal, and have no direction; leave it out");
}

/* ---- components ---------------------------------------------------------------------------------------- */

/* How many components the parameter asks for; 0 and an error when there are fewer. */
static int count_components(const Spectrum *s, double wanted, Error *err) {
    double total = 0, sum = 0;
    int count = 0;
    if (wanted == COMPONENTS_ALL) return s->rank;
    if (wanted >= 1 && wanted <= s->rank) return (int)wanted;
    if (wanted >= 1) {
        fail(err, "components is %.0f and the training rows span %d dimension%s; use at most %d", wanted, s->rank,
             s->rank == 1 ? "" : "s", s->rank);
        return 0;
    }
    for (int i = 0; i < s->rank; i++) total += s->value[i];
    while (count < s->rank && sum <= wanted * total) sum += s->value[count++]; /* strictly more, as scikit-learn */
    return count;
}

/* The first of the entries that are largest, to 1e-6, becomes positive: so that no rounding decides. */
static void fix_sign(int count, real *v) {
    real largest = 0;
    int at = 0;
    for (int j = 0; j < count; j++)
        largest = fabs((double)v[j]) > (double)largest ? (real)fabs((double)v[j]) : largest;
    while (fabs((double)v[at]) < (1 - 1e-6) * (double)largest) at++;
    if (v[at] > 0) return;
    for (int j = 0; j < count; j++) v[j] = -v[j];
}

/* components[k][features] = Xᵀu / s, a strip of features at a time. */
static bool components_of_gram(const Spectrum *s, int k, real *components, Error *err) {
    size_t features = (size_t)s->in->features;
    double *part = malloc((size_t)k * STRIP * sizeof *part);
    if (!part) return fail(err, "needs more memory than the system gives");
    for (size_t at = 0; at < features; at += STRIP) {
        int count = strip_from(at, features);
        take_columns(s, at, count);
        multiply_bt_double(s->in->pool, k, count, s->size, s->a, s->strip, part);
        for (int i = 0; i < k; i++)
            for (int j = 0; j < count; j++)
                components[(size_t)i * features + at + (size_t)j] =
                    (real)(part[(size_t)i * (size_t)count + (size_t)j] / sqrt(s->value[i]));
    }
    free(part);
    return true;
}

static bool find_components(const Spectrum *s, int k, real *components, Error *err) {
    size_t features = (size_t)s->in->features;
    if (s->gram && !components_of_gram(s, k, components, err)) return false;
    for (size_t i = 0; !s->gram && i < (size_t)k * features; i++) components[i] = (real)s->a[i];
    for (int i = 0; i < k; i++) fix_sign(s->in->features, components + (size_t)i * features);
    return true;
}

/* Deviations, not variances: the square of what a float holds need not fit into one. */
static bool keep(const Spectrum *s, int k, int64_t ddof, FittedPreprocess *out, Error *err) {
    int features = s->in->features;
    real *mean = fitted_add(out, "mean", 0, features, err);
    real *components = mean ? fitted_add(out, "components", k, features, err) : NULL;
    real *deviation = components ? fitted_add(out, "deviation", 0, s->rank, err) : NULL;
    if (!deviation || !find_components(s, k, components, err)) return false;
    for (int j = 0; j < features; j++) mean[j] = (real)s->mean[j];
    for (int i = 0; i < s->rank; i++) deviation[i] = (real)sqrt(s->value[i] / ((double)s->in->rows - (double)ddof));
    return true;
}

static bool fit_components(double components, int64_t ddof, const FitInput *in, FittedPreprocess *out, Error *err) {
    Spectrum s = {0};
    int k = decompose(&s, in, err) ? count_components(&s, components, err) : 0;
    bool done = k > 0 && keep(&s, k, ddof, out, err);
    spectrum_free(&s);
    return done;
}

/* ---- pca ----------------------------------------------------------------------------------------------- */

static int component_count(const FittedPreprocess *fitted) { return fitted_tensor(fitted, "components")->rows; }

bool pca_fit(const void *p, const FitInput *in, FittedPreprocess *out, Error *err) {
    if (!fit_components(((const Pca *)p)->components, 1, in, out, err)) return false;
    out->out = component_count(out);
    out->no_image = true;
    return true;
}

bool pca_apply(const FittedPreprocess *fitted, size_t rows, const real *from, real *to, Error *err) {
    (void)err;
    multiply_rows(rows, component_count(fitted), fitted->in, from, fitted_get(fitted, "mean"),
                  fitted_get(fitted, "components"), true, to);
    return true;
}

void pca_name(const FittedPreprocess *fitted, int output, char *const *from, char *name, size_t size) {
    (void)fitted, (void)from;
    snprintf(name, size, "pc%d", output + 1);
}

/* ---- whiten -------------------------------------------------------------------------------------------- */

bool whiten_fit(const void *p, const FitInput *in, FittedPreprocess *out, Error *err) {
    const Whiten *params = p;
    bool zca = params->method == WHITEN_ZCA;
    if (!fit_components(params->components, params->ddof, in, out, err)) return false;
    out->out = zca ? in->features : component_count(out);
    out->no_image = !zca;
    return true;
}

/* y[rows][k] /= sqrt(variance + eps). */
static void stretch(const FittedPreprocess *fitted, size_t rows, real *y) {
    const Whiten *params = choice_params(&fitted->choice);
    const real *deviation = fitted_get(fitted, "deviation");
    int k = component_count(fitted);
    for (int j = 0; j < k; j++) {
        double variance = (double)deviation[j] * (double)deviation[j];
        real factor = (real)(1 / sqrt(variance + params->eps));
        for (size_t row = 0; row < rows; row++) y[row * (size_t)k + (size_t)j] *= factor;
    }
}

/* Σ uⱼ uⱼᵀ (x - mean) / sqrt(varianceⱼ + eps) over the directions that have any variance. `turned`
 * [MULTIPLY_ROWS_BLOCK][k] is room. */
static void zca_block(const FittedPreprocess *fitted, size_t rows, const real *from, real *to, real *turned) {
    int features = fitted->in, k = component_count(fitted);
    const real *mean = fitted_get(fitted, "mean"), *components = fitted_get(fitted, "components");
    multiply_rows(rows, k, features, from, mean, components, true, turned);
    stretch(fitted, rows, turned);
    multiply_rows(rows, features, k, turned, NULL, components, false, to);
}

bool whiten_apply(const FittedPreprocess *fitted, size_t rows, const real *from, real *to, Error *err) {
    const Whiten *params = choice_params(&fitted->choice);
    size_t features = (size_t)fitted->in;
    if (params->method == WHITEN_PCA) {
        pca_apply(fitted, rows, from, to, err);
        stretch(fitted, rows, to);
        return true;
    }
    real *turned = malloc(MULTIPLY_ROWS_BLOCK * (size_t)component_count(fitted) * sizeof *turned);
    if (!turned) return fail(err, "needs more memory than the system gives");
    for (size_t row = 0; row < rows; row += MULTIPLY_ROWS_BLOCK) {
        size_t count = rows - row < MULTIPLY_ROWS_BLOCK ? rows - row : MULTIPLY_ROWS_BLOCK;
        zca_block(fitted, count, from + row * features, to + row * features, turned);
    }
    free(turned);
    return true;
}

void whiten_name(const FittedPreprocess *fitted, int output, char *const *from, char *name, size_t size) {
    const Whiten *params = choice_params(&fitted->choice);
    if (params->method == WHITEN_ZCA) snprintf(name, size, "%s", from[output]);
    else pca_name(fitted, output, from, name, size);
}

/* ---- as read from a file -------------------------------------------------------------------------------- */

static bool components_sound(const FittedPreprocess *fitted, double wanted) {
    int k = component_count(fitted), rank = fitted_tensor(fitted, "deviation")->columns;
    const real *deviation = fitted_get(fitted, "deviation");
    for (int j = 0; j < rank; j++)
        if (!(deviation[j] > 0)) return false;
    return k <= rank && rank <= fitted->in && (wanted < 1 || wanted == k) && (wanted != COMPONENTS_ALL || k == rank);
}

bool pca_sound(const FittedPreprocess *fitted) {
    const Pca *params = choice_params(&fitted->choice);
    return components_sound(fitted, params->components) && fitted->out == component_count(fitted);
}

bool whiten_sound(const FittedPreprocess *fitted) {
    const Whiten *params = choice_params(&fitted->choice);
    int k = component_count(fitted);
    if (!components_sound(fitted, params->components)) return false;
    return fitted->out == (params->method == WHITEN_PCA ? k : fitted->in);
}
