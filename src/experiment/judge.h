/* judge: what an epoch's figures mean for a run: diverged, stopped early, finished, or on. Reads the figures and the
 * settings, changes the state, touches no file. */
#ifndef NNEXP_EXPERIMENT_JUDGE_H
#define NNEXP_EXPERIMENT_JUDGE_H

#include "experiment/trainer.h"

/* Called once an epoch with its row, epoch 0 included: watches the validation loss for early stopping and plateau,
 * and sets state->status and what belongs to it. Diverged means: a loss or parameter is not finite, or train_loss
 * exceeds diverge_factor · max(epoch 0's, ln(classes)) in two successive epochs. */
void judge_epoch(const Trainer *trainer, const EpochRow *row, RunState *state);

#endif
