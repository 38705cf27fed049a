/* model_inputs: what a model file says of how another file's rows become the network's inputs: the encoding of its
 * columns (metadata `encoding` and `classes`) and the fitted chain (metadata `preprocess`, tensors
 * preprocess.K.NAME). */
#ifndef NNEXP_EXPERIMENT_MODEL_INPUTS_H
#define NNEXP_EXPERIMENT_MODEL_INPUTS_H

#include "data/chain.h"
#include "data/dataset.h"
#include "data/encoding.h"

/* The metadata texts: the chain's steps as a JSON list of {"name", "in", "out", "tensors"}; the encoding. The caller
 * frees them. */
char *model_inputs_steps(const Chain *chain);
char *model_inputs_encoding(const Encoding *encoding);

/* Reads both back; `request` says the training file, how files are read, and the chain's parameters; `augmentation` is
 * its plan. Free both. Errors, which begin with the path: whatever is not what such a run's training can have written,
 * so that nobody has to check the parts. */
bool model_inputs_load(const char *path, const DataRequest *request, const Augmentation *augmentation,
                       Encoding *encoding, Chain *chain, Error *err);

#endif
