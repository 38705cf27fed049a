/* lr_trial: see lr_trial.h. */
#include "search/lr_trial.h"

#include "experiment/judge.h"
#include "experiment/trainer.h"
#include "search/lr_curve.h"

#include <math.h>
#include <stdlib.h>

/* Rows on which the curve is measured. Enough that their choice does not matter: a minibatch's loss differs from
 * step to step by as much as the whole test, where batches are small. */
enum { HELD_ROWS = 512 };
static const double stop_factor = 4;

/* A copy of the settings, changed for the trial, and the trainer that works by it. */
typedef struct Trial {
    Settings settings;
    Trainer trainer;
    RunState state;
    Meters meters;
    const StopRequest *stop;
    LrSweep *sweep; /* of a range test */
    int most;
    double lowest, before; /* lowest recent loss; the held loss before the next update */
    double *loss;          /* [most] */
} Trial;

static bool stopped(const Trial *trial) { return trial->stop && trial->stop->count > 0; }

static Trial *trial_create(const Settings *settings, int64_t seed, const StopRequest *stop, Error *err) {
    Trial *trial = calloc(1, sizeof *trial);
    if (!trial) {
        fail(err, "memory is out");
        return NULL;
    }
    trial->settings = *settings;
    trial->settings.seed = seed;
    trial->stop = stop;
    trial->state = run_state_start();
    return trial;
}

static bool start(Trial *trial, const Dataset *data, Error *err) {
    if (!trainer_create(&trial->trainer, &trial->settings, data, NULL, err)) return false;
    if (trainer_load_from(&trial->trainer, err)) return true;
    trainer_free(&trial->trainer);
    return false;
}

/* Moves what augmentation says to err. Returns whether there was nothing. */
static bool no_failure(Trial *trial, Error *err) {
    Error *failure = trial->trainer.failure;
    if (!failure || failure->count == 0) return true;
    error_move(err, failure);
    return false;
}

/* ---- the range test ---------------------------------------------------------------------------------- */

static bool gone_off(Trial *trial) {
    double recent = lr_curve_recent(trial->sweep->n, trial->loss);
    if (recent < trial->lowest) trial->lowest = recent;
    return trial->sweep->n >= LR_CURVE_RECENT && recent > stop_factor * trial->lowest;
}

static bool after_update(void *context, const TrainerUpdate *update) {
    Trial *trial = context;
    LrSweep *sweep = trial->sweep;
    if (!update->finite) return true; /* ends by itself */
    sweep->step[sweep->n] = (LrStep){update->lr, update->loss, trial->before};
    trial->loss[sweep->n++] = trial->before;
    trial->before = trainer_probe(&trial->trainer, false);
    sweep->diverged = !isfinite(trial->before) || gone_off(trial);
    return !sweep->diverged && sweep->n < trial->most && !stopped(trial);
}

static void sweep_rates(Trial *trial) {
    RunState *state = &trial->state;
    trial->before = trainer_probe(&trial->trainer, !*trial->settings.model.from);
    state->epoch = 0;
    while (trainer_epoch(&trial->trainer, state, &trial->meters, after_update, trial) && !state->not_finite.found)
        state->epoch++;
    if (state->not_finite.found) trial->sweep->diverged = true;
}

bool lr_trial_sweep(const Settings *settings, const Dataset *data, int64_t seed, double low, double high, int most,
                    const StopRequest *stop, LrSweep *out, Error *err) {
    Trial *trial = trial_create(settings, seed, stop, err);
    if (!trial) return false;
    TrainSettings *train = &trial->settings.train;
    train->lr = low;
    train->schedule = schedule_geometric(pow(high / low, 1.0 / (most - 1)));
    train->warmup.on = false;
    train->epochs = most; /* of at least one update each */
    trial->settings.log.probe_rows = HELD_ROWS;
    trial->sweep = out;
    trial->most = most;
    trial->lowest = INFINITY;
    trial->loss = malloc((size_t)most * sizeof *trial->loss);
    out->n = 0;
    bool ok = trial->loss ? start(trial, data, err) : fail(err, "memory is out");
    if (ok) {
        sweep_rates(trial);
        ok = no_failure(trial, err) && !stopped(trial);
        trainer_free(&trial->trainer);
    }
    free(trial->loss);
    free(trial);
    return ok;
}

/* ---- a short run ------------------------------------------------------------------------------------- */

static bool go_on(void *context, const TrainerUpdate *update) {
    (void)update;
    return !stopped(context);
}

/* What run.c's epochs measure, without the logs. */
static void end_epoch(Trial *trial) {
    Trainer *trainer = &trial->trainer;
    RunState *state = &trial->state;
    const Dataset *data = trainer->data;
    if (state->epoch == 0 && !*trial->settings.model.from) trainer_probe(trainer, true);
    EpochRow row = {.epoch = state->epoch, .step = state->step};
    row.train_loss = state->epoch == 0 ? trainer_evaluate(trainer, &data->train, true).loss
                                       : trial->meters.loss / (double)trial->meters.rows;
    row.val_loss = trainer_evaluate(trainer, &data->validation, false).loss;
    row.weight_norm = trainer_weight_norm(trainer);
    state->last = row;
    judge_epoch(trainer, &row, state);
}

static bool run_epochs(Trial *trial, LrRun *out, Error *err) {
    RunState *state = &trial->state;
    while (state->status == RUN_RUNNING) {
        if (state->epoch >= 0 && !trainer_epoch(&trial->trainer, state, &trial->meters, go_on, trial))
            return no_failure(trial, err) && false;
        state->epoch++;
        end_epoch(trial);
        if (state->epoch == 0)
            out->start_loss = isnan(state->last.val_loss) ? state->start_loss : state->last.val_loss;
        if (!no_failure(trial, err)) return false;
    }
    return true;
}

bool lr_trial_run(const Settings *settings, const Dataset *data, int64_t seed, double lr, int64_t epochs,
                  const StopRequest *stop, LrRun *out, Error *err) {
    Trial *trial = trial_create(settings, seed, stop, err);
    if (!trial) return false;
    trial->settings.train.lr = lr;
    trial->settings.train.epochs = epochs;
    bool ok = start(trial, data, err);
    if (ok) {
        ok = run_epochs(trial, out, err);
        const RunState *state = &trial->state;
        out->lr = lr, out->seed = seed, out->epochs = state->epoch, out->status = state->status;
        out->train_loss = state->last.train_loss, out->val_loss = state->last.val_loss;
        trainer_free(&trial->trainer);
    }
    free(trial);
    return ok;
}
