/* read: JSON values → a struct, by its fields. Collects every error with its path, the value seen, what is
 * allowed and the nearest name; knows no struct of its own. */
#ifndef NNEXP_CONFIG_READ_H
#define NNEXP_CONFIG_READ_H

#include "base/error.h"
#include "base/field.h"
#include "base/json.h"

/* Sets defaults, then reads `object` (an object) into `out`. `path` is put before every key in messages (""
 * at the top: `model.activation: …`). A NULL object reads as {} (so that required members are named). Returns
 * whether it added no error. Paths of files are taken as they stand. */
bool config_read(const Json *object, const Field *fields, const char *path, void *out, Error *err);

#endif
