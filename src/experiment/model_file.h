/* model_file: networks as safetensors files: model, best and final weights, and the checkpoints that hold a run's
 * state beside them. Tensors are named as torch.nn.Linear has them and saved [out, in]. */
#ifndef NNEXP_EXPERIMENT_MODEL_FILE_H
#define NNEXP_EXPERIMENT_MODEL_FILE_H

#include "data/dataset.h"
#include "experiment/state.h"
#include "nn/network.h"

/* What a file of a run is written from; `scratch` is room for network->parameters entries (the gradient is, between
 * steps), where the weights are transposed. */
typedef struct ModelSource {
    const Network *network;
    const Dataset *data;
    const char *config;   /* the resolved config's text */
    const char *encoding; /* what encoding_show says of the data's; NULL: left out */
    real *scratch;
    bool sync; /* onto the disk itself, not only past a kill of the process */
} ModelSource;

/* Writes weights, running statistics, fitted preprocessing; metadata `config`, `classes` (a JSON list), `preprocess` (the
 * steps with their widths and tensors, model_inputs.h) and `encoding`. */
bool model_file_save(const char *path, const ModelSource *source, Error *err);

/* Reads weights and running statistics into a network of the same shape; a missing tensor or another shape is an
 * error that names it. Preprocessing in the file is not looked at. */
bool model_file_load(const char *path, Network *network, Error *err);

/* A model file with the optimizer's state (`optimizer.V`, theta's layout), the run's state and a checksum. */
bool checkpoint_save(const char *path, const ModelSource *source, int vectors, const real *optimizer_state,
                     const RunState *state, uint64_t data_hash, Error *err);
/* Reads it back; fails without a change to `network` when it is damaged, of another shape, or of other data. */
bool checkpoint_load(const char *path, Network *network, int vectors, real *optimizer_state, RunState *state,
                     uint64_t data_hash, Error *err);
/* The run's state alone, whatever its network and data. */
bool checkpoint_state(const char *path, RunState *state, Error *err);

#endif
