/* widen: see widen.h. */
#include "search/widen.h"

#include "base/text.h"
#include "config/path.h"
#include "experiment/settings.h"

#include <math.h>
#include <stdlib.h>

enum { MOST_NEW = 6, MOST_WRITTEN = 60, MOST_HALVED = 4 };

/* Whether the cell's config takes the value. */
static bool accepts(const SweepPlan *plan, int64_t cell, const Axis *axis, double value) {
    Error *ignored = calloc(1, sizeof *ignored);
    Settings *settings = malloc(sizeof *settings);
    if (!ignored || !settings) abort();
    Json *document = plan_document(plan, cell, ignored);
    bool ok = document && config_put(document, axis->key, json_new_number(value), ignored) &&
              settings_read(document, plan->config, settings, ignored);
    json_free(document);
    free(settings);
    free(ignored);
    return ok;
}

/* As short as it was probably meant: %.3g for a list's continuation, 9 digits for a range's. */
static double tidy(const Axis *axis, double value) {
    char text[32];
    if (axis->whole) return round(value);
    snprintf(text, sizeof text, axis->kind == AXIS_LIST ? "%.3g" : "%.9g", value);
    return strtod(text, NULL);
}

static int by_size(const void *a, const void *b) {
    double x = *(const double *)a, y = *(const double *)b;
    return (x > y) - (x < y);
}

typedef struct Steps {
    bool ratio;
    double size; /* from the last but one to the outermost: a factor, or a difference */
    int count;
} Steps;

static int clamp_count(int count) { return count < 2 ? 2 : count > MOST_NEW ? MOST_NEW : count; }

/* Whether a list goes on by a factor: where it does not go on by a difference, and grows by half or more. */
static bool by_factor(double last, double inner, double next) {
    if (fabs((last - inner) - (inner - next)) <= 1e-9 * fabs(last - inner)) return false;
    return inner * last > 0 && fmax(last / inner, inner / last) >= 1.5;
}

/* How the axis goes on: sorted[count] are its values, two or more. */
static Steps steps_of(const Axis *axis, const double *sorted, int count, Edge edge) {
    bool high = edge == EDGE_HIGH;
    double last = sorted[high ? count - 1 : 0], inner = sorted[high ? count - 2 : 1],
           next = count < 3 ? inner : sorted[high ? count - 3 : 2];
    double gaps = (high ? 1 : -1) * (count - 1);
    switch (axis->kind) {
    case AXIS_LOG: {
        int decade = (int)lround(log(10) * fabs(gaps) / log(axis->high / axis->low));
        return (Steps){true, pow(axis->high / axis->low, 1 / gaps), clamp_count(decade)};
    }
    case AXIS_LINEAR: return (Steps){false, (axis->high - axis->low) / gaps, clamp_count((count + 1) / 3)};
    case AXIS_LIST: break;
    }
    bool ratio = by_factor(last, inner, next);
    return (Steps){ratio, ratio ? last / inner : last - inner, clamp_count(0)};
}

/* Values by these steps beyond the last one, the nearest first, as far as the config takes them: their number. */
static int step_on(const SweepPlan *plan, int64_t cell, const Axis *axis, double last, Steps steps, double *out) {
    double before = last;
    int found = 0;
    for (int i = 1; i <= steps.count; i++) {
        double value = tidy(axis, steps.ratio ? last * pow(steps.size, i) : last + steps.size * i);
        if (fabs(value) < 1e-9 * fabs(last)) value = 0; /* 0.1 - 0.1 by the axis' own steps is not quite */
        if (value == before || !accepts(plan, cell, axis, value)) break;
        out[found++] = before = value;
    }
    return found;
}

/* Where the config has an end near the edge, as a momentum below 1 has, a list goes on by smaller steps. */
static int find_new(const SweepPlan *plan, int64_t cell, const Axis *axis, const double *sorted, int count, Edge edge,
                    double *out) {
    Steps steps = steps_of(axis, sorted, count, edge);
    double last = edge == EDGE_HIGH ? sorted[count - 1] : sorted[0];
    int found = step_on(plan, cell, axis, last, steps, out);
    for (int halved = 0; found == 0 && axis->kind == AXIS_LIST && halved < MOST_HALVED; halved++) {
        steps = (Steps){steps.ratio, steps.ratio ? sqrt(steps.size) : steps.size / 2, 1};
        found = step_on(plan, cell, axis, last, steps, out);
    }
    return found;
}

/* Writes the axis as a range if that gives the very same values, so that no cell is another one by its ninth
 * digit. */
static bool write_range(const Axis *axis, const double *all, int count, char *out) {
    char range[128];
    Axis again;
    Error *ignored = calloc(1, sizeof *ignored);
    if (!ignored) abort();
    snprintf(range, sizeof range, "%s:%.9g:%.9g:%d", axis->kind == AXIS_LOG ? "log" : "linear", all[0],
             all[count - 1], count);
    Json *values = axis_parse(axis->key, range, ignored);
    bool same = axis->kind != AXIS_LIST && values &&
                axis_read(axis->key, values, (AxisWants){.whole = axis->whole}, &again, ignored);
    if (same) {
        for (int i = 0; i < count; i++) same = same && json_number(again.value[i]) == all[i];
        axis_free(&again);
    }
    json_free(values);
    free(ignored);
    if (same) text_append(out, WIDEN_BYTES, "%s=%s", axis->key, range);
    return same;
}

static bool write_list(const Axis *axis, const double *all, int count, char *out) {
    if (count > MOST_WRITTEN) return false;
    text_append(out, WIDEN_BYTES, "%s=", axis->key);
    for (int i = 0; i < count; i++) text_append(out, WIDEN_BYTES, "%s%.9g", i ? "," : "", all[i]);
    return true;
}

/* Random mode's continuum: a decade, or a third of it, more. */
static Widened widen_continuum(const SweepPlan *plan, int64_t cell, const Axis *axis, Edge edge, char *out) {
    bool logs = axis->kind == AXIS_LOG;
    double third = (axis->high - axis->low) / 3, low = axis->low, high = axis->high;
    if (edge == EDGE_LOW) low = tidy(axis, logs ? low / 10 : low - third);
    else high = tidy(axis, logs ? high * 10 : high + third);
    if (!accepts(plan, cell, axis, edge == EDGE_LOW ? low : high)) return WIDENED_NOT;
    text_append(out, WIDEN_BYTES, "%s=%s:%.9g:%.9g", axis->key, logs ? "log" : "linear", low, high);
    return WIDENED;
}

Widened widen_axis(const SweepPlan *plan, int64_t cell, int i, Edge edge, char *out) {
    const Axis *axis = &plan->axis[i];
    int count = axis->count;
    out[0] = '\0';
    if (count == 0) return widen_continuum(plan, cell, axis, edge, out);
    double *all = calloc((size_t)count + MOST_NEW, sizeof *all), beyond[MOST_NEW];
    if (!all) abort();
    for (int v = 0; v < count; v++) all[v] = json_number(axis->value[v]);
    qsort(all, (size_t)count, sizeof *all, by_size);
    int found = find_new(plan, cell, axis, all, count, edge, beyond);
    for (int v = 0; v < found; v++) all[count + v] = beyond[v];
    qsort(all, (size_t)(count + found), sizeof *all, by_size);
    bool written = write_range(axis, all, count + found, out) || write_list(axis, all, count + found, out);
    free(all);
    return found == 0 ? WIDENED_NOT : written ? WIDENED : WIDENED_LONG;
}
