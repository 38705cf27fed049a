/* lr_trial: what a range test does with a network of its own: the test itself for one seed, and one short run. All in
 * memory, each on one thread: nothing is written, and no weights outlive the call. */
#ifndef NNEXP_SEARCH_LR_TRIAL_H
#define NNEXP_SEARCH_LR_TRIAL_H

#include "data/dataset.h"
#include "experiment/run.h"
#include "experiment/settings.h"

/* A step of the test, measured before its update. */
typedef struct LrStep {
    double lr;
    double batch_loss; /* of the minibatch, as trained */
    double loss;       /* of the held rows (the same at every step, dropout and augmentation off): the curve */
} LrStep;

typedef struct LrSweep {
    int n;
    LrStep *step;  /* [most]; the caller's */
    bool diverged; /* went off before the last step */
} LrSweep;

/* Trains for `most` updates at rates from low to high, even in log lr, whatever the config's schedule and warm-up
 * are; ends when the held loss exceeds 4 times its lowest, or a number is not finite. All else is as in training.
 * Returns false on an error, or on a stop request with err empty. */
bool lr_trial_sweep(const Settings *settings, const Dataset *data, int64_t seed, double low, double high, int most,
                    const StopRequest *stop, LrSweep *out, Error *err);

/* How a short run ended: the figures of its last epoch. */
typedef struct LrRun {
    double lr;
    int64_t seed, epochs;
    RunStatus status;
    double start_loss; /* epoch 0's, of the split by which runs are judged */
    double train_loss, val_loss;
} LrRun;

/* Runs the config with train.lr = lr, train.epochs = epochs and that seed: the figures are those that nnexp itself
 * would write into epochs.csv. */
bool lr_trial_run(const Settings *settings, const Dataset *data, int64_t seed, double lr, int64_t epochs,
                  const StopRequest *stop, LrRun *out, Error *err);

#endif
