/* schema: fields and families → JSON Schema (draft 2020-12); declared in show.h. It accepts what config_read
 * accepts, but for lengths of texts, which JSON Schema does not count in bytes. */
#include "config/describe.h"
#include "config/show.h"

#include <string.h>

static Json *schema_fields(const Field *fields, const Variant *variant);

static void set_text(Json *object, const char *key, const char *text) { json_set(object, key, json_new_text(text)); }

static Json *new_of_type(const char *type) {
    Json *schema = json_new_object();
    set_text(schema, "type", type);
    return schema;
}

static Json *new_const(const char *text) {
    Json *schema = json_new_object();
    set_text(schema, "const", text);
    return schema;
}

/* {"anyOf": [schema, other]}, flat when called again. Owns both. */
static Json *either(Json *schema, Json *other) {
    Json *list = json_get(schema, "anyOf");
    if (!list) {
        Json *any = json_new_object();
        json_set(any, "anyOf", list = json_new_array());
        json_append(list, schema);
        schema = any;
    }
    json_append(list, other);
    return schema;
}

/* ---- kinds ------------------------------------------------------------------------------------------- */

static Json *schema_number(const Field *field) {
    bool whole = field->kind == FIELD_KIND_INT;
    Json *schema = new_of_type(whole ? "integer" : "number");
    double low, high;
    describe_limits(field, &low, &high);
    if (isfinite(low)) json_set(schema, field->above_min ? "exclusiveMinimum" : "minimum", json_new_number(low));
    if (isfinite(high)) json_set(schema, field->below_max ? "exclusiveMaximum" : "maximum", json_new_number(high));
    return schema;
}

static Json *schema_name(const Field *field) {
    Json *schema = json_new_object(), *names = json_new_array();
    for (int i = 0; field->names[i]; i++) {
        bool yes = strcmp(field->names[i], "true") == 0, no = strcmp(field->names[i], "false") == 0;
        json_append(names, json_new_text(field->names[i]));
        if (yes || no) json_append(names, json_new_bool(yes));
    }
    json_set(schema, "enum", names);
    return schema;
}

/* A family's name or object; also the default row's object without its name. */
static Json *schema_choice(const Field *field) {
    char reference[128];
    snprintf(reference, sizeof reference, "#/$defs/%s", field->family->name);
    Json *schema = json_new_object();
    set_text(schema, "$ref", reference);
    if (!field->def_text) return schema;
    return either(schema, schema_fields(family_find(field->family, field->def_text)->fields, NULL));
}

static Json *schema_texts(void) {
    Json *list = new_of_type("array");
    json_set(list, "items", new_of_type("string"));
    return list;
}

static Json *schema_item(const Field *field) {
    switch (field->kind) {
    case FIELD_KIND_BOOL: return new_of_type("boolean");
    case FIELD_KIND_INT:
    case FIELD_KIND_REAL: return schema_number(field);
    case FIELD_KIND_TEXT: return new_of_type("string");
    case FIELD_KIND_NAME: return schema_name(field);
    case FIELD_KIND_CHOICE: return schema_choice(field);
    case FIELD_KIND_GROUP: return schema_fields(field->fields, NULL);
    case FIELD_KIND_COLUMN: return either(new_of_type("string"), new_of_type("integer"));
    case FIELD_KIND_NUMBER_OR_TEXT: return either(schema_number(field), new_of_type("string"));
    case FIELD_KIND_TEXTS: return schema_texts();
    case FIELD_KIND_OBJECT: return new_of_type("object");
    case FIELD_END: break;
    }
    return json_new_object();
}

static Json *schema_list(const Field *field, Json *item) {
    Json *list = new_of_type("array"), *one = field->one_or_list ? json_copy(item) : NULL;
    json_set(list, "items", item);
    if (field->least) json_set(list, "minItems", json_new_number(field->least));
    json_set(list, "maxItems", json_new_number(field->most));
    if (field->least && describe_empty_allowed(field)) {
        Json *empty = json_new_object();
        json_set(empty, "const", json_new_array());
        list = either(list, empty);
    }
    return one ? either(one, list) : list;
}

/* The default where it is a value and not words about one. */
static void set_default(const Field *field, Json *schema) {
    char words[WORDS_BYTES];
    bool is_name = field->kind == FIELD_KIND_NAME || field->kind == FIELD_KIND_CHOICE;
    if (field->required || (field->kind == FIELD_KIND_GROUP && !field->nullable)) return;
    if (field->kind == FIELD_KIND_CHOICE && !field->def_text && !field->most) return;
    describe_default(field, words);
    Error no_json = {0};
    Json *value = json_parse(words, strlen(words), &no_json);
    if (!value && is_name) value = json_new_text(words);
    if (value) json_set(schema, "default", value);
}

static Json *schema_field(const Field *field) {
    Json *schema = schema_item(field);
    if (field->word) schema = either(schema, new_const(field->word));
    if (field->most) schema = schema_list(field, schema);
    if (field->nullable) schema = either(schema, new_of_type("null"));
    if (field->help) set_text(schema, "description", field->help);
    set_default(field, schema);
    return schema;
}

/* ---- objects ----------------------------------------------------------------------------------------- */

static bool any_needed(const Field *fields);

/* Whether an object without this member is refused. */
static bool is_needed(const Field *field) {
    bool group = field->kind == FIELD_KIND_GROUP && !field->most && !field->nullable;
    return field->required || (group && any_needed(field->fields));
}

static bool any_needed(const Field *fields) {
    for (const Field *field = fields; field && field->name; field++)
        if (is_needed(field)) return true;
    return false;
}

/* An object of these fields and, for a variant, of its name. */
static Json *schema_fields(const Field *fields, const Variant *variant) {
    Json *schema = new_of_type("object"), *properties = json_new_object(), *required = json_new_array();
    if (variant) {
        json_set(properties, "name", new_const(variant->name));
        json_append(required, json_new_text("name"));
    }
    for (const Field *field = fields; field && field->name; field++) {
        json_set(properties, field->name, schema_field(field));
        if (is_needed(field)) json_append(required, json_new_text(field->name));
    }
    json_set(schema, "properties", properties);
    json_set(schema, "required", required);
    json_set(schema, "additionalProperties", json_new_bool(false));
    return schema;
}

/* One alternative a row: its name where no parameter is required, or its object. */
static Json *schema_family(const Family *family) {
    Json *schema = json_new_object(), *alternatives = json_new_array(), *bare = json_new_object();
    Json *names = json_new_array();
    json_append(alternatives, bare);
    for (int i = 0; i < family->count; i++) {
        const Variant *row = family_row(family, i);
        if (!any_needed(row->fields)) json_append(names, json_new_text(row->name));
        Json *object = schema_fields(row->fields, row);
        set_text(object, "description", row->help);
        json_append(alternatives, object);
    }
    json_set(bare, "enum", names);
    set_text(schema, "description", family->help);
    json_set(schema, "oneOf", alternatives);
    return schema;
}

/* Whether a field, or a field below one, names the family's rows. */
static bool is_used(const Field *fields, const Family *family) {
    for (const Field *field = fields; field && field->name; field++)
        if (field->family == family || is_used(field->fields, family)) return true;
    return false;
}

Json *show_schema(const Field *fields, const Family *const *families, int count) {
    Json *schema = json_new_object(), *rest = schema_fields(fields, NULL), *definitions = json_new_object();
    set_text(schema, "$schema", "https://json-schema.org/draft/2020-12/schema");
    set_text(schema, "title", "nnexp config");
    for (const Json *part = json_first(rest); part; part = json_next(part))
        json_set(schema, json_key(part), json_copy(part));
    for (int i = 0; i < count; i++)
        if (is_used(fields, families[i])) json_set(definitions, families[i]->name, schema_family(families[i]));
    json_set(schema, "$defs", definitions);
    json_free(rest);
    return schema;
}
