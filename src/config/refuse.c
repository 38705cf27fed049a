/* refuse: see refuse.h. */
#include "config/refuse.h"

#include "base/text.h"
#include "config/describe.h"

#include <ctype.h>
#include <stdlib.h>
#include <string.h>

/* ---- words for messages ------------------------------------------------------------------------------ */

Place place_below(const Place *place, const char *key) {
    Place below = *place;
    text_append(below.path, sizeof below.path, "%s%s", below.path[0] ? "." : "", key);
    return below;
}

Place place_at(const Place *place, int i) {
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
void seen_value(const Json *json, char *out) {
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

void add_name(Names *names, const char *name) {
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

void fail_unknown(const Place *place, const char *noun, const char *word, const Names *names, Error *err) {
    char hint[WORDS_BYTES], seen[SEEN_BYTES];
    suggest(names, word, names->count == 1 ? "use " : "use one of ", hint);
    seen_text(word, seen);
    fail(err, "%s%sunknown %s '%s'%s", place->path, separator(place), noun, seen, hint);
}

/* `expected …, got …`, and how to mend a number in quotes or a text without them. */
void fail_kind(const Place *place, const char *wanted, const Field *field, const Json *json, Error *err) {
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

void fail_item(const Place *place, const Field *field, const Json *json, Error *err) {
    char wanted[WORDS_BYTES];
    describe_kind(field, wanted);
    fail_kind(place, wanted, field, json, err);
}

void fail_list(const Field *field, const Json *json, const Place *place, Error *err) {
    char item[WORDS_BYTES], wanted[WORDS_BYTES + 32];
    describe_kind(field, item);
    snprintf(wanted, sizeof wanted, field->one_or_list ? "%s or a list of such" : "a list, each %s", item);
    fail_kind(place, wanted, field, json, err);
}

/* `variant` is the row whose parameters the fields are, or NULL. */
void fail_key(const char *key, const Field *fields, const Variant *variant, const Place *place, Error *err) {
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

/* ---- a key alone --------------------------------------------------------------------------------------- */

const Field *field_named(const Field *fields, const char *name) {
    for (const Field *field = fields; field && field->name; field++)
        if (strcmp(field->name, name) == 0) return field;
    return NULL;
}

static bool is_index(const char *part) { return *part && !part[strspn(part, "0123456789")]; }

/* Rows share many of their parameters' names. */
static void add_new_keys(Names *names, const Field *fields) {
    for (const Field *field = fields; field && field->name; field++) {
        int i = 0;
        while (i < names->count && strcmp(names->name[i], field->name) != 0) i++;
        if (i == names->count) add_name(names, field->name);
    }
}

/* The first parameter of that name that a row of the family has. */
static const Field *find_parameter(const Family *family, const char *name, const Place *place, Error *err) {
    Names names = {0};
    for (int i = 0; i < family->count; i++) {
        const Field *found = field_named(family_row(family, i)->fields, name);
        if (found) return found;
        add_new_keys(&names, family_row(family, i)->fields);
    }
    char hint[WORDS_BYTES], seen[SEEN_BYTES];
    seen_text(name, seen);
    Place below = place_below(place, seen);
    suggest(&names, name, "their parameters: ", hint);
    fail(err, "%s: no %s has '%s'%s", below.path, family->name, seen, hint);
    return NULL;
}

/* A field that takes neither keys nor, with `index`, places. */
static const Field *fail_part(const Field *field, bool index, const Place *place, Error *err) {
    Json *seen = index ? json_new_array() : json_new_object();
    if (field->most) fail_list(field, seen, place, err);
    else fail_item(place, field, seen, err);
    json_free(seen);
    return NULL;
}

static const Field *find_key(const Field *fields, const char *key, const Place *place, Error *err) {
    const Field *found = field_named(fields, key);
    if (!found) fail_key(key, fields, NULL, place, err);
    return found;
}

static const Field *find_part(const Field *field, const char *part, const Place *place, Error *err) {
    if (is_index(part) && field->kind != FIELD_KIND_GROUP)
        return field->most || field->kind == FIELD_KIND_TEXTS ? field : fail_part(field, true, place, err);
    if (field->kind == FIELD_KIND_CHOICE)
        return strcmp(part, "name") == 0 ? field : find_parameter(field->family, part, place, err);
    return field->kind == FIELD_KIND_GROUP ? find_key(field->fields, part, place, err)
                                           : fail_part(field, false, place, err);
}

const Field *config_field(const Field *fields, const char *key, Error *err) {
    char parts[PLACE_BYTES], *rest = parts, *part;
    Place place = {""};
    if (!text_copy(parts, sizeof parts, key)) {
        fail(err, "key of more than %d bytes; shorten it", PLACE_BYTES - 1);
        return NULL;
    }
    const Field *field = find_key(fields, part = strsep(&rest, "."), &place, err);
    for (place = place_below(&place, part); field && (part = strsep(&rest, ".")); place = place_below(&place, part))
        field = find_part(field, part, &place, err);
    return field;
}
