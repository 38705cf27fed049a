/* document: a config as the JSON value that its file holds, with --set applied and paths made absolute: what Settings
 * are read from (settings.h). Judges no key. */
#ifndef NNEXP_EXPERIMENT_DOCUMENT_H
#define NNEXP_EXPERIMENT_DOCUMENT_H

#include "base/error.h"
#include "base/json.h"

/* Reads a config file and applies the assignments in order; paths of the file are relative to it, those of assignments
 * to the working directory. The caller frees it; NULL on failure. Errors begin with the config's path. */
Json *document_load(const char *path, const char *const *assignments, int count, Error *err);

/* Makes paths that are not yet so absolute, as seen from `directory` ("": the working directory). */
bool document_settle_paths(Json *document, const char *directory, Error *err);

/* Takes out the `sweep` section, which is no part of an experiment; NULL where there is none. The caller frees it. */
Json *document_take_sweep(Json *document);

#endif
