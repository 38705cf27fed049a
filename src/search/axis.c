/* axis: see axis.h. */
#include "search/axis.h"

#include "base/hash.h"
#include "base/text.h"
#include "search/twins.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

enum { AXIS_SHORT_BYTES = 512 };

/* ---- the command line's way to write it ----------------------------------------------------------------- */

static const char *const range_name[] = {[AXIS_LOG] = "log", [AXIS_LINEAR] = "linear"};

static Json *item(const char *text, size_t length) {
    Error no_json = {0};
    Json *value = json_parse(text, length, &no_json);
    if (value) return value;
    char *copy = strndup(text, length);
    if (!copy) abort();
    value = json_new_text(copy);
    free(copy);
    return value;
}

/* Bytes up to the first `separator` that no bracket, brace or quote holds. */
static size_t item_length(const char *text, char separator) {
    size_t at = 0;
    bool quoted = false;
    for (int depth = 0; text[at]; at++) {
        if (text[at] == '\\' && quoted && text[at + 1]) at++;
        else if (text[at] == '"') quoted = !quoted;
        else if (quoted) continue;
        else if (strchr("[{", text[at])) depth++;
        else if (strchr("]}", text[at])) depth--;
        else if (text[at] == separator && depth <= 0) break;
    }
    return at;
}

static Json *parse_items(const char *values, char separator) {
    Json *list = json_new_array();
    while (*values) {
        size_t length = item_length(values, separator);
        json_append(list, item(values, length));
        values += length;
        if (!*values) break;
        values++;
        if (!*values) json_append(list, json_new_text("")); /* behind the last comma */
    }
    return list;
}

Json *axis_parse(const char *key, const char *values, Error *err) {
    if (!text_is_utf8(values)) {
        fail(err, "sweep.axes.%s: the values are not UTF-8; write them in UTF-8", key);
        return NULL;
    }
    for (AxisKind kind = AXIS_LOG; kind <= AXIS_LINEAR; kind++) {
        size_t length = strlen(range_name[kind]);
        if (strncmp(values, range_name[kind], length) != 0 || values[length] != ':') continue;
        Json *range = json_new_object();
        json_set(range, range_name[kind], parse_items(values + length + 1, ':'));
        return range;
    }
    return parse_items(values, ',');
}

/* ---- reading ---------------------------------------------------------------------------------------------- */

static double rounded(const Axis *axis, double value) {
    char text[32];
    if (axis->whole) return round(value);
    snprintf(text, sizeof text, "%.9g", value);
    return strtod(text, NULL);
}

static bool reserve(Axis *axis, int count, Error *err) {
    axis->value = calloc((size_t)count, sizeof *axis->value);
    if (!axis->value) return fail(err, "memory is out");
    axis->count = count;
    return true;
}

static bool read_list(const Json *values, Axis *out, Error *err) {
    int count = json_count(values), i = 0;
    if (count == 0) return fail(err, "has no values; give some, as in [0.01, 0.1], or leave the axis out");
    if (count > AXIS_MOST_VALUES) return fail(err, "%d values; at most %d can be given", count, AXIS_MOST_VALUES);
    if (!reserve(out, count, err)) return false;
    for (const Json *value = json_first(values); value; value = json_next(value)) out->value[i++] = json_copy(value);
    return true;
}

/* The number at a place of a range's list. */
static bool range_number(const Json *list, int i, double *out) {
    const Json *value = json_at(list, i);
    if (!value || json_type(value) != JSON_NUMBER) return false;
    *out = json_number(value);
    return true;
}

static bool check_range(const Axis *axis, double count, bool random, Error *err) {
    const char *name = range_name[axis->kind];
    if (axis->kind == AXIS_LOG && !(axis->low > 0 && axis->high > 0))
        return fail(err, "log from %.9g to %.9g: a logarithm needs values above 0; use linear, or positive ends",
                    axis->low, axis->high);
    if (!(axis->low < axis->high))
        return fail(err, "%s from %.9g to %.9g: the first must be below the second", name, axis->low, axis->high);
    if (!random && !(count >= 2 && count <= AXIS_MOST_VALUES && count == floor(count)))
        return fail(err, "%s of %.9g value%s; give a whole number from 2 to %d, or a list", name, count,
                    count == 1 ? "" : "s", AXIS_MOST_VALUES);
    return true;
}

/* The number at a share of the way; what rounding alone leaves of a 0 is 0. */
static double between(AxisKind kind, double low, double high, double share) {
    if (kind == AXIS_LOG) return exp(log(low) + share * (log(high) - log(low)));
    double value = low * (1 - share) + high * share;
    return fabs(value) < 1e-12 * fmax(fabs(low), fabs(high)) ? 0 : value;
}

static bool read_range(const Json *list, bool random, Axis *out, Error *err) {
    const char *name = range_name[out->kind];
    double count = 0;
    int wanted = random ? 2 : 3;
    if (json_type(list) != JSON_ARRAY || json_count(list) != wanted || !range_number(list, 0, &out->low) ||
        !range_number(list, 1, &out->high) || (!random && !range_number(list, 2, &count)))
        return random ? fail(err, "%s: expected two numbers, [low, high]: mode \"random\" draws between them", name)
                      : fail(err, "%s: expected three numbers, [low, high, count]", name);
    if (out->whole) out->low = round(out->low), out->high = round(out->high);
    if (!check_range(out, count, random, err)) return false;
    if (random) return true;
    if (!reserve(out, (int)count, err)) return false;
    for (int i = 0; i < out->count; i++) {
        double value = between(out->kind, out->low, out->high, i / (count - 1));
        if (i == 0) value = out->low;
        if (i == out->count - 1) value = out->high;
        out->value[i] = json_new_number(rounded(out, value));
    }
    return true;
}

static bool read_values(const Json *values, bool random, Axis *out, Error *err) {
    if (json_type(values) == JSON_ARRAY) return read_list(values, out, err);
    const Json *only = json_type(values) == JSON_OBJECT && json_count(values) == 1 ? json_first(values) : NULL;
    for (AxisKind kind = AXIS_LOG; only && kind <= AXIS_LINEAR; kind++) {
        if (strcmp(json_key(only), range_name[kind]) != 0) continue;
        out->kind = kind;
        return read_range(only, random, out, err);
    }
    return fail(err, "expected a list, {\"log\": [low, high, count]} or {\"linear\": [low, high, count]}, got %s",
                json_type_name(values));
}

static bool fail_double(const Axis *axis, int i, Error *err) {
    char *text = axis_text(axis->value[i]);
    if (axis->kind == AXIS_LIST) fail(err, "%s is there twice; leave one out", text);
    else
        fail(err, "%s of %d %s from %.9g to %.9g: %s is there twice; use fewer values", range_name[axis->kind],
             axis->count, axis->whole ? "whole numbers" : "numbers of 9 digits", axis->low, axis->high, text);
    free(text);
    return false;
}

/* A doubled value would be one experiment twice. */
static bool check_distinct(const Axis *axis, Error *err) {
    uint64_t *hash = calloc((size_t)axis->count + 1, sizeof *hash);
    for (int i = 0; hash && i < axis->count; i++) {
        char *text = json_print(axis->value[i], false);
        hash[i] = hash_text(HASH_START, text);
        free(text);
    }
    int64_t *twin = hash ? find_twins(hash, axis->count) : NULL;
    int found = 0;
    while (twin && found < axis->count && twin[found] == found) found++;
    bool known = twin != NULL;
    free(hash);
    free(twin);
    return known ? found == axis->count || fail_double(axis, found, err) : fail(err, "memory is out");
}

bool axis_read(const char *key, const Json *values, AxisWants wants, Axis *out, Error *err) {
    Error inner = {0};
    *out = (Axis){.kind = AXIS_LIST, .whole = wants.whole};
    if (!text_copy(out->key, sizeof out->key, key))
        return fail(err, "sweep.axes: key of more than %d bytes; shorten it", AXIS_KEY_BYTES - 1);
    if (read_values(values, wants.random, out, &inner) && check_distinct(out, &inner)) return true;
    axis_free(out);
    error_prefix(&inner, "sweep.axes.%s: ", key);
    error_move(err, &inner);
    return false;
}

void axis_free(Axis *axis) {
    for (int i = 0; axis->value && i < axis->count; i++) json_free(axis->value[i]);
    free(axis->value);
    axis->value = NULL;
}

/* ---- values ----------------------------------------------------------------------------------------------- */

double axis_draw(const Axis *axis, Stream *stream) {
    if (axis->count > 0) return random_below(stream, (uint32_t)axis->count);
    double share = random_uniform(stream), reach = axis->whole ? 0.5 : 0;
    double value = rounded(axis, between(axis->kind, axis->low - reach, axis->high + reach, share));
    return fmin(fmax(value, axis->low), axis->high);
}

Json *axis_value(const Axis *axis, double drawn) {
    return axis->count > 0 ? json_copy(axis->value[(int)drawn]) : json_new_number(drawn);
}

char *axis_text(const Json *value) {
    if (json_type(value) == JSON_TEXT) {
        char *copy = strdup(json_text(value));
        if (!copy) abort();
        return copy;
    }
    if (json_type(value) != JSON_NUMBER) return json_print(value, false);
    char number[32], *copy;
    text_print(number, sizeof number, json_number(value));
    if (!(copy = strdup(number))) abort();
    return copy;
}

/* name, key: value, … */
static void append_named(char *out, size_t size, const Json *value, const char *name) {
    text_append(out, size, "%s", name);
    for (const Json *member = json_first(value); member; member = json_next(member)) {
        if (strcmp(json_key(member), "name") == 0) continue;
        char *text = axis_text(member);
        text_append(out, size, ", %s: %s", json_key(member), text);
        free(text);
    }
}

static void append_short(char *out, size_t size, const Json *value) {
    const Json *name = json_type(value) == JSON_OBJECT ? json_get(value, "name") : NULL;
    if (name && json_type(name) == JSON_TEXT) {
        append_named(out, size, value, json_text(name));
        return;
    }
    char *text = axis_text(value);
    text_append(out, size, "%s", text);
    free(text);
}

static void append_list(char *out, size_t size, const Json *value) {
    text_append(out, size, "[");
    for (const Json *entry = json_first(value); entry; entry = json_next(entry)) {
        text_append(out, size, "%s", entry == json_first(value) ? "" : ", ");
        append_short(out, size, entry);
    }
    text_append(out, size, "]");
}

char *axis_short(const Json *value) {
    char out[AXIS_SHORT_BYTES] = "";
    if (json_type(value) == JSON_ARRAY) append_list(out, sizeof out, value);
    else append_short(out, sizeof out, value);
    char *copy = strdup(out);
    if (!copy) abort();
    return copy;
}
