/* state: where a run stands between two epochs, beside its tensors: all that a checkpoint must hold for the next
 * epoch to come out the same. Plain values. */
#ifndef NNEXP_EXPERIMENT_STATE_H
#define NNEXP_EXPERIMENT_STATE_H

#include "nn/schedule.h"
#include "nn/step.h"
#include "observe/writer.h"

typedef enum RunStatus { RUN_RUNNING, RUN_FINISHED, RUN_STOPPED_EARLY, RUN_DIVERGED, RUN_STATUSES } RunStatus;
extern const char *const run_status_name[RUN_STATUSES];

typedef enum DivergedBy { DIVERGED_NOT, DIVERGED_NOT_FINITE, DIVERGED_LOSS } DivergedBy;

typedef struct RunState {
    RunStatus status;
    int64_t epoch, step; /* epochs measured (-1: not even epoch 0), updates done */
    EpochRow last, best; /* rows of epochs.csv; best.epoch is -1 while there is none */
    double start_loss;   /* epoch 0's train_loss */
    ScheduleState schedule;
    int64_t since_better; /* epochs since the loss that early stopping watches fell */
    double watched_loss;  /* that loss */
    int64_t over_limit;   /* epochs in a row with a loss beyond the limit */
    DivergedBy diverged;  /* why, … */
    int64_t diverged_epoch, diverged_step;
    NotFinite not_finite;        /* … and where */
    int64_t log_size[LOG_FILES]; /* bytes of the logs; timing.csv's is not saved */
} RunState;

RunState run_state_start(void);

#endif
