/* hash: a fingerprint of prepared data, so that a checkpoint is not resumed on other data. */
#ifndef NNEXP_DATA_HASH_H
#define NNEXP_DATA_HASH_H

#include "data/dataset.h"

/* Over the training and validation rows' inputs, labels, targets and weights. Eight bytes a step (the multiply and
 * xor of FNV-1a on words): a change of any value changes it, but it is no defence against an adversary. */
uint64_t dataset_hash(const Dataset *dataset);

#endif
