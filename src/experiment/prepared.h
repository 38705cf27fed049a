/* prepared: the training rows as the network sees them, as CSV: for pictures, and for other programs. */
#ifndef NNEXP_EXPERIMENT_PREPARED_H
#define NNEXP_EXPERIMENT_PREPARED_H

#include "data/dataset.h"

/* Writes a header, then a line a training row: the inputs after preprocessing, the weight where there is one, the
 * labels. PATH is replaced as a whole, or stays as it was. */
bool prepared_write(const Dataset *data, const char *path, Error *err);

#endif
