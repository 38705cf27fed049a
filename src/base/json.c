/* json: see json.h. cJSON keeps the tree; checking and printing are ours: cJSON_Print may lose a number's
 * last bit and indents with tabs, and cJSON_Compare takes neighbouring doubles for equal. */
#include "base/json.h"

#include "base/json_scan.h"
#include "base/text.h"

#include <assert.h>
#include <cjson/cJSON.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>

Json *json_parse(const char *text, size_t length, Error *err) {
    if (!json_scan(text, length, err)) return NULL;
    Json *json = cJSON_ParseWithLengthOpts(text, length, NULL, false);
    if (!json) fail(err, "not enough memory for %zu bytes of JSON", length);
    return json;
}

void json_free(Json *json) { cJSON_Delete(json); }

/* ---- looking ----------------------------------------------------------------------------------------- */

JsonType json_type(const Json *json) {
    switch (json->type & 0xFF) {
    case cJSON_NULL: return JSON_NULL;
    case cJSON_Number: return JSON_NUMBER;
    case cJSON_String: return JSON_TEXT;
    case cJSON_Array: return JSON_ARRAY;
    case cJSON_Object: return JSON_OBJECT;
    default: return JSON_BOOL;
    }
}

const char *json_type_name(const Json *json) {
    static const char *const names[] = {"null", "true or false", "a number", "a text", "a list", "an object"};
    return names[json_type(json)];
}

bool json_bool(const Json *json) { return cJSON_IsTrue(json); }
double json_number(const Json *json) { return json->valuedouble; }
const char *json_text(const Json *json) { return json->valuestring; }
int json_count(const Json *json) { return cJSON_GetArraySize(json); }

const Json *json_first(const Json *json) { return json->child; }
const Json *json_next(const Json *child) { return child->next; }
const char *json_key(const Json *member) { return member->string; }
Json *json_get(const Json *object, const char *key) { return cJSON_GetObjectItemCaseSensitive(object, key); }
Json *json_at(const Json *array, int i) { return cJSON_GetArrayItem(array, i); }

static bool objects_equal(const Json *a, const Json *b) {
    if (json_count(a) != json_count(b)) return false;
    for (const Json *member = a->child; member; member = member->next) {
        const Json *other = json_get(b, member->string);
        if (!other || !json_equal(member, other)) return false;
    }
    return true;
}

static bool arrays_equal(const Json *a, const Json *b) {
    const Json *x = a->child, *y = b->child;
    while (x && y && json_equal(x, y)) x = x->next, y = y->next;
    return !x && !y;
}

bool json_equal(const Json *a, const Json *b) {
    if (json_type(a) != json_type(b)) return false;
    switch (json_type(a)) {
    case JSON_NULL: return true;
    case JSON_BOOL: return json_bool(a) == json_bool(b);
    case JSON_NUMBER: return json_number(a) == json_number(b);
    case JSON_TEXT: return strcmp(json_text(a), json_text(b)) == 0;
    case JSON_ARRAY: return arrays_equal(a, b);
    case JSON_OBJECT: return objects_equal(a, b);
    }
    return false;
}

/* ---- building ---------------------------------------------------------------------------------------- */

/* Documents are small beside the data: without memory for one there is nothing left to save. */
static Json *made(Json *json) {
    if (!json) abort();
    return json;
}

Json *json_new_null(void) { return made(cJSON_CreateNull()); }
Json *json_new_bool(bool value) { return made(cJSON_CreateBool(value)); }
Json *json_new_text(const char *text) { return made(cJSON_CreateString(text)); }
Json *json_new_array(void) { return made(cJSON_CreateArray()); }
Json *json_new_object(void) { return made(cJSON_CreateObject()); }
Json *json_copy(const Json *json) { return made(cJSON_Duplicate(json, true)); }

Json *json_new_number(double value) {
    assert(isfinite(value));
    return made(cJSON_CreateNumber(value));
}

void json_set(Json *object, const char *key, Json *value) {
    bool done = json_get(object, key) ? cJSON_ReplaceItemInObjectCaseSensitive(object, key, value)
                                      : cJSON_AddItemToObject(object, key, value);
    if (!done) abort();
}

Json *json_take(Json *object, const char *key) { return cJSON_DetachItemFromObjectCaseSensitive(object, key); }

void json_append(Json *array, Json *value) {
    if (!cJSON_AddItemToArray(array, value)) abort();
}

void json_replace(Json *array, int i, Json *value) {
    if (!cJSON_ReplaceItemInArray(array, i, value)) abort();
}

/* ---- printing ---------------------------------------------------------------------------------------- */

static void print_number(FILE *out, double value) {
    char text[32];
    snprintf(text, sizeof text, "%.15g", value);
    if (strtod(text, NULL) != value) snprintf(text, sizeof text, "%.17g", value);
    fputs(text, out);
}

/* Bytes that are no UTF-8 (of a file's name, say) print as U+FFFD: what is printed can always be read. */
static void print_text(FILE *out, const char *text) {
    fputc('"', out);
    for (size_t left = strlen(text), length; left > 0; text += length, left -= length) {
        static const char letters[] = "\"\\bfnrt", meant[] = "\"\\\b\f\n\r\t";
        const char *found = strchr(meant, *text);
        length = text_utf8_length(text, left);
        if (found) fprintf(out, "\\%c", letters[found - meant]);
        else if ((unsigned char)*text < 0x20 || *text == 0x7F) fprintf(out, "\\u%04x", (unsigned)*text);
        else if (length > 0) fwrite(text, 1, length, out);
        else fputs("\xEF\xBF\xBD", out), length = 1;
    }
    fputc('"', out);
}

static bool is_container(const Json *json) { return json_type(json) >= JSON_ARRAY && json->child; }

/* Lists of scalars stay on one line. */
static bool prints_flat(const Json *json) {
    if (json_type(json) == JSON_OBJECT) return false;
    for (const Json *item = json->child; item; item = item->next)
        if (is_container(item)) return false;
    return true;
}

enum { ONE_LINE = -1 }; /* an indent */

static void print_value(FILE *out, const Json *json, int indent);

static void print_items(FILE *out, const Json *json, int indent) {
    bool object = json_type(json) == JSON_OBJECT;
    int inner = indent == ONE_LINE || prints_flat(json) ? ONE_LINE : indent + 2;
    fputc(object ? '{' : '[', out);
    for (const Json *item = json->child; item; item = item->next) {
        if (inner != ONE_LINE) fprintf(out, "\n%*s", inner, "");
        if (object) print_text(out, item->string), fputs(": ", out);
        print_value(out, item, inner);
        if (item->next) fputs(inner == ONE_LINE ? ", " : ",", out);
    }
    if (inner != ONE_LINE) fprintf(out, "\n%*s", indent, "");
    fputc(object ? '}' : ']', out);
}

static void print_value(FILE *out, const Json *json, int indent) {
    switch (json_type(json)) {
    case JSON_NULL: fputs("null", out); break;
    case JSON_BOOL: fputs(json_bool(json) ? "true" : "false", out); break;
    case JSON_NUMBER: print_number(out, json_number(json)); break;
    case JSON_TEXT: print_text(out, json_text(json)); break;
    case JSON_ARRAY:
    case JSON_OBJECT:
        if (json->child) print_items(out, json, indent);
        else fputs(json_type(json) == JSON_OBJECT ? "{}" : "[]", out);
    }
}

char *json_print(const Json *json, bool pretty) {
    char *text = NULL;
    size_t size;
    FILE *out = open_memstream(&text, &size);
    if (!out) abort();
    print_value(out, json, pretty ? 0 : ONE_LINE);
    if (pretty) fputc('\n', out);
    if (fclose(out) != 0) abort();
    return text;
}
