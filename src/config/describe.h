/* describe: what a field allows, in words: for messages, lists and the reference. All words go to
 * out[WORDS_BYTES], cut where they are longer. */
#ifndef NNEXP_CONFIG_DESCRIBE_H
#define NNEXP_CONFIG_DESCRIBE_H

#include "base/field.h"

enum { WORDS_BYTES = 1024 };

/* Whole numbers keep their value in JSON up to here. */
#define WHOLE_MOST 9007199254740991.0

/* The ends of the field's range, infinite where there is none; above_min alone means above 0, below_max alone
 * below 0. */
void describe_limits(const Field *field, double *low, double *high);
/* Whether a number lies in the field's range, its word's value aside. */
bool describe_in_range(const Field *field, double value);

/* Whether a list may be []: it has no least length, or [] is its default. */
bool describe_empty_allowed(const Field *field);

/* "from 0 to below 1", "above 0", "at least 1"; "" when any number will do. */
void describe_range(const Field *field, char *out);
/* One item: "a number", "a whole number or \"all\"", "a text", "a name or an object". */
void describe_kind(const Field *field, char *out);
/* The whole field, without articles: "number above 0", "normal | uniform", "list of at most 128: whole
 * number". */
void describe_type(const Field *field, char *out);
/* As JSON would have it (0.01, "all", null, []), `required`, or words. */
void describe_default(const Field *field, char *out);

#endif
