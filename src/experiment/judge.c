/* judge: see judge.h. */
#include "experiment/judge.h"

#include <math.h>

static void diverge(RunState *state, DivergedBy by) {
    state->status = RUN_DIVERGED;
    state->diverged = by;
    state->diverged_epoch = state->epoch;
    state->diverged_step = state->step;
}

static bool beyond_limit(const Trainer *trainer, const RunState *state, double loss) {
    double reference = state->start_loss;
    if (trainer->data->classes > 1) reference = fmax(reference, log(trainer->data->classes));
    return loss > trainer->settings->train.diverge_factor * reference;
}

static void watch_validation(const TrainSettings *train, const EpochRow *row, RunState *state) {
    const Schedule *schedule = schedule_of(&train->schedule);
    bool better = row->val_loss < state->watched_loss - train->early_stop.min_delta;
    state->since_better = better ? 0 : state->since_better + 1;
    if (better) state->watched_loss = row->val_loss;
    if (state->epoch > 0 && schedule->after_epoch)
        schedule->after_epoch(choice_params(&train->schedule), &state->schedule, row->val_loss);
}

static void look_for_not_finite(const Trainer *trainer, const EpochRow *row, NotFinite *not_finite) {
    if (!not_finite->found && !isfinite(row->weight_norm)) step_find_not_finite(&trainer->network, not_finite);
    if (!not_finite->found && !isfinite(row->train_loss)) *not_finite = (NotFinite){true, 0, "loss"};
}

void judge_epoch(const Trainer *trainer, const EpochRow *row, RunState *state) {
    const TrainSettings *train = &trainer->settings->train;
    if (state->epoch == 0) state->start_loss = row->train_loss;
    watch_validation(train, row, state);
    look_for_not_finite(trainer, row, &state->not_finite);
    state->over_limit = beyond_limit(trainer, state, row->train_loss) ? state->over_limit + 1 : 0;
    if (state->not_finite.found) diverge(state, DIVERGED_NOT_FINITE);
    else if (state->over_limit >= 2) diverge(state, DIVERGED_LOSS);
    else if (train->early_stop.on && state->since_better >= train->early_stop.patience)
        state->status = RUN_STOPPED_EARLY;
    else if (state->epoch >= train->epochs) state->status = RUN_FINISHED;
}
