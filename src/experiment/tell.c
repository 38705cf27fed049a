/* tell: see tell.h. */
#include "experiment/tell.h"

#include "base/text.h"

#include <math.h>

void tell_findings(Progress *progress, const Finding *found, int count) {
    for (int i = 0; i < count; i++) {
        progress_say(progress, "  %s: %s", severity_name[found[i].severity], found[i].evidence);
        progress_say(progress, "    remedy: %s", found[i].remedy);
    }
}

static void append_score(char *out, size_t size, const char *split, double loss, double accuracy, bool classes) {
    if (isnan(loss)) return;
    text_append(out, size, "  %s_loss %.4g  %s_%s %.4g", split, loss, split, classes ? "accuracy" : "rmse", accuracy);
}

static void tell_diverged(Progress *progress, const RunState *state) {
    const char *what = state->diverged == DIVERGED_LOSS ? "train_loss is beyond train.diverge_factor" : "is not finite";
    const char *tensor = state->diverged == DIVERGED_LOSS ? "" : state->not_finite.tensor;
    progress_say(progress, "%s: diverged in epoch %lld, update %lld: %s%s%s", progress->name,
                 (long long)state->diverged_epoch, (long long)state->diverged_step, tensor, *tensor ? " " : "", what);
}

void tell_end(Progress *progress, const RunDirectory *directory, const Trainer *trainer, const RunState *state) {
    char figures[512] = "";
    bool classes = trainer->data->task == TASK_CLASSIFICATION;
    const EpochRow *last = &state->last, *best = &state->best;
    if (state->status == RUN_DIVERGED) tell_diverged(progress, state);
    append_score(figures, sizeof figures, "train", last->train_loss, last->train_accuracy, classes);
    append_score(figures, sizeof figures, "val", last->val_loss, last->val_accuracy, classes);
    progress_say(progress, "%s: %s after %lld epoch%s%s", progress->name,
                 state->status == RUN_STOPPED_EARLY ? "stopped early" : run_status_name[state->status],
                 (long long)state->epoch, state->epoch == 1 ? "" : "s", figures);
    if (best->epoch >= 0 && best->epoch != last->epoch)
        progress_say(progress, "  best epoch %lld: val_loss %.4g  val_%s %.4g", (long long)best->epoch, best->val_loss,
                     classes ? "accuracy" : "rmse", best->val_accuracy);
    progress_say(progress, "  logs and model are in %s", directory->path);
}
