/* describe: see describe.h. */
#include "config/describe.h"

#include "base/text.h"

#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define ADD(...) text_append(out, WORDS_BYTES, __VA_ARGS__)

static bool is_number(const Field *field) {
    return field->kind == FIELD_KIND_INT || field->kind == FIELD_KIND_REAL ||
           field->kind == FIELD_KIND_NUMBER_OR_TEXT;
}

void describe_limits(const Field *field, double *low, double *high) {
    bool none = field->min == 0 && field->max == 0;
    *low = none && !field->above_min ? -INFINITY : field->min;
    *high = none && !field->below_max ? INFINITY : field->max;
}

bool describe_in_range(const Field *field, double value) {
    double low, high;
    describe_limits(field, &low, &high);
    return (field->above_min ? value > low : value >= low) && (field->below_max ? value < high : value <= high);
}

bool describe_empty_allowed(const Field *field) {
    return field->least == 0 || (!field->required && !field->def_text);
}

/* A million or more in whole millions, or less than 1e-4: 1e6, 2.5e-6. */
static bool is_short_with_exponent(double value) {
    double size = fabs(value);
    return value != 0 && (size < 1e-4 || (size >= 1e6 && size < 1e15 && fmod(size, 1e6) == 0));
}

/* As JSON has it, with as many digits as it takes. */
static void add_number(char *out, double value) {
    char text[32];
    int digits = 0;
    bool exponent = is_short_with_exponent(value);
    do snprintf(text, sizeof text, exponent ? "%.*e" : "%.*g", exponent ? digits : 15 + digits, value);
    while (strtod(text, NULL) != value && ++digits < 17);
    size_t mantissa = strcspn(text, "e");
    if (text[mantissa]) snprintf(text + mantissa, sizeof text - mantissa, "e%d", atoi(text + mantissa + 1));
    ADD("%s", text);
}

void describe_range(const Field *field, char *out) {
    double low, high;
    describe_limits(field, &low, &high);
    bool has_low = low > -WHOLE_MOST, has_high = high < WHOLE_MOST;
    out[0] = '\0';
    if (has_low && has_high) ADD(field->above_min ? "above " : "from ");
    else if (has_low) ADD(field->above_min ? "above " : "at least ");
    if (has_low) add_number(out, low);
    if (has_low && has_high) ADD(field->below_max ? " to below " : field->above_min ? " to at most " : " to ");
    else if (has_high) ADD(field->below_max ? "below " : "at most ");
    if (has_high) add_number(out, high);
}

static const char *kind_name(const Field *field) {
    switch (field->kind) {
    case FIELD_KIND_BOOL: return "true or false";
    case FIELD_KIND_INT: return "whole number";
    case FIELD_KIND_REAL: return "number";
    case FIELD_KIND_TEXT: return field->is_path ? "path" : "text";
    case FIELD_KIND_NAME: return "name";
    case FIELD_KIND_CHOICE: return field->family->name;
    case FIELD_KIND_OBJECT:
    case FIELD_KIND_GROUP: return "object";
    case FIELD_KIND_COLUMN: return "column's name or index";
    case FIELD_KIND_NUMBER_OR_TEXT: return field->is_path ? "number or path" : "number or text";
    case FIELD_KIND_TEXTS: return "list of texts";
    case FIELD_END: break;
    }
    return "";
}

void describe_kind(const Field *field, char *out) {
    out[0] = '\0';
    if (field->kind == FIELD_KIND_CHOICE) ADD("a name or an object");
    else if (field->kind == FIELD_KIND_BOOL) ADD("true or false");
    else if (field->kind == FIELD_KIND_TEXT) ADD("a text");
    else if (field->kind == FIELD_KIND_NUMBER_OR_TEXT) ADD("a number or a text");
    else ADD("%s %s", strcmp(kind_name(field), "object") == 0 ? "an" : "a", kind_name(field));
    if (field->word) ADD(" or \"%s\"", field->word);
    if (field->nullable) ADD(" or null");
}

static void describe_item(const Field *field, char *out) {
    char range[WORDS_BYTES] = "";
    if (is_number(field)) describe_range(field, range);
    if (field->kind == FIELD_KIND_NAME) {
        for (int i = 0; field->names[i]; i++) ADD("%s%s", i ? " | " : "", field->names[i]);
    } else if (field->kind == FIELD_KIND_NUMBER_OR_TEXT && range[0]) {
        ADD("number %s or %s", range, field->is_path ? "path" : "text");
    } else {
        ADD("%s%s%s", kind_name(field), range[0] ? " " : "", range);
    }
    if (field->unit) ADD(" (%s)", field->unit);
    if (field->word) ADD(" or \"%s\"", field->word);
    if (field->nullable) ADD(" or null");
}

void describe_type(const Field *field, char *out) {
    out[0] = '\0';
    if (field->most > 1 || (field->most && !field->one_or_list)) {
        if (field->one_or_list) ADD("one or a ");
        ADD("list of ");
        if (field->least) ADD("%d to %d: ", field->least, field->most);
        else ADD("at most %d: ", field->most);
    }
    describe_item(field, out);
}

static void describe_value(const Field *field, char *out) {
    switch (field->kind) {
    case FIELD_KIND_BOOL: ADD(field->def != 0 ? "true" : "false"); break;
    case FIELD_KIND_INT:
    case FIELD_KIND_REAL:
    case FIELD_KIND_NUMBER_OR_TEXT: add_number(out, field->def); break;
    case FIELD_KIND_TEXT: ADD("\"%s\"", field->def_text ? field->def_text : ""); break;
    case FIELD_KIND_NAME: ADD("%s", field->names[(int)field->def]); break;
    case FIELD_KIND_CHOICE: ADD("%s", field->def_text ? field->def_text : ""); break;
    case FIELD_KIND_COLUMN: ADD("\"\""); break;
    case FIELD_KIND_TEXTS: ADD("[]"); break;
    case FIELD_KIND_OBJECT: ADD("{}"); break;
    case FIELD_KIND_GROUP:
    case FIELD_END: break;
    }
}

void describe_default(const Field *field, char *out) {
    out[0] = '\0';
    if (field->required) ADD("required");
    else if (field->def_text && field->kind != FIELD_KIND_TEXT) ADD("%s", field->def_text);
    else if (field->most) ADD("[]");
    else if (field->nullable) ADD("null");
    else if (field->word && field->def == field->word_value) ADD("\"%s\"", field->word);
    else describe_value(field, out);
}
