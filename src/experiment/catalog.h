/* catalog: all families that a config, or a command, can name, in the order in which `nnexp list` shows them. */
#ifndef NNEXP_EXPERIMENT_CATALOG_H
#define NNEXP_EXPERIMENT_CATALOG_H

#include "base/field.h"

extern const Family *const catalog[];
extern const int catalog_count;

/* The family of that name, or NULL. */
const Family *catalog_find(const char *name);
/* The family name nearest to `word`, or NULL. */
const char *catalog_nearest(const char *word);

#endif
