/* saver: the weights and checkpoints of a run as files, and when they must be on the disk itself.
 *
 * Every write goes to a temporary file that then takes the place of the old one, so a killed process leaves whole
 * files. Against a power cut they must be synced, which takes longer than an epoch of a small net: the saver does
 * so at most once a second, and at the end. Of checkpoint and checkpoint.prev one is synced at any time. */
#ifndef NNEXP_EXPERIMENT_SAVER_H
#define NNEXP_EXPERIMENT_SAVER_H

#include "experiment/model_file.h"
#include "experiment/run_directory.h"
#include "experiment/trainer.h"

typedef struct Saver {
    const RunDirectory *directory;
    const Trainer *trainer;
    ModelSource source;
    uint64_t data_hash;
    double synced;          /* when last; clock_seconds */
    bool checkpoint_synced; /* the file checkpoint.safetensors is */
    bool best_waits;        /* best.safetensors is not */
} Saver;

/* `config` (the resolved config's text), `encoding` (model_inputs.h), trainer and directory must outlive the saver. */
Saver saver_start(const RunDirectory *directory, const Trainer *trainer, const char *config, const char *encoding,
                  uint64_t data_hash);

bool saver_config(const Saver *saver, Error *err);
bool saver_best(Saver *saver, Error *err);
/* Flushes the logs, notes their sizes in the state, and saves both. `last`: synced in any case. */
bool saver_checkpoint(Saver *saver, Writer *writer, RunState *state, bool last, Error *err);
/* At the end: model.safetensors; the last checkpoint becomes final.safetensors. All of it synced. */
bool saver_finish(Saver *saver, Error *err);

#endif
