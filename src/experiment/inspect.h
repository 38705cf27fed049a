/* inspect: what raw data are, in a few lines, and what the lints remark on them. Changes nothing. */
#ifndef NNEXP_EXPERIMENT_INSPECT_H
#define NNEXP_EXPERIMENT_INSPECT_H

#include "experiment/settings.h"

/* Writes rows, inputs and classes of the raw data (prepare_read), then a line a lint. The pool may be NULL. */
bool inspect_data(const Settings *settings, const Dataset *raw, Pool *pool, FILE *out, Error *err);

#endif
