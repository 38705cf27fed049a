/* refuse: what read.h's functions answer to what they cannot take: each message with its path, the value seen, what
 * is allowed and the nearest name; and whether a key alone is one that they would take. */
#ifndef NNEXP_CONFIG_REFUSE_H
#define NNEXP_CONFIG_REFUSE_H

#include "base/error.h"
#include "base/field.h"
#include "base/json.h"

enum { PLACE_BYTES = 512, SEEN_BYTES = 120, MOST_NAMES = 256 };

/* A dotted path: "model.init.1.std". */
typedef struct Place {
    char path[PLACE_BYTES];
} Place;
Place place_below(const Place *place, const char *key);
Place place_at(const Place *place, int i);

/* Names that a word could have been. */
typedef struct Names {
    int count;
    const char *name[MOST_NAMES];
} Names;
void add_name(Names *names, const char *name);

/* out[SEEN_BYTES] = "2.5", "a text (\"x\")", "a list": the value seen. */
void seen_value(const Json *json, char *out);

/* `unknown NOUN 'word'`, with the nearest of the names. */
void fail_unknown(const Place *place, const char *noun, const char *word, const Names *names, Error *err);
/* `expected …, got …`, and how to mend a number in quotes or a text without them; of an item, or of the whole
 * list. */
void fail_kind(const Place *place, const char *wanted, const Field *field, const Json *json, Error *err);
void fail_item(const Place *place, const Field *field, const Json *json, Error *err);
void fail_list(const Field *field, const Json *json, const Place *place, Error *err);
/* `variant` is the row whose parameters the fields are, or NULL. */
void fail_key(const char *key, const Field *fields, const Variant *variant, const Place *place, Error *err);

/* The field of that name among `fields`, or NULL. */
const Field *field_named(const Field *fields, const char *name);

/* The field that a key names ("train.lr", "model.init.0.std"), places in lists passed over; of a parameter the first
 * row's that has one of that name. NULL, with an error in config_read's words, where there is none. */
const Field *config_field(const Field *fields, const char *key, Error *err);

#endif
