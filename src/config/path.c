/* path: see path.h. */
#include "config/path.h"

#include "base/text.h"

#include <stdlib.h>
#include <string.h>

enum { KEY_BYTES = 512 };

/* Where a walk along a key stands: the part just taken out, and what is left. */
typedef struct Walk {
    const char *key;       /* all of it */
    char *part, *rest;     /* rest: NULL behind the last part */
    char taken[KEY_BYTES]; /* the parts before this one, dotted */
    Error *err;
} Walk;

static void walk_next(Walk *walk) {
    if (walk->part) text_append(walk->taken, sizeof walk->taken, "%s%s", walk->taken[0] ? "." : "", walk->part);
    walk->part = strsep(&walk->rest, ".");
}

/* The value as JSON, or as a text where it is none; NULL where it can be no text. */
static Json *value_of(const char *key, const char *text, Error *err) {
    Error no_json = {0};
    Json *value = json_parse(text, strlen(text), &no_json);
    if (value) return value;
    if (text_is_utf8(text)) return json_new_text(text);
    fail(err, "%s: the value is not UTF-8; write it in UTF-8", key);
    return NULL;
}

/* The index that a part is, or -1. */
static int index_of(const char *part) {
    size_t length = strspn(part, "0123456789");
    return length == 0 || part[length] || length > 9 ? -1 : atoi(part);
}

/* What a missing member becomes when a part below it is wanted: a list for "0", else an object. */
static Json *new_container(const Walk *walk) {
    return walk->rest[0] == '0' && (walk->rest[1] == '\0' || walk->rest[1] == '.') ? json_new_array()
                                                                                   : json_new_object();
}

/* What stands at the walk's part, or NULL; fails when the part cannot be there. */
static bool find(const Walk *walk, Json *container, Json **found) {
    *found = NULL;
    if (json_type(container) == JSON_OBJECT) {
        *found = json_get(container, walk->part);
        return true;
    }
    if (json_type(container) != JSON_ARRAY)
        return fail(walk->err, "%s: %s is %s, which has no '%s'; set the whole of it", walk->key, walk->taken,
                    json_type_name(container), walk->part);
    int index = index_of(walk->part), count = json_count(container);
    if (index < 0)
        return fail(walk->err, "%s: %s is a list, which has no '%s'; index it as in %s.0", walk->key, walk->taken,
                    walk->part, walk->taken);
    if (index > count)
        return fail(walk->err, "%s: %s is a list of %d, which has no %d; use at most %d", walk->key, walk->taken,
                    count, index, count);
    *found = json_at(container, index);
    return true;
}

static void put(const Walk *walk, Json *container, const Json *old, Json *value) {
    if (json_type(container) == JSON_OBJECT) json_set(container, walk->part, value);
    else if (old) json_replace(container, index_of(walk->part), value);
    else json_append(container, value);
}

/* The container at the walk's part: made when it is missing or null, a bare name promoted to {"name": …}. */
static Json *enter(const Walk *walk, Json *container, Json *old) {
    bool bare = old && json_type(old) == JSON_TEXT && index_of(walk->rest) < 0;
    if (old && json_type(old) != JSON_NULL && !bare) return old;
    Json *made = bare ? json_new_object() : new_container(walk);
    if (bare) json_set(made, "name", json_new_text(json_text(old)));
    put(walk, container, old, made);
    return made;
}

/* Takes ownership of `value`. */
static bool set_value(Walk *walk, Json *container, Json *value) {
    Json *old;
    for (walk_next(walk); find(walk, container, &old); walk_next(walk)) {
        if (!walk->rest) {
            put(walk, container, old, value);
            return true;
        }
        container = enter(walk, container, old);
    }
    json_free(value);
    return false;
}

static bool check_parts(const char *key, Error *err) {
    size_t length = strlen(key);
    if (length == 0 || key[0] == '.' || key[length - 1] == '.' || strstr(key, ".."))
        return fail(err, "'%s': empty part in the key; write KEY=VALUE as in train.lr=0.1", key);
    return true;
}

static bool key_too_long(Error *err) { return fail(err, "key of more than %d bytes; shorten it", KEY_BYTES - 1); }

bool config_put(Json *document, const char *key, Json *value, Error *err) {
    char rest[KEY_BYTES];
    if (!check_parts(key, err) || (strlen(key) >= KEY_BYTES && !key_too_long(err))) {
        json_free(value);
        return false;
    }
    text_copy(rest, sizeof rest, key);
    Walk walk = {.key = key, .rest = rest, .err = err};
    return set_value(&walk, document, value);
}

bool config_set(Json *document, const char *assignment, Error *err) {
    char key[KEY_BYTES];
    const char *equals = strchr(assignment, '=');
    if (!equals) return fail(err, "'%s': no '='; write KEY=VALUE as in train.lr=0.1", assignment);
    if (equals - assignment >= KEY_BYTES) return key_too_long(err);
    snprintf(key, sizeof key, "%.*s", (int)(equals - assignment), assignment);
    if (!check_parts(key, err)) return false;
    Json *value = value_of(key, equals + 1, err);
    return value && config_put(document, key, value, err);
}

static const Field *field_named(const Field *fields, const char *name) {
    for (; fields && fields->name; fields++)
        if (strcmp(fields->name, name) == 0) return fields;
    return NULL;
}

static const Field *field_below(const Field *field, const char *name) {
    if (field->kind == FIELD_KIND_GROUP) return field_named(field->fields, name);
    for (int i = 0; field->kind == FIELD_KIND_CHOICE && i < field->family->count; i++) {
        const Field *found = field_named(family_row(field->family, i)->fields, name);
        if (found) return found;
    }
    return NULL;
}

const Field *config_field(const Field *fields, const char *key) {
    char parts[KEY_BYTES], *rest = parts, *part;
    if (!text_copy(parts, sizeof parts, key)) return NULL;
    const Field *field = field_named(fields, strsep(&rest, "."));
    while (field && (part = strsep(&rest, ".")))
        if (index_of(part) < 0) field = field_below(field, part);
    return field;
}
