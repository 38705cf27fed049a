/* census: see census.h. What the passes over the rows find stands in column_facts.c, label_alone.c and repeats.c. */
#include "data/census.h"

#include "data/encoding.h"

#include <math.h>
#include <stdlib.h>

/* The file's columns that became inputs, in the order of the inputs. */
static bool list_sources(const Dataset *data, Census *census) {
    const Columns *columns = &data->encoding->columns;
    const Levels *category = data->encoding->coding.category;
    int first = 0;
    census->source = calloc((size_t)columns->count, sizeof *census->source);
    for (int i = 0; census->source && i < columns->count; i++) {
        if (columns->role[i] != ROLE_FEATURE && columns->role[i] != ROLE_CATEGORY) continue;
        bool spread = columns->role[i] == ROLE_CATEGORY;
        int width = spread ? (category++)->count : 1;
        census->source[census->sources++] =
            (Source){.name = columns->name[i], .first = first, .width = width, .tells = NAN};
        for (int j = 0; j < width; j++) census->column[first + j].one_hot = spread;
        first += width;
    }
    return census->source;
}

static bool count_classes(const Dataset *data, Census *census) {
    const View *split[CENSUS_SPLITS] = {&data->train, &data->validation, &data->test};
    for (int s = 0; data->classes > 0 && s < CENSUS_SPLITS; s++) {
        size_t *count = census->class_rows[s] = calloc((size_t)data->classes, sizeof *count);
        if (!count) return false;
        for (size_t row = 0; row < split[s]->rows; row++) count[split[s]->label[row]]++;
    }
    return true;
}

static void measure_targets(const Dataset *data, Census *census) {
    const View *train = &data->train;
    for (int k = 0; k < data->targets; k++) {
        double sum = 0, squares = 0, shift = (double)train->target[k];
        for (size_t row = 0; row < train->rows; row++) {
            double y = (double)train->target[row * (size_t)data->targets + (size_t)k] - shift;
            sum += y;
            squares += y * y;
        }
        double mean = sum / (double)train->rows;
        census->target_mean[k] = shift + mean;
        census->target_std[k] = sqrt(fmax(squares / (double)train->rows - mean * mean, 0));
    }
}

static bool take(const Dataset *data, uint64_t split_seed, Pool *pool, Census *census) {
    census->column = calloc((size_t)census->features, sizeof *census->column);
    if (!census->column || !census_columns(&data->train, census->features, pool, census->column)) return false;
    if (!list_sources(data, census) || !count_classes(data, census)) return false;
    measure_targets(data, census);
    return census_sample(data, split_seed, pool, census) &&
           census_far(&data->train, census->features, census->column) &&
           census_repeats(data, census->target_std, pool, &census->repeats);
}

bool census_take(const Dataset *data, uint64_t split_seed, Pool *pool, Census *out, Error *err) {
    *out = (Census){.features = data->raw_features};
    if (take(data, split_seed, pool, out)) return true;
    census_free(out);
    return fail(err, "%s: looking at its rows needs more memory than the system gives", data->encoding->columns.path);
}

void census_free(Census *census) {
    free(census->column);
    free(census->source);
    for (int s = 0; s < CENSUS_SPLITS; s++) free(census->class_rows[s]);
    *census = (Census){0};
}
