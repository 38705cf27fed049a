/* trainer: the numbers of a run: network, optimizer state, buffers, and what one does with them: train an epoch,
 * evaluate a view, run the probe. One arena, laid out once; nothing here allocates afterwards, and nothing here
 * touches a file. */
#ifndef NNEXP_EXPERIMENT_TRAINER_H
#define NNEXP_EXPERIMENT_TRAINER_H

#include "data/image_feed.h"
#include "experiment/settings.h"
#include "experiment/state.h"
#include "nn/loss.h"
#include "observe/probe.h"

typedef struct Trainer {
    const Settings *settings; /* borrowed, as are data and pool */
    const Dataset *data;
    Network network;
    Workspace work;
    StepPlan step;
    Arena arena;
    int out; /* logits a row */
    int64_t batch, steps_per_epoch;
    real *optimizer_state; /* [vectors][parameters] */
    uint32_t *order;       /* [train rows] */
    real *x;               /* [batch][features]: the gathered batch; with several views [capacity][features] */
    real *target, *weight; /* [capacity][out], [capacity] */
    real *class_weight;    /* [classes], or NULL */
    ImageFeed feed;        /* with augmentation */
    AugmentMix *mix;       /* [batch], with augmentation */
    real *views;           /* [views][EVALUATION_ROWS][out], where evaluation takes several views of an image */
    Error *failure;        /* what ended an epoch or an evaluation, when no number did; NULL without augmentation */
    int probe_rows;
    real *probe_x, *probe_target; /* [probe rows][features], [probe rows][out] */
    ProbeScratch scratch;
} Trainer;

/* The mean loss of a view, its share of correct rows (regression: the rmse). */
typedef struct Score {
    double loss, accuracy;
} Score;

/* Builds and initialises the network. Settings, data and pool must outlive it. Fails when memory
 * cannot hold it, before anything is allocated, or when an init does not fit. */
bool trainer_create(Trainer *trainer, const Settings *settings, const Dataset *data, Pool *pool, Error *err);
void trainer_free(Trainer *trainer);

/* Takes the weights of model.from, where there is one, in place of the init's: for a run that starts. */
bool trainer_load_from(Trainer *trainer, Error *err);

/* One update, as it has just been made: the minibatch's loss before it, its rate, its gradient's norm, ‖Δθ‖/‖θ‖. */
typedef struct TrainerUpdate {
    int64_t step_in_epoch; /* from 1 */
    double loss, lr, grad_norm, update_ratio;
    bool finite; /* else the run ends here */
} TrainerUpdate;

/* Called after each update; returns false to break off the epoch. */
typedef bool TrainerWatch(void *context, const TrainerUpdate *update);

/* Trains epoch state->epoch + 1: sets meters, moves state->step, and stops at the first number that is not finite
 * (state->not_finite). Subnormal numbers count as 0 meanwhile (float_mode.h), in `watch` too. Returns false when `watch`
 * broke it off, or on trainer->failure. `watch` may be NULL. */
bool trainer_epoch(Trainer *trainer, RunState *state, Meters *meters, TrainerWatch *watch, void *context);

/* Evaluates a view without dropout and under running statistics. `as_trained`: with label smoothing and class
 * weights. Both nan when the view has no rows. */
Score trainer_evaluate(Trainer *trainer, const View *view, bool as_trained);

/* The probe's pass; `fit_running` at epoch 0. */
double trainer_probe(Trainer *trainer, bool fit_running);
LayerProbe trainer_probe_layer(const Trainer *trainer, int layer);

/* out[classes]: train.class_weight, of which there are some; balanced ones go by the training rows. */
void trainer_class_weights(const TrainSettings *train, const Dataset *data, real *out);

double trainer_weight_norm(const Trainer *trainer);

#endif
