/* json: JSON documents. The only file that includes cJSON.h.
 *
 * Reading is strict (RFC 8259, UTF-8): a scan of its own comes before cJSON, which would take `01`, raw
 * newlines, invalid UTF-8 and doubled keys, and cut strings at \u0000. Children are walked with json_first
 * and json_next (cJSON's arrays are linked lists: indexing them is quadratic). */
#ifndef NNEXP_BASE_JSON_H
#define NNEXP_BASE_JSON_H

#include "base/error.h"

typedef struct cJSON Json;

typedef enum JsonType { JSON_NULL, JSON_BOOL, JSON_NUMBER, JSON_TEXT, JSON_ARRAY, JSON_OBJECT } JsonType;

/* Parses text[0 … length). The caller frees with json_free. On failure NULL, and err holds
 * `LINE:COLUMN: what is wrong`, then the line and a caret below the place. Doubled keys, numbers beyond
 * double's range, nesting deeper than 100 and \u0000 are refused (json_scan.h). */
Json *json_parse(const char *text, size_t length, Error *err);
void json_free(Json *json);

JsonType json_type(const Json *json);
/* "null", "true or false", "a number", "a text", "a list", "an object". */
const char *json_type_name(const Json *json);
bool json_bool(const Json *json);
double json_number(const Json *json);
const char *json_text(const Json *json);
int json_count(const Json *json); /* items or members */

const Json *json_first(const Json *json); /* of an array or object; NULL when empty */
const Json *json_next(const Json *child);
const char *json_key(const Json *member);
/* The member of that exact (case-sensitive) key, or NULL. */
Json *json_get(const Json *object, const char *key);
/* The item at that place, or NULL. Linear in i. */
Json *json_at(const Json *array, int i);

/* New values; whoever adds them to a container gives ownership away. */
Json *json_new_null(void);
Json *json_new_bool(bool value);
Json *json_new_number(double value); /* must be finite */
Json *json_new_text(const char *text);
Json *json_new_array(void);
Json *json_new_object(void);
Json *json_copy(const Json *json);
/* Adds a member, or replaces the one of that key in its place. */
void json_set(Json *object, const char *key, Json *value);
/* Takes the member of that key out; NULL where there is none. The caller frees it. */
Json *json_take(Json *object, const char *key);
void json_append(Json *array, Json *value);
void json_replace(Json *array, int i, Json *value);
bool json_equal(const Json *a, const Json *b);

/* Printed with two spaces of indent and a final newline, or on one line (pretty false); numbers with the
 * fewest digits (of 15 or 17) that read back the same, bytes that are not UTF-8 as U+FFFD. The caller frees
 * it. */
char *json_print(const Json *json, bool pretty);

#endif
