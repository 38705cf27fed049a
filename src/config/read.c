/* read: see read.h. One function a kind of field; each says what is wrong by itself and returns nothing: the
 * caller counts errors. */
#include "config/read.h"

#include "base/text.h"
#include "config/describe.h"

#include <assert.h>
#include <ctype.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>

enum { PLACE_BYTES = 512, SEEN_BYTES = 120, MOST_NAMES = 256 };

/* ---- words for messages ------------------------------------------------------------------------------ */

/* A dotted path: "model.init.1.std". */
typedef struct Place {
    char path[PLACE_BYTES];
} Place;

static Place place_below(const Place *place, const char *key) {
    Place below = *place;
    text_append(below.path, sizeof below.path, "%s%s", below.path[0] ? "." : "", key);
    return below;
}

static Place place_at(const Place *place, int i) {
    Place at = *place;
    text_append(at.path, sizeof at.path, ".%d", i);
    return at;
}

static const char *separator(const Place *place) { return place->path[0] ? ": " : ""; }

/* The text for a message: at most 60 bytes of it, control characters as '?'. */
static void seen_text(const char *text, char *out) {
    size_t length = strlen(text), shown = length;
    if (length > 60)
        for (shown = 60; shown > 0 && ((unsigned char)text[shown] & 0xC0) == 0x80;) shown--;
    snprintf(out, SEEN_BYTES, "%.*s%s", (int)shown, text, shown < length ? "..." : "");
    for (char *at = out; *at; at++)
        if (iscntrl((unsigned char)*at)) *at = '?';
}

/* "2.5", "a text (\"x\")", "a list": the value seen. */
static void seen_value(const Json *json, char *out) {
    char text[SEEN_BYTES];
    if (json_type(json) == JSON_TEXT) {
        seen_text(json_text(json), text);
        snprintf(out, SEEN_BYTES, "a text (\"%.100s\")", text);
    } else if (json_type(json) >= JSON_ARRAY) {
        snprintf(out, SEEN_BYTES, "%s", json_type_name(json));
    } else {
        char *printed = json_print(json, false);
        snprintf(out, SEEN_BYTES, "%s", printed);
        free(printed);
    }
}

/* Names that a word could have been. */
typedef struct Names {
    int count;
    const char *name[MOST_NAMES];
} Names;

static void add_name(Names *names, const char *name) {
    if (names->count < MOST_NAMES) names->name[names->count++] = name;
}

static void add_keys(Names *names, const Field *fields) {
    for (const Field *field = fields; field && field->name; field++) add_name(names, field->name);
}

/* `did you mean 'x'?`, or `LEAD a, b, c` when nothing is near; "" without names. */
static void suggest(const Names *names, const char *word, const char *lead, char *out) {
    char lower[64] = "";
    text_copy(lower, sizeof lower, word);
    for (char *at = lower; *at; at++) *at = (char)tolower((unsigned char)*at);
    const char *nearest = NULL;
    int distance = 0;
    out[0] = '\0';
    for (int i = 0; i < names->count; i++) text_nearer(lower, names->name[i], &nearest, &distance);
    if (nearest) text_append(out, WORDS_BYTES, "; did you mean '%s'?", nearest);
    for (int i = 0; !nearest && i < names->count; i++)
        text_append(out, WORDS_BYTES, "%s%s%s", i ? ", " : "; ", i ? "" : lead, names->name[i]);
}

static void fail_unknown(const Place *place, const char *noun, const char *word, const Names *names, Error *err) {
    char hint[WORDS_BYTES], seen[SEEN_BYTES];
    suggest(names, word, names->count == 1 ? "use " : "use one of ", hint);
    seen_text(word, seen);
    fail(err, "%s%sunknown %s '%s'%s", place->path, separator(place), noun, seen, hint);
}

/* `expected …, got …`, and how to mend a number in quotes or a text without them. */
static void fail_kind(const Place *place, const char *wanted, const Field *field, const Json *json, Error *err) {
    char seen[SEEN_BYTES];
    const char *hint = "";
    double number;
    bool takes_number = field->kind == FIELD_KIND_INT || field->kind == FIELD_KIND_REAL;
    JsonType type = json_type(json);
    if (takes_number && type == JSON_TEXT && text_number(json_text(json), strlen(json_text(json)), &number))
        hint = "; remove the quotes";
    if (field->kind == FIELD_KIND_BOOL && type == JSON_TEXT &&
        (strcmp(json_text(json), "true") == 0 || strcmp(json_text(json), "false") == 0))
        hint = "; remove the quotes";
    if (field->kind == FIELD_KIND_TEXT && (type == JSON_NUMBER || type == JSON_BOOL))
        hint = "; put it in double quotes";
    seen_value(json, seen);
    fail(err, "%s%sexpected %s, got %s%s", place->path, separator(place), wanted, seen, hint);
}

static void fail_item(const Place *place, const Field *field, const Json *json, Error *err) {
    char wanted[WORDS_BYTES];
    describe_kind(field, wanted);
    fail_kind(place, wanted, field, json, err);
}

/* ---- one item ---------------------------------------------------------------------------------------- */

static void read_fields(const Json *object, const Field *fields, const Variant *variant, const Place *place,
                        void *out, Error *err);

static bool number_allowed(const Field *field, const Json *json, const Place *place, Error *err) {
    double value = json_number(json);
    bool whole = field->kind == FIELD_KIND_INT;
    if (whole && value != floor(value)) {
        fail_item(place, field, json, err);
        return false;
    }
    bool exact = !whole || fabs(value) <= WHOLE_MOST;
    if (exact && describe_in_range(field, value)) return true;
    char seen[SEEN_BYTES], range[WORDS_BYTES];
    seen_value(json, seen);
    describe_range(field, range);
    if (!exact) return fail(err, "%s: %s is too large; whole numbers end at %.0f", place->path, seen, WHOLE_MOST);
    return fail(err, "%s: %s is out of range; use a %s %s", place->path, seen, whole ? "whole number" : "number",
                range);
}

/* The number for an INT or REAL field: JSON's, or its word's. */
static bool read_number(const Field *field, const Json *json, const Place *place, double *value, Error *err) {
    bool word = field->word && json_type(json) == JSON_TEXT && strcmp(json_text(json), field->word) == 0;
    *value = word ? field->word_value : json_number(json);
    if (word) return true;
    if (json_type(json) == JSON_NUMBER) return number_allowed(field, json, place, err);
    fail_item(place, field, json, err);
    return false;
}

static void read_int(const Field *field, const Json *json, const Place *place, int64_t *out, Error *err) {
    double value;
    if (field->nullable && json_type(json) == JSON_NULL) *out = INT64_MIN;
    else if (read_number(field, json, place, &value, err)) *out = (int64_t)value;
}

static void read_real(const Field *field, const Json *json, const Place *place, double *out, Error *err) {
    double value;
    if (field->nullable && json_type(json) == JSON_NULL) *out = NAN;
    else if (read_number(field, json, place, &value, err)) *out = value;
}

static void read_bool(const Field *field, const Json *json, const Place *place, bool *out, Error *err) {
    if (json_type(json) == JSON_BOOL) *out = json_bool(json);
    else fail_item(place, field, json, err);
}

/* Zeroes what the text does not fill: structs of equal values have equal bytes. */
static void read_text(const Json *json, size_t size, const Place *place, char *out, Error *err) {
    const char *text = json_text(json);
    memset(out, 0, size);
    if (!text_copy(out, size, text))
        fail(err, "%s: text of %zu bytes; use at most %zu", place->path, strlen(text), size - 1);
}

static void read_name(const Field *field, const Json *json, const Place *place, int *out, Error *err) {
    const char *word = json_type(json) == JSON_TEXT   ? json_text(json)
                       : json_type(json) != JSON_BOOL ? NULL
                       : json_bool(json)              ? "true"
                                                      : "false";
    if (!word) {
        fail_item(place, field, json, err);
        return;
    }
    Names names = {0};
    for (int i = 0; field->names[i]; i++) {
        add_name(&names, field->names[i]);
        if (strcmp(field->names[i], word) == 0) {
            *out = i;
            return;
        }
    }
    fail_unknown(place, "value", word, &names, err);
}

static void read_column(const Field *field, const Json *json, const Place *place, ColumnName *out, Error *err) {
    memset(out, 0, sizeof *out);
    if (json_type(json) == JSON_TEXT) {
        read_text(json, sizeof out->name, place, out->name, err);
    } else if (json_type(json) == JSON_NUMBER) {
        static const Field index = {.kind = FIELD_KIND_INT};
        out->by_index = true;
        read_int(&index, json, place, &out->index, err);
    } else {
        fail_item(place, field, json, err);
    }
}

static void read_number_or_text(const Field *field, const Json *json, const Place *place, NumberOrText *out,
                                Error *err) {
    memset(out, 0, sizeof *out);
    if (json_type(json) == JSON_NUMBER && number_allowed(field, json, place, err)) {
        out->number = json_number(json);
    } else if (json_type(json) == JSON_TEXT) {
        out->is_text = true;
        read_text(json, sizeof out->text, place, out->text, err);
    } else if (json_type(json) != JSON_NUMBER) {
        fail_item(place, field, json, err);
    }
}

static void read_texts(const Field *field, const Json *json, const Place *place, TextPool *out, Error *err) {
    memset(out, 0, sizeof *out);
    if (json_type(json) != JSON_ARRAY) {
        fail_item(place, field, json, err);
        return;
    }
    int i = 0;
    for (const Json *item = json_first(json); item; item = json_next(item), i++) {
        Place at = place_at(place, i);
        if (json_type(item) != JSON_TEXT) fail_item(&at, &(Field){.kind = FIELD_KIND_TEXT}, item, err);
        else if (!text_pool_add(out, json_text(item))) {
            fail(err, "%s: the texts take more than the %d bytes there is room for; use fewer or shorter ones",
                 place->path, TEXT_POOL_BYTES);
            return;
        }
    }
}

static const Variant *find_row(const Family *family, const char *name, const Place *place, Error *err) {
    const Variant *row = family_find(family, name);
    if (row) return row;
    Names names = {0};
    for (int i = 0; i < family->count; i++) add_name(&names, family_row(family, i)->name);
    fail_unknown(place, family->name, name, &names, err);
    return NULL;
}

/* The row that an object names; without "name", the field's default row. */
static const Variant *row_of_object(const Field *field, const Json *json, const Place *place, Error *err) {
    const Json *name = json_get(json, "name");
    Place below = place_below(place, "name");
    if (name && json_type(name) == JSON_TEXT) return find_row(field->family, json_text(name), &below, err);
    if (name) fail_kind(&below, "a text", &(Field){.kind = FIELD_KIND_TEXT}, name, err);
    else if (field->def_text) return family_find(field->family, field->def_text);
    else fail(err, "%s: required key is missing; give the %s's name", below.path, field->family->name);
    return NULL;
}

static void read_choice(const Field *field, const Json *json, const Place *place, Choice *out, Error *err) {
    bool object = json_type(json) == JSON_OBJECT;
    if (!object && json_type(json) != JSON_TEXT) {
        fail_item(place, field, json, err);
        return;
    }
    const Variant *row =
        object ? row_of_object(field, json, place, err) : find_row(field->family, json_text(json), place, err);
    if (!row) return;
    memset(out, 0, sizeof *out);
    out->variant = row;
    read_fields(object ? json : NULL, row->fields, row, place, out->params.bytes, err);
}

/* A nullable group begins with `bool on`. */
static void read_group(const Field *field, const Json *json, const Place *place, void *out, Error *err) {
    if (json && field->nullable && json_type(json) == JSON_NULL) return;
    if (json && json_type(json) != JSON_OBJECT) {
        fail_item(place, field, json, err);
        return;
    }
    if (field->nullable) *(bool *)out = true;
    read_fields(json, field->fields, NULL, place, out, err);
}

static void read_item(const Field *field, const Json *json, const Place *place, void *out, Error *err) {
    switch (field->kind) {
    case FIELD_KIND_BOOL: read_bool(field, json, place, out, err); break;
    case FIELD_KIND_INT: read_int(field, json, place, out, err); break;
    case FIELD_KIND_REAL: read_real(field, json, place, out, err); break;
    case FIELD_KIND_TEXT:
        if (json_type(json) == JSON_TEXT) read_text(json, field->size, place, out, err);
        else fail_item(place, field, json, err);
        break;
    case FIELD_KIND_NAME: read_name(field, json, place, out, err); break;
    case FIELD_KIND_CHOICE: read_choice(field, json, place, out, err); break;
    case FIELD_KIND_GROUP: read_group(field, json, place, out, err); break;
    case FIELD_KIND_COLUMN: read_column(field, json, place, out, err); break;
    case FIELD_KIND_NUMBER_OR_TEXT: read_number_or_text(field, json, place, out, err); break;
    case FIELD_KIND_TEXTS: read_texts(field, json, place, out, err); break;
    case FIELD_KIND_OBJECT:
        if (json_type(json) != JSON_OBJECT) fail_item(place, field, json, err);
        break;
    case FIELD_END: break;
    }
}

/* ---- lists and objects ------------------------------------------------------------------------------- */

static void fail_list(const Field *field, const Json *json, const Place *place, Error *err) {
    char item[WORDS_BYTES], wanted[WORDS_BYTES + 32];
    describe_kind(field, item);
    snprintf(wanted, sizeof wanted, field->one_or_list ? "%s or a list of such" : "a list, each %s", item);
    fail_kind(place, wanted, field, json, err);
}

/* Whether a value that is no list may stand for a list of one. */
static bool stands_for_list(const Field *field, const Json *json) {
    if (!field->one_or_list || json_type(json) == JSON_NULL) return false;
    return json_type(json) != JSON_OBJECT || field->kind == FIELD_KIND_CHOICE || field->kind == FIELD_KIND_GROUP;
}

static void read_list(const Field *field, const Json *json, const Place *place, void *struct_out, Error *err) {
    char *items = (char *)struct_out + field->offset;
    int *count = (int *)((char *)struct_out + field->count_offset);
    bool list = json_type(json) == JSON_ARRAY;
    if (!list && !stands_for_list(field, json)) {
        fail_list(field, json, place, err);
        return;
    }
    int given = list ? json_count(json) : 1;
    if (given > field->most) fail(err, "%s: list of %d items; use at most %d", place->path, given, field->most);
    if (given < field->least && (given > 0 || !describe_empty_allowed(field)))
        fail(err, "%s: list of %d items; use at least %d", place->path, given, field->least);
    memset(items, 0, field->size * (size_t)field->most);
    *count = given < field->most ? given : field->most;
    const Json *item = list ? json_first(json) : json;
    for (int i = 0; i < *count; i++, item = list ? json_next(item) : NULL) {
        Place at = list ? place_at(place, i) : *place;
        if (field->kind == FIELD_KIND_GROUP) fields_default(field->fields, items + field->size * (size_t)i);
        read_item(field, item, &at, items + field->size * (size_t)i, err);
    }
}

static void read_member(const Field *field, const Json *json, const Place *place, void *struct_out, Error *err) {
    if (field->most) read_list(field, json, place, struct_out, err);
    else read_item(field, json, place, (char *)struct_out + field->offset, err);
}

/* A member that the document does not have. */
static void read_absent(const Field *field, const Place *place, void *struct_out, Error *err) {
    if (field->required) {
        char type[WORDS_BYTES];
        describe_type(field, type);
        fail(err, "%s: required key is missing; %s: %s", place->path, field->help ? field->help : field->name, type);
    } else if (field->kind == FIELD_KIND_GROUP && !field->most && !field->nullable) {
        read_group(field, NULL, place, (char *)struct_out + field->offset, err);
    }
}

/* `variant` is the row whose parameters the fields are, or NULL. */
static void fail_key(const char *key, const Field *fields, const Variant *variant, const Place *place, Error *err) {
    char hint[WORDS_BYTES], seen[SEEN_BYTES];
    Names names = {0};
    add_keys(&names, fields);
    seen_text(key, seen);
    Place below = place_below(place, seen);
    suggest(&names, key, variant ? "its parameters: " : "known keys: ", hint);
    if (!variant) fail(err, "%s: unknown key%s", below.path, hint);
    else if (names.count) fail(err, "%s: %s has no '%s'%s", below.path, variant->name, seen, hint);
    else fail(err, "%s: %s has no '%s'; it takes no parameters", below.path, variant->name, seen);
}

static const Field *find_field(const Field *fields, const char *key) {
    for (const Field *field = fields; field && field->name; field++)
        if (strcmp(field->name, key) == 0) return field;
    return NULL;
}

/* Reads the members of an object (NULL: of {}), after setting every default. */
static void read_fields(const Json *object, const Field *fields, const Variant *variant, const Place *place,
                        void *out, Error *err) {
    if (fields) fields_default(fields, out);
    for (const Json *member = object ? json_first(object) : NULL; member; member = json_next(member)) {
        const Field *field = find_field(fields, json_key(member));
        if (!field && variant && strcmp(json_key(member), "name") == 0) continue;
        if (!field) {
            fail_key(json_key(member), fields, variant, place, err);
            continue;
        }
        Place below = place_below(place, field->name);
        read_member(field, member, &below, out, err);
    }
    for (const Field *field = fields; field && field->name; field++) {
        if (object && json_get(object, field->name)) continue;
        Place below = place_below(place, field->name);
        read_absent(field, &below, out, err);
    }
}

bool config_read(const Json *object, const Field *fields, const char *path, void *out, Error *err) {
    int before = err->count + err->dropped;
    Place place;
    text_copy(place.path, sizeof place.path, path);
    read_group(&(Field){.kind = FIELD_KIND_GROUP, .fields = fields}, object, &place, out, err);
    return err->count + err->dropped == before;
}
