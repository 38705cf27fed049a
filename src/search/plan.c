/* plan: see plan.h. */
#include "search/plan.h"

#include "base/terminal.h"
#include "base/text.h"
#include "config/path.h"
#include "config/read.h"
#include "config/refuse.h"
#include "config/show.h"
#include "experiment/document.h"
#include "experiment/settings.h"
#include "experiment/version.h"
#include "search/draws.h"
#include "search/halving.h"

#include <stdlib.h>
#include <string.h>

enum { MOST_CELLS = 100000000 };

/* ---- the section's keys ----------------------------------------------------------------------------------- */

static const char *const mode_names[] = {[PLAN_GRID] = "grid", [PLAN_RANDOM] = "random", NULL};

static const Field halving_fields[] = {
    FIELD_INT(Halving, factor, .def = 3, .min = 2, .max = 1000,
              .help = "of the cells at each rung the best 1 / factor go on, factor times as far"),
    FIELD_INT(Halving, min_epochs, .def = 2, .min = 1, .max = 1e9, .unit = "epochs", .help = "the first rung"),
    {0}};

/* A list, or a range: [low, high, count] in a grid, [low, high] in random mode. */
/* clang-format off */
#define RANGE_SCHEMA(name, number)                                                                                  \
    "{\"type\": \"object\", \"required\": [\"" name "\"], \"additionalProperties\": false, " \
    "\"properties\": {\"" name "\": {\"type\": \"array\", \"minItems\": 2, \"maxItems\": 3, " \
    "\"prefixItems\": [" number ", " number ", {\"type\": \"integer\", \"minimum\": 2}]}}}"
static const char axis_schema[] =
    "{\"anyOf\": [{\"type\": \"array\", \"minItems\": 1, \"uniqueItems\": true}, "
    RANGE_SCHEMA("log", "{\"type\": \"number\", \"exclusiveMinimum\": 0}") ", "
    RANGE_SCHEMA("linear", "{\"type\": \"number\"}") "]}";
/* clang-format on */

const Field sweep_fields[] = {
    FIELD_OBJECT("axes", .member_schema = axis_schema,
                 .help = "KEY: [values], {\"log\": [low, high, count]} or {\"linear\": [low, high, count]}; any "
                         "key of the config; the count is left out in mode random"),
    FIELD_NAME(SweepSettings, mode, .names = mode_names, .def = PLAN_GRID,
               .help = "grid: every combination; random: so many draws as runs says"),
    FIELD_INT(SweepSettings, runs, .nullable = true, .def_text = "none; random needs it", .min = 1, .max = MOST_CELLS,
              .help = "draws in mode random"),
    FIELD_INT(SweepSettings, repeat, .def = 1, .min = 1, .max = 1e6,
              .help = "runs of each cell, under seed and the numbers after it"),
    FIELD_GROUP(SweepSettings, halving, Halving, .nullable = true, .fields = halving_fields,
                .help = "successive halving: poor cells are left early"),
    {0}};

static void check_section(const SweepSettings *settings, Error *err) {
    bool given = settings->runs != INT64_MIN;
    if (settings->mode == PLAN_RANDOM && !given) fail(err, "sweep.runs: mode \"random\" needs the number of draws");
    if (settings->mode == PLAN_GRID && given)
        fail(err, "sweep.runs: a grid runs all its cells; leave it out, or set sweep.mode to random");
}

/* ---- axes ------------------------------------------------------------------------------------------------- */

static bool is_below(const char *key, const char *above) {
    size_t length = strlen(above);
    return strncmp(key, above, length) == 0 && key[length] == '.';
}

/* An axis of what no number depends on would make one experiment several times. */
static bool check_matters(const char *key, Error *err) {
    static const char *const no_matter[] = {"about", "name", "log"};
    for (size_t i = 0; i < sizeof no_matter / sizeof no_matter[0]; i++)
        if (strcmp(key, no_matter[i]) == 0 || is_below(key, no_matter[i]))
            return fail(
                err, "%s: changes no number of a run, so that its cells would be one experiment; leave it out", key);
    return true;
}

static bool holds_path(const Field *field) {
    bool any = field->is_path;
    for (const Field *below = field->kind == FIELD_KIND_GROUP ? field->fields : NULL; below && below->name; below++)
        any = any || holds_path(below);
    return any;
}

static const Field *key_field(const char *key, Error *err) {
    Error inner = {0};
    const Field *field = check_matters(key, &inner) ? config_field(settings_fields, key, &inner) : NULL;
    error_prefix(&inner, "sweep.axes.");
    error_move(err, &inner);
    return field;
}

static bool add_axis(SweepPlan *plan, const char *key, const Json *values, bool from_command_line, Error *err) {
    AxisWants wants = {.random = plan->settings.mode == PLAN_RANDOM};
    const Field *field = key_field(key, err);
    if (!field) return false;
    if (plan->axes == PLAN_MOST_AXES)
        return fail(err, "sweep.axes: more than %d axes; a sweep over fewer", PLAN_MOST_AXES);
    Axis *axis = &plan->axis[plan->axes];
    wants.whole = field->kind == FIELD_KIND_INT;
    if (!axis_read(key, values, wants, axis, err)) return false;
    axis->from_command_line = from_command_line;
    axis->holds_path = holds_path(field);
    plan->axes++;
    return true;
}

/* What lies within another axis' key is set after it, whichever comes first in the plan: shorter keys first. */
static void order_axes(SweepPlan *plan) {
    for (int i = 0; i < plan->axes; i++) {
        int at = i;
        for (; at > 0 && strlen(plan->axis[plan->order[at - 1]].key) > strlen(plan->axis[i].key); at--)
            plan->order[at] = plan->order[at - 1];
        plan->order[at] = i;
    }
}

static bool add_axes(SweepPlan *plan, const Json *axes, const Json *given, Error *err) {
    bool ok = true;
    for (const Json *axis = axes ? json_first(axes) : NULL; axis; axis = json_next(axis))
        ok = add_axis(plan, json_key(axis), axis, given && json_get(given, json_key(axis)), err) && ok;
    plan->drawn = plan->settings.mode == PLAN_RANDOM ? plan->axes : 0;
    return ok;
}

/* Seeds as the last axis: seed, seed + 1, … */
static bool add_seeds(SweepPlan *plan, Error *err) {
    int64_t count = plan->settings.repeat;
    if (count == 1) return true;
    for (int i = 0; i < plan->axes; i++)
        if (strcmp(plan->axis[i].key, "seed") == 0)
            return fail(err, "sweep.repeat: `seed` is an axis already; leave one of the two out");
    const Json *seed = json_get(plan->base, "seed");
    double first = seed && json_type(seed) == JSON_NUMBER ? json_number(seed) : 1;
    Json *values = json_new_array();
    for (int64_t i = 0; i < count; i++) json_append(values, json_new_number(first + (double)i));
    bool ok = add_axis(plan, "seed", values, false, err);
    json_free(values);
    return ok;
}

/* ---- cells ------------------------------------------------------------------------------------------------ */

static bool count_cells(SweepPlan *plan, bool yes, Error *err) {
    double cells = plan->drawn ? (double)plan->settings.runs : 1, possible = draws_possible(plan);
    if (plan->drawn && cells > possible)
        return fail(err, "sweep.runs: %.0f draws of %.0f combinations; use fewer, or a grid", cells, possible);
    for (int i = plan->drawn; i < plan->axes; i++) cells *= plan->axis[i].count;
    if (cells > MOST_CELLS) return fail(err, "sweep: %.0f cells; at most %d can be planned", cells, MOST_CELLS);
    if (cells > PLAN_MOST_UNASKED && !yes)
        return fail(err, "sweep: %.0f cells; add --yes if so many are meant", cells);
    plan->cells = (int64_t)cells;
    return true;
}

/* For each axis the index of its value, or the draw. */
static void places(const SweepPlan *plan, int64_t cell, double *place) {
    for (int i = plan->axes - 1; i >= plan->drawn; i--) {
        place[i] = (double)(cell % plan->axis[i].count);
        cell /= plan->axis[i].count;
    }
    for (int i = 0; i < plan->drawn; i++) place[i] = plan->draw[cell * plan->drawn + i];
}

Json *plan_value(const SweepPlan *plan, int64_t cell, int axis) {
    double place[PLAN_MOST_AXES];
    places(plan, cell, place);
    return axis_value(&plan->axis[axis], place[axis]);
}

Json *plan_document(const SweepPlan *plan, int64_t cell, Error *err) {
    double place[PLAN_MOST_AXES];
    char directory[PATH_BYTES];
    Json *document = json_copy(plan->base);
    bool ok = true;
    places(plan, cell, place);
    path_directory(directory, plan->config);
    for (int i = 0; ok && i < plan->axes; i++) {
        const Axis *axis = &plan->axis[plan->order[i]];
        ok = config_put(document, axis->key, axis_value(axis, place[plan->order[i]]), err) &&
             (!axis->holds_path || document_settle_paths(document, axis->from_command_line ? "" : directory, err));
    }
    if (ok) return document;
    json_free(document);
    return NULL;
}

int64_t plan_group(const SweepPlan *plan, int64_t cell) {
    int64_t below = 1; /* cells from one value of the axis to its next */
    for (int i = plan->axes - 1; i >= plan->drawn; below *= plan->axis[i--].count)
        if (strcmp(plan->axis[i].key, "seed") == 0) return cell - cell / below % plan->axis[i].count * below;
    return cell;
}

void plan_describe(const SweepPlan *plan, int64_t cell, char *out, size_t size) {
    out[0] = '\0';
    for (int i = 0; i < plan->axes; i++) {
        Json *value = plan_value(plan, cell, i);
        char *text = axis_text(value), harmless[512];
        terminal_harmless(harmless, sizeof harmless, text, true);
        text_append(out, size, "%s%s=%s", i ? " " : "", plan->axis[i].key, harmless);
        free(text);
        json_free(value);
    }
}

/* ---- loading ---------------------------------------------------------------------------------------------- */

/* The key of KEY=…; false where there is none. */
static bool key_of(const char *assignment, char *key /* [AXIS_KEY_BYTES] */) {
    const char *equals = strchr(assignment, '=');
    if (!equals || equals == assignment || equals - assignment >= AXIS_KEY_BYTES) return false;
    snprintf(key, AXIS_KEY_BYTES, "%.*s", (int)(equals - assignment), assignment);
    return true;
}

/* Puts the command line's axes into the section; in `given` too. */
static bool apply_axes(const PlanRequest *request, Json *section, Json *given, Error *err) {
    bool ok = true;
    Json *axes = json_get(section, "axes");
    if (request->axes == 0) return true;
    if (!axes || json_type(axes) != JSON_OBJECT) json_set(section, "axes", axes = json_new_object());
    for (int i = 0; i < request->axes; i++) {
        char key[AXIS_KEY_BYTES];
        if (!key_of(request->axis[i], key)) {
            ok = fail(err, "--axis: '%s': write KEY=VALUES, as in train.lr=log:1e-4:1:13", request->axis[i]);
            continue;
        }
        Json *values = axis_parse(key, request->axis[i] + strlen(key) + 1, err);
        if (!values) ok = false;
        else if (json_get(given, key)) ok = fail(err, "--axis: %s is given twice; give it once", key);
        else json_set(given, key, json_new_null());
        if (values) json_set(axes, key, values);
    }
    return ok;
}

/* An axis' key has dots of its own. */
static bool check_axis_sets(const PlanRequest *request, Error *err) {
    static const char axes[] = "sweep.axes.";
    bool ok = true;
    for (int i = 0; i < request->sets; i++)
        if (strncmp(request->set[i], axes, strlen(axes)) == 0)
            ok = fail(err, "--set: %s: an axis is given as --axis KEY=VALUES", request->set[i]);
    return ok;
}

/* --set of an axis' key, or of a part of it, would do nothing. */
static bool check_sets(const PlanRequest *request, const SweepPlan *plan, Error *err) {
    bool ok = true;
    for (int i = 0; i < request->sets; i++)
        for (int a = 0; a < plan->axes; a++) {
            char key[AXIS_KEY_BYTES];
            const char *axis = plan->axis[a].key;
            if (!key_of(request->set[i], key)) continue;
            if (is_below(key, axis))
                ok = fail(err, "--set: %s lies within %s, an axis of the sweep, whose values replace it", key, axis);
            if (strcmp(key, axis) != 0) continue;
            if (strcmp(key, "seed") == 0 && plan->settings.repeat > 1) continue; /* the first of the seeds */
            ok = fail(err, "--set: %s is an axis of the sweep; give --axis %s=VALUES", key, key);
        }
    return ok;
}

static bool read_section(const Json *section, const Json *given, SweepPlan *plan, Error *err) {
    if (json_type(section) != JSON_OBJECT)
        return fail(err, "sweep: expected an object, got %s; write {\"axes\": {…}}", json_type_name(section));
    if (!config_read(section, sweep_fields, "sweep", &plan->settings, err)) return false;
    int before = err->count;
    check_section(&plan->settings, err);
    bool ok = add_axes(plan, json_get(section, "axes"), given, err);
    bool seeds_alone = plan->settings.repeat > 1 && plan->settings.mode == PLAN_GRID;
    if (ok && plan->axes == 0 && !seeds_alone)
        ok = fail(err, "sweep.axes: there is none; give one, as in --axis train.lr=log:1e-4:1:13");
    return ok && err->count == before;
}

static bool build(const PlanRequest *request, Json *section, SweepPlan *plan, Error *err) {
    Json *given = json_new_object();
    if (request->repeat > 0 && json_type(section) == JSON_OBJECT)
        json_set(section, "repeat", json_new_number((double)request->repeat));
    bool ok = check_axis_sets(request, err) &&
              (json_type(section) != JSON_OBJECT || apply_axes(request, section, given, err)) &&
              read_section(section, given, plan, err) && add_seeds(plan, err) && check_sets(request, plan, err) &&
              count_cells(plan, request->yes, err);
    json_free(given);
    order_axes(plan);
    return ok;
}

/* Cells write little: no histograms, unless the config asks for them. */
static void quieten(Json *base) {
    Json *log = json_get(base, "log");
    if (!log) json_set(base, "log", log = json_new_object());
    if (json_type(log) == JSON_OBJECT && !json_get(log, "histograms"))
        json_set(log, "histograms", json_new_bool(false));
}

bool plan_load(const PlanRequest *request, SweepPlan *out, Error *err) {
    memset(out, 0, sizeof *out);
    out->config = request->config;
    out->version = NNEXP_VERSION;
    out->base = document_load(request->config, request->set, request->sets, err);
    if (!out->base) return false;
    Json *section = document_take_sweep(out->base);
    if (!section) section = json_new_object();
    quieten(out->base);
    Error inner = {0};
    bool ok = build(request, section, out, &inner) && (out->drawn == 0 || draws_make(out, &inner));
    json_free(section);
    if (ok) return true;
    plan_free(out);
    error_prefix(&inner, "%s: ", request->config);
    error_move(err, &inner);
    return false;
}

void plan_free(SweepPlan *plan) {
    for (int i = 0; i < plan->axes; i++) axis_free(&plan->axis[i]);
    free(plan->draw);
    json_free(plan->base);
    *plan = (SweepPlan){0};
}

bool plan_check_section(const Json *base, const Json *section, const char *config, Error *err) {
    SweepPlan *plan = calloc(1, sizeof *plan);
    Json *copy = json_copy(section);
    Error inner = {0};
    if (!plan) abort();
    plan->config = config;
    plan->base = json_copy(base);
    bool ok = build(&(PlanRequest){.config = config, .yes = true}, copy, plan, &inner);
    json_free(copy);
    plan_free(plan);
    free(plan);
    error_prefix(&inner, "%s: ", config);
    error_move(err, &inner);
    return ok;
}

/* ---- showing ---------------------------------------------------------------------------------------------- */

static Json *show_axis(const Axis *axis) {
    Json *values = json_new_array();
    if (axis->count > 0) {
        for (int i = 0; i < axis->count; i++) json_append(values, json_copy(axis->value[i]));
        return values;
    }
    json_append(values, json_new_number(axis->low));
    json_append(values, json_new_number(axis->high));
    Json *range = json_new_object();
    json_set(range, axis->kind == AXIS_LOG ? "log" : "linear", values);
    return range;
}

Json *plan_show(const SweepPlan *plan) {
    Json *json = json_new_object(), *axes = json_new_object(), *section = config_show(sweep_fields, &plan->settings);
    for (int i = 0; i < plan->axes; i++) json_set(axes, plan->axis[i].key, show_axis(&plan->axis[i]));
    json_set(json, "version", json_new_text(plan->version));
    json_set(json, "cells", json_new_number((double)plan->cells));
    json_set(json, "rungs", json_new_number((double)halving_rungs(plan)));
    json_set(section, "axes", axes);
    json_set(json, "sweep", section);
    json_set(json, "base", json_copy(plan->base));
    return json;
}
