/* saver: the weights and checkpoints of a run as files, and when they must be on the disk itself.
 *
 * Every write goes to a temporary file that then takes the place of the old one, so a killed process leaves whole
 * files. Against a power cut they must be synced, which takes longer than an epoch of a small net: the saver does
 * so at most once a second, and at the end. Of checkpoint and checkpoint.prev one is synced at any time.
 *
 * In a `light` directory nothing is synced: one checkpoint a second and one at the end, each whole after a kill, and
 * the best weights wait in memory for the next of them. */
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
    double saved; /* light: when a checkpoint last was, or the start; else when last synced; clock_seconds */
    bool checkpoint_synced; /* the file checkpoint.safetensors is */
    bool best_waits;        /* best.safetensors is not; light: is still to be written */
    real *best; /* light: [parameters], then [running]: the best weights; NULL otherwise, or without validation */
} Saver;

/* `config` (the resolved config's text), `encoding` (model_inputs.h), trainer and directory must outlive the saver.
 * Fails when memory cannot hold the best weights. */
bool saver_start(Saver *saver, const RunDirectory *directory, const Trainer *trainer, const char *config,
                 const char *encoding, uint64_t data_hash, Error *err);
void saver_free(Saver *saver);

bool saver_config(const Saver *saver, Error *err);
bool saver_best(Saver *saver, Error *err);
/* Whether a checkpoint that need not be may be: in a light directory they are a second apart. */
bool saver_is_due(const Saver *saver);
/* Flushes the logs, notes their sizes in the state, and saves both. `last`: synced in any case, unless light. */
bool saver_checkpoint(Saver *saver, Writer *writer, RunState *state, bool last, Error *err);
/* At the end: model.safetensors; the last checkpoint becomes final.safetensors. All of it synced, unless light. */
bool saver_finish(Saver *saver, Error *err);

#endif
