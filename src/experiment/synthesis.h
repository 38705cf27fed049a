/* synthesis: a synthetic data set by name and parameters, as the command line gives them, written as CSV. */
#ifndef NNEXP_EXPERIMENT_SYNTHESIS_H
#define NNEXP_EXPERIMENT_SYNTHESIS_H

#include "base/error.h"
#include "base/field.h"

/* The generator of that name; assignments "noise=0.1" set its parameters. Errors as those of a config. */
bool synthesis_choose(const char *name, const char *const *assignments, int count, Choice *out, Error *err);

/* Writes a header and `rows` rows (0: as many as the generator usually makes). */
bool synthesis_write(const Choice *generator, int64_t rows, uint64_t seed, FILE *out, Error *err);

#endif
