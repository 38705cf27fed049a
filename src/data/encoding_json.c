/* encoding_json: an encoding → JSON and back: see encoding.h. */
#include "data/encoding.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

/* ---- showing ----------------------------------------------------------------------------------------- */

static Json *show_texts(char *const *text, int count) {
    Json *list = json_new_array();
    for (int i = 0; i < count; i++) json_append(list, json_new_text(text[i]));
    return list;
}

static Json *show_reals(const real *value, int count) {
    if (!value) return json_new_null();
    Json *list = json_new_array();
    for (int i = 0; i < count; i++) json_append(list, json_new_number((double)value[i]));
    return list;
}

static Json *show_ignored(const Columns *columns) {
    Json *list = json_new_array();
    for (int i = 0; i < columns->count; i++)
        if (columns->role[i] == ROLE_IGNORED) json_append(list, json_new_number(i));
    return list;
}

static Json *show_categories(const Columns *columns, const Levels *levels) {
    Json *list = json_new_array();
    for (int i = 0; i < columns->count; i++) {
        if (columns->role[i] != ROLE_CATEGORY) continue;
        Json *category = json_new_object();
        json_set(category, "column", json_new_number(i));
        json_set(category, "values", show_texts(levels->name, levels->count));
        json_append(list, category);
        levels++;
    }
    return list;
}

Json *encoding_show(const Encoding *encoding) {
    const Columns *columns = &encoding->columns;
    const Coding *coding = &encoding->coding;
    bool classes = coding->task == TASK_CLASSIFICATION;
    Json *json = json_new_object(), *label = json_new_array();
    for (int k = 0; k < columns->labels; k++) json_append(label, json_new_number(columns->label[k]));
    json_set(json, "task", json_new_text(classes ? "classification" : "regression"));
    json_set(json, "named", json_new_bool(columns->named));
    json_set(json, "columns", show_texts(columns->name, columns->count));
    json_set(json, "label", label);
    json_set(json, "weight", columns->weight < 0 ? json_new_null() : json_new_number(columns->weight));
    json_set(json, "ignored", show_ignored(columns));
    json_set(json, "categories", show_categories(columns, coding->category));
    json_set(json, "missing_mean", show_reals(encoding->missing_mean, coding->features));
    json_set(json, "low", show_reals(encoding->low, coding->features));
    json_set(json, "high", show_reals(encoding->high, coding->features));
    return json;
}

/* ---- reading ----------------------------------------------------------------------------------------- */

static bool damaged(const char *key, Error *err) {
    return fail(err, "its encoding is damaged at '%s'; train the run anew", key);
}

static bool out_of_memory(Error *err) { return fail(err, "needs more memory than the system gives"); }

/* The member of that name and type. */
static const Json *member(const Json *json, const char *key, JsonType type, Error *err) {
    const Json *value = json && json_type(json) == JSON_OBJECT ? json_get(json, key) : NULL;
    if (value && json_type(value) == type) return value;
    damaged(key, err);
    return NULL;
}

static bool all_texts(const Json *list) {
    for (const Json *item = json_first(list); item; item = json_next(item))
        if (json_type(item) != JSON_TEXT) return false;
    return true;
}

/* A whole number from 0 to below `count`; -1 otherwise. */
static int index_of(const Json *item, int count) {
    double value = json_type(item) == JSON_NUMBER ? json_number(item) : -1;
    return value >= 0 && value < count && value == floor(value) ? (int)value : -1;
}

/* Gives a column a role it has not yet; its index, or -1. */
static int take_role(const Json *item, Role role, Columns *out) {
    int at = index_of(item, out->count);
    if (at < 0 || out->role[at] != ROLE_FEATURE) return -1;
    out->role[at] = role;
    return at;
}

static bool read_names(const Json *json, const char *path, Columns *out, Error *err) {
    const Json *columns = member(json, "columns", JSON_ARRAY, err);
    const Json *named = columns ? member(json, "named", JSON_BOOL, err) : NULL;
    if (!named) return false;
    size_t room = (size_t)json_count(columns) + 1;
    if (room == 1 || !all_texts(columns)) return damaged("columns", err);
    *out = (Columns){.named = json_bool(named),
                     .weight = -1,
                     .path = strdup(path),
                     .name = calloc(room, sizeof *out->name),
                     .role = calloc(room, sizeof *out->role)};
    bool done = out->path && out->name && out->role;
    for (const Json *item = json_first(columns); done && item; item = json_next(item))
        done = (out->name[out->count++] = strdup(json_text(item))) != NULL;
    return done || out_of_memory(err);
}

static bool read_roles(const Json *json, Columns *out, Error *err) {
    const Json *label = member(json, "label", JSON_ARRAY, err), *weight = json_get(json, "weight");
    const Json *ignored = label ? member(json, "ignored", JSON_ARRAY, err) : NULL;
    if (!ignored) return false;
    if (json_count(label) < 1 || json_count(label) > DATA_MOST_COLUMNS) return damaged("label", err);
    for (const Json *item = json_first(label); item; item = json_next(item))
        if ((out->label[out->labels++] = take_role(item, ROLE_LABEL, out)) < 0) return damaged("label", err);
    for (const Json *item = json_first(ignored); item; item = json_next(item))
        if (take_role(item, ROLE_IGNORED, out) < 0) return damaged("ignored", err);
    if (!weight || json_type(weight) == JSON_NULL) return true;
    out->weight = take_role(weight, ROLE_WEIGHT, out);
    return out->weight >= 0 || damaged("weight", err);
}

static bool read_levels(const Json *list, const char *key, Levels *out, Error *err) {
    int count = 0;
    if (!all_texts(list) || json_count(list) == 0) return damaged(key, err);
    const char **text = malloc((size_t)json_count(list) * sizeof *text);
    for (const Json *item = json_first(list); text && item; item = json_next(item)) text[count++] = json_text(item);
    bool done = text && levels_list(text, count, out);
    free(text);
    return done || out_of_memory(err);
}

static bool read_categories(const Json *json, Columns *columns, Coding *out, Error *err) {
    const Json *list = member(json, "categories", JSON_ARRAY, err);
    if (!list) return false;
    out->category = calloc((size_t)json_count(list) + 1, sizeof *out->category);
    if (!out->category) return out_of_memory(err);
    int last = -1; /* levels stand in the columns' order */
    for (const Json *item = json_first(list); item; item = json_next(item)) {
        const Json *column = member(item, "column", JSON_NUMBER, err);
        const Json *values = column ? member(item, "values", JSON_ARRAY, err) : NULL;
        if (!values) return false;
        int at = take_role(column, ROLE_CATEGORY, columns);
        if (at <= last) return damaged("categories", err);
        last = at;
        if (!read_levels(values, "categories", &out->category[out->categories], err)) return false;
        out->features += out->category[out->categories++].count;
    }
    return true;
}

static bool read_task(const Json *json, const Json *classes, Columns *columns, Coding *out, Error *err) {
    const Json *task = member(json, "task", JSON_TEXT, err);
    if (!task) return false;
    bool classification = strcmp(json_text(task), "classification") == 0;
    if (!classification && strcmp(json_text(task), "regression") != 0) return damaged("task", err);
    out->task = classification ? TASK_CLASSIFICATION : TASK_REGRESSION;
    out->targets = classification ? 0 : columns->labels;
    columns->label_is_text = classification;
    if (!classification) return true;
    if (json_type(classes) != JSON_ARRAY || columns->labels != 1) return damaged("classes", err);
    return read_levels(classes, "classes", &out->classes, err) &&
           (out->classes.count >= 2 || damaged("classes", err));
}

/* A list of a number for each input, or null. */
static bool read_reals(const Json *json, const char *key, int count, real **out, Error *err) {
    const Json *list = json_get(json, key);
    int i = 0;
    if (!list || json_type(list) == JSON_NULL) return true;
    if (json_type(list) != JSON_ARRAY || json_count(list) != count) return damaged(key, err);
    *out = calloc((size_t)count, sizeof **out);
    if (!*out) return out_of_memory(err);
    for (const Json *item = json_first(list); item; item = json_next(item)) {
        if (json_type(item) != JSON_NUMBER) return damaged(key, err);
        (*out)[i] = (real)json_number(item);
        if (!isfinite((*out)[i++])) return damaged(key, err);
    }
    return true;
}

static bool read_all(const Json *json, const Json *classes, const char *path, Encoding *out, Error *err) {
    Columns *columns = &out->columns;
    Coding *coding = &out->coding;
    if (!read_names(json, path, columns, err) || !read_roles(json, columns, err) ||
        !read_categories(json, columns, coding, err) || !read_task(json, classes, columns, coding, err))
        return false;
    for (int i = 0; i < columns->count; i++) coding->features += columns->role[i] == ROLE_FEATURE;
    if (coding->features == 0) return damaged("columns", err);
    return (encoding_name_features(out) || out_of_memory(err)) &&
           read_reals(json, "missing_mean", coding->features, &out->missing_mean, err) &&
           read_reals(json, "low", coding->features, &out->low, err) &&
           read_reals(json, "high", coding->features, &out->high, err);
}

bool encoding_from(const Json *json, const Json *classes, const CsvOptions *csv, const char *path, Encoding *out,
                   Error *err) {
    *out = (Encoding){.csv = *csv};
    bool done = read_all(json, classes, path, out, err);
    if (!done) encoding_free(out);
    return done;
}
