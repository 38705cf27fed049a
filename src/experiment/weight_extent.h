/* weight_extent: how far the weights of log.path went, from a run's steps.csv. Writes nothing. */
#ifndef NNEXP_EXPERIMENT_WEIGHT_EXTENT_H
#define NNEXP_EXPERIMENT_WEIGHT_EXTENT_H

#include "base/error.h"

/* Sets *low and *high to the least and the greatest finite value in the weight's column. *found: there is such a log, with
 * such a column and a value in it. Fails where the log cannot be read. A last line without its end is left out. */
bool weight_extent(const char *run, const char *weight, bool *found, double *low, double *high, Error *err);

#endif
