/* show: see show.h. The mirror of read.c; list.c and schema.c hold the rest of show.h. */
#include "config/show.h"

#include <string.h>

static Json *show_number(const Field *field, double value) {
    if (isnan(value)) return json_new_null();
    if (field->word && value == field->word_value) return json_new_text(field->word);
    return json_new_number(value);
}

static Json *show_name(const char *name) {
    bool yes = strcmp(name, "true") == 0, no = strcmp(name, "false") == 0;
    return yes || no ? json_new_bool(yes) : json_new_text(name);
}

static void show_fields(const Field *fields, const void *in, Json *object);

static Json *show_choice(const Choice *choice) {
    const Variant *row = choice->variant;
    if (!row->fields || !row->fields->name) return json_new_text(row->name);
    Json *object = json_new_object();
    json_set(object, "name", json_new_text(row->name));
    show_fields(row->fields, choice->params.bytes, object);
    return object;
}

static Json *show_group(const Field *field, const void *in) {
    if (field->nullable && !*(const bool *)in) return json_new_null();
    return config_show(field->fields, in);
}

static Json *show_column(const ColumnName *column) {
    return column->by_index ? json_new_number((double)column->index) : json_new_text(column->name);
}

static Json *show_texts(const TextPool *pool) {
    Json *list = json_new_array();
    for (const char *text = NULL; (text = text_pool_next(pool, text));) json_append(list, json_new_text(text));
    return list;
}

static Json *show_item(const Field *field, const void *in) {
    switch (field->kind) {
    case FIELD_KIND_BOOL: return json_new_bool(*(const bool *)in);
    case FIELD_KIND_INT: {
        int64_t value = *(const int64_t *)in;
        return field->nullable && value == INT64_MIN ? json_new_null() : show_number(field, (double)value);
    }
    case FIELD_KIND_REAL: return show_number(field, *(const double *)in);
    case FIELD_KIND_TEXT: return json_new_text(in);
    case FIELD_KIND_NAME: return show_name(field->names[*(const int *)in]);
    case FIELD_KIND_CHOICE: return show_choice(in);
    case FIELD_KIND_GROUP: return show_group(field, in);
    case FIELD_KIND_COLUMN: return show_column(in);
    case FIELD_KIND_NUMBER_OR_TEXT: {
        const NumberOrText *value = in;
        return value->is_text ? json_new_text(value->text) : json_new_number(value->number);
    }
    case FIELD_KIND_TEXTS: return show_texts(in);
    case FIELD_KIND_OBJECT:
    case FIELD_END: break;
    }
    return json_new_null();
}

static Json *show_list(const Field *field, const void *struct_in) {
    const char *items = (const char *)struct_in + field->offset;
    int count = *(const int *)((const char *)struct_in + field->count_offset);
    if (field->one_or_list && count == 1) return show_item(field, items);
    Json *list = json_new_array();
    for (int i = 0; i < count; i++) json_append(list, show_item(field, items + field->size * (size_t)i));
    return list;
}

static void show_fields(const Field *fields, const void *in, Json *object) {
    for (const Field *field = fields; field->name; field++)
        json_set(object, field->name,
                 field->most ? show_list(field, in) : show_item(field, (const char *)in + field->offset));
}

Json *config_show(const Field *fields, const void *in) {
    Json *object = json_new_object();
    show_fields(fields, in, object);
    return object;
}
