/* path: --set KEY=VALUE on a JSON document. */
#ifndef NNEXP_CONFIG_PATH_H
#define NNEXP_CONFIG_PATH_H

#include "base/error.h"
#include "base/field.h"
#include "base/json.h"

/* Applies "a.b.0.c=VALUE": VALUE is JSON where the whole of it parses as JSON, else a text. Missing objects
 * on the way are made; a bare name on the way (`"init": "he"`) becomes an object with that name; a number
 * indexes a list (one beyond its end, appending, is allowed at its length). Whether the key exists is
 * config_read's to say.
 * Messages begin with the key; after a failure the document may be half changed. */
bool config_set(Json *document, const char *assignment, Error *err);

/* The same for a key and a value, which it takes over. */
bool config_put(Json *document, const char *key, Json *value, Error *err);

/* The field that a key names, indices of lists passed over; of a parameter, the first row's that has one of that name. NULL:
 * there is none. */
const Field *config_field(const Field *fields, const char *key);

#endif
