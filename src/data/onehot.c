/* onehot: see onehot.h. */
#include "data/onehot.h"

#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

const Field onehot_fields[] = {
    FIELD_INTS(Onehot, columns, .one_or_list = true, .min = -1e6, .max = 1e6,
               .help = "0-based indices of the step's inputs, negative from the end; [] is all of them"),
    {0}};

/* Where in the ascending values[count] `value` stands, or would. */
static int place_of(const real *values, int count, real value) {
    int low = 0;
    while (low < count) {
        int middle = low + (count - low) / 2;
        if (values[middle] < value) low = middle + 1;
        else count = middle;
    }
    return low;
}

/* chosen[features] = whether each input is to be spread out. */
static bool choose(const Onehot *params, int features, bool *chosen, Error *err) {
    for (int j = 0; j < features; j++) chosen[j] = params->columns_count == 0;
    for (int i = 0; i < params->columns_count; i++) {
        int64_t given = params->columns[i], at = given < 0 ? given + features : given;
        if (at < 0 || at >= features)
            return fail(err, "columns: %lld is none of the %d inputs; use %d to %d", (long long)given, features,
                        -features, features - 1);
        if (chosen[at])
            return fail(err, "columns: %lld names an input that is named before it; leave it out", (long long)given);
        chosen[at] = true;
    }
    return true;
}

/* The distinct values of a column, ascending, in values[ONEHOT_MOST_VALUES]; how many, or -1 when there are more. */
static int distinct(const FitInput *in, int column, real *values) {
    int count = 0;
    for (size_t row = 0; row < in->rows; row++) {
        real value = in->x[row * (size_t)in->features + (size_t)column];
        if (value == 0) value = 0; /* -0 is no other value */
        int at = place_of(values, count, value);
        if (at < count && values[at] == value) continue;
        if (count == ONEHOT_MOST_VALUES) return -1;
        memmove(values + at + 1, values + at, (size_t)(count++ - at) * sizeof *values);
        values[at] = value;
    }
    return count;
}

typedef struct Found {
    real *values; /* all columns', one after another */
    int *count;   /* [features] */
    bool *chosen; /* [features] */
    int total;
} Found;

static bool find_values(const FitInput *in, Found *found, Error *err) {
    real values[ONEHOT_MOST_VALUES];
    for (int j = 0; j < in->features; j++) {
        int count = found->count[j] = found->chosen[j] ? distinct(in, j, values) : 0;
        if (count < 0)
            return fail(err, "columns: input %d has more than %d values; choose the columns that have few", j,
                        ONEHOT_MOST_VALUES);
        real *more = realloc(found->values, (size_t)(found->total + count + 1) * sizeof *more);
        if (!more) return fail(err, "needs more memory than the system gives");
        memcpy(more + found->total, values, (size_t)count * sizeof *more);
        found->values = more;
        found->total += count;
    }
    return true;
}

static bool keep(const Found *found, FittedPreprocess *out, Error *err) {
    real *counts = fitted_add(out, "counts", 0, out->in, err);
    real *categories = counts ? fitted_add(out, "categories", 0, found->total, err) : NULL;
    if (!categories) return false;
    out->out = found->total;
    for (int j = 0; j < out->in; j++) {
        counts[j] = (real)found->count[j];
        out->out += !found->chosen[j];
    }
    memcpy(categories, found->values, (size_t)found->total * sizeof *categories);
    return true;
}

bool onehot_fit(const void *p, const FitInput *in, FittedPreprocess *out, Error *err) {
    Found found = {.count = calloc((size_t)in->features, sizeof(int)),
                   .chosen = calloc((size_t)in->features, sizeof(bool))};
    bool done = (found.count && found.chosen) || fail(err, "needs more memory than the system gives");
    done =
        done && choose(p, in->features, found.chosen, err) && find_values(in, &found, err) && keep(&found, out, err);
    out->no_image = true;
    free(found.values);
    free(found.count);
    free(found.chosen);
    return done;
}

size_t onehot_refused(const FittedPreprocess *fitted, size_t rows, const real *from) {
    const real *counts = fitted_get(fitted, "counts");
    for (size_t row = 0; row < rows; row++) {
        const real *values = fitted_get(fitted, "categories");
        for (int j = 0; j < fitted->in; j++) {
            size_t at = row * (size_t)fitted->in + (size_t)j;
            int count = (int)counts[j], k = place_of(values, count, from[at]);
            if (count > 0 && (k == count || values[k] != from[at])) return at;
            values += count;
        }
    }
    return rows * (size_t)fitted->in;
}

bool onehot_apply(const FittedPreprocess *fitted, size_t rows, const real *from, real *to, Error *err) {
    (void)err;
    const real *counts = fitted_get(fitted, "counts");
    memset(to, 0, rows * (size_t)fitted->out * sizeof *to);
    for (size_t row = 0; row < rows; row++) {
        const real *values = fitted_get(fitted, "categories");
        for (int j = 0; j < fitted->in; j++, from++) {
            int count = (int)counts[j];
            if (count == 0) *to++ = *from;
            else to[place_of(values, count, *from)] = 1;
            to += count;
            values += count;
        }
    }
    return true;
}

/* With no more digits than reading the same value back takes: 0.1 where %.9g would show the float's 0.100000001. */
static void print_shortest(char *text, size_t size, real value) {
    bool counts = (double)value == rint((double)value) && fabs((double)value) < 1e9;
    int digits = counts ? 9 : 1; /* 100 is no 1e+02 */
    do snprintf(text, size, "%.*g", digits, (double)value);
    while ((real)strtod(text, NULL) != value && digits++ < 17);
}

void onehot_name(const FittedPreprocess *fitted, int output, char *const *from, char *name, size_t size) {
    const real *counts = fitted_get(fitted, "counts"), *values = fitted_get(fitted, "categories");
    int input = 0;
    while (output >= (counts[input] > 0 ? (int)counts[input] : 1)) {
        output -= counts[input] > 0 ? (int)counts[input] : 1;
        values += (int)counts[input++];
    }
    if (counts[input] == 0) {
        snprintf(name, size, "%s", from[input]);
        return;
    }
    char number[32];
    print_shortest(number, sizeof number, values[output]);
    snprintf(name, size, "%s=%s", from[input], number);
}

static bool is_chosen(const Onehot *params, int features, int column) {
    for (int i = 0; i < params->columns_count; i++)
        if (params->columns[i] == column || params->columns[i] + features == column) return true;
    return params->columns_count == 0;
}

bool onehot_sound(const FittedPreprocess *fitted) {
    const real *counts = fitted_get(fitted, "counts"), *values = fitted_get(fitted, "categories");
    const Onehot *params = choice_params(&fitted->choice);
    int left = fitted_tensor(fitted, "categories")->columns, out = 0;
    for (int j = 0; j < fitted->in; j++) {
        if (!(counts[j] >= 0 && counts[j] <= ONEHOT_MOST_VALUES)) return false;
        int count = (int)counts[j];
        if ((real)count != counts[j] || count > left || (count > 0) != is_chosen(params, fitted->in, j)) return false;
        for (int k = 1; k < count; k++)
            if (!(values[k - 1] < values[k])) return false;
        out += count > 0 ? count : 1;
        values += count;
        left -= count;
    }
    return left == 0 && out == fitted->out;
}
