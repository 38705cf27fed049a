/* others: what lies in a sweep's directory and is none of its plan's: cells of a config that has changed since, or of
 * an axis that is narrower now. Left alone, but named. */
#ifndef NNEXP_SEARCH_OTHERS_H
#define NNEXP_SEARCH_OTHERS_H

#include "search/sweep.h"

/* Writes to `out` how many cells of other plans there are, and their first names; nothing where there are none. */
void others_tell(const Sweep *sweep, FILE *out);

#endif
