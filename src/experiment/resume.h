/* resume: what --resume finds in a run directory: nothing yet, a checkpoint to go on from, or a whole run. */
#ifndef NNEXP_EXPERIMENT_RESUME_H
#define NNEXP_EXPERIMENT_RESUME_H

#include "base/json.h"
#include "experiment/run_directory.h"
#include "experiment/trainer.h"

typedef enum ResumeResult {
    RESUME_REFUSED,  /* another config, other data, or damaged files: err says so */
    RESUME_START,    /* killed before its first checkpoint: start anew */
    RESUME_GO_ON,    /* state and tensors are loaded; a state that is not RUN_RUNNING has only its end to write */
    RESUME_COMPLETE, /* nothing to do; state says how it ended */
} ResumeResult;

/* What a run goes on from. */
typedef struct Resume {
    RunState state;
    bool damaged; /* the newest checkpoint is, and must not become the previous one */
    Error notes;  /* what the user should know though the run goes on */
} Resume;

/* Loads the tensors into the trainer and fills *resume; changes no file. `config` is the resolved config of now; it
 * must equal the directory's but for train.epochs, which may grow: that extends a finished run from
 * final.safetensors. */
ResumeResult resume_load(const RunDirectory *directory, Trainer *trainer, const Json *config, uint64_t data_hash,
                         Resume *resume, Error *err);

#endif
